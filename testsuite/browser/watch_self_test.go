package browser_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// What the other tests rely on: nothing that goes wrong in a page is overlooked.
func TestWatchNotices(t *testing.T) {
	t.Parallel()
	chromium.open(t)
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "style-src 'none'")
		_, _ = io.WriteString(w, `<!doctype html><title>x</title><link rel="icon" href="data:,"><p style="color:red">Wrong</p>
			<img src="/missing"><img src="`+elsewhere.URL+`/">
			<script>console.warn("the first"); throw new Error("the second")</script>`)
	}))
	t.Cleanup(server.Close)
	b := open(t, server.URL)
	b.visit(server.URL)
	for _, part := range []string{
		"console.warning: \"the first\"", "the second", "status of 404", "a request goes to " + elsewhere.URL, "a request for a Image failed",
		"console, error of security: Applying inline style", "issue: ContentSecurityPolicyIssue",
	} {
		b.expected(part)
	}
	_ = b.expect("ResponseWasBlockedByORB") // which not all versions say
}
