package fault

import (
	"net/http"
	"slices"
)

func introspection() []Fault {
	return append(introspectionAnswers(),
		IntrospectionErrorAsText, IntrospectionOpen, IntrospectionForPublicClients, RequestUnauthorized,
		IntrospectionSecretUnchecked, AnyBearerServed, IntrospectionBearerInQuery, ForeignIntrospectionRefused,
	)
}

// IntrospectionErrorAsText answers introspection errors in words.
var IntrospectionErrorAsText = Fault{
	Name: "introspection_error_as_text", Clause: "RFC 6749 §5.2", At: []string{Introspection},
	Says: "answers introspection errors as plain text",
	Say:  errorAsText,
}

// noteAsker and rememberAsker keep a client that may introspect, for
// [introspectAnyway].
func noteAsker(h *Heard) {
	if authenticates(h) {
		h.Notes["asker"] = h.ClientID()
	}
}

func rememberAsker(s *Said) {
	if asker := s.Heard.Notes["asker"]; asker != "" && s.Succeeded() {
		s.Heard.Memory.Remember("asker", asker)
	}
}

// introspectAnyway lets the request pass as one of a client that may introspect:
// one that did before, else the first that has a secret.
func introspectAnyway(h *Heard) {
	id, known := h.Memory.Recall("asker")
	if !known {
		ids := h.Known.ClientIDs()
		i := slices.IndexFunc(ids, func(id string) bool { secret, _ := h.Known.Secret(id); return secret != "" })
		if i < 0 {
			return
		}
		id = ids[i]
	}
	if h.Request.Method == http.MethodPost {
		h.Authenticate(id)
	}
}

// IntrospectionOpen tells everybody about every token.
var IntrospectionOpen = Fault{
	Name: "introspection_open", Clause: "RFC 7662 §2.1", At: []string{Introspection},
	Says: "introspects for everybody, without any authorization",
	Hear: func(h *Heard) {
		noteAsker(h)
		if !authenticates(h) {
			introspectAnyway(h)
		}
	},
	Say: rememberAsker,
}

// IntrospectionForPublicClients takes a public client's id for authorization.
var IntrospectionForPublicClients = Fault{
	Name: "introspection_for_public_clients", Clause: "RFC 7662 §2.1", At: []string{Introspection},
	Says: "takes the client_id of a public client for authorization to introspect",
	Hear: func(h *Heard) {
		secret, known := h.Known.Secret(h.ClientID())
		if known && secret == "" && !authenticates(h) {
			introspectAnyway(h)
			return
		}
		noteAsker(h)
	},
	Say: rememberAsker,
}

// RequestUnauthorized refuses with a code that is not registered and no challenge, as fosite does.
var RequestUnauthorized = Fault{
	Name: "request_unauthorized", Clause: "RFC 6749 §5.2", At: []string{Introspection},
	Says: "refuses an introspection with the error request_unauthorized and no challenge",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Refuse(http.StatusUnauthorized, "request_unauthorized")
			s.Header.Del("WWW-Authenticate")
		}
	},
}

// IntrospectionSecretUnchecked introspects with any secret.
var IntrospectionSecretUnchecked = Fault{
	Name: "introspection_secret_unchecked", Clause: "RFC 7662 §2.3", At: []string{Introspection},
	Says: "takes any client secret at the introspection endpoint",
	Hear: takeAnySecret,
}

// AnyBearerServed takes any bearer token for authorization to introspect.
var AnyBearerServed = Fault{
	Name: "any_bearer_served", Clause: "RFC 7662 §2.3", At: []string{Introspection},
	Says: "introspects for any bearer token, valid or not",
	Hear: func(h *Heard) {
		noteAsker(h)
		if bearerOf(h) != "" {
			introspectAnyway(h)
		}
	},
	Say: rememberAsker,
}

// IntrospectionBearerInQuery takes the caller's token from the URI, as fosite does.
var IntrospectionBearerInQuery = Fault{
	Name: "introspection_bearer_in_query", Clause: "RFC 6750 §2.3", At: []string{Introspection},
	Says: "takes the caller's bearer token from the URI query",
	Hear: func(h *Heard) {
		query := h.Request.URL.Query()
		token := query.Get("access_token")
		if token == "" || authenticates(h) {
			return
		}
		query.Del("access_token")
		h.Request.URL.RawQuery = query.Encode()
		h.Request.Header.Set("Authorization", "Bearer "+token)
	},
}

// ForeignIntrospectionRefused refuses to say that it will not say.
var ForeignIntrospectionRefused = Fault{
	Name: "foreign_introspection_refused", Clause: "RFC 7662 §2.2", At: []string{Token, Introspection},
	Says: "refuses with 403 to introspect another client's token",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		owner := recalled(s.Heard.Memory, ownerOf+s.Heard.Notes["token"])
		asker := s.Heard.Notes["client"]
		if s.Heard.Endpoint == Introspection && owner != "" && asker != "" && owner != asker && s.Succeeded() {
			s.Refuse(http.StatusForbidden, "access_denied")
		}
	},
}
