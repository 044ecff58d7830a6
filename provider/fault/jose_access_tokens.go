package fault

import (
	"slices"
	"strings"
)

func joseAccessTokens() []Fault {
	return slices.Concat(
		advised(resourceRefuses, &TokenWithoutClientID, &EmptyAudience),
		advised(refusesToken, &WrongIssuer),
		advised("compares auth_time of a refreshed ID token with that of the login", &LoginTimeWalks),
		advised("cannot notice it: tokens are opaque to a client",
			&ConstantTokenID, &SharedClientSubject, &ScopeClaimAsList, &PersonalDataInToken,
		),
		advised("sends a token to the resource that it is for, and nowhere else", &FirstResourceOnly, &ResourceIgnoredAtRefresh),
	)
}

// TokenWithoutClientID does not say which client a token was issued to, as fosite does not.
var TokenWithoutClientID = Fault{
	Name: "token_without_client_id", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves client_id out of its access tokens",
	Sign: func(s *Signing) { delete(s.Claims, "client_id") },
}

// WrongIssuer names another issuer in its tokens than in its metadata.
var WrongIssuer = Fault{
	Name: "wrong_issuer", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "names another issuer in its tokens than in its metadata",
	Sign: func(s *Signing) { s.Claims["iss"] = "https://issuer.example" },
}

// EmptyAudience issues tokens for nobody, as fosite does.
var EmptyAudience = Fault{
	Name: "empty_audience", Clause: "RFC 9068 §3", At: []string{Token},
	Says: "issues access tokens with an empty audience",
	Sign: func(s *Signing) { s.Claims["aud"] = []string{} },
}

// ConstantTokenID gives all tokens one jti.
var ConstantTokenID = Fault{
	Name: "constant_token_id", Clause: "RFC 7519 §4.1.7", At: []string{Token},
	Says: "gives all its tokens the same jti",
	Sign: func(s *Signing) { s.Claims["jti"] = "1" },
}

// SharedClientSubject gives the own tokens of all clients one subject.
var SharedClientSubject = Fault{
	Name: "shared_client_subject", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "gives the own tokens of all clients the same sub",
	Sign: func(s *Signing) {
		if s.Claims["sub"] == s.Claims["client_id"] {
			s.Claims["sub"] = "service"
		}
	},
}

// ScopeClaimAsList has the scopes in scp, as an array, as fosite does.
var ScopeClaimAsList = Fault{
	Name: "scope_claim_as_list", Clause: "RFC 9068 §2.2.3", At: []string{Token},
	Says: "has the scopes of its access tokens in scp, as an array",
	Sign: func(s *Signing) {
		if scope, ok := s.Claims["scope"].(string); ok {
			delete(s.Claims, "scope")
			s.Claims["scp"] = strings.Fields(scope)
		}
	},
}

// LoginTimeWalks takes every refresh for a login.
var LoginTimeWalks = Fault{
	Name: "login_time_walks", Clause: "RFC 9068 §2.2.1", At: []string{Token},
	Says: "takes every refresh for a login, and moves auth_time with it",
	Sign: func(s *Signing) {
		if s.Claims["sub"] != s.Claims["client_id"] {
			s.Claims["auth_time"] = s.Claims["iat"]
		}
	},
}

// PersonalDataInToken tells every resource who the user is.
var PersonalDataInToken = Fault{
	Name: "personal_data_in_token", Clause: "RFC 9068 §6", At: []string{Token},
	Says: "tells the user's name and email in access tokens that asked for neither",
	Sign: func(s *Signing) {
		if s.Claims["sub"] != s.Claims["client_id"] {
			s.Claims["name"], s.Claims["email"] = "Api Tester", "apitester@example.com"
		}
	},
}

// FirstResourceOnly takes the first of several resources.
var FirstResourceOnly = Fault{
	Name: "first_resource_only", Clause: "RFC 8707 §2", At: []string{Token},
	Says: "takes the first of several resources and forgets the others",
	Hear: func(h *Heard) {
		if form := h.Form(); len(form["resource"]) > 1 {
			form.Set("resource", form.Get("resource"))
			h.SetForm(form)
		}
	},
}

// ResourceIgnoredAtRefresh gives a refreshed token the whole audience of the grant.
var ResourceIgnoredAtRefresh = Fault{
	Name: "resource_ignored_at_refresh", Clause: "RFC 8707 §2.2", At: []string{Token},
	Says: "gives a refreshed token the whole audience of its grant, whatever resource is asked for",
	Hear: func(h *Heard) {
		if shownRefreshToken(h) != "" {
			dropParameter(h, "resource")
		}
	},
}
