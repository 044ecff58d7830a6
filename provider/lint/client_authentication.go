package lint

import (
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// clientAuthentication are the rules about how a client says who it is.
func clientAuthentication() []Rule {
	return []Rule{
		{
			ID: "RL-40", Title: "It authenticates in the header and in the body", Severity: Error,
			Clauses: []string{"RFC 6749 §2.3"}, Advice: "Use one of both: with HTTP Basic, neither client_id nor client_secret belongs in the body",
			at: atForms, see: twoMechanisms,
		},
		{
			ID: "RL-41", Title: "It names another client in the body than in the header", Severity: Error,
			Clauses: []string{"RFC 6749 §2.3", "RFC 7521 §4.2"}, Advice: "Leave client_id out of the body when HTTP Basic is used",
			at: atForms, see: func(l *look) sight {
				id := l.body.get("client_id")
				return sawIf(l.auth.basic && id != "" && id != l.auth.user && id != l.auth.rawUser, "Basic of ", l.auth.user, ", client_id=", id)
			},
		},
		{
			ID: "RL-42", Title: "It does not form-encode id and secret before HTTP Basic", Severity: Error,
			Clauses: []string{"RFC 6749 §2.3.1", "RFC 6749 App. B"}, Advice: "Form-encode client_id and client_secret each, join them by a colon, then Base64",
			at: atForms, see: notEncoded,
		},
		{
			ID: "RL-43", Title: "It encodes id or secret in HTTP Basic as ISO 8859-1", Severity: Error,
			Clauses: []string{"RFC 7617 §2.1", "RFC 6749 App. B"}, Advice: "Encode them as UTF-8, then form-encode each, then Base64",
			at: atForms, see: func(l *look) sight {
				if !l.auth.latin {
					return nothing()
				}
				return saw("Basic " + strings.ToValidUTF8(l.auth.rawUser, "?") + ":" + mask(l.auth.rawPassword))
			},
		},
		{
			ID: "RL-44", Title: "It sends its secret in the body although HTTP Basic is there", Severity: Warn,
			Clauses: []string{"RFC 6749 §2.3.1"}, Advice: "Use HTTP Basic, or register the client for client_secret_post",
			at: atForms, see: secretInBody,
		},
	}
}

// wrongCredentials are the rules about credentials that are not the client's, or not to be sent.
func wrongCredentials() []Rule {
	return []Rule{
		{
			ID: "RL-45", Title: "It tries out how to authenticate: the same request again, with the secret elsewhere", Severity: Warn,
			Clauses: []string{"RFC 6749 §2.3", "RFC 6749 §10.3"}, Advice: "Tell the library how the client authenticates (in x/oauth2, Endpoint.AuthStyle), as metadata and registration say",
			at: atToken, see: probes,
		},
		{
			ID: "RL-46", Title: "A public client sends a secret, or HTTP Basic", Severity: Warn,
			Clauses: []string{"RFC 6749 §2.1", "RFC 6749 §2.3.1"}, Advice: "Send client_id in the body, and no secret",
			at: atForms, see: func(l *look) sight {
				switch {
				case !l.public():
					return nothing()
				case l.auth.basic:
					return saw("Basic " + l.auth.rawUser + ":" + mask(l.auth.rawPassword))
				}
				return sawIf(l.body.has("client_secret"), "client_secret=", mask(l.body.get("client_secret")))
			},
		},
		{
			ID: "RL-48", Title: "It does not say which client it is", Severity: Error,
			Clauses: []string{"RFC 6749 §3.2.1", "RFC 6749 §4.3.2"}, Advice: "Authenticate, or send client_id in the body if the client is public",
			at: atToken, see: func(l *look) sight {
				anonymous := l.auth.header == "" && !l.body.has("client_id") && !l.body.has("client_assertion")
				return sawIf(anonymous && len(l.body) > 0 && !l.query.has("client_id"), "neither Authorization nor client_id")
			},
		},
		{
			ID: "RL-49", Title: "It authenticates by a bearer token where a client authenticates", Severity: Error,
			Clauses: []string{"RFC 6749 §2.3"}, Advice: "Authenticate as the client, by HTTP Basic: tokens are for resources",
			at: atToken | atRevocation, see: func(l *look) sight {
				return sawIf(l.auth.token != "", "Authorization: ", l.auth.scheme, " ", mask(l.auth.token))
			},
		},
		{
			ID: "RL-59", Title: "It has the secret of another client", Severity: Warn,
			Clauses: []string{"RFC 6749 §2.3", "RFC 6749 §10.1"}, Advice: "Give each client a secret of its own",
			at: atForms, see: func(l *look) sight {
				secret := l.secret()
				if secret == "" || l.client == nil || secret != l.client.Secret {
					return nothing()
				}
				owner := l.memory.secrets.find(l.memory.hash("secret", secret))
				return sawIf(owner != nil && *owner != l.id, "a secret that the client ", ownerOf(owner), " has as well")
			},
		},
	}
}

func ownerOf(owner *string) string {
	if owner == nil {
		return ""
	}
	return *owner
}

func twoMechanisms(l *look) sight {
	switch {
	case l.auth.header == "" || l.auth.token != "":
		return nothing()
	case l.body.has("client_secret"):
		return saw("Authorization: " + l.auth.scheme + ", and client_secret=" + mask(l.body.get("client_secret")))
	}
	id := l.body.get("client_id")
	return sawIf(l.auth.basic && id != "" && (id == l.auth.user || id == l.auth.rawUser), "Authorization: Basic, and client_id=", id).rated(Info)
}

func notEncoded(l *look) sight {
	if !l.auth.basic {
		return nothing()
	}
	raw := l.known.clients[l.auth.rawUser]
	if raw == nil || raw.Secret == "" || raw.Secret != l.auth.rawPassword {
		return nothing()
	}
	if l.auth.user == l.auth.rawUser && l.auth.password == l.auth.rawPassword && !strings.Contains(l.auth.rawUser+l.auth.rawPassword, "%") {
		return nothing() // encoded it would be the same, as far as the provider can tell
	}
	return saw("Basic " + l.auth.rawUser + ":" + mask(l.auth.rawPassword))
}

func secretInBody(l *look) sight {
	if !l.body.has("client_secret") || l.auth.header != "" || !l.confidential() {
		return nothing()
	}
	s := saw("client_secret=" + mask(l.body.get("client_secret")))
	switch l.client.AuthMethod {
	case fixtures.AuthPost:
		return nothing()
	case fixtures.AuthBasic:
		return s.rated(Error).insteadOf("Use HTTP Basic, for which the client is registered")
	}
	return s
}

func probes(l *look) sight {
	before := &l.of.failed
	if before.code == "" || before.print != l.print || before.style == l.style() {
		return nothing()
	}
	s := saw("grant_type=" + l.grant() + " again after " + before.code + ", " + l.style().String() + " instead of " + before.style.String())
	switch l.grant() {
	case fixtures.GrantAuthorizationCode, fixtures.GrantRefreshToken, fixtures.GrantPassword: // which may be spent, or must not be shown around
		return s.rated(Error)
	}
	return s
}
