package fault

import (
	"net/http"
	"net/url"
	"slices"
)

func authorization() []Fault {
	return slices.Concat(
		advised("gives up after a while: no response comes", &AuthorizationErrorsAsPages),
		advised(notAskedThere, &ResponseInFragment),
		advised(reportsRefusal, &UnsupportedResponseTypeMiscoded, &ForbiddenResponseTypeMiscoded, &UnknownAuthorizationParameterRefused),
		advised(inTheBrowser, &UnknownClientWith401),
		advised("sends the browser by GET", &PostedAuthorizationRefused),
		advised(lenient, &AnyMethodAuthorizes),
		authorizationState(),
		authorizationRedirect(),
		authorizationPages(),
		authorizationIssuer(),
	)
}

// recode changes an error code on its way to the client.
func recode(from, to string) func(*Said) {
	return func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Get("error") == from {
				parameters.Set("error", to)
			}
		})
	}
}

// refuseBack sends the browser back with an error where the fault's own Hear
// noted something under a name.
func refuseBack(note, code string) func(*Said) {
	return func(s *Said) {
		if s.Heard.Notes[note] == "" {
			return
		}
		back := url.Values{"error": {code}}
		if state := s.Heard.Notes["state"]; state != "" {
			back.Set("state", state)
		}
		s.Redirect(s.Heard.Notes["redirect_uri"], back)
	}
}

// noteAuthorization keeps what an authorization request says.
func noteAuthorization(h *Heard) {
	parameters := h.Parameters()
	for _, name := range []string{"client_id", "redirect_uri", "state", "response_mode"} {
		h.Notes[name] = parameters.Get(name)
	}
}

// AuthorizationErrorsAsPages never tells the client what is wrong.
var AuthorizationErrorsAsPages = Fault{
	Name: "authorization_errors_as_pages", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "shows the user every error and sends none to the client",
	Say: func(s *Said) {
		if _, parameters := s.Redirection(); parameters.Has("error") {
			s.Page(http.StatusBadRequest, "<p>"+parameters.Get("error"))
		}
	},
}

// ResponseInFragment answers response_type=code in the fragment, where no server sees it.
var ResponseInFragment = Fault{
	Name: "response_in_fragment", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "answers response_type=code in the fragment",
	Say: func(s *Said) {
		if to, parameters := s.Redirection(); parameters != nil {
			s.Header.Set("Location", to+"#"+parameters.Encode())
		}
	},
}

// UnsupportedResponseTypeMiscoded never says unsupported_response_type.
var UnsupportedResponseTypeMiscoded = Fault{
	Name: "unsupported_response_type_miscoded", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "refuses a response_type that it does not know with invalid_request",
	Say:  recode("unsupported_response_type", "invalid_request"),
}

// ForbiddenResponseTypeMiscoded says that it cannot what it only may not; plain fosite does.
var ForbiddenResponseTypeMiscoded = Fault{
	Name: "forbidden_response_type_miscoded", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "refuses a response_type that the client is not registered for with unsupported_response_type",
	Say:  recode("unauthorized_client", "unsupported_response_type"),
}

// UnknownClientWith401 answers a browser as it would a client; plain fosite does.
var UnknownClientWith401 = Fault{
	Name: "unknown_client_with_401", Clause: "RFC 9110 §15.5.2", At: []string{Authorization},
	Says: "answers an authorization request of an unknown client with 401 and no challenge",
	Hear: func(h *Heard) {
		if id := h.Parameters().Get("client_id"); id != "" && !slices.Contains(h.Known.ClientIDs(), id) {
			h.Notes["unknown"] = id
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["unknown"] != "" {
			s.Status = http.StatusUnauthorized
		}
	},
}

// UnknownAuthorizationParameterRefused does not ignore what it does not know.
var UnknownAuthorizationParameterRefused = Fault{
	Name: "unknown_authorization_parameter_refused", Clause: "RFC 6749 §3.1", At: []string{Authorization},
	Says: "refuses an authorization request with a parameter that it does not know",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if h.Request.Method != http.MethodGet { // pages send their own
			return
		}
		known := []string{
			"response_type", "client_id", "redirect_uri", "scope", "state", "response_mode", "code_challenge", "code_challenge_method",
			"nonce", "display", "prompt", "max_age", "ui_locales", "claims_locales", "id_token_hint", "login_hint", "acr_values", "claims",
			"request", "request_uri", "registration", "resource", "audience",
		}
		for name := range h.Parameters() {
			if !slices.Contains(known, name) {
				h.Notes["unknown"] = name
			}
		}
	},
	Say: refuseBack("unknown", "invalid_request"),
}

// PostedAuthorizationRefused takes authorization requests by GET only.
var PostedAuthorizationRefused = Fault{
	Name: "posted_authorization_refused", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "refuses an authorization request that is posted",
	Hear: func(h *Heard) {
		if h.IsForm() && !h.Form().Has("action") { // which the buttons of its own pages send
			h.Notes["posted"] = "yes"
		}
	},
	Say: refuseNoted("posted", http.StatusMethodNotAllowed, "invalid_request"),
}

// AnyMethodAuthorizes serves PUT like GET; plain fosite does.
var AnyMethodAuthorizes = Fault{
	Name: "any_method_authorizes", Clause: "RFC 9110 §15.5.6", At: []string{Authorization},
	Says: "serves an authorization request by whatever method",
	Hear: func(h *Heard) {
		if h.Request.Method != http.MethodPost {
			h.Request.Method = http.MethodGet
		}
	},
}
