package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// introspection is RFC 7662. What it answers is in introspection_response.go;
// here is the index, and who may ask.
func introspection() Section {
	return Section{Letter: "L", Title: "Introspection", Checks: []Check{
		Must("IN-01", "describes an active token with active, exp, iat and scope of the right types", "RFC 7662 §2.2", describesActiveToken).
			If(Introspection).Breaks(&fault.IntrospectionTimesAsStrings, &fault.IntrospectionScopeAsList, &fault.IntrospectionActiveAsString, &fault.IntrospectionLongExpired, &fault.IntrospectionScopeWidened).Breaks(noIntrospection()...),
		May("IN-02", "tells token_type, iss and a jti that stays", "RFC 7662 §2.2", tellsUsefulMembers).
			If(Introspection).Breaks(&fault.IntrospectionBare, &fault.IntrospectionRandomID, &fault.IntrospectionOtherIssuer),
		Must("IN-03", "answers for an unknown token that it is inactive, and nothing else", "RFC 7662 §2.2", callsUnknownInactive).
			If(Introspection).Breaks(&fault.IntrospectionAlwaysActive, &fault.IntrospectionUnknownRefused, &fault.IntrospectionInactiveTalks),
		Must("IN-04", "answers for an expired or revoked token that it is inactive, and nothing else", "RFC 7662 §2.2", callsDeadInactive).
			If(Introspection).Breaks(&fault.IntrospectionStale, &fault.IntrospectionInactiveTalks).Slowly(),
		Must("IN-05", "refuses an introspection without a token with invalid_request", "RFC 7662 §2.1; RFC 6749 §5.2", refusesIntrospectionWithoutToken).
			If(Introspection).Breaks(&fault.MissingTokenServed, &fault.ErrorAsText),
		Must("IN-06", "tells nobody about a token who has not authenticated", "RFC 7662 §2.1; RFC 7662 §2.3", refusesIntrospectionByNobody).
			If(Introspection).Breaks(&fault.AnyClientServed, &fault.SecretOptional, &fault.IntrospectionForPublicClients, &fault.RequestUnauthorized),
		Must("IN-07", "refuses an introspection with a wrong secret by 401 invalid_client and a challenge", "RFC 7662 §2.3; RFC 6749 §5.2", refusesIntrospectionWithWrongSecret).
			If(Introspection).Breaks(&fault.AnySecretServed, &fault.ChallengeMissing, &fault.RequestUnauthorized),
		Must("IN-08", "refuses an introspection with an invalid bearer token by 401 and error=invalid_token", "RFC 7662 §2.3; RFC 6750 §3", refusesIntrospectionWithInvalidBearer).
			If(Introspection).Breaks(&fault.AnyBearerServed, &fault.RequestUnauthorized, &fault.ChallengesInList),
		Must("IN-09", "takes each client authentication that it advertises for introspection", "RFC 8414 §2", takesAdvertisedIntrospectionAuth).
			If(Introspection).Breaks(&fault.PostSecretIgnored),
		May("IN-11", "introspects nothing by GET", "RFC 7662 §2.1; RFC 7662 §4", introspectsNothingByGet).
			If(Introspection).Breaks(&fault.GetServed),
		Should("IN-12", "refuses the caller's bearer token in the URI query", "RFC 7662 §4; RFC 6750 §2.3", refusesIntrospectionBearerInQuery).
			If(Introspection).Breaks(&fault.QueryBearerCacheable),
		May("IN-13", "tells a client about another's token all or nothing", "RFC 7662 §2.2", tellsOthersAllOrNothing).
			If(Introspection).Breaks(&fault.ForeignIntrospectionRefused),
		Must("IN-15", "gives every member of the answer the type that it is defined with", "RFC 7662 §2.2", givesMembersTheirTypes).
			If(Introspection).Breaks(&fault.IntrospectionScopeCommas, &fault.IntrospectionNulls, &fault.IntrospectionScopeAsList),
		Must("IN-16", "shows a refresh token with its own expiry", "RFC 7662 §2.2", showsRefreshTokenExpiry).
			If(Refresh, Introspection).Breaks(&fault.RefreshTokenShownExpired, &fault.RefreshTokenShownInactive).Slowly(),
		Should("IN-17", "forbids to store its answers", "RFC 7662 §2.2; RFC 7662 §4", forbidsStoringIntrospection).
			If(Introspection).Breaks(at(&fault.Cacheable, fault.Introspection)),
		Must("IN-18", "tells how and when the user logged in", "RFC 9470 §6.2", tellsLogin).
			If(Password, Introspection, StepUp).Because("mockoauth does no step-up; proven by TestRareChecksBite"),
		Must("IN-19", "tells to whom a token is bound", "RFC 8705 §3.2; RFC 9449 §6.2", tellsConfirmation).
			If(ClientCredentials, Introspection, SenderConstrained).Because("mockoauth binds no token to its sender yet; proven by TestAssertionChecksBite"),
	}}
}

func refusesIntrospectionWithoutToken(t *T) {
	main := t.Client(Main)
	t.Expect(t.Introspect(freshToken(t, main), As(main))).To(BeActive(), "with a token")
	t.Expect(t.Ask("introspection", As(main))).To(BeRefused(400, "invalid_request"), "without anything")
	t.Expect(t.Ask("introspection", As(main), Param("token_type_hint", "access_token"))).To(BeRefused(400, "invalid_request"), "with a hint, and none")
	t.broken = Warned // RFC 6749 §3.2 is of the token endpoint
	t.Expect(t.Ask("introspection", As(main), Param("token", ""))).
		To(BeRefused(400, "invalid_request"), "an empty parameter counts as omitted (RFC 6749 §3.2)")
}

func refusesIntrospectionByNobody(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "by a client")
	type asker struct {
		what        string
		ingredients []Ingredient
	}
	askers := []asker{{"nobody", nil}, {"a client_id alone", []Ingredient{Param("client_id", main.ID)}}}
	// A public client's client_id is no authorization: anybody can send it, and
	// scan tokens by it (RFC 7662 §2.1).
	if public, ok := t.Clients[Public]; ok && t.claims(PublicClients) {
		askers = append(askers, asker{"a public client", []Ingredient{As(public)}})
	}
	for _, a := range askers {
		answer := t.Introspect(token, a.ingredients...)
		if answer.Status == http.StatusOK {
			t.Expect(answer).To(BeInactive(), "by %s", a.what) // all tokens are, to who may not know (RFC 7662 §2.2)
			continue
		}
		t.Expect(answer).To(HaveNoMember("active"), "by %s", a.what)
		if answer.Status == http.StatusUnauthorized && answer.Object() == nil {
			continue // RFC 7662 §2.3 gives a body to the refusal of credentials only
		}
		t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{401, "invalid_token"},
			Refusal{400, "invalid_client"}, Refusal{400, "invalid_request"}), "by %s", a.what)
	}
}

func refusesIntrospectionWithWrongSecret(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "with the secret")
	answer := t.Introspect(token, As(wrongSecret(main)))
	expectUnauthenticated(t, main, answer, "the secret is wrong")
	t.Expect(answer).To(HaveNoMember("active"))
}

// bearerCaller is a token by which another token may be introspected; the check
// is skipped where clients authenticate themselves only, which RFC 7662 §2.1 allows.
func bearerCaller(t *T, token string) (caller string) {
	caller = freshToken(t, t.Client(Main))
	if t.Introspect(token, asBearer(caller)).Object()["active"] != true {
		t.Skip("introspection takes no access token in place of client authentication")
	}
	return caller
}

func refusesIntrospectionWithInvalidBearer(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "by a client")
	caller := bearerCaller(t, token)

	t.Expect(t.Introspect(token, asBearer(unknownToken))).To(BeRefusedBearer(401, "invalid_token"), "an unknown token")
	if t.claims(Revocation) {
		t.Expect(t.Revoke(caller, As(main))).To(HaveStatus(200))
		answer := t.Introspect(token, asBearer(caller))
		t.Expect(answer).To(BeRefusedBearer(401, "invalid_token"), "a revoked token")
		t.Expect(answer).To(HaveNoMember("active"))
	}
}

// takesAdvertisedIntrospectionAuth leaves private_key_jwt to the section on JWT
// assertions, which has the clients' keys. RFC 8414 §2 gives this list no default.
func takesAdvertisedIntrospectionAuth(t *T) {
	listed := texts(t.advertised("introspection_endpoint_auth_methods_supported"))
	if !t.expectAuthMethods(listed, BeActive(), func(c Client, authentication Ingredient) Answer {
		return t.Introspect(freshToken(t, c), authentication)
	}) {
		t.Skip("the metadata lists no authentication by a secret for the endpoint that a client of the target may use: %s", strings.Join(listed, ", "))
	}
}

// expectAuthMethods tries each method by a secret that is listed and that a client
// may use, and tells whether there was one.
func (t *T) expectAuthMethods(listed []string, served types.GomegaMatcher, ask func(Client, Ingredient) Answer) (tried bool) {
	for method, by := range map[string]func(Client) Ingredient{AuthBasic: InHeader, AuthPost: InBody} {
		if c, ok := t.mayUse(method); ok && slices.Contains(listed, method) {
			tried = true
			t.Expect(ask(c, by(c))).To(served, "by %s, which the metadata lists", method)
		}
	}
	return tried
}

func introspectsNothingByGet(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "by POST")
	answer := t.Ask("introspection", Method(http.MethodGet), As(main), Query(url.Values{"token": {token}}))
	t.Expect(answer).To(refuseMethod())
	t.Expect(answer).To(HaveNoMember("active"))
}

func refusesIntrospectionBearerInQuery(t *T) {
	token := freshToken(t, t.Client(Main))
	caller := bearerCaller(t, token)
	answer := t.Introspect(token, Query(url.Values{"access_token": {caller}}))
	// invalid_request: a provider that takes no parameter from the URI at all.
	t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{401, "invalid_token"}, Refusal{400, "invalid_request"}))
	t.Expect(answer).To(HaveNoMember("active"))
}

func tellsOthersAllOrNothing(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	token := freshToken(t, main)
	own := t.Introspect(token, As(main))
	t.Expect(own).To(BeActive(), "by its own client")
	answer := t.Introspect(token, As(other))
	if answer.Object()["active"] == true {
		t.Expect(answer).To(BeActive(), "by another client")
		t.Expect(answer.Text("client_id")).To(Equal(own.Text("client_id")), "the client_id that another client is told")
		return
	}
	t.Expect(answer).To(BeInactive(), "by another client, which is not told")
}
