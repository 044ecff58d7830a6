package fault

import "slices"

func accessTokenClaims() []Fault {
	return slices.Concat(
		advised(resourceRefuses,
			&AccessTokenWithoutIssuer, &AccessTokenWithoutSubject, &AccessTokenWithoutExpiry, &AccessTokenWithoutIssueTime, &AccessTokenWithoutID,
			&AccessTokenForAnother, &AccessTokenAudienceIsNumber, &AccessTokenExpired, &AccessTokenNotYetValid, &AccessTokenFromFuture),
		advised("as a resource asks for the scope that it needs, and takes none for granted", &AccessTokenWithoutScope),
	)
}

// leavesOutAccessClaim leaves a claim out of access tokens.
func leavesOutAccessClaim(name string) func(*Signing) {
	return signAccessToken(func(s *Signing) { delete(s.Claims, name) })
}

// AccessTokenWithoutIssuer does not say who issued an access token.
var AccessTokenWithoutIssuer = Fault{
	Name: "access_token_without_issuer", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves iss out of its access tokens",
	Sign: leavesOutAccessClaim("iss"),
}

// AccessTokenWithoutSubject does not say whose an access token is.
var AccessTokenWithoutSubject = Fault{
	Name: "access_token_without_subject", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves sub out of its access tokens",
	Sign: leavesOutAccessClaim("sub"),
}

// AccessTokenWithoutExpiry issues access tokens for ever, as it seems.
var AccessTokenWithoutExpiry = Fault{
	Name: "access_token_without_expiry", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves exp out of its access tokens",
	Sign: leavesOutAccessClaim("exp"),
}

// AccessTokenWithoutIssueTime does not say when an access token was issued.
var AccessTokenWithoutIssueTime = Fault{
	Name: "access_token_without_issue_time", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves iat out of its access tokens",
	Sign: leavesOutAccessClaim("iat"),
}

// AccessTokenWithoutID has no name for an access token.
var AccessTokenWithoutID = Fault{
	Name: "access_token_without_id", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves jti out of its access tokens",
	Sign: leavesOutAccessClaim("jti"),
}

// AccessTokenWithoutScope does not say in the token what it may do.
var AccessTokenWithoutScope = Fault{
	Name: "access_token_without_scope", Clause: "RFC 9068 §2.2.3", At: []string{Token},
	Says: "leaves scope out of its access tokens",
	Sign: leavesOutAccessClaim("scope"),
}

// AccessTokenForAnother is for a resource that nobody asked for.
var AccessTokenForAnother = Fault{
	Name: "access_token_for_another", Clause: "RFC 9068 §4", At: []string{Token},
	Says: "names another resource in aud of its access tokens",
	Sign: signAccessToken(func(s *Signing) { s.Claims["aud"] = "https://elsewhere.example" }),
}

// AccessTokenAudienceIsNumber numbers its resources.
var AccessTokenAudienceIsNumber = Fault{
	Name: "access_token_audience_is_number", Clause: "RFC 7519 §4.1.3", At: []string{Token},
	Says: "says aud as a number in its access tokens",
	Sign: signAccessToken(func(s *Signing) { s.Claims["aud"] = 42 }),
}

// AccessTokenExpired issues access tokens that are dead, by what they say.
var AccessTokenExpired = Fault{
	Name: "access_token_expired", Clause: "RFC 9068 §4", At: []string{Token},
	Says: "issues access tokens whose exp is ten minutes back",
	Sign: signAccessToken(func(s *Signing) { setAfterIssue(s, "exp", -600) }),
}

// AccessTokenNotYetValid issues access tokens for later.
var AccessTokenNotYetValid = Fault{
	Name: "access_token_not_yet_valid", Clause: "RFC 7519 §4.1.5", At: []string{Token},
	Says: "issues access tokens whose nbf is an hour ahead",
	Sign: signAccessToken(func(s *Signing) { setAfterIssue(s, "nbf", 3600) }),
}

// AccessTokenFromFuture has a clock that is fast.
var AccessTokenFromFuture = Fault{
	Name: "access_token_from_future", Clause: "RFC 7519 §4.1.6", At: []string{Token},
	Says: "issues access tokens whose iat is an hour ahead",
	Sign: signAccessToken(func(s *Signing) {
		setAfterIssue(s, "exp", 2*3600)
		setAfterIssue(s, "iat", 3600)
	}),
}
