package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/json" // unlike encoding/json: member names are case-sensitive and unique
)

// members are those of a JWK that decide whether it can be a signing key before it is parsed.
type members struct {
	Kty string          `json:"kty"`
	Crv string          `json:"crv"`
	Use string          `json:"use"`
	Kid string          `json:"kid"`
	Ops []string        `json:"key_ops"`
	D   json.RawMessage `json:"d"`
	Oth json.RawMessage `json:"oth"`
}

func readJSON(data []byte) (found []candidate, problems []error) {
	var set struct {
		Keys *[]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil {
		return nil, []error{fmt.Errorf("the keys are not valid JSON: %w: write a JWKS or a private JWK", err)}
	}
	addresses, keys := []string{"the JWK"}, []json.RawMessage{data}
	if set.Keys != nil {
		addresses, keys = nil, *set.Keys
		for i := range keys {
			addresses = append(addresses, fmt.Sprintf("keys[%d]", i))
		}
	}
	if len(keys) == 0 {
		return nil, []error{errors.New(`the JWKS has no keys: write at least one private JWK into "keys"`)}
	}
	for i, raw := range keys {
		c, wrong := readJWK(addresses[i], raw)
		if len(wrong) == 0 {
			found = append(found, c)
		}
		problems = append(problems, wrong...)
	}
	return found, problems
}

func readJWK(at string, raw []byte) (candidate, []error) {
	var m members
	if err := json.Unmarshal(raw, &m); err != nil {
		return candidate{}, []error{fmt.Errorf("%s: not a JWK: %w: write the members as RFC 7517 §4 has them", at, err)}
	}
	if m.Kid != "" {
		at = fmt.Sprintf("%s (kid %q)", at, m.Kid)
	}
	var problems []error
	for _, p := range m.problems() {
		problems = append(problems, fmt.Errorf("%s: %s", at, p))
	}
	if len(problems) > 0 {
		return candidate{}, problems
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(raw); err != nil {
		return candidate{}, []error{fmt.Errorf("%s: %s: write the complete private JWK", at, plain(err))}
	}
	private, err := consistent(jwk.Key)
	if err != nil {
		return candidate{}, []error{fmt.Errorf("%s: %w: write the members of one key", at, err)}
	}
	return candidate{at: at, id: jwk.KeyID, alg: jwk.Algorithm, private: private}, nil
}

// problems tells why these members cannot be a signing key.
func (m *members) problems() (list []string) {
	switch {
	case m.Kty == "oct":
		return []string{`a symmetric key (kty "oct") cannot be published: write a private RSA, EC or OKP key`}
	case m.Kty == "EC" && curve(m.Crv) == nil:
		list = append(list, fmt.Sprintf("crv %q is unknown for EC: write P-256, P-384 or P-521", m.Crv))
	case m.Kty == "OKP" && m.Crv != familyEd25519:
		list = append(list, fmt.Sprintf("crv %q is unknown for OKP: write Ed25519", m.Crv))
	case m.Kty != "RSA" && m.Kty != "EC" && m.Kty != "OKP":
		return []string{fmt.Sprintf("kty %q is unknown: write RSA, EC or OKP", m.Kty)}
	}
	if m.D == nil {
		list = append(list, `a public key cannot sign: write the private one, with "d"`)
	}
	if m.Oth != nil {
		list = append(list, `more than two primes ("oth") are not supported: write a key with p and q only`)
	}
	if m.Use != "" && m.Use != "sig" {
		list = append(list, fmt.Sprintf(`use is %q: write "sig", or leave it out`, m.Use))
	}
	if m.Ops != nil && !slices.Contains(m.Ops, "sign") {
		list = append(list, fmt.Sprintf(`key_ops is %q: write ["sign"], or leave it out`, m.Ops))
	}
	return list
}

// consistent returns the key ready to sign, after checking what go-jose takes on trust: that the public members belong
// to the private ones. Signatures that nobody can verify would be the result.
func consistent(key any) (crypto.Signer, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		k.Precomputed = rsa.PrecomputedValues{}
		k.Precompute()
		return k, k.Validate()
	case *ecdsa.PrivateKey:
		scalar, err := k.Bytes()
		if err != nil {
			return nil, plain(err)
		}
		private, err := ecdsa.ParseRawPrivateKey(k.Curve, scalar)
		if err != nil {
			return nil, plain(err)
		}
		if !private.PublicKey.Equal(&k.PublicKey) {
			return nil, errors.New("x and y are not those of d")
		}
		return private, nil
	case ed25519.PrivateKey:
		private := ed25519.NewKeyFromSeed(k.Seed())
		if !private.Equal(k) {
			return nil, errors.New("x is not that of d")
		}
		return private, nil
	}
	return nil, fmt.Errorf("a %T cannot sign", key)
}

// plain takes the library's name off an error: it is the key that is wrong.
func plain(err error) error {
	text := err.Error()
	for _, prefix := range []string{"go-jose/go-jose: ", "crypto/ecdsa: ", "crypto/rsa: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return errors.New(text)
}
