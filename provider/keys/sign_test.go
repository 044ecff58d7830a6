package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func TestSignaturesVerify(t *testing.T) {
	random, err := keys.Random(keys.Algs()...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	rings := map[string]*keys.Ring{"development": development(t, keys.Algs()...), "random": random}
	for name, ring := range rings {
		for _, alg := range keys.Algs() {
			t.Run(name+"/"+alg, func(t *testing.T) {
				g := NewWithT(t)
				k := signer(t, ring, alg)
				g.Expect(k.Alg()).To(Equal(alg))
				for i := range 5 {
					input := []byte(strings.Repeat("x", i*100))
					signature, err := k.Sign(input)
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(verify(alg, k.Public(), input, signature)).To(Succeed())
					g.Expect(verify(alg, k.Public(), append(input, '!'), signature)).NotTo(Succeed())
				}
				g.Expect(accept(token(t, k, `{"sub":"alice"}`), ring.JWKS())).To(Succeed())
			})
		}
	}
}

func TestDevelopmentRSASignaturesVerifyForRandomMessages(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, alg := range keys.Algs()[:6] {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			k := signer(t, development(t, alg), alg)
			for range 300 {
				input := make([]byte, rnd.IntN(500))
				for i := range input {
					input[i] = byte(rnd.Uint32())
				}
				signature, err := k.Sign(input)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(signature).To(HaveLen(256))
				g.Expect(verify(alg, k.Public(), input, signature)).To(Succeed(), "%x", input)
			}
		})
	}
}

// The width shows only when r or s begins with zero octets: one signature in 128 for P-256, and nearly all for P-521.
func TestECDSASignaturesHaveTheWidthOfTheCurve(t *testing.T) {
	for alg, n := range map[string]int{"ES256": 600, "ES384": 300, "ES512": 20} {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			k := signer(t, development(t, alg), alg)
			short := 0
			for i := range n {
				input := fmt.Append(nil, i)
				signature, err := k.Sign(input)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(verify(alg, k.Public(), input, signature)).To(Succeed())
				if signature[0] == 0 || signature[len(signature)/2] == 0 {
					short++
				}
			}
			g.Expect(short).To(BeNumerically(">", 0), "the case did not come up")
		})
	}
}

func TestDevelopmentSignaturesRepeat(t *testing.T) {
	for _, alg := range keys.Algs() {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			first := token(t, signer(t, development(t, alg), alg), "{}")
			g.Expect(token(t, signer(t, development(t, alg), alg), "{}")).To(Equal(first))
		})
	}
}

func TestDevelopmentRSASigningAllocatesOnlyTheSignature(t *testing.T) {
	for _, alg := range keys.Algs()[:6] {
		g := NewWithT(t)
		k := signer(t, development(t, alg), alg)
		input := make([]byte, 300)
		g.Expect(testing.AllocsPerRun(20, func() { _, _ = k.Sign(input) })).To(BeNumerically("<=", 1), alg)
	}
}

func TestOpenSSLAcceptsSignatures(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	ring := development(t, keys.Algs()...)
	for _, alg := range keys.Algs() {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			k := signer(t, ring, alg)
			input := []byte("header.payload")
			signature, err := k.Sign(input)
			g.Expect(err).NotTo(HaveOccurred())
			der, err := x509.MarshalPKIXPublicKey(k.Public())
			g.Expect(err).NotTo(HaveOccurred())
			public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
			g.Expect(os.WriteFile(path("key"), public, 0o600)).To(Succeed())
			g.Expect(os.WriteFile(path("input"), input, 0o600)).To(Succeed())
			g.Expect(os.WriteFile(path("signature"), asOpenSSL(k.Public(), signature), 0o600)).To(Succeed())

			args := []string{"pkeyutl", "-verify", "-pubin", "-inkey", path("key"), "-rawin", "-in", path("input"), "-sigfile", path("signature")}
			if hash := hashOf(alg); hash != 0 {
				args = append(args, "-digest", strings.ToLower(strings.ReplaceAll(hash.String(), "-", "")))
			}
			if alg[0] == 'P' {
				args = append(args, "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest")
			}
			out, err := exec.Command(openssl, args...).CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%s", out)
		})
	}
}

// asOpenSSL turns r || s back into DER.
func asOpenSSL(public crypto.PublicKey, signature []byte) []byte {
	if _, ok := public.(*ecdsa.PublicKey); !ok {
		return signature
	}
	half := len(signature) / 2
	der, _ := asn1.Marshal([]*big.Int{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
	return der
}
