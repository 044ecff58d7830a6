package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// authorizationEndpoint is what a browser finds at the authorization endpoint, and
// what it brings to the client.
func authorizationEndpoint() Section {
	return Section{Letter: "F", Title: "Authorization endpoint", Checks: slices.Concat(
		authorizationRequests(), authorizationRedirects(), authorizationParameters(), authorizationResponses(),
	)}
}

func authorizationRequests() []Check {
	return []Check{
		Must("AZ-01", "sends a code to the redirect_uri, with the state as it came", "RFC 6749 §4.1.2", sendsCode).
			If(AuthorizationCode).Breaks(&fault.StateCut, &fault.ResponseInFragment).Breaks(noCode()...),
		Must("AZ-03", "serves a request without state, and returns none", "RFC 6749 §4.1.1; RFC 6749 §4.1.2", servesWithoutState).
			If(AuthorizationCode).Breaks(&fault.StateRequired, &fault.EmptyStateReturned),
		Must("AZ-04", "takes a state of one character", "RFC 6749 §4.1.1", takesShortState).
			If(AuthorizationCode).Breaks(&fault.ShortStateRefused),
		Must("AZ-06", "sends an unknown response_type back with unsupported_response_type", "RFC 6749 §4.1.2.1", refusesUnknownResponseType).
			If(AuthorizationCode).Breaks(&fault.UnsupportedResponseTypeMiscoded, &fault.AuthorizationErrorsAsPages),
		Must("AZ-07", "sends a response_type that the client may not use back with unauthorized_client", "RFC 6749 §4.1.2.1", refusesForbiddenResponseType).
			If(AuthorizationCode).Breaks(&fault.ForbiddenResponseTypeMiscoded),
		Must("AZ-08", "shows a page, and redirects nowhere, without client_id", "RFC 6749 §4.1.2.1; RFC 6749 §3.1.2.4", stopsWithoutClient).
			If(AuthorizationCode).Breaks(&fault.ErrorsSentToUnprovenURI),
		Must("AZ-09", "shows a page, and redirects nowhere, for an unknown client_id", "RFC 6749 §4.1.2.1; RFC 9110 §15.5.2", stopsUnknownClient).
			If(AuthorizationCode).Breaks(&fault.ErrorsSentToUnprovenURI, &fault.UnknownClientWith401),
	}
}

func authorizationParameters() []Check {
	return []Check{
		Must("AZ-19", "shows a page when client_id or redirect_uri is sent twice", "RFC 6749 §3.1; RFC 6749 §4.1.2.1", stopsTwoTargets).
			If(AuthorizationCode).Breaks(&fault.RepeatedAuthorizationServed, &fault.ErrorsSentToUnprovenURI),
		Must("AZ-20", "sends back invalid_request when scope, state or response_type is sent twice", "RFC 6749 §3.1; RFC 6749 §4.1.2.1", refusesRepeatedParameters).
			If(AuthorizationCode).Breaks(&fault.RepeatedAuthorizationServed, &fault.AuthorizationErrorsAsPages),
		Must("AZ-21", "ignores a parameter of an authorization request that it does not know", "RFC 6749 §3.1", ignoresUnknownAuthorizationParameter).
			If(AuthorizationCode).Breaks(&fault.UnknownAuthorizationParameterRefused),
		Must("AZ-22", "takes a parameter without a value for one that was not sent", "RFC 6749 §3.1", ignoresEmptyParameters).
			If(AuthorizationCode).Breaks(&fault.EmptyScopeRefused, &fault.EmptyStateReturned),
		Must("AZ-23", "serves a request that is posted like one by GET", "OpenID Connect Core §3.1.2.1", servesPostedRequest).
			If(AuthorizationCode, OpenID).Breaks(&fault.PostedAuthorizationRefused),
		Should("AZ-24", "refuses PUT and DELETE with 405", "RFC 9110 §15.5.6", refusesOtherMethodsOfBrowsers).
			If(AuthorizationCode).Breaks(&fault.AnyMethodAuthorizes),
		Must("AZ-25", "sends back an error without state to a request without state", "RFC 6749 §4.1.2.1", refusesWithoutState).
			If(AuthorizationCode).Breaks(&fault.EmptyStateReturned, &fault.StateRequired),
		Must("AZ-26", "keeps the error_description that it sends back to the characters allowed in it", "RFC 6749 §4.1.2.1", sendsCleanDescription).
			If(AuthorizationCode).Breaks(&fault.RequestEchoed),
	}
}

func sendsCode(t *T) {
	for _, state := range []string{"af0ifjsldkj", `a b+c&d=e%20"<é>` + strings.Repeat("0123456789", 20)} {
		r := t.Authorize(t.Client(Main), url.Values{"state": {state}})
		t.Expect(r).To(BeGranted())
		t.Expect(r.Mode).To(Equal(ModeQuery), "where response_type=code is answered:\n%s", r)
	}
}

func servesWithoutState(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	r := t.Authorize(main, url.Values{"state": nil})
	t.Expect(r).To(BeGranted(), "without state")
	t.expectNoState(r)
}

// expectNoState warns of a state that nobody sent: RFC 6749 §4.1.2 demands it
// back where it was, and forbids none where it was not.
func (t *T) expectNoState(r Redirect) {
	broken := t.broken
	t.broken = Warned
	t.Expect(r.Params.Has("state")).NotTo(BeTrue(), "the request had no state, the response has %q:\n%s", r.Params["state"], r)
	t.broken = broken
}

func takesShortState(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	t.Expect(t.Authorize(main, url.Values{"state": {"x"}})).To(BeGranted(), "state is opaque to the provider")
}

func refusesUnknownResponseType(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	t.Expect(t.Authorize(main, url.Values{"response_type": {"foo"}})).To(BeSentBack("unsupported_response_type"))
}

func refusesForbiddenResponseType(t *T) {
	t.Expect(t.Authorize(t.Client(Main), nil)).To(BeGranted(), "a client that may")
	t.Expect(t.Authorize(t.clientWithoutCodes(), nil)).To(BeSentBack("unauthorized_client"))
}

func stopsWithoutClient(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	t.Expect(t.Authorize(main, url.Values{"client_id": nil})).To(BeStopped(), "client_id is absent")
	t.Expect(t.Authorize(main, url.Values{"client_id": {""}})).To(BeStopped(), "client_id is empty")
}

func stopsUnknownClient(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	r := t.Authorize(main, url.Values{"client_id": {unknownClient(main).ID}})
	t.Expect(r).To(BeStopped())
	if r.Status == http.StatusUnauthorized {
		t.Expect(len(r.Challenges()) > 0).To(BeTrue(), "a 401 must have a WWW-Authenticate (RFC 9110 §15.5.2):\n%s", r)
	}
}

func stopsTwoTargets(t *T) {
	client := t.Client(TwoRedirects)
	uris := client.RedirectURIs
	if len(uris) < 2 {
		panic(stop{Untestable, "the target names no two redirect URIs of the client " + client.ID})
	}
	for _, params := range []url.Values{
		{"redirect_uri": {uris[0], uris[1]}}, {"redirect_uri": {uris[0], uris[0]}},
		{"client_id": {client.ID, client.ID}}, {"client_id": {client.ID, t.Client(Main).ID}},
	} {
		t.Expect(t.Authorize(client, nil)).To(BeGranted())
		t.Expect(t.Authorize(client, params)).To(BeStopped(), "with %s", params.Encode())
	}
}

func refusesRepeatedParameters(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	t.Expect(t.Authorize(main, url.Values{"scope": {a + " " + b}})).To(BeGranted())
	for _, params := range []url.Values{
		{"scope": {a, b}}, {"scope": {a, a}}, {"state": {"one", "two"}}, {"response_type": {"code", "code"}},
	} {
		t.Expect(t.Authorize(main, params)).To(BeSentBack("invalid_request"), "with %s", params.Encode())
	}
}

func ignoresUnknownAuthorizationParameter(t *T) {
	r := t.Authorize(t.Client(Main), url.Values{"mockoauth_conformance": {"unheard-of"}})
	t.Expect(r).To(BeGranted())
	t.Expect(t.Redeem(t.Client(Main), r)).To(BeToken())
}

func ignoresEmptyParameters(t *T) {
	main := t.Client(Main)
	omitted := t.Authorize(main, url.Values{"scope": nil})
	if refusal := omitted.Params.Get("error"); refusal != "" { // as RFC 6749 §3.3 leaves to the provider
		t.Expect(t.Authorize(main, url.Values{"scope": {""}})).To(BeSentBack(refusal), "an empty scope")
	} else {
		t.Expect(omitted).To(BeGranted(), "without scope")
		t.Expect(t.Authorize(main, url.Values{"scope": {""}})).To(BeGranted(), "an empty scope")
	}
	t.Expect(t.Authorize(main, url.Values{"response_type": {""}})).To( // which §3.1.1 answers like one that is not understood
		BeSentBack("invalid_request", "unsupported_response_type"), "an empty response_type")
	r := t.Authorize(main, url.Values{"state": {""}, "response_mode": {""}})
	t.Expect(r).To(BeGranted(), "an empty state and response_mode")
	t.expectNoState(r)
}

func servesPostedRequest(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	r := t.Browser(t.User(Main)).Post(t.URL("authorization"), t.authorizationParams(main, nil))
	t.Expect(r).To(BeGranted(), "by POST")
	t.Expect(t.Redeem(main, r)).To(BeToken())
}

func refusesOtherMethodsOfBrowsers(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		answer := t.Ask("authorization", Method(method), Query(t.authorizationParams(main, nil)))
		t.Expect(answer).To(HaveStatus(405), "%s", method)
		t.Expect(elements(answer, "Allow")).To(ContainElement("GET"), "405 must name GET in Allow")
	}
}

func refusesWithoutState(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, url.Values{"state": nil})).To(BeGranted())
	r := t.Authorize(main, url.Values{"state": nil, "response_type": {"foo"}})
	t.Expect(r).To(BeSentBackForResponseType())
	t.expectNoState(r)
}

func sendsCleanDescription(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	for _, odd := range []string{"\"x\\é", "a\tb", "a\r\nSet-Cookie: b=c", "😀"} {
		for _, name := range []string{"response_type", "scope"} {
			r := t.Authorize(main, url.Values{name: {odd}})
			if name == "scope" && r.Code() != "" {
				continue // scopes may be ignored (RFC 6749 §3.3)
			}
			t.Expect(r).To(BeSentBack("unsupported_response_type", "unauthorized_client", "invalid_scope", "invalid_request"), "the %s is %q", name, odd)
			dirty := strings.IndexFunc(r.Params.Get("error_description"), func(c rune) bool { return !inErrorText(c) })
			t.Expect(dirty).To(Equal(-1), "where error_description has a character that it may not have:\n%s", r)
		}
	}
}
