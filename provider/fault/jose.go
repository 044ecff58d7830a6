package fault

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func jose() []Fault {
	return slices.Concat(
		advised("fetches the keys once more, then refuses the token", &UnknownKeyID),
		advised(refusesToken, &ForeignKey, &TamperedSignature, &TimesAsStrings, &TimesInMilliseconds, &UnsignedTokens),
		advised(resourceRefuses, &GenericTokenType),
		advised(lenient, &UnsignedTokensAccepted, &RefreshTokenAsBearer),
		joseAccessTokens(),
	)
}

// UnknownKeyID names a key that is not published.
var UnknownKeyID = Fault{
	Name: "unknown_key_id", Clause: "RFC 7515 §4.1.4", At: []string{Token},
	Says: "names a key in kid that it does not publish",
	Sign: func(s *Signing) { s.Header["kid"] = "mockoauth-fault-no-such-key" },
}

// ForeignKey signs with a key that is not published, under the kid of one that is.
var ForeignKey = Fault{
	Name: "foreign_key", Clause: "RFC 7515 §5.2", At: []string{Token},
	Says: "signs with a key that it does not publish",
	Sign: func(s *Signing) { s.Foreign = true },
}

// TamperedSignature changes the signature of a token.
var TamperedSignature = Fault{
	Name: "tampered_signature", Clause: "RFC 7515 §5.2", At: []string{Token},
	Says: "spoils the signature of its tokens",
	Sign: func(s *Signing) { s.Tamper = spoilSignature },
}

// spoilSignature changes a character in the middle of the signature: in the last
// one some bits mean nothing.
func spoilSignature(compact string) string {
	start := strings.LastIndexByte(compact, '.') + 1
	i := start + (len(compact)-start)/2
	if i >= len(compact) {
		return compact
	}
	other := "A"
	if compact[i] == 'A' {
		other = "B"
	}
	return compact[:i] + other + compact[i+1:]
}

// times are the claims that hold a NumericDate.
func times() []string { return []string{"exp", "iat", "nbf", "auth_time"} }

// TimesAsStrings writes times as strings.
var TimesAsStrings = Fault{
	Name: "times_as_strings", Clause: "RFC 7519 §2", At: []string{Token},
	Says: "writes the times in a JWT as strings",
	Sign: func(s *Signing) {
		for _, name := range times() {
			if n, ok := wholeSeconds(s.Claims[name]); ok {
				s.Claims[name] = strconv.FormatInt(n, 10)
			}
		}
	},
}

// TimesInMilliseconds writes times in milliseconds, as JavaScript counts them.
var TimesInMilliseconds = Fault{
	Name: "times_in_milliseconds", Clause: "RFC 7519 §2", At: []string{Token},
	Says: "writes the times in a JWT in milliseconds",
	Sign: func(s *Signing) {
		for _, name := range times() {
			if n, ok := wholeSeconds(s.Claims[name]); ok {
				s.Claims[name] = n * 1000
			}
		}
	},
}

// wholeSeconds reads a claim by what it will be in JSON, whatever Go type it has.
func wholeSeconds(claim any) (int64, bool) {
	raw, err := json.Marshal(claim)
	if err != nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return int64(f), err == nil
}

// UnsignedTokens issues tokens that say they need no signature.
var UnsignedTokens = Fault{
	Name: "unsigned_tokens", Clause: "RFC 8725 §3.1", At: []string{Token},
	Says: "issues JWTs with alg none and no signature",
	Sign: func(s *Signing) { s.Header["alg"], s.Unsigned = "none", true },
}

// claimsOf is the part of a compact JWT that holds its claims, and whether its signature is empty.
func claimsOf(compact string) (claims string, unsigned bool) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return "", false
	}
	return parts[1], parts[2] == ""
}

// UnsignedTokensAccepted takes a token's claims without a signature.
var UnsignedTokensAccepted = Fault{
	Name: "unsigned_tokens_accepted", Clause: "RFC 8725 §3.1", At: []string{Token, Introspection, Verify},
	Says: "takes a JWT with alg none for one that it signed",
	Hear: func(h *Heard) {
		signed := func(token string) string {
			claims, unsigned := claimsOf(token)
			if !unsigned {
				return ""
			}
			return recalled(h.Memory, "claims "+claims)
		}
		if token := signed(h.Form().Get("token")); token != "" {
			form := h.Form()
			form.Set("token", token)
			h.SetForm(form)
		}
		if token := signed(bearerOf(h)); token != "" {
			h.Request.Header.Set("Authorization", "Bearer "+token)
		}
	},
	Say: func(s *Said) {
		token := fmt.Sprint(s.Object()["access_token"])
		if claims, unsigned := claimsOf(token); s.Heard.Endpoint == Token && claims != "" && !unsigned {
			s.Heard.Memory.Remember("claims "+claims, token)
		}
	},
}

// GenericTokenType types every token JWT, as fosite does.
var GenericTokenType = Fault{
	Name: "generic_token_type", Clause: "RFC 9068 §2.1", At: []string{Token},
	Says: "types its access tokens JWT, as any other JWT",
	Sign: func(s *Signing) { s.Header["typ"] = "JWT" },
}

// RefreshTokenAsBearer takes a refresh token for the access token that came with it.
var RefreshTokenAsBearer = Fault{
	Name: "refresh_token_as_bearer", Clause: "RFC 8725 §3.12", At: []string{Token, Verify},
	Says: "takes a refresh token in place of the access token that came with it",
	Hear: func(h *Heard) {
		noteRequest(h)
		token := bearerOf(h)
		if recalled(h.Memory, kindOf+token) == "refresh_token" {
			h.Request.Header.Set("Authorization", "Bearer "+recalled(h.Memory, siblingOf+token))
		}
	},
	Say: rememberGrant,
}
