package check

// The features of JWT assertions.
const (
	JWTBearerGrant    Feature = "urn:ietf:params:oauth:grant-type:jwt-bearer" // metadata: grant_types_supported
	FAPI2             Feature = "fapi2"                                       // the target keeps to the FAPI 2.0 Security Profile
	ClientKeyRotation Feature = "client_key_rotation"                         // Target.RotateClientKey is set
)

// The roles of clients with a key. Those that sign for themselves are registered
// for private_key_jwt, and may use client credentials. A client with a Key in any
// other role serves to try the algorithms that it can sign by.
const (
	Signer      Role = "signer"       // registered Key with use "sig", and Alg, where it has one, as token_endpoint_auth_signing_alg
	OtherSigner Role = "other-signer" // registered another Key, whose JWK has no use
	Exchanger   Role = "exchanger"    // may use the jwt-bearer grant: the target trusts Key to sign assertions of Issuer about Subject, for Scopes and no others
)

// provenByAssertions is why no fault breaks the checks of assertions.
const provenByAssertions = "mockoauth takes no JWT assertions yet; proven by TestAssertionChecksBite"

// jwtAssertions is how a signed JWT stands for a client, or for a grant.
func jwtAssertions() Section {
	return Section{Letter: "M", Title: "JWT assertions", Checks: []Check{
		Must("JA-01", "takes an assertion wherever it lists private_key_jwt, and the next one", "RFC 7523 §2.2; RFC 7523 §3; RFC 8414 §2", takesAssertions).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-02", "refuses an assertion outside its time with invalid_client", "RFC 7523 §3; RFC 7521 §4.2.1", refusesAssertionOutsideTime).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-03", "refuses an assertion without exp", "RFC 7523 §3", refusesAssertionWithoutExpiry).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-04", "refuses an assertion for somebody else, or for nobody", "RFC 7523 §3", refusesForeignAudience).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Should("JA-05", "takes an assertion whose aud is its issuer", "RFC 7523 §3; OpenID Connect Core §9; FAPI 2.0 Security Profile §5.3.2.1", takesIssuerForAudience).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Should("JA-06", "refuses an assertion that is for others too", "FAPI 2.0 Security Profile §5.3.2.1", refusesSharedAudience).
			If(ClientCredentials, JWTClientAuth, FAPI2).Because(provenByAssertions),
		Must("JA-07", "refuses an assertion whose iss and sub are not both its client", "RFC 7523 §3", refusesForeignSubject).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-08", "refuses an assertion beside the client_id of another client", "RFC 7521 §4.2; RFC 7521 §4.2.1", refusesClientIDBesideAssertion).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-09", "refuses an assertion that was used already", "OpenID Connect Core §9; RFC 7523 §3", refusesReplay).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-10", "refuses an assertion without jti", "OpenID Connect Core §9", refusesAssertionWithoutID).
			If(ClientCredentials, JWTClientAuth, OpenID).Because(provenByAssertions),
		Should("JA-11", "takes the jti of an assertion that it refused", "RFC 7523 §3", burnsNoIDOfRefused).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-12", "takes an iat and nbf 8 seconds ahead, and none 65 seconds ahead", "FAPI 2.0 Security Profile §5.3.2.1", bearsClockSkew).
			If(ClientCredentials, JWTClientAuth, FAPI2).Because(provenByAssertions),
		Must("JA-13", "refuses an assertion whose signature is not by its client's key", "RFC 7523 §3", refusesBadSignature).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-14", "refuses an assertion by a key that it does not know with invalid_client", "RFC 7521 §4.2.1; RFC 7515 §4.1.4", refusesUnknownKey).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-15", "refuses an assertion with alg none, or signed by HS256 with the public key", "RFC 7518 §3.6; RFC 8725 §3.1", refusesConfusedAlgorithm).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-17", "holds a client to its token_endpoint_auth_signing_alg", "RFC 7591 §2; OpenID Connect Core §9", holdsToAlgorithm).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-18", "takes a client's key whose JWK has no use", "RFC 7517 §4.2", takesKeyWithoutUse).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-19", "refuses an assertion together with a secret", "RFC 6749 §2.3; RFC 7521 §4.2", refusesSecretBesideAssertion).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-20", "refuses an assertion without its type, of an unknown type, absent or doubled", "RFC 7521 §4.2; RFC 6749 §3.2", refusesIncompleteAssertion).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Must("JA-21", "takes each algorithm that it advertises for assertions", "RFC 8414 §2", takesAdvertisedAlgorithms).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		May("JA-23", "refuses an assertion that is good for 1000 hours", "RFC 7523 §3", refusesLongLife).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Should("JA-24", "reads a client's jwks_uri anew for a key that it does not know", "OpenID Connect Core §10.1.1", readsKeysAnew).
			If(ClientCredentials, JWTClientAuth, ClientKeyRotation).Because(provenByAssertions),
		Must("JA-25", "grants a token for a good assertion by jwt-bearer, and refuses others with invalid_grant", "RFC 7523 §2.1; RFC 7523 §3.1", exchangesGoodAssertions).
			If(JWTBearerGrant).Because(provenByAssertions),
		Must("JA-27", "refuses a scope beyond what an assertion is good for", "RFC 7521 §4.1; RFC 7521 §4.1.1", limitsExchangedScope).
			If(JWTBearerGrant).Because(provenByAssertions),
	}}
}
