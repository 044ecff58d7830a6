package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// openID is what providers do wrong with the parameters of OpenID Connect at the
// authorization endpoint.
func openID() []Fault {
	return slices.Concat(
		advised("compares auth_time with what it asked for", &PromptIgnored, &MaxAgeIgnored, &MaxAgeZeroIgnored),
		advised("sends the user to log in, with a page", &PromptNoneMiscoded, &PromptNoneRefused, &MaxAgeAlwaysOver),
		advised("compares sub with that of the hint", &IDTokenHintIgnored),
		advised("sends its redirect_uri and a nonce with every request", &RedirectURIGuessed, &NonceRequired),
		advised("looks whether it got what it asked for", &ClaimsParameterIgnored, &RequestObjectIgnored),
		advised(reportsRefusal, &PreferencesRefused, &OfflineAccessRefused),
		advised(notAskedThere, &ErrorsInFragment),
	)
}

// dropParameters keeps parameters from the provider.
func dropParameters(names ...string) func(*Heard) {
	return func(h *Heard) {
		h.EditParameters(func(parameters url.Values) {
			for _, name := range names {
				parameters.Del(name)
			}
		})
	}
}

// noteParameters notes what an authorization request says, for the fault's own Say.
func noteParameters(h *Heard) {
	for name, values := range h.Parameters() {
		h.Notes[name] = values[0]
	}
}

// noted tells whether a list of words that the request had has one of them.
func noted(s *Said, name, word string) bool {
	return slices.Contains(strings.Fields(s.Heard.Notes[name]), word)
}

// sendBack makes the answer to an authorization request an error at its redirect URI.
func sendBack(s *Said, code string) {
	notes, parameters := s.Heard.Notes, url.Values{"error": {code}}
	if notes["redirect_uri"] == "" {
		return // nobody knows where to
	}
	if notes["state"] != "" {
		parameters.Set("state", notes["state"])
	}
	s.Redirect(notes["redirect_uri"], parameters)
}

// PromptIgnored does as if there were no prompt; a provider without sessions does.
var PromptIgnored = Fault{
	Name: "prompt_ignored", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "ignores prompt, and shows a page or none whatever it says",
	Hear: dropParameters("prompt"),
}

// PromptNoneMiscoded calls it a denial that nobody is logged in.
var PromptNoneMiscoded = Fault{
	Name: "prompt_none_miscoded", Clause: "OpenID Connect Core §3.1.2.6", At: []string{Authorization},
	Says: "answers prompt=none with access_denied where nobody is logged in",
	Say:  recode("login_required", "access_denied"),
}

// PromptNoneRefused knows no way to log in without a page.
var PromptNoneRefused = Fault{
	Name: "prompt_none_refused", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "answers prompt=none with login_required, though the user is logged in",
	Hear: noteParameters,
	Say: func(s *Said) {
		if noted(s, "prompt", "none") {
			sendBack(s, "login_required")
		}
	},
}

// MaxAgeIgnored takes every login for new enough.
var MaxAgeIgnored = Fault{
	Name: "max_age_ignored", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "ignores max_age, whatever it says",
	Hear: dropParameters("max_age"),
}

// MaxAgeZeroIgnored takes 0 for absent; plain fosite does.
var MaxAgeZeroIgnored = Fault{
	Name: "max_age_zero_ignored", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "takes max_age=0 for a request without max_age",
	Hear: func(h *Heard) {
		if h.Parameters().Get("max_age") == "0" {
			dropParameters("max_age")(h)
		}
	},
}

// MaxAgeAlwaysOver asks for a login whenever max_age is there.
var MaxAgeAlwaysOver = Fault{
	Name: "max_age_always_over", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "asks the user to log in again whenever max_age is sent, however long it is",
	Hear: func(h *Heard) {
		if h.Parameters().Has("max_age") {
			h.EditParameters(func(parameters url.Values) { parameters.Set("max_age", "0") })
		}
	},
}

// PreferencesRefused makes errors of what it has no use for.
var PreferencesRefused = Fault{
	Name: "preferences_refused", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "refuses display, ui_locales, claims_locales, login_hint, acr_values and claims with invalid_request",
	Hear: noteParameters,
	Say: func(s *Said) {
		for _, name := range []string{"display", "ui_locales", "claims_locales", "login_hint", "acr_values", "claims"} {
			if s.Heard.Notes[name] != "" {
				sendBack(s, "invalid_request")
				return
			}
		}
	},
}

// IDTokenHintIgnored does not ask whom the client means.
var IDTokenHintIgnored = Fault{
	Name: "id_token_hint_ignored", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "ignores id_token_hint, and grants a code for whoever is logged in",
	Hear: dropParameters("id_token_hint"),
}

// RedirectURIGuessed sends the browser where the client's last request wanted it.
var RedirectURIGuessed = Fault{
	Name: "redirect_uri_guessed", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "answers openid without redirect_uri at the client's registered one",
	Hear: func(h *Heard) {
		parameters := h.Parameters()
		key := "redirect_uri of " + parameters.Get("client_id")
		if uri := parameters.Get("redirect_uri"); uri != "" {
			h.Memory.Remember(key, uri)
			return
		}
		if uri, known := h.Memory.Recall(key); known {
			h.EditParameters(func(parameters url.Values) { parameters.Set("redirect_uri", uri) })
		}
	},
}

// NonceRequired wants a nonce where it is optional; many providers do.
var NonceRequired = Fault{
	Name: "nonce_required", Clause: "OpenID Connect Core §3.1.2.1", At: []string{Authorization},
	Says: "refuses a request of the code flow without nonce with invalid_request",
	Hear: noteParameters,
	Say: func(s *Said) {
		if s.Heard.Notes["nonce"] == "" && noted(s, "scope", "openid") {
			sendBack(s, "invalid_request")
		}
	},
}

// ClaimsParameterIgnored promises the claims parameter, and does not read it.
var ClaimsParameterIgnored = Fault{
	Name: "claims_parameter_ignored", Clause: "OpenID Connect Core §5.5", At: []string{Authorization},
	Says: "ignores the claims parameter, though its metadata says that it is supported",
	Hear: dropParameters("claims"),
}

// RequestObjectIgnored lets a client believe that its request object was read.
var RequestObjectIgnored = Fault{
	Name: "request_object_ignored", Clause: "OpenID Connect Core §3.1.2.6", At: []string{Authorization},
	Says: "ignores request, request_uri and registration, which it does not support",
	Hear: dropParameters("request", "request_uri", "registration"),
}

// OfflineAccessRefused makes an error of offline_access without consent.
var OfflineAccessRefused = Fault{
	Name: "offline_access_refused", Clause: "OpenID Connect Core §11", At: []string{Authorization},
	Says: "refuses offline_access without prompt=consent with invalid_scope",
	Hear: noteParameters,
	Say: func(s *Said) {
		if noted(s, "scope", "offline_access") && !noted(s, "prompt", "consent") {
			sendBack(s, "invalid_scope")
		}
	},
}

// ErrorsInFragment brings the errors of the code flow in the fragment, where a
// client's server cannot see them.
var ErrorsInFragment = Fault{
	Name: "errors_in_fragment", Clause: "OpenID Connect Core §3.1.2.6", At: []string{Authorization},
	Says: "brings the errors of the code flow in the fragment",
	Say: func(s *Said) {
		to, parameters := s.Redirection()
		if parameters.Has("error") {
			s.Status = http.StatusSeeOther
			s.Header.Set("Location", to+"#"+parameters.Encode())
		}
	},
}
