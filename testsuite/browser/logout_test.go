package browser_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// loggedOut wants the provider to know nobody any more.
func (s *scene) loggedOut() {
	s.tab.t.Helper()
	s.Expect(s.tab.cookie(s.idp.BrowserURL())).To(BeNil())
	for _, rp := range []*relyingParty{s.web, s.shop} {
		s.tab.visit(rp.url + "/login?prompt=none")
		s.refused(rp, "login_required")
	}
}

// With an ID token for a hint nobody is asked, and the browser goes back.
func TestLogoutWithHint(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.loggedIn(s.web, "Alice Example")
	pages := len(s.tab.pages())
	s.tab.visit(s.web.url + "/logout")
	s.tab.shows("#bye", Equal("leaving"))
	s.Expect(s.tab.pages()[pages:]).To(ConsistOf(s.web.url + "/bye"))
	s.loggedOut()
}

// Without one, a page asks first.
func TestLogoutWithConfirmation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ query, shown, text string }{
		"and back":  {"?hint=no", "#bye", "leaving"},
		"and there": {"?hint=no&return=no", "h1", "You are logged out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			s.tab.visit(s.web.url + "/login")
			s.tab.logIn("alice", "alice")
			s.loggedIn(s.web, "Alice Example")

			s.tab.visit(s.web.url + "/logout" + test.query)
			s.tab.shows("main", ContainSubstring("The web application asks you to log out."))
			s.tab.click("button[value=stay]")
			s.tab.shows("h1", Equal("You are still logged in"))
			s.tab.visit(s.shop.url + "/login?prompt=none")
			s.loggedIn(s.shop, "Alice Example")

			s.tab.visit(s.web.url + "/logout" + test.query)
			s.tab.click("button[value=logout]")
			s.tab.shows(test.shown, Equal(test.text))
			s.loggedOut()
		})
	}
}

// Where no page is wanted, none asks.
func TestLogoutUnderAuto(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithLogin("auto"))
	s.tab.visit(s.web.url + "/login")
	s.loggedIn(s.web, "Api Tester")
	s.tab.visit(s.web.url + "/logout?hint=no")
	s.tab.shows("#bye", Equal("leaving"))
	s.Expect(s.sawPages()).To(BeFalse())
	s.loggedOut()
}

// Who is not logged in is not asked.
func TestLogoutOfNobody(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/logout?hint=no&return=no")
	s.tab.shows("h1", Equal("You are logged out"))
}
