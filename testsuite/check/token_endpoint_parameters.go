package check

import (
	"net/http"
	"net/url"
)

func refusesAbsentGrant(t *T) {
	main := t.Client(Main)
	a, _ := t.twoScopes(main)
	scope := Param("scope", a)
	t.Expect(t.ClientCredentials(As(main), scope)).To(BeToken())
	t.Expect(t.Ask("token", As(main), scope)).To(BeRefused(400, "invalid_request"))
}

func refusesEmptyGrant(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.Ask("token", As(main), Param("grant_type", ""))).To(BeRefused(400, "invalid_request"))
}

func refusesUnknownGrant(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.Ask("token", As(main), Param("grant_type", "foo"))).To(BeRefused(400, "unsupported_grant_type"))
}

func refusesGrantInOtherCase(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.Ask("token", As(main), Param("grant_type", "Client_Credentials"))).
		To(BeRefused(400, "unsupported_grant_type"))
}

func refusesGrantList(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main), t.login())).To(BeToken())
	for _, list := range []string{"client_credentials password", "password client_credentials"} {
		t.Expect(t.Ask("token", As(main), Param("grant_type", list), t.login())).
			To(BeRefusedAs(Refusal{400, "unsupported_grant_type"}, Refusal{400, "invalid_request"}), "grant_type=%s", list)
	}
}

func refusesSecondGrant(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main), t.login())).To(BeToken())
	t.Expect(t.ClientCredentials(As(main), t.login(), Param("grant_type", "password"))).
		To(BeRefused(400, "invalid_request"), "grant_type is sent twice")
}

// login adds what the password grant would need, so that a target that wrongly
// picks that grant has a token to give.
func (t *T) login() Ingredient {
	if !t.claims(Password) {
		return func(*Ask) {}
	}
	u := t.User(Main)
	return Params(url.Values{"username": {u.Username}, "password": {u.Password}})
}

func refusesSecondScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form), Param("scope", a))).To(BeToken())
		t.Expect(t.Ask("token", As(main), Params(form), Param("scope", a), Param("scope", b))).
			To(BeRefused(400, "invalid_request"), "grant_type=%s, scope is sent twice", form.Get("grant_type"))
	}
}

func refusesAnyDuplicate(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main), Named(main))).To(BeToken(), "client_id is sent once")
	t.Expect(t.ClientCredentials(As(main), Named(main), Param("client_id", main.ID))).
		To(BeRefused(400, "invalid_request"), "client_id is sent twice")
	if t.claims(AuthorizationCode) {
		t.expectNoDuplicateOfCode(main)
	}
	if main.AuthMethod != AuthBasic && t.claims(PostAuth) {
		t.Expect(t.ClientCredentials(InBody(main))).To(BeToken())
		t.Expect(t.ClientCredentials(InBody(main), Param("client_secret", main.Secret))).
			To(BeRefused(400, "invalid_request"), "client_secret is sent twice")
	}
}

// expectNoDuplicateOfCode sends twice what a code comes with. A grant that has no
// use for a parameter must ignore it (RFC 6749 §3.2), however often it comes.
func (t *T) expectNoDuplicateOfCode(c Client) {
	r := t.authorized(c, nil)
	for name, value := range map[string]string{"code": r.Code(), "redirect_uri": t.redirectOf(c), "code_verifier": r.verifier} {
		if value != "" {
			t.Expect(t.Redeem(c, r, Param(name, value))).To(BeRefused(400, "invalid_request"), "%s is sent twice", name)
		}
	}
	t.Expect(t.Redeem(c, t.authorized(c, nil))).To(BeToken(), "each is sent once")
}

func ignoresUnknownParameter(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())
		t.Expect(t.Ask("token", As(main), Params(form), Param("foo", "bar"))).
			To(BeToken(), "grant_type=%s with foo=bar", form.Get("grant_type"))
	}
}

func treatsEmptyScopeAsOmitted(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		omitted := t.Ask("token", As(main), Params(form), Unscoped)
		empty := t.Ask("token", As(main), Params(form), Param("scope", ""))
		if omitted.Status == http.StatusBadRequest { // which RFC 6749 §3.3 leaves to the provider
			t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken(), "with a scope")
			t.Expect(omitted).To(BeRefused(400, "invalid_scope"), "without scope")
			t.Expect(empty).To(BeRefused(400, "invalid_scope"), "an empty scope")
			continue
		}
		t.Expect(omitted).To(BeToken())
		t.Expect(empty).To(BeToken(), "grant_type=%s with an empty scope", form.Get("grant_type"))
		t.Expect(scopesGranted("", empty)).To(Equal(scopesGranted("", omitted)), "an empty scope must grant what none does")
	}
}

func ignoresScopeOrder(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, form := range t.tokenForms() {
		forth := t.Ask("token", As(main), Params(form), Param("scope", a+" "+b))
		t.Expect(forth).To(BeToken())
		back := t.Ask("token", As(main), Params(form), Param("scope", b+" "+a))
		t.Expect(back).To(BeToken())
		t.Expect(scopesGranted(b+" "+a, back)).To(Equal(scopesGranted(a+" "+b, forth)))
	}
}

// scopesGranted are the scopes of a token response, sorted. A response without
// scope grants what was requested (RFC 6749 §5.1).
func scopesGranted(requested string, a Answer) []string {
	granted := requested
	if scope, ok := a.Object()["scope"].(string); ok {
		granted = scope
	}
	return scopeSet(granted)
}
