package check

import (
	"net/http"
	"net/url"

	"github.com/onsi/gomega/types"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// revocation is RFC 7009. That a token is dead is seen by introspection, so most
// of it needs both.
func revocation() Section {
	return Section{Letter: "K", Title: "Revocation", Checks: []Check{
		Must("RV-01", "revokes a client's own access token at once", "RFC 7009 §2.1; RFC 7009 §2.2", revokesAccessToken).
			If(Revocation, Introspection).Breaks(&fault.RevocationIgnored, &fault.IntrospectionStale, &fault.RevocationAnswerLost, &fault.RevocationDropped, &fault.RevocationInternalError, &fault.RevocationTypeUnsupported, &fault.RevocationUnavailable),
		Should("RV-02", "ends the access tokens of a grant with its refresh token", "RFC 7009 §2.1", revokesWithRefreshToken).
			If(Refresh, Revocation, Introspection).Breaks(&fault.RevocationSparesAccessTokens),
		Must("RV-03", "answers 200 for a token that it does not know", "RFC 7009 §2.2", acceptsUnknownToken).
			If(Revocation).Breaks(&fault.RevocationUnknownRefused),
		Must("RV-04", "answers 200 when a token is revoked again", "RFC 7009 §2.2", acceptsRepeatedRevocation).
			If(Revocation).Breaks(&fault.RevocationUnknownRefused),
		Must("RV-05", "refuses a revocation without a token with invalid_request", "RFC 7009 §2.1; RFC 6749 §5.2", refusesRevocationWithoutToken).
			If(Revocation).Breaks(&fault.MissingTokenServed),
		Must("RV-06", "refuses to revoke another client's token and tells so", "RFC 7009 §2.1", refusesForeignRevocation).
			If(Revocation, Introspection).Breaks(&fault.ForeignRevocationSilent, &fault.ForeignRevocationServed),
		Must("RV-07", "refuses a revocation by a confidential client that does not authenticate", "RFC 7009 §2.1; RFC 6749 §5.2", refusesUnauthenticatedRevocation).
			If(Revocation, Introspection).Breaks(&fault.AnyClientServed, &fault.SecretOptional),
		Must("RV-08", "refuses a revocation with a wrong secret by 401 invalid_client and a challenge", "RFC 7009 §2.2.1; RFC 6749 §5.2", refusesRevocationWithWrongSecret).
			If(Revocation, Introspection).Breaks(&fault.AnySecretServed, &fault.ChallengeMissing),
		Must("RV-09", "revokes a public client's own token", "RFC 7009 §2.1", revokesForPublicClient).
			If(Revocation, Introspection, PublicClients).Breaks(at(&fault.PublicClientRefused, fault.Revocation), &fault.RevocationIgnored),
		Must("RV-10", "revokes a token in spite of a wrong token_type_hint", "RFC 7009 §2.1", revokesInSpiteOfWrongHint).
			If(Revocation, Introspection).Breaks(&fault.TypeHintTrusted),
		Must("RV-11", "ignores a token_type_hint that it does not know", "RFC 7009 §2.1; RFC 7009 §2.2", ignoresUnknownHint).
			If(Revocation, Introspection).Breaks(&fault.UnknownTypeHintRefused),
		Should("RV-12", "revokes nothing by GET", "RFC 7009 §2.1; RFC 7009 §2.3", revokesNothingByGet).
			If(Revocation, Introspection).Breaks(&fault.GetServed),
		May("RV-14", "is of one mind about the refresh token of a revoked access token", "RFC 7009 §2.1", agreesOnRefreshTokenOfRevoked).
			If(Refresh, Revocation, Introspection).Breaks(&fault.IntrospectionStale),
		Must("RV-15", "makes a revoked JWT inactive at introspection", "RFC 7009 §2.2; RFC 7662 §2.2", revokesJWT).
			If(Revocation, Introspection, JWTAccessTokens).Breaks(&fault.RevokedJWTActive, &fault.RevocationIgnored),
		Must("RV-16", "answers revocation errors as JSON that is not stored", "RFC 7009 §2.2.1; RFC 6749 §5.2", answersRevocationErrorsAsJSON).
			If(Revocation).Breaks(at(&fault.Cacheable, fault.Revocation), &fault.ErrorAsText),
	}}
}

// expectRevocable revokes a token that is active and sees it become inactive:
// the positive control of most checks here.
func expectRevocable(t *T, c Client, token string, ingredients ...Ingredient) {
	t.Expect(t.Introspect(token, As(c))).To(BeActive(), "before its revocation")
	t.Expect(t.Revoke(token, append([]Ingredient{As(c)}, ingredients...)...)).To(HaveStatus(200), "the revocation")
	t.Expect(t.Introspect(token, As(c))).To(BeInactive(), "after its revocation")
}

func revokesAccessToken(t *T) {
	main := t.Client(Main)
	for _, answer := range freshGrants(t, main) {
		kept := freshToken(t, main)
		expectRevocable(t, main, answer.Text("access_token"))
		t.Expect(t.Introspect(kept, As(main))).To(BeActive(), "the client's other token")
	}
}

func revokesWithRefreshToken(t *T) {
	main := t.Client(Main)
	kept, grant := userGrant(t, main), userGrant(t, main)
	access, refresh := grant.Text("access_token"), grant.Text("refresh_token")
	t.Expect(t.Introspect(access, As(main))).To(BeActive(), "before the refresh token's revocation")
	t.Expect(t.Revoke(refresh, As(main))).To(HaveStatus(200))
	t.Expect(t.Introspect(access, As(main))).To(BeInactive(), "the access token, after the refresh token's revocation")
	t.Expect(t.Refresh(refresh, As(main))).To(BeRefused(400, "invalid_grant"), "the revoked refresh token")
	t.Expect(t.Refresh(kept.Text("refresh_token"), As(main))).To(BeToken(), "another grant of the same user")
}

func acceptsUnknownToken(t *T) {
	main := t.Client(Main)
	t.Expect(t.Revoke(freshToken(t, main), As(main))).To(HaveStatus(200), "a token that is known")
	t.Expect(t.Revoke(unknownToken, As(main))).To(HaveStatus(200), "a token that is not")
}

func acceptsRepeatedRevocation(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	for range 3 {
		t.Expect(t.Revoke(token, As(main))).To(HaveStatus(200))
	}
}

func refusesRevocationWithoutToken(t *T) {
	main := t.Client(Main)
	t.Expect(t.Revoke(freshToken(t, main), As(main))).To(HaveStatus(200), "with a token")
	t.Expect(t.Ask("revocation", As(main))).To(BeRefused(400, "invalid_request"), "without anything")
	t.Expect(t.Ask("revocation", As(main), Param("token_type_hint", "access_token"))).To(BeRefused(400, "invalid_request"), "with a hint, and none")
	t.broken = Warned // RFC 6749 §3.2 is of the token endpoint
	t.Expect(t.Ask("revocation", As(main), Param("token", ""))).
		To(BeRefused(400, "invalid_request"), "an empty parameter counts as omitted (RFC 6749 §3.2)")
}

func refusesForeignRevocation(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	token := freshToken(t, main)
	t.Expect(t.Revoke(token, As(other))).To(BeRefusedAs( // RFC 7009 §2.1 names no code
		Refusal{400, "invalid_grant"}, Refusal{400, "unauthorized_client"}, Refusal{400, "invalid_request"},
		Refusal{400, "invalid_client"}, Refusal{401, "invalid_client"}))
	expectRevocable(t, main, token)
}

func refusesUnauthenticatedRevocation(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.expectNamelessRefused(t.Revoke(token))
	t.expectInvalidClient(t.Revoke(token, Param("client_id", main.ID)), "with client_id alone")
	expectRevocable(t, main, token)
}

func refusesRevocationWithWrongSecret(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	expectUnauthenticated(t, main, t.Revoke(token, As(wrongSecret(main))), "the secret is wrong")
	expectRevocable(t, main, token)
}

// revokesForPublicClient has the confidential client look: a public one may not.
func revokesForPublicClient(t *T) {
	public, main := t.Client(Public), t.Client(Main)
	if !t.logsIn() {
		t.Skip("the target claims no grant by which users log in")
	}
	scope, _ := t.twoScopes(public)
	token := userToken(t, public, scope)
	if t.Introspect(token, As(main)).Object()["active"] != true {
		t.Skip("a client may not introspect the public client's token, so nothing shows its end")
	}
	t.Expect(t.Revoke(token, As(public))).To(HaveStatus(200))
	t.Expect(t.Introspect(token, As(main))).To(BeInactive(), "after its revocation")
}

func revokesInSpiteOfWrongHint(t *T) {
	main := t.Client(Main)
	expectRevocable(t, main, freshToken(t, main), Param("token_type_hint", "access_token"))
	expectRevocable(t, main, freshToken(t, main), Param("token_type_hint", "refresh_token"))
	if !t.logsIn() || !t.claims(Refresh) {
		return
	}
	refresh := userGrant(t, main).Text("refresh_token")
	t.Expect(t.Revoke(refresh, As(main), Param("token_type_hint", "access_token"))).To(HaveStatus(200))
	t.Expect(t.Refresh(refresh, As(main))).To(BeRefused(400, "invalid_grant"), "a refresh token revoked as an access token")
}

func ignoresUnknownHint(t *T) {
	main := t.Client(Main)
	expectRevocable(t, main, freshToken(t, main))
	expectRevocable(t, main, freshToken(t, main), Param("token_type_hint", "pat"))
}

func revokesNothingByGet(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	answer := t.Ask("revocation", Method(http.MethodGet), As(main), Query(url.Values{"token": {token}}))
	t.Expect(answer).To(refuseMethod())
	expectRevocable(t, main, token)
}

// agreesOnRefreshTokenOfRevoked: RFC 7009 §2.1 leaves open whether the refresh
// token dies with the access token. Either will do, half of it will not.
func agreesOnRefreshTokenOfRevoked(t *T) {
	main := t.Client(Main)
	grant := userGrant(t, main)
	access, refresh := grant.Text("access_token"), grant.Text("refresh_token")
	shown := t.Introspect(refresh, As(main)).Object()["active"] == true
	expectRevocable(t, main, access)

	alive := t.Introspect(refresh, As(main)).Object()["active"] == true
	answer := t.Refresh(refresh, As(main))
	if answer.Status != 200 {
		t.Expect(answer).To(BeRefused(400, "invalid_grant"), "the refresh token of a revoked access token")
		t.Expect(alive).NotTo(BeTrue(), "introspection calls the refresh token active, which the token endpoint refuses")
		return
	}
	t.Expect(answer).To(BeToken())
	if shown {
		t.Expect(alive).To(BeTrue(), "introspection calls the refresh token inactive, which the token endpoint takes")
	}
	t.Expect(t.Introspect(answer.Text("access_token"), As(main))).To(BeActive(), "the token by which the revoked one is replaced")
}

func revokesJWT(t *T) {
	main := t.Client(Main)
	for _, answer := range freshGrants(t, main) {
		accessJWT(t, answer)
		expectRevocable(t, main, answer.Text("access_token"))
	}
}

func answersRevocationErrorsAsJSON(t *T) {
	main := t.Client(Main)
	t.Expect(t.Revoke(freshToken(t, main), As(main))).To(HaveStatus(200))
	var refusals []Answer
	for _, c := range []struct {
		what    string
		answer  Answer
		refused types.GomegaMatcher
	}{
		{"no token", t.Ask("revocation", As(main)), BeRefused(400, "invalid_request")},
		{"a wrong secret", t.Revoke(unknownToken, As(wrongSecret(main))), beUnauthenticated(main)},
		{"an unknown client", t.Revoke(unknownToken, As(unknownClient(main))), beUnauthenticated(main)},
	} {
		t.Expect(c.answer).To(c.refused, c.what)
		refusals = append(refusals, c.answer)
	}
	t.expectNotKept(refusals...)
}
