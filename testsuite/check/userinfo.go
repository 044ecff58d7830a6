package check

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// userInfoEndpoint is OpenID Connect Core §5.3. Its refusals are RFC 6750's,
// which the section on bearer tokens judges as well.
func userInfoEndpoint() Section {
	return Section{Letter: "AD", Title: "UserInfo", Checks: []Check{
		Must("UI-02", "answers a POST with the token in the header", "OpenID Connect Core §5.3.1", answersPost).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoByGetOnly).Breaks(noUserInfo()...),
		May("UI-03", "answers a POST with the token in the form, or refuses it as one without", "OpenID Connect Core §5.3.1; RFC 6750 §2.2", answersForm).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoFormFails),
		Must("UI-04", "tells the sub of the ID token", "OpenID Connect Core §5.3.2; OpenID Connect Core §5.3.4", tellsSubOfIDToken).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoOtherSubject, &fault.OneSubjectForAll),
		Must("UI-05", "refuses a token that is no good with 401 invalid_token", "OpenID Connect Core §5.3.3; RFC 6750 §3.1", refusesBadToken).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoSendsToLogin, &fault.UserInfoForbids, &fault.IDTokenLarge),
		Must("UI-06", "tells nothing to a token without openid", "OpenID Connect Core §5.3.1; RFC 6750 §3.1", tellsNothingWithoutOpenID).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoForAnyToken),
		Must("UI-07", "signs its answer to a client that registered for it, with iss and aud", "OpenID Connect Core §5.3.2", signsUserInfo).
			If(AuthorizationCode, OpenID, UserInfo, SignedUserInfo).
			Breaks(&fault.UserInfoNeverSigned, &fault.UserInfoForNobody, at(&fault.ForeignKey, fault.UserInfo), at(&fault.WrongIssuer, fault.UserInfo), &fault.UserInfoSignedByStranger, &fault.UserInfoUnsigned, &fault.UserInfoOfAnotherIssuer, &fault.UserInfoForAnother),
		Must("UI-08", "tells each claim in its own JSON type, and none that is empty", "OpenID Connect Core §5.1; OpenID Connect Core §5.3.2", tellsTypedClaims).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.ClaimsAsStrings, &fault.ClaimsAsNull),
		Should("UI-09", "lets pages of other origins ask", "OpenID Connect Core §5.3.1", allowsOtherOrigins).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.UserInfoForItsOwnPages),
		Must("UI-10", "knows no user by a client's own token", "OpenID Connect Core §5.3; RFC 6750 §3.1", knowsNoUserOfClient).
			If(AuthorizationCode, OpenID, UserInfo, ClientCredentials).Breaks(&fault.UserInfoForAnyToken),
	}}
}

func answersPost(t *T) {
	login := t.authenticateMain(nil)
	expected := t.userInfo(login)
	bearer := asBearer(login.tokens.Text("access_token"))
	for _, post := range [][]Ingredient{{bearer}, {bearer, Body("", "")}} {
		answer := t.Ask("userinfo", post...)
		t.Expect(answer).To(HaveStatus(200), "the token in the header of a POST")
		t.Expect(answer.MediaType()).To(Equal("application/json"), "the content type")
		t.Expect(answer.Object()).To(Equal(expected), "the answer to a POST, by that to a GET")
	}
}

func answersForm(t *T) {
	login := t.authenticateMain(nil)
	expected := t.userInfo(login)
	answer := t.Ask("userinfo", Param("access_token", login.tokens.Text("access_token")))
	switch answer.Status {
	case http.StatusOK:
		t.Expect(answer.Object()).To(Equal(expected), "the answer to a token in a form, by that to one in the header")
	case http.StatusUnauthorized:
		t.Expect(answer).To(HaveChallenge("Bearer"))
	default: // a resource that reads no form: RFC 6750 §3.1, RFC 9110 §15.5.6, §15.5.16
		t.Expect(answer).To(HaveStatus(400, 405, 415), "a token in a form")
	}
}

func tellsSubOfIDToken(t *T) {
	for _, role := range []Role{Main, OddUser} {
		login := t.authenticate(t.Browser(t.User(role)), t.Client(Main), nil)
		t.userInfo(login)
	}
}

func refusesBadToken(t *T) {
	login := t.authenticateMain(nil)
	t.userInfo(login)
	token := login.tokens.Text("access_token")
	for _, bad := range []struct{ what, token string }{
		{"a token that was never issued", unknownToken},
		{"a token with a character changed", flip(token, len(token)/2)},
		{"an ID token", login.tokens.Text("id_token")},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			answer := t.Ask("userinfo", Method(method), asBearer(bad.token))
			t.Expect(answer).To(BeRefusedBearer(401, "invalid_token"), "%s, by %s", bad.what, method)
			t.Expect(answer).To(HaveNoMember("sub"), bad.what)
		}
	}
}

// expectNoUser expects that userinfo refuses a token that is good for other things.
func expectNoUser(t *T, token, explain string) {
	answer := t.Get(t.URL("userinfo"), asBearer(token))
	if answer.Status == http.StatusUnauthorized {
		t.Expect(answer).To(BeRefusedBearer(401, "invalid_token"), explain)
	} else {
		t.Expect(answer).To(BeRefusedBearer(403, "insufficient_scope"), explain)
	}
	t.Expect(answer).To(HaveNoMember("sub"), explain)
}

func tellsNothingWithoutOpenID(t *T) {
	main := t.Client(Main)
	t.userInfo(t.authenticateMain(nil))
	expectNoUser(t, userToken(t, main, plainScope(t, main)), "a user's token without openid")
}

func knowsNoUserOfClient(t *T) {
	main := t.Client(Main)
	t.userInfo(t.authenticateMain(nil))
	expectNoUser(t, freshToken(t, main), "a client's own token")
}

func signsUserInfo(t *T) {
	c := t.Client(SignsUserInfo)
	login := t.authenticate(t.Browser(t.User(Main)), c, nil)
	answer := t.Get(t.URL("userinfo"), asBearer(login.tokens.Text("access_token")))
	t.Expect(answer).To(HaveStatus(200))
	t.Expect(answer.MediaType()).To(Equal("application/jwt"), "the content type of a signed answer")
	jwt := verified(t, strings.TrimSpace(string(answer.Body)), "the signed answer", "the answer must be a JWT\n%s", answer)
	t.Expect(claimText(jwt, "iss")).To(Equal(t.Issuer), "iss")
	audience, _ := audienceList(jwt.Claims["aud"])
	t.Expect(audience).To(ContainElement(c.ID), "aud")
	t.Expect(jwt.Claims["sub"]).To(Equal(login.id.Claims["sub"]), "sub at userinfo, by the ID token's")
}

// tellsTypedClaims: the types are those of OpenID Connect Core §5.1. A user
// without a claim of a type shows nothing about it.
func tellsTypedClaims(t *T) {
	scopes := append([]string{"openid"}, t.scopesOfClaims()...)
	told := t.userInfo(t.authenticateMain(url.Values{"scope": {strings.Join(scopes, " ")}}))
	for _, name := range slices.Concat(scopeClaims()["profile"], scopeClaims()["email"], scopeClaims()["address"], scopeClaims()["phone"]) {
		value, has := told[name]
		if has && value != nil && value != any("") {
			t.Expect(typeInJSON(value)).To(Equal(typeOfClaim(name)), "the type of %s: %#v", name, value)
		}
	}
	if address, ok := told["address"].(map[string]any); ok {
		for name, value := range address {
			t.Expect(typeInJSON(value)).To(Equal("string"), "the type of %s of the address: %#v", name, value)
		}
	}
	t.broken = Warned // §5.3.2: SHOULD NOT
	for name, value := range told {
		t.Expect(value == nil || value == any("")).NotTo(BeTrue(), "a claim without a value must be left out, but %s is %#v", name, value)
	}
}

func typeInJSON(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case map[string]any:
		return "object"
	}
	return "another"
}

func typeOfClaim(name string) string {
	switch name {
	case "email_verified", "phone_number_verified":
		return "boolean"
	case "updated_at":
		return "number"
	case "address":
		return "object"
	}
	return "string"
}

func allowsOtherOrigins(t *T) {
	const page = "https://spa.mockoauth-conformance.example"
	login := t.authenticateMain(nil)
	preflight := t.Ask("userinfo", Method(http.MethodOptions), Header("Origin", page),
		Header("Access-Control-Request-Method", "GET"), Header("Access-Control-Request-Headers", "authorization"))
	t.Expect(preflight).To(HaveStatus(200, 204), "the preflight of a page")
	headers := strings.Split(strings.ToLower(preflight.Header.Get("Access-Control-Allow-Headers")), ",")
	for i := range headers {
		headers[i] = strings.TrimSpace(headers[i])
	}
	t.Expect(headers).To(ContainElement("authorization"), "Access-Control-Allow-Headers, of which * is not Authorization")

	answer := t.Get(t.URL("userinfo"), asBearer(login.tokens.Text("access_token")), Header("Origin", page))
	t.Expect(answer).To(HaveStatus(200))
	for what, a := range map[string]Answer{"the preflight": preflight, "the answer": answer} {
		allowed := a.Header.Get("Access-Control-Allow-Origin")
		t.Expect(allowed == "*" || allowed == page).To(BeTrue(), "Access-Control-Allow-Origin of %s is %q", what, allowed)
	}
}
