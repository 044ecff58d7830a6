package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// The login page needs no mouse: the cursor is in the first empty field, and Enter
// presses the right button.
func TestLoginByKeyboard(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.loggedIn(s.web, "Alice Example")
	cookie := s.tab.cookie(s.idp.BrowserURL())
	s.Expect(cookie).NotTo(BeNil())
	s.Expect(cookie.HTTPOnly).To(BeTrue())
	s.Expect(cookie.Secure).To(BeFalse())
	s.Expect(cookie.SameSite).To(Equal(network.CookieSameSiteLax))
}

func TestLoginHintIsFilledIn(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login?login_hint=alice")
	s.tab.see("#password:focus")
	s.tab.press("alice" + kb.Enter)
	s.loggedIn(s.web, "Alice Example")
}

func TestWrongPasswordThenRight(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "wonderland")
	s.tab.shows("#problem", Equal("The username or the password is wrong."))
	s.tab.expected("status of 403")
	s.Expect(evaluate[string](s.tab, "document.querySelector('#username').value")).To(Equal("alice"))
	s.Expect(evaluate[string](s.tab, "document.querySelector('#password').value")).To(BeEmpty())
	s.tab.see("#password:focus")
	s.tab.press("alice" + kb.Enter)
	s.loggedIn(s.web, "Alice Example")
}

func TestPick(t *testing.T) {
	t.Parallel()
	t.Run("by one click", func(t *testing.T) {
		t.Parallel()
		s := stage(t, provider.WithLogin("pick"))
		s.tab.visit(s.web.url + "/login")
		s.tab.click("button[value=alice]")
		s.loggedIn(s.web, "Alice Example")
	})
	t.Run("by keyboard", func(t *testing.T) {
		t.Parallel()
		s := stage(t, provider.WithLogin("pick"))
		s.tab.visit(s.web.url + "/login")
		s.tab.see("button[value=alice]")
		s.tab.press(kb.Tab + kb.Tab)
		s.tab.see("button[value=alice]:focus-visible")
		s.tab.press(kb.Enter)
		s.loggedIn(s.web, "Alice Example")
	})
	t.Run("the hinted user is under the cursor", func(t *testing.T) {
		t.Parallel()
		s := stage(t, provider.WithLogin("pick"))
		s.tab.visit(s.web.url + "/login?login_hint=alice")
		s.tab.see("button[value=alice]:focus")
		s.tab.press(kb.Enter)
		s.loggedIn(s.web, "Alice Example")
	})
}

func TestAutoShowsNoPage(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithLogin("auto"))
	s.tab.visit(s.web.url + "/login?login_hint=alice")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.shop.url + "/login?prompt=login&login_hint=apitester")
	s.loggedIn(s.shop, "Api Tester")
	s.Expect(s.sawPages()).To(BeFalse())
}

func TestDenyAtLogin(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"form", "pick"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := stage(t, provider.WithLogin(mode))
			s.tab.visit(s.web.url + "/login")
			s.tab.click("button[value=deny]") // with the fields empty
			s.refused(s.web, "access_denied")
			s.Expect(s.tab.cookie(s.idp.BrowserURL())).To(BeNil())
		})
	}
}

// A login at one application is one at all; prompt=login asks again all the same.
func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	s := stage(t)
	s.tab.visit(s.web.url + "/login?prompt=none")
	s.refused(s.web, "login_required")
	s.Expect(s.sawPages()).To(BeFalse())

	s.tab.visit(s.web.url + "/login")
	s.tab.logIn("alice", "alice")
	s.loggedIn(s.web, "Alice Example")
	pages := len(s.tab.pages())
	s.tab.visit(s.shop.url + "/login")
	s.loggedIn(s.shop, "Alice Example")
	s.tab.visit(s.shop.url + "/?prompt=none") // by a link of another site, which SameSite=Strict would not let pass
	s.tab.click("#go")
	s.loggedIn(s.shop, "Alice Example")
	s.Expect(s.tab.pages()[pages:]).To(HaveExactElements(s.shop.url+"/callback", s.shop.url+"/", s.shop.url+"/callback"))
	first, second := s.web.latest().claims, s.shop.latest().claims
	s.Expect(second.SessionID).To(Equal(first.SessionID))
	s.Expect(second.AuthTime).To(Equal(first.AuthTime))

	s.idp.Clock().Advance(time.Minute)
	s.tab.visit(s.shop.url + "/login?prompt=login")
	s.tab.logIn("apitester", "apitester")
	s.loggedIn(s.shop, "Api Tester")
	s.Expect(s.shop.latest().claims.AuthTime).To(BeNumerically(">=", second.AuthTime+60))
}
