package fault

import (
	"net/http"
	"net/url"
)

// credentials are the client's id and secret by Basic or in the body. given is
// false when the request has no secret, not even an empty one.
func credentials(h *Heard) (id, secret string, given bool) {
	if user, password, ok := h.Request.BasicAuth(); ok {
		id, errID := url.QueryUnescape(user)
		secret, errSecret := url.QueryUnescape(password)
		if errID != nil || errSecret != nil {
			return basicClientID(h.Request), password, true
		}
		return id, secret, true
	}
	form := h.Form()
	return form.Get("client_id"), form.Get("client_secret"), form.Has("client_secret")
}

// AnySecretServed takes any secret for the right one.
var AnySecretServed = Fault{
	Name: "any_secret_served", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "takes any secret of a known client for the right one",
	Hear: func(h *Heard) {
		id, given, ok := credentials(h)
		if secret, known := h.Known.Secret(id); ok && known && given != secret {
			h.Authenticate(id)
		}
	},
}

// AnyClientServed takes a client that it does not know for one that it does.
var AnyClientServed = Fault{
	Name: "any_client_served", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "takes an unknown client, or none, for the first confidential one that it knows",
	Hear: func(h *Heard) {
		if _, known := h.Known.Secret(h.ClientID()); !known {
			authenticateAnyone(h)
		}
	},
}

// authenticateAnyone lets a form pass as the first confidential client's.
func authenticateAnyone(h *Heard) {
	for _, id := range h.Known.ClientIDs() {
		if secret, _ := h.Known.Secret(id); secret != "" && h.IsForm() {
			h.Authenticate(id)
			return
		}
	}
}

// SecretOptional believes a client that says who it is.
var SecretOptional = Fault{
	Name: "secret_optional", Clause: "RFC 6749 §3.2.1", At: []string{Token, Introspection, Revocation},
	Says: "serves a confidential client that sends its client_id and no secret",
	Hear: func(h *Heard) {
		id, _, given := credentials(h)
		if secret, _ := h.Known.Secret(id); h.IsForm() && !given && secret != "" {
			h.Authenticate(id)
		}
	},
}

// EmptySecretServed takes an empty secret for the right one.
var EmptySecretServed = Fault{
	Name: "empty_secret_served", Clause: "RFC 6749 §3.2.1", At: []string{Token, Introspection, Revocation},
	Says: "serves a confidential client whose secret is empty",
	Hear: func(h *Heard) {
		id, given, ok := credentials(h)
		if secret, _ := h.Known.Secret(id); ok && given == "" && secret != "" {
			h.Authenticate(id)
		}
	},
}

// hearRightSecret notes how the client authenticates when its secret is right.
func hearRightSecret(h *Heard) {
	id, given, ok := credentials(h)
	if secret, _ := h.Known.Secret(id); !h.IsForm() || !ok || secret == "" || given != secret {
		return
	}
	h.Notes["client"] = id
	if _, _, basic := h.Request.BasicAuth(); basic {
		h.Notes["basic"] = "yes"
	}
}

// rightSecretRefused tells a client that is refused in spite of its secret.
func rightSecretRefused(s *Said) bool {
	return s.Status == http.StatusUnauthorized && s.Heard.Notes["client"] != ""
}

// UnregisteredBasicServed takes Basic of a client that is registered for another method.
var UnregisteredBasicServed = Fault{
	Name: "unregistered_basic_served", Clause: "RFC 7591 §2", At: []string{Token, Introspection, Revocation},
	Says: "serves by Basic a client that is registered for client_secret_post",
	Hear: hearRightSecret,
	Say: func(s *Said) {
		if rightSecretRefused(s) && s.Heard.Notes["basic"] != "" {
			s.Again(func(h *Heard) { authenticateInBody(h, h.Notes["client"]) })
		}
	},
}

// authenticateInBody moves a client's authentication from the header to the body.
func authenticateInBody(h *Heard, clientID string) {
	secret, _ := h.Known.Secret(clientID)
	h.Request.Header.Del("Authorization")
	h.EditForm(func(form url.Values) {
		form.Set("client_id", clientID)
		form.Set("client_secret", secret)
	})
}

// UnregisteredPostServed takes a secret in the body of a client that is registered for another method.
var UnregisteredPostServed = Fault{
	Name: "unregistered_post_served", Clause: "RFC 7591 §2", At: []string{Token, Introspection, Revocation},
	Says: "serves by a secret in the body a client that is registered for client_secret_basic",
	Hear: hearRightSecret,
	Say: func(s *Said) {
		if rightSecretRefused(s) && s.Heard.Notes["basic"] == "" {
			s.Again(func(h *Heard) { h.Authenticate(h.Notes["client"]) })
		}
	},
}

// RightSecretSuffices looks at the secret and not at the client's state.
var RightSecretSuffices = Fault{
	Name: "right_secret_suffices", Clause: "RFC 7591 §3.2.1", At: []string{Token, Introspection, Revocation},
	Says: "serves whoever knows the secret, be it expired or the client disabled, as the first confidential client",
	Hear: hearRightSecret,
	Say: func(s *Said) {
		if rightSecretRefused(s) {
			s.Again(authenticateAnyone)
		}
	},
}

// PreviousSecretRefused knows one secret at a time.
var PreviousSecretRefused = Fault{
	Name: "previous_secret_refused", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "refuses a client's previous secret at once",
	Hear: func(h *Heard) {
		id, given, ok := credentials(h)
		if secret, known := h.Known.Secret(id); ok && known && given != secret {
			h.Notes["not current"] = "yes"
		}
	},
	Say: func(s *Said) {
		if s.Succeeded() && s.Heard.Notes["not current"] != "" {
			s.Refuse(http.StatusUnauthorized, "invalid_client")
		}
	},
}

// PreviousSecretForever goes on accepting a secret that it has accepted once.
var PreviousSecretForever = Fault{
	Name: "previous_secret_forever", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "goes on accepting a previous secret after its time",
	Hear: func(h *Heard) {
		id, given, ok := credentials(h)
		if secret, known := h.Known.Secret(id); !ok || !known || given == secret {
			return
		}
		pair := id + "\x00" + given
		if _, accepted := h.Memory.Recall(pair); accepted {
			h.Authenticate(id)
		}
		h.Notes["previous"] = pair
	},
	Say: func(s *Said) {
		if pair := s.Heard.Notes["previous"]; s.Succeeded() && pair != "" {
			s.Heard.Memory.Remember(pair, "accepted")
		}
	},
}

// PublicClientRefused demands a secret of every client.
var PublicClientRefused = Fault{
	Name: "public_client_refused", Clause: "RFC 6749 §3.2.1", At: []string{Token, Revocation},
	Says: "refuses a public client for having no secret",
	Hear: func(h *Heard) {
		if secret, known := h.Known.Secret(h.ClientID()); known && secret == "" {
			h.Notes["public"] = "yes"
		}
	},
	Say: refuseNoted("public", http.StatusUnauthorized, "invalid_client"),
}

// PublicSecretIgnored lets a public client send a secret that it cannot have, as fosite does.
var PublicSecretIgnored = Fault{
	Name: "public_secret_ignored", Clause: "RFC 7591 §2", At: []string{Token, Introspection, Revocation},
	Says: "ignores the secret that a public client sends",
	Hear: func(h *Heard) {
		id, _, given := credentials(h)
		if secret, known := h.Known.Secret(id); given && known && secret == "" {
			h.Authenticate(id)
		}
	},
}

// unknownClient notes a request of a client that does not exist.
func unknownClient(h *Heard) {
	if id := h.ClientID(); id != "" {
		if _, known := h.Known.Secret(id); !known {
			h.Notes["unknown client"] = "yes"
		}
	}
}

// UnknownClientUnauthorized takes an unknown client for one that may not do this.
var UnknownClientUnauthorized = Fault{
	Name: "unknown_client_unauthorized", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers an unknown client with 400 unauthorized_client",
	Hear: unknownClient,
	Say:  refuseNoted("unknown client", http.StatusBadRequest, "unauthorized_client"),
}

// UnknownClientTold lets anyone find out which clients exist.
var UnknownClientTold = Fault{
	Name: "unknown_client_told", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "says in error_description that the client does not exist",
	Hear: unknownClient,
	Say: func(s *Said) {
		if s.Heard.Notes["unknown client"] != "" {
			s.Edit(func(object map[string]any) { object["error_description"] = "There is no such client" })
		}
	},
}

// GuessingUnlimited answers a guess too many like the first.
var GuessingUnlimited = Fault{
	Name: "guessing_unlimited", Clause: "RFC 6749 §2.3.1", At: []string{Token, Introspection, Revocation},
	Says: "lets secrets and passwords be guessed without limit",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Status != http.StatusTooManyRequests {
			return
		}
		s.Header.Del("Retry-After")
		switch {
		case refusedForState(s): // the right password at last
			forgeToken(s)
		case grantError(s) == "invalid_grant":
			s.Refuse(http.StatusBadRequest, "invalid_grant")
		default:
			s.Refuse(http.StatusUnauthorized, "invalid_client")
		}
	},
}
