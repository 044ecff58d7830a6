package lint

import (
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
)

// codeExchange are the rules about the code at the token endpoint.
func codeExchange() []Rule {
	return []Rule{
		{
			ID: "RL-96", Title: "It sends a code twice", Severity: Error,
			Clauses: []string{"RFC 6749 §4.1.2"}, Advice: "Redeem each code once: look for a callback that is handled twice, by a reload or a second listener",
			at: atToken, see: func(l *look) sight {
				return sawIf(l.flow != nil && l.flow.sent > 0, "code=", mask(l.body.get("code")), " again")
			},
		},
		{
			ID: "RL-97", Title: "It sends a code too late, or one of another client", Severity: Warn,
			Clauses: []string{"RFC 6749 §4.1.2"}, Advice: "Redeem the code at once, as the client that asked for it",
			at: atToken, see: func(l *look) sight {
				switch {
				case l.flow == nil:
					return nothing()
				case l.id != "" && l.flow.client != l.id:
					return saw("a code of the client " + l.flow.client).rated(Error)
				}
				end := l.flow.issued + int64(l.config.CodeLifespan)
				return sawIf(l.config.CodeLifespan > 0 && l.now > end, "a code that expired at ", l.stamp(end))
			},
		},
		{
			ID: "RL-98", Title: "It sends another redirect_uri with the code than it asked for the code with", Severity: Error,
			Clauses: []string{"RFC 6749 §4.1.3"}, Advice: "Send the redirect_uri of the authorization request, character by character",
			at: atToken, see: changedRedirect,
		},
		{
			ID: "RL-100", Title: "It sends a code to another issuer than it has it from", Severity: Error,
			Clauses: []string{"RFC 9700 §4.4", "RFC 9207 §2.4"}, Advice: "Keep with the state which issuer was asked, and compare it with iss at the callback",
			at: atToken, see: func(l *look) sight {
				if l.flow != nil || !l.is(fixtures.GrantAuthorizationCode) {
					return nothing()
				}
				issuer, found := l.config.Neighbours.other(l.body.get("code"), l.config.Issuer)
				return sawIf(found, "a code of ", issuerOf(issuer))
			},
		},
		{
			ID: "RL-101", Title: "It goes on after an authorization response that it must refuse", Severity: Error,
			Clauses: []string{"RFC 6749 §10.12", "RFC 9207 §2.4"}, Advice: "At the callback, first compare state and iss, and look for error",
			at: atToken, see: func(l *look) sight {
				if l.flow == nil || l.flow.broken == "" {
					return nothing()
				}
				return saw("the code of a response with " + l.flow.broken)
			},
		},
	}
}

// issuerOf names an issuer for which there may be no name.
func issuerOf(name string) string {
	if name == "" {
		return "the first issuer"
	}
	return "the issuer " + name
}

func changedRedirect(l *look) sight {
	if l.flow == nil {
		return nothing()
	}
	sent := l.body.get("redirect_uri")
	switch before := l.flow.redirectURI; {
	case sent == before || before == "":
		return nothing()
	case sent == "" && l.config.OAuth21: // which has no such parameter any more
		return saw("no redirect_uri").rated(Info)
	case sent == "":
		return saw("no redirect_uri, after redirect_uri=" + before)
	default:
		return saw("redirect_uri=" + sent + " after redirect_uri=" + before)
	}
}

// stamp is a time for people.
func (l *look) stamp(nanoseconds int64) string {
	return time.Unix(0, nanoseconds).UTC().Format(time.RFC3339)
}
