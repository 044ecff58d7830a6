package lint

import (
	"net/http"
	"strconv"
	"strings"
)

// bearerTokens are the rules about access tokens at resources.
func bearerTokens() []Rule {
	return []Rule{
		{
			ID: "RL-116", Title: "It sends the access token in the URL", Severity: Error,
			Clauses: []string{"RFC 6750 §2.3", "RFC 9700 §4.3.2"}, Advice: "Send Authorization: Bearer and the token",
			at: atResources, see: func(l *look) sight {
				token := l.query.get("access_token")
				return sawIf(token != "", "?access_token=", mask(token))
			},
		},
		{
			ID: "RL-117", Title: "It sends the access token in a form", Severity: Warn,
			Clauses: []string{"RFC 6750 §2.2"}, Advice: "Send Authorization: Bearer and the token",
			at: atResources, see: func(l *look) sight {
				token := l.body.get("access_token")
				s := sawIf(token != "", "access_token=", mask(token), " in the body")
				if l.x.Method == http.MethodGet || !strings.HasPrefix(l.header("Content-Type"), formType) {
					return s.rated(Error)
				}
				return s
			},
		},
		{
			ID: "RL-119", Title: "Its Authorization header is not Bearer, one space and the token", Severity: Error,
			Clauses: []string{"RFC 6750 §2.1", "RFC 9110 §11.4"}, Advice: "Send Authorization: Bearer, one space, and the token as it came",
			at: atResources, see: badScheme,
		},
		{
			ID: "RL-120", Title: "It sends the access token otherwise than it came", Severity: Error,
			Clauses: []string{"RFC 6750 §2.1"}, Advice: "Send the token as it came: a token is opaque, whatever it looks like; a column or a header may have cut it",
			at: atResources, see: changedToken,
		},
	}
}

// misplacedTokens are the rules about tokens that go where they do not belong.
func misplacedTokens() []Rule {
	return []Rule{
		{
			ID: "RL-121", Title: "It sends an access token to somebody for whom it is not", Severity: Error,
			Clauses: []string{"RFC 6750 §5.3", "RFC 9700 §4.10"}, Advice: "Send a token only to the resources for which it was issued: keep the HTTP client that adds it for those",
			at: atResources | atDocuments, see: func(l *look) sight {
				if l.auth.token == "" {
					return nothing()
				}
				if l.at&atDocuments != 0 {
					return saw("Authorization: " + l.auth.scheme + " " + mask(l.auth.token) + " to a public document")
				}
				if l.bearer != nil {
					return nothing()
				}
				issuer, found := l.config.Neighbours.other(l.auth.token, l.config.Issuer)
				return sawIf(found, "a token of ", issuerOf(issuer))
			},
		},
		{
			ID: "RL-122", Title: "It takes an ID token for an access token, or the reverse", Severity: Error,
			Clauses: []string{"OpenID Connect Core §2", "RFC 9068 §5"}, Advice: "Send access_token to resources; id_token is for the client itself, and id_token_hint",
			at: atResources | atBrowser, see: func(l *look) sight {
				if l.at&atResources != 0 {
					return sawIf(l.bearer != nil && l.bearer.kind == idToken, "the ID token as access token")
				}
				hint := l.asked().get("id_token_hint")
				if hint == "" {
					return nothing()
				}
				t := l.memory.tokens.find(l.memory.hash("token", hint))
				return sawIf(t != nil && t.kind == accessToken, "the access token as id_token_hint")
			},
		},
		{
			ID: "RL-123", Title: "It sends a refresh token or a code as access token", Severity: Error,
			Clauses: []string{"RFC 6749 §1.5"}, Advice: "Send access_token to resources; refresh tokens and codes are for the token endpoint",
			at: atResources, see: func(l *look) sight {
				switch {
				case l.bearer != nil:
					return sawIf(l.bearer.kind == refreshToken, "the refresh token as access token")
				case l.auth.token == "":
					return nothing()
				}
				return sawIf(l.memory.flows.find(l.memory.hash("code", l.auth.token)) != nil, "the code as access token")
			},
		},
		{
			ID: "RL-124", Title: "It sends the word for nothing as access token", Severity: Error,
			Clauses: []string{"RFC 6750 §2.1"}, Advice: "Get a token first, and look at the answer of the token endpoint for an error",
			at: atResources, see: wordForNothing,
		},
	}
}

func wordForNothing(l *look) sight {
	if !strings.EqualFold(l.auth.scheme, "Bearer") {
		return nothing()
	}
	switch strings.ToLower(strings.TrimSpace(l.auth.token)) {
	case "", "null", "undefined", "[object object]", "<nil>", "nil", "none", "false", "nan", "{}":
		return saw("Authorization: " + l.auth.header)
	}
	return nothing()
}

func badScheme(l *look) sight {
	header := l.auth.header
	if header == "" || l.auth.scheme == "Bearer" && !strings.ContainsAny(l.auth.rest, " \t\"',:") {
		return nothing()
	}
	const bearer = "bearer"
	switch {
	case len(header) > len(bearer) && strings.EqualFold(header[:len(bearer)], bearer):
	case l.auth.rest == "" && len(header) >= tokenAtLeast:
		return saw("Authorization: " + mask(header) + ", without Bearer")
	default: // another scheme is wrong where it comes with a token
		known := l.memory.tokens.find(l.memory.hash("token", l.auth.rest)) != nil
		return sawIf(known, "Authorization: ", l.auth.scheme, " ", mask(l.auth.rest))
	}
	after := header[len(bearer):]
	if after[0] == ' ' && !strings.ContainsAny(after[1:], " \t\"',:") {
		return saw("Authorization: " + l.auth.scheme + " …").rated(Info).insteadOf("Write Bearer so: servers should not mind the case, and some do")
	}
	if strings.EqualFold(strings.TrimSpace(after), "[object object]") {
		return nothing() // RL-124 has it
	}
	end := 0
	for end < len(after) && !isTokenByte(after[end]) {
		end++
	}
	return saw("Authorization: " + header[:len(bearer)+end] + mask(after[end:]))
}

// isTokenByte tells what a token begins with (RFC 6750 §2.1).
func isTokenByte(b byte) bool { return !endsToken(rune(b)) }

func changedToken(l *look) sight {
	if l.bearer != nil || l.x.Status != http.StatusUnauthorized && l.x.Status != http.StatusForbidden {
		return nothing()
	}
	sent := l.presented()
	if len(sent) < needleAtLeast || badScheme(l).sent != "" && l.auth.scheme == "Bearer" {
		return nothing()
	}
	for _, raw := range l.memory.issued.kept {
		issued := string(raw)
		switch {
		case len(sent) >= partAtLeast*len(issued)/100 && len(sent) < len(issued) && strings.HasPrefix(issued, sent):
			return saw("the first " + strconv.Itoa(len(sent)) + " of " + strconv.Itoa(len(issued)) + " characters of a token")
		case len(sent) > len(issued) && strings.Contains(sent, issued):
			return saw("a token with " + strconv.Itoa(len(sent)-len(issued)) + " more characters around it")
		case len(sent) == len(issued) && strings.EqualFold(sent, issued):
			return saw("a token in other case")
		}
	}
	return nothing()
}

// partAtLeast is how much of a token is there when it was cut, in per cent: all signed
// tokens of a key begin alike.
const partAtLeast = 40
