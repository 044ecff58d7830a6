package check

import "slices"

// claims tells whether the target claims a feature, in the middle of a check.
func (t *T) claims(f Feature) bool {
	has, err := t.Has(t.ctx, f)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return has
}

// freshToken is a new access token for a client: its own where the target has
// client credentials, else a user's.
func freshToken(t *T, c Client, ingredients ...Ingredient) string {
	ingredients = append([]Ingredient{As(c)}, ingredients...)
	var answer Answer
	switch {
	case t.claims(ClientCredentials):
		answer = t.ClientCredentials(ingredients...)
	case t.claims(Password):
		answer = t.Password(t.User(Main), ingredients...)
	default:
		panic(stop{Untestable, "the target claims no grant that works without a browser"})
	}
	t.Expect(answer).To(BeToken())
	return answer.Text("access_token")
}

// freshGrants are new token answers for a client, one by each grant that works
// without a browser.
func freshGrants(t *T, c Client, ingredients ...Ingredient) []Answer {
	ingredients = append([]Ingredient{As(c)}, ingredients...)
	var answers []Answer
	if t.claims(ClientCredentials) {
		answers = append(answers, t.ClientCredentials(ingredients...))
	}
	if t.claims(Password) {
		answers = append(answers, t.Password(t.User(Main), ingredients...))
	}
	if len(answers) == 0 {
		panic(stop{Untestable, "the target claims no grant that works without a browser"})
	}
	for _, answer := range answers {
		t.Expect(answer).To(BeToken())
	}
	return answers
}

// userGrant is a new token answer of the main user, with a refresh token.
func userGrant(t *T, c Client, ingredients ...Ingredient) Answer {
	return t.signInAs(t.User(Main), c, "", ingredients...).Answer
}

// plainScopes are the client's scopes without those that OpenID Connect gives a
// meaning of their own: a grant may have no use for them.
func plainScopes(c Client) []string {
	return slices.DeleteFunc(slices.Clone(c.Scopes), func(scope string) bool {
		return scope == "openid" || scope == "offline_access" || scope == "offline"
	})
}
