package keys

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"
)

func TestFoundPrimesFitTheFastOperation(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	starts := []uint64{0, 1, math.MaxUint64, 1 << 63}
	for range 20 {
		starts = append(starts, rnd.Uint64())
	}
	for _, start := range starts {
		g := NewWithT(t)
		seen := make(map[uint64]bool)
		n := big.NewInt(1)
		for _, p := range findPrimes(start) {
			g.Expect(seen[p]).To(BeFalse(), "%d twice", p)
			seen[p] = true
			b := new(big.Int).SetUint64(p)
			n.Mul(n, b)
			g.Expect(b.ProbablyPrime(0)).To(BeTrue(), "%d", p)
			order := new(big.Int).SetUint64(p - 1)
			want := new(big.Int).ModInverse(big.NewInt(publicExponent), order)
			g.Expect(privateExponent(p)).To(Equal(want.Uint64()))
			g.Expect(want.BitLen()).To(Equal(49), "exponentiate counts on it")
		}
		g.Expect(n.BitLen()).To(Equal(2048))
		g.Expect(new(big.Int).Rsh(n, 2048-64).Uint64()).To(BeNumerically("<", uint64(math.MaxUint64)), "recombine counts on it")
	}
}

// ProbablyPrime(0) is certain below 2^64.
func TestPrimalityAgreesWithMathBig(t *testing.T) {
	g := NewWithT(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	primes := 0
	for range 20000 {
		p := rnd.Uint64() | 1<<63 | 1
		want := new(big.Int).SetUint64(p).ProbablyPrime(0)
		g.Expect(isPrime(p)).To(Equal(want), "%d", p)
		if want {
			primes++
		}
	}
	g.Expect(primes).To(BeNumerically(">", 500))
	// The square of a prime, and products of two that are strong pseudoprimes to base 2: (k+1)(2k+1).
	g.Expect(isPrime(4294967291 * 4294967291)).To(BeFalse())
	for k := uint64(2147483648); k < 2147483648+60000; k += 2 {
		p := (k + 1) * (2*k + 1)
		g.Expect(isPrime(p)).To(Equal(new(big.Int).SetUint64(p).ProbablyPrime(0)), "%d", p)
	}
}

func TestMontgomeryMultiplicationAgreesWithMathBig(t *testing.T) {
	g := NewWithT(t)
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		m := newPrime(rnd.Uint64() | 1<<63 | 1) // any odd modulus will do
		p := new(big.Int).SetUint64(m.p)
		values := []uint64{0, 1, m.p - 1, m.one, m.r2, rnd.Uint64() % m.p, rnd.Uint64() % m.p}
		for _, a := range values {
			for _, b := range values {
				plain := m.multiply(m.multiply(m.multiply(a, m.r2), m.multiply(b, m.r2)), 1)
				want := new(big.Int).SetUint64(a)
				want.Mul(want, new(big.Int).SetUint64(b)).Mod(want, p)
				g.Expect(plain).To(Equal(want.Uint64()), "%d·%d mod %d", a, b, m.p)
			}
		}
	}
}
