package keys_test

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func must(t *testing.T, err error) {
	t.Helper()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
}

func add(t *testing.T, r *keys.Ring, alg string) (kid string) {
	t.Helper()
	kid, err := r.Add(alg)
	must(t, err)
	return kid
}

// shown is a ring in a line: each kid, what it signs in brackets, and > when it waits to sign.
func shown(r *keys.Ring) string {
	var words []string
	for _, p := range r.Published() {
		word := strings.TrimPrefix(p.Key.ID(), "dev-")
		if len(p.Signs) > 0 {
			word += "[" + strings.Join(p.Signs, " ") + "]"
		}
		if p.Next {
			word += ">"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestChangesOfARing(t *testing.T) {
	t.Parallel()
	const begin = "eddsa-1[EdDSA] es256-1[ES256]"
	for name, c := range map[string]struct {
		change func(*testing.T, *keys.Ring)
		want   string
	}{
		"a rotation makes new keys": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Rotate()) },
			"eddsa-2[EdDSA] es256-2[ES256] eddsa-1 es256-1",
		},
		"successors are published last and do not sign": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Publish()) },
			begin + " eddsa-2> es256-2>",
		},
		"publishing twice is publishing once": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Publish()); must(t, r.Publish()) },
			begin + " eddsa-2> es256-2>",
		},
		"a rotation takes successors into use": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Publish()); must(t, r.Rotate()) },
			"eddsa-2[EdDSA] es256-2[ES256] eddsa-1 es256-1",
		},
		"the next rotation makes keys again": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Publish()); must(t, r.Rotate()); must(t, r.Rotate()) },
			"eddsa-3[EdDSA] es256-3[ES256] eddsa-2 es256-2 eddsa-1 es256-1",
		},
		"a retired successor is made again by publishing": {
			func(t *testing.T, r *keys.Ring) {
				must(t, r.Publish())
				must(t, r.Retire("dev-eddsa-2"))
				must(t, r.Publish())
			},
			begin + " es256-2> eddsa-3>",
		},
		"a retired successor is made again by a rotation": {
			func(t *testing.T, r *keys.Ring) {
				must(t, r.Publish())
				must(t, r.Retire("dev-eddsa-2"))
				must(t, r.Rotate())
			},
			"eddsa-3[EdDSA] es256-2[ES256] eddsa-1 es256-1",
		},
		"a key added where there is one stands beside it": {
			func(t *testing.T, r *keys.Ring) { add(t, r, "EdDSA") },
			begin + " eddsa-2",
		},
		"a key added where there is none signs": {
			func(t *testing.T, r *keys.Ring) { add(t, r, "ES384") },
			begin + " es384-1[ES384]",
		},
		"the newest added key comes first, after those that sign and before successors": {
			func(t *testing.T, r *keys.Ring) {
				must(t, r.Publish())
				add(t, r, "EdDSA")
				add(t, r, "EdDSA")
				add(t, r, "ES384")
			},
			begin + " es384-1[ES384] eddsa-4 eddsa-3 eddsa-2> es256-2>",
		},
		"publishing completes what waits already": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Publish()); add(t, r, "ES384"); must(t, r.Publish()) },
			begin + " es384-1[ES384] eddsa-2> es256-2> es384-2>",
		},
		"a rotation leaves added keys alone, and follows those that sign": {
			func(t *testing.T, r *keys.Ring) { add(t, r, "EdDSA"); add(t, r, "ES384"); must(t, r.Rotate()) },
			"eddsa-3[EdDSA] es256-2[ES256] es384-2[ES384] eddsa-1 es256-1 es384-1 eddsa-2",
		},
		"an added key is retired, and its kid does not come again": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Retire(add(t, r, "EdDSA"))); must(t, r.Publish()) },
			begin + " eddsa-3> es256-2>",
		},
		"a reset goes back to the beginning": {
			func(t *testing.T, r *keys.Ring) {
				must(t, r.Rotate())
				must(t, r.Retire("dev-es256-1"))
				must(t, r.Publish())
				add(t, r, "ES384")
				r.Reset()
			},
			begin,
		},
		"the same keys come after a reset": {
			func(t *testing.T, r *keys.Ring) { must(t, r.Rotate()); r.Reset(); must(t, r.Publish()) },
			begin + " eddsa-2> es256-2>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, r := NewWithT(t), development(t, "EdDSA", "ES256")
			before := r.Clone()
			c.change(t, r)
			g.Expect(shown(r)).To(Equal(c.want))
			g.Expect(r.Default()).To(Equal("EdDSA"))
			verifies(t, r)
			g.Expect(shown(before)).To(Equal(begin), "a clone goes its own way")
		})
	}
}

// verifies checks that what a ring signs is accepted by its JWKS, for all its algorithms.
func verifies(t *testing.T, r *keys.Ring) {
	t.Helper()
	for _, alg := range r.Algs() {
		k := signer(t, r, alg)
		NewWithT(t).Expect(k.Alg()).To(Equal(alg))
		must(t, accept(token(t, k, "{}"), r.JWKS()))
	}
}

func TestEveryKindOfRingChangesAlike(t *testing.T) {
	t.Parallel()
	m := newMaterial(t)
	random, err := keys.Random("RS256", "PS256", "EdDSA")
	must(t, err)
	parsed, err := keys.Parse([]byte(jwks(m.jwk(m.rsa, nil), m.jwk(m.ed, nil))), "")
	must(t, err)
	for name, r := range map[string]*keys.Ring{
		"development": development(t, "RS256", "PS256", "EdDSA"), "random": random, "parsed": parsed,
		"seeded": seeded(t, 1, "RS256", "PS256", "EdDSA"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			begin := r.JWKS()
			must(t, r.Publish())
			var next []*keys.Key
			for _, p := range r.Published() {
				if p.Next {
					g.Expect(p.Signs).To(BeEmpty())
					next = append(next, p.Key)
				}
			}
			beside := add(t, r, "EdDSA")
			current := add(t, r, "ES512")
			g.Expect(signer(t, r, "ES512").ID()).To(Equal(current))
			g.Expect(signer(t, r, "EdDSA").ID()).NotTo(Equal(beside))
			g.Expect(r.Algs()).To(ContainElement("ES512"))

			waiting := r.JWKS()
			must(t, r.Rotate())
			for _, k := range next {
				g.Expect(signer(t, r, k.Alg()).ID()).To(Equal(k.ID()), "what was published before use")
				must(t, accept(token(t, k, "{}"), waiting))
			}
			g.Expect(signer(t, r, "ES512").ID()).NotTo(Equal(current))
			k, ok := r.Key(beside)
			g.Expect(ok).To(BeTrue())
			must(t, accept(token(t, k, "{}"), r.JWKS()))
			verifies(t, r)

			c := r.Clone()
			must(t, c.Rotate())
			c.Reset()
			g.Expect(c.JWKS()).To(Equal(r.JWKS()), "a clone goes back to what it began with")
			r.Reset()
			g.Expect(r.JWKS()).To(Equal(begin))
			g.Expect(r.Algs()).NotTo(ContainElement("ES512"))
			_, err := r.Signer("ES512")
			g.Expect(err).To(HaveOccurred())
		})
	}
}

func TestWhatAddAndRetireRefuse(t *testing.T) {
	t.Parallel()
	g, r := NewWithT(t), development(t, "EdDSA", "ES256")
	for _, alg := range []string{"", "none", "es256"} {
		_, err := r.Add(alg)
		g.Expect(err).To(MatchError(And(HavePrefix("add a key: signing algorithm \""+alg+"\" is unknown"), ContainSubstring("EdDSA"))))
	}
	must(t, r.Publish())
	g.Expect(r.Retire("dev-eddsa-1")).To(MatchError(`retire "dev-eddsa-1": it still signs EdDSA, rotate first`))
	must(t, r.Retire("dev-eddsa-2"))
	g.Expect(r.Retire("dev-eddsa-2")).To(MatchError(`retire "dev-eddsa-2": no key has that kid`))
	g.Expect(shown(r)).To(Equal("eddsa-1[EdDSA] es256-1[ES256] es256-2>"))
}

// The oldest leave, but never a key that signs or is about to.
func TestEveryChangeIsBounded(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *keys.Ring){
		"rotations": func(t *testing.T, r *keys.Ring) { must(t, r.Rotate()) },
		"additions": func(t *testing.T, r *keys.Ring) { add(t, r, "ES256") },
		"successors": func(t *testing.T, r *keys.Ring) {
			must(t, r.Publish())
			must(t, r.Rotate())
			must(t, r.Publish())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, r := NewWithT(t), development(t, "EdDSA", "ES256")
			oldest := add(t, r, "EdDSA")
			must(t, r.Publish())
			for range 150 {
				change(t, r)
				g.Expect(len(r.Published())).To(BeNumerically("<=", 100))
			}
			g.Expect(kids(r)).To(HaveLen(100))
			g.Expect(kids(r)).NotTo(ContainElement(oldest))
			newest := add(t, r, "EdDSA")
			must(t, r.Publish())
			g.Expect(kids(r)).To(HaveLen(100))
			g.Expect(kids(r)).To(ContainElement(newest))
			next := 0
			for _, p := range r.Published() {
				if p.Next {
					next++
				}
			}
			g.Expect(next).To(Equal(2))
			verifies(t, r)
		})
	}
}

func TestAKeyOfSeveralAlgorithmsSignsForEach(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	m := newMaterial(t)
	r, err := keys.Parse([]byte(jwks(m.jwk(m.rsa, edit{"kid": "all"}), m.jwk(newRSA(t, 2048), edit{"kid": "one", "alg": "PS256"}))), "")
	must(t, err)
	g.Expect(r.Published()[0].Signs).To(Equal([]string{"RS256", "RS384", "RS512", "PS384", "PS512"}))
	g.Expect(r.Published()[1].Signs).To(Equal([]string{"PS256"}))
	all, _ := r.Key("all")
	for _, alg := range rsaAlgs {
		k, err := all.For(alg)
		must(t, err)
		g.Expect(k.Alg()).To(Equal(alg))
		g.Expect(k.ID()).To(Equal("all"))
		must(t, accept(token(t, k, "{}"), r.JWKS()))
	}
	one, _ := r.Key("one")
	_, err = one.For("RS256")
	g.Expect(err).To(MatchError(`key "one" does not sign "RS256", only PS256`))
	_, err = all.For("")
	g.Expect(err).To(MatchError(`key "all" does not sign "", only RS256, RS384, RS512, PS256, PS384, PS512`))

	must(t, r.Publish())
	must(t, r.Rotate())
	g.Expect(r.Published()[0].Signs).To(Equal([]string{"RS256", "RS384", "RS512", "PS384", "PS512"}), "its successor has its place")
	verifies(t, r)
}

func TestClonesShareNoSuccessors(t *testing.T) {
	t.Parallel()
	g, r := NewWithT(t), development(t, "EdDSA")
	must(t, r.Publish())
	c := r.Clone()
	must(t, c.Retire("dev-eddsa-2"))
	must(t, c.Rotate())
	must(t, r.Rotate())
	g.Expect(shown(c)).To(Equal("eddsa-3[EdDSA] eddsa-1"))
	g.Expect(shown(r)).To(Equal("eddsa-2[EdDSA] eddsa-1"))
	c.Reset()
	g.Expect(shown(c)).To(Equal("eddsa-1[EdDSA] eddsa-2>"))
}

func TestNoChangeIsLost(t *testing.T) {
	t.Parallel()
	r, err := keys.Seeded(&jealous{Reader: rand.NewChaCha8([32]byte{})}, "EdDSA")
	must(t, err)
	var group sync.WaitGroup
	for range 9 {
		group.Go(func() {
			for range 10 {
				add(t, r, "EdDSA")
			}
		})
	}
	group.Wait()
	NewWithT(t).Expect(kids(r)).To(HaveLen(91))
}

// Whatever is done in whatever order, each algorithm has one current key, successors come last, and no kid comes twice.
func TestAnyOrderOfChangesLeavesARing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		r := development(t, "EdDSA", "ES256")
		var group sync.WaitGroup
		for range 3 { // at once, so that no change is lost or half seen
			steps := rnd.Perm(60)
			group.Go(func() {
				for _, step := range steps {
					change(t, r, step)
					inOrder(t, r)
				}
			})
		}
		group.Wait()
	}
}

func change(t *testing.T, r *keys.Ring, step int) {
	t.Helper()
	switch step % 6 {
	case 0:
		must(t, r.Rotate())
	case 1, 2:
		must(t, r.Publish())
	case 3:
		add(t, r, keys.Algs()[6+step%4])
	case 4:
		list := kids(r)
		_ = r.Retire(list[step%len(list)]) // which may sign
	case 5:
		r = r.Clone()
		r.Reset()
		must(t, r.Rotate())
		inOrder(t, r)
	}
}

func inOrder(t *testing.T, r *keys.Ring) {
	t.Helper()
	seen, signing, waiting := map[string]bool{}, map[string]int{}, false
	for _, p := range r.Published() {
		if seen[p.Key.ID()] {
			t.Errorf("%s twice", p.Key.ID())
		}
		seen[p.Key.ID()] = true
		for _, alg := range p.Signs {
			signing[alg]++
		}
		if waiting && !p.Next || p.Next && len(p.Signs) > 0 {
			t.Errorf("successors do not come last: %s", shown(r))
		}
		waiting = p.Next
	}
	for alg, n := range signing {
		if n != 1 {
			t.Errorf("%s has %d current keys", alg, n)
		}
	}
	if signing["EdDSA"] == 0 || signing["ES256"] == 0 {
		t.Error("an algorithm of the beginning has no current key")
	}
}
