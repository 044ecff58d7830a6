package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// BrokenEncodingDropped leaves out parameters that cannot be decoded, as Go's
// ParseMultipartForm makes a server do that ignores ParseForm's error.
var BrokenEncodingDropped = Fault{
	Name: "broken_encoding_dropped", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "leaves out parameters with broken percent-encoding and serves the rest",
	Hear: func(h *Heard) {
		if !h.IsForm() {
			return
		}
		if _, err := url.ParseQuery(string(h.Body())); err != nil {
			h.SetForm(h.Form())
		}
	},
}

// PlusKept decodes a form like the path of a URI, in which + is a plus.
var PlusKept = Fault{
	Name: "plus_kept", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "takes + in a form for a plus instead of a space",
	Hear: func(h *Heard) {
		if h.IsForm() {
			h.setBody([]byte(strings.ReplaceAll(string(h.Body()), "+", "%2B")))
		}
	},
}

// Latin1Read decodes forms as ISO-8859-1, which servlet containers did for long.
var Latin1Read = Fault{
	Name: "latin1_read", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "reads forms as ISO-8859-1 instead of UTF-8",
	Hear: func(h *Heard) {
		if !h.IsForm() {
			return
		}
		form, changed := h.Form(), false
		for _, values := range form {
			for i, value := range values {
				values[i] = asLatin1(value)
				changed = changed || values[i] != value
			}
		}
		if changed {
			h.SetForm(form)
		}
	},
}

// asLatin1 is what text's UTF-8 bytes are to a reader of ISO-8859-1.
func asLatin1(text string) string {
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}

// FirstDuplicateWins takes the first value of a parameter that is sent twice, as url.Values.Get does.
var FirstDuplicateWins = Fault{
	Name: "first_duplicate_wins", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "takes the first value of a parameter that is sent more than once",
	Hear: func(h *Heard) {
		settleDuplicates(h, func(values []string) []string { return values[:1] })
	},
}

// LastDuplicateWins takes the last value of a parameter that is sent twice, as PHP does.
var LastDuplicateWins = Fault{
	Name: "last_duplicate_wins", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "takes the last value of a parameter that is sent more than once",
	Hear: func(h *Heard) {
		settleDuplicates(h, func(values []string) []string { return values[len(values)-1:] })
	},
}

// EqualDuplicatesServed objects only to a parameter whose values differ.
var EqualDuplicatesServed = Fault{
	Name: "equal_duplicates_served", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "lets a parameter be sent twice with the same value",
	Hear: func(h *Heard) {
		settleDuplicates(h, func(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) })
	},
}

// RepeatedScopesJoined takes scope once for each scope.
var RepeatedScopesJoined = Fault{
	Name: "repeated_scopes_joined", Clause: "RFC 6749 §3.2", At: []string{Token},
	Says: "joins the values of a scope parameter that is sent more than once",
	Hear: func(h *Heard) {
		if h.IsForm() && len(h.Form()["scope"]) > 1 {
			h.EditForm(func(form url.Values) { form.Set("scope", strings.Join(form["scope"], " ")) })
		}
	},
}

// settleDuplicates lets keep choose among the values of each parameter that
// came more than once and must not: resource and audience may (RFC 8707 §2, RFC 8693 §2.1).
func settleDuplicates(h *Heard, keep func(values []string) []string) {
	if !h.IsForm() {
		return
	}
	form, changed := h.Form(), false
	for name, values := range form {
		if len(values) > 1 && name != "resource" && name != "audience" {
			form[name], changed = keep(values), true
		}
	}
	if changed {
		h.SetForm(form)
	}
}

// UnknownParameterRefused refuses a request with a parameter that it does not know.
var UnknownParameterRefused = Fault{
	Name: "unknown_parameter_refused", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "refuses a request with a parameter that it does not know",
	Hear: func(h *Heard) {
		for name := range h.Form() {
			if h.IsForm() && !knownParameter(name) {
				h.Notes["unknown"] = name
			}
		}
	},
	Say: refuseNoted("unknown", http.StatusBadRequest, "invalid_request"),
}

func knownParameter(name string) bool {
	switch name {
	case "grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "scope",
		"resource", "audience", "username", "password", "refresh_token", "code", "redirect_uri", "code_verifier",
		"token", "token_type_hint":
		return true
	}
	return false
}

// EmptyScopeRefused takes an empty scope for one that it does not know.
var EmptyScopeRefused = Fault{
	Name: "empty_scope_refused", Clause: "RFC 6749 §3.2", At: []string{Token, Authorization},
	Says: "refuses an empty scope instead of treating it as omitted",
	Hear: func(h *Heard) {
		if form := h.Parameters(); (h.IsForm() || h.Endpoint == Authorization) && form.Has("scope") && form.Get("scope") == "" {
			h.Notes["empty scope"] = "yes"
		}
	},
	Say: refuseNoted("empty scope", http.StatusBadRequest, "invalid_scope"),
}

// FirstScopeOnly grants the first of the scopes that are asked for.
var FirstScopeOnly = Fault{
	Name: "first_scope_only", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "grants the first of the scopes that are asked for and forgets the rest",
	Hear: func(h *Heard) {
		if first, _, more := strings.Cut(h.Form().Get("scope"), " "); h.IsForm() && more {
			h.EditForm(func(form url.Values) { form.Set("scope", first) })
		}
	},
}
