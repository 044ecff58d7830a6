package lint

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// proofKeys are the rules about PKCE.
func proofKeys() []Rule {
	return []Rule{
		{
			ID: "RL-88", Title: "It sends no code_challenge", Severity: Error,
			Clauses: []string{"RFC 9700 §2.1.1"}, Advice: "Make a random code_verifier for each request, and send its SHA-256 as code_challenge with code_challenge_method=S256",
			at: atAuthorization, see: func(l *look) sight {
				asked := l.asked()
				if asked.has("code_challenge") || l.ownPage() || !strings.Contains(asked.get("response_type"), "code") || l.client == nil {
					return nothing()
				}
				if l.confidential() {
					return saw("no code_challenge").rated(Warn)
				}
				return saw("no code_challenge, of a public client")
			},
		},
		{
			ID: "RL-89", Title: "Its code_challenge is the verifier itself", Severity: Warn,
			Clauses: []string{"RFC 7636 §4.2", "RFC 9700 §2.1.1"}, Advice: "Send code_challenge_method=S256 and the SHA-256 of the verifier in base64url",
			at: atAuthorization, see: func(l *look) sight {
				asked := l.asked()
				method := asked.get("code_challenge_method")
				if !asked.has("code_challenge") || l.ownPage() || method != "" && method != "plain" {
					return nothing()
				}
				if method == "" {
					return saw("no code_challenge_method, which means plain")
				}
				return saw("code_challenge_method=plain")
			},
		},
		{
			ID: "RL-90", Title: "Its code_challenge is no SHA-256 in base64url", Severity: Error,
			Clauses: []string{"RFC 7636 §4.2", "RFC 7636 App. A"}, Advice: "Send the 43 characters of base64url of the 32 bytes of SHA-256, without padding",
			at: atAuthorization, see: malformedChallenge,
		},
	}
}

// verifiers are the rules about PKCE at the token endpoint.
func verifiers() []Rule {
	return []Rule{
		{
			ID: "RL-92", Title: "Its code_verifier can be guessed", Severity: Warn,
			Clauses: []string{"RFC 7636 §7.1"}, Advice: "Make the verifier of 32 random bytes in base64url, all of them new for each request",
			at: atToken, see: weakVerifier,
		},
		{
			ID: "RL-93", Title: "It uses a code_challenge or code_verifier twice, or shows the verifier", Severity: Error,
			Clauses: []string{"RFC 7636 §4.1", "RFC 9700 §2.1.1"}, Advice: "Make a verifier of its own for each authorization request, and send it to the token endpoint only",
			at: atToken | atAuthorization, see: reusedVerifier,
		},
		{
			ID: "RL-94", Title: "It makes the code_challenge wrongly from the code_verifier", Severity: Error,
			Clauses: []string{"RFC 7636 §4.2"}, Advice: "Send base64url(SHA-256(verifier)) without padding: of the digest's 32 bytes, not of their hexadecimal digits",
			at: atToken, see: wrongDerivation,
		},
		{
			ID: "RL-95", Title: "It sends a code_verifier though it sent no code_challenge", Severity: Warn,
			Clauses: []string{"RFC 9700 §2.1.1", "RFC 9700 §4.8.2"}, Advice: "Send the code_challenge with the authorization request",
			at: atToken, see: func(l *look) sight {
				verifier := l.body.get("code_verifier")
				return sawIf(l.flow != nil && verifier != "" && l.flow.challenge == "", "code_verifier=", mask(verifier))
			},
		},
	}
}

func malformedChallenge(l *look) sight {
	asked := l.asked()
	challenge := asked.get("code_challenge")
	if challenge == "" || l.ownPage() || asked.get("code_challenge_method") != "S256" {
		return nothing()
	}
	s := saw("code_challenge=" + challenge + ", " + strconv.Itoa(len(challenge)) + " characters")
	raw, err := base64.RawURLEncoding.DecodeString(challenge)
	switch {
	case err == nil && len(raw) == sha256.Size:
		return nothing()
	case strings.HasSuffix(challenge, "="):
		return s.insteadOf("Leave the padding out: base64url without =")
	case strings.ContainsAny(challenge, "+/"):
		return s.insteadOf("Use the alphabet of base64url: - and _ instead of + and /")
	case len(challenge) == hex.EncodedLen(sha256.Size):
		return s.insteadOf("Encode the 32 bytes of SHA-256 in base64url, not in hexadecimal")
	}
	return s
}

func weakVerifier(l *look) sight {
	verifier := l.body.get("code_verifier")
	if verifier == "" || len(verifier) > verifierAtMost {
		return nothing()
	}
	s := saw("code_verifier=" + mask(verifier))
	if symbols(verifier) < symbolsAtLeast {
		return saw(s.sent + ", of " + strconv.Itoa(symbols(verifier)) + " different characters")
	}
	if plain := strings.ReplaceAll(verifier, "-", ""); isAllHex(plain) && len(plain) < hex.EncodedLen(sha256.Size) {
		return saw(s.sent + ", of hexadecimal digits, such as a UUID has")
	}
	if before := l.of.verifiers.kept; len(before) > 0 && !l.reusedVerifier(verifier) {
		if n := prefix(verifier, before); n >= prefixAtMost {
			return saw(s.sent + ", of which the first " + strconv.Itoa(n) + " characters are always the same")
		}
	}
	return nothing()
}

const (
	symbolsAtLeast = 12
	prefixAtMost   = 6 // characters that values share at their beginning by chance, and one more
)

// symbols is how many different characters there are.
func symbols(s string) (n int) {
	var seen [256]bool
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			n++
		}
	}
	return n
}

func isAllHex(s string) bool {
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// prefix is how long the beginning is that a value shares with all others.
func prefix(s string, others []string) int {
	n := len(s)
	for _, other := range others {
		i := 0
		for i < n && i < len(other) && s[i] == other[i] {
			i++
		}
		n = i
	}
	return n
}

func reusedVerifier(l *look) sight {
	if l.at == atAuthorization {
		challenge := l.asked().get("code_challenge")
		if challenge == "" {
			return nothing()
		}
		return sawIf(l.answer.sent && l.reused("challenge", challenge), "code_challenge=", challenge, " in two requests")
	}
	verifier := l.body.get("code_verifier")
	switch {
	case verifier == "" || !l.is(fixtures.GrantAuthorizationCode):
		return nothing()
	case l.flow != nil && l.memory.hash("value", verifier) == l.flow.state:
		return saw("code_verifier=" + mask(verifier) + ", which is the state")
	case l.flow != nil && l.memory.hash("value", verifier) == l.flow.nonce:
		return saw("code_verifier=" + mask(verifier) + ", which is the nonce")
	}
	return sawIf(l.reusedVerifier(verifier), "code_verifier=", mask(verifier), " for two codes")
}

// reusedVerifier tells a verifier that came with another code before.
func (l *look) reusedVerifier(verifier string) bool {
	before := l.memory.once.find(l.memory.hash("verifier", verifier))
	return before != nil && before.code != l.memory.hash("code", l.body.get("code"))
}

func wrongDerivation(l *look) sight {
	verifier := l.body.get("code_verifier")
	if verifier == "" || l.flow == nil || l.flow.method != "S256" {
		return nothing()
	}
	sum := sha256.Sum256([]byte(verifier))
	right := base64.RawURLEncoding.EncodeToString(sum[:])
	sent := l.flow.challenge
	if sent == right {
		return nothing()
	}
	digits := hex.EncodeToString(sum[:])
	again := sha256.Sum256([]byte(right))
	decoded, _ := base64.RawURLEncoding.DecodeString(verifier)
	ofBytes := sha256.Sum256(decoded)
	for what, wrong := range map[string]string{
		"the verifier itself":                                     verifier,
		"its SHA-256 in hexadecimal":                              digits,
		"base64url of its SHA-256 in hexadecimal":                 base64.RawURLEncoding.EncodeToString([]byte(digits)),
		"its SHA-256 in base64url with padding":                   right + "=",
		"its SHA-256 in standard Base64":                          base64.RawStdEncoding.EncodeToString(sum[:]),
		"its SHA-256 in standard Base64 with padding":             base64.StdEncoding.EncodeToString(sum[:]),
		"its SHA-256 in base64url, encoded once more":             base64.RawURLEncoding.EncodeToString([]byte(right)),
		"the SHA-256 of its SHA-256":                              base64.RawURLEncoding.EncodeToString(again[:]),
		"the SHA-256 of the bytes that it decodes to (base64url)": base64.RawURLEncoding.EncodeToString(ofBytes[:]),
	} {
		if sent == wrong {
			return saw("a code_challenge that is " + what)
		}
	}
	return saw("code_verifier=" + mask(verifier) + " for another code_challenge").insteadOf("Send the verifier of the authorization request whose code it is; two logins at a time need a verifier each")
}
