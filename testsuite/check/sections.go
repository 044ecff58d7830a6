package check

// Sections lists every check, in the order of the catalogue.
func Sections() []Section {
	return []Section{
		tokenEndpoint(),
		clientAuthentication(),
		clientCredentials(),
		passwordGrant(),
		refreshGrant(),
		authorizationEndpoint(),
		codeExchange(),
		proofKey(),
		bearerUsage(),
		revocation(),
		introspection(),
		jwtAssertions(),
		serverMetadata(),
		joseAndKeys(),
		nativeApps(),
		resourceIndicators(),
		jwtAccessTokens(),
		issuerIdentification(),
		profiles(),
		openIDConnect(),
		userInfoEndpoint(),
		openIDDiscovery(),
		logout(),
	}
}
