package check_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// signer is a key with its JWK, and how it signs a token in compact form.
type signer struct {
	jwk  map[string]any
	alg  string
	sign func(digest [32]byte, signed string) []byte
}

func signers(t *testing.T) map[string]signer {
	t.Helper()
	g := NewWithT(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	g.Expect(err).NotTo(HaveOccurred())
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	edPublic, edKey, err := ed25519.GenerateKey(rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	point, err := ecKey.PublicKey.Bytes()
	g.Expect(err).NotTo(HaveOccurred())
	return map[string]signer{
		"RS256": {
			map[string]any{"kty": "RSA", "n": b64(rsaKey.N.Bytes()), "e": b64(big.NewInt(int64(rsaKey.E)).Bytes())}, "RS256",
			func(digest [32]byte, _ string) []byte {
				signature, err := rsa.SignPKCS1v15(nil, rsaKey, crypto.SHA256, digest[:])
				g.Expect(err).NotTo(HaveOccurred())
				return signature
			},
		},
		"ES256": {
			map[string]any{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}, "ES256",
			func(digest [32]byte, _ string) []byte {
				r, s, err := ecdsa.Sign(rand.Reader, ecKey, digest[:])
				g.Expect(err).NotTo(HaveOccurred())
				return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
			},
		},
		"EdDSA": {
			map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(edPublic)}, "EdDSA",
			func(_ [32]byte, signed string) []byte { return ed25519.Sign(edKey, []byte(signed)) },
		},
	}
}

func (s signer) token(header string) string {
	signed := b64([]byte(header)) + "." + b64([]byte(`{"sub":"alice"}`))
	return signed + "." + b64(s.sign(sha256.Sum256([]byte(signed)), signed))
}

// Each algorithm verifies its own tokens, and nobody else's.
func TestVerifyJWS(t *testing.T) {
	t.Parallel()
	all := signers(t)
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			good := s.token(`{"alg":"` + s.alg + `"}`)
			jwk, err := check.VerifyJWS(good, []map[string]any{s.jwk})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(jwk).To(Equal(s.jwk))

			for what, token := range map[string]string{
				"another token's signature": good[:len(good)-8] + "AAAAAAAA",
				"no signature":              good[:strings.LastIndexByte(good, '.')+1],
				"alg none":                  s.token(`{"alg":"none"}`),
				"no alg":                    s.token(`{}`),
				"alg of another key type":   s.token(`{"alg":"HS256"}`),
				"alg of no hash":            s.token(`{"alg":"RS999"}`),
				"no JWT":                    "x",
				"an unknown kid":            s.token(`{"alg":"` + s.alg + `","kid":"nobody's"}`),
			} {
				_, err := check.VerifyJWS(token, []map[string]any{s.jwk})
				g.Expect(err).To(HaveOccurred(), what)
			}
			for other, o := range all {
				if other != name {
					_, err := check.VerifyJWS(good, []map[string]any{o.jwk})
					g.Expect(err).To(HaveOccurred(), "the key of "+other)
				}
			}
			_, err = check.VerifyJWS(good, []map[string]any{s.jwk, s.jwk})
			g.Expect(err).To(HaveOccurred(), "which of two keys, it does not say")
		})
	}
}

func TestPublicKeyRefusesUnsoundKeys(t *testing.T) {
	t.Parallel()
	one := b64(append(make([]byte, 31), 1))
	for name, jwk := range map[string]map[string]any{
		"of no type":            {},
		"of an unknown type":    {"kty": "PQ"},
		"RSA without n":         {"kty": "RSA", "e": "AQAB"},
		"RSA without e":         {"kty": "RSA", "n": "AQAB"},
		"RSA with a huge e":     {"kty": "RSA", "n": "AQAB", "e": one + one},
		"EC of another curve":   {"kty": "EC", "crv": "P-0", "x": one, "y": one},
		"EC off its curve":      {"kty": "EC", "crv": "P-256", "x": one, "y": one},
		"EC without y":          {"kty": "EC", "crv": "P-256", "x": one},
		"OKP of another curve":  {"kty": "OKP", "crv": "X25519", "x": one},
		"OKP of another length": {"kty": "OKP", "crv": "Ed25519", "x": "AQAB"},
		"OKP with padding":      {"kty": "OKP", "crv": "Ed25519", "x": one + "="},
	} {
		_, err := check.PublicKey(jwk)
		NewWithT(t).Expect(err).To(HaveOccurred(), name)
	}
}
