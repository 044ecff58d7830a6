package keys_test

import (
	"math/rand/v2"
	"testing"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func BenchmarkSign(b *testing.B) {
	random, err := keys.Random("RS256", "PS256")
	if err != nil {
		b.Fatal(err)
	}
	ring, err := keys.Development(keys.Algs()...)
	if err != nil {
		b.Fatal(err)
	}
	for _, alg := range keys.Algs() {
		b.Run(alg+"-development", func(b *testing.B) { benchmarkSign(b, ring, alg) })
	}
	for _, alg := range random.Algs() {
		b.Run(alg+"-stdlib", func(b *testing.B) { benchmarkSign(b, random, alg) })
	}
}

func benchmarkSign(b *testing.B, ring *keys.Ring, alg string) {
	input := make([]byte, 400)
	b.ReportAllocs()
	for b.Loop() {
		k, err := ring.Signer(alg)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.Sign(input); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMake has what a new key costs.
func BenchmarkMake(b *testing.B) {
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		random := rand.NewChaCha8([32]byte{})
		b.Run(alg+"-seeded", func(b *testing.B) {
			benchmarkMake(b, func() (*keys.Ring, error) { return keys.Seeded(random, alg) })
		})
		b.Run(alg+"-random", func(b *testing.B) {
			benchmarkMake(b, func() (*keys.Ring, error) { return keys.Random(alg) })
		})
	}
}

func benchmarkMake(b *testing.B, ring func() (*keys.Ring, error)) {
	for b.Loop() {
		if _, err := ring(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDevelopment has what a start costs: the ring alone, up to the first signature, and up to the JWKS.
func BenchmarkDevelopment(b *testing.B) {
	for _, c := range []struct {
		name string
		algs []string
		use  func(r *keys.Ring)
	}{
		{"all", keys.Algs(), func(*keys.Ring) {}},
		{"all-first-RS256", keys.Algs(), func(r *keys.Ring) { k, _ := r.Signer(""); _, _ = k.Sign(nil) }},
		{"RS256-JWKS", []string{"RS256"}, func(r *keys.Ring) { r.JWKS() }},
		{"all-JWKS", keys.Algs(), func(r *keys.Ring) { r.JWKS() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := keys.Development(c.algs...)
				if err != nil {
					b.Fatal(err)
				}
				c.use(r)
			}
		})
	}
}
