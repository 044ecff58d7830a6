package check

// Features lists every feature.
func Features() []Feature {
	return []Feature{
		ClientCredentials, Password, Refresh, Introspection, Revocation, PublishedKeys, AuthorizationCode, PKCE, FormPost, FragmentMode,
		IssParameter, ClaimsParameter, OpenID, OfflineAccess, UserInfo, EndSession, SignedUserInfo, Hybrid, Implicit, IDTokenInFront,
		StrictBearer, BasicAuth, PostAuth, PublicClients, JWTClientAuth, Discovery, OpenIDDiscovery, JWTAccessTokens, ResourceIndicators,
		ProtectedResource, BearerErrors, ResourceMetadata, StepUp, MovableClock, BruteForceLimit, StoreFaults, KeyRotation, UserRemoval,
		TLS, PublicPKCE, RequiredPKCE, Pairwise, RFC9700, OAuth21, JWTBearerGrant, FAPI2, ClientKeyRotation, DynamicRegistration,
		SenderConstrained,
	}
}

// ClientRoles lists the roles of clients. The first is the one that nearly every
// check needs.
func ClientRoles() []Role {
	return []Role{
		Main, Other, Public, BasicOnly, PostOnly, OddlyNamed, MachineOnly, PasswordOnly, Expired, Rotated, Disabled, ShortLived, OpaqueTokens,
		TwoRedirects, QueryRedirect, Native, TLSLoopback, PairwiseA, PairwiseB, SignsUserInfo, StrongIDToken,
		Signer, OtherSigner, Exchanger,
	}
}

// UserRoles lists the roles of users.
func UserRoles() []Role {
	return []Role{Main, OddUser, SpacedUser, LongUser, Disabled, LockedUser, ExpiredPassword, MFAUser}
}
