package provider_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// webSet is two web applications of different hosts and a user with claims.
func webSet() fixtures.Set {
	return fixtures.Set{
		Users: []fixtures.User{{Username: "bob", Password: "builder", Claims: map[string]any{
			"name": "Bob", "email": "bob@example.com", "groups": []any{"admin"}, "phone_number": "+1",
		}}},
		Clients: []fixtures.Client{
			{ID: "one", Secret: "s3cret", SubjectType: fixtures.SubjectPairwise, RedirectURIs: []string{"https://one.example/cb"}, PostLogoutRedirectURIs: []string{"https://one.example/bye"}},
			{ID: "two", Secret: "s3cret", SubjectType: fixtures.SubjectPairwise, RedirectURIs: []string{"https://two.example/cb"}, UserInfo: fixtures.UserInfo{Alg: "ES256"}, IDToken: fixtures.IDToken{Alg: "PS384", NonceOnRefresh: true}},
		},
	}
}

// signIn gets the tokens of bob for a client of webSet.
func signIn(t *testing.T, p *provider.Provider, clientID string, pairs ...string) answer {
	t.Helper()
	if !slices.Contains(pairs, "scope") {
		pairs = append(pairs, "scope", "openid")
	}
	back := callback(t, p, clientID, pairs...)
	form := params("grant_type", "authorization_code", "client_id", clientID, "client_secret", "s3cret", "code", back.Get("code"), "redirect_uri", "https://"+clientID+".example/cb")
	a := postForm(t, p.URL("token"), form)
	NewWithT(t).Expect(a.status).To(Equal(http.StatusOK), a.body)
	return a
}

// A pairwise subject is another for each host, and the same each time (OpenID
// Connect Core §8.1).
func TestPairwiseSubjects(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithFixtures(webSet()), provider.WithLogin("auto"))
	one := claimsOf(t, signIn(t, p, "one").text(t, "id_token"))
	again := claimsOf(t, signIn(t, p, "one").text(t, "id_token"))
	tokens := signIn(t, p, "two", "nonce", "n1")
	two := claimsOf(t, tokens.text(t, "id_token"))
	g.Expect(one["sub"]).To(Equal(again["sub"]))
	g.Expect(one["sub"]).NotTo(Equal(two["sub"]))
	g.Expect(claimsOf(t, tokens.text(t, "access_token"))["sub"]).To(Equal(two["sub"]))
	refreshed := postForm(t, p.URL("token"), params("grant_type", "refresh_token", "client_id", "two", "client_secret", "s3cret", "refresh_token", tokens.text(t, "refresh_token")))
	g.Expect(claimsOf(t, refreshed.text(t, "id_token"))["sub"]).To(Equal(two["sub"]))
	g.Expect(claimsOf(t, refreshed.text(t, "id_token"))["nonce"]).To(Equal("n1"), "by the client's setting")
}

// Claims are told by scope and by request, and the user's own to whoever asks for openid.
func TestClaims(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithFixtures(webSet()), provider.WithLogin("auto"))
	for name, test := range map[string]struct {
		pairs        []string
		info, noInfo []string
		token        []string
	}{
		"openid alone":    {nil, []string{"sub", "groups"}, []string{"name", "email", "phone_number"}, []string{"groups"}},
		"profile":         {[]string{"scope", "openid profile"}, []string{"sub", "name", "preferred_username"}, []string{"email"}, nil},
		"email":           {[]string{"scope", "openid email"}, []string{"email"}, []string{"name", "email_verified"}, nil},
		"the parameter":   {[]string{"claims", `{"userinfo":{"phone_number":{"essential":true}},"id_token":{"email":null}}`}, []string{"phone_number"}, []string{"email"}, []string{"email"}},
		"what is unknown": {[]string{"claims", `{"userinfo":{"shoe_size":null}}`}, []string{"sub"}, []string{"shoe_size"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			tokens := signIn(t, p, "one", test.pairs...)
			info := send(t, request(t, http.MethodPost, p.URL("userinfo"), "", "Authorization", "Bearer "+tokens.text(t, "access_token"))).json(t)
			claims := claimsOf(t, tokens.text(t, "id_token"))
			for _, claim := range test.info {
				g.Expect(info).To(HaveKey(claim))
			}
			for _, claim := range test.noInfo {
				g.Expect(info).NotTo(HaveKey(claim))
			}
			for _, claim := range test.token {
				g.Expect(claims).To(HaveKey(claim))
			}
		})
	}
}

// A client may have its userinfo signed, and its ID tokens by another algorithm.
func TestAlgorithmsByClient(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithFixtures(webSet()), provider.WithLogin("auto"))
	tokens := signIn(t, p, "two")
	info := send(t, request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+tokens.text(t, "access_token")))
	g.Expect(info.header.Get("Content-Type")).To(Equal("application/jwt"))
	g.Expect(claimsOf(t, info.body)).To(And(HaveKeyWithValue("iss", p.Issuer()), HaveKeyWithValue("aud", "two"), HaveKey("sub")))
	g.Expect(headerOf(t, info.body)).To(HaveKeyWithValue("alg", "ES256"))
	g.Expect(headerOf(t, tokens.text(t, "id_token"))).To(HaveKeyWithValue("alg", "PS384"))
	g.Expect(headerOf(t, tokens.text(t, "access_token"))).To(HaveKeyWithValue("alg", "RS256"))
}

// Userinfo refuses as RFC 6750 §3 says.
func TestUserInfoRefuses(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	machine := postForm(t, p.URL("token"), demo("grant_type", "client_credentials")).text(t, "access_token")
	plain := login(t, p, "scope", "read").text(t, "access_token")
	good := login(t, p, "scope", "openid").text(t, "access_token")
	for name, test := range map[string]struct {
		request   *http.Request
		status    int
		challenge string
	}{
		"no token":               {request(t, http.MethodGet, p.URL("userinfo"), ""), 401, `Bearer realm="mockoauth"`},
		"an unknown token":       {request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer x"), 401, `error="invalid_token"`},
		"a token without openid": {request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+plain), 403, `scope="openid", error="insufficient_scope"`},
		"a client's own token":   {request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+machine), 403, `error="insufficient_scope"`},
		"a token in the URL":     {request(t, http.MethodGet, p.URL("userinfo")+"?access_token="+good, ""), 401, `Bearer realm="mockoauth"`},
		"two tokens":             {request(t, http.MethodPost, p.URL("userinfo"), "access_token="+good, "Content-Type", formType, "Authorization", "Bearer "+good), 400, `error="invalid_request"`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := send(t, test.request)
			g.Expect(a.status).To(Equal(test.status), a.body)
			g.Expect(a.header.Get("WWW-Authenticate")).To(ContainSubstring(test.challenge))
			if name == "no token" {
				g.Expect(a.header.Get("WWW-Authenticate")).NotTo(ContainSubstring("error"))
			}
		})
	}
	t.Run("and takes it from the form of a POST", func(t *testing.T) {
		a := postForm(t, p.URL("userinfo"), params("access_token", good))
		NewWithT(t).Expect(a.status).To(Equal(http.StatusOK), a.body)
	})
}

// form_post carries the answer in a form, with everything escaped (OAuth 2.0 Form
// Post Response Mode §2).
func TestFormPost(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithLogin("auto"))
	address := p.AuthorizationURL(p.Client(), params("response_mode", "form_post", "state", `"><script>alert(1)</script>`))
	response, err := browser(t, p).Get(address)
	page := read(t, response, err)
	g.Expect(response.StatusCode).To(Equal(http.StatusOK))
	g.Expect(page).To(And(
		ContainSubstring(`action="`+redirectURI+`"`), ContainSubstring(`name="code"`), ContainSubstring(`name="iss"`),
		ContainSubstring(`name="state"`), Not(ContainSubstring("<script>alert"))))
}

// Logging out by the client's wish (OpenID Connect RP-Initiated Logout §2, §3).
func TestEndSession(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithFixtures(webSet()))
	begin := func(t *testing.T) (*http.Client, answer) {
		t.Helper()
		g := NewWithT(t)
		c := browser(t, p)
		form := params("response_type", "code", "client_id", "one", "redirect_uri", "https://one.example/cb", "scope", "openid", "action", "login", "username", "bob", "password", "builder")
		response, err := c.PostForm(p.URL("authorization"), form)
		g.Expect(err).NotTo(HaveOccurred())
		back, err := url.Parse(response.Header.Get("Location"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(response.Body.Close()).To(Succeed())
		tokens := postForm(t, p.URL("token"), params("grant_type", "authorization_code", "client_id", "one", "client_secret", "s3cret", "code", back.Query().Get("code"), "redirect_uri", "https://one.example/cb"))
		g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
		return c, tokens
	}
	visit := func(t *testing.T, c *http.Client, method string, form url.Values) *http.Response {
		t.Helper()
		r := request(t, http.MethodGet, p.URL("end_session")+"?"+form.Encode(), "")
		if method == http.MethodPost {
			r = request(t, http.MethodPost, p.URL("end_session"), form.Encode(), "Content-Type", formType)
		}
		response, err := c.Do(r)
		_ = read(t, response, err)
		return response
	}
	t.Run("with a hint and a registered URI", func(t *testing.T) {
		g := NewWithT(t)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			c, tokens := begin(t)
			response := visit(t, c, method, params("id_token_hint", tokens.text(t, "id_token"), "post_logout_redirect_uri", "https://one.example/bye", "state", "x"))
			g.Expect(response.Header.Get("Location")).To(Equal("https://one.example/bye?state=x"))
			g.Expect(isLoggedIn(t, p, c)).To(BeFalse())
			late := postForm(t, p.URL("token"), params("grant_type", "refresh_token", "client_id", "one", "client_secret", "s3cret", "refresh_token", tokens.text(t, "refresh_token")))
			g.Expect(late.text(t, "error")).To(Equal("invalid_grant"), "the refresh token was not for offline access")
		}
	})
	t.Run("without a hint the user is asked", func(t *testing.T) {
		g := NewWithT(t)
		c, _ := begin(t)
		g.Expect(visit(t, c, http.MethodGet, nil).StatusCode).To(Equal(http.StatusOK))
		g.Expect(isLoggedIn(t, p, c)).To(BeTrue())
		visit(t, c, http.MethodGet, params("action", "logout"))
		g.Expect(isLoggedIn(t, p, c)).To(BeTrue(), "by a link nobody is logged out")
		visit(t, c, http.MethodPost, params("action", "stay"))
		g.Expect(isLoggedIn(t, p, c)).To(BeTrue())
		visit(t, c, http.MethodPost, params("action", "logout"))
		g.Expect(isLoggedIn(t, p, c)).To(BeFalse())
	})
	for name, form := range map[string]url.Values{
		"an unregistered URI":        params("client_id", "one", "post_logout_redirect_uri", "https://evil.example/"),
		"a URI of nobody":            params("post_logout_redirect_uri", "https://one.example/bye"),
		"a hint that is none":        params("id_token_hint", "x"),
		"a registered one, and more": params("client_id", "one", "post_logout_redirect_uri", "https://one.example/bye?x=1"),
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			g := NewWithT(t)
			response := visit(t, browser(t, p), http.MethodGet, form)
			g.Expect(response.StatusCode).To(Equal(http.StatusBadRequest))
			g.Expect(response.Header.Get("Location")).To(BeEmpty())
		})
	}
	t.Run("refuses a hint for another client", func(t *testing.T) {
		c, tokens := begin(t)
		response := visit(t, c, http.MethodGet, params("id_token_hint", tokens.text(t, "id_token"), "client_id", "two"))
		NewWithT(t).Expect(response.StatusCode).To(Equal(http.StatusBadRequest))
	})
}

// A session ends by the provider's clock.
func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	c := browser(t, p)
	ask := func(pairs ...string) string {
		response, err := c.PostForm(p.URL("authorization"), params(append([]string{"response_type", "code", "client_id", "demo", "redirect_uri", redirectURI}, pairs...)...))
		_ = read(t, response, err)
		return response.Header.Get("Location")
	}
	g.Expect(ask("action", "login", "username", "alice", "password", "alice")).To(ContainSubstring("code="))
	p.Clock().Advance(23 * time.Hour)
	g.Expect(ask("prompt", "none")).To(ContainSubstring("code="))
	p.Clock().Advance(2 * time.Hour)
	g.Expect(ask("prompt", "none")).To(ContainSubstring("error=login_required"))
}

// A test says who logs in next, or that the user says no.
func TestLoginAndDeny(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	p.Login("alice")
	p.Deny()
	g.Expect(callback(t, p, "demo").Has("code")).To(BeTrue())
	g.Expect(callback(t, p, "demo", "state", "x").Encode()).To(And(ContainSubstring("error=access_denied"), ContainSubstring("state=x")))
	_, err := p.SignIn(t.Context(), p.AuthorizationURL(p.Client(), nil))
	g.Expect(err).To(MatchError(provider.ErrPage))
	p.Login("nobody")
	g.Expect(callback(t, p, "demo").Get("error")).To(Equal("access_denied"))
}
