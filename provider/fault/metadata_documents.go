package fault

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func metadataDocuments() []Fault {
	return slices.Concat(
		advised(refusesMetadata,
			&MetadataEmpty, &MetadataGarbage, &MetadataAsPage, &MetadataCutShort, &MetadataTruncated,
			&IssuerOfAnother, &IssuerMissing, &EndpointsPlainHTTP,
			&MetadataWithoutKeys, &MetadataWithoutAuthorization, &DiscoveryWithoutTokenEndpoint),
		advised("bounds what it reads and how long it waits, and reports it", &MetadataEndless, &MetadataDelayed, &MetadataDrips),
		advised("keeps the metadata that it has, and asks again later", &MetadataUnavailable, &MetadataDropped),
		advised("may ask at the other well-known place once, or reports it", &MetadataNotFound),
		advised("may follow, and compares issuer all the same", &MetadataRedirected, &MetadataRedirectedElsewhere),
		advised("uses the endpoints that the metadata names, on whatever host", &EndpointsElsewhere),
		advised("ignores members that it does not know, and takes null for a missing member", &MetadataWithExtras, &MetadataNulls),
		advised("reads signed metadata only where it can verify the signature", &MetadataSignedOtherwise),
		advised("authenticates by Basic where nothing is said", &MetadataWithoutAuthMethods),
		advised("authenticates by the method that is listed, and by no other beside it", &MetadataListsPostOnly),
		advised("reports that it cannot authenticate, and sends its secret nowhere", &MetadataListsJWTAuthOnly),
		advised("uses PKCE with S256 all the same, or stops, and does not fall back to plain", &MetadataListsPlainOnly),
		advised("keeps its credentials to the issuer that gave them", &MetadataMoved),
	)
}

// documents are the endpoints of metadata.
func documents() []string { return []string{Metadata, Discovery} }

// editText changes the bytes of a document that is served.
func editText(edit func(body []byte) []byte) func(*Said) {
	return func(s *Said) {
		if s.Succeeded() {
			s.Body = edit(s.Body)
		}
	}
}

// replaceText has a document be another.
func replaceText(text string) func(*Said) {
	return editText(func([]byte) []byte { return []byte(text) })
}

// half is the first half of a document.
func half(body []byte) []byte { return body[:len(body)/2] }

// withoutMember leaves a member out of a document.
func withoutMember(name string) func(*Said) {
	return editServed(func(document map[string]any) { delete(document, name) })
}

// withMember says another value for a member of a document.
func withMember(name string, value any) func(*Said) {
	return editServed(func(document map[string]any) { document[name] = value })
}

// onHost names every endpoint at the same path of another host.
func onHost(origin string) func(*Said) {
	return editServed(func(document map[string]any) {
		for name, value := range document {
			if url, ok := value.(string); ok && (strings.HasSuffix(name, "_endpoint") || name == "jwks_uri") {
				_, rest, _ := strings.Cut(url, "://")
				_, path, _ := strings.Cut(rest, "/")
				document[name] = origin + "/" + path
			}
		}
	})
}

// MetadataEmpty says nothing.
var MetadataEmpty = Fault{
	Name: "metadata_empty", Clause: "RFC 8414 §2", At: documents(),
	Says: "sends an empty object for its metadata",
	Say:  replaceText("{}"),
}

// MetadataGarbage says nothing that is JSON.
var MetadataGarbage = Fault{
	Name: "metadata_garbage", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "sends bytes for its metadata that are no JSON",
	Say:  replaceText("{\"issuer\":\x00\xff\xfe not JSON"),
}

// MetadataAsPage sends a page, as a single-page application in front of everything does.
var MetadataAsPage = Fault{
	Name: "metadata_as_page", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "answers 200 and a page for its metadata",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "text/html; charset=utf-8"),
}

// MetadataCutShort ends in the middle, as if that were all.
var MetadataCutShort = Fault{
	Name: "metadata_cut_short", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "sends the first half of its metadata, and says that it is the whole",
	Say:  editText(half),
}

// MetadataTruncated breaks off in the middle.
var MetadataTruncated = Fault{
	Name: "metadata_truncated", Clause: "RFC 9112 §8", At: documents(),
	Says: "closes the connection after 100 bytes of its metadata",
	Wire: Truncate(100),
}

// MetadataEndless does not come to an end.
var MetadataEndless = Fault{
	Name: "metadata_endless", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "sends JSON for its metadata that does not end before 50 MB",
	Wire: endless(),
}

// MetadataDelayed takes its time, by the provider's clock.
var MetadataDelayed = Fault{
	Name: "metadata_delayed", Clause: "RFC 9110 §15.6.5", At: documents(),
	Says: "sends its metadata after two minutes",
	Wire: Delay(2 * time.Minute),
}

// MetadataDrips sends a byte a second.
var MetadataDrips = Fault{
	Name: "metadata_drips", Clause: "RFC 9110 §15.6.5", At: documents(),
	Says: "sends its metadata a byte a second",
	Wire: Drip(1, time.Second),
}

// MetadataUnavailable is down.
var MetadataUnavailable = Fault{
	Name: "metadata_unavailable", Clause: "RFC 9110 §15.6.4", At: documents(),
	Says: "answers 503 for its metadata",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}

// MetadataDropped hangs up.
var MetadataDropped = Fault{
	Name: "metadata_dropped", Clause: "RFC 9112 §9.6", At: documents(),
	Says: "closes the connection when it is asked for its metadata",
	Wire: Drop(),
}

// MetadataNotFound has none.
var MetadataNotFound = Fault{
	Name: "metadata_not_found", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "answers 404 for its metadata",
	Wire: page(http.StatusNotFound),
}

// MetadataRedirected sends a client on to where the metadata is.
var MetadataRedirected = Fault{
	Name: "metadata_redirected", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "answers 302 for its metadata, to where they are",
	Wire: redirected(http.StatusFound),
}

// MetadataRedirectedElsewhere sends a client on to another host.
var MetadataRedirectedElsewhere = Fault{
	Name: "metadata_redirected_elsewhere", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "answers 302 for its metadata, to https://elsewhere.example",
	Wire: redirectedTo(http.StatusFound, elsewhere),
}

// IssuerOfAnother says the metadata of another provider.
var IssuerOfAnother = Fault{
	Name: "issuer_of_another", Clause: "RFC 8414 §3.3", At: documents(),
	Says: "names another issuer in its metadata than the one that was asked",
	Say:  editIssuer(func(string) string { return "https://issuer.example" }),
}

// IssuerMissing does not say whose metadata they are.
var IssuerMissing = Fault{
	Name: "issuer_missing", Clause: "RFC 8414 §2", At: documents(),
	Says: "leaves issuer out of its metadata",
	Say:  withoutMember("issuer"),
}

// EndpointsPlainHTTP names endpoints that anybody on the way can read.
var EndpointsPlainHTTP = Fault{
	Name: "endpoints_plain_http", Clause: "RFC 6749 §3.2", At: documents(),
	Says: "names endpoints by http on a host that is not this machine",
	Say:  onHost("http://elsewhere.example"),
}

// EndpointsElsewhere names endpoints on another host, as it may.
var EndpointsElsewhere = Fault{
	Name: "endpoints_elsewhere", Clause: "RFC 8414 §2", At: documents(),
	Says: "names endpoints on https://elsewhere.example, where there is nothing",
	Say:  onHost("https://elsewhere.example"),
}

// MetadataWithoutKeys does not say where its keys are.
var MetadataWithoutKeys = Fault{
	Name: "metadata_without_keys", Clause: "OpenID Connect Discovery §3", At: documents(),
	Says: "leaves jwks_uri out of its metadata",
	Say:  withoutMember("jwks_uri"),
}

// MetadataWithoutAuthorization does not say where users log in.
var MetadataWithoutAuthorization = Fault{
	Name: "metadata_without_authorization", Clause: "RFC 8414 §2", At: documents(),
	Says: "leaves authorization_endpoint out of its metadata",
	Say:  withoutMember("authorization_endpoint"),
}

// DiscoveryWithoutTokenEndpoint leaves token_endpoint out.
var DiscoveryWithoutTokenEndpoint = Fault{
	Name: "discovery_without_token_endpoint", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "leaves token_endpoint out of its OpenID Connect document",
	Say:  withoutMember("token_endpoint"),
}

// MetadataWithExtras says more than any specification has.
var MetadataWithExtras = Fault{
	Name: "metadata_with_extras", Clause: "RFC 8414 §2", At: documents(),
	Says: "adds members, grants and localized names to its metadata that nobody knows",
	Say: editServed(func(document map[string]any) {
		document["x_extra"], document["service_documentation#de"] = map[string]any{"a": []any{nil, 1}}, "https://docs.example/de"
		document["claim_types_supported"] = []any{"normal", "urn:example:odd"}
	}),
}

// MetadataNulls says null for what it does not have.
var MetadataNulls = Fault{
	Name: "metadata_nulls", Clause: "RFC 8414 §3.2", At: documents(),
	Says: "says null in its metadata for what it does not have",
	Say: editServed(func(document map[string]any) {
		for _, name := range []string{"registration_endpoint", "ui_locales_supported", "op_policy_uri", "acr_values_supported"} {
			if document[name] == nil {
				document[name] = nil
			}
		}
	}),
}

// MetadataSignedOtherwise contradicts itself in a signed statement.
var MetadataSignedOtherwise = Fault{
	Name: "metadata_signed_otherwise", Clause: "RFC 8414 §2.1", At: documents(),
	Says: "adds signed_metadata of another issuer, without a signature",
	Say:  withMember("signed_metadata", idTokenOfNobody),
}

const authMethods = "token_endpoint_auth_methods_supported"

// MetadataWithoutAuthMethods does not say how clients authenticate, which means by Basic.
var MetadataWithoutAuthMethods = Fault{
	Name: "metadata_without_auth_methods", Clause: "RFC 8414 §2", At: documents(),
	Says: "leaves " + authMethods + " out of its metadata",
	Say:  withoutMember(authMethods),
}

// MetadataListsPostOnly lists a secret in the body, and nothing else.
var MetadataListsPostOnly = Fault{
	Name: "metadata_lists_post_only", Clause: "RFC 8414 §2", At: documents(),
	Says: "lists client_secret_post as the only way to authenticate",
	Say:  withMember(authMethods, []any{"client_secret_post"}),
}

// MetadataListsJWTAuthOnly lists what a client with a secret cannot do.
var MetadataListsJWTAuthOnly = Fault{
	Name: "metadata_lists_jwt_auth_only", Clause: "RFC 8414 §2", At: documents(),
	Says: "lists private_key_jwt as the only way to authenticate",
	Say: editServed(func(document map[string]any) {
		document[authMethods] = []any{"private_key_jwt"}
		document["token_endpoint_auth_signing_alg_values_supported"] = []any{"RS256"}
	}),
}

// MetadataListsPlainOnly lists a challenge that anybody can read.
var MetadataListsPlainOnly = Fault{
	Name: "metadata_lists_plain_only", Clause: "RFC 9700 §2.1.1", At: documents(),
	Says: "lists plain as the only code_challenge_method",
	Say:  withMember("code_challenge_methods_supported", []any{"plain"}),
}

// MetadataMoved is another provider at the same place.
var MetadataMoved = Fault{
	Name: "metadata_moved", Clause: "RFC 9700 §4.4", At: documents(),
	Says: "names another issuer and its endpoints, all on https://issuer.example",
	Say: func(s *Said) {
		IssuerOfAnother.Say(s)
		onHost("https://issuer.example")(s)
	},
}
