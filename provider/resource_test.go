package provider_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// A code's access token is for the resource that its exchange names; the refresh
// token keeps all that was granted (RFC 8707 §2.2).
func TestCodeExchangeNarrowsTheResource(t *testing.T) {
	t.Parallel()
	const one, two = "https://one.example", "https://two.example"
	p := provider.Start(t, provider.WithLogin("auto"), provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{{
		ID: "demo", Secret: "demo-secret", RedirectURIs: []string{redirectURI}, Audiences: []string{one, two},
	}}}))
	both := []any{one, two}
	for name, test := range map[string]struct {
		authorized, exchanged []string
		wants                 any
	}{
		"one of two":             {[]string{"resource", one, "resource", two}, []string{"resource", one}, one},
		"both of two":            {[]string{"resource", one, "resource", two}, []string{"resource", one, "resource", two}, both},
		"none of two":            {[]string{"resource", one, "resource", two}, nil, both},
		"one of the client's":    {nil, []string{"resource", two}, two},
		"none of the client's":   {nil, nil, both},
		"the one that was named": {[]string{"resource", two}, nil, two},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			back := callback(t, p, "demo", test.authorized...)
			tokens := postForm(t, p.URL("token"), demo(append([]string{"grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI}, test.exchanged...)...))
			g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
			g.Expect(claimsOf(t, tokens.text(t, "access_token"))["aud"]).To(Equal(test.wants))
			seen := postForm(t, p.URL("introspection"), demo("token", tokens.text(t, "access_token")))
			g.Expect(seen.json(t)["aud"]).To(Equal(test.wants))

			again := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", tokens.text(t, "refresh_token")))
			var kept any = both
			if len(test.authorized) == 2 {
				kept = test.authorized[1]
			}
			g.Expect(claimsOf(t, again.text(t, "access_token"))["aud"]).To(Equal(kept))
		})
	}
}
