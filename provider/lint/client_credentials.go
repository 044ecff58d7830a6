package lint

import (
	"github.com/mockoauth/mockoauth/fixtures"
)

// clientCredentials are the rules about the client credentials grant, and about tokens
// and their time.
func clientCredentials() []Rule {
	return []Rule{
		{
			ID: "RL-72", Title: "It uses the client credentials grant without authenticating", Severity: Error,
			Clauses: []string{"RFC 6749 §4.4"}, Advice: "Authenticate: the grant is for clients that have a secret",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.is(fixtures.GrantClientCredentials) && (l.public() || l.auth.header == "" && !l.body.has("client_secret") && !l.body.has("client_assertion")), "grant_type=client_credentials without a secret")
			},
		},
		{
			ID: "RL-73", Title: "It sends parameters of other grants with client credentials", Severity: Warn,
			Clauses: []string{"RFC 6749 §4.4.2"}, Advice: "Send grant_type, and scope if need be",
			at: atToken, see: func(l *look) sight {
				if !l.is(fixtures.GrantClientCredentials) {
					return nothing()
				}
				for _, name := range [...]string{"redirect_uri", "code", "username", "refresh_token", "code_verifier"} {
					if value := l.body.get(name); value != "" {
						if isCredential(name) {
							value = mask(value)
						}
						return saw(name + "=" + value)
					}
				}
				return nothing()
			},
		},
		{
			ID: "RL-74", Title: "It asks for a user's scope where there is no user", Severity: Warn,
			Clauses: []string{"OpenID Connect Core §3", "RFC 6749 §4.4.3"}, Advice: "Leave openid and offline_access out of client credentials: there is no ID token and no refresh token",
			at: atToken, see: func(l *look) sight {
				scope := l.body.get("scope")
				return sawIf(l.is(fixtures.GrantClientCredentials) && (hasWord(scope, "openid") || hasWord(scope, "offline_access")), "scope=", scope)
			},
		},
		{
			ID: "RL-75", Title: "It uses a token after it expired", Severity: Warn,
			Clauses: []string{"RFC 6749 §1.5", "RFC 6749 §5.1"}, Advice: "Count expires_in from the answer, and get another token a little earlier",
			at: atResources, see: func(l *look) sight {
				t := l.bearer
				if t == nil || t.kind != accessToken || t.expires == 0 || l.now <= t.expires {
					return nothing()
				}
				s := saw("a token that expired at " + l.stamp(t.expires))
				if t.late > 0 {
					return s.rated(Error)
				}
				return s
			},
		},
		neverUsed(),
	}
}

// neverUsed is for the end to tell.
func neverUsed() Rule {
	return Rule{
		ID: "RL-76", Title: "It gets tokens that it never uses", Severity: Info,
		Clauses: []string{"RFC 6749 §1.4"}, Advice: "Keep a token until it expires, and get one when there is something to do with it",
		see: func(*look) sight { return nothing() },
	}
}
