package fault

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

func idTokenClaims() []Fault {
	return slices.Concat(
		advised(refusesIDToken,
			&IDTokenWithoutIssuer, &IDTokenIssuerWithSlash, &IDTokenWithoutAudience, &IDTokenForAnother, &IDTokenAudienceIsNumber, &IDTokenForSeveral,
			&IDTokenWithoutSubject, &IDTokenSubjectEmpty, &IDTokenSubjectLong,
			&IDTokenWithoutExpiry, &IDTokenExpired, &IDTokenWithoutIssueTime, &IDTokenFromFuture, &IDTokenNotYetValid,
			&WrongNonce, &AccessTokenHashOther, &CodeHashOther),
		advised("refuses the ID token unless it trusts the other audience too", &IDTokenForSeveralNamed),
		advised("allows for clocks that differ by a few seconds, and not by minutes", &IDTokenExpiredJustNow),
		advised("may refuse an ID token that was issued long ago", &IDTokenFromYesterday),
		advised("need not mind: at_hash is optional where the token endpoint answers both tokens", &AccessTokenHashOmitted),
		advised("refuses the login when it asked for max_age or for an acr", &LoginTimeLongPast, &AuthenticationClassOther),
		advised("takes no string for a boolean", &EmailVerifiedAsString),
		advised("bounds what it reads, or takes an ID token of any size", &IDTokenLarge),
		advised("refuses the refreshed ID token, and ends the session: this is another login", &RefreshSubjectChanged, &RefreshIssuerChanged),
	)
}

// signsClaim has ID tokens say value for a claim.
func signsClaim(name string, value any) func(*Signing) {
	return signIDToken(func(s *Signing) { s.Claims[name] = value })
}

// leavesOutClaim leaves a claim out of ID tokens.
func leavesOutClaim(name string) func(*Signing) {
	return signIDToken(func(s *Signing) { delete(s.Claims, name) })
}

// movesTime says a time claim as many seconds after iat.
func movesTime(name string, seconds int64) func(*Signing) {
	return signIDToken(func(s *Signing) { setAfterIssue(s, name, seconds) })
}

func setAfterIssue(s *Signing, name string, seconds int64) {
	if at, ok := wholeSeconds(s.Claims["iat"]); ok {
		s.Claims[name] = at + seconds
	}
}

// IDTokenWithoutIssuer does not say who it is.
var IDTokenWithoutIssuer = Fault{
	Name: "id_token_without_issuer", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves iss out of its ID tokens",
	Sign: leavesOutClaim("iss"),
}

// IDTokenIssuerWithSlash names itself almost right.
var IDTokenIssuerWithSlash = Fault{
	Name: "id_token_issuer_with_slash", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "names its issuer with a slash too many in its ID tokens",
	Sign: signIDToken(func(s *Signing) { s.Claims["iss"] = fmt.Sprintf("%v/", s.Claims["iss"]) }),
}

// IDTokenWithoutAudience does not say for whom an ID token is.
var IDTokenWithoutAudience = Fault{
	Name: "id_token_without_audience", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves aud out of its ID tokens",
	Sign: leavesOutClaim("aud"),
}

// IDTokenForAnother answers the ID token of another client.
var IDTokenForAnother = Fault{
	Name: "id_token_for_another", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "names another client in aud and azp of its ID tokens",
	Sign: signIDToken(func(s *Signing) { s.Claims["aud"], s.Claims["azp"] = "another-client", "another-client" }),
}

// IDTokenAudienceIsNumber numbers its clients.
var IDTokenAudienceIsNumber = Fault{
	Name: "id_token_audience_is_number", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "says aud as a number in its ID tokens",
	Sign: signsClaim("aud", 42),
}

// IDTokenForSeveral is for the client and another, and names neither in azp.
var IDTokenForSeveral = Fault{
	Name: "id_token_for_several", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "names another client beside the right one in aud of its ID tokens, and none in azp",
	Sign: signIDToken(func(s *Signing) {
		s.Claims["aud"] = []any{s.Claims["aud"], "another-client"}
		delete(s.Claims, "azp")
	}),
}

// IDTokenForSeveralNamed is for the client and another, and names the client in azp.
var IDTokenForSeveralNamed = Fault{
	Name: "id_token_for_several_named", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "names another client beside the right one in aud of its ID tokens, and the right one in azp",
	Sign: signIDToken(func(s *Signing) { s.Claims["aud"] = []any{s.Claims["aud"], "another-client"} }),
}

// IDTokenWithoutSubject does not say who logged in.
var IDTokenWithoutSubject = Fault{
	Name: "id_token_without_subject", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves sub out of its ID tokens",
	Sign: leavesOutClaim("sub"),
}

// IDTokenSubjectEmpty says that nobody logged in.
var IDTokenSubjectEmpty = Fault{
	Name: "id_token_subject_empty", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "says an empty sub in its ID tokens",
	Sign: signsClaim("sub", ""),
}

// IDTokenSubjectLong names a user at length.
var IDTokenSubjectLong = Fault{
	Name: "id_token_subject_long", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "says a sub of more than 255 characters in its ID tokens",
	Sign: signIDToken(func(s *Signing) { s.Claims["sub"] = fmt.Sprint(s.Claims["sub"], strings.Repeat("-", 255)) }),
}

// IDTokenWithoutExpiry does not say until when an ID token is good.
var IDTokenWithoutExpiry = Fault{
	Name: "id_token_without_expiry", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves exp out of its ID tokens",
	Sign: leavesOutClaim("exp"),
}

// IDTokenExpired answers an ID token that ended ten minutes ago.
var IDTokenExpired = Fault{
	Name: "id_token_expired", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "issues ID tokens that expired ten minutes ago",
	Sign: movesTime("exp", -600),
}

// IDTokenExpiredJustNow answers an ID token that ended ten seconds ago.
var IDTokenExpiredJustNow = Fault{
	Name: "id_token_expired_just_now", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "issues ID tokens that expired ten seconds ago",
	Sign: movesTime("exp", -10),
}

// IDTokenWithoutIssueTime does not say when it issued an ID token.
var IDTokenWithoutIssueTime = Fault{
	Name: "id_token_without_issue_time", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves iat out of its ID tokens",
	Sign: leavesOutClaim("iat"),
}

// IDTokenFromFuture issues ID tokens in an hour from now.
var IDTokenFromFuture = Fault{
	Name: "id_token_from_future", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "issues ID tokens whose iat is an hour ahead",
	Sign: signIDToken(func(s *Signing) {
		setAfterIssue(s, "exp", 2*3600)
		setAfterIssue(s, "iat", 3600)
	}),
}

// IDTokenFromYesterday issued its ID tokens a day ago.
var IDTokenFromYesterday = Fault{
	Name: "id_token_from_yesterday", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "issues ID tokens whose iat is a day back",
	Sign: movesTime("iat", -24*3600),
}

// IDTokenNotYetValid issues ID tokens that are good in an hour only.
var IDTokenNotYetValid = Fault{
	Name: "id_token_not_yet_valid", Clause: "RFC 7519 §4.1.5", At: []string{Token},
	Says: "issues ID tokens whose nbf is an hour ahead",
	Sign: movesTime("nbf", 3600),
}

// WrongNonce answers the nonce of another login.
var WrongNonce = Fault{
	Name: "wrong_nonce", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "says another nonce in its ID tokens than it was sent",
	Sign: signsClaim("nonce", "nonce-of-another-login"),
}

// hashOfAnother is at_hash of no token here: 128 bits.
const hashOfAnother = "AAAAAAAAAAAAAAAAAAAAAA"

// AccessTokenHashOther answers the at_hash of another access token.
var AccessTokenHashOther = Fault{
	Name: "access_token_hash_other", Clause: "OpenID Connect Core §3.1.3.8", At: []string{Token},
	Says: "puts the hash of another access token in at_hash",
	Sign: signsClaim("at_hash", hashOfAnother),
}

// AccessTokenHashOmitted leaves at_hash out, as it may.
var AccessTokenHashOmitted = Fault{
	Name: "access_token_hash_omitted", Clause: "OpenID Connect Core §3.1.3.6", At: []string{Token},
	Says: "leaves at_hash out of its ID tokens",
	Sign: leavesOutClaim("at_hash"),
}

// CodeHashOther answers the c_hash of another code.
var CodeHashOther = Fault{
	Name: "code_hash_other", Clause: "OpenID Connect Core §3.3.2.11", At: []string{Token},
	Says: "puts the hash of another code in c_hash",
	Sign: signsClaim("c_hash", hashOfAnother),
}

// LoginTimeLongPast says that the user logged in a week ago.
var LoginTimeLongPast = Fault{
	Name: "login_time_long_past", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Token},
	Says: "says an auth_time of a week ago in its ID tokens, whatever max_age asks for",
	Sign: movesTime("auth_time", -7*24*3600),
}

// AuthenticationClassOther says an acr that nobody asked for.
var AuthenticationClassOther = Fault{
	Name: "authentication_class_other", Clause: "OpenID Connect Core §5.5.1.1", At: []string{Token},
	Says: "says the acr 0 in its ID tokens, whatever was asked for as essential",
	Sign: signsClaim("acr", "0"),
}

// EmailVerifiedAsString says that an address is not verified, in a way that is true to many.
var EmailVerifiedAsString = Fault{
	Name: "email_verified_as_string", Clause: "OpenID Connect Core §5.1", At: []string{Token, UserInfo},
	Says: `says "email_verified":"false" in its ID tokens and at userinfo`,
	Sign: func(s *Signing) {
		if s.Kind != "access_token" {
			s.Claims["email_verified"] = "false"
		}
	},
	Say: func(s *Said) {
		if s.Heard.Endpoint == UserInfo {
			editServed(func(claims map[string]any) { claims["email_verified"] = "false" })(s)
		}
	},
}

// IDTokenLarge tells a lot.
var IDTokenLarge = Fault{
	Name: "id_token_large", Clause: "OpenID Connect Core §5.1", At: []string{Token},
	Says: "issues ID tokens of 100 kB, with claims of every kind",
	Sign: signIDToken(func(s *Signing) {
		s.Claims["groups"] = strings.Split(strings.Repeat("a group with a name that is long enough λ 😀,", 1500), ",")
		s.Claims["nested"] = map[string]any{"a": []any{nil, true, json.Number("1.5"), map[string]any{"b": ""}}}
	}),
}

// signRefreshed acts on the ID tokens of refreshes only. The fault is to note the request.
func signRefreshed(act func(*Signing)) func(*Signing) {
	return signIDToken(func(s *Signing) {
		if s.noted("grant_type") == "refresh_token" {
			act(s)
		}
	})
}

// RefreshSubjectChanged answers a refresh with the ID token of another user.
var RefreshSubjectChanged = Fault{
	Name: "refresh_subject_changed", Clause: "OpenID Connect Core §12.2", At: []string{Token},
	Says: "names another sub in the ID token of a refresh than in that of the login",
	Hear: noteRequest,
	Sign: signRefreshed(func(s *Signing) { s.Claims["sub"] = fmt.Sprintf("%v-other", s.Claims["sub"]) }),
}

// RefreshIssuerChanged answers a refresh with the ID token of another issuer.
var RefreshIssuerChanged = Fault{
	Name: "refresh_issuer_changed", Clause: "OpenID Connect Core §12.2", At: []string{Token},
	Says: "names another iss in the ID token of a refresh than in that of the login",
	Hear: noteRequest,
	Sign: signRefreshed(func(s *Signing) { s.Claims["iss"] = "https://issuer.example" }),
}
