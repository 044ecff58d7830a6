package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// openIDDiscovery is OpenID Connect Discovery. Each check reads the document anew.
func openIDDiscovery() Section {
	return Section{Letter: "AE", Title: "OpenID Connect Discovery", Checks: []Check{
		Must("OD-01", "publishes its configuration behind the issuer's path, as a JSON object", "OpenID Connect Discovery §4; OpenID Connect Discovery §4.2", publishesConfiguration).
			If(OpenIDDiscovery).Breaks(&fault.MetadataAsText, at(&fault.MetadataAsList, fault.Discovery)),
		Must("OD-02", "names the issuer that its address was made of, and that its ID tokens name", "OpenID Connect Discovery §4.3; OpenID Connect Core §2", namesIssuerOfIDTokens).
			If(OpenIDDiscovery, AuthorizationCode, OpenID).Breaks(&fault.IssuerWithSlash, &fault.WrongIssuer),
		Must("OD-03", "lists the members that it must, RS256 among them", "OpenID Connect Discovery §3", listsConfiguration).
			If(OpenIDDiscovery).Breaks(&fault.DiscoveryWithoutSubjectTypes, &fault.DiscoveryWithoutRS256, &fault.MetadataWithoutKeys, &fault.MetadataWithoutAuthorization, &fault.DiscoveryWithoutTokenEndpoint),
		Should("OD-04", "lists userinfo_endpoint, scopes_supported and claims_supported", "OpenID Connect Discovery §3", listsRecommended).
			If(OpenIDDiscovery).Breaks(&fault.DiscoveryWithoutClaims),
		Must("OD-05", "lists strings, and leaves out what has no elements", "OpenID Connect Discovery §3; OpenID Connect Discovery §4.2", listsStrings).
			If(OpenIDDiscovery).Breaks(&fault.MetadataEmptyLists, &fault.DiscoveryListAsString),
		Must("OD-07", "serves the response types that it lists", "OpenID Connect Discovery §3; OpenID Connect Core §3", servesListedResponseTypes).
			If(OpenIDDiscovery, AuthorizationCode, OpenID).Breaks(&fault.DiscoveryListsImplicit),
	}}
}

// configuration reads the OpenID Connect document.
func configuration(t *T) (Answer, map[string]any) {
	answer := t.Get(t.OpenIDMetadataURL())
	if answer.Status == http.StatusNotFound && t.Get(t.insertedConfigurationURL()).Status != http.StatusOK {
		t.Skip("the target publishes an RFC 8414 document only")
	}
	t.Expect(answer).To(HaveStatus(200))
	document := answer.Object()
	t.Expect(document != nil).To(BeTrue(), "the configuration must be a JSON object\n%s", answer)
	return answer, document
}

// insertedConfigurationURL is where the configuration of an issuer with a path is
// looked for by RFC 8414 §5, and must not be alone.
func (t *T) insertedConfigurationURL() string {
	return strings.Replace(t.MetadataURL(), "oauth-authorization-server", "openid-configuration", 1)
}

func publishesConfiguration(t *T) {
	answer, _ := configuration(t)
	t.Expect(answer.MediaType()).To(Equal("application/json"), "the content type")
}

func namesIssuerOfIDTokens(t *T) {
	_, document := configuration(t)
	t.Expect(document["issuer"]).To(Equal(any(t.Issuer)), "issuer must be identical, to the character")
	t.Expect(t.authenticateMain(nil).id.Claims["iss"]).To(Equal(any(t.Issuer)), "iss of an ID token")
}

// listsConfiguration: token_endpoint is required unless there is the implicit
// flow only.
func listsConfiguration(t *T) {
	_, document := configuration(t)
	endpoints := []string{"issuer", "authorization_endpoint", "jwks_uri"}
	if !slices.Equal(grantsListed(document), []string{"implicit"}) {
		endpoints = append(endpoints, "token_endpoint")
	}
	for _, member := range endpoints {
		expectSecureURL(t, document, member)
	}
	for _, member := range []string{"response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"} {
		t.Expect(len(texts(document[member])) > 0).To(BeTrue(), "%s must be an array of strings: %v", member, document[member])
	}
	t.Expect(texts(document["id_token_signing_alg_values_supported"])).To(ContainElement("RS256"), "id_token_signing_alg_values_supported")
	for _, subjectType := range texts(document["subject_types_supported"]) {
		t.Expect(subjectType == "public" || subjectType == "pairwise").To(BeTrue(), "%q is no subject type", subjectType)
	}
	if scopes, told := document["scopes_supported"]; told {
		t.Expect(texts(scopes)).To(ContainElement("openid"), "scopes_supported")
	}
}

// expectSecureURL expects that a member of a document is an absolute https URL.
func expectSecureURL(t *T, document map[string]any, member string) {
	address, _ := document[member].(string)
	u, err := url.Parse(address)
	t.Expect(err == nil && u.IsAbs() && u.Host != "").To(BeTrue(), "%s must be an absolute URL: %v", member, document[member])
	t.Expect(isSecure(u)).To(BeTrue(), "%s must be an https URL: %s", member, address)
}

func listsRecommended(t *T) {
	_, document := configuration(t)
	address, _ := document["userinfo_endpoint"].(string)
	t.Expect(address != "").To(BeTrue(), "userinfo_endpoint is recommended")
	for _, member := range []string{"scopes_supported", "claims_supported"} {
		t.Expect(len(texts(document[member])) > 0).To(BeTrue(), "%s is recommended: %v", member, document[member])
	}
}

func listsStrings(t *T) {
	_, document := configuration(t)
	for member, value := range document {
		list, isList := value.([]any)
		plural := strings.HasSuffix(member, "_supported") && !strings.HasSuffix(member, "_parameter_supported")
		_, isFlag := value.(bool)
		t.Expect(plural && !isList && !isFlag).NotTo(BeTrue(), "%s must be an array: %#v", member, value)
		if !isList {
			continue
		}
		t.Expect(len(list) == 0).NotTo(BeTrue(), "%s has no elements and must be left out", member)
		if plural {
			t.Expect(len(texts(value))).To(Equal(len(list)), "how many of the elements of %s are strings: %v", member, list)
		}
	}
}

// servesListedResponseTypes: a client may not be registered for all of them, but
// none may be unknown to the provider that lists it.
func servesListedResponseTypes(t *T) {
	_, document := configuration(t)
	for _, responseType := range texts(document["response_types_supported"]) {
		if responseType == "none" {
			continue // which gives nothing
		}
		r := t.inFrontChannel(responseType, nil)
		if r.Params.Get("error") == "unauthorized_client" {
			continue
		}
		t.Expect(r.Params.Has("error") || r.Mode == "").NotTo(BeTrue(), "response_type=%s, which is listed: %s", responseType, r)
		for given, parameter := range map[string]string{"code": "code", "id_token": "id_token", "token": "access_token"} {
			wanted := slices.Contains(strings.Fields(responseType), given)
			t.Expect(r.Params.Has(parameter)).To(Equal(wanted), "%s in the answer to response_type=%s: %s", parameter, responseType, r)
		}
	}
	t.Expect(t.Authorize(t.Client(Main), openIDParams(url.Values{"response_type": {"mockoauth-unheard-of"}}))).
		To(BeSentBackForResponseType(), "a response type that is not listed")
}
