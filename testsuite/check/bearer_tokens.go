package check

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// A guarded endpoint is one that refuses as RFC 6750 §3 says.
type guarded struct {
	t        *T
	endpoint string
	scopes   []string                  // that it asks for, so far as they are known
	token    func(scope string) string // makes a token that is good for it, or has a scope of one's choice
}

// strictResource is the target's resource where that claims RFC 6750's refusals,
// and else userinfo, where OpenID Connect Core §5.3.3 demands them.
func strictResource(t *T) guarded {
	main := t.Client(Main)
	if t.claims(BearerErrors) {
		return guarded{t: t, endpoint: "resource", token: func(scope string) string {
			if scope == "" {
				return visitorToken(t)
			}
			return freshToken(t, main, Param("scope", scope))
		}}
	}
	return guarded{t: t, endpoint: "userinfo", scopes: []string{"openid"}, token: func(scope string) string {
		if scope == "" {
			scope = "openid"
		}
		return userToken(t, main, scope)
	}}
}

// isForeign tells a token that is made for another resource, and so is no good at
// this one whatever its scope: its audience is not that of a token which is.
func (g guarded) isForeign(token string) bool {
	audience, _ := g.t.told(token, "aud")
	own, _ := g.t.told(g.token(""), "aud")
	return !reflect.DeepEqual(audience, own)
}

// visit asks the endpoint, by GET unless an ingredient says otherwise.
func (g guarded) visit(ingredients ...Ingredient) Answer {
	return g.t.Get(g.endpoint, ingredients...)
}

// userToken is a new access token of the main user.
func userToken(t *T, c Client, scope string) string {
	var answer Answer
	if t.claims(AuthorizationCode) {
		r := t.Authorize(c, url.Values{"scope": {scope}})
		t.Expect(r).To(BeGranted())
		answer = t.Redeem(c, r)
	} else {
		answer = t.Password(t.User(Main), As(c), Param("scope", scope))
	}
	t.Expect(answer).To(BeToken())
	return answer.Text("access_token")
}

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

// visitorToken is a new access token for the resource, which may demand any scope.
func visitorToken(t *T) string { return freshToken(t, t.Client(Main), everyScope(t.Client(Main))) }

// everyScope asks for all plain scopes of a client.
func everyScope(c Client) Ingredient {
	plain := plainScopes(c)
	if len(plain) == 0 {
		return Params(nil)
	}
	return Param("scope", strings.Join(plain, " "))
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
func userGrant(t *T, c Client, resources ...string) Answer {
	return t.signInAs(t.User(Main), c, "", resources...).Answer
}

// plainScopes are the client's scopes without those that OpenID Connect gives a
// meaning of their own: a grant may have no use for them.
func plainScopes(c Client) []string {
	return slices.DeleteFunc(slices.Clone(c.Scopes), func(scope string) bool {
		return scope == "openid" || scope == "offline_access" || scope == "offline"
	})
}
