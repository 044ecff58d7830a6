package fault

import (
	"net/http"
	"slices"
	"strings"
)

func metadata() []Fault {
	return slices.Concat(
		advised("reads JSON whatever it is called, or refuses the metadata", &MetadataAsText),
		advised(refusesMetadata, &MetadataAsList, &IssuerWithSlash, &IssuerWithQuery, &IssuerPlainHTTP, &MetadataWithoutTokenEndpoint),
		advised("may look behind the issuer's path too, and compares issuer all the same", &MetadataAppended),
		advised("assumes the defaults of what is left out, and can be told better", &MetadataWithoutGrants),
		advised("reports what fails, and does not take the metadata for more than a promise",
			&MetadataListsForeignGrant, &MetadataHidesGrant, &MetadataDeadEndpoint, &DiscoveryDisagrees, &DiscoveryListsImplicit,
			&DiscoveryWithoutRS256,
		),
		advised("ignores the member that it cannot use",
			&MetadataEmptyLists, &MetadataJWTAuthWithoutAlgorithms, &MetadataAlgorithmNone, &MetadataRelativeURL,
			&MetadataMalformedScope, &DiscoveryWithoutSubjectTypes, &DiscoveryWithoutClaims, &DiscoveryListAsString,
		),
	)
}

// withItem is a JSON array with one more item.
func withItem(list any, item string) []any {
	items, _ := list.([]any)
	return append(slices.Clone(items), item)
}

// MetadataAsText sends the metadata as plain text.
var MetadataAsText = Fault{
	Name: "metadata_as_text", Clause: "RFC 8414 §3.2", At: []string{Metadata, Discovery},
	Says: "sends its metadata as text/plain",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	},
}

// MetadataAsList sends the metadata in an array.
var MetadataAsList = Fault{
	Name: "metadata_as_list", Clause: "RFC 8414 §3.2", At: []string{Metadata},
	Says: "sends its metadata as an array of one document",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Body = slices.Concat([]byte("["), s.Body, []byte("]"))
		}
	},
}

// MetadataAppended has its metadata behind the issuer's path only.
var MetadataAppended = Fault{
	Name: "metadata_appended", Clause: "RFC 8414 §3.1", At: []string{Metadata},
	Says: "has the metadata of an issuer with a path behind that path only",
	Hear: func(h *Heard) {
		if strings.HasPrefix(h.Request.RequestURI, "/.well-known/oauth-authorization-server/") {
			h.Notes["inserted"] = "yes"
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["inserted"] != "" {
			s.Status, s.Body = http.StatusNotFound, []byte("404 page not found\n")
			s.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	},
}

// editIssuer changes the issuer that a document names.
func editIssuer(edit func(string) string) func(*Said) {
	return editServed(func(document map[string]any) {
		if issuer, ok := document["issuer"].(string); ok {
			document["issuer"] = edit(issuer)
		}
	})
}

// IssuerWithSlash names its issuer with a slash that it does not have.
var IssuerWithSlash = Fault{
	Name: "issuer_with_slash", Clause: "RFC 8414 §3.3", At: []string{Metadata, Discovery},
	Says: "names its issuer with a slash too many at the end",
	Say:  editIssuer(func(issuer string) string { return issuer + "/" }),
}

// IssuerWithQuery names an issuer that has a query.
var IssuerWithQuery = Fault{
	Name: "issuer_with_query", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "names an issuer that has a query",
	Say:  editIssuer(func(issuer string) string { return issuer + "?tenant=1" }),
}

// IssuerPlainHTTP names an issuer that is no https URL, as one behind a proxy may.
var IssuerPlainHTTP = Fault{
	Name: "issuer_plain_http", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "names an http issuer that is not on this machine",
	Say:  editIssuer(func(string) string { return "http://issuer.example" }),
}

// MetadataWithoutTokenEndpoint leaves token_endpoint out.
var MetadataWithoutTokenEndpoint = Fault{
	Name: "metadata_without_token_endpoint", Clause: "RFC 8414 §2", At: []string{Metadata},
	Says: "leaves token_endpoint out of its metadata",
	Say:  editServed(func(document map[string]any) { delete(document, "token_endpoint") }),
}

// MetadataWithoutGrants leaves grant_types_supported out, which promises the code and implicit grants.
var MetadataWithoutGrants = Fault{
	Name: "metadata_without_grants", Clause: "RFC 8414 §2", At: []string{Metadata},
	Says: "leaves grant_types_supported out of its metadata, and with it promises other grants than it has",
	Say: editServed(func(document map[string]any) {
		delete(document, "grant_types_supported")
		delete(document, "authorization_endpoint")
	}),
}

// MetadataEmptyLists lists nothing instead of leaving it out.
var MetadataEmptyLists = Fault{
	Name: "metadata_empty_lists", Clause: "RFC 8414 §3.2", At: []string{Metadata, Discovery},
	Says: "has empty arrays in its metadata",
	Say: editServed(func(document map[string]any) {
		for _, member := range []string{"ui_locales_supported", "response_modes_supported"} {
			if document[member] == nil {
				document[member] = []any{}
			}
		}
	}),
}

// MetadataListsForeignGrant promises a grant that it does not have.
var MetadataListsForeignGrant = Fault{
	Name: "metadata_lists_foreign_grant", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "lists the SAML assertion grant, which it does not have",
	Say: editServed(func(document map[string]any) {
		document["grant_types_supported"] = withItem(document["grant_types_supported"], "urn:ietf:params:oauth:grant-type:saml2-bearer")
	}),
}

// MetadataHidesGrant serves a grant that it does not list.
var MetadataHidesGrant = Fault{
	Name: "metadata_hides_grant", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "does not list the password grant, which it serves",
	Say: editServed(func(document map[string]any) {
		listed, _ := document["grant_types_supported"].([]any)
		document["grant_types_supported"] = slices.DeleteFunc(slices.Clone(listed), func(grant any) bool { return grant == "password" })
	}),
}

// MetadataJWTAuthWithoutAlgorithms lists private_key_jwt and no algorithm for it.
var MetadataJWTAuthWithoutAlgorithms = Fault{
	Name: "metadata_jwt_auth_without_algorithms", Clause: "RFC 8414 §2", At: []string{Metadata},
	Says: "lists private_key_jwt in its metadata without the algorithms for it",
	Say: editServed(func(document map[string]any) {
		const methods = "token_endpoint_auth_methods_supported"
		document[methods] = withItem(document[methods], "private_key_jwt")
		delete(document, "token_endpoint_auth_signing_alg_values_supported")
	}),
}

// MetadataAlgorithmNone lists none among the algorithms for client authentication.
var MetadataAlgorithmNone = Fault{
	Name: "metadata_algorithm_none", Clause: "RFC 8414 §2", At: []string{Metadata},
	Says: "lists none among the algorithms for client authentication",
	Say: editServed(func(document map[string]any) {
		const algorithms = "token_endpoint_auth_signing_alg_values_supported"
		document[algorithms] = withItem(document[algorithms], "none")
	}),
}

// MetadataRelativeURL names an endpoint by its path.
var MetadataRelativeURL = Fault{
	Name: "metadata_relative_url", Clause: "RFC 8414 §2", At: []string{Metadata},
	Says: "names revocation_endpoint by its path alone",
	Say:  editServed(func(document map[string]any) { document["revocation_endpoint"] = "/revoke" }),
}

// MetadataDeadEndpoint names an endpoint that is not there.
var MetadataDeadEndpoint = Fault{
	Name: "metadata_dead_endpoint", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "names a registration_endpoint that is not there",
	Say: editServed(func(document map[string]any) {
		issuer, _ := document["issuer"].(string)
		document["registration_endpoint"] = strings.TrimSuffix(issuer, "/") + "/no-such-endpoint"
	}),
}

// DiscoveryDisagrees says another thing in each of its two documents.
var DiscoveryDisagrees = Fault{
	Name: "discovery_disagrees", Clause: "RFC 8414 §5", At: []string{Discovery},
	Says: "names another token_endpoint in its OpenID Connect document",
	Say: editServed(func(document map[string]any) {
		if address, ok := document["token_endpoint"].(string); ok {
			document["token_endpoint"] = address + "/v2"
		}
	}),
}

// MetadataMalformedScope lists two scopes as one.
var MetadataMalformedScope = Fault{
	Name: "metadata_malformed_scope", Clause: "RFC 6749 §3.3", At: []string{Metadata, Discovery},
	Says: "lists two scopes in one string of scopes_supported",
	Say: editServed(func(document map[string]any) {
		document["scopes_supported"] = withItem(document["scopes_supported"], "read write")
	}),
}
