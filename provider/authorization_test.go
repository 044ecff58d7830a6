package provider_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

const redirectURI = "http://localhost:3000/callback" // of the demo clients

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// callback goes through a login that needs no page.
func callback(t *testing.T, p *provider.Provider, clientID string, pairs ...string) url.Values {
	t.Helper()
	set := p.Fixtures()
	for _, c := range set.Clients {
		if c.ID == clientID {
			back, err := p.SignIn(t.Context(), p.AuthorizationURL(c, params(pairs...)))
			NewWithT(t).Expect(err).NotTo(HaveOccurred())
			return back.Query()
		}
	}
	t.Fatalf("no client %s", clientID)
	return nil
}

func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	g := NewWithT(t)
	parts := strings.Split(token, ".")
	g.Expect(parts).To(HaveLen(3), token)
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	g.Expect(err).NotTo(HaveOccurred())
	claims := map[string]any{}
	g.Expect(json.Unmarshal(raw, &claims)).To(Succeed())
	return claims
}

// A login from the browser's first request to userinfo (OpenID Connect Core §3.1).
func TestCodeFlow(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	p.Login("alice")
	back := callback(t, p, "demo", "scope", "openid profile email read", "state", "s", "nonce", "n")
	g.Expect(back.Get("state")).To(Equal("s"))
	g.Expect(back.Get("iss")).To(Equal(p.Issuer()))
	tokens := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
	g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
	g.Expect(tokens.text(t, "scope")).To(Equal("openid profile email read"))
	claims := claimsOf(t, tokens.text(t, "id_token"))
	g.Expect(claims).To(And(
		HaveKeyWithValue("iss", p.Issuer()), HaveKeyWithValue("aud", "demo"), HaveKeyWithValue("nonce", "n"),
		HaveKey("sub"), HaveKey("exp"), HaveKey("iat"), HaveKey("auth_time"), HaveKey("at_hash"), HaveKey("sid")))

	info := send(t, request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+tokens.text(t, "access_token")))
	g.Expect(info.json(t)).To(And(
		HaveKeyWithValue("sub", claims["sub"]), HaveKeyWithValue("name", "Alice Example"), HaveKeyWithValue("email", "alice@example.com")))

	p.Clock().Advance(time.Minute)
	again := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", tokens.text(t, "refresh_token")))
	g.Expect(again.status).To(Equal(http.StatusOK), again.body)
	refreshed := claimsOf(t, again.text(t, "id_token"))
	g.Expect(refreshed).NotTo(HaveKey("nonce"))
	g.Expect(refreshed["auth_time"]).To(Equal(claims["auth_time"]))
	g.Expect(refreshed["iat"].(float64) - claims["iat"].(float64)).To(BeNumerically("~", 60, 1))

	replay := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
	g.Expect(replay.text(t, "error")).To(Equal("invalid_grant"))
	g.Expect(active(t, p, again.text(t, "access_token"))).To(BeFalse(), "a replay ends what the code gave")
}

// PKCE cannot be left out, mistaken or downgraded (RFC 7636 §4.6; RFC 9700 §4.8).
func TestPKCE(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithLogin("auto"))
	verifier := strings.Repeat("v", 43)
	redeem := func(t *testing.T, code string, verifiers ...string) answer {
		t.Helper()
		var last answer
		for _, v := range verifiers {
			form := params("grant_type", "authorization_code", "client_id", "demo-public", "code", code, "redirect_uri", redirectURI)
			if v != "" {
				form.Set("code_verifier", v)
			}
			last = postForm(t, p.URL("token"), form)
		}
		return last
	}
	for name, test := range map[string]struct {
		verifiers []string
		status    int
	}{
		"the right verifier":           {[]string{verifier}, 200},
		"no verifier":                  {[]string{""}, 400},
		"a wrong verifier":             {[]string{strings.Repeat("w", 43)}, 400},
		"wrong, then none":             {[]string{strings.Repeat("w", 43), ""}, 400},
		"wrong, then right":            {[]string{strings.Repeat("w", 43), verifier}, 200},
		"the challenge as a verifier":  {[]string{challengeOf(verifier)}, 400},
		"a verifier that is too short": {[]string{"short"}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			back := callback(t, p, "demo-public", "code_challenge", challengeOf(verifier), "code_challenge_method", "S256")
			a := redeem(t, back.Get("code"), test.verifiers...)
			g.Expect(a.status).To(Equal(test.status), a.body)
			if test.status != 200 {
				g.Expect(a.text(t, "error")).To(Equal("invalid_grant"))
			}
		})
	}
	for name, pairs := range map[string][]string{
		"a public client without a challenge": {},
		"plain":                               {"code_challenge", verifier, "code_challenge_method", "plain"},
		"a challenge without a method":        {"code_challenge", verifier},
		"a method without a challenge":        {"code_challenge_method", "S256"},
		"an unknown method":                   {"code_challenge", challengeOf(verifier), "code_challenge_method", "S512"},
		"padding":                             {"code_challenge", challengeOf(verifier) + "=", "code_challenge_method", "S256"},
		"a short challenge":                   {"code_challenge", "abc", "code_challenge_method", "S256"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			g := NewWithT(t)
			back := callback(t, p, "demo-public", append(pairs, "state", "x")...)
			g.Expect(back.Get("error")).To(Equal("invalid_request"))
			g.Expect(back.Get("state")).To(Equal("x"))
			g.Expect(back.Has("code")).To(BeFalse())
		})
	}
	t.Run("refuses a verifier without a challenge", func(t *testing.T) {
		g := NewWithT(t)
		back := callback(t, p, "demo")
		a := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI, "code_verifier", verifier))
		g.Expect(a.text(t, "error")).To(Equal("invalid_grant"), a.body)
	})
}

// browser is a browser with cookies and without a person.
func browser(t *testing.T, p *provider.Provider) *http.Client {
	t.Helper()
	c := *p.HTTPClient()
	c.Jar = newJar(t)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// The login and consent pages, as curl with a cookie jar goes through them.
func TestPages(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithConsent("ask"))
	demoClient := p.Client()
	post := func(t *testing.T, c *http.Client, pairs ...string) (*http.Response, string) {
		t.Helper()
		form := params(append([]string{"response_type", "code", "client_id", demoClient.ID, "redirect_uri", redirectURI, "scope", "openid"}, pairs...)...)
		response, err := c.PostForm(p.URL("authorization"), form)
		return response, read(t, response, err)
	}
	t.Run("login, consent, and the second time neither", func(t *testing.T) {
		g := NewWithT(t)
		c := browser(t, p)
		response, page := post(t, c, "action", "login", "username", "alice", "password", "wrong")
		g.Expect(response.StatusCode).To(Equal(http.StatusForbidden))
		g.Expect(page).To(ContainSubstring("The username or the password is wrong."))
		response, page = post(t, c, "action", "login", "username", "alice", "password", "alice")
		g.Expect(response.StatusCode).To(Equal(http.StatusOK))
		g.Expect(page).To(ContainSubstring("Know who you are"))
		response, _ = post(t, c, "action", "allow")
		g.Expect(response.StatusCode).To(Equal(http.StatusSeeOther))
		g.Expect(response.Header.Get("Location")).To(ContainSubstring("code="))
		response, _ = post(t, c)
		g.Expect(response.Header.Get("Location")).To(ContainSubstring("code="), "single sign-on, and the consent is remembered")
	})
	t.Run("deny", func(t *testing.T) {
		response, _ := post(t, browser(t, p), "action", "deny")
		NewWithT(t).Expect(response.Header.Get("Location")).To(ContainSubstring("error=access_denied"))
	})
	t.Run("a form from another origin is refused", func(t *testing.T) {
		g := NewWithT(t)
		form := params("response_type", "code", "client_id", demoClient.ID, "redirect_uri", redirectURI, "action", "login", "username", "alice", "password", "alice")
		a := send(t, request(t, http.MethodPost, p.URL("authorization"), form.Encode(), "Content-Type", formType, "Sec-Fetch-Site", "cross-site"))
		g.Expect(a.status).To(Equal(http.StatusForbidden))
	})
}

// What may not go to the client goes to a page, and nowhere else (RFC 6749 §4.1.2.1).
func TestUnprovenRequestsEndAtAPage(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	p := provider.Start(t, provider.WithLogin("auto"), provider.WithLogger(log.logger()))
	for name, test := range map[string]struct{ query, want string }{
		"no client":           {"response_type=code", "The request has no client_id."},
		"an unknown client":   {"response_type=code&client_id=dmeo", "Did you mean &#39;demo&#39;?"},
		"an unregistered URI": {"response_type=code&client_id=demo&redirect_uri=http://evil/cb", "http://localhost:3000/callback"},
		"a slash too many":    {"response_type=code&client_id=demo&redirect_uri=http://localhost:3000/callback/", "is not registered"},
		"https for http":      {"response_type=code&client_id=demo&redirect_uri=https://127.0.0.1:5555/callback", "is not registered"},
		"localhost's port":    {"response_type=code&client_id=demo&redirect_uri=http://localhost:3001/callback", "is not registered"},
		"no URI, and several": {"response_type=code&client_id=demo", "has several registered"},
		"two clients":         {"response_type=code&client_id=demo&client_id=x&redirect_uri=http://localhost:3000/callback", "more than once"},
		"a fragment":          {"response_type=code&client_id=demo&redirect_uri=http://localhost:3000/callback%23x", "is not registered"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := request(t, http.MethodGet, p.URL("authorization")+"?"+test.query, "")
			response, err := browser(t, p).Do(r)
			page := read(t, response, err)
			g.Expect(response.StatusCode).To(Equal(http.StatusBadRequest))
			g.Expect(response.Header.Get("Location")).To(BeEmpty())
			g.Expect(page).To(ContainSubstring(test.want))
		})
	}
	NewWithT(t).Expect(log.String()).To(ContainSubstring("error=invalid_client reason="), "what the page says stands in the log")
	t.Run("a loopback address may have any port (RFC 8252 §7.3)", func(t *testing.T) {
		back := callback(t, p, "demo", "redirect_uri", "http://127.0.0.1:5555/callback")
		NewWithT(t).Expect(back.Has("code")).To(BeTrue())
	})
}

// prompt and max_age ask for a login that is fresh (OpenID Connect Core §3.1.2.1).
func TestPromptAndMaxAge(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{ID: "web", Secret: "s3cret", RedirectURIs: []string{redirectURI}}}}))
	c := browser(t, p)
	ask := func(pairs ...string) (int, url.Values) {
		t.Helper()
		form := params(append([]string{"response_type", "code", "client_id", "web", "redirect_uri", redirectURI, "scope", "openid"}, pairs...)...)
		response, err := c.PostForm(p.URL("authorization"), form)
		_ = read(t, response, err)
		back, err := url.Parse(response.Header.Get("Location"))
		g.Expect(err).NotTo(HaveOccurred())
		return response.StatusCode, back.Query()
	}
	_, back := ask("prompt", "none")
	g.Expect(back.Get("error")).To(Equal("login_required"))
	_, back = ask("action", "login", "username", "alice", "password", "alice")
	g.Expect(back.Has("code")).To(BeTrue())
	_, back = ask("prompt", "none")
	g.Expect(back.Has("code")).To(BeTrue())
	status, _ := ask("prompt", "login")
	g.Expect(status).To(Equal(http.StatusOK), "the login page again")
	status, _ = ask("max_age", "0")
	g.Expect(status).To(Equal(http.StatusOK), "the login page again")
	p.Clock().Advance(time.Minute)
	_, back = ask("max_age", "3600")
	g.Expect(back.Has("code")).To(BeTrue())
	status, _ = ask("max_age", "30")
	g.Expect(status).To(Equal(http.StatusOK), "the login page again")
	_, back = ask("max_age", "30", "action", "login", "username", "alice", "password", "alice")
	g.Expect(back.Has("code")).To(BeTrue())
	_, back = ask("prompt", "consent", "max_age", "abc")
	g.Expect(back.Get("error")).To(Equal("invalid_request"))
	_, back = ask("prompt", "none login")
	g.Expect(back.Get("error")).To(Equal("invalid_request"))
	status, _ = ask("prompt", "consent")
	g.Expect(status).To(Equal(http.StatusOK), "the consent page")
}

// One click logs in who is listed, and nobody who may not log in.
func TestPickOnlyActiveUsers(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithLogin("pick"), provider.WithFixtures(fixtures.Set{Users: []fixtures.User{
		{Username: "alice", Password: "a"}, {Username: "mallory", Password: "m", Status: fixtures.StatusLocked},
	}}))
	form := params("response_type", "code", "client_id", "demo", "redirect_uri", redirectURI, "action", "login")
	for username, status := range map[string]int{"alice": http.StatusSeeOther, "mallory": http.StatusForbidden, "nobody": http.StatusForbidden} {
		t.Run(username, func(t *testing.T) {
			form := maps.Clone(form)
			form.Set("username", username)
			response, err := browser(t, p).PostForm(p.URL("authorization"), form)
			_ = read(t, response, err)
			NewWithT(t).Expect(response.StatusCode).To(Equal(status))
		})
	}
}

// A browser cannot post to a private scheme, so whatever is wrong beside it comes
// by the query (RFC 8252 §7.1).
func TestFormPostToAnApp(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithLogin("auto"), provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{
		ID: "app", AuthMethod: fixtures.AuthNone, RedirectURIs: []string{"com.example.app:/callback"},
	}}}))
	for name, pairs := range map[string][]string{
		"alone":                         {"response_type", "code"},
		"with an unknown response_type": {"response_type", "token"},
		"without a response_type":       {},
		"with a parameter not served":   {"response_type", "code", "request", "x"},
		"with a parameter sent twice":   {"response_type", "code", "scope", "a", "scope", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := params(append([]string{"client_id", "app", "redirect_uri", "com.example.app:/callback", "response_mode", "form_post"}, pairs...)...)
			response, err := browser(t, p).PostForm(p.URL("authorization"), form)
			_ = read(t, response, err)
			NewWithT(t).Expect(response.Header.Get("Location")).To(HavePrefix("com.example.app:/callback?error="))
		})
	}
}

func headerOf(t *testing.T, token string) map[string]any {
	t.Helper()
	header, _, _ := strings.Cut(token, ".")
	return claimsOf(t, "."+header+".")
}

// A state comes back as it came also after a page, whose form a browser sends with
// other ends of lines (RFC 6749 §4.1.2), and so does a logout's (RP-Initiated Logout §3).
func TestStateSurvivesPages(t *testing.T) {
	t.Parallel()
	const state = "a\nb\rc%0A\r\nd"
	carried := regexp.MustCompile(`name="state\*" value="([^"]*)"`)
	p := provider.Start(t, provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{
		ID: "demo", Secret: "demo-secret", RedirectURIs: []string{redirectURI}, PostLogoutRedirectURIs: []string{redirectURI},
	}}}))
	c := browser(t, p)
	for _, step := range []struct {
		endpoint string
		form     url.Values
		does     []string
	}{
		{"authorization", params("response_type", "code", "client_id", "demo", "redirect_uri", redirectURI), []string{"action", "login", "username", "alice", "password", "alice"}},
		{"end_session", params("client_id", "demo", "post_logout_redirect_uri", redirectURI), []string{"action", "logout"}},
	} {
		g := NewWithT(t)
		step.form.Set("state", state)
		response, err := c.Get(p.URL(step.endpoint) + "?" + step.form.Encode())
		found := carried.FindStringSubmatch(read(t, response, err))
		g.Expect(found).NotTo(BeNil(), step.endpoint)
		step.form.Del("state")
		step.form.Set("state*", html.UnescapeString(found[1]))
		for i := 0; i < len(step.does); i += 2 {
			step.form.Set(step.does[i], step.does[i+1])
		}
		response, err = c.PostForm(p.URL(step.endpoint), step.form)
		_ = read(t, response, err)
		location, err := response.Location()
		g.Expect(err).NotTo(HaveOccurred(), step.endpoint)
		g.Expect(location.Query().Get("state")).To(Equal(state), step.endpoint)
	}
}
