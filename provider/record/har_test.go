package record_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// required are the members that the HAR 1.2 specification does not call optional,
// by the object that has them, and of what kind they are. A list's element is
// named by its list.
func required() map[string]map[string]string {
	pair := map[string]string{"name": "string", "value": "string"}
	return map[string]map[string]string{
		"":        {"log": "object"},
		"log":     {"version": "string", "creator": "object", "entries": "array"},
		"creator": {"name": "string", "version": "string"},
		"entries": {"startedDateTime": "string", "time": "number", "request": "object", "response": "object", "cache": "object", "timings": "object"},
		"request": {
			"method": "string", "url": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "queryString": "array",
			"headersSize": "number", "bodySize": "number",
		},
		"response": {
			"status": "number", "statusText": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "content": "object",
			"redirectURL": "string", "headersSize": "number", "bodySize": "number",
		},
		"cookies": pair, "headers": pair, "queryString": pair,
		"postData": {"mimeType": "string", "params": "array", "text": "string"},
		"params":   {"name": "string"},
		"content":  {"size": "number", "mimeType": "string"},
		"timings":  {"send": "number", "wait": "number", "receive": "number"},
		"cache":    {},
	}
}

// check goes through a HAR and tells what is missing.
func check(name string, value any) (missing []string) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			missing = append(missing, check(name, element)...)
		}
	case map[string]any:
		members, known := required()[name]
		if !known {
			missing = append(missing, "the specification has no "+name)
		}
		for member, kind := range members {
			if got := kindOf(v[member]); got != kind {
				missing = append(missing, fmt.Sprintf("%s.%s is %s, not %s", name, member, got, kind))
			}
		}
		for member, inner := range v {
			missing = append(missing, check(member, inner)...)
		}
	}
	return missing
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "none"
}

func archive(g Gomega, xs ...record.Exchange) map[string]any {
	raw, err := record.HAR(xs, "mockoauth 1.0")
	g.Expect(err).NotTo(HaveOccurred())
	var out map[string]any
	g.Expect(json.Unmarshal(raw, &out)).To(Succeed())
	return out
}

// full has all that an entry can have.
func full() record.Exchange {
	x := granted()
	x.Request.URI = "/token?a=1&b=x%20y&&c"
	x.Request.Header.Set("Cookie", "session=abc; theme=dark")
	x.Response.Header.Add("Set-Cookie", "session=abc; Path=/; Domain=a.example; Expires=Tue, 24 Nov 2026 18:00:00 GMT; HttpOnly; Secure; SameSite=Lax")
	x.Response.Header.Set("Location", "http://a/cb?code=x")
	return x
}

func TestHARHasAllThatIsRequired(t *testing.T) {
	t.Parallel()
	binary := posted("\xff\xfe")
	binary.Response.Body = []byte{0xff, 0}
	for name, xs := range map[string]record.Exchanges{
		"none": nil, "empty": {{}}, "full": {full()}, "masked": {full().Masked()}, "not UTF-8": {binary},
		"dropped": {{Dropped: true}}, "several": {full(), {}, binary},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			har := archive(g, xs...)
			g.Expect(check("", har)).To(BeEmpty())
			g.Expect(har["log"]).To(HaveKeyWithValue("entries", HaveLen(len(xs))))
		})
	}
}

func TestHAREntry(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := full()
	x.Request.Header.Del("Authorization")
	x.Request.Body, x.Response.Body = []byte("grant_type=password&scope=a+b&grant_type"), []byte(`{"a":1}`)
	x.Error, x.Faults = "invalid_grant", []string{"one", "two"}
	har := archive(g, x)
	raw, err := json.Marshal(har)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(raw).To(MatchJSON(`{"log": {"version": "1.2", "creator": {"name": "mockoauth", "version": "1.0"}, "entries": [{
		"startedDateTime": "2026-11-24T18:00:00Z", "time": 1.234, "cache": {},
		"timings": {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": 1.234, "receive": 0},
		"comment": "token; client demo; grant password; user apitester; scope openid write; error invalid_grant; faults one two",
		"request": {
			"method": "POST", "url": "http://localhost:9000/token?a=1&b=x%20y&&c", "httpVersion": "HTTP/1.1",
			"cookies": [{"name": "session", "value": "abc"}, {"name": "theme", "value": "dark"}],
			"headers": [
				{"name": "Host", "value": "localhost:9000"},
				{"name": "Content-Type", "value": "application/x-www-form-urlencoded"},
				{"name": "Cookie", "value": "session=abc; theme=dark"}
			],
			"queryString": [{"name": "a", "value": "1"}, {"name": "b", "value": "x y"}, {"name": "c", "value": ""}],
			"postData": {
				"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=password&scope=a+b&grant_type",
				"params": [{"name": "grant_type", "value": "password"}, {"name": "scope", "value": "a b"}, {"name": "grant_type", "value": ""}]
			},
			"headersSize": -1, "bodySize": 40
		},
		"response": {
			"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1",
			"cookies": [{"name": "session", "value": "abc", "path": "/", "domain": "a.example", "expires": "2026-11-24T18:00:00Z", "httpOnly": true, "secure": true}],
			"headers": [
				{"name": "Content-Type", "value": "application/json"},
				{"name": "Location", "value": "http://a/cb?code=x"},
				{"name": "Set-Cookie", "value": "session=abc; Path=/; Domain=a.example; Expires=Tue, 24 Nov 2026 18:00:00 GMT; HttpOnly; Secure; SameSite=Lax"}
			],
			"content": {"size": 7, "mimeType": "application/json", "text": "{\"a\":1}"},
			"redirectURL": "http://a/cb?code=x", "headersSize": -1, "bodySize": 7
		}
	}]}}`))
}

func TestHARURLs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tls, host, uri, want string }{
		"http":                       {"", "a:9000", "/t/token?x=1", "http://a:9000/t/token?x=1"},
		"https":                      {"TLS 1.3", "a", "/token", "https://a/token"},
		"as a proxy is asked":        {"", "a", "http://b/token", "http://b/token"},
		"server-wide OPTIONS":        {"", "a", "*", "http://a/*"},
		"URL in the query":           {"", "a", "/?next=http://b", "http://a/?next=http://b"},
		"no target, but for a path":  {"", "a", "", "http://a/path"},
		"two slashes are the path's": {"", "a", "//b", "http://a//b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := record.Exchange{Path: "/path", Request: record.Request{TLS: c.tls, Host: c.host, URI: c.uri}}
			g.Expect(entry(g, x)["request"]).To(HaveKeyWithValue("url", c.want))
		})
	}
}

// What a HAR has no place for is said in a comment.
func TestHARBodies(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := posted("\xff")
	x.Response.Body, x.Request.Cut, x.Response.Cut = []byte("\xfe"), true, true
	e := entry(g, x)
	request, response := e["request"].(map[string]any), e["response"].(map[string]any)
	g.Expect(request["postData"]).To(And(HaveKeyWithValue("text", "/w=="), HaveKeyWithValue("comment", ContainSubstring("Base64"))))
	g.Expect(request).To(And(HaveKeyWithValue("bodySize", -1.0), HaveKeyWithValue("comment", ContainSubstring("more came"))))
	g.Expect(response["content"]).To(And(HaveKeyWithValue("text", "/g=="), HaveKeyWithValue("encoding", "base64"), HaveKeyWithValue("size", 1.0)))
	g.Expect(response).To(HaveKeyWithValue("bodySize", -1.0))
	g.Expect(entry(g, record.Exchange{Dropped: true})["response"]).To(And(HaveKeyWithValue("status", 0.0), HaveKeyWithValue("comment", "nothing was answered")))
}

// A masked cookie is one that net/http would not read.
func TestHAROfMaskedCookies(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := posted("")
	x.Request.Header.Set("Cookie", "session=0123456789abcdef")
	x.Response.Header = http.Header{"Set-Cookie": {"session=0123456789abcdef; Path=/"}}
	e := entry(g, x.Masked())
	g.Expect(e["request"]).To(HaveKeyWithValue("cookies", ConsistOf(HaveKeyWithValue("value", "…(16)"))))
	g.Expect(e["response"]).To(HaveKeyWithValue("cookies", ConsistOf(And(HaveKeyWithValue("value", "…(16)"), HaveKeyWithValue("path", "/")))))
}

func TestHARCreator(t *testing.T) {
	t.Parallel()
	for creator, want := range map[string]string{
		"mockoauth v1.2": "mockoauth|v1.2", "mockoauth": "mockoauth|", "my own tool 3": "my own tool|3",
	} {
		g := NewWithT(t)
		raw, err := record.HAR(nil, creator)
		g.Expect(err).NotTo(HaveOccurred())
		name, version, _ := strings.Cut(want, "|")
		g.Expect(raw).To(MatchJSON(fmt.Sprintf(`{"log":{"version":"1.2","creator":{"name":%q,"version":%q},"entries":[]}}`, name, version)))
	}
}

func entry(g Gomega, x record.Exchange) map[string]any {
	return archive(g, x)["log"].(map[string]any)["entries"].([]any)[0].(map[string]any)
}
