package fault

import (
	"net/http"
	"slices"
)

func introspection() []Fault {
	return slices.Concat(
		advised(lenient, &IntrospectionForPublicClients, &AnyBearerServed),
		advised(couldNotAsk, &RequestUnauthorized, &ForeignIntrospectionRefused),
		introspectionAnswers(),
	)
}

// IntrospectionForPublicClients takes a public client's id for authorization.
var IntrospectionForPublicClients = Fault{
	Name: "introspection_for_public_clients", Clause: "RFC 7662 §2.1", At: []string{Introspection},
	Says: "takes the client_id of a public client for authorization to introspect",
	Hear: func(h *Heard) {
		if secret, known := h.Known.Secret(h.ClientID()); known && secret == "" && !authenticates(h) {
			authenticateAnyone(h)
		}
	},
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

// AnyBearerServed takes any bearer token for authorization to introspect.
var AnyBearerServed = Fault{
	Name: "any_bearer_served", Clause: "RFC 7662 §2.3", At: []string{Introspection},
	Says: "introspects for any bearer token, valid or not",
	Hear: func(h *Heard) {
		if bearerOf(h) != "" {
			authenticateAnyone(h)
		}
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
