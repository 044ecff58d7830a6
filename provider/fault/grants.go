package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func grants() []Fault {
	return slices.Concat(
		advised(noOtherGrant, &ClientCredentialsDropped, &PasswordGrantDropped),
		advised(reportsRefusal, &UnauthorizedClientMiscoded, &InvalidGrantWith401, &MissingParameterMiscoded, &ForeignParametersRefused),
		advised(lenient, &UnregisteredGrantServed, &PublicClientCredentialsServed, &ClientJudgedLast, &ParameterNamesFolded),
		grantsScope(),
		grantsToken(),
		grantsSubject(),
		grantsPassword(),
	)
}

// ClientCredentialsDropped does not know the client_credentials grant.
var ClientCredentialsDropped = Fault{
	Name: "client_credentials_dropped", Clause: "RFC 6749 §4.4", At: []string{Token},
	Says: "refuses client_credentials as unsupported, though its metadata lists it",
	Hear: func(h *Heard) { dropGrant(h, "client_credentials") },
}

// PasswordGrantDropped does not know the password grant.
var PasswordGrantDropped = Fault{
	Name: "password_grant_dropped", Clause: "RFC 6749 §4.3", At: []string{Token},
	Says: "refuses password as unsupported, though its metadata lists it",
	Hear: func(h *Heard) { dropGrant(h, "password") },
}

// UnregisteredGrantServed gives clients tokens by grants that they are not registered for.
var UnregisteredGrantServed = Fault{
	Name: "unregistered_grant_served", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "serves a client by a grant that it is not registered for",
	Hear: noteRequest,
	Say: func(s *Said) {
		if grantError(s) == "unauthorized_client" {
			forgeToken(s)
		}
	},
}

// UnauthorizedClientMiscoded never says unauthorized_client.
var UnauthorizedClientMiscoded = Fault{
	Name: "unauthorized_client_miscoded", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "refuses a grant that the client is not registered for with invalid_grant",
	Say: func(s *Said) {
		if grantError(s) == "unauthorized_client" {
			s.Refuse(http.StatusBadRequest, "invalid_grant")
		}
	},
}

// PublicClientCredentialsServed gives a token to whoever knows the id of a client without a secret.
var PublicClientCredentialsServed = Fault{
	Name: "public_client_credentials_served", Clause: "RFC 6749 §4.4", At: []string{Token},
	Says: "serves client_credentials to a public client",
	Hear: noteRequest,
	Say: func(s *Said) {
		notes := s.Heard.Notes
		secret, known := s.Heard.Known.Secret(notes["client"])
		if known && secret == "" && notes["grant_type"] == "client_credentials" && grantError(s) != "" {
			forgeToken(s)
		}
	},
}

// ClientJudgedLast looks at scope, user and token before it looks at who asks.
var ClientJudgedLast = Fault{
	Name: "client_judged_last", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "judges the client's secret after everything else in the request",
	Hear: func(h *Heard) {
		id, given, ok := credentials(h)
		if secret, _ := h.Known.Secret(id); h.IsForm() && ok && secret != "" && given != secret {
			h.Authenticate(id)
			h.Notes["impostor"] = id
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["impostor"] != "" && s.Succeeded() {
			s.Refuse(http.StatusUnauthorized, "invalid_client")
		}
	},
}

// InvalidGrantWith401 answers a password or refresh token that is no good as HTTP would a client's secret.
var InvalidGrantWith401 = Fault{
	Name: "invalid_grant_with_401", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers a password or refresh token that is no good with 401 and a challenge",
	Say: func(s *Said) {
		if grantError(s) == "invalid_grant" {
			s.Refuse(http.StatusUnauthorized, "invalid_grant")
		}
	},
}

// MissingParameterMiscoded takes a missing username, password or refresh token for a wrong one.
var MissingParameterMiscoded = Fault{
	Name: "missing_parameter_miscoded", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers a missing username, password or refresh_token with invalid_grant",
	Hear: noteRequest,
	Say: func(s *Said) {
		notes := s.Heard.Notes
		missing := notes["grant_type"] == "password" && (notes["username"] == "" || notes["password"] == "") ||
			notes["grant_type"] == "refresh_token" && notes["refresh_token"] == ""
		if missing && grantError(s) == "invalid_request" {
			s.Refuse(http.StatusBadRequest, "invalid_grant")
		}
	},
}

// ForeignParametersRefused does not ignore what it has no use for.
var ForeignParametersRefused = Fault{
	Name: "foreign_parameters_refused", Clause: "RFC 6749 §3.2", At: []string{Token},
	Says: "refuses client_credentials with a parameter that belongs to another grant",
	Hear: func(h *Heard) {
		form := grantForm(h)
		if form.Get("grant_type") != "client_credentials" {
			return
		}
		for _, name := range []string{"username", "password", "code", "redirect_uri"} {
			if form.Has(name) {
				h.Notes["foreign"] = name
			}
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["foreign"] != "" && s.Succeeded() {
			s.Refuse(http.StatusBadRequest, "invalid_request")
		}
	},
}

// ParameterNamesFolded reads parameter names in any case, as ASP.NET does.
var ParameterNamesFolded = Fault{
	Name: "parameter_names_folded", Clause: "RFC 6749 §1.9", At: []string{Token},
	Says: "takes USERNAME for username",
	Hear: func(h *Heard) {
		form := grantForm(h)
		folded := make(url.Values, len(form))
		changed := false
		for name, values := range form {
			lower := strings.ToLower(name)
			changed = changed || lower != name
			folded[lower] = append(folded[lower], values...)
		}
		if changed {
			h.SetForm(folded)
		}
	},
}
