package fault

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

func introspectionAnswers() []Fault {
	return slices.Concat(
		advised("refuses the token: a member of another type is no member", &IntrospectionTimesAsStrings, &IntrospectionScopeAsList),
		advised("refuses the token: the scope that it asks for is not there", &IntrospectionScopeCommas),
		advised(onlyTrueIsActive, &IntrospectionActiveAsString),
		advised(nullIsMissing, &IntrospectionNulls),
		advised("does without: only active is required", &IntrospectionBare),
		advised("knows tokens by their value, and not by jti", &IntrospectionRandomID),
		advised("checks exp by itself, and keeps no answer beyond it",
			&IntrospectionAlwaysActive, &IntrospectionStale, &RevokedJWTActive,
		),
		advised("refuses the token, and decides nothing by the rest of the answer",
			&IntrospectionUnknownRefused, &IntrospectionInactiveTalks,
		),
		advised("introspects access tokens only", &RefreshTokenShownExpired, &RefreshTokenShownInactive),
	)
}

// editActive changes what is said of an active token.
func editActive(edit func(object map[string]any)) func(*Said) {
	return func(s *Said) {
		if isActive(s) {
			s.Edit(edit)
		}
	}
}

// isActive tells the answer for a token that is active.
func isActive(s *Said) bool { return s.Succeeded() && s.Object()["active"] == true }

// isInactive tells the answer for a token that is not active.
func isInactive(s *Said) bool { return s.Succeeded() && s.Object()["active"] == false }

// sayInactive says that a token is not active.
func sayInactive(s *Said) {
	if s.Succeeded() {
		s.SetObject(map[string]any{"active": false})
	}
}

// rememberActive keeps what is said of an active token.
func rememberActive(s *Said, token string) {
	if isActive(s) {
		s.Heard.Memory.Remember(bodyFor+token, string(s.Body))
	}
}

// sayLastActive says of an inactive token what was last said of it when it was active.
func sayLastActive(s *Said, token string) {
	if body, known := s.Heard.Memory.Recall(bodyFor + token); known && isInactive(s) {
		s.Body = []byte(body)
	}
}

// IntrospectionTimesAsStrings writes exp and iat as strings.
var IntrospectionTimesAsStrings = Fault{
	Name: "introspection_times_as_strings", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "writes exp and iat of an introspected token as strings",
	Say: editActive(func(object map[string]any) {
		for _, member := range []string{"exp", "iat", "nbf"} {
			if number, ok := object[member].(json.Number); ok {
				object[member] = number.String()
			}
		}
	}),
}

// IntrospectionScopeAsList writes scope as an array.
var IntrospectionScopeAsList = Fault{
	Name: "introspection_scope_as_list", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "writes the scope of an introspected token as an array",
	Say: editActive(func(object map[string]any) {
		if scope, ok := object["scope"].(string); ok {
			object["scope"] = strings.Fields(scope)
		}
	}),
}

// IntrospectionScopeCommas writes commas between the scopes.
var IntrospectionScopeCommas = Fault{
	Name: "introspection_scope_commas", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "writes commas between the scopes of an introspected token",
	Say: editActive(func(object map[string]any) {
		if scope, ok := object["scope"].(string); ok {
			object["scope"] = strings.ReplaceAll(scope, " ", ",")
		}
	}),
}

// IntrospectionActiveAsString writes active as a string.
var IntrospectionActiveAsString = Fault{
	Name: "introspection_active_as_string", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: `writes "active":"true"`,
	Say:  editActive(func(object map[string]any) { object["active"] = "true" }),
}

// IntrospectionNulls says null for what it does not know.
var IntrospectionNulls = Fault{
	Name: "introspection_nulls", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "says null for what it does not know of an introspected token",
	Say: editActive(func(object map[string]any) {
		for _, member := range []string{"username", "nbf", "aud", "scope"} {
			if _, told := object[member]; !told {
				object[member] = nil
			}
		}
	}),
}

// IntrospectionBare leaves out what makes an answer useful, as fosite does.
var IntrospectionBare = Fault{
	Name: "introspection_bare", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "leaves token_type, iss and jti out of an introspection",
	Say: editActive(func(object map[string]any) {
		for _, member := range []string{"token_type", "iss", "jti"} {
			delete(object, member)
		}
	}),
}

// IntrospectionRandomID gives a token another jti whenever it is asked for, as fosite does.
var IntrospectionRandomID = Fault{
	Name: "introspection_random_jti", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "gives a token another jti whenever it is introspected",
	Say:  editActive(func(object map[string]any) { object["jti"] = rand.Text() }),
}

// IntrospectionAlwaysActive calls every token active.
var IntrospectionAlwaysActive = Fault{
	Name: "introspection_always_active", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "calls every token active",
	Say: func(s *Said) {
		if isInactive(s) {
			s.SetObject(map[string]any{"active": true})
		}
	},
}

// IntrospectionUnknownRefused answers an error for a token that is not active.
var IntrospectionUnknownRefused = Fault{
	Name: "introspection_unknown_refused", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "answers 400 invalid_token for a token that is not active",
	Say: func(s *Said) {
		if isInactive(s) {
			s.Refuse(http.StatusBadRequest, "invalid_token")
		}
	},
}

// IntrospectionInactiveTalks tells why a token is not active.
var IntrospectionInactiveTalks = Fault{
	Name: "introspection_inactive_talks", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "tells why a token is not active",
	Say: func(s *Said) {
		if isInactive(s) {
			s.Edit(func(object map[string]any) { object["error_description"] = "the token is expired, revoked or unknown" })
		}
	},
}

// IntrospectionStale answers from a cache that never learns of a token's end.
var IntrospectionStale = Fault{
	Name: "introspection_stale", Clause: "RFC 7662 §4", At: []string{Introspection},
	Says: "calls a token active for ever once it was",
	Hear: noteRequest,
	Say: func(s *Said) {
		token := s.Heard.Notes["token"]
		sayLastActive(s, token)
		rememberActive(s, token)
	},
}

// RevokedJWTActive judges a JWT by its signature and expiry alone.
var RevokedJWTActive = Fault{
	Name: "revoked_jwt_active", Clause: "RFC 7009 §2.2", At: []string{Revocation, Introspection},
	Says: "calls a revoked JWT active, for its signature is still good",
	Hear: noteRequest,
	Say: func(s *Said) {
		token, memory := s.Heard.Notes["token"], s.Heard.Memory
		switch {
		case strings.Count(token, ".") != 2:
		case s.Heard.Endpoint == Revocation:
			memory.Remember(ended+token, "yes")
		case recalled(memory, ended+token) != "":
			sayLastActive(s, token)
		default:
			rememberActive(s, token)
		}
	},
}

// RefreshTokenShownExpired shows the access token's expiry for the refresh token, as fosite does.
var RefreshTokenShownExpired = Fault{
	Name: "refresh_token_shown_expired", Clause: "RFC 7662 §2.2", At: []string{Token, Introspection},
	Says: "shows the access token's expiry for a refresh token",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		token, memory := s.Heard.Notes["token"], s.Heard.Memory
		if s.Heard.Endpoint != Introspection {
			return
		}
		if recalled(memory, kindOf+token) == "access_token" {
			rememberActive(s, token)
			return
		}
		access := Said{Body: []byte(recalled(memory, bodyFor+recalled(memory, siblingOf+token)))}
		if exp := access.Object()["exp"]; exp != nil && isActive(s) {
			s.Edit(func(object map[string]any) { object["exp"] = exp })
		}
	},
}

// RefreshTokenShownInactive knows access tokens only.
var RefreshTokenShownInactive = Fault{
	Name: "refresh_token_shown_inactive", Clause: "RFC 7662 §2.1", At: []string{Token, Introspection},
	Says: "calls every refresh token inactive",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		kind := recalled(s.Heard.Memory, kindOf+s.Heard.Notes["token"])
		if s.Heard.Endpoint == Introspection && kind == "refresh_token" {
			sayInactive(s)
		}
	},
}
