package check

import "github.com/mockoauth/mockoauth/provider/fault"

// The faults that a check notices along with many of their kind.

// each is faults from their addresses: listed by value, they would be copied where they are named.
func each(faults ...*fault.Fault) []fault.Fault {
	all := make([]fault.Fault, len(faults))
	for i, f := range faults {
		all[i] = *f
	}
	return all
}

// noTokens are faults under which the token endpoint grants nothing that a client could read.
func noTokens() []fault.Fault {
	return each(
		&fault.TokenInternalError, &fault.TokenBadGateway, &fault.TokenGatewayTimeout, &fault.TokenRequestTimeout,
		&fault.TokenThrottled, &fault.TokenThrottledForSeconds, &fault.TokenUnavailableForSeconds, &fault.TokenUnavailableUntil,
		&fault.TokenUnavailableRetryGarbled, &fault.TokenUnavailableForYear,
		&fault.TokenForbidden, &fault.TokenNotFound, &fault.TokenTeapot, &fault.TokenBehindProxyLogin,
		&fault.TokenRedirected302, &fault.TokenRedirected303, &fault.TokenRedirected307, &fault.TokenRedirected308,
		&fault.TokenRedirectedElsewhere, &fault.TokenRedirectedPlainly, &fault.TokenRedirectedNowhere, &fault.TokenRedirectedRound,
		&fault.TokenDropped, &fault.TokenAnswerLost, &fault.TokenCutInBody, &fault.TokenTruncated,
		&fault.TokenLengthOverstated, &fault.TokenLengthUnderstated,
	)
}

// noTokenJSON are faults under which what the token endpoint grants is not in a JSON object.
func noTokenJSON() []fault.Fault {
	return each(
		&fault.HTMLForJSON, &fault.OctetsForJSON, &fault.ContentTypeMissing, &fault.JSONInUTF16, &fault.FormForJSON,
		&fault.LoginPageForToken, &fault.PageCalledJSON, &fault.TokenResponseEmpty, &fault.TokenResponseNoContent,
		&fault.TokenResponseNull, &fault.TokenResponseInList, &fault.TokenResponseAsString, &fault.TokenResponseIsNumber,
		&fault.JSONCutShort, &fault.JSONWithComma, &fault.JSONWithBOM, &fault.GarbageAfterJSON, &fault.GzipClaimed,
		&fault.GzipBomb, &fault.TokenResponseEndless, &fault.TokenResponseCreated, &fault.TokenResponseAccepted,
		&fault.ErrorBesideToken,
	)
}

// noIntrospection are faults under which nobody learns that a token is active.
func noIntrospection() []fault.Fault {
	return each(
		&fault.IntrospectionActiveMissing, &fault.IntrospectionActiveAsNumber, &fault.IntrospectionAlwaysInactive,
		&fault.IntrospectionAsPage, &fault.IntrospectionAsList, &fault.IntrospectionEmpty, &fault.IntrospectionAsJWT,
		&fault.IntrospectionUnavailable, &fault.IntrospectionInternalError, &fault.IntrospectionRefusesAll, &fault.IntrospectionDropped,
	)
}

// noUserInfo are faults under which userinfo does not tell whose claims they are.
func noUserInfo() []fault.Fault {
	return each(
		&fault.UserInfoWithoutSubject, &fault.UserInfoSubjectIsNumber, &fault.UserInfoAsList, &fault.UserInfoAsPage, &fault.UserInfoEmpty,
		&fault.UserInfoCutShort, &fault.UserInfoUnavailable, &fault.UserInfoInternalError, &fault.UserInfoDropped,
		&fault.UserInfoRefusesAll, &fault.UserInfoRedirectedElsewhere,
	)
}

// noResource are faults under which a resource serves no token.
func noResource() []fault.Fault {
	return each(
		&fault.BearerRefused, &fault.BearerRefusedPlainly, &fault.BearerRefusedOddly, &fault.BearerNeverSufficient, &fault.StepUpDemanded,
		&fault.ResourceMetadataOfAnother, &fault.ResourceRedirectedElsewhere, &fault.ResourceThrottled, &fault.ResourceUnavailable,
	)
}

// noKeySet are faults under which no set of keys is published.
func noKeySet() []fault.Fault {
	return each(
		&fault.KeysMissing, &fault.KeysGarbage, &fault.KeysAsPage, &fault.KeysCutShort, &fault.KeysEndless,
		&fault.KeysUnavailable, &fault.KeysInternalError, &fault.KeysNotFound, &fault.KeysDropped,
		&fault.KeysRedirected, &fault.KeysRedirectedElsewhere, &fault.KeysRedirectedPlainly,
	)
}

// noVerification are faults under which no published key verifies a token.
func noVerification() []fault.Fault {
	return each(
		&fault.KeysBare, &fault.KeysForEncryptionOnly, &fault.KeysUnderOtherIDs, &fault.NewKeyPublishedLate,
		&fault.AccessTokenWithoutKeyID, &fault.KeyIDIsNumber, &fault.AlgorithmMissing, &fault.AlgorithmFolded, &fault.AlgorithmPadded,
		&fault.AlgorithmNoneFolded, &fault.AlgorithmOfAnotherKey, &fault.KeySetURLHeader, &fault.CertificateURLHeader, &fault.EmbeddedKeyHeader,
		&fault.HMACWithPublicKey, &fault.SignatureStripped, &fault.SignatureLeftOut, &fault.SignatureOfZeros, &fault.TokenOfFiveParts,
		&fault.TokenPadded, &fault.ClaimsInList, &fault.AccessTokenOfAllCharacters,
	)
}

// noCode are faults under which an authorization response brings no code, or not only that.
func noCode() []fault.Fault {
	return each(
		&fault.StateMissing, &fault.StateOther, &fault.StateFolded, &fault.StateTwice,
		&fault.CodeMissing, &fault.CodeEmpty, &fault.CodeTwice, &fault.ErrorBesideCode, &fault.IssTwice, &fault.ResponsePosted,
		&fault.AuthorizationUnavailable, &fault.AuthorizationFails, &fault.AuthorizationDenied, &fault.AuthorizationBroken,
	)
}

// oddIDTokens are faults of the claims that every ID token has.
func oddIDTokens() []fault.Fault {
	return each(
		&fault.IDTokenWithoutIssuer, &fault.IDTokenIssuerWithSlash, &fault.IDTokenWithoutAudience, &fault.IDTokenForAnother,
		&fault.IDTokenAudienceIsNumber, &fault.IDTokenForSeveral, &fault.IDTokenWithoutSubject, &fault.IDTokenSubjectEmpty,
		&fault.IDTokenWithoutExpiry, &fault.IDTokenExpired, &fault.IDTokenExpiredJustNow, &fault.IDTokenWithoutIssueTime,
		&fault.IDTokenNotYetValid, &fault.AccessTokenForIDToken,
	)
}

// oddAccessTokens are faults of the claims that every access token has.
func oddAccessTokens() []fault.Fault {
	return each(
		&fault.AccessTokenWithoutIssuer, &fault.AccessTokenWithoutSubject, &fault.AccessTokenWithoutExpiry, &fault.AccessTokenWithoutIssueTime,
		&fault.AccessTokenWithoutID, &fault.AccessTokenAudienceIsNumber, &fault.AccessTokenExpired, &fault.AccessTokenNotYetValid,
	)
}
