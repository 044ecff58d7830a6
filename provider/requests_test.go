package provider_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// listed asks for requests over HTTP.
func listed(t *testing.T, p *provider.Provider, query string) []map[string]any {
	t.Helper()
	g := NewWithT(t)
	a := mock(t, p, http.MethodGet, "/requests"+query, "")
	g.Expect(a.status).To(Equal(http.StatusOK), a.body)
	list := struct{ Requests []map[string]any }{}
	g.Expect(json.Unmarshal([]byte(a.body), &list)).To(Succeed())
	g.Expect(list.Requests).NotTo(BeNil(), "a list, if an empty one")
	return list.Requests
}

// Every exchange is kept with its decision, its reasons and its bytes.
func TestRecord(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	weird := "client_id=demo&grant_type=%zz\x00&\xff\xfe"
	send(t, request(t, http.MethodPost, p.URL("token")+"?q=%41", weird, "Content-Type", formType, "X-Own", "1", "X-Own", "2"))
	machine(t, p, "demo", "wrong")
	p.Inject(fault.TokenUnavailable.Once())
	machine(t, p, "demo", "demo-secret")
	machine(t, p, "demo", "demo-secret")
	get(t, p.Issuer()+"/nowhere")
	mock(t, p, http.MethodGet, "/clock", "")
	mock(t, p, http.MethodGet, "/nowhere", "")

	all := p.Requests()
	g.Expect(all).To(HaveLen(5), "calls to the control are not among them")
	g.Expect(string(all[0].Request.Body)).To(Equal(weird))
	g.Expect(all[0].Request.URI).To(Equal("/token?q=%41"))
	g.Expect(all[0].Request.Header.Values("X-Own")).To(Equal([]string{"1", "2"}))
	g.Expect(all[0].Error).To(Equal("invalid_request"))
	g.Expect(all[0].Reason).NotTo(BeEmpty())
	g.Expect(all[1].Error).To(Equal("invalid_client"))
	g.Expect(all[1].Client).To(Equal("demo"))
	g.Expect(all[1].Reason).To(ContainSubstring("secret"))
	g.Expect(all[2].Faults).To(Equal([]string{fault.TokenUnavailable.Name}))
	g.Expect(all[2].Status).To(Equal(http.StatusServiceUnavailable))
	g.Expect([]string{all[2].Client, all[2].Grant}).To(Equal([]string{"demo", "client_credentials"}), "also where the fault answers")
	g.Expect(all[3].Faults).To(BeEmpty())
	g.Expect(all[3].Grant).To(Equal("client_credentials"))
	g.Expect(string(all[3].Response.Body)).To(ContainSubstring("access_token"))
	g.Expect(all[4].Status).To(Equal(http.StatusNotFound))
	g.Expect(all.To("token")).To(HaveLen(4))

	g.Expect(listed(t, p, "")).To(HaveLen(5))
	g.Expect(listed(t, p, "?error=invalid_client")).To(HaveLen(1))
	g.Expect(listed(t, p, "?endpoint=token&status=5xx")).To(HaveLen(1))
	g.Expect(listed(t, p, "?since=4")).To(HaveLen(1))
	g.Expect(listed(t, p, "?client=nobody")).To(BeEmpty())
	p.ClearRequests()
	g.Expect(p.Requests()).To(BeEmpty())
}

// The record forgets the oldest, and says how many; a large body is cut.
func TestRecordIsBounded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithRecord(3))
	for range 5 {
		get(t, p.URL("jwks"))
	}
	postForm(t, p.URL("token"), params("x", strings.Repeat("y", 100<<10)))
	all := p.Requests()
	g.Expect(all).To(HaveLen(3))
	g.Expect(all[2].Request.Body).To(HaveLen(64 << 10))
	g.Expect(all[2].Request.Cut).To(BeTrue())
	g.Expect(mock(t, p, http.MethodGet, "/requests", "").body).To(ContainSubstring(`"lost":3`))

	off := provider.Start(t, provider.WithRecord(0))
	get(t, off.URL("jwks"))
	g.Expect(off.Requests()).To(BeEmpty())
	g.Expect(listed(t, off, "")).To(BeEmpty())
	g.Expect(mock(t, off, http.MethodGet, "/requests?wait=1m", "").status).To(Equal(http.StatusUnprocessableEntity), "it would wait in vain")
	g.Expect(mock(t, off, http.MethodGet, "/requests/stream", "").status).To(Equal(http.StatusUnprocessableEntity))
	_, err := off.WaitForRequests(t.Context(), record.Filter{}, 1)
	g.Expect(err).To(HaveOccurred())
}

// Whoever waits is answered as soon as there are enough, or when the patience ends.
func TestWaitForRequests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	get(t, p.URL("jwks"))
	answered := make(chan answer, 1)
	go func() { answered <- mock(t, p, http.MethodGet, "/requests?endpoint=jwks&wait=1m&count=3", "") }()
	began := time.Now()
	get(t, p.URL("jwks"))
	get(t, p.Issuer()+"/healthz")
	g.Consistently(answered, "20ms").ShouldNot(Receive())
	get(t, p.URL("jwks"))
	a := <-answered
	g.Expect(time.Since(began)).To(BeNumerically("<", 30*time.Second))
	g.Expect(strings.Count(a.body, `"endpoint":"jwks"`)).To(Equal(3), a.body)
	g.Expect(listed(t, p, "?wait=1ms&count=4&endpoint=jwks")).To(HaveLen(3), "what there is, when the patience ends")
	g.Expect(listed(t, p, "?wait=0s")).NotTo(BeEmpty())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found, err := p.WaitForRequests(ctx, record.Filter{Endpoint: "jwks"}, 4)
	g.Expect(err).To(MatchError(context.Canceled))
	g.Expect(found).To(HaveLen(3))
	found, err = p.WaitForRequests(t.Context(), record.Filter{Endpoint: "jwks"}, 3)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(HaveLen(3))

	for query, says := range map[string]string{
		"?count=1": "needs wait", "?wait=2": "duration", "?wait=-1s": "duration", "?wait=2m": "up to 1m", "?wait=1s&count=0": "from 1 on",
		"?wait=1s&count=501": "last 500", "?wiat=1s": "Did you mean wait?", "?wait=1s&wait=2s": "more than once", "?status=abc": "status", "?secrets=yes": "show",
		"?since=yesterday": "since", "?endpoint=": "endpoint is empty",
	} {
		refused := mock(t, p, http.MethodGet, "/requests"+query, "")
		g.Expect(refused.status).To(Equal(http.StatusUnprocessableEntity), query)
		g.Expect(refusal(t, refused).Error()).To(ContainSubstring(says), query)
	}
}

// What leaves the house has no secrets in it, unless they are asked for.
func TestSecretsAreHidden(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	tokens := login(t, p, "scope", "openid offline_access")
	made := p.Requests()
	basic := request(t, http.MethodPost, p.URL("token"), "grant_type=client_credentials", "Content-Type", formType)
	basic.SetBasicAuth("demo", "demo-secret")
	send(t, basic)
	bearer(t, p, tokens.text(t, "access_token"))
	g.Expect(string(made[0].Request.Body)).To(ContainSubstring("demo-secret"), "the Go API shows what came")
	secrets := []string{"demo-secret", "password=alice", tokens.text(t, "access_token"), tokens.text(t, "refresh_token"), "ZGVtbzpkZW1vLXNlY3JldA"}
	for _, path := range []string{"/requests", "/requests.har"} {
		masked, shown := mock(t, p, http.MethodGet, path, "").body, mock(t, p, http.MethodGet, path+"?secrets=show", "").body
		for _, secret := range secrets {
			g.Expect(masked).NotTo(ContainSubstring(secret), path)
			g.Expect(shown).To(ContainSubstring(secret), path)
		}
	}
	har := mock(t, p, http.MethodGet, "/requests.har?endpoint=token", "")
	g.Expect(har.header.Get("Content-Disposition")).To(ContainSubstring("mockoauth.har"))
	archive := struct {
		Log struct {
			Version string
			Entries []struct{ Request struct{ URL string } }
		}
	}{}
	g.Expect(json.Unmarshal([]byte(har.body), &archive)).To(Succeed())
	g.Expect(archive.Log.Version).To(Equal("1.2"))
	g.Expect(archive.Log.Entries).To(HaveLen(2))
	g.Expect(archive.Log.Entries[0].Request.URL).To(Equal(p.URL("token")))
}

// A follower reads server-sent events of the control.
type follower struct {
	t      *testing.T
	cancel context.CancelFunc
	lines  *bufio.Reader
}

func follow(t *testing.T, p *provider.Provider, query string, headers ...string) follower {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r := request(t, http.MethodGet, p.Issuer()+"/_mock/requests/stream"+query, "", headers...).WithContext(ctx)
	response, err := http.DefaultClient.Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = response.Body.Close() })
	g.Expect(response.Header.Get("Content-Type")).To(Equal("text/event-stream"))
	f := follower{t, cancel, bufio.NewReader(response.Body)}
	g.Expect(f.event()).To(HavePrefix(":"))
	return f
}

// event is the next, as its lines; "end" when the stream has ended.
func (f follower) event() string {
	var event strings.Builder
	for {
		line, err := f.lines.ReadString('\n')
		if err != nil {
			return "end"
		}
		if line == "\n" {
			return event.String()
		}
		event.WriteString(line)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithRecord(4))
	get(t, p.Issuer()+"/healthz")
	f := follow(t, p, "?endpoint=jwks")
	get(t, p.Issuer()+"/healthz")
	get(t, p.URL("jwks"))
	event := f.event()
	g.Expect(event).To(HavePrefix("id: 3\nevent: request\ndata: {"), "what came before is no news, and the filter holds")
	data := map[string]any{}
	g.Expect(json.Unmarshal([]byte(strings.TrimPrefix(strings.Split(event, "\n")[2], "data: ")), &data)).To(Succeed())
	g.Expect(data).To(HaveKeyWithValue("endpoint", "jwks"))

	g.Expect(follow(t, p, "", "Last-Event-ID", "2").event()).To(HavePrefix("id: 3\n"), "it goes on after the last")
	g.Expect(follow(t, p, "?since=1").event()).To(HavePrefix("id: 2\n"))
	for range 4 {
		get(t, p.URL("jwks"))
	}
	behind := follow(t, p, "", "Last-Event-ID", "1")
	g.Expect(behind.event()).To(Equal("event: lost\ndata: {\"lost\":2}\n"))
	g.Expect(behind.event()).To(HavePrefix("id: 4\n"))
	g.Expect(mock(t, p, http.MethodGet, "/requests/stream", "", "Last-Event-ID", "x").status).To(Equal(http.StatusUnprocessableEntity))
}

// A server that stops ends the streams, and does not wait for their readers.
func TestStoppingEndsTheStream(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	server, err := provider.Listen("127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	response, err := http.Get("http://" + server.Addr().String() + "/_mock/requests/stream")
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	_, err = response.Body.Read(make([]byte, 1))
	g.Expect(err).NotTo(HaveOccurred())
	cancel()
	_, err = io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Eventually(ended).WithTimeout(4 * time.Second).Should(Receive(BeNil()))
}

// A reader that stalls holds nobody up.
func TestStalledReaderHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.Issuer(), "http://"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = conn.Close() }()
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	_, err = fmt.Fprint(conn, "GET /_mock/requests/stream?secrets=show HTTP/1.1\r\nHost: localhost\r\n\r\n")
	g.Expect(err).NotTo(HaveOccurred())
	_, err = conn.Read(make([]byte, 1)) // and no more
	g.Expect(err).NotTo(HaveOccurred())
	f := follow(t, p, "?endpoint=healthz")
	large := params("x", strings.Repeat("y", 60<<10))
	for range 100 { // more than the kernel takes in
		postForm(t, p.URL("token"), large)
	}
	get(t, p.Issuer()+"/healthz")
	g.Expect(f.event()).To(HavePrefix("id: 101\n"))
	g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK))
}

// The record has the request as it came: not as a fault heard it, and also where nobody read it.
func TestRecordIsOfWhatCame(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	f, known := fault.Named("any_secret_served")
	g.Expect(known).To(BeTrue())
	p.Inject(f)
	r := request(t, http.MethodPost, p.URL("token"), "grant_type=client_credentials", "Content-Type", formType)
	r.SetBasicAuth("demo", "a-guess")
	sent := r.Header.Get("Authorization")
	g.Expect(send(t, r).status).To(Equal(http.StatusOK))
	send(t, request(t, http.MethodPost, p.Issuer()+"/nowhere", "a=b", "Content-Type", formType))
	all := p.Requests()
	g.Expect(all[0].Request.Header.Get("Authorization")).To(Equal(sent))
	g.Expect(string(all[1].Request.Body)).To(Equal("a=b"))
}

// The end of a test ends the streams that it left open.
func TestEndOfATestEndsTheStream(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var over ending
	p := provider.Start(&over)
	response, err := http.Get(p.Issuer() + "/_mock/requests/stream")
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	ended := make(chan bool)
	go func() { over.end(); close(ended) }()
	g.Eventually(ended).WithTimeout(4 * time.Second).Should(BeClosed())
}

// ending is a test that ends when it is told to.
type ending []func()

func (*ending) Helper()                      {}
func (*ending) Fatalf(f string, args ...any) { panic(fmt.Sprintf(f, args...)) }
func (e *ending) Cleanup(f func())           { *e = append(*e, f) }

func (e *ending) end() {
	for _, f := range *e {
		f()
	}
}
