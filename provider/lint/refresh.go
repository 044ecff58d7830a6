package lint

import "github.com/mockoauth/mockoauth/fixtures"

// refreshes are the rules about refresh tokens.
func refreshes() []Rule {
	return []Rule{
		{
			ID: "RL-110", Title: "It presents a refresh token that it was given another for", Severity: Error,
			Clauses: []string{"RFC 6749 §6", "RFC 9700 §4.14.2"}, Advice: "Keep the newest refresh token, before anything else is done with the answer",
			at: atToken, see: func(l *look) sight {
				if l.refresh == nil || !l.refresh.spent || l.refresh.presented.meets(l.span()) {
					return nothing()
				}
				s := saw("refresh_token=" + mask(l.body.get("refresh_token")) + ", which was replaced")
				if l.refresh.lost {
					return s.rated(Warn) // it may not know of the other
				}
				return s
			},
		},
		{
			ID: "RL-111", Title: "It refreshes twice at a time with one token", Severity: Error,
			Clauses: []string{"RFC 9700 §4.14.2"}, Advice: "Let one refresh run at a time, and all others wait for its token",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.refresh != nil && l.refresh.presented.meets(l.span()), "refresh_token=", mask(l.body.get("refresh_token")), " while a refresh with it was under way")
			},
		},
		{
			ID: "RL-112", Title: "It asks at a refresh for more than was granted", Severity: Error,
			Clauses: []string{"RFC 6749 §6"}, Advice: "Leave scope out at a refresh, or ask for less; for more, ask the user",
			at: atToken, see: func(l *look) sight {
				scope := l.body.get("scope")
				if l.refresh == nil || scope == "" || l.refresh.scope == "" || beyond(scope, l.refresh.scope) == "" {
					return nothing()
				}
				return saw("scope=" + scope + " after scope=" + l.refresh.scope)
			},
		},
	}
}

// repeatedRefreshes are the rules about refreshes that should not be.
func repeatedRefreshes() []Rule {
	return []Rule{
		{
			ID: "RL-113", Title: "It repeats a refresh that was refused with invalid_grant", Severity: Error,
			Clauses: []string{"RFC 6749 §5.2"}, Advice: "Drop the refresh token, and ask the user to log in again",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.refresh != nil && l.refresh.refused && !l.refresh.presented.meets(l.span()), "refresh_token=", mask(l.body.get("refresh_token")), " after invalid_grant")
			},
		},
		{
			ID: "RL-114", Title: "It refreshes while the access token has most of its life left", Severity: Info,
			Clauses: []string{"RFC 6749 §1.5"}, Advice: "Refresh shortly before the token expires, or when a resource refuses it",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.is(fixtures.GrantRefreshToken) && l.early() && l.of.refreshes > 0, "a refresh with more than half of the token's life left, again")
			},
		},
		{
			ID: "RL-115", Title: "It presents a refresh token of another client or issuer", Severity: Error,
			Clauses: []string{"RFC 6749 §6", "RFC 6749 §10.4"}, Advice: "Keep with each token which client and issuer it is of",
			at: atToken, see: func(l *look) sight {
				if !l.is(fixtures.GrantRefreshToken) {
					return nothing()
				}
				if l.refresh != nil {
					return sawIf(l.id != "" && l.refresh.client != l.id, "a refresh token of the client ", l.refresh.client)
				}
				issuer, found := l.config.Neighbours.other(l.body.get("refresh_token"), l.config.Issuer)
				return sawIf(found, "a refresh token of ", issuerOf(issuer))
			},
		},
	}
}

// span is from when until when the request was served.
func (l *look) span() span { return span{l.now, l.now + int64(l.x.Took)} }
