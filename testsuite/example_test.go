package testsuite_test

import (
	"github.com/mockoauth/mockoauth/testsuite"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// In a test file of your own, beside the RunSpecs that you have. Clients and
// users go by what the checks need of them: see the roles in package check.
func ExampleDescribe() {
	var _ = testsuite.Describe(func() *check.Target {
		return &check.Target{
			Issuer: "https://idp.example",
			Clients: map[check.Role]check.Client{
				check.Main:   {ID: "web", Secret: "web-secret", Scopes: []string{"read", "write"}, RedirectURIs: []string{"https://web.example/callback"}},
				check.Public: {ID: "mobile", Scopes: []string{"read", "write"}, RedirectURIs: []string{"app.example:/callback"}},
			},
			Users:    map[check.Role]check.User{check.Main: {Username: "alice", Password: "wonderland"}},
			Features: []check.Feature{check.JWTAccessTokens},
		}
	})
}
