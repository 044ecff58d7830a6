package fault

import (
	"slices"
	"strconv"
)

func grantsToken() []Fault {
	return slices.Concat(
		advised("reads the number in the string, or takes the lifetime for unknown", &ExpiresInQuoted),
		advised("renews the token when it is said to end, once and not in a loop", &ExpiresInUnderstated),
		advised("does without a refresh token that turns out to be no good", &ClientCredentialsRefreshToken, &RefreshTokenForAll),
		advised("ignores an ID token that it did not ask for, or checks it as any other", &IDTokenForAnyGrant),
		advised("shares one token among its workers, and gets one new token when a resource answers 401", &NewTokenEndsOlder),
		advised("sends a token to the resource that it is for, and nowhere else", &ResourceIgnored, &AnyAudienceGranted),
	)
}

// ExpiresInQuoted says expires_in as a string, as AD FS and Azure AD's first version do.
var ExpiresInQuoted = Fault{
	Name: "expires_in_quoted", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says expires_in as a string",
	Say: editServed(func(object map[string]any) {
		if n, ok := object["expires_in"].(interface{ String() string }); ok {
			object["expires_in"] = n.String()
		}
	}),
}

// ExpiresInUnderstated says that tokens end long before they do.
var ExpiresInUnderstated = Fault{
	Name: "expires_in_understated", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says an expires_in of one second for tokens that live longer",
	Say:  editServed(func(object map[string]any) { object["expires_in"] = 1 }),
}

// ClientCredentialsRefreshToken gives a client a refresh token where it can ask anew at any time.
var ClientCredentialsRefreshToken = Fault{
	Name: "client_credentials_refresh_token", Clause: "RFC 6749 §4.4.3", At: []string{Token},
	Says: "answers client_credentials with a refresh token",
	Hear: noteRequest,
	Say:  func(s *Said) { addRefreshToken(s, "client_credentials") },
}

// RefreshTokenForAll gives refresh tokens to clients that may not use them; plain fosite does.
var RefreshTokenForAll = Fault{
	Name: "refresh_token_for_all", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "answers password with a refresh token also for a client that may not refresh",
	Hear: noteRequest,
	Say:  func(s *Said) { addRefreshToken(s, "password") },
}

func addRefreshToken(s *Said, grant string) {
	if !s.Succeeded() || s.Heard.Notes["grant_type"] != grant {
		return
	}
	s.Edit(func(object map[string]any) {
		if object["refresh_token"] == nil {
			object["refresh_token"] = madeUp(s)
		}
	})
}

// IDTokenForAnyGrant answers the scope openid with an ID token where OpenID Connect defines none.
var IDTokenForAnyGrant = Fault{
	Name: "id_token_for_any_grant", Clause: "OpenID Connect Core §2", At: []string{Token},
	Says: "answers openid with an unsigned ID token of nobody, also to client_credentials and password",
	Hear: func(h *Heard) {
		editScope(h, func(scope string) string {
			rest, asked := without(scope, "openid")
			if asked {
				h.Notes["openid"] = "yes"
			}
			return rest
		})
	},
	Say: func(s *Said) {
		if s.Heard.Notes["openid"] != "" && s.Succeeded() {
			s.Edit(func(object map[string]any) { object["id_token"] = idTokenOfNobody })
		}
	},
}

// idTokenOfNobody is {"alg":"none"}.{"iss":"https://nobody.example","sub":"nobody"} without a signature.
const idTokenOfNobody = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL25vYm9keS5leGFtcGxlIiwic3ViIjoibm9ib2R5In0."

// NewTokenEndsOlder lets a client, or one user of it, have a single token.
var NewTokenEndsOlder = Fault{
	Name: "new_token_ends_older", Clause: "RFC 6749 §5.1", At: []string{Token, Introspection},
	Says: "ends a client's older token, or that of its user, when it issues a new one",
	Hear: noteRequest,
	Say: func(s *Said) {
		memory, notes := s.Heard.Memory, s.Heard.Notes
		if s.Heard.Endpoint == Introspection {
			if recalled(memory, ended+notes["token"]) != "" {
				sayInactive(s)
			}
			return
		}
		token := grantMember(s, "access_token")
		if token == "" || notes["grant_type"] == "refresh_token" {
			return
		}
		holder := "latest of " + strconv.Quote(notes["client"]) + notes["username"]
		if older, ok := memory.Recall(holder); ok && older != token {
			memory.Remember(ended+older, "yes")
		}
		memory.Remember(holder, token)
	},
}

// AnyAudienceGranted issues tokens for audiences that the client has no business with.
var AnyAudienceGranted = Fault{
	Name: "any_audience_granted", Clause: "RFC 9068 §3", At: []string{Token, Introspection},
	Says: "issues a token for whatever audience is asked for",
	Hear: func(h *Heard) {
		noteRequest(h)
		h.Notes["audience"] = h.Form().Get("audience")
		dropParameter(h, "audience")
	},
	Say: func(s *Said) {
		memory, notes := s.Heard.Memory, s.Heard.Notes
		if token := grantMember(s, "access_token"); token != "" && notes["audience"] != "" {
			memory.Remember("audience "+token, notes["audience"])
		}
		if audience, ok := memory.Recall("audience " + notes["token"]); ok && isActive(s) {
			s.Edit(func(object map[string]any) { object["aud"] = audience })
		}
	},
}

// ResourceIgnored issues the same token whatever resource it is for; plain fosite does.
var ResourceIgnored = Fault{
	Name: "resource_ignored", Clause: "RFC 8707 §2", At: []string{Token},
	Says: "ignores resource, and issues a token for all of the client's audiences",
	Hear: func(h *Heard) { dropParameter(h, "resource") },
}
