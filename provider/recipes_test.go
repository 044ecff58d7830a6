package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/lint"
)

// The README's recipes in Go. It shows what each does behind its first lines, and a
// test in cmd/mockoauth compares.

// stage is what an example has in place of a test.
type stage struct {
	ends []func()
	idp  *provider.Provider
}

func (s *stage) Helper()                           {}
func (s *stage) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (s *stage) Cleanup(end func())                { s.ends = append(s.ends, end) }
func (s *stage) Name() string                      { return "TestLogin" }
func (s *stage) Context() context.Context          { return context.Background() }

// begin begins as the recipes do, and remembers the provider.
func (s *stage) begin() (*provider.Provider, oauth2.Config) {
	idp, client := begin(s)
	s.idp = idp
	return idp, client
}

// end ends what was begun. What the README shows must not be what the lint calls an error.
func (s *stage) end() {
	if s.idp != nil {
		for _, f := range s.idp.Findings().AtLeast(lint.Error) {
			s.Fatalf("the recipe breaks %s: %s: %s", f.Rule, f.Title, f.Sent)
		}
	}
	for _, end := range s.ends {
		end()
	}
}

func begin(t *stage) (*provider.Provider, oauth2.Config) {
	idp := provider.Start(t)
	demo := idp.Client()
	client := oauth2.Config{
		ClientID: demo.ID, ClientSecret: demo.Secret, RedirectURL: demo.RedirectURIs[0],
		Scopes: []string{"openid", "read"},
		Endpoint: oauth2.Endpoint{
			AuthURL: idp.URL("authorization"), TokenURL: idp.URL("token"), AuthStyle: oauth2.AuthStyleInHeader,
		},
	}
	return idp, client
}

func Example_down() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	token, _ := client.PasswordCredentialsToken(t.Context(), "alice", "alice")
	idp.Inject(fault.TokenUnavailable.Times(3))
	source := client.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken})
	for range 4 {
		_, err := source.Token()
		fmt.Println("refreshed:", err == nil)
	}
	// Output:
	// refreshed: false
	// refreshed: false
	// refreshed: false
	// refreshed: true
}

func Example_rotation() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	discovered, _ := oidc.NewProvider(t.Context(), idp.Issuer())
	verifier := discovered.Verifier(&oidc.Config{ClientID: client.ClientID})
	_ = idp.Keys().Publish() // without it, the client has to get the key set once more
	idp.Login("alice")
	callback, _ := idp.SignIn(t.Context(), client.AuthCodeURL("state"))
	token, _ := client.Exchange(t.Context(), callback.Query().Get("code"))
	_, before := verifier.Verify(t.Context(), token.Extra("id_token").(string))
	_ = idp.Keys().Rotate()
	token, _ = client.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	_, after := verifier.Verify(t.Context(), token.Extra("id_token").(string))
	fmt.Println(before, after)
	// Output: <nil> <nil>
}

func Example_denial() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	idp.Deny()
	callback, err := idp.SignIn(t.Context(), client.AuthCodeURL("state"))
	fmt.Println(callback.Query().Get("error"), err)
	// Output: access_denied <nil>
}

func Example_expiry() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	token, _ := client.PasswordCredentialsToken(t.Context(), "alice", "alice")
	api := oauth2.NewClient(t.Context(), oauth2.StaticTokenSource(token))
	first, _ := api.Get(idp.URL("resource"))
	idp.Clock().Advance(2 * time.Hour)
	second, _ := api.Get(idp.URL("resource"))
	fmt.Println(first.StatusCode, second.StatusCode)
	// Output: 200 401
}

func Example_somebodyElse() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	idp.Login("alice")
	callback, _ := idp.SignIn(t.Context(), client.AuthCodeURL("state"))
	token, _ := client.Exchange(t.Context(), callback.Query().Get("code"))
	_ = idp.QueueLogin(provider.NextLogin{User: "apitester", On: "refresh"}) // and now as somebody else yet
	_, err := client.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	for _, x := range idp.Requests().To("token") {
		fmt.Println(x.Grant, x.User, err)
	}
	// Output:
	// authorization_code alice <nil>
	// refresh_token apitester <nil>
}

func Example_client() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	mine, err := idp.AddClient(fixtures.Client{Scopes: []string{"read"}, AccessToken: fixtures.AccessToken{Format: "opaque"}})
	client.ClientID, client.ClientSecret, client.Scopes = mine.ID, mine.Secret, nil
	token, _ := client.PasswordCredentialsToken(t.Context(), "alice", "alice")
	fmt.Println(token.Extra("scope"), err)
	_ = idp.RemoveClient(mine.ID) // ends its tokens, too
	// Output: read <nil>
}

func Example_tenant() {
	t := &stage{}
	defer t.end()
	idp, _ := t.begin()

	mine := idp.Tenant(t.Name())
	mine.Clock().Advance(24 * time.Hour)
	mine.Inject(fault.TokenUnavailable)
	fmt.Println(strings.TrimPrefix(mine.Issuer(), idp.Issuer()), len(mine.Faults()), len(idp.Faults()))
	// Output: /TestLogin 1 0
}

func Example_requests() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	_, _ = client.PasswordCredentialsToken(t.Context(), "alice", "wonderland")
	sent := idp.Requests().To("token").Last()
	fmt.Println(sent.Client, sent.Status, sent.Error, sent.Reason)
	fmt.Println(string(sent.Request.Body))
	// Output:
	// demo 400 invalid_grant wrong password of user 'alice'
	// grant_type=password&password=wonderland&scope=openid+read&username=alice
}

func Example_findings() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	idp.Login("alice")
	_, _ = idp.SignIn(t.Context(), client.AuthCodeURL("next-page")) // a state that can be guessed, and no PKCE
	for _, f := range idp.Findings().Of("demo").AtLeast(lint.Warn) {
		fmt.Println(f.Rule, f.Severity, f.Sent)
	}
	// Output:
	// RL-85 warn state=next-page, 9 characters
	// RL-88 warn no code_challenge
}

func Example_forgery() {
	t := &stage{}
	defer t.end()
	idp, _ := t.begin()

	for _, forged := range []provider.Minting{
		{User: "alice", Key: "foreign"}, // signed by a key that is published nowhere
		{User: "alice", Key: "none"},    // by nobody
		{User: "alice", Claims: provider.Claims{"iss": "https://other.example"}},
		{User: "alice", Claims: provider.Claims{"exp": 0}},
	} {
		token, _ := idp.Mint(forged)
		api := oauth2.NewClient(t.Context(), oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
		answer, _ := api.Get(idp.URL("resource")) // where your resource server would be
		fmt.Println(answer.StatusCode)
	}
	// Output:
	// 401
	// 401
	// 401
	// 401
}

func Example_resource() {
	t := &stage{}
	defer t.end()
	idp, client := t.begin()

	token, _ := client.PasswordCredentialsToken(t.Context(), "alice", "alice")
	api := oauth2.NewClient(t.Context(), oauth2.StaticTokenSource(token))
	busy, _ := fault.Order{
		At: fault.Words{"resource"}, Status: http.StatusTooManyRequests,
		Headers: map[string]fault.Words{"Retry-After": {"1"}}, Times: 1,
	}.Fault(nil)
	idp.Inject(busy)
	for range 2 {
		answer, _ := api.Get(idp.URL("resource") + "/orders?scope=read")
		fmt.Println(answer.StatusCode)
	}
	_, _ = idp.Revoke(provider.Revocation{User: "alice"})
	answer, _ := api.Get(idp.URL("resource") + "/orders?scope=read")
	fmt.Println(answer.StatusCode, answer.Header.Get("WWW-Authenticate")[:6])
	// Output:
	// 429
	// 200
	// 401 Bearer
}

func Example_seed() {
	t := &stage{}
	defer t.end()

	one, other := provider.Start(t, provider.WithSeed("42")), provider.Start(t, provider.WithSeed("42"))
	first, _ := one.AddClient(fixtures.Client{})
	second, _ := other.AddClient(fixtures.Client{})
	fmt.Println(first.ID == second.ID, first.Secret == second.Secret)
	// Output: true true
}
