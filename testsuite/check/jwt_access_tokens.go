package check

import (
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// jwtAccessTokens is the profile of RFC 9068.
func jwtAccessTokens() Section {
	return Section{Letter: "V", Title: "JWT access tokens", Checks: []Check{
		Must("AT-01", "types its access tokens at+jwt and signs them", "RFC 9068 §2.1", typesAccessTokens).
			If(JWTAccessTokens).Breaks(&fault.GenericTokenType, &fault.UnsignedTokens, &fault.AccessTokenWithoutType),
		Must("AT-02", "puts iss, exp, aud, sub, client_id, iat and jti in an access token", "RFC 9068 §2.2", putsRequiredClaims).
			If(JWTAccessTokens).Breaks(&fault.TokenWithoutClientID, &fault.WrongIssuer, &fault.EmptyAudience, &fault.ConstantTokenID).Breaks(oddAccessTokens()...),
		Must("AT-03", "names the client as the subject of its own tokens", "RFC 9068 §2.2", namesClientAsSubject).
			If(JWTAccessTokens, ClientCredentials).Breaks(&fault.SharedClientSubject),
		Should("AT-04", "tells the granted scopes in the claim scope", "RFC 9068 §2.2.3", tellsScopeClaim).
			If(JWTAccessTokens).Breaks(&fault.ScopeClaimAsList, &fault.AccessTokenWithoutScope),
		Must("AT-05", "gives a default audience where no resource is asked for", "RFC 9068 §3", givesDefaultAudience).
			If(JWTAccessTokens).Breaks(&fault.EmptyAudience),
		May("AT-06", "tells of the login what stays true when the token is refreshed", "RFC 9068 §2.2.1", tellsLoginClaims).
			If(JWTAccessTokens, Refresh).Breaks(&fault.LoginTimeWalks),
		Should("AT-08", "keeps personal data out of access tokens that asked for none", "RFC 9068 §6", keepsPersonalDataOut).
			If(JWTAccessTokens).Breaks(&fault.PersonalDataInToken),
	}}
}

// accessJWT is the access token of an answer, taken apart.
func accessJWT(t *T, answer Answer) JWT {
	jwt, ok := ParseJWT(answer.Text("access_token"))
	t.Expect(ok).To(BeTrue(), "the target claims JWT access tokens, but this is none: %q", answer.Text("access_token"))
	return jwt
}

// claimText is a claim that is a string; empty when it is none.
func claimText(jwt JWT, name string) string {
	s, _ := jwt.Claims[name].(string)
	return s
}

func typesAccessTokens(t *T) {
	for _, grant := range freshGrants(t, t.Client(Main)) {
		jwt := accessJWT(t, grant)
		t.Expect(typeOf(jwt)).To(Equal("at+jwt"), "typ, with or without application/")
		alg, _ := jwt.Header["alg"].(string)
		t.Expect(alg == "" || strings.EqualFold(alg, "none")).NotTo(BeTrue(), "an access token must be signed, its alg is %q", alg)
	}
}

func putsRequiredClaims(t *T) {
	main := t.Client(Main)
	ids := map[string]bool{}
	for _, grant := range append(freshGrants(t, main), freshGrants(t, main)...) {
		jwt := accessJWT(t, grant)
		t.Expect(claimText(jwt, "iss")).To(Equal(t.Issuer), "iss")
		t.Expect(claimText(jwt, "client_id")).To(Equal(main.ID), "client_id")
		t.Expect(claimText(jwt, "sub") != "").To(BeTrue(), "sub must be there: %v", jwt.Claims)
		audience, ok := audienceList(jwt.Claims["aud"])
		t.Expect(ok && len(audience) > 0).To(BeTrue(), "aud must name somebody: %v", jwt.Claims)
		exp, iat := seconds(jwt.Claims["exp"]), seconds(jwt.Claims["iat"])
		t.Expect(iat > 0 && exp > iat).To(BeTrue(), "exp must be after iat: %v", jwt.Claims)
		t.Expect(seconds(jwt.Claims["nbf"]) <= iat).To(BeTrue(), "the token must be good when it is issued: %v", jwt.Claims)
		id := claimText(jwt, "jti")
		t.Expect(id == "" || ids[id]).NotTo(BeTrue(), "jti must be there and be each token's own: %q", id)
		ids[id] = true
	}
}

// namesClientAsSubject: sub need not be the client_id, but it identifies one client.
func namesClientAsSubject(t *T) {
	subject := func(c Client) string {
		answer := t.ClientCredentials(As(c))
		t.Expect(answer).To(BeToken())
		sub := claimText(accessJWT(t, answer), "sub")
		t.Expect(sub != "").To(BeTrue(), "sub of a client's own token")
		return sub
	}
	main := subject(t.Client(Main))
	t.Expect(subject(t.Client(Main))).To(Equal(main), "sub of the client's next token")
	t.Expect(subject(t.Client(Other)) == main).NotTo(BeTrue(), "two clients have the sub %q", main)
	if t.claims(Password) {
		answer := t.Password(t.User(Main), As(t.Client(Main)))
		t.Expect(answer).To(BeToken())
		t.Expect(claimText(accessJWT(t, answer), "sub") == main).NotTo(BeTrue(), "a user has the client's sub %q", main)
	}
}

func tellsScopeClaim(t *T) {
	main := t.Client(Main)
	scopes := plainScopes(main)
	if len(scopes) == 0 {
		panic(stop{Untestable, "the client has no scope"})
	}
	slices.Sort(scopes)
	for _, grant := range freshGrants(t, main, Param("scope", strings.Join(scopes, " "))) {
		granted := strings.Split(claimText(accessJWT(t, grant), "scope"), " ")
		slices.Sort(granted)
		t.Expect(granted).To(Equal(scopes), "the claim scope, one space between the scopes")
	}
}

func givesDefaultAudience(t *T) {
	for _, grant := range freshGrants(t, t.Client(Main)) {
		audience, ok := audienceList(accessJWT(t, grant).Claims["aud"])
		t.Expect(ok && len(audience) > 0 && !slices.Contains(audience, "")).To(BeTrue(), "a default resource in aud, not %q", audience)
	}
}

// tellsLoginClaims: a refresh is no login, so auth_time, acr and amr do not change by it.
func tellsLoginClaims(t *T) {
	main := t.Client(Main)
	grant := userGrant(t, main)
	first := accessJWT(t, grant)
	t.Wait(2 * time.Second)
	answer := t.Refresh(grant.Text("refresh_token"), As(main))
	t.Expect(answer).To(BeToken())
	second := accessJWT(t, answer)

	told := false
	for _, name := range []string{"auth_time", "acr", "amr"} {
		value, has := first.Claims[name]
		told = told || has
		t.Expect(second.Claims[name]).To(Equal(value), "%s after a refresh", name)
	}
	if !told {
		t.Skip("the access tokens tell nothing of the login")
	}
	if value, has := first.Claims["auth_time"]; has {
		at := seconds(value)
		t.Expect(at > 0 && at <= seconds(first.Claims["iat"])).To(BeTrue(), "auth_time must be a time before iat: %v", first.Claims)
	}
	if value, has := first.Claims["acr"]; has {
		t.Expect(claimText(first, "acr") != "").To(BeTrue(), "acr must be a string: %v", value)
	}
	if value, has := first.Claims["amr"]; has {
		list, isList := value.([]any)
		t.Expect(isList && len(texts(value)) == len(list)).To(BeTrue(), "amr must be an array of strings: %v", value)
	}
}

// keepsPersonalDataOut asks for a scope that is not one of OpenID Connect's
// (§5.4), by which a client asks for personal data. The claims are OpenID
// Connect's, too (§5.1).
func keepsPersonalDataOut(t *T) {
	main := t.Client(Main)
	scopes := slices.DeleteFunc(plainScopes(main), func(scope string) bool {
		return slices.Contains([]string{"profile", "email", "address", "phone"}, scope)
	})
	if len(scopes) == 0 {
		panic(stop{Untestable, "every scope of the client asks for personal data"})
	}
	if !t.logsIn() {
		t.Skip("the target claims no grant by which users log in")
	}
	jwt, ok := ParseJWT(userToken(t, main, scopes[0]))
	t.Expect(ok).To(BeTrue(), "the target claims JWT access tokens, but this user's is none")
	for _, name := range []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
		"email", "gender", "birthdate", "zoneinfo", "phone_number", "address", "password",
	} {
		value, told := jwt.Claims[name]
		t.Expect(told).NotTo(BeTrue(), "the access token tells the user's %s: %v", name, value)
	}
}
