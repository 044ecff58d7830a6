package record_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

func TestExchangeAsJSON(t *testing.T) {
	t.Parallel()
	x := posted("a=1&b=<>")
	x.ID, x.Client, x.Grant, x.User, x.Scope, x.Detail = 17, "web", "password", "alice", "read", "token granted"
	x.Error, x.Reason, x.Status, x.Dropped, x.Faults = "invalid_grant", "the code was spent", 400, true, []string{"once"}
	x.Request.TLS, x.Response.Body, x.Response.Cut = "TLS 1.3", []byte("{}"), true
	raw, err := json.Marshal(x)
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(raw).To(MatchJSON(`{
		"id": 17, "at": "2026-11-24T18:00:00Z", "issuer": "http://localhost:9000", "endpoint": "token", "method": "POST", "path": "/token",
		"client": "web", "grant": "password", "user": "alice", "scope": "read", "status": 400, "dropped": true,
		"error": "invalid_grant", "reason": "the code was spent", "detail": "token granted", "faults": ["once"], "took_us": 1234,
		"request": {
			"proto": "HTTP/1.1", "host": "localhost:9000", "remote": "127.0.0.1:4711", "uri": "/token", "tls": "TLS 1.3",
			"header": {"Content-Type": ["application/x-www-form-urlencoded"]}, "body": "a=1&b=<>"
		},
		"response": {"header": {"Content-Type": ["application/json"]}, "body": "{}", "cut": true}
	}`))
}

// Whether JSON is safe in a page is for whoever writes it to decide.
func TestJSONEscapesForPagesOnRequest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for escape, want := range map[bool]string{true: `\u003c\u0026`, false: `<&`} {
		var out strings.Builder
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(escape)
		g.Expect(encoder.Encode(record.Exchange{Path: "<&"})).To(Succeed())
		g.Expect(out.String()).To(ContainSubstring(`"path":"` + want + `"`))
	}
}

func TestEmptyExchangeAsJSON(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(record.Exchanges{{}})
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(raw).To(MatchJSON(`[{"id":0,"at":"0001-01-01T00:00:00Z","method":"","path":"","status":0,"took_us":0,"request":{},"response":{}}]`))
}

func TestBodiesAsJSON(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body           string
		cut            bool
		want, encoding string
	}{
		"none":                         {"", false, "", ""},
		"text":                         {"é\r\n\x00\"", false, "é\r\n\x00\"", ""},
		"not UTF-8":                    {"a\xff", false, "Yf8=", "base64"},
		"half a character":             {"a\xc3", false, "YcM=", "base64"},
		"half a character, by a cut":   {"a\xe2\x82", true, "a", ""},
		"whole character before a cut": {"a€", true, "a€", ""},
		"not UTF-8, and cut":           {"\xff\xe2\x82", true, "/w==", "base64"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := record.Exchange{Response: record.Response{Body: []byte(c.body), Cut: c.cut}}
			response := written(g, x)["response"].(map[string]any)
			body, _ := response["body"].(string)
			encoding, _ := response["body_encoding"].(string)
			g.Expect([]string{body, encoding}).To(Equal([]string{c.want, c.encoding}))
		})
	}
}

// Bytes in a header or a path that are not UTF-8 can still be told from others.
func TestWordsThatAreNotUTF8AsJSON(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := record.Exchange{Path: "/\xe9\xff", User: "é", Request: record.Request{Header: http.Header{"A": {"caf\xe9\r\n"}}}}
	object := written(g, x)
	g.Expect(object["path"]).To(Equal("/éÿ"))
	g.Expect(object["user"]).To(Equal("é"))
	g.Expect(object["request"]).To(HaveKeyWithValue("header", HaveKeyWithValue("A", ConsistOf("café\r\n"))))
}

// A clock can be moved to where JSON's times end, and beyond.
func TestFarTimesAsJSON(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]time.Time{
		"9999-12-31T23:59:59Z":        time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC),
		"0000-01-01T00:00:00Z":        time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
		"2026-11-24T18:00:00.000001Z": someTime().Add(time.Microsecond).In(time.FixedZone("", 3600)),
	} {
		g := NewWithT(t)
		g.Expect(written(g, record.Exchange{At: at})["at"]).To(Equal(want))
	}
}

func TestFromFindsWhatWithCarries(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := &record.Exchange{}
	record.From(record.With(t.Context(), x)).Client = "web"
	g.Expect(x.Client).To(Equal("web"))
	record.From(context.Background()).Client = "nobody's"
}
