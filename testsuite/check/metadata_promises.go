package check

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// grantRequests are a token request for each grant type that is registered, with
// all that the grant requires. None of them can succeed: the credentials are
// made up, so that a provider which knows the grant finds fault with them.
func grantRequests() map[string]url.Values {
	const madeUp = "mockoauth-made-up"
	jwt := "eyJhbGciOiJSUzI1NiJ9.e30.AA"
	return map[string]url.Values{
		"authorization_code": {"code": {madeUp}, "redirect_uri": {"https://client.example/"}, "code_verifier": {strings.Repeat("v", 43)}},
		"password":           {"username": {madeUp}, "password": {madeUp}},
		"client_credentials": {},
		"refresh_token":      {"refresh_token": {madeUp}},
		"urn:ietf:params:oauth:grant-type:device_code":    {"device_code": {madeUp}},
		"urn:ietf:params:oauth:grant-type:jwt-bearer":     {"assertion": {jwt}},
		"urn:ietf:params:oauth:grant-type:saml2-bearer":   {"assertion": {"PHNhbWwvPg"}},
		"urn:ietf:params:oauth:grant-type:token-exchange": {"subject_token": {madeUp}, "subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"}},
		"urn:openid:params:grant-type:ciba":               {"auth_req_id": {madeUp}},
	}
}

// grantsListed are the grants that a document lists, or has by default (RFC 8414 §2).
func grantsListed(document map[string]any) []string {
	if listed, told := document["grant_types_supported"]; told {
		return texts(listed)
	}
	return []string{"authorization_code", "implicit"}
}

func listsItsGrants(t *T) {
	main := t.Client(Main)
	_, document := published(t)
	listed := grantsListed(document)
	requests := grantRequests()
	for _, grant := range slices.Sorted(maps.Keys(requests)) {
		answer := t.Ask("token", As(main), Param("grant_type", grant), Params(requests[grant]))
		if !slices.Contains(listed, grant) {
			t.Expect(answer).To(BeRefused(400, "unsupported_grant_type"), "%s, which is not listed", grant)
			continue
		}
		t.Expect(answer.Text("error") == "unsupported_grant_type").NotTo(BeTrue(), "%s is listed:\n%s", grant, answer)
	}
	if slices.Contains(listed, "client_credentials") {
		t.Expect(t.ClientCredentials(As(main))).To(BeToken(), "client_credentials, which is listed")
	}
	if slices.Contains(listed, "password") {
		t.Expect(t.Password(t.User(Main), As(main))).To(BeToken(), "password, which is listed")
	}
	if t.logsIn() && slices.Contains(listed, "refresh_token") {
		refresh := userGrant(t, main).Text("refresh_token")
		t.Expect(t.Refresh(refresh, As(main))).To(BeToken(), "refresh_token, which is listed")
	}
}

// tellsTruthAboutSideEndpoints: RFC 8414 §2 gives the list for revocation a
// default (client_secret_basic), that for introspection none.
func tellsTruthAboutSideEndpoints(t *T) {
	_, document := published(t)
	tried := false
	for _, side := range []struct {
		endpoint string
		served   types.GomegaMatcher
		feature  Feature
		methods  []string // where none are listed
	}{
		{"revocation_endpoint", HaveStatus(200), Revocation, []string{AuthBasic}},
		{"introspection_endpoint", BeActive(), Introspection, nil},
	} {
		address, ok := document[side.endpoint].(string)
		if !ok || !t.claims(side.feature) {
			continue
		}
		if listed, told := document[side.endpoint+"_auth_methods_supported"]; told {
			side.methods = texts(listed)
		}
		tried = t.expectAuthMethods(side.methods, side.served, func(c Client, authentication Ingredient) Answer {
			return t.Ask(address, authentication, Param("token", freshToken(t, c)))
		}) || tried
	}
	if !tried {
		t.Skip("the metadata lists no authentication by a secret for revocation and introspection that a client of the target may use")
	}
}

// listsAssertionAlgorithms holds, too, for a target that lists no JWT method: the
// clause asks nothing of it then.
func listsAssertionAlgorithms(t *T) {
	_, document := published(t)
	for _, endpoint := range []string{"token", "introspection", "revocation"} {
		methods := texts(document[endpoint+"_endpoint_auth_methods_supported"])
		member := endpoint + "_endpoint_auth_signing_alg_values_supported"
		algorithms := texts(document[member])
		if slices.Contains(methods, "private_key_jwt") || slices.Contains(methods, "client_secret_jwt") {
			t.Expect(len(algorithms) > 0).To(BeTrue(), "%s is required with %s", member, strings.Join(methods, ", "))
		}
		t.Expect(slices.Contains(algorithms, "none")).NotTo(BeTrue(), "%s lists none", member)
	}
}

// listsObtainableScopes: the client may be refused a scope that is not its own,
// by invalid_scope, but what it may ask for and is listed must be had.
func listsObtainableScopes(t *T) {
	main := t.Client(Main)
	_, document := published(t)
	listed, told := document["scopes_supported"].([]any)
	if !told {
		t.Skip("the metadata lists no scopes, which is recommended only")
	}
	seen := map[string]bool{}
	for _, item := range listed {
		scope, _ := item.(string)
		t.Expect(scope == "" || !only(scope, inWord) || seen[scope]).NotTo(BeTrue(), "%v is no scope of RFC 6749 §3.3, or is listed twice", item)
		seen[scope] = true
	}
	for _, scope := range main.Scopes {
		if seen[scope] {
			t.Expect(canBeHad(t, main, scope)).To(BeTrue(), "the scope %q is listed, and by no grant given to the client", scope)
		}
	}
}

// canBeHad tries each grant: a scope may be of use to users only.
func canBeHad(t *T, c Client, scope string) bool {
	var answers []Answer
	if t.claims(Password) {
		answers = append(answers, t.Password(t.User(Main), As(c), Param("scope", scope)))
	}
	if t.claims(ClientCredentials) {
		answers = append(answers, t.ClientCredentials(As(c), Param("scope", scope)))
	}
	if t.claims(AuthorizationCode) && len(c.RedirectURIs) > 0 && t.Users[Main].Username != "" {
		if r := t.Authorize(c, url.Values{"scope": {scope}}); r.Code() != "" {
			answers = append(answers, t.Redeem(c, r))
		}
	}
	for _, answer := range answers {
		granted, told := answer.Object()["scope"].(string)
		if answer.Status == 200 && (!told || slices.Contains(strings.Fields(granted), scope)) {
			return true
		}
	}
	return len(answers) == 0
}
