package browser_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// A redirect URI that is not registered is said to be so where the user is, with
// those that are; nobody is sent anywhere.
func TestUnregisteredRedirectURI(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithLogin("auto"))
	wrong := s.web.url + "/calback"
	s.tab.visit(s.web.url + "/login?redirect_uri=" + wrong)
	s.tab.shows("h1", Equal("The redirect URI does not fit"))
	s.tab.shows("main", ContainSubstring(wrong))
	s.tab.shows("dd code", Equal(s.web.url+"/callback"))
	s.tab.expected("status of 400")
	s.Expect(s.tab.page()).To(Equal(s.idp.URL("authorization")))
	s.Expect(s.web.returns()).To(Equal(0))
}

// So it is with a page for after the logout, and the user stays logged in.
func TestUnregisteredLogoutRedirectURI(t *testing.T) {
	t.Parallel()
	s := stage(t, provider.WithLogin("auto"))
	s.tab.visit(s.web.url + "/login?login_hint=alice")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.idp.URL("end_session") + "?client_id=web&post_logout_redirect_uri=" + s.web.url + "/elsewhere")
	s.tab.shows("dd code", Equal(s.web.url+"/bye"))
	s.tab.expected("status of 400")
	s.Expect(s.tab.page()).To(Equal(s.idp.URL("end_session")))
	s.tab.visit(s.web.url + "/login?prompt=none")
	s.loggedIn(s.web, "Alice Example")
}
