package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/go-jose/go-jose/v3"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

// hashOf is 0 for EdDSA.
func hashOf(alg string) crypto.Hash {
	switch alg[2:] {
	case "256":
		return crypto.SHA256
	case "384":
		return crypto.SHA384
	case "512":
		return crypto.SHA512
	}
	return 0
}

// verify checks a JWS signature with the standard library.
func verify(alg string, public crypto.PublicKey, input, signature []byte) error {
	hash := hashOf(alg)
	digest := input
	if hash != 0 {
		h := hash.New()
		h.Write(input)
		digest = h.Sum(nil)
	}
	switch k := public.(type) {
	case *rsa.PublicKey:
		if alg[0] == 'P' {
			return rsa.VerifyPSS(k, hash, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
		return rsa.VerifyPKCS1v15(k, hash, digest, signature)
	case *ecdsa.PublicKey:
		width := (k.Curve.Params().BitSize + 7) / 8
		if len(signature) != 2*width {
			return fmt.Errorf("%d octets, not %d", len(signature), 2*width)
		}
		r, s := new(big.Int).SetBytes(signature[:width]), new(big.Int).SetBytes(signature[width:])
		if ecdsa.Verify(k, digest, r, s) {
			return nil
		}
	case ed25519.PublicKey:
		if ed25519.Verify(k, digest, signature) {
			return nil
		}
	}
	return errors.New("signature does not verify")
}

// token makes a compact JWS with the key.
func token(t *testing.T, k *keys.Key, payload string) string {
	t.Helper()
	header := fmt.Sprintf(`{"alg":%q,"kid":%q}`, k.Alg(), k.ID())
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	signature, err := k.Sign([]byte(input))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// accept verifies a compact JWS as a client does: with go-jose and the published JWKS.
func accept(jws string, jwks []byte) error {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(jwks, &set); err != nil {
		return err
	}
	parsed, err := jose.ParseSigned(jws)
	if err != nil {
		return err
	}
	header := parsed.Signatures[0].Header
	found := set.Key(header.KeyID)
	if len(found) != 1 {
		return fmt.Errorf("%d keys have kid %q", len(found), header.KeyID)
	}
	if alg := found[0].Algorithm; alg != "" && alg != header.Algorithm {
		return fmt.Errorf("the key is for %s", alg)
	}
	_, err = parsed.Verify(found[0])
	return err
}

func signer(t *testing.T, r *keys.Ring, alg string) *keys.Key {
	t.Helper()
	k, err := r.Signer(alg)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return k
}

func development(t *testing.T, algs ...string) *keys.Ring {
	t.Helper()
	r, err := keys.Development(algs...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return r
}
