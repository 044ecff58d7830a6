package engine

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
)

// The code challenge methods (RFC 7636 §4.2).
const (
	methodS256  = "S256"
	methodPlain = "plain"
)

// readChallenge reads and judges the PKCE parameters of an authorization request.
// A public client needs them, and every client in the profile of OAuth 2.1.
func readChallenge(client *Client, form url.Values, required bool) (challenge, method string, refused *Error) {
	challenge, method = form.Get("code_challenge"), form.Get("code_challenge_method")
	switch {
	case challenge == "" && method != "":
		return "", "", Refuse(InvalidRequest, "There is a code_challenge_method without a code_challenge (RFC 7636 section 4.3).")
	case challenge == "" && (required || client.IsPublic()):
		return "", "", Refuse(InvalidRequest, "The request has no code_challenge: PKCE is required for this client (RFC 9700 section 2.1.1).")
	case challenge == "":
		return "", "", nil
	case method == "":
		method = methodPlain // RFC 7636 §4.3
	}
	switch {
	case method != methodS256 && method != methodPlain:
		return "", "", Refuse(InvalidRequest, "The code_challenge_method "+Quote(method)+" is unknown; use S256.")
	case method == methodPlain && !client.fixture.PlainPKCE:
		return "", "", Refuse(InvalidRequest, "The code_challenge_method plain, which is also what a missing one means, is not allowed for this client; use S256 (RFC 7636 section 4.2).")
	case method == methodS256 && len(challenge) != base64.RawURLEncoding.EncodedLen(sha256.Size), !isVerifier(challenge):
		return "", "", Refuse(InvalidRequest, "The code_challenge is malformed: with S256 it has 43 characters of base64url without padding (RFC 7636 section 4.2).")
	}
	return challenge, method, nil
}

// checkVerifier holds the code_verifier against the challenge that the code was
// asked for with (RFC 7636 §4.6). Without a challenge there must be no verifier:
// otherwise an attacker could leave out the challenge unnoticed (RFC 9700 §4.8.2).
func checkVerifier(d detail, verifier string) *Error {
	switch {
	case d.Challenge == "" && verifier == "":
		return nil
	case d.Challenge == "":
		return Refuse(InvalidGrant, "There is a code_verifier, but the code was asked for without a code_challenge (RFC 9700 section 4.8.2).")
	case verifier == "":
		return Refuse(InvalidGrant, "The code was asked for with a code_challenge, and the code_verifier is missing (RFC 7636 section 4.6).")
	case !isVerifier(verifier):
		return Refuse(InvalidGrant, "The code_verifier is malformed: it has 43 to 128 characters of A-Z a-z 0-9 - . _ ~ (RFC 7636 section 4.1).")
	}
	expected := verifier
	if d.Method == methodS256 {
		sum := sha256.Sum256([]byte(verifier))
		expected = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if subtle.ConstantTimeCompare([]byte(expected), []byte(d.Challenge)) != 1 {
		return Refuse(InvalidGrant, "The code_verifier does not belong to the code_challenge (RFC 7636 section 4.6).")
	}
	return nil
}

// isVerifier tells the form of a code_verifier, and of a plain code_challenge.
func isVerifier(s string) bool {
	const least, most = 43, 128
	return len(s) >= least && len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~", r))
	})
}
