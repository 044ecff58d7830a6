package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// exampleToken asks a provider's handler for a token, and tells the status.
func exampleToken(idp *provider.Provider, c fixtures.Client) int {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {c.Secret}}
	r := httptest.NewRequest(http.MethodPost, idp.URL("token"), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	idp.ServeHTTP(w, r)
	return w.Code
}

// Tests that run at the same time each take a tenant of one provider: an issuer with
// a clock, faults, users and a record of its own.
func ExampleProvider_Tenant() {
	var t *testing.T // your test's
	shared := provider.Start(t)

	for _, lifespan := range []time.Duration{time.Minute, time.Hour} {
		t.Run(lifespan.String(), func(t *testing.T) {
			t.Parallel()
			idp := shared.Tenant(t.Name())
			idp.Clock().Advance(lifespan) // and nobody else's
		})
	}
}

// What is left out is filled, as in the fixtures.
func ExampleProvider_AddClient() {
	idp, _ := provider.New(provider.WithIssuer("http://idp.test"))
	web, err := idp.AddClient(fixtures.Client{ID: "web", Grants: []string{"client_credentials"}})
	fmt.Println(exampleToken(idp, web), len(web.Secret), err)

	_, err = idp.AddClient(fixtures.Client{ID: "worse", Grants: []string{"pasword"}})
	fmt.Println(err)
	// Output:
	// 200 40 <nil>
	// The client breaks the rules of the fixtures.
	// grants[0]: unknown grant "pasword", did you mean "password"?
}

// A test waits for what its client sends, and not for a time.
func ExampleProvider_WaitForRequests() {
	idp, _ := provider.New(provider.WithIssuer("http://idp.test"))
	go exampleToken(idp, fixtures.Client{ID: "demo", Secret: "wrong"}) // what is tested

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	requests, err := idp.WaitForRequests(ctx, record.Filter{Endpoint: "token"}, 1)
	fmt.Println(requests[0].Client, requests[0].Error, err)
	// Output: demo invalid_client <nil>
}

// Any token, valid or not: here one for somebody else, that a resource must refuse.
func ExampleProvider_Mint() {
	idp, _ := provider.New(provider.WithIssuer("http://idp.test"))
	token, err := idp.Mint(provider.Minting{User: "alice", Claims: provider.Claims{"aud": "https://other.example"}})
	fmt.Println(strings.Count(token, "."), err)

	_, err = idp.Mint(provider.Minting{User: "alcie"})
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// There is no user 'alcie', did you mean 'alice'?
}

// Who logs in next, and what else users can do.
func ExampleProvider_QueueLogin() {
	idp, _ := provider.New(provider.WithIssuer("http://idp.test"))
	err := idp.QueueLogin(
		provider.NextLogin{User: "alice"}, // the next authorization request is hers, without a page
		provider.NextLogin{Deny: true, Client: "demo"},
		provider.NextLogin{User: "apitester", On: "refresh"}, // the next refresh is somebody else's
	)
	fmt.Println(len(idp.QueuedLogins()), err)
	// Output: 3 <nil>
}

// Under a seed what is made up is the same each time.
func ExampleWithSeed() {
	for range 2 {
		idp, _ := provider.New(provider.WithIssuer("http://idp.test"), provider.WithSeed("any words"))
		c, _ := idp.AddClient(fixtures.Client{})
		fmt.Println(c.ID)
	}
	// Output:
	// 58120de592e5e9c0e12c
	// 58120de592e5e9c0e12c
}

// A fault that is in no catalogue, in the words of POST /_mock/faults.
func ExampleProvider_Inject_raw() {
	idp, _ := provider.New(provider.WithIssuer("http://idp.test"))
	busy, err := fault.Order{
		At: fault.Words{"token"}, Status: http.StatusTooManyRequests, Headers: map[string]fault.Words{"Retry-After": {"3"}}, Times: 1,
	}.Fault(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	idp.Inject(busy)
	fmt.Println(exampleToken(idp, idp.Client()), exampleToken(idp, idp.Client()))
	// Output: 429 200
}
