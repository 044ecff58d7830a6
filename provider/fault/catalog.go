package fault

import "slices"

// A Section is a family of the catalogue.
type Section struct {
	Title  string // "Token responses"
	Faults []Fault
}

// Sections is the catalogue by families, in reading order: from the token
// endpoint over what browsers and resources meet to documents, keys and tokens.
// A new fault takes its place in the list of its family, under the Advice that
// is right for it.
func Sections() []Section {
	return []Section{
		{"Token requests", tokenEndpoint()},
		{"Token responses", tokenEndpointAnswers()},
		{"Token responses: members", slices.Concat(tokenResponseMembers(), tokenResponseExpiry(), tokenResponseScope())},
		{"Token responses: bodies", tokenResponseBody()},
		{"Token endpoint: refusals", tokenErrors()},
		{"Token endpoint: HTTP", slices.Concat(tokenEndpointStatus(), tokenEndpointWire())},
		{"Client authentication", clientAuthentication()},
		{"Grants and scopes", grants()},
		{"Refresh", slices.Concat(refresh(), refreshAnswers())},
		{"Authorization", authorization()},
		{"Authorization responses", authorizationResponse()},
		{"Authorization codes", code()},
		{"PKCE", pkce()},
		{"OpenID Connect requests", openID()},
		{"ID tokens", slices.Concat(idToken(), idTokenClaims())},
		{"UserInfo", slices.Concat(userInfo(), userInfoAnswers())},
		{"Logout", logout()},
		{"Bearer tokens at a resource", slices.Concat(bearer(), bearerAnswers())},
		{"Revocation", slices.Concat(revocation(), revocationAnswers())},
		{"Introspection", slices.Concat(introspection(), introspectionLies())},
		{"Metadata", slices.Concat(metadata(), metadataDocuments())},
		{"Published keys", slices.Concat(joseKeys(), joseKeySets())},
		{"Signed tokens", slices.Concat(jose(), joseHeaders(), joseSignatures(), accessTokenClaims())},
	}
}

// Catalog lists every named fault, in the order of [Sections].
func Catalog() []Fault {
	var all []Fault
	for _, section := range Sections() {
		all = append(all, section.Faults...)
	}
	return all
}

// Named finds a fault of the catalogue by its name.
func Named(name string) (Fault, bool) {
	catalog := Catalog()
	i := slices.IndexFunc(catalog, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return Fault{}, false
	}
	return catalog[i], true
}
