package fault

import (
	"net/url"
	"slices"
	"strings"
)

func grantsScope() []Fault {
	return slices.Concat(
		advised(comparesScope, &ScopeIgnored),
		advised("learns of it from the resource, which answers insufficient_scope", &ScopeLossUnsaid),
		advised("compares scopes as sets", &ScopeEchoed),
		advised(lenient, &AnyScopeGranted, &MalformedScopeDropped, &ScopeSplitAtAnySpace, &WildcardScopes, &ScopeCaseFolded),
	)
}

// ScopeIgnored grants a client's default scopes whatever it asks for.
var ScopeIgnored = Fault{
	Name: "scope_ignored", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "grants the default scopes, whichever are asked for",
	Hear: func(h *Heard) {
		if newGrant(grantForm(h)) {
			dropParameter(h, "scope")
		}
	},
}

// AnyScopeGranted grants scopes to clients that may not have them.
var AnyScopeGranted = Fault{
	Name: "any_scope_granted", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "grants every scope that is asked for, allowed or not",
	Hear: func(h *Heard) {
		form := grantForm(h)
		if !newGrant(form) || form.Get("scope") == "" {
			return
		}
		h.Notes["granted"] = form.Get("scope")
		dropParameter(h, "scope")
	},
	Say: sayGranted,
}

// newGrant tells the grants that scopes are given in, rather than kept.
func newGrant(form url.Values) bool {
	grant := form.Get("grant_type")
	return grant == "client_credentials" || grant == "password"
}

// sayGranted says that the scope noted as "granted" was granted.
func sayGranted(s *Said) {
	if granted := s.Heard.Notes["granted"]; granted != "" && s.Succeeded() {
		s.Edit(func(object map[string]any) { object["scope"] = granted })
	}
}

// ScopeLossUnsaid leaves out scopes and does not tell the client.
var ScopeLossUnsaid = Fault{
	Name: "scope_loss_unsaid", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "leaves out scopes that a client may not have, and does not say which it granted",
	Hear: noteRequest,
	Say: func(s *Said) {
		if grantError(s) == "invalid_scope" {
			forgeToken(s)
		}
	},
}

// MalformedScopeDropped goes on without the scopes that are no scopes.
var MalformedScopeDropped = Fault{
	Name: "malformed_scope_dropped", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "drops scopes with characters that a scope may not have, and grants the rest",
	Hear: func(h *Heard) {
		editScope(h, func(scope string) string {
			var kept []string
			for word := range strings.SplitSeq(scope, " ") {
				if !strings.ContainsFunc(word, notInScope) {
					kept = append(kept, word)
				}
			}
			return strings.Join(kept, " ")
		})
	},
}

// notInScope tells the characters outside App. A.4's NQCHAR.
func notInScope(r rune) bool { return r <= 0x20 || r > 0x7e || r == '"' || r == '\\' }

// ScopeSplitAtAnySpace takes tabs and line breaks for spaces between scopes.
var ScopeSplitAtAnySpace = Fault{
	Name: "scope_split_at_any_space", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "takes a tab between two scopes for a space",
	Hear: func(h *Heard) {
		editScope(h, func(scope string) string { return strings.Join(strings.Fields(scope), " ") })
	},
}

// ScopeEchoed says the scope as it was asked for, needless spaces and all.
var ScopeEchoed = Fault{
	Name: "scope_echoed", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "says the scope exactly as it was asked for, with its needless spaces",
	Hear: func(h *Heard) {
		h.Notes["granted"] = grantForm(h).Get("scope")
		editScope(h, func(scope string) string {
			return strings.Join(strings.FieldsFunc(scope, func(r rune) bool { return r == ' ' }), " ")
		})
	},
	Say: sayGranted,
}

// WildcardScopes lets a scope stand for all that begin with it and a dot, as plain fosite does.
var WildcardScopes = Fault{
	Name: "wildcard_scopes", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "grants a.b to a client that may have a",
	Hear: func(h *Heard) {
		editScope(h, func(scope string) string {
			words := strings.Split(scope, " ")
			for i, word := range words {
				words[i], _, _ = strings.Cut(word, ".")
			}
			if wider := strings.Join(words, " "); wider != scope {
				h.Notes["granted"] = scope
				return wider
			}
			return scope
		})
	},
	Say: sayGranted,
}

// ScopeCaseFolded compares scopes without regard to case.
var ScopeCaseFolded = Fault{
	Name: "scope_case_folded", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "grants READ to a client that may have read",
	Hear: func(h *Heard) {
		editScope(h, func(scope string) string {
			if strings.ToLower(scope) != scope {
				h.Notes["granted"] = scope
			}
			return strings.ToLower(scope)
		})
	},
	Say: sayGranted,
}

// editScope changes the scope that is asked for; none is left when edit answers "".
func editScope(h *Heard, edit func(scope string) string) {
	form := grantForm(h)
	if !newGrant(form) || !form.Has("scope") {
		return
	}
	scope := form.Get("scope")
	switch edited := edit(scope); edited {
	case scope:
		return
	case "":
		form.Del("scope")
	default:
		form.Set("scope", edited)
	}
	h.SetForm(form)
}
