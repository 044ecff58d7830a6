package fault

import (
	"slices"
	"strings"
)

// idToken is what providers do wrong with ID tokens.
func idToken() []Fault {
	return slices.Concat(
		advised("refuses the login and reports it", &IDTokenOmitted),
		advised(refusesIDToken,
			&IDTokenForResource, &AuthorizedPartyOther, &AccessTokenHashShort, &NonceOmitted, &NonceFolded, &NonceInvented,
			&LoginTimeOmitted, &IDTokenBornDead, &SubjectIsNumber,
		),
		advised("tries the published keys that fit alg, or refuses the ID token", &IDTokenWithoutKeyID),
		advised("need not mind: iat may lie back", &IssueTimeStands),
		advised("ends its own sessions when it sees fit, and not by exp", &IDTokenLivesOn),
		advised("relies on acr where it knows what the provider means by it", &AuthenticationClassOverstated),
		advised("cannot notice it: to a client all users are one", &OneSubjectForAll),
		advised("need not mind: it uses or ignores the claims", &ScopeClaimsInIDToken),
		advised("does without a refresh token where none comes", &OfflineAccessUnasked),
	)
}

// signIDToken acts on ID tokens only.
func signIDToken(act func(*Signing)) func(*Signing) {
	return func(s *Signing) {
		if s.Kind == "id_token" {
			act(s)
		}
	}
}

// IDTokenOmitted answers openid as any other scope.
var IDTokenOmitted = Fault{
	Name: "id_token_omitted", Clause: "OpenID Connect Core §3.1.3.3", At: []string{Token},
	Says: "answers openid without an ID token",
	Say:  editServed(func(object map[string]any) { delete(object, "id_token") }),
}

// IDTokenForResource issues ID tokens for the resource for which the access token is.
var IDTokenForResource = Fault{
	Name: "id_token_for_resource", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "names a resource in aud of its ID tokens, and not the client",
	Sign: signIDToken(func(s *Signing) { s.Claims["aud"] = "https://api.example.com" }),
}

// AuthorizedPartyOther names somebody else in azp.
var AuthorizedPartyOther = Fault{
	Name: "authorized_party_other", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "names another than the client in azp of its ID tokens",
	Sign: signIDToken(func(s *Signing) { s.Claims["azp"] = "https://app.example.com" }),
}

// IDTokenWithoutKeyID lets clients guess the key; plain fosite does.
var IDTokenWithoutKeyID = Fault{
	Name: "id_token_without_key_id", Clause: "OpenID Connect Core §10.1", At: []string{Token},
	Says: "names no key in its ID tokens, though it publishes several",
	Sign: signIDToken(func(s *Signing) { delete(s.Header, "kid") }),
}

// AccessTokenHashShort takes the half twice: of the hash, and of its encoding.
var AccessTokenHashShort = Fault{
	Name: "access_token_hash_short", Clause: "OpenID Connect Core §3.1.3.6", At: []string{Token},
	Says: "puts the left quarter of the hash in at_hash, not the left half",
	Sign: signIDToken(func(s *Signing) {
		if hash, ok := s.Claims["at_hash"].(string); ok {
			s.Claims["at_hash"] = hash[:len(hash)/2]
		}
	}),
}

// NonceOmitted forgets the nonce on the way from the code to the token.
var NonceOmitted = Fault{
	Name: "nonce_omitted", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves the nonce out of its ID tokens",
	Sign: signIDToken(func(s *Signing) { delete(s.Claims, "nonce") }),
}

// NonceFolded returns the nonce in lower case.
var NonceFolded = Fault{
	Name: "nonce_folded", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "returns the nonce in lower case",
	Sign: signIDToken(func(s *Signing) {
		if nonce, ok := s.Claims["nonce"].(string); ok {
			s.Claims["nonce"] = strings.ToLower(nonce)
		}
	}),
}

// NonceInvented has a nonce in every ID token, an empty one if need be.
var NonceInvented = Fault{
	Name: "nonce_invented", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Token},
	Says: "puts an empty nonce in an ID token for which there is none",
	Sign: signIDToken(func(s *Signing) {
		if s.Claims["nonce"] == nil {
			s.Claims["nonce"] = ""
		}
	}),
}

// LoginTimeOmitted does not say when the user logged in, though max_age asks.
var LoginTimeOmitted = Fault{
	Name: "login_time_omitted", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "leaves auth_time out of its ID tokens, also where max_age asks for it",
	Sign: signIDToken(func(s *Signing) { delete(s.Claims, "auth_time") }),
}

// IssueTimeStands takes the time of the login for that of the token.
var IssueTimeStands = Fault{
	Name: "issue_time_stands", Clause: "OpenID Connect Core §12.2", At: []string{Token},
	Says: "says in iat of an ID token when the user logged in, also after a refresh",
	Sign: signIDToken(func(s *Signing) {
		if at, told := s.Claims["auth_time"]; told {
			s.Claims["iat"] = at
		}
	}),
}

// IDTokenLivesOn issues ID tokens that are good for a year.
var IDTokenLivesOn = Fault{
	Name: "id_token_lives_on", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "issues ID tokens that are good for a year",
	Sign: signIDToken(func(s *Signing) { expireAfter(s, 365*24*3600) }),
}

// IDTokenBornDead issues ID tokens that expire as they are issued.
var IDTokenBornDead = Fault{
	Name: "id_token_born_dead", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "issues ID tokens that expire in the second in which they are issued",
	Sign: signIDToken(func(s *Signing) { expireAfter(s, 0) }),
}

// expireAfter sets how many seconds a token is good for.
func expireAfter(s *Signing, seconds int64) {
	if at, ok := wholeSeconds(s.Claims["iat"]); ok {
		s.Claims["exp"] = at + seconds
	}
}

// AuthenticationClassOverstated claims more for a login than it was.
var AuthenticationClassOverstated = Fault{
	Name: "authentication_class_overstated", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "calls every login resistant to phishing and protected by hardware, in acr",
	Sign: signIDToken(func(s *Signing) { s.Claims["acr"] = "phrh" }),
}

// OneSubjectForAll knows all users by one sub, as a mock with one answer does.
var OneSubjectForAll = Fault{
	Name: "one_subject_for_all", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "names the same sub in the ID tokens of all users, to all clients",
	Sign: signIDToken(func(s *Signing) { s.Claims["sub"] = "248289761001" }),
}

// SubjectIsNumber says sub as the number that it is in the database.
var SubjectIsNumber = Fault{
	Name: "subject_is_number", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "says sub as a number in its ID tokens",
	Sign: signIDToken(func(s *Signing) { s.Claims["sub"] = 248289761001 }),
}

// ScopeClaimsInIDToken tells in the ID token what belongs at userinfo.
var ScopeClaimsInIDToken = Fault{
	Name: "scope_claims_in_id_token", Clause: "OpenID Connect Core §5.4", At: []string{Token},
	Says: "tells email in the ID token, where there is an access token for userinfo",
	Sign: signIDToken(func(s *Signing) { s.Claims["email"], s.Claims["email_verified"] = "apitester@example.com", true }),
}

// OfflineAccessUnasked gives refresh tokens by offline_access alone, and asks nobody.
var OfflineAccessUnasked = Fault{
	Name: "offline_access_unasked", Clause: "OpenID Connect Core §11", At: []string{Token},
	Says: "gives a refresh token to whoever asks for offline_access, without consent, and to nobody else",
	Say: func(s *Said) {
		if _, offline := without(grantMember(s, "scope"), "offline_access"); !offline && s.Succeeded() {
			s.Edit(func(object map[string]any) { delete(object, "refresh_token") })
		}
	},
}
