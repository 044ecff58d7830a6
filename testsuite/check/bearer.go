package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// bearerUsage is what RFC 6750 asks of a resource that takes bearer tokens. Its
// status codes are judged at a resource that claims them ([BearerErrors]) only:
// the tutorial's /api/verify, for one, answers every refusal with 403. Where
// there is none such, they are judged at userinfo.
func bearerUsage() Section {
	return Section{Letter: "J", Title: "Bearer token usage", Checks: []Check{
		Must("BT-02", "takes the scheme Bearer in any case", "RFC 9110 §11.1; RFC 6750 §2.1", takesBearerInAnyCase).
			If(ProtectedResource).Breaks(&fault.BearerSchemeCaseSensitive).Breaks(noResource()...),
		Must("BT-03", "challenges a request without credentials by 401 and names no error", "RFC 6750 §3; RFC 6750 §3.1", challengesWithoutError).
			If(StrictBearer).Breaks(&fault.ChallengeNamesError),
		Must("BT-06", "refuses a revoked token as one that it never issued, with 401 invalid_token", "RFC 6750 §3.1; RFC 7009 §2.1", refusesRevokedBearer).
			If(ProtectedResource, Revocation).Breaks(&fault.BearerVerdictCached, &fault.RevocationIgnored),
		Must("BT-07", "refuses a token that lacks the scope with 403 insufficient_scope", "RFC 6750 §3.1", refusesInsufficientScope).
			If(StrictBearer).Breaks(&fault.InsufficientScopeUnnamed),
		May("BT-08", "takes the token in the form of a POST, or does not, but never in that of a GET", "RFC 6750 §2.2", takesFormTokenByPostOnly).
			If(ProtectedResource).Breaks(&fault.BearerFormByGetServed),
		Should("BT-09", "refuses the token in the URI query, or answers it with Cache-Control: private", "RFC 6750 §2.3; OAuth 2.1 §5", keepsQueryTokenOutOfCaches).
			If(ProtectedResource).Breaks(&fault.QueryBearerCacheable),
		Should("BT-10", "refuses a token both in the header and in the body with 400 invalid_request", "RFC 6750 §2; RFC 6750 §3.1", refusesTwoMethods).
			If(StrictBearer).Breaks(&fault.TwoBearersServed),
		Should("BT-11", "refuses access_token sent twice with 400 invalid_request", "RFC 6750 §3.1", refusesTokenTwice).
			If(StrictBearer).Breaks(&fault.BearerTwiceServed),
		Must("BT-12", "writes its challenges in the form that clients can read", "RFC 6750 §3; RFC 9110 §11.2; RFC 9110 §11.5", writesReadableChallenges).
			Breaks(&fault.ChallengeUnquoted, &fault.ChallengeAttributeTwice, &fault.ChallengeDescriptionOdd),
		May("BT-14", "names its resource_metadata in the challenge", "RFC 9728 §5.1", namesResourceMetadata).
			If(ProtectedResource, BearerErrors, ResourceMetadata).Breaks(&fault.ResourceMetadataUnnamed),
	}}
}

// unknownToken is a token that no provider ever issued.
const unknownToken = "mockoauth-conformance-no-such-token"

// asBearer presents a token in the header (RFC 6750 §2.1).
func asBearer(token string) Ingredient { return Header("Authorization", "Bearer "+token) }

// visit asks the protected resource, by GET unless an ingredient says otherwise.
func (t *T) visit(ingredients ...Ingredient) Answer {
	return t.Get("resource", ingredients...)
}

func takesBearerInAnyCase(t *T) {
	token := visitorToken(t)
	for _, scheme := range []string{"Bearer", "bearer", "BEARER"} {
		t.Expect(t.visit(Header("Authorization", scheme+" "+token))).To(HaveStatus(200), "with the scheme written %q", scheme)
		t.Expect(t.visit(Header("Authorization", scheme+" "+unknownToken))).
			To(HaveStatus(401, 403), "an unknown token with the scheme written %q", scheme)
	}
}

func challengesWithoutError(t *T) {
	resource := strictResource(t)
	t.Expect(resource.visit(asBearer(resource.token("")))).To(HaveStatus(200))

	answer := resource.visit()
	t.Expect(answer).To(HaveStatus(401))
	t.Expect(answer).To(HaveChallenge("Bearer"))
	challenge, _ := challengeFor(answer, "Bearer")
	t.Expect(len(challenge.Params) > 0).To(BeTrue(), "the scheme must be followed by a parameter (RFC 6750 §3)")

	t.broken = Warned // what follows is a SHOULD NOT of RFC 6750 §3.1
	_, named := challenge.Params["error"]
	t.Expect(named).NotTo(BeTrue(), "a request without credentials made no error, but the challenge names one:\n%s", answer)
}

func refusesRevokedBearer(t *T) {
	main := t.Client(Main)
	token, kept := visitorToken(t), visitorToken(t)
	t.Expect(t.visit(asBearer(token))).To(HaveStatus(200))
	t.Expect(t.Revoke(token, As(main))).To(HaveStatus(200))

	unknown, revoked := t.visit(asBearer(unknownToken)), t.visit(asBearer(token))
	if t.claims(BearerErrors) {
		t.Expect(revoked).To(BeRefusedBearer(401, "invalid_token"))
	}
	t.Expect(unknown).To(HaveStatus(401, 403), "an unknown token")
	t.Expect(revoked).To(HaveStatus(unknown.Status), "a revoked token, by what an unknown one is answered")
	t.Expect(t.visit(asBearer(kept))).To(HaveStatus(200), "the client's other token")
}

// refusesInsufficientScope finds out by itself which scopes the resource asks for.
func refusesInsufficientScope(t *T) {
	resource, scopes := strictResource(t), plainScopes(t.Client(Main))
	var refused *Answer
	served := false
	for _, scope := range scopes {
		token := resource.token(scope)
		answer := resource.visit(asBearer(token))
		if answer.Status == 200 {
			served = true
			continue
		}
		if answer.Status == http.StatusUnauthorized && resource.isForeign(token) {
			t.Expect(answer).To(BeRefusedBearer(401, "invalid_token"), "a token with the scope %q alone, for another resource", scope)
			continue
		}
		t.Expect(answer).To(BeRefusedBearer(403, "insufficient_scope"), "a token with the scope %q alone", scope)
		refused = &answer
	}
	if refused == nil {
		t.Skip("the resource lacks no scope in the tokens that are made for it")
	}
	challenge, _ := challengeFor(*refused, "Bearer")
	if scope, named := challenge.Params["scope"]; named {
		answer := resource.visit(asBearer(resource.token(scope)))
		t.Expect(answer).To(HaveStatus(200), "a token with the scope %q that the challenge asks for", scope)
		return
	}
	if !served {
		all := strings.Join(append(scopes, resource.scopes...), " ")
		t.Expect(resource.visit(asBearer(resource.token(all)))).To(HaveStatus(200), "a token with all scopes")
	}
}

func takesFormTokenByPostOnly(t *T) {
	token := visitorToken(t)
	t.Expect(t.visit(asBearer(token))).To(HaveStatus(200))
	nothing := t.visit()
	t.Expect(nothing).To(HaveStatus(401, 403), "a request without a token")

	form := Param("access_token", token)
	// 405: a resource that takes no POST at all.
	t.Expect(t.visit(Method(http.MethodPost), form)).To(HaveStatus(200, 401, 405, nothing.Status), "the token in the form of a POST")
	// A body has no meaning in a GET: 400, 401, or as if nothing had been sent.
	t.Expect(t.visit(form)).To(HaveStatus(400, 401, nothing.Status), "the token in the form of a GET")
}

func keepsQueryTokenOutOfCaches(t *T) {
	token := visitorToken(t)
	t.Expect(t.visit(asBearer(token))).To(HaveStatus(200))
	nothing := t.visit()
	t.Expect(nothing).To(HaveStatus(401, 403), "a request without a token")

	answer := t.visit(Query(url.Values{"access_token": {token}}))
	if answer.Status != 200 {
		t.Expect(answer).To(HaveStatus(400, 401, nothing.Status))
		return
	}
	// no-store forbids all that private forbids, and more.
	control := directives(answer, "Cache-Control")
	kept := slices.Contains(control, "private") || slices.Contains(control, "no-store")
	t.Expect(kept).To(BeTrue(), "an answer to a token in the URI must be private to its client:\n%s", answer)
}

func refusesTwoMethods(t *T) {
	resource := strictResource(t)
	token := resource.token("")
	form := Param("access_token", token)
	if resource.visit(Method(http.MethodPost), form).Status != 200 {
		t.Skip("the resource takes no token in a form")
	}
	t.Expect(resource.visit(Method(http.MethodPost), asBearer(token))).To(HaveStatus(200), "by the header alone")
	t.Expect(resource.visit(Method(http.MethodPost), form, asBearer(token))).To(BeRefusedBearer(400, "invalid_request"))
}

func refusesTokenTwice(t *T) {
	resource := strictResource(t)
	token := resource.token("")
	form := Param("access_token", token)
	if resource.visit(Method(http.MethodPost), form).Status != 200 {
		t.Skip("the resource takes no token in a form")
	}
	t.Expect(resource.visit(Method(http.MethodPost), form, form)).To(BeRefusedBearer(400, "invalid_request"))
}

// writesReadableChallenges provokes a challenge wherever the target has one.
func writesReadableChallenges(t *T) {
	main := t.Client(Main)
	freshToken(t, main)
	wrong := As(wrongSecret(main))
	answers := []Answer{t.ClientCredentials(wrong)}
	if t.claims(Introspection) {
		answers = append(answers, t.Introspect(unknownToken), t.Introspect(unknownToken, wrong), t.Introspect(unknownToken, asBearer(unknownToken)))
	}
	if t.claims(Revocation) {
		answers = append(answers, t.Revoke(unknownToken, wrong))
	}
	if t.claims(ProtectedResource) {
		answers = append(answers, t.visit(), t.visit(asBearer(unknownToken)))
	}
	if t.claims(UserInfo) {
		answers = append(answers, t.Get(t.URL("userinfo")), t.Get(t.URL("userinfo"), asBearer(unknownToken)))
	}
	seen := 0
	for _, answer := range answers {
		challenges, err := ParseChallenges(answer.Challenges())
		if err != nil {
			t.Fatalf("a challenge cannot be read: %v\n%s", err, answer)
		}
		for _, challenge := range challenges {
			expectReadable(t, challenge, answer)
			seen++
		}
	}
	if seen == 0 {
		t.Skip("the target challenges nobody")
	}
}

func expectReadable(t *T, c Challenge, answer Answer) {
	if len(c.Odd) > 0 {
		t.Fatalf("a challenge for %s is malformed: %s\n%s", c.Scheme, strings.Join(c.Odd, "; "), answer)
	}
	for _, name := range []string{"error", "error_description", "scope"} {
		if text := c.Params[name]; !only(text, inErrorText) {
			t.Fatalf("the %s of a challenge has a character outside RFC 6750 §3: %q\n%s", name, text, answer)
		}
	}
}

func namesResourceMetadata(t *T) {
	t.Expect(t.visit(asBearer(visitorToken(t)))).To(HaveStatus(200))
	answer := t.visit()
	t.Expect(answer).To(HaveStatus(401))
	challenge, _ := challengeFor(answer, "Bearer")
	address, err := url.Parse(challenge.Params["resource_metadata"])
	if err != nil || !address.IsAbs() {
		t.Fatalf("the Bearer challenge names no resource_metadata URL\n%s", answer)
	}
	document := t.Get(address.String())
	t.Expect(document).To(HaveStatus(200), "the resource_metadata")
	t.Expect(document.Text("resource") != "").To(BeTrue(), "the resource's metadata must name the resource (RFC 9728 §2)")
}
