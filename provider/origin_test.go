package provider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// loggedIn is a browser at which alice has logged in for the demo client.
func loggedIn(t *testing.T, p *provider.Provider) *http.Client {
	t.Helper()
	g := NewWithT(t)
	c := browser(t, p)
	response, err := c.PostForm(p.URL("authorization"), params("response_type", "code", "client_id", "demo", "redirect_uri", redirectURI, "scope", "openid", "action", "login", "username", "alice", "password", "alice"))
	_ = read(t, response, err)
	g.Expect(response.Header.Get("Location")).To(ContainSubstring("code="))
	return c
}

// isLoggedIn asks without a page.
func isLoggedIn(t *testing.T, p *provider.Provider, c *http.Client) bool {
	t.Helper()
	response, err := c.Get(p.AuthorizationURL(p.Client(), params("prompt", "none", "scope", "openid")))
	_ = read(t, response, err)
	return strings.Contains(response.Header.Get("Location"), "code=")
}

// A page of another origin cannot log the user out: its POST comes without the
// cookie, is asked again by GET, and then the user is asked.
func TestForeignPagesCannotLogOut(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	c := loggedIn(t, p)
	r := request(t, http.MethodPost, p.URL("end_session"), "", "Content-Type", formType, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example")
	bare := browser(t, p) // what the browser sends: no cookie
	response, err := bare.Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.StatusCode).To(Equal(http.StatusSeeOther))
	g.Expect(response.Header.Values("Set-Cookie")).To(BeEmpty())
	location, err := response.Location()
	g.Expect(err).NotTo(HaveOccurred())
	_ = read(t, response, err)
	response, err = c.Get(location.String())
	g.Expect(read(t, response, err)).To(ContainSubstring("Log out?"))
	g.Expect(isLoggedIn(t, p, c)).To(BeTrue())
}

// The provider's own forms work at every name it is known by, whatever Host a
// proxy makes of it, and with what browsers send where there is no TLS.
func TestOwnFormsBehindAProxy(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithIssuer("http://sso.test/auth"), provider.WithBrowserURL("http://login.test/auth"))
	form := params("response_type", "code", "client_id", "demo", "redirect_uri", redirectURI, "action", "login", "username", "alice", "password", "alice").Encode()
	for origin, status := range map[string]int{
		"http://sso.test": http.StatusSeeOther, "http://login.test": http.StatusSeeOther, "http://evil.test": http.StatusForbidden, "null": http.StatusForbidden,
	} {
		r := request(t, http.MethodPost, p.Address()+"/auth/authorize", form, "Content-Type", formType, "Origin", origin)
		r.Host = "10.0.0.7:8080"
		response, err := browser(t, p).Do(r)
		g := NewWithT(t)
		_ = read(t, response, err)
		g.Expect(response.StatusCode).To(Equal(status), origin)
	}
}

// Two providers at one host do not log each other's users out.
func TestTwoProvidersAtOneHost(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	one, two := provider.Start(t), provider.Start(t)
	c := loggedIn(t, one)
	other := loggedIn(t, two)
	u, err := url.Parse(two.Issuer())
	g.Expect(err).NotTo(HaveOccurred())
	c.Jar.SetCookies(u, other.Jar.Cookies(u))
	g.Expect(isLoggedIn(t, one, c)).To(BeTrue())
	g.Expect(isLoggedIn(t, two, c)).To(BeTrue())
}

// The claims parameter and hints decide who may log in, and how (OpenID Connect
// Core §3.1.2.2, §5.5.1.1).
func TestOnlyTheRightUserWillDo(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithLogin("auto"))
	alice, ok := userNamed(p.Fixtures(), "alice")
	NewWithT(t).Expect(ok).To(BeTrue())
	other := provider.Start(t, provider.WithLogin("auto"))
	back := callback(t, other, "demo", "scope", "openid")
	foreign := postForm(t, other.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI)).text(t, "id_token")
	for name, test := range map[string]struct {
		pairs []string
		user  string
		code  string
	}{
		"the sub of a user":             {[]string{"claims", `{"id_token":{"sub":{"value":"` + alice.Subject + `"}}}`}, "alice", ""},
		"the sub of nobody":             {[]string{"claims", `{"id_token":{"sub":{"value":"nobody"}}}`}, "", "login_required"},
		"an acr that cannot be met":     {[]string{"claims", `{"id_token":{"acr":{"essential":true,"values":["9"]}}}`}, "", "unmet_authentication_requirements"},
		"an acr that would be nice":     {[]string{"claims", `{"id_token":{"acr":{"values":["9"]}}}`}, "apitester", ""},
		"claims that are null":          {[]string{"claims", "null"}, "", "invalid_request"},
		"a claim that is a number":      {[]string{"claims", `{"userinfo":{"email":7}}`}, "", "invalid_request"},
		"login_hint by name":            {[]string{"login_hint", "alice"}, "alice", ""},
		"login_hint by email":           {[]string{"login_hint", "alice@example.com"}, "alice", ""},
		"login_hint of nobody":          {[]string{"login_hint", "nobody"}, "", "login_required"},
		"a hint of another issuer":      {[]string{"id_token_hint", foreign}, "", "invalid_request"},
		"max_age and an odd acr_values": {[]string{"acr_values", "9", "max_age", "0", "ui_locales", "xx", "display", "odd"}, "apitester", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			back := callback(t, p, "demo", append([]string{"scope", "openid profile"}, test.pairs...)...)
			g.Expect(back.Get("error")).To(Equal(test.code))
			if test.code != "" {
				return
			}
			tokens := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
			info := send(t, request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+tokens.text(t, "access_token")))
			g.Expect(info.text(t, "preferred_username")).To(Equal(test.user))
		})
	}
}

func userNamed(set fixtures.Set, username string) (fixtures.User, bool) {
	for _, u := range set.Users {
		if u.Username == username {
			return u, true
		}
	}
	return fixtures.User{}, false
}

// Under auto nobody is asked, but a foreign page's image ends no session.
func TestImagesCannotLogOut(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithLogin("auto"))
	c := browser(t, p)
	response, err := c.Get(p.AuthorizationURL(p.Client(), params("scope", "openid")))
	_ = read(t, response, err)
	end := func(dest string) {
		response, err := c.Do(request(t, http.MethodGet, p.URL("end_session"), "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", dest))
		_ = read(t, response, err)
	}
	end("image")
	end("iframe")
	g.Expect(isLoggedIn(t, p, c)).To(BeTrue())
	end("document")
	g.Expect(isLoggedIn(t, p, c)).To(BeFalse(), "a visit ends it")
}
