package check

import "strings"

func rotatesKeysGently(t *T) {
	main := t.Client(Main)
	old := freshToken(t, main)
	_, keys := publishedKeys(t)
	expectSigned(t, old, keys, "a token before the rotation")

	t.RotateKeys()
	token := freshToken(t, main)
	_, keys = publishedKeys(t)
	expectSigned(t, token, keys, "a token of the new key")
	expectSigned(t, old, keys, "a token of the old key, which has not expired,")
	before, _ := ParseJWT(old)
	after, _ := ParseJWT(token)
	t.Expect(before.Header["kid"] == after.Header["kid"]).NotTo(BeTrue(), "the new key must have a kid of its own, not %v", after.Header["kid"])
	if t.claims(Introspection) {
		t.Expect(t.Introspect(old, As(main))).To(BeActive(), "a token of the old key")
	}
}

// typeOf is a JWT's typ as a media type is compared: in lower case, without "application/".
func typeOf(jwt JWT) string {
	typ, _ := jwt.Header["typ"].(string)
	return strings.TrimPrefix(strings.ToLower(typ), "application/")
}

// tellsKindsApart judges the kinds that the target's grants give: access token,
// refresh token, and an ID token where one comes along.
func tellsKindsApart(t *T) {
	main := t.Client(Main)
	typ := typeOf(accessJWT(t, freshGrants(t, main)[0]))
	t.Expect(typ == "" || typ == "jwt").NotTo(BeTrue(), "an access token's typ must tell its kind, not %q", typ)
	if !t.logsIn() || !t.claims(Refresh) {
		return
	}
	grant := t.signIn(main, strings.Join(plainScopes(main), " ")).Answer
	access, refresh := grant.Text("access_token"), grant.Text("refresh_token")
	for _, member := range []string{"refresh_token", "id_token"} {
		if jwt, ok := ParseJWT(grant.Text(member)); ok {
			t.Expect(typeOf(jwt) == typ).NotTo(BeTrue(), "the %s has the typ of an access token, %q", member, typ)
		}
	}
	t.Expect(t.Refresh(access, As(main))).To(BeRefused(400, "invalid_grant"), "an access token as a refresh token")
	if t.claims(ProtectedResource) {
		t.Expect(t.visit(asBearer(access))).To(HaveStatus(200), "an access token as such")
		t.Expect(t.visit(asBearer(refresh))).To(HaveStatus(401, 403), "a refresh token as an access token")
		if id := grant.Text("id_token"); id != "" {
			t.Expect(t.visit(asBearer(id))).To(HaveStatus(401, 403), "an ID token as an access token")
		}
	}
	t.Expect(t.Refresh(refresh, As(main))).To(BeToken(), "a refresh token as such")
}
