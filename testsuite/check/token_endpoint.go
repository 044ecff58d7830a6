package check

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// tokenEndpoint is what RFC 6749 asks of every token request, whatever its grant.
func tokenEndpoint() Section {
	return Section{Letter: "A", Title: "Token endpoint, common rules", Checks: slices.Concat(tokenRequests(), tokenAnswers())}
}

func tokenRequests() []Check {
	return []Check{
		Must("TE-01", "answers GET with no token", "RFC 6749 §3.2", refusesGet).
			If(ClientCredentials).Breaks(&fault.GetServed, &fault.AllowMissing),
		Must("TE-02", "answers HEAD, PUT, PATCH and DELETE with no token", "RFC 6749 §3.2", refusesOtherMethods).
			If(ClientCredentials).Breaks(&fault.AnyMethodServed, &fault.GetServed, &fault.AllowMissing),
		Should("TE-03", "refuses a JSON body", "RFC 6749 §4.4.2; RFC 6749 App. B", refusesJSON).
			If(ClientCredentials).Breaks(&fault.JSONBodyServed),
		Must("TE-04", "serves a form whose Content-Type has a charset", "RFC 6749 App. B", servesCharset).
			Breaks(&fault.CharsetRefused),
		Must("TE-06", "refuses an empty body with invalid_request", "RFC 6749 §5.2", refusesEmptyBody).
			If(ClientCredentials).Breaks(&fault.GrantTypeAssumed, &fault.AbsentGrantUnsupported),
		Must("TE-07", "refuses a request without grant_type with invalid_request", "RFC 6749 §4.4.2; RFC 6749 §5.2", refusesAbsentGrant).
			If(ClientCredentials).Breaks(&fault.AbsentGrantUnsupported, &fault.GrantTypeAssumed),
		Must("TE-08", "treats an empty grant_type as omitted", "RFC 6749 §3.2", refusesEmptyGrant).
			If(ClientCredentials).Breaks(&fault.AbsentGrantUnsupported, &fault.GrantTypeAssumed),
		Must("TE-09", "refuses an unknown grant_type with unsupported_grant_type", "RFC 6749 §5.2", refusesUnknownGrant).
			If(ClientCredentials).Breaks(&fault.UnknownGrantInvalid, &fault.UnknownGrantServed),
		Must("TE-10", "compares grant types with regard to case", "RFC 6749 §1.9; RFC 6749 §5.2", refusesGrantInOtherCase).
			If(ClientCredentials).Breaks(&fault.GrantTypeCaseIgnored, &fault.UnknownGrantInvalid),
		Must("TE-11", "refuses two grant types in one parameter", "RFC 6749 §4.4.2", refusesGrantList).
			If(ClientCredentials).Breaks(&fault.FirstGrantOfListServed, &fault.UnknownGrantServed),
		Must("TE-12", "refuses a second grant_type with invalid_request", "RFC 6749 §3.2; RFC 6749 §5.2", refusesSecondGrant).
			If(ClientCredentials).Breaks(&fault.FirstDuplicateWins, &fault.LastDuplicateWins),
		Must("TE-13", "refuses a second scope parameter with invalid_request", "RFC 6749 §3.2", refusesSecondScope).
			Breaks(&fault.FirstDuplicateWins, &fault.LastDuplicateWins, &fault.RepeatedScopesJoined),
		Must("TE-14", "refuses any parameter sent twice with invalid_request", "RFC 6749 §3.2", refusesAnyDuplicate).
			If(ClientCredentials).Breaks(&fault.FirstDuplicateWins, &fault.EqualDuplicatesServed),
		Must("TE-15", "ignores a parameter that it does not know", "RFC 6749 §3.2", ignoresUnknownParameter).
			Breaks(&fault.UnknownParameterRefused),
		Must("TE-16", "treats an empty scope as omitted", "RFC 6749 §3.2", treatsEmptyScopeAsOmitted).
			Breaks(&fault.EmptyScopeRefused),
		Must("TE-17", "refuses parameters in the query of the URI", "RFC 6749 §2.3.1; RFC 6749 §3.2", refusesQueryParameters).
			Breaks(&fault.QueryServed),
		Should("TE-19", "refuses broken percent-encoding with invalid_request", "RFC 6749 App. B", refusesBrokenEncoding).
			Breaks(&fault.BrokenEncodingDropped),
		Should("TE-20", "refuses a multipart/form-data body", "RFC 6749 App. B", refusesMultipart).
			Breaks(&fault.MultipartServed),
	}
}

func tokenAnswers() []Check {
	return []Check{
		Must("TE-21", "answers a token as JSON with status 200", "RFC 6749 §5.1", answersJSON).
			Breaks(&fault.TextForJSON, &fault.TokenUnavailable, &fault.StoreUnavailable).Breaks(noTokens()...).Breaks(noTokenJSON()...),
		Must("TE-22", "forbids caches to keep a token", "RFC 6749 §5.1", forbidsCaching).
			Breaks(&fault.Cacheable),
		Should("TE-23", "forbids caches of HTTP/1.0 to keep a token or a refusal", "RFC 6749 §5.1; RFC 6749 §5.2", forbidsOldCaching).
			Breaks(&fault.PragmaMissing),
		Must("TE-24", "answers an access_token of printable ASCII", "RFC 6749 §5.1; RFC 6749 App. A.12", answersPrintableToken).
			Breaks(&fault.AccessTokenBeyondASCII, &fault.AccessTokenEmpty, &fault.AccessTokenMissing, &fault.AccessTokenNull, &fault.AccessTokenIsNumber, &fault.AccessTokenIsObject, &fault.AccessTokenWithLineBreak),
		Must("TE-25", "answers a registered token_type", "RFC 6749 §5.1; RFC 6749 §7.1", answersTokenType).
			Breaks(&fault.TokenTypeMissing, &fault.TokenTypeInvented, &fault.TokenTypeMAC, &fault.TokenTypeNotApplicable, &fault.TokenTypeNull),
		Must("TE-27", "leaves scope out rather than answer an empty one", "RFC 6749 App. A.4; RFC 6749 §5.1", neverAnswersEmptyScope).
			Breaks(&fault.EmptyScopeSaid, &fault.AnsweredScopeEmpty, &fault.AnsweredScopeNull, &fault.AnsweredScopeAsList),
		Must("TE-29", "grants the same scopes in whichever order they are asked for", "RFC 6749 §3.3", ignoresScopeOrder).
			Breaks(&fault.FirstScopeOnly),
		Must("TE-30", "refuses in the form of the specification", "RFC 6749 §5.2", refusesInForm).
			Breaks(&fault.RefusalWith200, &fault.ErrorAsText, &fault.TextForJSON, &fault.Cacheable, &fault.ErrorMissing, &fault.ErrorsInList, &fault.ErrorIsObject, &fault.ErrorAsPage, &fault.ErrorPageCalledJSON),
		Must("TE-31", "refuses with registered error codes only", "RFC 6749 §5.2", usesRegisteredErrors).
			Breaks(&fault.ErrorCodeInvented),
		Must("TE-32", "keeps error_description to the characters allowed in it", "RFC 6749 §5.2", keepsDescriptionClean).
			Breaks(&fault.RequestEchoed, &fault.ErrorDescriptionHostile, &fault.ErrorDescriptionLarge),
		Must("TE-33", "answers an error_uri that is a URI, if any", "RFC 6749 §5.2", answersErrorURI).
			Breaks(&fault.ErrorURIWithSpace, &fault.ErrorURIOfScript),
		Must("TE-35", "makes access tokens that differ and cannot be guessed", "RFC 6749 §10.10", makesUnguessableTokens).
			Breaks(&fault.AccessTokenRepeated, &fault.AccessTokenGuessable).Destructively(),
		Should("TE-36", "serves 50 requests at once, each with its own token", "RFC 6749 §3.2", servesParallelRequests).
			Breaks(&fault.AccessTokenRepeated, &fault.StoreUnavailable).Destructively(),
		Must("TE-37", "decodes a form as UTF-8 with + for a space", "RFC 6749 App. B", decodesForms).
			If(Password).Breaks(&fault.PlusKept, &fault.Latin1Read),
		Should("TE-38", "refuses a body of 2 MiB and goes on serving", "RFC 9110 §15.5.14", refusesLargeBody).
			If(ClientCredentials).Breaks(&fault.LargeBodyServed).Destructively(),
		Should("TE-39", "blames neither client nor grant for a failing store", "RFC 6749 §5.2", ownsUpToFailingStore).
			If(StoreFaults).Breaks(&fault.StoreFailureBlamedOnGrant),
		Must("TE-40", "serves no token request over plain HTTP", "RFC 9700 §2.6; RFC 6749 §3.2", refusesPlainHTTP).
			If(ClientCredentials, TLS).Because("a plain connection to a TLS port ends before the provider's handler, where no fault acts; proven by TestRareChecksBite"),
	}
}

// tokenForms are token requests that need no browser, one for each such grant of the target.
func (t *T) tokenForms() []url.Values {
	var forms []url.Values
	if t.claims(ClientCredentials) {
		forms = append(forms, url.Values{"grant_type": {"client_credentials"}})
	}
	if t.claims(Password) {
		u := t.User(Main)
		forms = append(forms, url.Values{"grant_type": {"password"}, "username": {u.Username}, "password": {u.Password}})
	}
	if forms == nil {
		t.Skip("the target claims neither the client_credentials nor the password grant")
	}
	return forms
}

// scoped is a form with the client's first plain scope, for requests that [T.Ask]
// does not see through.
func (t *T) scoped(form url.Values, c Client) url.Values {
	form = maps.Clone(form)
	a := Ask{form: form, asker: c}
	t.addScope(&a)
	return a.form
}

func refusesGet(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())

	query := t.scoped(url.Values{"grant_type": {"client_credentials"}}, main)
	expectWrongMethod(t, t.Ask("token", Method(http.MethodGet), As(main), Query(query)))
}

func refusesOtherMethods(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())

	form := t.scoped(url.Values{"grant_type": {"client_credentials"}}, main)
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
		expectWrongMethod(t, t.Ask("token", Method(method), As(main), Params(form)))
	}
	head := t.Ask("token", Method(http.MethodHead), As(main), Query(form))
	t.Expect(head).To(refuseMethod(), "HEAD must not be served")
	if head.Status == http.StatusMethodNotAllowed {
		t.Expect(elements(head, "Allow")).To(ContainElement("POST"))
	}
}

// expectWrongMethod expects any refusal: RFC 9110 §9.1 recommends 405, which must
// say what is allowed (§15.5.6), and has others, such as 404, for a server that
// knows the address by its own method only. 400 is that of RFC 6749 §5.2.
func expectWrongMethod(t *T, answer Answer) {
	t.Expect(answer).To(refuseMethod())
	if answer.Status == http.StatusBadRequest {
		t.Expect(answer).To(BeRefused(400, "invalid_request"))
	}
	t.Expect(answer).To(HaveNoMember("access_token"))
	if answer.Status == http.StatusMethodNotAllowed {
		t.Expect(elements(answer, "Allow")).To(ContainElement("POST"), "405 must name POST in Allow")
	}
}
