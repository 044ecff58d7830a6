package check_test

import (
	"context"
	"fmt"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Without a test framework: try every check, and say what came of it.
func ExampleCheck_Verdict() {
	target := &check.Target{
		Issuer:  "https://idp.example",
		Clients: map[check.Role]check.Client{check.Main: {ID: "web", Secret: "web-secret", Scopes: []string{"read", "write"}}},
	}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			v := c.Verdict(context.Background(), target)
			fmt.Println(v.State, c.Name(), v.Reason)
		}
	}
}

// A check of your own is a value like those that are here.
func ExampleMust() {
	c := check.Must("MY-01", "answers a token for a scope of ours", "RFC 6749 §3.3", func(t *check.T) {
		main := t.Client(check.Main)
		t.Expect(t.ClientCredentials(check.As(main))).To(check.BeToken(), "the control: without a scope")
		t.Expect(t.ClientCredentials(check.As(main), check.Param("scope", "ours"))).To(check.BeToken())
	}).If(check.ClientCredentials)
	fmt.Println(c.Name())
	// Output: MY-01 answers a token for a scope of ours
}

// What a check asks, for the author of a provider that does not meet it.
func ExampleCheck_Explain() {
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if c.ID == "TE-08" {
				e := c.Explain()
				fmt.Println(e.Requirement)
				fmt.Println("Sent:", e.Sent)
				fmt.Println("Expected:", e.Expected)
			}
		}
	}
	// Output:
	// A parameter without a value counts as left out, so that a form with blank fields means the same everywhere: an empty grant type is a missing one, not an unknown one.
	// Sent: grant_type= with nothing after it, with the client's credentials.
	// Expected: 400 invalid_request and no token. grant_type=client_credentials gets a token.
}
