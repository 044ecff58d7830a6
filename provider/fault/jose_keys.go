package fault

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

func joseKeys() []Fault {
	return slices.Concat(
		advised(refusesKeys, &KeysAsList),
		advised("reads JSON whatever it is called, or refuses the keys", &KeysAsText),
		advised(ignoresTheKey, &ShortRSAKey, &PointOffCurve),
		advised("trusts nothing that the key signs, for all the world can", &PrivateKeyPublished),
		advised("fetches the keys once more, and refuses what it cannot verify then", &OldKeyWithdrawn, &KeysStale),
	)
}

// KeysAsList sends the keys without the object around them.
var KeysAsList = Fault{
	Name: "keys_as_list", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "publishes its keys as a bare array",
	Say: func(s *Said) {
		if keys, ok := s.Object()["keys"]; ok {
			if body, err := json.Marshal(keys); err == nil {
				s.Body = body
			}
		}
	},
}

// KeysAsText sends the keys as a download.
var KeysAsText = Fault{
	Name: "keys_as_text", Clause: "RFC 7517 §8.5", At: []string{JWKS},
	Says: "publishes its keys as application/octet-stream",
	Say:  func(s *Said) { s.Header.Set("Content-Type", "application/octet-stream") },
}

// editKeys changes the list of published keys.
func editKeys(edit func(keys []any) []any) func(*Said) {
	return editServed(func(set map[string]any) {
		keys, _ := set["keys"].([]any)
		set["keys"] = edit(slices.Clone(keys))
	})
}

// PrivateKeyPublished publishes what should stay private.
var PrivateKeyPublished = Fault{
	Name: "private_key_published", Clause: "RFC 7517 §9.2", At: []string{JWKS},
	Says: "publishes the private member d of its keys",
	Say: editKeys(func(keys []any) []any {
		for _, key := range keys {
			if jwk, ok := key.(map[string]any); ok {
				jwk["d"] = "c2VjcmV0"
			}
		}
		return keys
	}),
}

// ShortRSAKey publishes an RSA key of 1024 bits beside the others.
var ShortRSAKey = Fault{
	Name: "short_rsa_key", Clause: "RFC 7518 §3.3", At: []string{JWKS},
	Says: "publishes an RSA key of 1024 bits",
	Say: editKeys(func(keys []any) []any {
		n := base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("\xc5", 128)))
		return append(keys, map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "short", "n": n, "e": "AQAB"})
	}),
}

// PointOffCurve publishes an EC key whose point is not on its curve.
var PointOffCurve = Fault{
	Name: "point_off_curve", Clause: "RFC 7518 §6.2.1", At: []string{JWKS},
	Says: "publishes an EC key whose point is not on its curve",
	Say: editKeys(func(keys []any) []any {
		one := base64.RawURLEncoding.EncodeToString(append(make([]byte, 31), 1))
		return append(keys, map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "off", "x": one, "y": one})
	}),
}

// OldKeyWithdrawn publishes no key but the one that it signed with last.
var OldKeyWithdrawn = Fault{
	Name: "old_key_withdrawn", Clause: "OpenID Connect Core §10.1.1", At: []string{Token, JWKS},
	Says: "withdraws the old key as soon as it signs with a new one",
	Say: func(s *Said) {
		if s.Heard.Endpoint == Token {
			if kid := keyIDOf(s); kid != "" {
				s.Heard.Memory.Remember("kid", kid)
			}
			return
		}
		current, known := s.Heard.Memory.Recall("kid")
		if !known {
			return
		}
		editKeys(func(keys []any) []any {
			return slices.DeleteFunc(keys, func(key any) bool {
				jwk, _ := key.(map[string]any)
				return jwk["kid"] != current
			})
		})(s)
	},
}

// keyIDOf is the kid of the access token in an answer.
func keyIDOf(s *Said) string {
	token, _ := s.Object()["access_token"].(string)
	header, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(header)
	var jose struct{ Kid string }
	if err != nil || json.Unmarshal(raw, &jose) != nil {
		return ""
	}
	return jose.Kid
}

// KeysStale publishes for ever the keys that it published first.
var KeysStale = Fault{
	Name: "keys_stale", Clause: "OpenID Connect Core §10.1.1", At: []string{JWKS},
	Says: "publishes for ever the keys that it published first",
	Say: func(s *Said) {
		if first, known := s.Heard.Memory.Recall("keys"); known {
			s.Body = []byte(first)
			return
		}
		s.Heard.Memory.Remember("keys", string(s.Body))
	},
}
