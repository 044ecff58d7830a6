package fault_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// order reads an order as a control API does.
func order(t *testing.T, document string) fault.Order {
	t.Helper()
	var o fault.Order
	d := json.NewDecoder(strings.NewReader(document))
	d.DisallowUnknownFields()
	NewWithT(t).Expect(d.Decode(&o)).To(Succeed(), document)
	return o
}

// ordered is the fault that a good order asks for.
func ordered(t *testing.T, document string) fault.Fault {
	t.Helper()
	f, err := order(t, document).Fault(nil)
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), document)
	return f
}

func TestNamedOrders(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]fault.Fault{
		`{"name":"wrong_issuer"}`: fault.WrongIssuer,
		`{"name":"wrong_issuer","client":"web","at":"token","times":1,"chance":0.5}`:                                                      fault.WrongIssuer.For("web").AtEndpoint(fault.Token).Once().WithChance(0.5),
		`{"name":"cacheable","at":["token","resource"],"chance":1,"times":0}`:                                                             fault.Cacheable.AtEndpoint(fault.Token, fault.Resource),
		`{"name":"cacheable","at":[],"headers":{},"body":null,"drop":false,"delay":"","truncate":0,"status":0,"drip":null,"chance":null}`: fault.Cacheable,
	} {
		g := NewWithT(t)
		f := ordered(t, document)
		g.Expect(f.Name).To(Equal(want.Name), document)
		g.Expect(f.Says).To(Equal(want.Says), document)
		g.Expect(f.Clause).To(Equal(want.Clause), document)
		g.Expect(f.At).To(Equal(want.At), document)
		g.Expect(f.Client).To(Equal(want.Client), document)
		g.Expect(f.Remaining()).To(Equal(want.Remaining()), document)
		g.Expect(f.Chance()).To(Equal(want.Chance()), document)
		g.Expect(f.Sign == nil && f.Say == nil).To(BeFalse(), document)
	}
}

// What the endpoint answers in the tests of raw orders.
const granted = `{"access_token":"x"}`

func TestRawOrders(t *testing.T) {
	t.Parallel()
	type seen struct {
		status  int
		body    string
		headers http.Header
		waited  time.Duration
		cut     bool
		asked   bool
	}
	headers := func(pairs ...string) http.Header {
		h := http.Header{"X-Hall": {"yes"}}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	real := headers("Content-Type", "application/json", "Cache-Control", "no-store")
	for document, want := range map[string]seen{
		`{"status":503}`: {503, "", headers("Content-Length", "0"), 0, false, false},
		`{"status":503,"headers":{"retry-after":"1"},"body":"busy","delay":"2s"}`: {503, "busy", headers("Content-Length", "4", "Retry-After", "1"), 2 * time.Second, false, false},
		`{"body":"<html>","headers":{"Content-Type":"text/html"}}`:                {200, "<html>", headers("Content-Length", "6", "Content-Type", "text/html"), 0, false, false},
		`{"body":""}`: {200, "", headers("Content-Length", "0"), 0, false, false},
		`{"status":400,"body":{"error": "invalid_grant"}}`:       {400, `{"error": "invalid_grant"}`, headers("Content-Length", "26", "Content-Type", "application/json"), 0, false, false},
		`{"body":[1,2],"headers":{"Content-Type":"text/plain"}}`: {200, "[1,2]", headers("Content-Length", "5", "Content-Type", "text/plain"), 0, false, false},
		`{"status":204}`: {204, "", headers(), 0, false, false},
		`{"status":307,"headers":{"Location":"/token","Set-Cookie":["a=1","b=2"]}}`: {307, "", headers("Content-Length", "0", "Location", "/token", "Set-Cookie", "a=1", "Set-Cookie", "b=2"), 0, false, false},
		`{"headers":{"Cache-Control":"max-age=60","X-More":"1"}}`:                   {201, granted, headers("Content-Type", "application/json", "Cache-Control", "max-age=60", "X-More", "1"), 0, false, true},
		`{"delay":"1m30s"}`:                                                {201, granted, real, 90 * time.Second, false, true},
		`{"drop":true}`:                                                    {0, "", headers(), 0, true, true},
		`{"drop":true,"status":503,"delay":"1s"}`:                          {0, "", headers(), time.Second, true, false},
		`{"truncate":3}`:                                                   {201, `{"a`, headers("Content-Type", "application/json", "Cache-Control", "no-store", "Content-Length", "20"), 0, true, true},
		`{"truncate":2,"status":200,"body":"long"}`:                        {200, "lo", headers("Content-Length", "4"), 0, true, false},
		`{"drip":{"bytes":10,"every":"100ms"}}`:                            {201, granted, real, 100 * time.Millisecond, false, true},
		`{"drip":{"bytes":1,"every":"1s"},"truncate":3,"body":"long"}`:     {200, "lon", headers("Content-Length", "4"), 2 * time.Second, true, false},
		`{"delay":"1s","headers":{"X-More":["a","b"]},"truncate":1000000}`: {201, granted, headers("Content-Type", "application/json", "Cache-Control", "no-store", "X-More", "a", "X-More", "b"), time.Second, false, true},
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			var got seen
			r := post("grant_type=password")
			r = r.WithContext(fault.WithClock(context.Background(), waiter(func(_ context.Context, d time.Duration) error { got.waited += d; return nil })))
			answer := httptest.NewRecorder()
			answer.Header().Set("X-Hall", "yes") // as the provider says for pages of other origins
			draw := fault.NewDraw([]fault.Fault{ordered(t, document)}, r, fault.Token, known())
			func() {
				defer func() { got.cut = recover() == http.ErrAbortHandler }()
				draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					draw.Hear(r)
					draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						got.asked = r.PostFormValue("grant_type") == "password"
						w.Header().Set("Content-Type", "application/json")
						w.Header().Set("Cache-Control", "no-store")
						w.WriteHeader(http.StatusCreated)
						_, _ = w.Write([]byte(granted))
					}), w, r)
				})).ServeHTTP(answer, r)
			}()
			if !got.cut || answer.Flushed {
				got.status = answer.Code
			}
			got.body, got.headers = answer.Body.String(), answer.Header()
			g.Expect(got).To(Equal(want))
		})
	}
}

func TestRawOrdersAreNamedAndSaid(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{"status":503,"delay":"2s"}`:                                             "raw: waits 2s, answers 503 in the endpoint's place",
		`{"name":"down","drop":true}`:                                             "down: serves the request and cuts the connection instead of answering",
		`{"drop":true,"status":503}`:                                              "raw: cuts the connection and serves nothing",
		`{"headers":{"B":"1","A":"1"},"truncate":5}`:                              "raw: sets A and B, cuts the connection after 5 B of the body",
		`{"body":"x","headers":{"B":"1"},"drip":{"bytes":1,"every":"1s"}}`:        "raw: answers 200 in the endpoint's place, sends 1 B of the body each 1s",
		`{"name":"wrong_isuer","status":500,"at":"token","times":2,"client":"w"}`: "wrong_isuer: answers 500 in the endpoint's place",
	} {
		f := ordered(t, document)
		NewWithT(t).Expect(f.Name + ": " + f.Says).To(Equal(want))
	}
	_, taken := fault.Named("raw")
	NewWithT(t).Expect(taken).To(BeFalse(), "no fault of the catalogue has the name of those without")
}

// suggest is a poor man's: the first word with the same beginning.
func suggest(word string, known []string) string {
	for _, k := range known {
		if len(word) > 6 && strings.HasPrefix(k, word[:7]) {
			return k
		}
	}
	return ""
}

func TestBadOrders(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{}`:                            "name: nothing is asked for: name a fault of the catalogue, or say what is to go wrong by status, headers, body, delay, drop, truncate or drip",
		`{"at":"token","times":2}`:      "name: nothing is asked for",
		`{"name":"wrong_isuer"}`:        `name: unknown fault "wrong_isuer", did you mean "wrong_issuer"?`,
		`{"name":"zzz"}`:                `name: unknown fault "zzz": the catalogue lists`,
		`{"name":"ong_issue"}`:          `name: unknown fault "ong_issue", did you mean "wrong_issuer"?`,
		`{"name":"cacheable","at":"o"}`: `at: unknown endpoint "o": there are authorization, token, userinfo`,
		`{"status":503,"at":["token","intro","jwks",""]}`:                           `at: unknown endpoint "intro", did you mean "introspection"?` + "\n" + `at: unknown endpoint "": there are authorization`,
		`{"name":"cacheable","status":503,"drop":true}`:                             "name: cacheable is a fault of the catalogue and knows what it does: leave out status, drop, or the name",
		`{"name":"a\nb","status":503}`:                                              "name: a label has at most 100 bytes, and no control characters",
		`{"name":"cacheable","times":-1}`:                                           "times: -1 is no number of requests: write 1 to 1000000, or leave it out for all",
		`{"name":"cacheable","times":1000001}`:                                      "times: 1000001 is no number of requests",
		`{"name":"cacheable","chance":0}`:                                           "chance: 0 is no chance: write a number above 0 and at most 1, or leave it out for each request",
		`{"name":"cacheable","chance":1.01}`:                                        "chance: 1.01 is no chance",
		`{"name":"cacheable","chance":-0.5}`:                                        "chance: -0.5 is no chance",
		`{"status":199}`:                                                            "status: 199 is no status of an answer: write 200 to 599",
		`{"status":600}`:                                                            "status: 600 is no status of an answer",
		`{"status":-1}`:                                                             "status: -1 is no status of an answer",
		`{"headers":{"":"x"}}`:                                                      `headers: "" is no name of a header (RFC 9110 §5.1)`,
		`{"headers":{"A B":"x"}}`:                                                   `headers: "A B" is no name of a header`,
		`{"headers":{"A:":"x"}}`:                                                    `headers: "A:" is no name of a header`,
		`{"headers":{"Ä":"x"}}`:                                                     `headers: "Ä" is no name of a header`,
		`{"headers":{"A\r\nB":"x"}}`:                                                `headers: "A\r\nB" is no name of a header`,
		`{"headers":{"A":"x\r\nB: y"}}`:                                             "headers.A: a value has no line break and no other control character (RFC 9110 §5.5)",
		`{"headers":{"A":["x","\u0000"]}}`:                                          "headers.A: a value has no line break",
		`{"headers":{"A":[]}}`:                                                      "headers.A: has no value: write a string or a list of strings",
		`{"headers":{"retry-after":"1","Retry-After":"2"}}`:                         "headers.retry-after: is the same header as Retry-After: write its values as a list",
		`{"headers":{"content-length":"1"}}`:                                        "headers.content-length: how long the answer is follows from its body: write truncate to cut it short",
		`{"headers":{"Transfer-Encoding":"x"}}`:                                     "headers.Transfer-Encoding: how long the answer is",
		`{"headers":{"A":"` + strings.Repeat("x", 32<<10) + `"}}`:                   "headers: have 32769 bytes: write at most 32768",
		`{"headers":{` + strings.TrimSuffix(numbered(51, `"A%d":"x",`), ",") + `}}`: "headers: are 51: write at most 50",
		`{"status":503,"at":[` + strings.TrimSuffix(numbered(51, `"token",`), ",") + `]}`: "at: lists 51 endpoints: there are 11",
		`{"body":7}`:     "body: is neither a string, an object nor a list",
		`{"body":false}`: "body: is neither a string, an object nor a list",
		`{"body":"` + strings.Repeat("x", 1<<20+1) + `"}`: "body: has 1048577 bytes: write at most 1048576",
		`{"body":"x","status":204}`:                       "body: an answer with the status 204 has none (RFC 9110 §6.4.1)",
		`{"body":{},"status":304}`:                        "body: an answer with the status 304 has none",
		`{"delay":"2"}`:                                   `delay: "2" is no duration: write "1.5s", "200ms" or "1m30s"`,
		`{"delay":"soon"}`:                                `delay: "soon" is no duration`,
		`{"delay":"-2s"}`:                                 "delay: -2s is not above 0 and at most 10m",
		`{"delay":"0s"}`:                                  "delay: 0s is not above 0",
		`{"delay":"10m1ns"}`:                              "delay: 10m1ns is not above 0 and at most 10m",
		`{"truncate":-1}`:                                 "truncate: -1 is no number of bytes: write 1 to 1048576",
		`{"truncate":1048577}`:                            "truncate: 1048577 is no number of bytes",
		`{"truncate":4,"body":"four"}`:                    "truncate: the body has 4 bytes: write fewer",
		`{"truncate":4,"status":503}`:                     "truncate: the body has 0 bytes: write fewer",
		`{"drip":{}}`:                                     "drip.bytes: 0 is no number of bytes: write 1 to 1048576\ndrip.every: \"\" is no duration",
		`{"drip":{"bytes":-1,"every":"11m"}}`:             "drip.bytes: -1 is no number of bytes: write 1 to 1048576\ndrip.every: 11m is not above 0",
		`{"drip":{"bytes":1,"every":"1s"},"status":503}`:  "drip: there is no body to send slowly: write one, or leave out the status for the endpoint's own",
		`{"drop":true,"body":"x"}`:                        "drop: nothing is sent: leave out body, or drop",
		`{"drop":true,"truncate":1,"headers":{"A":"x"}}`:  "drop: nothing is sent: leave out headers, or drop\ndrop: nothing is sent: leave out truncate, or drop",
		`{"drop":true,"drip":{"bytes":1,"every":"1s"}}`:   "drop: nothing is sent: leave out drip, or drop",
		`{"name":"x","at":"y","times":-1,"chance":2}`:     "name: unknown fault",
		`{"status":1,"times":-1,"chance":2,"delay":"x","body":1,"at":"y","name":"cacheable"}`: "name: cacheable is",
	} {
		g := NewWithT(t)
		_, err := order(t, document).Fault(suggest)
		g.Expect(err).To(MatchError(HavePrefix(want)), "%.200s", document)
	}
}

// numbered repeats a format with 0, 1, …
func numbered(n int, format string) string {
	var all strings.Builder
	for i := range n {
		if strings.Contains(format, "%") {
			fmt.Fprintf(&all, format, i)
		} else {
			all.WriteString(format)
		}
	}
	return all.String()
}

// An order that is wrong in several ways is told all of them.
func TestBadOrdersAreToldEverything(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, err := order(t, `{"name":"cacheable","at":"y","status":1,"times":-1,"chance":2,"delay":"x","body":1,"truncate":-5}`).Fault(nil)
	var problems fault.Problems
	g.Expect(err).To(BeAssignableToTypeOf(problems))
	var members []string
	for _, p := range err.(fault.Problems) {
		members = append(members, p.Member)
		g.Expect(p.Error()).To(Equal(p.Member + ": " + p.Message))
	}
	g.Expect(members).To(Equal([]string{"name", "at", "times", "chance", "status", "body", "delay", "truncate"}))
}

// In Go an order can hold what JSON cannot.
func TestOrdersMadeInGo(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for want, o := range map[string]fault.Order{
		"chance: NaN is no chance":                        {Name: "cacheable", Chance: &nan},
		"body: is neither a string, an object nor a list": {Body: json.RawMessage(`{"half":`)},
		"body: is neither":                                {Body: json.RawMessage("no JSON")},
		"body: is neither a string, an ob":                {Body: json.RawMessage(" ")},
	} {
		_, err := o.Fault(nil)
		NewWithT(t).Expect(err).To(MatchError(HavePrefix(want)))
	}
}

// A word that is thousands of letters long is not told back.
func TestProblemsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	_, err := fault.Order{Name: long, At: fault.Words{long}, Delay: long, Headers: map[string]fault.Words{long + ":": {"x"}}}.Fault(nil)
	g := NewWithT(t)
	g.Expect(err).To(HaveOccurred())
	g.Expect(len(err.Error())).To(BeNumerically("<", 2000))
}

func TestWords(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]fault.Words{`"a"`: {"a"}, `["a","b"]`: {"a", "b"}, `null`: nil, `[]`: {}, `""`: {""}} {
		var w fault.Words
		g := NewWithT(t)
		g.Expect(json.Unmarshal([]byte(document), &w)).To(Succeed())
		g.Expect(w).To(Equal(want), document)
	}
	var o fault.Order
	var mismatch *json.UnmarshalTypeError
	err := json.Unmarshal([]byte(`{"at":7}`), &o)
	NewWithT(t).Expect(err).To(BeAssignableToTypeOf(mismatch))
	NewWithT(t).Expect(err.(*json.UnmarshalTypeError).Field).To(Equal("at"), "whoever decodes can name the member")
}

// A fault in force is reported as it would be ordered now.
func TestReport(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{"name":"wrong_issuer","client":"web","at":"token","times":3,"chance":0.5}`:                                                                    `{"id":1,"name":"wrong_issuer","client":"web","at":["token"],"times":3,"chance":0.5,"acted":0,"clause":"RFC 9068 §2.2","says":"names another issuer in its tokens than in its metadata","advice":"refuses the token and reports it"}`,
		`{"at":"token","times":2,"status":503,"headers":{"Retry-After":"1"},"body":{"a": 1},"delay":"2s","drip":{"bytes":1,"every":"1s"},"truncate":3}`: `{"id":1,"name":"raw","at":["token"],"times":1,"status":503,"headers":{"Retry-After":["1"]},"body":{"a":1},"delay":"2s","truncate":3,"drip":{"bytes":1,"every":"1s"},"acted":1,"says":"waits 2s, answers 503 in the endpoint's place, sends 1 B of the body each 1s, cuts the connection after 3 B of the body"}`,
		`{"name":"down","drop":true}`: `{"id":1,"name":"down","drop":true,"acted":1,"says":"serves the request and cuts the connection instead of answering"}`,
	} {
		g := NewWithT(t)
		var box fault.Box
		box.Inject(ordered(t, document))
		box.Draw(fault.Token, "another")
		written, err := json.Marshal(box.Active()[0].Report())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(written)).To(Equal(want))
	}
}

// Changing an order, or what is reported, changes no fault in force.
func TestOrdersAreCopied(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	o := order(t, `{"status":503,"headers":{"A":["1"]},"body":"body","at":["token"],"drip":{"bytes":1,"every":"1s"}}`)
	f, err := o.Fault(nil)
	g.Expect(err).NotTo(HaveOccurred())
	var box fault.Box
	box.Inject(f)
	report := box.Active()[0].Report().Order
	for _, theirs := range []fault.Order{o, report} {
		theirs.Headers["A"][0], theirs.Headers["B"], theirs.Body[1], theirs.At[0], theirs.Drip.Bytes = "2", fault.Words{"x"}, 'X', "jwks", 9
	}
	g.Expect(json.Marshal(box.Active()[0].Report())).To(ContainSubstring(
		`"at":["token"],"status":503,"headers":{"A":["1"]},"body":"body","drip":{"bytes":1,"every":"1s"}`))
	answer := serve(post(""), echo, f)
	g.Expect(answer.Body.String()).To(Equal("body"))
	g.Expect(answer.Header()).To(HaveKeyWithValue("A", []string{"1"}))
	g.Expect(answer.Header()).NotTo(HaveKey("B"))
}

// Whatever is ordered is refused with its problems, or is a fault that acts
// without harm and that can be ordered again as it is reported.
func FuzzOrder(f *testing.F) {
	for _, seed := range []string{
		`{"name":"wrong_issuer","client":"web","at":"token","times":1,"chance":0.5}`,
		`{"at":["token"],"times":2,"status":503,"headers":{"Retry-After":"1"},"body":"b","delay":"2s","truncate":1}`,
		`{"headers":{"A":["x","y"]},"body":[1],"drip":{"bytes":1,"every":"100ms"}}`, `{"drop":true,"name":"x"}`, `{"status":204}`, `{"body":" "}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		var o fault.Order
		if json.Unmarshal([]byte(document), &o) != nil {
			return
		}
		g := NewWithT(t)
		made, err := o.Fault(suggest)
		if err != nil {
			g.Expect(err.(fault.Problems)).NotTo(BeEmpty())
			return
		}
		func() {
			defer func() { g.Expect(recover()).To(Or(BeNil(), Equal(http.ErrAbortHandler))) }()
			serve(post("grant_type=password"), echo, made)
		}()
		var box fault.Box
		box.Inject(made)
		report := box.Active()[0].Report()
		again, err := report.Order.Fault(nil)
		g.Expect(err).NotTo(HaveOccurred())
		box.Inject(again)
		second := box.Active()[1].Report()
		second.ID = report.ID
		g.Expect(second).To(Equal(report))
	})
}
