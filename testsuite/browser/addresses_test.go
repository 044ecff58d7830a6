package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// throughEverything logs in, consents, uses the session at another application and
// by form_post, asks by POST, and logs out by the page.
func (s *scene) throughEverything() {
	s.tab.t.Helper()
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.tab.click("button[value=allow]")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.shop.url + "/login?response_mode=form_post")
	s.tab.click("button[value=allow]")
	s.loggedIn(s.shop, "Alice Example")
	s.tab.visit(s.web.url + "/login-by-form?prompt=none") // from another site
	s.tab.click("#send")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.web.url + "/logout?hint=no")
	s.tab.click("button[value=logout]")
	s.tab.shows("#bye", Equal("leaving"))
	s.loggedOut()
}

func TestTLS(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithTLS(), provider.WithConsent("ask"))
	s.Expect(s.idp.BrowserURL()).To(HavePrefix("https://"))
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.tab.see("button[value=allow]")
	cookie := s.tab.cookie(s.idp.BrowserURL())
	s.Expect(cookie).NotTo(BeNil())
	s.Expect(cookie.Secure).To(BeTrue())
	s.Expect(cookie.HTTPOnly).To(BeTrue())
	s.Expect(cookie.SameSite).To(Equal(network.CookieSameSiteNone))
	s.tab.click("button[value=deny]")
	s.refused(s.web, "access_denied")
	s.tab.visit(s.web.url + "/logout?hint=no")
	s.tab.click("button[value=logout]")
	s.tab.see("#bye")
	s.throughEverything()
}

// Servers know the provider by a name that the browser cannot resolve, as in
// docker compose; the browser by localhost. Both see one issuer.
func TestTwoNames(t *testing.T) {
	t.Parallel()
	s := stageAt(t, "localhost", func(options []provider.Option) *provider.Provider {
		return serve(t, func(port string) []provider.Option {
			return append(options, provider.WithIssuer("http://idp.invalid:"+port), provider.WithBrowserURL("http://localhost:"+port), provider.WithConsent("ask"))
		})
	})
	s.throughEverything()
	for _, page := range s.tab.pages() {
		s.Expect(page).To(HavePrefix("http://localhost:"))
	}
}

// A host of plain http is no secure context: from there browsers send no
// Sec-Fetch-Site, by which a provider tells its own forms from forged ones.
func TestInsecureContext(t *testing.T) {
	t.Parallel()
	for name, issuer := range map[string]string{"at the root": "", "below a path": "/tenant/one"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stageAt(t, "app.test", func(options []provider.Option) *provider.Provider {
				return serve(t, func(port string) []provider.Option {
					return append(options, provider.WithIssuer("http://idp.test:"+port+issuer), provider.WithConsent("ask"))
				})
			})
			s.tab.visit(s.web.url + "/login?prompt=none")
			s.refused(s.web, "login_required")
			s.Expect(evaluate[bool](s.tab, "isSecureContext")).To(BeFalse())
			s.throughEverything()
		})
	}
}

// Nobody but its own pages can send the provider's forms.
func TestForgedForm(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithConsent("ask"))
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.tab.see("button[value=allow]")
	request := evaluate[string](s.tab, "new URLSearchParams(new FormData(document.forms[0])).toString()")
	s.tab.visit(s.web.url + "/bye")
	s.tab.see("#bye")
	s.Expect(evaluate[bool](s.tab, `document.body.insertAdjacentHTML("beforeend", "<form method=post><button>A prize!</button></form>");
		document.forms[0].action = `+quote(s.idp.URL("authorization"))+`;
		for (const [name, value] of new URLSearchParams(`+quote(request+"&action=allow")+`)) {
			document.forms[0].append(Object.assign(document.createElement("input"), {type: "hidden", name, value}))
		}
		true`)).To(BeTrue())
	s.tab.click("button")
	s.tab.shows("main", ContainSubstring("The form comes from a page of another origin."))
	s.tab.expected("status of 403")
	s.Expect(s.web.returns()).To(Equal(0))
}
