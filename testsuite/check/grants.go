package check

import (
	"slices"
	"strings"
)

// ClientCredentials asks for a token of the client's own (RFC 6749 §4.4.2).
func (t *T) ClientCredentials(ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{Param("grant_type", "client_credentials")}, ingredients...)...)
}

// Password asks for a user's token (RFC 6749 §4.3.2).
func (t *T) Password(u User, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{
		Param("grant_type", "password"), Param("username", u.Username), Param("password", u.Password),
	}, ingredients...)...)
}

// addScope adds the client's first plain scope to a token request that may have
// one and has none: RFC 6749 §3.3 lets a provider refuse a request without. It is
// the main client's where nobody authenticates.
func (t *T) addScope(a *Ask) {
	grant := a.form.Get("grant_type")
	if grant != "client_credentials" && grant != "password" {
		return
	}
	client := a.asker
	if client.ID == "" {
		client = t.Clients[Main]
	}
	if plain := plainScopes(client); len(plain) > 0 && !a.bare && !a.form.Has("scope") {
		a.form.Set("scope", plain[0])
	}
	if grant == "password" {
		t.addRequired(a)
	}
}

// addRequired adds the scopes without which the target serves no user.
func (t *T) addRequired(a *Ask) {
	if len(t.RequiredScopes) > 0 && len(a.form["scope"]) == 0 {
		a.form.Set("scope", "")
	}
	for i, scope := range a.form["scope"] {
		a.form["scope"][i] = t.withRequired(scope)
	}
}

// withRequired is a scope with those without which the target serves no user.
func (t *T) withRequired(scope string) string {
	words := strings.Fields(scope)
	for _, required := range t.RequiredScopes {
		if !slices.Contains(words, required) {
			scope = strings.TrimPrefix(scope+" "+required, " ")
		}
	}
	return scope
}

// Refresh asks for a new token by a refresh token (RFC 6749 §6).
func (t *T) Refresh(refreshToken string, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{
		Param("grant_type", "refresh_token"), Param("refresh_token", refreshToken),
	}, ingredients...)...)
}

// Introspect asks about a token (RFC 7662 §2.1).
func (t *T) Introspect(token string, ingredients ...Ingredient) Answer {
	return t.Ask("introspection", append([]Ingredient{Param("token", token)}, ingredients...)...)
}

// Revoke asks for a token's end (RFC 7009 §2.1).
func (t *T) Revoke(token string, ingredients ...Ingredient) Answer {
	return t.Ask("revocation", append([]Ingredient{Param("token", token)}, ingredients...)...)
}

// Redeem asks for the tokens of a code, the way that its request needs: with the
// client's authentication, redirect_uri and code_verifier (RFC 6749 §4.1.3).
func (t *T) Redeem(c Client, r Redirect, ingredients ...Ingredient) Answer {
	all := []Ingredient{As(c), proof(r)}
	if uri := r.sent.Get("redirect_uri"); uri != "" {
		all = append(all, Param("redirect_uri", uri))
	}
	return t.RedeemCode(r.Code(), append(all, ingredients...)...)
}

// RedeemCode asks for the tokens of a code, with nothing else than the ingredients.
func (t *T) RedeemCode(code string, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{Param("grant_type", "authorization_code"), Param("code", code)}, ingredients...)...)
}
