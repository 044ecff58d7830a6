package provider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// The tutorial's requests work as printed, with the demo set and with a client
// of one's own.
func TestTutorial(t *testing.T) {
	t.Parallel()
	pinned := fixtures.Set{Clients: []fixtures.Client{{ID: "60c97d61be3d5d1a8b5d", Secret: "61a8fc5e4e2d1b3f6f3a61a8fc5e4e2d1b3f6f3a"}}, Users: fixtures.Default().Users}
	for name, test := range map[string]struct {
		options    []provider.Option
		id, secret string
	}{
		"with no configuration": {nil, "demo", "demo-secret"},
		"with a pinned client":  {[]provider.Option{provider.WithFixtures(pinned)}, pinned.Clients[0].ID, pinned.Clients[0].Secret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p := provider.Start(t, test.options...)
			body := "client_id=" + test.id + "&client_secret=" + test.secret + "&grant_type=password&username=apitester&password=apitester&scope=write"
			token := send(t, request(t, http.MethodPost, p.Issuer()+"/oauth2/access_token", body, "Content-Type", formType))
			g.Expect(token.status).To(Equal(http.StatusOK), token.body)
			g.Expect(token.json(t)).To(And(
				HaveKeyWithValue("scope", "write"), HaveKeyWithValue("token_type", "Bearer"), HaveKeyWithValue("expires_in", 3600.0),
				HaveKey("access_token"), HaveKey("refresh_token")))
			g.Expect(token.body).To(ContainSubstring(`"scope":"write"`))

			verified := postForm(t, p.URL("verify"), params("token", token.text(t, "access_token")))
			g.Expect(verified.status).To(Equal(http.StatusOK))
			g.Expect(verified.body).To(Equal(`{"user":"apitester"}`))

			again := postForm(t, p.Issuer()+"/oauth2/access_token", params(
				"client_id", test.id, "client_secret", test.secret, "grant_type", "refresh_token", "refresh_token", token.text(t, "refresh_token")))
			g.Expect(again.status).To(Equal(http.StatusOK), again.body)
			g.Expect(again.text(t, "scope")).To(Equal("write"))
		})
	}
}

// The verify view takes a token from three places and refuses in one way.
func TestVerify(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	token := login(t, p).text(t, "access_token")
	revoked := login(t, p).text(t, "access_token")
	NewWithT(t).Expect(postForm(t, p.URL("revocation"), demo("token", revoked)).status).To(Equal(http.StatusOK))
	machine := postForm(t, p.URL("token"), demo("grant_type", "client_credentials")).text(t, "access_token")
	verify := p.URL("verify")

	for name, test := range map[string]struct {
		request *http.Request
		status  int
		body    string
	}{
		"form":                 {request(t, http.MethodPost, verify, "token="+token, "Content-Type", formType), 200, `{"user":"alice"}`},
		"query":                {request(t, http.MethodGet, verify+"?token="+token, ""), 200, `{"user":"alice"}`},
		"query of a POST":      {request(t, http.MethodPost, verify+"?token="+token, ""), 200, `{"user":"alice"}`},
		"header":               {request(t, http.MethodGet, verify, "", "Authorization", "Bearer "+token), 200, `{"user":"alice"}`},
		"header, another case": {request(t, http.MethodGet, verify, "", "Authorization", "bEARER "+token), 200, `{"user":"alice"}`},
		"a client's own token": {request(t, http.MethodGet, verify, "", "Authorization", "Bearer "+machine), 200, `{"client":"demo"}`},
		"missing":              {request(t, http.MethodGet, verify, ""), 403, `{"error":"invalid_request"}`},
		"empty":                {request(t, http.MethodPost, verify, "token=", "Content-Type", formType), 403, `{"error":"invalid_request"}`},
		"unknown":              {request(t, http.MethodGet, verify+"?token=unknown", ""), 403, `{"error":"invalid_request"}`},
		"revoked":              {request(t, http.MethodGet, verify+"?token="+revoked, ""), 403, `{"error":"invalid_request"}`},
		"another scheme":       {request(t, http.MethodGet, verify, "", "Authorization", "Token "+token), 403, `{"error":"invalid_request"}`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := send(t, test.request)
			g.Expect(a.status).To(Equal(test.status), a.body)
			g.Expect(a.body).To(Equal(test.body))
			g.Expect(a.header.Get("Cache-Control")).To(Equal("no-store"))
			if test.status == http.StatusForbidden { // RFC 6750 §3
				g.Expect(a.header.Get("WWW-Authenticate")).To(HavePrefix("Bearer "))
			}
		})
	}
	t.Run("a refresh token", func(t *testing.T) {
		a := postForm(t, verify, params("token", login(t, p).text(t, "refresh_token")))
		NewWithT(t).Expect(a.status).To(Equal(http.StatusForbidden))
	})
	t.Run("in two places (RFC 6750 §2)", func(t *testing.T) {
		a := send(t, request(t, http.MethodGet, verify+"?token="+token, "", "Authorization", "Bearer "+token))
		NewWithT(t).Expect(a.status).To(Equal(http.StatusBadRequest))
	})
}

// Tokens expire by the provider's clock, at the very second, and not before.
func TestExpiry(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]string{"jwt": fixtures.FormatJWT, "opaque": fixtures.FormatOpaque} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p := provider.Start(t, provider.WithAccessTokenFormat(format))
			p.Clock().Freeze()
			tokens := login(t, p)
			access, refresh := tokens.text(t, "access_token"), tokens.text(t, "refresh_token")
			g.Expect(strings.Count(access, ".") == 2).To(Equal(format == fixtures.FormatJWT))
			p.Clock().Advance(time.Hour - time.Second)
			g.Expect(active(t, p, access)).To(BeTrue())
			p.Clock().Advance(2 * time.Second)
			g.Expect(active(t, p, access)).To(BeFalse())
			verified := postForm(t, p.URL("verify"), params("token", access))
			g.Expect(verified.status).To(Equal(http.StatusForbidden))

			g.Expect(active(t, p, refresh)).To(BeTrue())
			p.Clock().Advance(721 * time.Hour)
			g.Expect(active(t, p, refresh)).To(BeFalse())
			late := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", refresh))
			g.Expect(late.status).To(Equal(http.StatusBadRequest))
			g.Expect(late.text(t, "error")).To(Equal("invalid_grant"))
		})
	}
}

// A client's fixture decides on format, lifespans and claims of its tokens.
func TestClientOverrides(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	client := fixtures.Client{
		ID: "own", Secret: "way",
		AccessToken:  fixtures.AccessToken{Format: fixtures.FormatOpaque, Lifespan: fixtures.Duration(90 * time.Second), Claims: map[string]any{"tenant": "acme"}},
		RefreshToken: fixtures.RefreshToken{Lifespan: fixtures.Duration(10 * time.Minute)},
	}
	p := provider.Start(t, provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{client}, Users: fixtures.Default().Users}))
	form := params("client_id", "own", "client_secret", "way", "grant_type", "password", "username", "alice", "password", "alice")
	tokens := postForm(t, p.URL("token"), form)
	g.Expect(tokens.json(t)).To(HaveKeyWithValue("expires_in", 90.0))
	g.Expect(tokens.text(t, "access_token")).NotTo(ContainSubstring("."))

	about := postForm(t, p.URL("introspection"), params("client_id", "own", "client_secret", "way", "token", tokens.text(t, "access_token")))
	g.Expect(about.json(t)).To(And(HaveKeyWithValue("tenant", "acme"), HaveKeyWithValue("username", "alice"), HaveKeyWithValue("active", true)))

	p.Clock().Advance(11 * time.Minute)
	late := postForm(t, p.URL("token"), params("client_id", "own", "client_secret", "way", "grant_type", "refresh_token", "refresh_token", tokens.text(t, "refresh_token")))
	g.Expect(late.text(t, "error")).To(Equal("invalid_grant"))
}
