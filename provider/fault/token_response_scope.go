package fault

import (
	"slices"
	"strings"
)

func tokenResponseScope() []Fault {
	return slices.Concat(
		advised("takes the scope that it asked for as granted", &AnsweredScopeMissing, &AnsweredScopeNull),
		advised("takes an empty scope for one that is not said, or refuses the answer", &AnsweredScopeEmpty),
		advised("tells its caller the scope that was granted, and asks for no other by itself", &AnsweredScopeNarrowed, &AnsweredScopeWidened),
		advised("compares scopes as sets", &AnsweredScopeReordered),
		advised("takes an array for no scope, or refuses the answer", &AnsweredScopeAsList),
	)
}

// scopeOf is the scope of a token response: the one that it says, or else the one
// that was asked for (RFC 6749 §5.1).
func scopeOf(s *Said, object map[string]any) []string {
	scope, said := object["scope"].(string)
	if !said {
		scope = s.Heard.Notes["scope"]
	}
	return strings.Fields(scope)
}

// answersScope has a token response say another scope; the token keeps its own.
func answersScope(edit func(scope []string) any) func(*Said) {
	return func(s *Said) {
		editServed(func(object map[string]any) { object["scope"] = edit(scopeOf(s, object)) })(s)
	}
}

// AnsweredScopeMissing does not say the scope, as it may where it is the one asked for.
var AnsweredScopeMissing = Fault{
	Name: "answered_scope_missing", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "leaves out scope",
	Say:  leavesOutMember("scope"),
}

// AnsweredScopeNull says null for the scope.
var AnsweredScopeNull = Fault{
	Name: "answered_scope_null", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "says null for scope",
	Hear: noteRequest,
	Say:  answersScope(func([]string) any { return nil }),
}

// AnsweredScopeEmpty says an empty scope, also where one was granted.
var AnsweredScopeEmpty = Fault{
	Name: "answered_scope_empty", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "answers an empty scope, whatever it granted",
	Hear: noteRequest,
	Say:  answersScope(func([]string) any { return "" }),
}

// AnsweredScopeNarrowed says the first of the granted scopes only.
var AnsweredScopeNarrowed = Fault{
	Name: "answered_scope_narrowed", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "says the first of the granted scopes and not the others",
	Hear: noteRequest,
	Say:  answersScope(func(scope []string) any { return strings.Join(scope[:min(1, len(scope))], " ") }),
}

// AnsweredScopeWidened says a scope that nobody asked for.
var AnsweredScopeWidened = Fault{
	Name: "answered_scope_widened", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "says a scope more than was asked for",
	Hear: noteRequest,
	Say:  answersScope(func(scope []string) any { return strings.Join(append(scope, "admin"), " ") }),
}

// AnsweredScopeReordered says the same scopes otherwise.
var AnsweredScopeReordered = Fault{
	Name: "answered_scope_reordered", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "says the scopes backwards, with two spaces between them",
	Hear: noteRequest,
	Say: answersScope(func(scope []string) any {
		slices.Reverse(scope)
		return strings.Join(scope, "  ")
	}),
}

// AnsweredScopeAsList says the scopes as an array.
var AnsweredScopeAsList = Fault{
	Name: "answered_scope_as_list", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: "says the scopes as an array",
	Hear: noteRequest,
	Say:  answersScope(func(scope []string) any { return scope }),
}
