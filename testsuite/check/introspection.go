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
			If(Introspection).Breaks(fault.IntrospectionTimesAsStrings, fault.IntrospectionScopeAsList, fault.IntrospectionActiveAsString, fault.IntrospectionLongExpired, fault.IntrospectionScopeWidened).Breaks(noIntrospection()...),
		May("IN-02", "tells token_type, iss and a jti that stays", "RFC 7662 §2.2", tellsUsefulMembers).
			If(Introspection).Breaks(fault.IntrospectionBare, fault.IntrospectionRandomID, fault.IntrospectionOtherIssuer),
		Must("IN-03", "answers for an unknown token that it is inactive, and nothing else", "RFC 7662 §2.2", callsUnknownInactive).
			If(Introspection).Breaks(fault.IntrospectionAlwaysActive, fault.IntrospectionUnknownRefused, fault.IntrospectionInactiveTalks),
		Must("IN-04", "answers for an expired or revoked token that it is inactive, and nothing else", "RFC 7662 §2.2", callsDeadInactive).
			If(Introspection).Breaks(fault.IntrospectionStale, fault.IntrospectionInactiveTalks),
		Must("IN-05", "refuses an introspection without a token with invalid_request", "RFC 7662 §2.1; RFC 6749 §5.2", refusesIntrospectionWithoutToken).
			If(Introspection).Breaks(fault.MissingTokenServed, fault.ErrorAsText),
		Must("IN-06", "refuses an introspection by nobody with 401 and a challenge", "RFC 7662 §2.1; RFC 7662 §2.3", refusesIntrospectionByNobody).
			If(Introspection).Breaks(fault.AnyClientServed, fault.SecretOptional, fault.IntrospectionForPublicClients, fault.RequestUnauthorized),
		Must("IN-07", "refuses an introspection with a wrong secret by 401 invalid_client and a challenge", "RFC 7662 §2.3; RFC 6749 §5.2", refusesIntrospectionWithWrongSecret).
			If(Introspection).Breaks(fault.AnySecretServed, fault.ChallengeMissing, fault.RequestUnauthorized),
		Must("IN-08", "refuses an introspection with an invalid bearer token by 401 and error=invalid_token", "RFC 7662 §2.3; RFC 6750 §3", refusesIntrospectionWithInvalidBearer).
			If(Introspection).Breaks(fault.AnyBearerServed, fault.RequestUnauthorized, fault.ChallengesInList),
		Must("IN-09", "takes each client authentication that it advertises for introspection", "RFC 8414 §2", takesAdvertisedIntrospectionAuth).
			If(Introspection).Breaks(fault.PostSecretIgnored),
		Must("IN-11", "introspects nothing by GET", "RFC 7662 §2.1", introspectsNothingByGet).
			If(Introspection).Breaks(fault.GetServed),
		Should("IN-12", "refuses the caller's bearer token in the URI query", "RFC 7662 §4; RFC 6750 §2.3", refusesIntrospectionBearerInQuery).
			If(Introspection).Breaks(fault.QueryBearerCacheable),
		May("IN-13", "tells a client about another's token all or nothing", "RFC 7662 §2.2", tellsOthersAllOrNothing).
			If(Introspection).Breaks(fault.ForeignIntrospectionRefused),
		Must("IN-15", "gives every member of the answer the type that it is defined with", "RFC 7662 §2.2", givesMembersTheirTypes).
			If(Introspection).Breaks(fault.IntrospectionScopeCommas, fault.IntrospectionNulls, fault.IntrospectionScopeAsList),
		Must("IN-16", "shows a refresh token with its own expiry", "RFC 7662 §2.2", showsRefreshTokenExpiry).
			If(Password, Refresh, Introspection).Breaks(fault.RefreshTokenShownExpired, fault.RefreshTokenShownInactive),
		Should("IN-17", "forbids to store its answers", "RFC 7662 §2.2; RFC 7662 §4", forbidsStoringIntrospection).
			If(Introspection).Breaks(fault.Cacheable.AtEndpoint(fault.Introspection)),
		Must("IN-18", "tells how and when the user logged in", "RFC 9470 §6.2", tellsLogin).
			If(Password, Introspection, StepUp).Because("no target of ours claims step-up"),
	}}
}

func refusesIntrospectionWithoutToken(t *T) {
	main := t.Client(Main)
	t.Expect(t.Introspect(freshToken(t, main), As(main))).To(BeActive(), "with a token")
	t.Expect(t.Ask("introspection", As(main))).To(BeRefused(400, "invalid_request"), "without")
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
		t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{401, "invalid_token"}), "by %s", a.what)
		t.Expect(answer).To(HaveNoMember("active"), "by %s", a.what)
	}
}

func refusesIntrospectionWithWrongSecret(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "with the secret")
	answer := t.Introspect(token, As(wrongSecret(main)))
	expectUnauthenticated(t, answer, "the secret is wrong")
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
	main := t.Client(Main)
	listed := texts(t.advertised("introspection_endpoint_auth_methods_supported"))
	expectAuthMethods(t, listed, BeActive(), func(authentication Ingredient) Answer {
		return t.Introspect(freshToken(t, main), authentication)
	})
}

// secretMethod is a way to authenticate by a secret.
type secretMethod struct {
	name string
	by   func(Client) Ingredient
}

func secretMethods() []secretMethod {
	return []secretMethod{{"client_secret_basic", As}, {"client_secret_post", InBody}}
}

// expectAuthMethods tries each method that is listed, and skips the check when
// none of them is one that this suite can use.
func expectAuthMethods(t *T, listed []string, served types.GomegaMatcher, ask func(Ingredient) Answer) {
	main, tried := t.Client(Main), false
	for _, method := range secretMethods() {
		if slices.Contains(listed, method.name) {
			tried = true
			t.Expect(ask(method.by(main))).To(served, "by %s, which the metadata lists", method.name)
		}
	}
	if !tried {
		t.Skip("the metadata lists no authentication by a secret for the endpoint: %s", strings.Join(listed, ", "))
	}
}

func introspectsNothingByGet(t *T) {
	main := t.Client(Main)
	token := freshToken(t, main)
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "by POST")
	answer := t.Ask("introspection", Method(http.MethodGet), As(main), Query(url.Values{"token": {token}}))
	t.Expect(answer).To(HaveStatus(405, 400))
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
