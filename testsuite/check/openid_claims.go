package check

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
)

// scopeClaims are the claims that each scope asks for (OpenID Connect Core §5.4).
func scopeClaims() map[string][]string {
	return map[string][]string{
		"profile": {
			"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
			"website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
		},
		"email":   {"email", "email_verified"},
		"address": {"address"},
		"phone":   {"phone_number", "phone_number_verified"},
	}
}

// scopesOfClaims are the scopes of OpenID Connect Core §5.4 that the target lists.
func (t *T) scopesOfClaims() []string {
	listed := texts(t.advertised("scopes_supported"))
	return slices.DeleteFunc(slices.Sorted(maps.Keys(scopeClaims())), func(scope string) bool { return !slices.Contains(listed, scope) })
}

// asJSON is a value as it arrives by JSON.
func asJSON(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(stop{Broken, "the target's user has a claim that is no JSON: " + err.Error()})
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var read any
	_ = d.Decode(&read) // it was just written
	return read
}

// knownClaims are the claims of the main user among these, as the target was
// told to have them.
func knownClaims(t *T, names ...string) map[string]any {
	known := map[string]any{}
	for _, name := range names {
		if value, ok := t.User(Main).Claims[name]; ok {
			known[name] = asJSON(value)
		}
	}
	return known
}

// userInfo is what the target tells of the user of an access token, who is the one of the ID token.
func (t *T) userInfo(login authentication) map[string]any {
	answer := t.Get(t.URL("userinfo"), asBearer(login.tokens.Text("access_token")))
	t.Expect(answer).To(HaveStatus(200))
	claims := answer.Object()
	t.Expect(claims != nil).To(BeTrue(), "the answer must be a JSON object\n%s", answer)
	t.Expect(claims["sub"]).To(Equal(login.id.Claims["sub"]), "sub at userinfo, by the ID token's")
	return claims
}

func tellsScopeClaims(t *T) {
	scopes := t.scopesOfClaims()
	if len(scopes) == 0 {
		t.Skip("the target lists no scope that asks for claims")
	}
	tried := false
	for _, scope := range scopes {
		expected := knownClaims(t, scopeClaims()[scope]...)
		if len(expected) == 0 {
			continue
		}
		tried = true
		login := t.authenticateMain(url.Values{"scope": {"openid " + scope}})
		told := t.userInfo(login)
		for name, value := range expected {
			t.Expect(told[name]).To(Equal(value), "%s at userinfo, by the scope %s", name, scope)
		}
		expectInUserInfoOnly(t, login.id, scope)
	}
	if !tried {
		panic(stop{Untestable, "the target names no claim of its main user that a scope of scopes_supported asks for"})
	}
}

// expectInUserInfoOnly: what a scope asks for is told in the ID token where there
// is no access token (§5.4). No specification forbids to tell it in both.
func expectInUserInfoOnly(t *T, id JWT, scope string) {
	broken := t.broken
	t.broken = Warned
	for _, name := range scopeClaims()[scope] {
		value, told := id.Claims[name]
		t.Expect(told).NotTo(BeTrue(), "by the scope %s, %s belongs in userinfo, but is in the ID token: %v", scope, name, value)
	}
	t.broken = broken
}

// claimsParameter asks for an essential claim at userinfo, for one that is not,
// for one that no user has, and for one in the ID token.
func claimsParameter(essential, voluntary string) string {
	parameter, _ := json.Marshal(map[string]any{ // of strings
		"userinfo": map[string]any{essential: map[string]any{"essential": true}, voluntary: nil, "http://example.com/no_such_claim": nil},
		"id_token": map[string]any{"auth_time": map[string]any{"essential": true}, essential: nil},
	})
	return string(parameter)
}

func tellsRequestedClaims(t *T) {
	known := knownClaims(t, "email", "name", "nickname", "phone_number")
	if len(known) < 2 {
		panic(stop{Untestable, "the target must name two of email, name, nickname and phone_number of its main user"})
	}
	names := slices.Sorted(maps.Keys(known))
	login := t.authenticateMain(url.Values{"claims": {claimsParameter(names[0], names[1])}})
	t.Expect(seconds(login.id.Claims["auth_time"]) > 0).To(BeTrue(), "auth_time is essential by the claims parameter (§2): %v", login.id.Claims)
	told := t.userInfo(login)
	for _, asked := range []struct {
		where, name string
		claims      map[string]any
	}{{"at userinfo", names[0], told}, {"at userinfo", names[1], told}, {"in the ID token", names[0], login.id.Claims}} {
		value, is := asked.claims[asked.name]
		if !is {
			t.broken = Warned // no claim must be told, even if it is essential (§5.5.1)
		}
		t.Expect(value).To(Equal(known[asked.name]), "%s %s, by the claims parameter", asked.name, asked.where)
	}
}

func refusesMalformedClaims(t *T) {
	main := t.Client(Main)
	for _, claims := range []string{"{", "email", `["email"]`, `{"userinfo":["email"]}`} {
		r := t.Authorize(main, openIDParams(url.Values{"claims": {claims}}))
		t.Expect(r).To(BeSentBack("invalid_request"), "claims=%s", claims)
	}
	good := claimsParameter("email", "name")
	t.Expect(t.Authorize(main, openIDParams(url.Values{"claims": {good}}))).To(BeGranted(), "claims=%s", good)
}
