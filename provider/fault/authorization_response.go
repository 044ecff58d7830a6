package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func authorizationResponse() []Fault {
	return slices.Concat(
		advised(stateIsItsOwn, &StateMissing, &StateOther, &StateFolded, &StateTwice),
		advised("refuses the response, and redeems nothing", &CodeMissing, &CodeEmpty, &CodeTwice, &ErrorBesideCode),
		advised(sendsCodeNowhere, &IssForeign, &IssTwice),
		advised("sends the code as it came, byte for byte", &CodeLong),
		advised("ignores parameters that it does not know", &ResponseWithExtras),
		advised("checks state wherever the response comes, or refuses it", &ResponsePosted),
		advised("reports the error, and lets the user try again later", &AuthorizationUnavailable, &AuthorizationFails, &AuthorizationDenied),
		advised("gives up after a while: no response comes", &AuthorizationBroken),
	)
}

// editResponse changes a response that brings a code.
func editResponse(edit func(parameters url.Values)) func(*Said) {
	return func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Has("code") {
				edit(parameters)
			}
		})
	}
}

// StateMissing does not return state.
var StateMissing = Fault{
	Name: "state_missing", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "returns no state with a code",
	Say:  editResponse(func(parameters url.Values) { parameters.Del("state") }),
}

// StateOther returns the state of another.
var StateOther = Fault{
	Name: "state_other", Clause: "RFC 6749 §10.12", At: []string{Authorization},
	Says: "returns another state than it was sent",
	Say:  editResponse(func(parameters url.Values) { parameters.Set("state", "state-of-another-login") }),
}

// StateFolded returns the state in another case.
var StateFolded = Fault{
	Name: "state_folded", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "returns state in the other case, upper for lower and lower for upper",
	Say: editResponse(func(parameters url.Values) {
		parameters.Set("state", strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z':
				return r - 'a' + 'A'
			case r >= 'A' && r <= 'Z':
				return r - 'A' + 'a'
			}
			return r
		}, parameters.Get("state")))
	}),
}

// StateTwice returns the right state and another.
var StateTwice = Fault{
	Name: "state_twice", Clause: "RFC 6749 §3.1", At: []string{Authorization},
	Says: "returns state twice, of which the first is right",
	Say:  editResponse(func(parameters url.Values) { parameters.Add("state", "state-of-another-login") }),
}

// CodeMissing grants nothing.
var CodeMissing = Fault{
	Name: "code_missing", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "sends the browser back without a code and without an error",
	Say:  editResponse(func(parameters url.Values) { parameters.Del("code") }),
}

// CodeEmpty grants a code of no characters.
var CodeEmpty = Fault{
	Name: "code_empty", Clause: "RFC 6749 App. A.11", At: []string{Authorization},
	Says: "sends the browser back with an empty code",
	Say:  editResponse(func(parameters url.Values) { parameters.Set("code", "") }),
}

// CodeTwice grants two codes.
var CodeTwice = Fault{
	Name: "code_twice", Clause: "RFC 6749 §3.1", At: []string{Authorization},
	Says: "sends code twice, of which the first is right",
	Say:  editResponse(func(parameters url.Values) { parameters.Add("code", "code-of-another-login") }),
}

// ErrorBesideCode grants and refuses in one.
var ErrorBesideCode = Fault{
	Name: "error_beside_code", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "sends the error access_denied beside a code",
	Say:  editResponse(func(parameters url.Values) { parameters.Set("error", "access_denied") }),
}

// editIss changes the iss of every authorization response.
func editIss(edit func(parameters url.Values)) func(*Said) {
	return func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Has("code") || parameters.Has("error") {
				edit(parameters)
			}
		})
	}
}

// IssForeign says that the response is another provider's, as in a mix-up.
var IssForeign = Fault{
	Name: "iss_foreign", Clause: "RFC 9207 §2.4", At: []string{Authorization},
	Says: "sends the iss of another provider, with a code and with an error",
	Say:  editIss(func(parameters url.Values) { parameters.Set("iss", "https://issuer.example") }),
}

// IssTwice says two issuers.
var IssTwice = Fault{
	Name: "iss_twice", Clause: "RFC 9207 §2.4", At: []string{Authorization},
	Says: "sends iss twice, of which the first is right",
	Say:  editIss(func(parameters url.Values) { parameters.Add("iss", "https://issuer.example") }),
}

// codeTail makes a code 2 kB long, with what an encoding can spoil.
func codeTail() string { return "+/=%&~ " + strings.Repeat("0123456789abcdef", 128) }

// CodeLong grants codes of 2 kB, which are good.
var CodeLong = Fault{
	Name: "code_long", Clause: "RFC 6749 §4.1.2", At: []string{Authorization, Token},
	Says: "grants codes of 2 kB, with every character that must be encoded",
	Hear: func(h *Heard) {
		form := grantForm(h)
		if code, ok := strings.CutSuffix(form.Get("code"), codeTail()); ok && h.Endpoint == Token {
			form.Set("code", code)
			h.SetForm(form)
		}
	},
	Say: editResponse(func(parameters url.Values) { parameters.Set("code", parameters.Get("code")+codeTail()) }),
}

// ResponseWithExtras adds parameters that a client is to ignore.
var ResponseWithExtras = Fault{
	Name: "response_with_extras", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "adds session_state, scope, token_type and more to its response",
	Say: editResponse(func(parameters url.Values) {
		for _, name := range []string{"session_state", "scope", "token_type", "client_id", "x[y]"} {
			parameters.Set(name, "extra")
		}
	}),
}

// ResponsePosted answers by form_post what was asked for in the query.
var ResponsePosted = Fault{
	Name: "response_posted", Clause: "OAuth 2.0 Multiple Response Types §2.1", At: []string{Authorization},
	Says: "answers by form_post whatever response_mode says",
	Hear: func(h *Heard) {
		if parameters := h.Parameters(); parameters.Has("response_type") {
			h.EditParameters(func(parameters url.Values) { parameters.Set("response_mode", "form_post") })
		}
	},
}

// sendsError sends the browser back with an error in place of a code.
func sendsError(code string) func(*Said) {
	return editResponse(func(parameters url.Values) {
		parameters.Del("code")
		parameters.Set("error", code)
	})
}

// AuthorizationUnavailable is down, and can say so.
var AuthorizationUnavailable = Fault{
	Name: "authorization_unavailable", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "sends every browser back with temporarily_unavailable",
	Say:  sendsError("temporarily_unavailable"),
}

// AuthorizationFails breaks, and can say so.
var AuthorizationFails = Fault{
	Name: "authorization_fails", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "sends every browser back with server_error",
	Say:  sendsError("server_error"),
}

// AuthorizationDenied says that the user would not.
var AuthorizationDenied = Fault{
	Name: "authorization_denied", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "sends every browser back with access_denied",
	Say:  sendsError("access_denied"),
}

// AuthorizationBroken shows the user a page of the server's, and sends nobody back.
var AuthorizationBroken = Fault{
	Name: "authorization_broken", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "shows every browser a page with 500",
	Wire: page(http.StatusInternalServerError),
}
