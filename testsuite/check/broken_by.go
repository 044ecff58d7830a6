package check

import "github.com/mockoauth/mockoauth/provider/fault"

// The faults that a check notices along with many of their kind.

// at is a fault that acts at the named endpoints only.
func at(f *fault.Fault, endpoints ...string) *fault.Fault {
	there := f.AtEndpoint(endpoints...)
	return &there
}

// noTokens are faults under which the token endpoint grants nothing that a client could read.
func noTokens() []*fault.Fault {
	return []*fault.Fault{
		&fault.TokenInternalError, &fault.TokenBadGateway, &fault.TokenGatewayTimeout, &fault.TokenRequestTimeout,
		&fault.TokenThrottled, &fault.TokenThrottledForSeconds, &fault.TokenUnavailableForSeconds, &fault.TokenUnavailableUntil,
		&fault.TokenUnavailableRetryGarbled, &fault.TokenUnavailableForYear,
		&fault.TokenForbidden, &fault.TokenNotFound, &fault.TokenTeapot, &fault.TokenBehindProxyLogin,
		&fault.TokenRedirected302, &fault.TokenRedirected303, &fault.TokenRedirected307, &fault.TokenRedirected308,
		&fault.TokenRedirectedElsewhere, &fault.TokenRedirectedPlainly, &fault.TokenRedirectedNowhere, &fault.TokenRedirectedRound,
		&fault.TokenDropped, &fault.TokenAnswerLost, &fault.TokenCutInBody, &fault.TokenTruncated,
		&fault.TokenLengthOverstated, &fault.TokenLengthUnderstated,
	}
}

// noTokenJSON are faults under which what the token endpoint grants is not in a JSON object.
func noTokenJSON() []*fault.Fault {
	return []*fault.Fault{
		&fault.HTMLForJSON, &fault.OctetsForJSON, &fault.ContentTypeMissing, &fault.JSONInUTF16, &fault.FormForJSON,
		&fault.LoginPageForToken, &fault.PageCalledJSON, &fault.TokenResponseEmpty, &fault.TokenResponseNoContent,
		&fault.TokenResponseNull, &fault.TokenResponseInList, &fault.TokenResponseAsString, &fault.TokenResponseIsNumber,
		&fault.JSONCutShort, &fault.JSONWithComma, &fault.JSONWithBOM, &fault.GarbageAfterJSON, &fault.GzipClaimed,
		&fault.GzipBomb, &fault.TokenResponseEndless, &fault.TokenResponseCreated, &fault.TokenResponseAccepted,
		&fault.ErrorBesideToken,
	}
}

// noIntrospection are faults under which nobody learns that a token is active.
func noIntrospection() []*fault.Fault {
	return []*fault.Fault{
		&fault.IntrospectionActiveMissing, &fault.IntrospectionActiveAsNumber, &fault.IntrospectionAlwaysInactive,
		&fault.IntrospectionAsPage, &fault.IntrospectionAsList, &fault.IntrospectionEmpty, &fault.IntrospectionAsJWT,
		&fault.IntrospectionUnavailable, &fault.IntrospectionInternalError, &fault.IntrospectionRefusesAll, &fault.IntrospectionDropped,
	}
}

// noUserInfo are faults under which userinfo does not tell whose claims they are.
func noUserInfo() []*fault.Fault {
	return []*fault.Fault{
		&fault.UserInfoWithoutSubject, &fault.UserInfoSubjectIsNumber, &fault.UserInfoAsList, &fault.UserInfoAsPage, &fault.UserInfoEmpty,
		&fault.UserInfoCutShort, &fault.UserInfoUnavailable, &fault.UserInfoInternalError, &fault.UserInfoDropped,
		&fault.UserInfoRefusesAll, &fault.UserInfoRedirectedElsewhere,
	}
}

// noResource are faults under which a resource serves no token.
func noResource() []*fault.Fault {
	return []*fault.Fault{
		&fault.BearerRefused, &fault.BearerRefusedPlainly, &fault.BearerRefusedOddly, &fault.BearerNeverSufficient, &fault.StepUpDemanded,
		&fault.ResourceMetadataOfAnother, &fault.ResourceRedirectedElsewhere, &fault.ResourceThrottled, &fault.ResourceUnavailable,
	}
}

// noKeySet are faults under which no set of keys is published.
func noKeySet() []*fault.Fault {
	return []*fault.Fault{
		&fault.KeysMissing, &fault.KeysGarbage, &fault.KeysAsPage, &fault.KeysCutShort, &fault.KeysEndless,
		&fault.KeysUnavailable, &fault.KeysInternalError, &fault.KeysNotFound, &fault.KeysDropped,
		&fault.KeysRedirected, &fault.KeysRedirectedElsewhere, &fault.KeysRedirectedPlainly,
	}
}

// noVerification are faults under which no published key verifies a token.
func noVerification() []*fault.Fault {
	return []*fault.Fault{
		&fault.KeysBare, &fault.KeysForEncryptionOnly, &fault.KeysUnderOtherIDs, &fault.NewKeyPublishedLate,
		&fault.AccessTokenWithoutKeyID, &fault.KeyIDIsNumber, &fault.AlgorithmMissing, &fault.AlgorithmFolded, &fault.AlgorithmPadded,
		&fault.AlgorithmNoneFolded, &fault.AlgorithmOfAnotherKey, &fault.KeySetURLHeader, &fault.CertificateURLHeader, &fault.EmbeddedKeyHeader,
		&fault.HMACWithPublicKey, &fault.SignatureStripped, &fault.SignatureLeftOut, &fault.SignatureOfZeros, &fault.TokenOfFiveParts,
		&fault.TokenPadded, &fault.ClaimsInList, &fault.AccessTokenOfAllCharacters,
	}
}

// noCode are faults under which an authorization response brings no code, or not only that.
func noCode() []*fault.Fault {
	return []*fault.Fault{
		&fault.StateMissing, &fault.StateOther, &fault.StateFolded, &fault.StateTwice,
		&fault.CodeMissing, &fault.CodeEmpty, &fault.CodeTwice, &fault.ErrorBesideCode, &fault.IssTwice, &fault.ResponsePosted,
		&fault.AuthorizationUnavailable, &fault.AuthorizationFails, &fault.AuthorizationDenied, &fault.AuthorizationBroken,
	}
}

// oddIDTokens are faults of the claims that every ID token has.
func oddIDTokens() []*fault.Fault {
	return []*fault.Fault{
		&fault.IDTokenWithoutIssuer, &fault.IDTokenIssuerWithSlash, &fault.IDTokenWithoutAudience, &fault.IDTokenForAnother,
		&fault.IDTokenAudienceIsNumber, &fault.IDTokenForSeveral, &fault.IDTokenWithoutSubject, &fault.IDTokenSubjectEmpty,
		&fault.IDTokenWithoutExpiry, &fault.IDTokenExpired, &fault.IDTokenExpiredJustNow, &fault.IDTokenWithoutIssueTime,
		&fault.IDTokenNotYetValid, &fault.AccessTokenForIDToken,
	}
}

// oddAccessTokens are faults of the claims that every access token has.
func oddAccessTokens() []*fault.Fault {
	return []*fault.Fault{
		&fault.AccessTokenWithoutIssuer, &fault.AccessTokenWithoutSubject, &fault.AccessTokenWithoutExpiry, &fault.AccessTokenWithoutIssueTime,
		&fault.AccessTokenWithoutID, &fault.AccessTokenAudienceIsNumber, &fault.AccessTokenExpired, &fault.AccessTokenNotYetValid,
	}
}
