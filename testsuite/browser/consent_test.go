package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// Consent is asked once for each application.
func TestConsentIsRemembered(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithConsent("ask"))
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.tab.shows("main", And(
		ContainSubstring("Allow The web application?"), ContainSubstring("Alice Example"), ContainSubstring("Read your email address")))
	s.tab.press(kb.Tab)
	s.tab.see("button[value=allow]:focus-visible")
	s.tab.press(kb.Enter)
	s.loggedIn(s.web, "Alice Example")

	pages := len(s.tab.pages())
	s.tab.visit(s.web.url + "/login")
	s.loggedIn(s.web, "Alice Example")
	s.Expect(s.tab.pages()[pages:]).To(ConsistOf(s.web.url + "/callback"))

	s.tab.visit(s.shop.url + "/login?prompt=none")
	s.refused(s.shop, "consent_required")
	s.tab.visit(s.shop.url + "/login")
	s.tab.click("button[value=allow]")
	s.loggedIn(s.shop, "Alice Example")

	s.tab.visit(s.shop.url + "/logout")
	s.tab.see("#bye")
	s.tab.visit(s.web.url + "/login") // also at the next login
	s.tab.logIn("alice", "alice")
	s.loggedIn(s.web, "Alice Example")

	s.tab.visit(s.web.url + "/login?prompt=consent")
	s.tab.click("button[value=allow]")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.web.url + "/login?scope=openid+profile+write") // more than was asked before
	s.tab.click("button[value=allow]")
	s.loggedIn(s.web, "Alice Example")
}

func TestDenyAtConsent(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithConsent("ask"))
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.tab.see("button[value=allow]") // the login page has a Deny too
	s.tab.click("button[value=deny]")
	s.refused(s.web, "access_denied")
	s.tab.visit(s.web.url + "/login")
	s.tab.see("button[value=allow]") // a no is not remembered
}
