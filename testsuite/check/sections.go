package check

// Sections lists every check, in the order of the catalogue.
func Sections() []Section {
	return []Section{
		tokenEndpoint(),
		clientAuthentication(),
		clientCredentials(),
		passwordGrant(),
		refreshGrant(),
		bearerUsage(),
		revocation(),
		introspection(),
		serverMetadata(),
		joseAndKeys(),
		resourceIndicators(),
		jwtAccessTokens(),
	}
}
