package fault

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

func joseKeySets() []Fault {
	return slices.Concat(
		advised(refusesKeys,
			&KeysEmpty, &KeysMissing, &KeysGarbage, &KeysAsPage, &KeysCutShort, &KeysUnavailable, &KeysInternalError, &KeysNotFound, &KeysDropped),
		advised("bounds what it reads and how long it waits, and reports it", &KeysEndless, &KeysDelayed),
		advised("may follow to the same host by https, and to no other", &KeysRedirected, &KeysRedirectedElsewhere, &KeysRedirectedPlainly),
		advised(ignoresTheKey,
			&UnknownKeyTypePublished, &UnknownCurvePublished, &UnknownUsePublished, &MalformedKeyPublished, &SymmetricKeyPublished, &RSAExponentOne,
			&EncryptionKeyOfSameID, &KeyOfNumberID),
		advised("uses keys that do not say what they are for, where kid or alg fits", &KeysBare),
		advised("fetches the keys once more, and refuses what it cannot verify then", &KeysUnderOtherIDs, &KeysForEncryptionOnly),
		advised("fetches the keys once more when it meets a kid that it does not know", &NewKeyPublishedLate),
		advised("keeps the keys as long as it sees fit, and does not ask for each token", &KeysUncacheable),
	)
}

// withKey publishes one key more, before the others.
func withKey(key map[string]any) func(*Said) {
	return editKeys(func(keys []any) []any { return slices.Concat([]any{key}, keys) })
}

// eachKey changes every published key.
func eachKey(edit func(i int, key map[string]any)) func(*Said) {
	return editKeys(func(keys []any) []any {
		for i, key := range keys {
			if jwk, ok := key.(map[string]any); ok {
				edit(i, jwk)
			}
		}
		return keys
	})
}

// KeysEmpty publishes none.
var KeysEmpty = Fault{
	Name: "keys_empty", Clause: "RFC 8414 §2", At: []string{JWKS},
	Says: "publishes an empty list of keys",
	Say:  editKeys(func([]any) []any { return []any{} }),
}

// KeysMissing publishes an object without keys.
var KeysMissing = Fault{
	Name: "keys_missing", Clause: "RFC 7517 §5.1", At: []string{JWKS},
	Says: "publishes an empty object for its keys",
	Say:  replaceText("{}"),
}

// KeysGarbage publishes no JSON.
var KeysGarbage = Fault{
	Name: "keys_garbage", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "publishes bytes for its keys that are no JSON",
	Say:  replaceText("{\"keys\":[\x00\xff\xfe"),
}

// KeysAsPage publishes a page.
var KeysAsPage = Fault{
	Name: "keys_as_page", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "answers 200 and a page for its keys",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "text/html; charset=utf-8"),
}

// KeysCutShort ends in the middle, as if that were all.
var KeysCutShort = Fault{
	Name: "keys_cut_short", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "sends the first half of its keys, and says that it is the whole",
	Say:  editText(half),
}

// KeysUnavailable is down.
var KeysUnavailable = Fault{
	Name: "keys_unavailable", Clause: "RFC 9110 §15.6.4", At: []string{JWKS},
	Says: "answers 503 for its keys",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}

// KeysInternalError breaks.
var KeysInternalError = Fault{
	Name: "keys_internal_error", Clause: "RFC 9110 §15.6.1", At: []string{JWKS},
	Says: "answers 500 for its keys",
	Wire: page(http.StatusInternalServerError),
}

// KeysNotFound has none where it says.
var KeysNotFound = Fault{
	Name: "keys_not_found", Clause: "RFC 8414 §2", At: []string{JWKS},
	Says: "answers 404 for its keys",
	Wire: page(http.StatusNotFound),
}

// KeysDropped hangs up.
var KeysDropped = Fault{
	Name: "keys_dropped", Clause: "RFC 9112 §9.6", At: []string{JWKS},
	Says: "closes the connection when it is asked for its keys",
	Wire: Drop(),
}

// KeysEndless does not come to an end.
var KeysEndless = Fault{
	Name: "keys_endless", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "sends JSON for its keys that does not end before 50 MB",
	Wire: endless(),
}

// KeysDelayed takes its time, by the provider's clock.
var KeysDelayed = Fault{
	Name: "keys_delayed", Clause: "RFC 9110 §15.6.5", At: []string{JWKS},
	Says: "sends its keys after two minutes",
	Wire: Delay(2 * time.Minute),
}

// KeysRedirected sends a client on to where the keys are.
var KeysRedirected = Fault{
	Name: "keys_redirected", Clause: "RFC 8414 §2", At: []string{JWKS},
	Says: "answers 302 for its keys, to where they are",
	Wire: redirected(http.StatusFound),
}

// KeysRedirectedElsewhere sends a client on to another host.
var KeysRedirectedElsewhere = Fault{
	Name: "keys_redirected_elsewhere", Clause: "RFC 8414 §2", At: []string{JWKS},
	Says: "answers 302 for its keys, to https://elsewhere.example",
	Wire: redirectedTo(http.StatusFound, elsewhere),
}

// KeysRedirectedPlainly sends a client on to where anybody on the way can change them.
var KeysRedirectedPlainly = Fault{
	Name: "keys_redirected_plainly", Clause: "RFC 8414 §2", At: []string{JWKS},
	Says: "answers 302 for its keys, to the same host by http",
	Wire: redirectedTo(http.StatusFound, plainly),
}

// UnknownKeyTypePublished publishes a key of a type to come.
var UnknownKeyTypePublished = Fault{
	Name: "unknown_key_type_published", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "publishes a key of a type that nobody knows before the others",
	Say:  withKey(map[string]any{"kty": "LATTICE", "kid": "unknown-type", "use": "sig", "alg": "LX512", "pub": "AQAB"}),
}

// UnknownCurvePublished publishes a key on a curve to come.
var UnknownCurvePublished = Fault{
	Name: "unknown_curve_published", Clause: "RFC 7517 §5", At: []string{JWKS},
	Says: "publishes an EC key on a curve that nobody knows before the others",
	Say:  withKey(map[string]any{"kty": "EC", "crv": "P-1024", "kid": "unknown-curve", "use": "sig", "x": "AQAB", "y": "AQAB"}),
}

// UnknownUsePublished publishes a key for a use to come.
var UnknownUsePublished = Fault{
	Name: "unknown_use_published", Clause: "RFC 7517 §4.2", At: []string{JWKS},
	Says: "publishes a key for a use that nobody knows before the others",
	Say:  withKey(map[string]any{"kty": "OKP", "crv": "Ed25519", "kid": "unknown-use", "use": "seal", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
}

// MalformedKeyPublished publishes a key that is none.
var MalformedKeyPublished = Fault{
	Name: "malformed_key_published", Clause: "RFC 7518 §6.3.1", At: []string{JWKS},
	Says: "publishes an RSA key with broken base64 before the others",
	Say:  withKey(map[string]any{"kty": "RSA", "kid": "malformed", "use": "sig", "alg": "RS256", "n": "%%%not base64%%%", "e": 65537}),
}

// SymmetricKeyPublished publishes a secret.
var SymmetricKeyPublished = Fault{
	Name: "symmetric_key_published", Clause: "RFC 7517 §9.2", At: []string{JWKS},
	Says: "publishes a symmetric key before the others",
	Say:  withKey(map[string]any{"kty": "oct", "kid": "symmetric", "use": "sig", "alg": "HS256", "k": "c2VjcmV0LXRoYXQtaXMtbm9uZS1hdC1hbGwtYW55bW9yZQ"}),
}

// RSAExponentOne publishes an RSA key under which every message is its own signature.
var RSAExponentOne = Fault{
	Name: "rsa_exponent_one", Clause: "RFC 7518 §6.3.1.2", At: []string{JWKS},
	Says: "publishes its RSA keys with the exponent 1",
	Say: eachKey(func(_ int, key map[string]any) {
		if key["kty"] == "RSA" {
			key["e"] = "AQ"
		}
	}),
}

// EncryptionKeyOfSameID publishes a key to encrypt by, under the kid of one that signs.
var EncryptionKeyOfSameID = Fault{
	Name: "encryption_key_of_same_id", Clause: "RFC 7517 §4.5", At: []string{JWKS},
	Says: "publishes another key for encryption under the same kid before each key",
	Say: editKeys(func(keys []any) []any {
		var both []any
		for _, key := range keys {
			if jwk, ok := key.(map[string]any); ok {
				both = append(both, map[string]any{
					"kty": "EC", "crv": "P-256", "use": "enc", "alg": "ECDH-ES", "kid": jwk["kid"], // RFC 7515 App. A.3
					"x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
				})
			}
			both = append(both, key)
		}
		return both
	}),
}

// KeyOfNumberID publishes a key whose kid is a number.
var KeyOfNumberID = Fault{
	Name: "key_of_number_id", Clause: "RFC 7517 §4.5", At: []string{JWKS},
	Says: "publishes a key whose kid is a number before the others",
	Say:  withKey(map[string]any{"kty": "OKP", "crv": "Ed25519", "kid": 7, "use": "sig", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
}

// KeysBare publishes keys and nothing about them, as it may.
var KeysBare = Fault{
	Name: "keys_bare", Clause: "RFC 7517 §4.5", At: []string{JWKS},
	Says: "publishes its keys without use, alg and kid",
	Say: eachKey(func(_ int, key map[string]any) {
		for _, name := range []string{"use", "alg", "kid"} {
			delete(key, name)
		}
	}),
}

// KeysUnderOtherIDs mixes up which key has which kid.
var KeysUnderOtherIDs = Fault{
	Name: "keys_under_other_ids", Clause: "RFC 7515 §4.1.4", At: []string{JWKS},
	Says: "publishes each key under the kid of the next; an only key under another kid",
	Say: editKeys(func(keys []any) []any {
		ids := make([]any, len(keys))
		for i, key := range keys {
			jwk, _ := key.(map[string]any)
			ids[i] = jwk["kid"]
		}
		if len(ids) == 1 {
			ids[0] = "mockoauth-fault-no-such-key"
		}
		for i, key := range keys {
			if jwk, ok := key.(map[string]any); ok {
				jwk["kid"] = ids[(i+1)%len(ids)]
			}
		}
		return keys
	}),
}

// KeysForEncryptionOnly publishes its signing keys for encryption.
var KeysForEncryptionOnly = Fault{
	Name: "keys_for_encryption_only", Clause: "RFC 7517 §4.2", At: []string{JWKS},
	Says: "publishes its keys with the use enc",
	Say:  eachKey(func(_ int, key map[string]any) { key["use"] = "enc" }),
}

// NewKeyPublishedLate publishes its keys from the second time on that it is asked, as
// caches between a provider and its clients do after a rotation.
var NewKeyPublishedLate = Fault{
	Name: "new_key_published_late", Clause: "OpenID Connect Core §10.1.1", At: []string{JWKS},
	Says: "publishes other kids the first time that it is asked for its keys, and the right ones from then on",
	Say: func(s *Said) {
		if _, asked := s.Heard.Memory.Recall("asked"); asked {
			return
		}
		s.Heard.Memory.Remember("asked", "yes")
		eachKey(func(i int, key map[string]any) { key["kid"] = "mockoauth-fault-old-key-" + strconv.Itoa(i) })(s)
	},
}

// KeysUncacheable has its keys fetched for each token.
var KeysUncacheable = Fault{
	Name: "keys_uncacheable", Clause: "OpenID Connect Core §10.1.1", At: []string{JWKS},
	Says: "forbids caches to keep its keys",
	Say: func(s *Said) {
		s.Header.Set("Cache-Control", "no-store")
		s.Header.Del("Expires")
		s.Header.Del("ETag")
	},
}
