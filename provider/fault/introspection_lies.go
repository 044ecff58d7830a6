package fault

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

func introspectionLies() []Fault {
	return slices.Concat(
		advised(onlyTrueIsActive, &IntrospectionActiveMissing, &IntrospectionActiveAsNumber),
		advised("refuses the token: it compares aud, iss, exp and nbf by itself",
			&IntrospectionOtherAudience, &IntrospectionOtherIssuer, &IntrospectionLongExpired, &IntrospectionNotYetValid),
		advised("refuses the token: what is not active is not", &IntrospectionAlwaysInactive),
		advised("cannot notice it: it trusts the provider that it asks", &IntrospectionOtherSubject, &IntrospectionOtherClient, &IntrospectionScopeWidened),
		advised(couldNotAsk,
			&IntrospectionAsPage, &IntrospectionAsList, &IntrospectionEmpty, &IntrospectionAsJWT, &IntrospectionUnavailable, &IntrospectionInternalError,
			&IntrospectionRefusesAll, &IntrospectionDropped),
		advised("ends by a timeout of its own, and refuses the token", &IntrospectionDelayed),
	)
}

// saysActive says value for a member of the answer for an active token.
func saysActive(name string, value any) func(*Said) {
	return editActive(func(object map[string]any) { object[name] = value })
}

// IntrospectionActiveMissing tells everything but the one thing.
var IntrospectionActiveMissing = Fault{
	Name: "introspection_active_missing", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "leaves active out of an introspection",
	Say:  editServed(func(object map[string]any) { delete(object, "active") }),
}

// IntrospectionActiveAsNumber writes active as a number.
var IntrospectionActiveAsNumber = Fault{
	Name: "introspection_active_as_number", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: `writes "active":1`,
	Say:  saysActive("active", 1),
}

// IntrospectionOtherAudience says that a token is for another resource.
var IntrospectionOtherAudience = Fault{
	Name: "introspection_other_audience", Clause: "RFC 7662 §4", At: []string{Introspection},
	Says: "names another resource in aud of an introspected token",
	Say:  saysActive("aud", "https://elsewhere.example"),
}

// IntrospectionOtherIssuer says that a token is another provider's.
var IntrospectionOtherIssuer = Fault{
	Name: "introspection_other_issuer", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "names another issuer in iss of an introspected token",
	Say:  saysActive("iss", "https://issuer.example"),
}

// IntrospectionLongExpired calls a token active that ended long ago, by its own word.
var IntrospectionLongExpired = Fault{
	Name: "introspection_long_expired", Clause: "RFC 7662 §4", At: []string{Introspection},
	Says: "calls a token active and says an exp that is long past",
	Say:  saysActive("exp", 1000000000),
}

// IntrospectionNotYetValid calls a token active that is for later, by its own word.
var IntrospectionNotYetValid = Fault{
	Name: "introspection_not_yet_valid", Clause: "RFC 7662 §4", At: []string{Introspection},
	Says: "calls a token active and says an nbf that is far ahead",
	Say:  saysActive("nbf", 32503680000),
}

// IntrospectionAlwaysInactive calls every token inactive.
var IntrospectionAlwaysInactive = Fault{
	Name: "introspection_always_inactive", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "calls every token inactive",
	Say:  sayInactive,
}

// IntrospectionOtherSubject says that a token is another user's.
var IntrospectionOtherSubject = Fault{
	Name: "introspection_other_subject", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "names another sub and username for an introspected token",
	Say: editActive(func(object map[string]any) {
		object["sub"], object["username"] = fmt.Sprintf("%v-other", object["sub"]), "somebody-else"
	}),
}

// IntrospectionOtherClient says that a token is another client's.
var IntrospectionOtherClient = Fault{
	Name: "introspection_other_client", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "names another client_id for an introspected token",
	Say:  saysActive("client_id", "another-client"),
}

// IntrospectionScopeWidened says that a token may do more.
var IntrospectionScopeWidened = Fault{
	Name: "introspection_scope_widened", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "says a scope more for an introspected token than was granted",
	Say: editActive(func(object map[string]any) {
		scope, _ := object["scope"].(string)
		object["scope"] = scope + " admin"
	}),
}

// IntrospectionAsPage answers a page.
var IntrospectionAsPage = Fault{
	Name: "introspection_as_page", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "answers 200 and a page to an introspection",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "text/html; charset=utf-8"),
}

// IntrospectionAsList answers an array.
var IntrospectionAsList = Fault{
	Name: "introspection_as_list", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "answers an introspection in an array of one",
	Say:  editText(func(body []byte) []byte { return slices.Concat([]byte("["), body, []byte("]")) }),
}

// IntrospectionEmpty answers nothing.
var IntrospectionEmpty = Fault{
	Name: "introspection_empty", Clause: "RFC 7662 §2.2", At: []string{Introspection},
	Says: "answers 200 and an empty body to an introspection",
	Say:  replaceText(""),
}

// IntrospectionAsJWT answers a JWT that nobody asked for.
var IntrospectionAsJWT = Fault{
	Name: "introspection_as_jwt", Clause: "RFC 9701 §4", At: []string{Introspection},
	Says: "answers an introspection as an unsigned JWT, which nobody asked for",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Body = []byte(b64.EncodeToString([]byte(`{"alg":"none","typ":"token-introspection+jwt"}`)) + "." +
				b64.EncodeToString(slices.Concat([]byte(`{"token_introspection":`), s.Body, []byte("}"))) + ".")
			s.Header.Set("Content-Type", "application/token-introspection+jwt")
		}
	},
}

// IntrospectionUnavailable is down.
var IntrospectionUnavailable = Fault{
	Name: "introspection_unavailable", Clause: "RFC 9110 §15.6.4", At: []string{Introspection},
	Says: "answers 503 to an introspection",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}

// IntrospectionInternalError breaks.
var IntrospectionInternalError = Fault{
	Name: "introspection_internal_error", Clause: "RFC 9110 §15.6.1", At: []string{Introspection},
	Says: "answers 500 to an introspection",
	Wire: page(http.StatusInternalServerError),
}

// IntrospectionRefusesAll lets nobody introspect.
var IntrospectionRefusesAll = Fault{
	Name: "introspection_refuses_all", Clause: "RFC 7662 §2.3", At: []string{Introspection},
	Says: "refuses every introspection with 401",
	Wire: refusing(http.StatusUnauthorized, "invalid_client", "WWW-Authenticate", `Basic realm="fault"`),
}

// IntrospectionDropped hangs up.
var IntrospectionDropped = Fault{
	Name: "introspection_dropped", Clause: "RFC 9112 §9.6", At: []string{Introspection},
	Says: "closes the connection when it is asked for a token",
	Wire: Drop(),
}

// IntrospectionDelayed takes its time, by the provider's clock.
var IntrospectionDelayed = Fault{
	Name: "introspection_delayed", Clause: "RFC 9110 §15.6.5", At: []string{Introspection},
	Says: "answers an introspection after two minutes",
	Wire: Delay(2 * time.Minute),
}
