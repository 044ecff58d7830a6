package browser_test

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

//go:embed testdata/single_page.html
var singlePage string

// singlePageApplication is another origin's, and another site's, than the
// provider: all that it reads of it, it reads by CORS.
func singlePageApplication(t *testing.T, options ...provider.Option) (s *scene, address string) {
	t.Helper()
	chromium.open(t)
	server := httptest.NewServer(nil)
	t.Cleanup(server.Close)
	address = "http://localhost:" + portOf(server) + "/"
	s = stageAt(t, "localhost", func(defaults []provider.Option) *provider.Provider {
		return provider.Start(t, append(append(defaults, provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{
			{ID: "web", Secret: secret}, {ID: "shop", Secret: secret},
			{ID: "spa", AuthMethod: "none", RedirectURIs: []string{address}, PostLogoutRedirectURIs: []string{address}},
		}})), options...)...)
	})
	page := template.Must(template.New("spa").Parse(singlePage))
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("the single-page application is asked for %s", r.URL)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(w, map[string]string{"Issuer": s.idp.Issuer()}); err != nil {
			t.Error(err)
		}
	})
	s.tab.allow(address)
	return s, address
}

// An application of nothing but a page does all of it from there.
func TestSinglePageApplication(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]provider.Option{
		"over http":  nil,
		"over https": {provider.WithTLS()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := singlePageApplication(t, options...)
			s.tab.visit(address)
			s.tab.see("#ready")
			s.tab.click("#login")
			s.tab.logIn("alice", "alice")
			s.tab.click("button[value=allow]")
			s.tab.shows("#who", Equal("Alice Example"))
			s.tab.click("#refresh")
			s.tab.shows("#refreshed", Equal("Alice Example"))
			s.tab.click("#wrong")
			s.tab.shows("#refused", HavePrefix(`401 Bearer realm="mockoauth", error="invalid_token"`))
			s.tab.expected("status of 401")
			s.tab.click("#logout")
			s.tab.see("#ready")
			s.Expect(s.tab.cookie(s.idp.BrowserURL())).To(BeNil())
			s.tab.click("#login")
			s.tab.see("#username")
			s.tab.click("button[value=deny]")
			s.tab.shows("#error", Equal("access_denied"))
		})
	}
}
