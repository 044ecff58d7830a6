package lint

import (
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// passwordGrant are the rules about the resource owner password credentials grant.
func passwordGrant() []Rule {
	return []Rule{
		{
			ID: "RL-60", Title: "It uses the password grant", Severity: Warn,
			Clauses: []string{"RFC 9700 §2.4"}, Advice: "Use the authorization code grant with PKCE for users, and client credentials for programs",
			at: atToken, see: func(l *look) sight { return sawIf(l.is(fixtures.GrantPassword), "grant_type=password") },
		},
		{
			ID: "RL-61", Title: "It kept the password after it had a token for it", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.1"}, Advice: "Forget the password once there is a token, and use the token until it expires",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.login != nil && l.login.granted && !l.login.refreshable, "username=", l.body.get("username"), " with the same password")
			},
		},
		{
			ID: "RL-62", Title: "It sends the password again though it has a refresh token", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.1", "RFC 6749 §6"}, Advice: "Forget the password, and send grant_type=refresh_token",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.login != nil && l.login.granted && l.login.refreshable, "username=", l.body.get("username"), " with the same password")
			},
		},
		{
			ID: "RL-63", Title: "It repeats a wrong password", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.2"}, Advice: "Ask the user: repeated failures lock accounts",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.login != nil && l.login.failed, "username=", l.body.get("username"), " with the password that was refused")
			},
		},
		{
			ID: "RL-64", Title: "It sends a username or password where none is asked for", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3"}, Advice: "Send both with grant_type=password only",
			at: atForms | atAuthorization, see: passwordAstray,
		},
		{
			ID: "RL-65", Title: "It takes the client's secret for the user's password, or the reverse", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.2"}, Advice: "Send the user's name and password in the body, and the client's id and secret in HTTP Basic",
			at: atToken, see: confused,
		},
		{
			ID: "RL-66", Title: "A public client uses the password grant", Severity: Info,
			Clauses: []string{"RFC 9700 §2.4", "RFC 6749 §4.3.2"}, Advice: "Use the authorization code grant with PKCE",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.public() && l.is(fixtures.GrantPassword), "grant_type=password by a public client")
			},
		},
		{
			ID: "RL-67", Title: "It asks for more with the password than it did at first", Severity: Warn,
			Clauses: []string{"RFC 6749 §3.3"}, Advice: "Ask for what is needed at first, and ask the user before more",
			at: atToken, see: widened,
		},
	}
}

func passwordAstray(l *look) sight {
	if l.ownPage() || l.is(fixtures.GrantPassword) {
		return nothing()
	}
	for _, list := range [...]params{l.body, l.query} {
		switch {
		case list.has("password"):
			return saw("password=" + mask(list.get("password")) + " with " + l.context())
		case list.has("username") && !l.is(fixtures.GrantClientCredentials): // there it is RL-73
			return saw("username=" + list.get("username") + " with " + l.context())
		}
	}
	return nothing()
}

// context is what the request is for.
func (l *look) context() string {
	if l.at == atToken {
		return "grant_type=" + l.grant()
	}
	return "a request to " + l.x.Endpoint
}

func confused(l *look) sight {
	if !l.is(fixtures.GrantPassword) {
		return nothing()
	}
	password := l.body.get("password")
	if l.auth.basic && l.auth.password != "" {
		if known, isUser := l.known.passwords[l.auth.user]; isUser && known == l.auth.password && l.client == nil {
			return saw("Basic " + l.auth.user + ":" + mask(l.auth.password))
		}
	}
	if l.client == nil || l.client.Secret == "" || password != l.client.Secret || password == l.known.passwords[l.body.get("username")] {
		return nothing()
	}
	return saw("the client's secret as password=" + mask(password))
}

func widened(l *look) sight {
	if !l.is(fixtures.GrantPassword) {
		return nothing()
	}
	first := l.memory.asked.find(l.userKey())
	if first == nil || *first == "" {
		return nothing()
	}
	if more := beyond(l.body.get("scope"), *first); more != "" {
		return saw("scope=" + l.body.get("scope") + " after scope=" + *first)
	}
	return nothing()
}

// beyond is the first word of a scope that another does not have.
func beyond(scope, other string) string {
	for scope != "" {
		word, rest, _ := strings.Cut(scope, " ")
		if word != "" && !hasWord(other, word) {
			return word
		}
		scope = rest
	}
	return ""
}
