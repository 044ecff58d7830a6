package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// A test starts a provider of its own; it is gone when the test ends.
func ExampleStart() {
	var t *testing.T // your test's

	idp := provider.Start(t)
	client, user := idp.Client(), idp.User() // demo / demo-secret, apitester / apitester
	login := url.Values{
		"grant_type": {"password"}, "client_id": {client.ID}, "client_secret": {client.Secret},
		"username": {user.Username}, "password": {user.Password},
	}

	idp.Inject(fault.TokenUnavailable.Once()) // the next token request is answered 503
	answer, err := http.PostForm(idp.URL("token"), login)
	if err != nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(answer, err)
	}
	answer, err = http.PostForm(idp.URL("token"), login) // and this one 200
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	idp.Clock().Advance(2 * time.Hour) // now its access token has expired
}

// In a server of your own, the provider is an http.Handler.
func ExampleNew() {
	idp, err := provider.New(
		provider.WithFixtures(fixtures.Set{
			Users:   []fixtures.User{{Username: "bob", Password: "builder"}},
			Clients: []fixtures.Client{{ID: "web", Secret: "web-secret"}},
		}),
		provider.WithAccessTokenLifespan(5*time.Minute),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(idp)
	defer server.Close()
	answer, err := http.PostForm(server.URL+"/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"web"}, "client_secret": {"web-secret"},
	})
	fmt.Println(answer.StatusCode, err)
	// Output: 200 <nil>
}

// What is wrong with the options is told all at once.
func ExampleNew_problems() {
	_, err := provider.New(
		provider.WithIssuer("localhost:9000"),
		provider.WithProfile("oauth3"),
		provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{ID: "web", Grants: []string{"pasword"}}}}),
	)
	fmt.Println(err)
	// Output:
	// issuer: "localhost:9000" is no http or https URL; write it like http://localhost:9000
	// profile: unknown profile "oauth3"; there are oauth2.0 and oauth2.1
	// clients[0].grants[0]: unknown grant "pasword", did you mean "password"?
}

// An endpoint of your own is advertised like the others.
func ExampleWithEndpoint() {
	idp, err := provider.New(provider.WithIssuer("http://idp.test"), provider.WithEndpoint(endpoint.Endpoint{
		Name: "whoami", Paths: []string{"/whoami"}, Methods: []string{http.MethodGet}, Member: "whoami_endpoint",
		Handler: func(endpoint.House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "you") })
		},
	}))
	fmt.Println(idp.URL("whoami"), err)
	// Output: http://idp.test/whoami <nil>
}
