package keys_test

import (
	"encoding/json"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func kids(r *keys.Ring) []string {
	var list []string
	for _, p := range r.Published() {
		list = append(list, p.Key.ID())
	}
	return list
}

func TestJWKSHasPublicMembersOnly(t *testing.T) {
	random, err := keys.Random(keys.Algs()...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for name, ring := range map[string]*keys.Ring{"development": development(t, keys.Algs()...), "random": random} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var set struct{ Keys []map[string]string }
			g.Expect(json.Unmarshal(ring.JWKS(), &set)).To(Succeed())
			g.Expect(set.Keys).To(HaveLen(len(kids(ring))))
			for _, k := range set.Keys {
				g.Expect(k).To(HaveKeyWithValue("use", "sig"))
				g.Expect(k["kid"]).NotTo(BeEmpty())
				// RFC 7517 §9.2, RFC 7518 §6.2.2, §6.3.2, §6.4.1.
				for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
					g.Expect(k).NotTo(HaveKey(private))
				}
			}
		})
	}
}

func TestJWKIsTheOneOfTheJWKS(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "ES256")
	jwk, err := json.Marshal(signer(t, r, "").JWK())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(r.JWKS())).To(Equal(`{"keys":[` + string(jwk) + `]}`))
	g.Expect(string(jwk)).To(ContainSubstring(`"alg":"ES256"`))
}

func TestJWKSIsMadeOncePerChange(t *testing.T) {
	g := NewWithT(t)
	r := development(t, keys.Algs()...)
	first := r.JWKS()
	g.Expect(&r.JWKS()[0]).To(BeIdenticalTo(&first[0]))
	g.Expect(r.Rotate()).To(Succeed())
	g.Expect(r.JWKS()).NotTo(Equal(first))
}

func TestSignerSaysWhichAlgorithmsThereAre(t *testing.T) {
	_, err := development(t, "ES256", "RS256").Signer("PS256")
	NewWithT(t).Expect(err).To(MatchError(`signing algorithm "PS256": no key for it, only for ES256, RS256`))
}

func TestRotationKeepsOldKeysPublished(t *testing.T) {
	random, err := keys.Random("RS256", "PS256", "EdDSA")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for name, r := range map[string]*keys.Ring{"development": development(t, "RS256", "PS256", "EdDSA"), "random": random} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			old := make(map[string]*keys.Key)
			for _, alg := range r.Algs() {
				old[alg] = signer(t, r, alg)
			}
			before := kids(r)
			g.Expect(r.Rotate()).To(Succeed())
			g.Expect(kids(r)[len(before):]).To(Equal(before), "new keys come first")
			g.Expect(r.Algs()).To(Equal([]string{"RS256", "PS256", "EdDSA"}))
			for alg, k := range old {
				current := signer(t, r, alg)
				g.Expect(current.ID()).NotTo(Equal(k.ID()))
				g.Expect(current.Alg()).To(Equal(alg))
				g.Expect(current.Public()).NotTo(Equal(k.Public()))
				g.Expect(accept(token(t, current, "{}"), r.JWKS())).To(Succeed())
				g.Expect(accept(token(t, k, "{}"), r.JWKS())).To(Succeed())
				public, ok := r.Public(k.ID())
				g.Expect(ok).To(BeTrue())
				g.Expect(public).To(Equal(k.Public()))
			}
		})
	}
}

func TestRotationIsBounded(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "ES256")
	for range 150 {
		g.Expect(r.Rotate()).To(Succeed())
	}
	list := kids(r)
	g.Expect(list).To(HaveLen(100))
	g.Expect(list[0]).To(Equal("dev-es256-151"))
	g.Expect(list[99]).To(Equal("dev-es256-52"))
}

func TestRetireTakesOldKeysOnly(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "RS256")
	old := signer(t, r, "")
	g.Expect(r.Retire("dev-rs256-1")).To(MatchError(`retire "dev-rs256-1": it still signs RS256, rotate first`))
	g.Expect(r.Retire("else")).To(MatchError(`retire "else": no key has that kid`))
	g.Expect(r.Rotate()).To(Succeed())
	g.Expect(r.Retire("dev-rs256-1")).To(Succeed())
	g.Expect(kids(r)).To(Equal([]string{"dev-rs256-2"}))
	g.Expect(accept(token(t, old, "{}"), r.JWKS())).NotTo(Succeed())
	_, ok := r.Public("dev-rs256-1")
	g.Expect(ok).To(BeFalse())
}

func TestKeyFindsWhatIsPublished(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "RS256", "ES256")
	g.Expect(r.Rotate()).To(Succeed())
	k, ok := r.Key("dev-es256-1")
	g.Expect(ok).To(BeTrue())
	g.Expect(k.Alg()).To(Equal("ES256"))
	g.Expect(accept(token(t, k, "{}"), r.JWKS())).To(Succeed())
	_, ok = r.Key("dev-es256-3")
	g.Expect(ok).To(BeFalse())
}

func TestClonesRotateOnTheirOwn(t *testing.T) {
	g := NewWithT(t)
	r := development(t, "RS256")
	c := r.Clone()
	g.Expect(c.Rotate()).To(Succeed())
	g.Expect(kids(r)).To(Equal([]string{"dev-rs256-1"}))
	g.Expect(kids(c)).To(Equal([]string{"dev-rs256-2", "dev-rs256-1"}))
	g.Expect(c.Development()).To(BeTrue())
}

func TestRandomKeysAreSecretAndDiffer(t *testing.T) {
	g := NewWithT(t)
	a, err := keys.Random("ES256")
	g.Expect(err).NotTo(HaveOccurred())
	b, err := keys.Random("ES256")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(a.Development()).To(BeFalse())
	g.Expect(a.JWKS()).NotTo(Equal(b.JWKS()))
}

func TestWhatSignsIsPublishedUnderConcurrency(t *testing.T) {
	r := development(t, "RS256", "ES256", "EdDSA")
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			g := NewWithT(t)
			for range 20 {
				k, err := r.Signer(r.Algs()[i%3])
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(accept(token(t, k, "{}"), r.JWKS())).To(Succeed())
			}
		})
	}
	group.Go(func() {
		for range 10 {
			NewWithT(t).Expect(r.Rotate()).To(Succeed())
		}
	})
	group.Go(func() {
		for range 20 {
			g, c := NewWithT(t), r.Clone()
			kid := kids(c)[0]
			g.Expect(c.Rotate()).To(Succeed())
			g.Expect(c.Retire(kid)).To(Succeed())
		}
	})
	group.Wait()
}
