package fault

import (
	"net/http"
	"slices"
	"strings"
)

func refreshAnswers() []Fault {
	return slices.Concat(
		advised("keeps the refresh token that it has", &RefreshTokenUnsaid),
		advised("keeps the refresh token, and asks again later", &RefreshUnavailable),
		advised("drops the refresh token, and reports that the session could not be renewed", &RefreshGrantDropped),
		advised("takes the scope of the answer for what it now has, and relies on no more than it asked for", &RefreshScopeWidened),
		advised("keeps the claims that it has", &RefreshWithoutIDToken),
		advised("uses the new refresh token, and has the user log in again when it is refused", &RefreshTokenOfAnother),
	)
}

// RefreshTokenUnsaid lets a refresh token stay good and does not repeat it, as it may.
var RefreshTokenUnsaid = Fault{
	Name: "refresh_token_unsaid", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "answers a refresh without a refresh token; the one that was shown stays good",
	Hear: RefreshTokenNotRotated.Hear,
	Say: func(s *Said) {
		RefreshTokenNotRotated.Say(s)
		if s.Heard.Notes["shown"] != "" {
			leavesOutMember("refresh_token")(s)
		}
	},
}

// refreshing acts on refreshes only, without asking the endpoint.
func refreshing(wire func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		if shownRefreshToken(&Heard{Request: r}) != "" {
			h = wire(h)
		}
		h.ServeHTTP(w, r)
	})
}

// RefreshUnavailable is down when a session is to be renewed.
var RefreshUnavailable = Fault{
	Name: "refresh_unavailable", Clause: "RFC 9110 §15.6.4", At: []string{Token},
	Says: "answers a refresh with 503, and any other token request as it should",
	Wire: refreshing(page(http.StatusServiceUnavailable, "Retry-After", "2")),
}

// RefreshGrantDropped does not know the grant that its metadata lists.
var RefreshGrantDropped = Fault{
	Name: "refresh_grant_dropped", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "refuses refresh_token as unsupported, though its metadata lists it",
	Hear: func(h *Heard) { dropGrant(h, "refresh_token") },
}

// RefreshScopeWidened says a scope that the user did not grant.
var RefreshScopeWidened = Fault{
	Name: "refresh_scope_widened", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "says a scope more in the answer to a refresh than was granted",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["refresh_token"] != "" {
			answersScope(func(scope []string) any { return strings.Join(append(scope, "admin"), " ") })(s)
		}
	},
}

// RefreshWithoutIDToken answers a refresh without an ID token, as it may.
var RefreshWithoutIDToken = Fault{
	Name: "refresh_without_id_token", Clause: "OpenID Connect Core §12.2", At: []string{Token},
	Says: "answers a refresh without an ID token",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["refresh_token"] != "" {
			leavesOutMember("id_token")(s)
		}
	},
}

// RefreshTokenOfAnother answers a refresh token that is none.
var RefreshTokenOfAnother = Fault{
	Name: "refresh_token_of_another", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "answers a refresh with a refresh token that it will refuse",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["refresh_token"] != "" {
			saysMember("refresh_token", madeUp(s))(s)
		}
	},
}
