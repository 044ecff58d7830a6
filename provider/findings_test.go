package provider_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	. "github.com/onsi/gomega"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/lint"
)

// wellBehaved is a provider with a client that has nothing that could be done wrongly.
func wellBehaved(t *testing.T, options ...provider.Option) *provider.Provider {
	t.Helper()
	return provider.Start(t, append([]provider.Option{provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{
		ID: "web", Secret: "a secret: with 100% of + and /", AuthMethod: fixtures.AuthBasic,
		RedirectURIs: []string{"http://127.0.0.1/callback"}, PostLogoutRedirectURIs: []string{"http://127.0.0.1/bye"},
	}}})}, options...)...)
}

// polite says what it accepts, which x/oauth2 does not.
type polite struct{}

func (polite) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/json")
	return http.DefaultTransport.RoundTrip(r)
}

func fetched(t *testing.T, c *http.Client, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := c.Do(r)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return response, string(body)
}

// visited is what a browser gets that logs in by the page.
func visited(t *testing.T, browser *http.Client, address string) *url.URL {
	t.Helper()
	g := NewWithT(t)
	get, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	g.Expect(err).NotTo(HaveOccurred())
	response, page := fetched(t, browser, get)
	if response.StatusCode == http.StatusOK {
		form := url.Values{"action": {"login"}, "username": {"alice"}, "password": {"alice"}}
		for _, part := range strings.Split(page, `<input type="hidden" name="`)[1:] {
			name, rest, _ := strings.Cut(part, `" value="`)
			value, _, _ := strings.Cut(rest, `"`)
			if name != "action" {
				form.Set(name, strings.NewReplacer("&amp;", "&", "&#43;", "+").Replace(value))
			}
		}
		post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address[:strings.Index(address, "?")], strings.NewReader(form.Encode()))
		g.Expect(err).NotTo(HaveOccurred())
		post.Header.Set("Content-Type", formType)
		post.Header.Set("Referer", address)
		post.Header.Set("Origin", address[:strings.Index(address, "/authorize")])
		response, page = fetched(t, browser, post)
	}
	g.Expect(response.StatusCode).To(Equal(http.StatusSeeOther), page)
	to, err := response.Location()
	g.Expect(err).NotTo(HaveOccurred())
	return to
}

// A client that does all well, by x/oauth2 and go-oidc, has nothing to be told; the
// password grant is told of where it is used.
func TestWellBehavedClientHasNoFindings(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	idp := wellBehaved(t)
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: polite{}})
	issuer, err := oidc.NewProvider(ctx, idp.Issuer())
	g.Expect(err).NotTo(HaveOccurred())
	endpoint := issuer.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	client := idp.Client()

	machine := clientcredentials.Config{ClientID: client.ID, ClientSecret: client.Secret, TokenURL: endpoint.TokenURL, Scopes: []string{"read"}, AuthStyle: oauth2.AuthStyleInHeader}
	response, err := machine.Client(ctx).Get(idp.URL("resource"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.StatusCode).To(Equal(http.StatusOK))
	_ = response.Body.Close()

	jar, err := cookiejar.New(nil)
	g.Expect(err).NotTo(HaveOccurred())
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	app := oauth2.Config{ClientID: client.ID, ClientSecret: client.Secret, Endpoint: endpoint, RedirectURL: "http://127.0.0.1/callback", Scopes: []string{"openid", "offline_access"}}
	for range 6 {
		verifier, state, nonce := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
		back := visited(t, browser, app.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("prompt", "login")))
		g.Expect(back.Query().Get("state")).To(Equal(state))
		token, err := app.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
		g.Expect(err).NotTo(HaveOccurred())
		raw := token.Extra("id_token").(string)
		_, err = issuer.Verifier(&oidc.Config{ClientID: client.ID, Now: idp.Clock().Now}).Verify(ctx, raw)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = issuer.UserInfo(ctx, oauth2.StaticTokenSource(token))
		g.Expect(err).NotTo(HaveOccurred())
		idp.Clock().Advance(token.Expiry.Sub(idp.Clock().Now()) - 10e9)
		token, err = app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		g.Expect(err).NotTo(HaveOccurred())
		for _, name := range []string{"introspection", "revocation"} {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, idp.URL(name), strings.NewReader(url.Values{"token": {token.AccessToken}}.Encode()))
			g.Expect(err).NotTo(HaveOccurred())
			r.Header.Set("Content-Type", formType)
			r.SetBasicAuth(url.QueryEscape(client.ID), url.QueryEscape(client.Secret))
			answer, body := fetched(t, http.DefaultClient, r)
			g.Expect(answer.StatusCode).To(Equal(http.StatusOK), body)
		}
		out, err := http.NewRequestWithContext(ctx, http.MethodGet, idp.URL("end_session")+"?"+url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {"http://127.0.0.1/bye"}}.Encode(), nil)
		g.Expect(err).NotTo(HaveOccurred())
		left, body := fetched(t, browser, out)
		g.Expect(left.StatusCode).To(Equal(http.StatusSeeOther), body)
	}
	g.Expect(idp.Findings().AtLeast(lint.Warn)).To(BeEmpty())

	_, err = app.PasswordCredentialsToken(ctx, "alice", "alice")
	g.Expect(err).NotTo(HaveOccurred())
	found := idp.Findings().AtLeast(lint.Warn)
	g.Expect(found).To(HaveLen(1))
	g.Expect(found[0].Rule).To(Equal("RL-60"))
}

// What libraries are known to do wrongly is found, and by its own rule (RFC 6749 §2.3.1, §2.3).
func TestKnownDefectsAreFound(t *testing.T) {
	t.Parallel()
	idp := wellBehaved(t)
	client := idp.Client()
	for rule, ask := range map[string]func(*provider.Provider){
		"RL-42": func(p *provider.Provider) {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("token"), strings.NewReader("grant_type=client_credentials"))
			r.Header.Set("Content-Type", formType)
			r.SetBasicAuth(client.ID, client.Secret) // as it is
			_, body := fetched(t, http.DefaultClient, r)
			NewWithT(t).Expect(body).To(ContainSubstring("form-encoded"))
		},
		"RL-45": func(p *provider.Provider) {
			probing := clientcredentials.Config{ClientID: client.ID, ClientSecret: "wrong", TokenURL: p.URL("token")}
			_, _ = probing.Token(t.Context())
		},
		"RL-116": func(p *provider.Provider) {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL("resource")+"?access_token=abc", nil)
			_, _ = fetched(t, http.DefaultClient, r)
		},
	} {
		tenant := idp.Tenant(rule)
		ask(tenant)
		found := tenant.Findings().Select(lint.Filter{Rule: rule})
		NewWithT(t).Expect(found).To(HaveLen(1), rule)
		NewWithT(t).Expect(idp.Findings()).To(BeEmpty(), "tenants are their own")
	}
}

// A finding is logged once, without secrets, and forgotten by a reset.
func TestFindingsAreLoggedOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out bytes.Buffer
	idp := provider.Start(t, provider.WithLogger(slog.New(slog.NewTextHandler(&out, nil))))
	for range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, idp.URL("token")+"?client_secret=demo-secret", strings.NewReader("grant_type=client_credentials"))
		g.Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Content-Type", formType)
		_, _ = fetched(t, http.DefaultClient, r)
	}
	g.Expect(strings.Count(out.String(), "rule=RL-02")).To(Equal(1))
	g.Expect(out.String()).To(ContainSubstring("severity=error"))
	g.Expect(out.String()).NotTo(ContainSubstring("demo-secret"))
	g.Expect(idp.Findings()).NotTo(BeEmpty())
	idp.Reset()
	g.Expect(idp.Findings()).To(BeEmpty())
}

// Nothing is read where it is off, or where nothing is recorded.
func TestLintIsOff(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for _, off := range []provider.Option{provider.WithoutLint(), provider.WithRecord(0)} {
		idp := provider.Start(t, off)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, idp.URL("token"), nil)
		g.Expect(err).NotTo(HaveOccurred())
		_, _ = fetched(t, http.DefaultClient, r)
		g.Expect(idp.Findings()).To(BeEmpty())
		idp.ClearFindings()
	}
}

// The refusal says it, too, where the secret is right and only its encoding is wrong
// (RFC 6749 §2.3.1), and no more than usual where the secret is wrong.
func TestRefusalExplainsBasicThatIsNotEncoded(t *testing.T) {
	t.Parallel()
	idp := provider.Start(t, provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{ID: "web", Secret: "a+secret"}}}))
	for secret, told := range map[string]bool{"a+secret": true, "a+guess": false} {
		g := NewWithT(t)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, idp.URL("token"), strings.NewReader("grant_type=client_credentials"))
		g.Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Content-Type", formType)
		r.SetBasicAuth("web", secret)
		response, body := fetched(t, http.DefaultClient, r)
		g.Expect(response.StatusCode).To(Equal(http.StatusUnauthorized))
		g.Expect(strings.Contains(body, "not form-encoded before Base64")).To(Equal(told), body)
	}
}
