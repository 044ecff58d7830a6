package fault

// DiscoveryWithoutSubjectTypes leaves out what clients could do without.
var DiscoveryWithoutSubjectTypes = Fault{
	Name: "discovery_without_subject_types", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "leaves subject_types_supported out of its OpenID Connect document",
	Say:  editServed(func(document map[string]any) { delete(document, "subject_types_supported") }),
}

// DiscoveryWithoutRS256 signs by what every client need not understand.
var DiscoveryWithoutRS256 = Fault{
	Name: "discovery_without_rs256", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "lists HS256 only for its ID tokens, and not RS256",
	Say: editServed(func(document map[string]any) {
		document["id_token_signing_alg_values_supported"] = []any{"HS256"}
	}),
}

// DiscoveryWithoutClaims leaves out what is recommended.
var DiscoveryWithoutClaims = Fault{
	Name: "discovery_without_claims", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "leaves claims_supported out of its OpenID Connect document",
	Say:  editServed(func(document map[string]any) { delete(document, "claims_supported") }),
}

// DiscoveryListAsString says a list of one as a string.
var DiscoveryListAsString = Fault{
	Name: "discovery_list_as_string", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "says a list in its OpenID Connect document as one string",
	Say:  editServed(func(document map[string]any) { document["response_types_supported"] = "code" }),
}

// DiscoveryListsImplicit lists response types that it does not have.
var DiscoveryListsImplicit = Fault{
	Name: "discovery_lists_implicit", Clause: "OpenID Connect Discovery §3", At: []string{Discovery},
	Says: "lists the response type id_token token, which it does not serve",
	Say: editServed(func(document map[string]any) {
		document["response_types_supported"] = withItem(document["response_types_supported"], "id_token token")
	}),
}
