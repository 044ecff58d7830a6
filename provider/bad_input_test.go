package provider_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// Whatever is sent, the answer is the RFC's error, never a token, never a 500,
// and the next request is served.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	const good = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret"
	for name, test := range map[string]struct {
		method, query, body string
		headers             []string
		status              int
		code                string
	}{
		"broken percent-encoding of a value": {body: good + "&scope=%zz", status: 400, code: "invalid_request"},
		"broken percent-encoding of a name":  {body: good + "&%q=1", status: 400, code: "invalid_request"},
		"a percent sign at the end":          {body: good + "&scope=read%", status: 400, code: "invalid_request"},
		"JSON":                               {body: `{"grant_type":"client_credentials"}`, headers: []string{"Content-Type", "application/json"}, status: 400, code: "invalid_request"},
		"no content type":                    {body: good, headers: []string{}, status: 400, code: "invalid_request"},
		"a garbled content type":             {body: good, headers: []string{"Content-Type", ";;;"}, status: 400, code: "invalid_request"},
		"another charset":                    {body: good, headers: []string{"Content-Type", formType + "; charset=iso-8859-1"}, status: 400, code: "invalid_request"},
		"multipart":                          {body: "--x--", headers: []string{"Content-Type", "multipart/form-data; boundary=x"}, status: 400, code: "invalid_request"},
		"a compressed body":                  {body: good, headers: []string{"Content-Type", formType, "Content-Encoding", "gzip"}, status: 415, code: "invalid_request"},
		"a parameter twice":                  {body: good + "&grant_type=client_credentials", status: 400, code: "invalid_request"},
		"an unknown parameter twice":         {body: good + "&x=1&x=2", status: 400, code: "invalid_request"},
		"credentials in the query":           {query: "?client_id=demo&client_secret=demo-secret", body: "grant_type=client_credentials", status: 400, code: "invalid_request"},
		"everything in the query":            {query: "?" + good, status: 400, code: "invalid_request"},
		"an empty body":                      {status: 400, code: "invalid_request"},
		"a body over 1 MiB":                  {body: good + "&x=" + strings.Repeat("y", 1<<20), status: 413, code: "invalid_request"},
		"too many parameters":                {body: good + strings.Repeat("&a=b", 2000), status: 400, code: "invalid_request"},
		"headers over 64 KiB":                {body: good, headers: []string{"Content-Type", formType, "X-Long", strings.Repeat("y", 70<<10)}, status: 431, code: "invalid_request"},
		"invalid UTF-8":                      {body: good + "&scope=%ff%fe", status: 400, code: "invalid_request"},
		"raw invalid UTF-8":                  {body: good + "&x=\xff", status: 400, code: "invalid_request"},
		"NUL in a value":                     {body: good + "&scope=read%00", status: 400, code: "invalid_request"},
		"NUL in a name":                      {body: good + "&%00=1", status: 400, code: "invalid_request"},
		"NUL in the client_id":               {body: "grant_type=client_credentials&client_id=demo%00&client_secret=x", status: 400, code: "invalid_request"},
		"two Authorization headers":          {body: "grant_type=client_credentials", headers: []string{"Content-Type", formType, "Authorization", "Basic ZGVtbzpkZW1vLXNlY3JldA==", "Authorization", "Basic eDp5"}, status: 400, code: "invalid_request"},
		"an unknown method":                  {method: "BREW", body: good, status: 405, code: "invalid_request"},
		"GET":                                {method: http.MethodGet, query: "?" + good, status: 405, code: "invalid_request"},
		"PUT":                                {method: http.MethodPut, body: good, status: 405, code: "invalid_request"},
		"a very long client_id":              {body: "grant_type=client_credentials&client_id=" + strings.Repeat("x", 1<<19) + "&client_secret=x", status: 401, code: "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			if test.method == "" {
				test.method = http.MethodPost
			}
			if test.headers == nil {
				test.headers = []string{"Content-Type", formType}
			}
			a := send(t, request(t, test.method, p.URL("token")+test.query, test.body, test.headers...))
			g.Expect(a.status).To(Equal(test.status), a.body)
			g.Expect(a.text(t, "error")).To(Equal(test.code))
			g.Expect(a.header.Get("Cache-Control")).To(Equal("no-store"))
			g.Expect(a.body).NotTo(ContainSubstring("access_token"))
			g.Expect(a.text(t, "error_description")).To(MatchRegexp(`^[\x20-\x21\x23-\x5b\x5d-\x7e]+$`))
			if test.status == http.StatusMethodNotAllowed {
				g.Expect(a.header.Get("Allow")).To(Equal("POST"))
			}
			next := send(t, request(t, http.MethodPost, p.URL("token"), good, "Content-Type", formType))
			g.Expect(next.status).To(Equal(http.StatusOK), "the next request: %s", next.body)
		})
	}
}

// A semicolon is a character of the form encoding like any other.
func TestSemicolonIsNoSeparator(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	a := send(t, request(t, http.MethodPost, p.URL("token"), "grant_type=client_credentials&client_id=demo&client_secret=demo-secret&x=a;b", "Content-Type", formType))
	NewWithT(t).Expect(a.status).To(Equal(http.StatusOK), a.body)
}
