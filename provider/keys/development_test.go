package keys_test

import (
	"crypto/rsa"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

// UPDATE_GOLDEN=1 writes the file anew. A change of it is a change of everybody's keys.
func TestDevelopmentKeysAreTheSameInEveryProcess(t *testing.T) {
	g := NewWithT(t)
	r := development(t, keys.Algs()...)
	g.Expect(r.Rotate()).To(Succeed())
	const golden = "testdata/development-rotated.jwks.json"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		g.Expect(os.WriteFile(golden, r.JWKS(), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(r.JWKS())).To(Equal(string(want)))
}

func TestDevelopmentKidsSayWhatTheyAre(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "EdDSA", "RS256", "EdDSA")
	g.Expect(r.Default()).To(Equal("EdDSA"))
	g.Expect(r.Algs()).To(Equal([]string{"EdDSA", "RS256"}))
	g.Expect(kids(r)).To(Equal([]string{"dev-eddsa-1", "dev-rs256-1"}))
	g.Expect(r.Development()).To(BeTrue())
}

func TestDevelopmentWithoutAlgorithmIsRS256(t *testing.T) {
	g := NewWithT(t)
	r := development(t)
	g.Expect(r.Algs()).To(Equal([]string{"RS256"}))
	g.Expect(signer(t, r, "").ID()).To(Equal("dev-rs256-1"))
}

func TestDevelopmentRSAKeysLookOrdinary(t *testing.T) {
	g := NewWithT(t)
	r := development(t, keys.Algs()[:6]...)
	seen := make(map[string]bool)
	for _, p := range r.Published() {
		public := p.Key.Public().(*rsa.PublicKey)
		g.Expect(public.N.BitLen()).To(Equal(2048))
		g.Expect(public.E).To(Equal(65537))
		seen[public.N.String()] = true
	}
	g.Expect(seen).To(HaveLen(6), "each algorithm has its own key (RFC 7517 §4.4 alg would not be true else)")
}

func TestEveryUnknownAlgorithmIsReported(t *testing.T) {
	for name, ring := range map[string]func(...string) (*keys.Ring, error){
		"development": keys.Development, "foreign": keys.Foreign, "random": keys.Random,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ring("RS265", "ES256", "none")
			NewWithT(t).Expect(err).To(MatchError(And(
				ContainSubstring(`"RS265" is unknown: write one of RS256, RS384`), ContainSubstring("\n"), ContainSubstring(`"none"`))))
		})
	}
}

func TestForeignKeysAreNotThoseOfTheDevelopmentRing(t *testing.T) {
	for _, alg := range keys.Algs() {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			r := development(t, alg)
			f, err := keys.Foreign(alg)
			g.Expect(err).NotTo(HaveOccurred())
			k := signer(t, f, alg)
			g.Expect(k.ID()).To(HavePrefix("foreign-"))
			g.Expect(accept(token(t, k, "{}"), f.JWKS())).To(Succeed())
			g.Expect(accept(token(t, k, "{}"), r.JWKS())).NotTo(Succeed())
			signature, err := k.Sign([]byte("x"))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(verify(alg, signer(t, r, alg).Public(), []byte("x"), signature)).NotTo(Succeed())
		})
	}
}
