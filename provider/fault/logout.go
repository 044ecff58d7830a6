package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// logout is what providers do wrong when a session ends.
func logout() []Fault {
	return slices.Concat(
		advised("sends the browser by GET", &LogoutByGetOnly),
		advised("ends its own session first, whatever the provider does",
			&LogoutWithoutEffect, &LogoutStays, &LogoutStateDropped, &LogoutUnlisted,
		),
		advised(lenient, &LogoutRedirectsAnywhere, &LogoutQueryOverlooked, &LogoutClientIgnored),
		advised("sends id_token_hint with every logout", &LogoutDemandsHint),
	)
}

// LogoutByGetOnly takes no POST of the client's.
var LogoutByGetOnly = Fault{
	Name: "logout_by_get_only", Clause: "OpenID Connect RP-Initiated Logout §2", At: []string{EndSession},
	Says: "logs out by GET only",
	Hear: noteMethod,
	Say:  byGetOnly,
}

// LogoutWithoutEffect does not find the session that it is to end.
var LogoutWithoutEffect = Fault{
	Name: "logout_without_effect", Clause: "OpenID Connect RP-Initiated Logout §2", At: []string{EndSession},
	Says: "says that the user is logged out, and keeps the session",
	Hear: func(h *Heard) { h.Request.Header.Del("Cookie") },
	Say:  func(s *Said) { s.Header.Del("Set-Cookie") },
}

// LogoutStays does not go back to the client.
var LogoutStays = Fault{
	Name: "logout_stays", Clause: "OpenID Connect RP-Initiated Logout §3", At: []string{EndSession},
	Says: "logs out and stays at its own page, whatever post_logout_redirect_uri says",
	Say: func(s *Said) {
		if to, _ := s.Redirection(); to != "" {
			s.Page(http.StatusOK, "<!doctype html><title>Logged out</title>")
		}
	},
}

// LogoutStateDropped forgets the state.
var LogoutStateDropped = Fault{
	Name: "logout_state_dropped", Clause: "OpenID Connect RP-Initiated Logout §2", At: []string{EndSession},
	Says: "sends the browser back from a logout without the state",
	Hear: dropParameters("state"),
}

// LogoutRedirectsAnywhere sends the browser to any URI: an open redirector.
var LogoutRedirectsAnywhere = Fault{
	Name: "logout_redirects_anywhere", Clause: "OpenID Connect RP-Initiated Logout §3", At: []string{EndSession},
	Says: "sends the browser to whatever post_logout_redirect_uri says",
	Hear: noteParameters,
	Say: func(s *Said) {
		notes := s.Heard.Notes
		if uri := notes["post_logout_redirect_uri"]; uri != "" && s.Status == http.StatusBadRequest {
			s.Redirect(uri, url.Values{"state": {notes["state"]}})
		}
	},
}

// LogoutQueryOverlooked compares all but the query.
var LogoutQueryOverlooked = Fault{
	Name: "logout_query_overlooked", Clause: "OpenID Connect RP-Initiated Logout §3", At: []string{EndSession},
	Says: "sends the browser to a registered URI with a query that is not registered",
	Hear: func(h *Heard) {
		h.EditParameters(func(parameters url.Values) {
			if before, query, found := strings.Cut(parameters.Get("post_logout_redirect_uri"), "?"); found {
				h.Notes["query"] = query
				parameters.Set("post_logout_redirect_uri", before)
			}
		})
	},
	Say: func(s *Said) {
		if to, parameters := s.Redirection(); to != "" && s.Heard.Notes["query"] != "" {
			s.Redirect(to+"?"+s.Heard.Notes["query"], parameters)
		}
	},
}

// LogoutDemandsHint makes an error of a logout that names nobody.
var LogoutDemandsHint = Fault{
	Name: "logout_demands_hint", Clause: "OpenID Connect RP-Initiated Logout §2", At: []string{EndSession},
	Says: "refuses a logout without id_token_hint",
	Hear: noteParameters,
	Say: func(s *Said) {
		if s.Heard.Notes["id_token_hint"] == "" {
			s.Page(http.StatusBadRequest, "<!doctype html><title>id_token_hint is missing</title>")
		}
	},
}

// LogoutClientIgnored does not compare the client with that of the ID token.
var LogoutClientIgnored = Fault{
	Name: "logout_client_ignored", Clause: "OpenID Connect RP-Initiated Logout §2", At: []string{EndSession},
	Says: "ignores client_id beside id_token_hint, also when they disagree",
	Hear: func(h *Heard) {
		if h.Parameters().Get("id_token_hint") != "" {
			dropParameters("client_id")(h)
		}
	},
}

// LogoutUnlisted does not tell where to log out.
var LogoutUnlisted = Fault{
	Name: "logout_unlisted", Clause: "OpenID Connect RP-Initiated Logout §2.1", At: []string{Discovery},
	Says: "leaves end_session_endpoint out of its OpenID Connect document",
	Say:  editServed(func(document map[string]any) { delete(document, "end_session_endpoint") }),
}
