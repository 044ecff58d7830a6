package keys

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"
)

func (x *words) big() *big.Int {
	var octets [modulusBytes]byte
	x.put(&octets)
	return new(big.Int).SetBytes(octets[:])
}

func wordsOf(v *big.Int) (x words) {
	var octets [modulusBytes]byte
	v.FillBytes(octets[:])
	x.set(&octets)
	return x
}

func randomWords(rnd *rand.Rand) (x words) {
	for i := range x {
		x[i] = rnd.Uint64()
	}
	return x
}

// edges are the inputs below, at and above n where reductions go wrong first.
func edges(m *multiprime) []words {
	one := big.NewInt(1)
	list := []words{{}, {1}, {2}, {31: 1}, {31: 1 << 63}, m.n}
	n := m.n.big()
	list = append(list, wordsOf(new(big.Int).Sub(n, one)), wordsOf(new(big.Int).Add(n, one)))
	list = append(list, wordsOf(new(big.Int).Sub(new(big.Int).Lsh(one, 2048), one)))
	for _, i := range []int{0, 1, 30, 31} {
		p := new(big.Int).SetUint64(m.primes[i].p)
		cofactor := new(big.Int).Div(n, p)
		list = append(list, words{m.primes[i].p}, words{m.primes[i].p - 1}, wordsOf(cofactor), wordsOf(cofactor.Sub(n, cofactor)))
	}
	return list
}

func TestPrivateOperationAgreesWithMathBig(t *testing.T) {
	g := NewWithT(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		m := newMultiprime(findPrimes(rnd.Uint64()))
		n, phi := m.n.big(), big.NewInt(1)
		g.Expect(n.BitLen()).To(Equal(2048))
		for i := range m.primes {
			phi.Mul(phi, new(big.Int).SetUint64(m.primes[i].p-1))
		}
		d := new(big.Int).ModInverse(big.NewInt(publicExponent), phi)
		inputs := edges(m)
		for range 20 {
			inputs = append(inputs, randomWords(rnd))
		}
		for _, x := range inputs {
			want := new(big.Int).Exp(x.big(), d, n)
			got := x
			m.private(&got)
			g.Expect(got.big().Cmp(want)).To(BeZero(), "%x", x)
		}
	}
}

func TestRecombinationAgreesWithMathBigForTheLargestResidues(t *testing.T) {
	g := NewWithT(t)
	m := newMultiprime(findPrimes(3))
	var y words
	sum := new(big.Int)
	for i := range y {
		p := m.primes[i].p
		y[i] = p - 1
		term := new(big.Int).Div(m.n.big(), new(big.Int).SetUint64(p))
		sum.Add(sum, term.Mul(term, new(big.Int).SetUint64(y[i])))
	}
	var x words
	m.recombine(&x, &y)
	g.Expect(x.big().Cmp(sum.Mod(sum, m.n.big()))).To(BeZero())
}

// A carry out of the middle word has one chance in 2^59 with real numbers.
func TestRecombinationCarriesBetweenColumns(t *testing.T) {
	g := NewWithT(t)
	m := &multiprime{n: words{31: 1 << 63}}
	var y words
	for i := range y {
		y[i], m.cofactors[0][i] = math.MaxUint64, math.MaxUint64
	}
	m.cofactors[1][0], m.cofactors[1][1] = 1<<63, 1<<63
	largest := new(big.Int).SetUint64(math.MaxUint64)
	want := new(big.Int).Lsh(largest, 2*64) // column 1: the largest · 2^64
	want.Add(want, new(big.Int).Lsh(new(big.Int).Mul(largest, largest), 5))
	var x words
	m.recombine(&x, &y)
	g.Expect(x.big().Cmp(want)).To(BeZero())
}

func BenchmarkPrivateOperation(b *testing.B) {
	m := newMultiprime(findPrimes(7))
	x := randomWords(rand.New(rand.NewPCG(1, 2)))
	x[31] >>= 1
	b.ReportAllocs()
	for b.Loop() {
		m.private(&x)
	}
}

func BenchmarkFindPrimes(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		findPrimes(rnd.Uint64())
	}
}

func BenchmarkPrecompute(b *testing.B) {
	primes := findPrimes(7)
	for b.Loop() {
		newMultiprime(primes)
	}
}
