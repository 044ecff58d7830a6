package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// parseScope reads a scope parameter by its grammar (RFC 6749 §3.3, App. A.4):
// tokens separated by one space. An empty value is an omitted one (§3.2).
func parseScope(value string) ([]string, *Error) {
	if value == "" {
		return nil, nil
	}
	var scopes []string
	for token := range strings.SplitSeq(value, " ") {
		if token == "" {
			return nil, Refuse(InvalidScope, "The scope begins or ends with a space or has two in a row.")
		}
		for _, r := range token {
			if r < 0x21 || r > 0x7e || r == '"' || r == '\\' {
				return nil, Refuse(InvalidScope, fmt.Sprintf("The scope has the character U+%04X, which no scope may have.", r))
			}
		}
		if !slices.Contains(scopes, token) {
			scopes = append(scopes, token)
		}
	}
	return scopes, nil
}

// checkScope refuses scopes that the client may not have by the grant.
func checkScope(client *Client, grant string, scopes []string) *Error {
	for _, scope := range scopes {
		if grant == fixtures.GrantClientCredentials && fixtures.IsOpenIDScope(scope) {
			return Refuse(InvalidScope, "The scope "+Quote(scope)+" is about a user, and client_credentials has none.")
		}
		if slices.Contains(client.fixture.Scopes, scope) {
			continue
		}
		refused := Refuse(InvalidScope, "The client "+Quote(client.GetID())+" may not have the scope "+Quote(scope)+"; it may have "+list(client.fixture.Scopes)+".")
		if near := fixtures.Suggest(scope, client.fixture.Scopes); near != "" {
			refused.Description += " Did you mean " + Quote(near) + "?"
		}
		return refused
	}
	return nil
}

// defaultScope is what a request without a scope is granted (RFC 6749 §3.3).
func defaultScope(client *Client, grant string) []string {
	scopes := slices.Clone(client.fixture.DefaultScopes)
	if grant == fixtures.GrantClientCredentials {
		scopes = slices.DeleteFunc(scopes, fixtures.IsOpenIDScope)
	}
	return scopes
}

// list writes words for a description.
func list(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
