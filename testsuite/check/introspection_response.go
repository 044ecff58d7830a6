package check

import (
	"encoding/json"
	"strings"
	"time"
)

// wholeNumber reads a JSON number without a fraction.
func wholeNumber(v any) (int64, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}

func describesActiveToken(t *T) {
	main := t.Client(Main)
	scopes := plainScopes(main)
	if len(scopes) == 0 {
		panic(stop{Untestable, "the client has no scope"})
	}
	for _, grant := range freshGrants(t, main, Param("scope", scopes[0])) {
		answer := t.Introspect(grant.Text("access_token"), As(main))
		t.Expect(answer).To(BeActive())
		t.Expect(answer.MediaType()).To(Equal("application/json"), "the content type")
		object := answer.Object()
		for _, member := range []string{"exp", "iat"} {
			if value, told := object[member]; told {
				_, whole := wholeNumber(value)
				t.Expect(whole).To(BeTrue(), "%s must be a number of seconds\n%s", member, answer)
			}
		}
		iat, hasIat := wholeNumber(object["iat"])
		exp, hasExp := wholeNumber(object["exp"])
		if hasIat && hasExp {
			t.Expect(exp > iat).To(BeTrue(), "exp must be after iat\n%s", answer)
		}
		if scope, told := object["scope"]; told {
			t.Expect(scope).To(Equal(any(scopes[0])), "the scope that was asked for")
		}
	}
}

func tellsUsefulMembers(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	first, second := t.Introspect(token, As(main)), t.Introspect(token, As(main))
	t.Expect(first).To(BeActive())
	tokenType := first.Text("token_type")
	t.Expect(strings.EqualFold(tokenType, "Bearer") || strings.EqualFold(tokenType, "DPoP")).To(BeTrue(), "token_type says how to use the token\n%s", first)
	t.Expect(first.Text("iss")).To(Equal(t.Issuer), "iss")
	t.Expect(first.Text("jti") != "").To(BeTrue(), "jti names the token\n%s", first)
	t.Expect(second.Text("jti")).To(Equal(first.Text("jti")), "the jti of the same token, asked for again")
}

func callsUnknownInactive(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "a token that is known")
	var silent []Answer
	for _, unknown := range []struct{ what, token string }{
		{"an unknown token", unknownToken},
		{"a long one", strings.Repeat("x", 4000)},
		{"an odd one", `odd "\% one`},
		{"a JWT of nobody's", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."},
		{"a known token with something behind it", token + "x"},
	} {
		answer := t.Introspect(unknown.token, As(main))
		t.Expect(answer).To(BeInactive(), "%s", unknown.what)
		silent = append(silent, answer)
	}
	t.expectNothingElse(silent...)
}

// expectNothingElse warns of what is told of a token that is not active, which
// RFC 7662 §2.2 says should not be.
func (t *T) expectNothingElse(inactive ...Answer) {
	broken := t.broken
	t.broken = Warned
	for _, answer := range inactive {
		t.Expect(members(answer)).To(Equal([]string{"active"}), "what is told of a token that is not active:\n%s", answer)
	}
	t.broken = broken
}

func callsDeadInactive(t *T) {
	main := t.Client(Main)
	var silent []Answer
	if t.claims(Revocation) {
		token := freshToken(t, main)
		expectRevocable(t, main, token)
		silent = append(silent, t.Introspect(token, As(main)))
	}
	short, ok := t.Clients[ShortLived]
	if !ok {
		if !t.claims(Revocation) {
			t.Client(ShortLived)
		}
		t.expectNothingElse(silent...)
		return
	}
	token := freshToken(t, short)
	t.Expect(t.Introspect(token, As(short))).To(BeActive(), "before it expires")
	t.Wait(short.Lifespan + time.Second)
	expired := t.Introspect(token, As(short))
	t.Expect(expired).To(BeInactive(), "after it expired")
	t.expectNothingElse(append(silent, expired)...)
}

// memberTypes are the types of RFC 7662 §2.2's members.
func memberTypes() map[string]func(any) bool {
	isString := func(v any) bool { _, ok := v.(string); return ok }
	isWhole := func(v any) bool { _, ok := wholeNumber(v); return ok }
	return map[string]func(any) bool{
		"active": func(v any) bool { return v == true },
		"scope":  isString, "client_id": isString, "username": isString, "token_type": isString,
		"sub": isString, "iss": isString, "jti": isString,
		"exp": isWhole, "iat": isWhole, "nbf": isWhole,
		"aud": func(v any) bool { _, ok := audienceList(v); return ok },
	}
}

// audienceList reads an aud, which is a string or an array of strings (RFC 7519 §4.1.3).
func audienceList(v any) (audience []string, ok bool) {
	if one, isOne := v.(string); isOne {
		return []string{one}, true
	}
	list, isList := v.([]any)
	audience = texts(v)
	return audience, isList && len(audience) == len(list)
}

func givesMembersTheirTypes(t *T) {
	main := t.Client(Main)
	scopes := plainScopes(main)
	for _, grant := range freshGrants(t, main, Param("scope", strings.Join(scopes, " "))) {
		answer := t.Introspect(grant.Text("access_token"), As(main))
		t.Expect(answer).To(BeActive())
		object := answer.Object()
		for member, right := range memberTypes() {
			if value, told := object[member]; told {
				t.Expect(right(value)).To(BeTrue(), "%s has the wrong type\n%s", member, answer)
			}
		}
		if scope, told := object["scope"].(string); told {
			t.Expect(wellFormedScope(scope)).To(BeTrue(), "scope has words with one space between them (RFC 6749 App. A.4):\n%s", answer)
			if asked := strings.Join(scopes, " "); asked != "" || grant.Text("scope") != "" {
				t.Expect(scopeSet(scope)).To(Equal(scopesGranted(asked, grant)), "the scopes that the token answer told")
			}
		}
	}
}

// showsRefreshTokenExpiry lets the access token expire: whatever calls the
// refresh token active after that and shows the access token's expiry contradicts
// itself.
func showsRefreshTokenExpiry(t *T) {
	short := t.Client(ShortLived)
	grant := userGrant(t, short)
	access := t.Introspect(grant.Text("access_token"), As(short))
	t.Expect(access).To(BeActive(), "the access token")
	refresh := t.Introspect(grant.Text("refresh_token"), As(short))
	t.Expect(refresh).To(BeActive(), "the refresh token")
	accessEnd, told := wholeNumber(access.Object()["exp"])
	if _, shown := refresh.Object()["exp"]; !shown || !told {
		return // RFC 7662 §2.2: exp is optional
	}
	t.Wait(short.Lifespan + time.Second)
	refresh = t.Introspect(grant.Text("refresh_token"), As(short))
	if refresh.Object()["active"] != true {
		return // its life is as short: then the same exp is right
	}
	refreshEnd, _ := wholeNumber(refresh.Object()["exp"])
	t.Expect(refreshEnd > accessEnd).To(BeTrue(),
		"the refresh token outlives the access token, which expired at %d, so must its exp\n%s", accessEnd, refresh)
}

func forbidsStoringIntrospection(t *T) {
	main := t.Client(Main)
	for _, token := range []string{freshToken(t, main), unknownToken} {
		answer := t.Introspect(token, As(main))
		t.Expect(answer).To(HaveStatus(200))
		t.Expect(directives(answer, "Cache-Control")).To(ContainElement("no-store"), "Cache-Control of\n%s", answer)
	}
}

func tellsLogin(t *T) {
	main := t.Client(Main)
	answer := t.Password(t.User(Main), As(main))
	t.Expect(answer).To(BeToken())
	seen := t.Introspect(answer.Text("access_token"), As(main))
	t.Expect(seen).To(BeActive())
	t.Expect(seen.Text("acr") != "").To(BeTrue(), "acr\n%s", seen)
	_, told := wholeNumber(seen.Object()["auth_time"])
	t.Expect(told).To(BeTrue(), "auth_time, in seconds\n%s", seen)
}
