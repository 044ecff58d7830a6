package check

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// serverMetadata is RFC 8414. Each check reads the document anew: what the target
// remembers of it serves to find endpoints only.
func serverMetadata() Section {
	return Section{Letter: "O", Title: "Authorization server metadata", Checks: []Check{
		Must("MD-01", "publishes its metadata as a JSON object", "RFC 8414 §3.1; RFC 8414 §3.2", publishesMetadata).
			If(Discovery).Breaks(&fault.MetadataAsText, &fault.MetadataAsList),
		Must("MD-02", "publishes the metadata of an issuer with a path between host and path", "RFC 8414 §3.1", insertsWellKnown).
			If(Discovery).Breaks(&fault.MetadataAppended, &fault.IssuerOfAnother, &fault.IssuerMissing, &fault.MetadataMoved),
		Must("MD-03", "names the issuer that its address was made of", "RFC 8414 §3.3", namesItsIssuer).
			If(Discovery).Breaks(&fault.IssuerWithSlash),
		Must("MD-04", "has an issuer that is https, without query and fragment", "RFC 8414 §2", hasPlainIssuer).
			If(Discovery).Breaks(&fault.IssuerWithQuery, &fault.IssuerPlainHTTP),
		Must("MD-05", "lists the members that its grants require", "RFC 8414 §2; RFC 8414 §3.2", listsRequiredMembers).
			If(Discovery).Breaks(&fault.MetadataWithoutTokenEndpoint, &fault.MetadataWithoutGrants),
		Must("MD-06", "leaves out what has no elements", "RFC 8414 §3.2", leavesOutEmptyLists).
			If(Discovery).Breaks(&fault.MetadataEmptyLists, &fault.MetadataNulls),
		Must("MD-07", "supports the grants that it lists and refuses the others with unsupported_grant_type", "RFC 8414 §2; RFC 6749 §5.2", listsItsGrants).
			If(Discovery).Breaks(&fault.MetadataListsForeignGrant, &fault.MetadataHidesGrant),
		Must("MD-09", "tells the truth about revocation, introspection and their client authentication", "RFC 8414 §2", tellsTruthAboutSideEndpoints).
			If(Discovery).Breaks(at(&fault.PostSecretIgnored, fault.Revocation), at(&fault.PostSecretIgnored, fault.Introspection)),
		Must("MD-10", "lists the algorithms for JWT client authentication, and not none", "RFC 8414 §2", listsAssertionAlgorithms).
			If(Discovery).Breaks(&fault.MetadataJWTAuthWithoutAlgorithms, &fault.MetadataAlgorithmNone),
		Must("MD-11", "names endpoints by absolute URLs that lead somewhere", "RFC 8414 §2", namesLivingEndpoints).
			If(Discovery).Breaks(&fault.MetadataRelativeURL, &fault.MetadataDeadEndpoint, &fault.EndpointsPlainHTTP, &fault.EndpointsElsewhere),
		Should("MD-12", "says the same in both its discovery documents", "RFC 8414 §5; OpenID Connect Discovery §4", agreesWithOpenIDDocument).
			If(Discovery, OpenIDDiscovery).Breaks(&fault.DiscoveryDisagrees),
		Should("MD-13", "answers 404 for a well-known document that it does not have", "RFC 8414 §3.2; RFC 8615 §3", answers404ForUnknownWellKnown).
			If(Discovery).Because("faults act at endpoints, and a path without one is none; proven by TestRareChecksBite"),
		Should("MD-14", "lists scopes that are well-formed and can be had", "RFC 8414 §2; RFC 6749 §3.3", listsObtainableScopes).
			If(Discovery).Breaks(&fault.MetadataMalformedScope),
	}}
}

// published reads the RFC 8414 document. OpenID Connect Discovery allows a
// provider to have none but its own, so that one without is not judged by this.
func published(t *T) (Answer, map[string]any) {
	answer := t.Get(t.MetadataURL())
	if answer.Status == http.StatusNotFound && t.Get(t.OpenIDMetadataURL()).Status == http.StatusOK {
		t.Skip("the target publishes an OpenID Connect document only")
	}
	t.Expect(answer).To(HaveStatus(200))
	document := answer.Object()
	t.Expect(document != nil).To(BeTrue(), "the metadata must be a JSON object\n%s", answer)
	return answer, document
}

func publishesMetadata(t *T) {
	answer, _ := published(t)
	t.Expect(answer.MediaType()).To(Equal("application/json"), "the content type")
}

// insertsWellKnown must not be taken for a provider without RFC 8414 metadata:
// one that appends the well-known part has it, but at the wrong address.
func insertsWellKnown(t *T) {
	issuer, err := url.Parse(t.Issuer)
	if err != nil || strings.Trim(issuer.Path, "/") == "" {
		t.Skip("the issuer has no path")
	}
	appended := strings.TrimSuffix(t.Issuer, "/") + "/.well-known/oauth-authorization-server"
	if t.Get(t.MetadataURL()).Status != http.StatusOK && t.Get(appended).Status == http.StatusOK {
		t.Fatalf("the metadata is at %s, behind the issuer's path; it must be at %s", appended, t.MetadataURL())
	}
	_, document := published(t)
	t.Expect(document["issuer"]).To(Equal(any(t.Issuer)), "the issuer in the document for this path")
}

func namesItsIssuer(t *T) {
	_, document := published(t)
	t.Expect(document["issuer"]).To(Equal(any(t.Issuer)), "issuer must be identical, to the character")
}

func hasPlainIssuer(t *T) {
	_, document := published(t)
	issuer, _ := document["issuer"].(string)
	u, err := url.Parse(issuer)
	if err != nil {
		t.Fatalf("the issuer %q is no URL: %v", issuer, err)
	}
	t.Expect(isSecure(u) && u.Host != "").To(BeTrue(), "the issuer %q must be an https URL", issuer)
	t.Expect(strings.ContainsAny(issuer, "?#")).NotTo(BeTrue(), "the issuer %q has a query or a fragment", issuer)
}

// isSecure tells an https URL, or an http one of this machine, where a test
// provider has no certificate to show.
func isSecure(u *url.URL) bool {
	host := u.Hostname()
	ip := net.ParseIP(host)
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// listsRequiredMembers: RFC 8414 §2 calls response_types_supported REQUIRED, but
// response types belong to the authorization endpoint. A provider without one has
// none, and §3.2 says that a member with zero elements MUST be omitted. So it is
// demanded where there is an authorization_endpoint.
func listsRequiredMembers(t *T) {
	_, document := published(t)
	grants := grantsListed(document)
	required := []string{"issuer"}
	if !slices.Equal(grants, []string{"implicit"}) {
		required = append(required, "token_endpoint")
	}
	if slices.Contains(grants, "authorization_code") || slices.Contains(grants, "implicit") {
		required = append(required, "authorization_endpoint")
	}
	for _, member := range required {
		value, _ := document[member].(string)
		t.Expect(value != "").To(BeTrue(), "%s is required with the grants %s", member, strings.Join(grants, ", "))
	}
	if document["authorization_endpoint"] != nil {
		types := texts(document["response_types_supported"])
		t.Expect(len(types) > 0).To(BeTrue(), "response_types_supported is required with an authorization_endpoint")
	}
}

func leavesOutEmptyLists(t *T) {
	_, document := published(t)
	for member, value := range document {
		list, isList := value.([]any)
		t.Expect(value == nil || isList && len(list) == 0).NotTo(BeTrue(), "%s has no elements and must be left out", member)
	}
}

func namesLivingEndpoints(t *T) {
	_, document := published(t)
	for member, value := range document {
		if !strings.HasSuffix(member, "_endpoint") && member != "jwks_uri" {
			continue
		}
		address, _ := value.(string)
		u, err := url.Parse(address)
		if err != nil || !u.IsAbs() || u.Host == "" || strings.Contains(address, "#") {
			t.Fatalf("%s is no absolute URL without a fragment: %v", member, value)
		}
		answer := t.Get(address)
		if (answer.Status == 404 || answer.Status >= 500) && member != "jwks_uri" { // of an endpoint that is known by POST only
			answer = t.Ask(address)
		}
		t.Expect(answer.Status != 404 && answer.Status < 500).To(BeTrue(), "%s leads nowhere: %s answers\n%s", member, address, answer)
	}
}

func agreesWithOpenIDDocument(t *T) {
	openID := t.Get(t.OpenIDMetadataURL())
	if openID.Status == http.StatusNotFound {
		t.Skip("the target has no OpenID Connect document")
	}
	_, document := published(t)
	for member, value := range openID.Object() {
		if ours, common := document[member]; common {
			t.Expect(unordered(value)).To(Equal(unordered(ours)), "%s in the OpenID Connect document, by the RFC 8414 one", member)
		}
	}
}

// unordered is a member of metadata as it is compared: its lists are sets.
func unordered(value any) any {
	if list, isList := value.([]any); isList && len(texts(value)) == len(list) {
		return slices.Compact(slices.Sorted(slices.Values(texts(value))))
	}
	return value
}

func answers404ForUnknownWellKnown(t *T) {
	published(t)
	u, err := url.Parse(t.Issuer)
	if err != nil {
		t.Fatalf("the issuer is no URL: %v", err)
	}
	u.Path = "/.well-known/mockoauth-no-such-document"
	t.Expect(t.Get(u.String())).To(HaveStatus(404))
}
