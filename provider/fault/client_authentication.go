package fault

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func clientAuthentication() []Fault {
	return slices.Concat(
		advised("reports invalid_client, and tries no other method by itself", &BasicIgnored, &PostSecretIgnored),
		advised("spells the scheme Basic", &SchemeCaseSensitive),
		advised("form-encodes id and secret all the same, and reports invalid_client", &BasicNotDecoded),
		advised(lenient,
			&RawBasicServed, &SecondSecretIgnored, &ForeignClientIDIgnored, &QueryCredentialsServed, &AnySecretServed,
			&AnyClientServed, &SecretOptional, &EmptySecretServed, &UnregisteredBasicServed, &UnregisteredPostServed,
			&RightSecretSuffices, &PreviousSecretForever, &PublicSecretIgnored, &GuessingUnlimited,
		),
		advised("reports invalid_client, and takes up its new secret", &PreviousSecretRefused),
		advised("reports invalid_client, and invents no secret", &PublicClientRefused),
		advised(reportsRefusal,
			&ChallengeMissing, &InvalidClientWith400, &UnknownClientUnauthorized, &UnknownClientTold, &NoCredentialsInvalidRequest,
			&TwoMechanismsInvalidClient, &BrokenBasicCrashes,
		),
	)
}

// BasicIgnored does not read the Authorization header.
var BasicIgnored = Fault{
	Name: "basic_ignored", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "ignores HTTP Basic",
	Hear: func(h *Heard) {
		if _, _, ok := h.Request.BasicAuth(); ok {
			h.Request.Header.Del("Authorization")
		}
	},
}

// SchemeCaseSensitive knows Basic in this spelling only.
var SchemeCaseSensitive = Fault{
	Name: "scheme_case_sensitive", Clause: "RFC 9110 §11.1", At: []string{Token, Introspection, Revocation},
	Says: "ignores an Authorization header whose scheme is not spelt Basic",
	Hear: func(h *Heard) {
		header := h.Request.Header.Get("Authorization")
		if _, _, ok := h.Request.BasicAuth(); ok && !strings.HasPrefix(header, "Basic ") {
			h.Request.Header.Del("Authorization")
		}
	},
}

// BasicNotDecoded takes id and secret in Basic as they are, as RFC 7617 alone would have it.
var BasicNotDecoded = Fault{
	Name: "basic_not_decoded", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "does not form-decode id and secret in Basic",
	Hear: func(h *Heard) {
		if user, password, ok := h.Request.BasicAuth(); ok {
			h.Request.SetBasicAuth(url.QueryEscape(user), url.QueryEscape(password))
		}
	},
}

// RawBasicServed forgives a client that did not encode id and secret.
var RawBasicServed = Fault{
	Name: "raw_basic_served", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "takes id and secret in Basic also without form-encoding",
	Hear: func(h *Heard) {
		user, password, ok := h.Request.BasicAuth()
		if !ok {
			return
		}
		if secret, known := h.Known.Secret(user); known && secret != "" && secret == password {
			h.Request.SetBasicAuth(url.QueryEscape(user), url.QueryEscape(password))
		}
	},
}

// PostSecretIgnored advertises client_secret_post and understands Basic only, as fosite's introspection does.
var PostSecretIgnored = Fault{
	Name: "post_secret_ignored", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "overlooks a client secret in the body",
	Hear: func(h *Heard) { dropParameter(h, "client_secret") },
}

// SecondSecretIgnored lets Basic win over the body, as fosite does.
var SecondSecretIgnored = Fault{
	Name: "second_secret_ignored", Clause: "RFC 6749 §2.3", At: []string{Token, Introspection, Revocation},
	Says: "ignores client_secret in the body next to Basic",
	Hear: func(h *Heard) {
		if _, _, ok := h.Request.BasicAuth(); ok {
			dropParameter(h, "client_secret")
		}
	},
}

// ForeignClientIDIgnored lets Basic win over the client_id of another client, as fosite does.
var ForeignClientIDIgnored = Fault{
	Name: "foreign_client_id_ignored", Clause: "RFC 6749 §2.3", At: []string{Token, Introspection, Revocation},
	Says: "ignores another client's client_id in the body next to Basic",
	Hear: func(h *Heard) {
		id := basicClientID(h.Request)
		if id != "" && grantForm(h).Get("client_id") != id {
			dropParameter(h, "client_id")
		}
	},
}

// QueryCredentialsServed takes id and secret from the URI, where every log keeps them.
var QueryCredentialsServed = Fault{
	Name: "query_credentials_served", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "takes client_id and client_secret from the query of the URI",
	Hear: func(h *Heard) {
		query := h.Request.URL.Query()
		if !h.IsForm() || !query.Has("client_secret") {
			return
		}
		h.EditForm(func(form url.Values) {
			for _, name := range []string{"client_id", "client_secret"} {
				if query.Has(name) {
					form[name] = query[name]
					query.Del(name)
				}
			}
		})
		h.Request.URL.RawQuery = query.Encode()
	},
}

// ChallengeMissing refuses a client without saying how it could authenticate, as fosite does.
var ChallengeMissing = Fault{
	Name: "challenge_missing", Clause: "RFC 9110 §15.5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers 401 without WWW-Authenticate",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Header.Del("WWW-Authenticate")
		}
	},
}

// InvalidClientWith400 refuses a client like any other mistake.
var InvalidClientWith400 = Fault{
	Name: "invalid_client_with_400", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers invalid_client with 400 also to a client that used the Authorization header",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Refuse(http.StatusBadRequest, "invalid_client")
		}
	},
}

// NoCredentialsInvalidRequest makes no difference between credentials that are
// missing or unreadable and any other mistake in a request, as fosite does not.
var NoCredentialsInvalidRequest = Fault{
	Name: "no_credentials_invalid_request", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers a request without readable client credentials with 400 invalid_request",
	Hear: func(h *Heard) {
		if _, _, ok := h.Request.BasicAuth(); !ok && h.Form().Get("client_id") == "" {
			h.Notes["no credentials"] = "yes"
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["no credentials"] != "" && s.Status == http.StatusUnauthorized {
			s.Refuse(http.StatusBadRequest, "invalid_request")
		}
	},
}

// TwoMechanismsInvalidClient takes two mechanisms for one that is wrong, as fosite does of OpenID Connect clients.
var TwoMechanismsInvalidClient = Fault{
	Name: "two_mechanisms_invalid_client", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers a request with Basic and client_secret with 401 invalid_client",
	Hear: func(h *Heard) {
		if _, _, ok := h.Request.BasicAuth(); ok && h.Form().Get("client_secret") != "" {
			h.Notes["two mechanisms"] = "yes"
		}
	},
	Say: refuseNoted("two mechanisms", http.StatusUnauthorized, "invalid_client"),
}

// BrokenBasicCrashes fails on what it cannot decode.
var BrokenBasicCrashes = Fault{
	Name: "broken_basic_crashes", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers 500 to Basic that cannot be decoded",
	Hear: func(h *Heard) {
		if brokenBasic(h.Request.Header.Get("Authorization")) {
			h.Notes["broken"] = "yes"
		}
	},
	Say: refuseNoted("broken", http.StatusInternalServerError, "server_error"),
}

// brokenBasic tells Basic that is no Base64, has no colon, or is not form-encoded within.
func brokenBasic(header string) bool {
	scheme, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(value)
	user, password, found := strings.Cut(string(raw), ":")
	_, errUser := url.QueryUnescape(user)
	_, errPassword := url.QueryUnescape(password)
	return err != nil || !found || errUser != nil || errPassword != nil
}
