package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// The answer comes by a form that sends itself, to another site.
func TestFormPost(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login?response_mode=form_post")
	s.tab.logIn("alice", "alice")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.shop.url + "/login?response_mode=form_post&prompt=none")
	s.loggedIn(s.shop, "Alice Example")
	s.tab.visit(s.shop.url + "/login?response_mode=form_post&prompt=login")
	s.tab.click("button[value=deny]")
	s.refused(s.shop, "access_denied")
}

// Without JavaScript everything works, and this form has a button.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithConsent("ask"))
	s.tab.disableJavaScript()
	s.tab.visit(s.web.url + "/login?response_mode=form_post")
	s.tab.logIn("alice", "alice")
	s.tab.click("button[value=allow]")
	s.tab.shows("h1", HavePrefix("Returning to localhost:"))
	s.tab.see("button:focus")
	s.Expect(s.web.returns()).To(Equal(0))
	s.tab.press(kb.Enter)
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.web.url + "/logout?hint=no&return=no")
	s.tab.click("button[value=logout]")
	s.tab.shows("h1", Equal("You are logged out"))
	s.loggedOut()
}
