package check

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/onsi/gomega/types"
)

// A mistake is a token request that is to be refused.
type mistake struct {
	what        string
	ingredients []Ingredient
}

// mistakes are token requests of every kind that is refused.
func (t *T) mistakes() []mistake {
	main := t.Client(Main)
	form := Params(t.tokenForms()[0])
	list := []mistake{
		{what: "no grant_type", ingredients: []Ingredient{As(main)}},
		{what: "an unknown grant_type", ingredients: []Ingredient{As(main), Param("grant_type", "foo")}},
		{what: "an unknown scope", ingredients: []Ingredient{As(main), form, Param("scope", "no-such-scope")}},
		{what: "a parameter twice", ingredients: []Ingredient{As(main), form, Param("client_id", main.ID), Param("client_id", main.ID)}},
		{what: "broken percent-encoding", ingredients: []Ingredient{As(main), EncodedForm(t.tokenForms()[0].Encode() + "&scope=%zz")}},
		{what: "no client", ingredients: []Ingredient{form}},
		{what: "an unknown client", ingredients: []Ingredient{form, Basic("no-such-client", "guess")}},
		{what: "a wrong secret", ingredients: []Ingredient{form, As(wrongSecret(main))}},
		{what: "a wrong secret in the body", ingredients: []Ingredient{form, InBody(wrongSecret(main))}},
	}
	if t.claims(Refresh) {
		list = append(list, mistake{what: "an unknown refresh token", ingredients: []Ingredient{
			As(main), Params(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"no-such-token"}}),
		}})
	}
	if t.claims(Password) {
		list = append(list, mistake{what: "an unknown user", ingredients: []Ingredient{
			As(main), Params(url.Values{"grant_type": {"password"}, "username": {"no-such-user"}, "password": {"guess"}}),
		}})
	}
	return list
}

// eachRefusal sees that a request without mistake is served, in whatever form,
// then makes each mistake and hands the refusal to judge. A mistake that is served
// is the matter of its own check, or of none: scopes may be ignored (RFC 6749 §3.3).
func eachRefusal(t *T, judge func(what string, refusal Answer)) {
	t.Expect(t.Ask("token", As(t.Client(Main)), Params(t.tokenForms()[0]))).To(HaveStatus(200))
	for _, m := range t.mistakes() {
		answer := t.Ask("token", m.ingredients...)
		if isServed(answer) {
			continue
		}
		judge(m.what, answer)
	}
}

// isServed tells that an answer gives a token, where another check judges whether it may.
func isServed(a Answer) bool { return a.Status == http.StatusOK && a.Text("access_token") != "" }

func refusesInForm(t *T) {
	var refusals []Answer
	eachRefusal(t, func(what string, refusal Answer) {
		t.Expect(refusal).To(beWellRefused(), "the request has %s", what)
		refusals = append(refusals, refusal)
	})
	t.expectNotKept(refusals...)
}

// expectNotKept warns of refusals that caches may keep: RFC 6749 §5.1 demands
// no-store of what is sensitive, which a refusal is not.
func (t *T) expectNotKept(refusals ...Answer) {
	broken := t.broken
	t.broken = Warned
	for _, refusal := range refusals {
		t.Expect(directives(refusal, "Cache-Control")).To(ContainElement("no-store"), "a refusal need not be kept:\n%s", refusal)
	}
	t.broken = broken
}

// beWellRefused matches a refusal with whatever error code, in the form of RFC
// 6749 §5.2: which code it is belongs to the checks of the mistakes themselves.
func beWellRefused() types.GomegaMatcher {
	return onAnswer("a refusal in the form of RFC 6749 §5.2", func(a Answer) string {
		object, code := a.Object(), a.Text("error")
		switch {
		case object == nil:
			return "the body is no JSON object"
		case code == "":
			return "there is no error code"
		case object["access_token"] != nil || object["refresh_token"] != nil:
			return "the refusal carries a token"
		case a.Status != http.StatusBadRequest && a.Status != http.StatusUnauthorized:
			return fmt.Sprintf("the status is %d", a.Status)
		case a.Status == http.StatusUnauthorized && code != "invalid_client":
			return "401 is for invalid_client only"
		case a.Status == http.StatusUnauthorized && len(a.Challenges()) == 0:
			return "a 401 has no WWW-Authenticate (RFC 9110 §15.5.2)"
		}
		return wrongRefusal(a)
	})
}

func usesRegisteredErrors(t *T) {
	eachRefusal(t, func(what string, refusal Answer) {
		code := refusal.Text("error")
		t.Expect(slices.Contains(registeredErrors(), code)).
			To(BeTrue(), "the request has %s: no registry knows the error code %q at the token endpoint", what, code)
	})
}

// registeredErrors are the error codes of a token endpoint: RFC 6749 §5.2 and the
// IANA OAuth Extensions Error Registry.
func registeredErrors() []string {
	return []string{
		"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
		"authorization_pending", "slow_down", "access_denied", "expired_token", // RFC 8628 §3.5
		"invalid_target",                       // RFC 8707 §2
		"invalid_dpop_proof", "use_dpop_nonce", // RFC 9449
		"invalid_authorization_details", // RFC 9396 §5
	}
}

func keepsDescriptionClean(t *T) {
	main := t.Client(Main)
	form := Params(t.tokenForms()[0])
	scope, _ := t.twoScopes(main)
	t.Expect(t.Ask("token", As(main), form, Param("scope", scope))).To(BeToken())

	for _, odd := range []string{"\"x\\é", "a\tb", "a\r\nSet-Cookie: b=c", "😀"} {
		t.Expect(t.Ask("token", As(main), form, Param("scope", odd))).To(haveOnly("error_description", inErrorText), "the scope is %q", odd)
		refused := t.Ask("token", As(main), Param("grant_type", odd))
		t.Expect(refused).To(HaveNoMember("access_token"), "the grant_type is %q", odd)
		t.Expect(refused).To(haveOnly("error_description", inErrorText), "the grant_type is %q", odd)
	}
}

func answersErrorURI(t *T) {
	eachRefusal(t, func(what string, refusal Answer) {
		t.Expect(refusal).To(haveOnly("error_uri", inWord), "the request has %s", what)
		_, err := url.Parse(refusal.Text("error_uri"))
		t.Expect(err == nil).To(BeTrue(), "error_uri must be a URI reference: %v", err)
	})
}
