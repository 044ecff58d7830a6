package fault

import (
	"net/http"
	"net/url"
	"slices"
)

func revocation() []Fault {
	return slices.Concat(
		advised("forgets the tokens, whatever the provider does with them",
			&RevocationIgnored, &RevocationSparesAccessTokens, &RevocationUnknownRefused,
		),
		advised(lenient, &MissingTokenServed, &ForeignRevocationSilent, &ForeignRevocationServed),
		advised("leaves token_type_hint out, or says it right", &TypeHintTrusted, &UnknownTypeHintRefused),
	)
}

// noSuchToken stands in for a token that a fault keeps from the provider.
const noSuchToken = "mockoauth-fault-no-such-token"

func hideToken(form url.Values) { form.Set("token", noSuchToken) }

// RevocationIgnored answers 200 and revokes nothing.
var RevocationIgnored = Fault{
	Name: "revocation_ignored", Clause: "RFC 7009 §2.1", At: []string{Revocation},
	Says: "answers a revocation with 200 and revokes nothing",
	Hear: func(h *Heard) {
		if h.Form().Get("token") != "" {
			h.EditForm(hideToken)
		}
	},
}

// RevocationSparesAccessTokens lets the access tokens of a revoked refresh token live.
var RevocationSparesAccessTokens = Fault{
	Name: "revocation_spares_access_tokens", Clause: "RFC 7009 §2.1", At: []string{Token, Revocation, Introspection},
	Says: "ends a refresh token without the access tokens of its grant",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		token, memory := s.Heard.Notes["token"], s.Heard.Memory
		switch {
		case s.Heard.Endpoint == Revocation && s.Succeeded():
			memory.Remember(ended+token, "yes")
		case s.Heard.Endpoint == Introspection && recalled(memory, ended+token) == "" &&
			recalled(memory, ended+recalled(memory, siblingOf+token)) != "":
			sayLastActive(s, token)
		case s.Heard.Endpoint == Introspection:
			rememberActive(s, token)
		}
	},
}

// RevocationUnknownRefused refuses to revoke a token that it does not know, or knows no more.
var RevocationUnknownRefused = Fault{
	Name: "revocation_unknown_refused", Clause: "RFC 7009 §2.2", At: []string{Token, Revocation},
	Says: "refuses to revoke a token that it does not know, or no longer knows",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		token, memory := s.Heard.Notes["token"], s.Heard.Memory
		if s.Heard.Endpoint != Revocation || !s.Succeeded() {
			return
		}
		if recalled(memory, kindOf+token) == "" || recalled(memory, ended+token) != "" {
			s.Refuse(http.StatusBadRequest, "invalid_request")
			return
		}
		memory.Remember(ended+token, "yes")
	},
}

// MissingTokenServed takes a missing token for an unknown one, as fosite does.
var MissingTokenServed = Fault{
	Name: "missing_token_served", Clause: "RFC 7009 §2.1", At: []string{Revocation, Introspection},
	Says: "takes a missing token for an unknown one",
	Hear: func(h *Heard) {
		if h.Request.Method == http.MethodPost && h.Form().Get("token") == "" {
			h.EditForm(hideToken)
		}
	},
}

// ForeignRevocationSilent tells a client that another's token was revoked, as fosite does.
var ForeignRevocationSilent = Fault{
	Name: "foreign_revocation_silent", Clause: "RFC 7009 §2.1", At: []string{Token, Revocation},
	Says: "leaves another client's token alone, and answers as if it had revoked it",
	Hear: noteRequest,
	Say: func(s *Said) {
		rememberGrant(s)
		owner := recalled(s.Heard.Memory, ownerOf+s.Heard.Notes["token"])
		if s.Heard.Endpoint == Revocation && s.Status == http.StatusBadRequest && owner != "" && owner != s.Heard.Notes["client"] {
			s.Status = http.StatusOK
			s.SetObject(map[string]any{})
		}
	},
}

// ForeignRevocationServed revokes any client's token for any client.
var ForeignRevocationServed = Fault{
	Name: "foreign_revocation_served", Clause: "RFC 7009 §2.1", At: []string{Token, Revocation},
	Says: "revokes a client's token for any other client",
	Hear: func(h *Heard) {
		noteRequest(h)
		owner := recalled(h.Memory, ownerOf+h.Notes["token"])
		if h.Endpoint == Revocation && owner != "" && owner != h.Notes["client"] && authenticates(h) {
			h.Authenticate(owner)
		}
	},
	Say: rememberGrant,
}

// TypeHintTrusted looks for a token where token_type_hint says, and nowhere else.
var TypeHintTrusted = Fault{
	Name: "type_hint_trusted", Clause: "RFC 7009 §2.1", At: []string{Token, Revocation, Introspection},
	Says: "looks for a token where token_type_hint says, and nowhere else",
	Hear: func(h *Heard) {
		noteRequest(h)
		hint := h.Form().Get("token_type_hint")
		kind := recalled(h.Memory, kindOf+h.Notes["token"])
		if h.Endpoint != Token && hint != "" && kind != "" && hint != kind {
			h.EditForm(hideToken)
		}
	},
	Say: rememberGrant,
}

// UnknownTypeHintRefused refuses a token_type_hint that it does not know.
var UnknownTypeHintRefused = Fault{
	Name: "unknown_type_hint_refused", Clause: "RFC 7009 §2.1", At: []string{Revocation},
	Says: "refuses a token_type_hint that it does not know with unsupported_token_type",
	Hear: func(h *Heard) { h.Notes["hint"] = h.Form().Get("token_type_hint") },
	Say: func(s *Said) {
		switch s.Heard.Notes["hint"] {
		case "", "access_token", "refresh_token":
			return
		}
		s.Refuse(http.StatusBadRequest, "unsupported_token_type")
	},
}
