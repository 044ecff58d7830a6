package fault

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

func grantsSubject() []Fault {
	return slices.Concat(
		advised(resourceRefuses, &ClientTokenWithoutSubject, &SubjectShared),
		advised("knows users by iss and sub, and not by username", &UsernameOfClient, &UsernameUntold),
		advised("cannot notice it: to a client this is another user each time", &SubjectPerLogin),
	)
}

// ofClient tells the claims of a token that a client got for itself.
func ofClient(claims map[string]any) bool {
	return claims["client_id"] != nil && claims["sub"] == claims["client_id"]
}

// without is a scope less one of its words, and whether it had it.
func without(scope, word string) (rest string, had bool) {
	var kept []string
	for w := range strings.SplitSeq(scope, " ") {
		if w == word {
			had = true
			continue
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " "), had
}

// ClientTokenWithoutSubject names no subject in a client's own token.
var ClientTokenWithoutSubject = Fault{
	Name: "client_token_without_subject", Clause: "RFC 9068 §2.2", At: []string{Token},
	Says: "leaves sub out of the token that a client gets for itself",
	Sign: func(s *Signing) {
		if ofClient(s.Claims) {
			delete(s.Claims, "sub")
		}
	},
}

// UsernameOfClient invents a user for a client's own token, as Keycloak does.
var UsernameOfClient = Fault{
	Name: "username_of_client", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "tells the username service-account-<client_id> of a client's own token",
	Say: editActive(func(object map[string]any) {
		if ofClient(object) {
			object["username"] = fmt.Sprintf("service-account-%v", object["client_id"])
		}
	}),
}

// SubjectPerLogin gives a user a new sub at each login; fosite's MemoryStore does.
var SubjectPerLogin = Fault{
	Name: "subject_per_login", Clause: "OpenID Connect Core §2", At: []string{Token, Introspection},
	Says: "gives a user another sub at each login",
	Hear: noteRequest,
	Sign: func(s *Signing) {
		if s.Claims["sub"] != nil && !ofClient(s.Claims) {
			login := s.Claims["jti"]
			if s.Kind == "id_token" {
				login = s.Claims["sid"]
			}
			s.Claims["sub"] = fmt.Sprintf("%v-%v", s.Claims["sub"], login)
		}
	},
	Say: func(s *Said) {
		if object := s.Object(); isActive(s) && !ofClient(object) {
			login := sha256.Sum256([]byte(s.Heard.Notes["token"]))
			object["sub"] = fmt.Sprintf("%v-%x", object["sub"], login[:4])
			s.SetObject(object)
		}
	},
}

// SubjectShared names the client as subject whoever logged in.
var SubjectShared = Fault{
	Name: "subject_shared", Clause: "RFC 9700 §4.15", At: []string{Token, Introspection},
	Says: "names the client as the subject of its users' tokens",
	Sign: func(s *Signing) {
		if id, ok := s.Claims["client_id"]; ok {
			s.Claims["sub"] = id
		}
	},
	Say: editActive(func(object map[string]any) {
		if id, ok := object["client_id"]; ok {
			object["sub"] = id
		}
	}),
}

// UsernameUntold knows a user's token by its sub alone; plain fosite does.
var UsernameUntold = Fault{
	Name: "username_untold", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "tells no username of a user's token",
	Say:  editActive(func(object map[string]any) { delete(object, "username") }),
}
