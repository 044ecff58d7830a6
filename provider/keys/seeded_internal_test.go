package keys

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"
)

func TestReadPrimeIsTheNextThatFits(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	for _, bits := range []int{24, 57, 64, 65, 128} {
		for range 50 {
			g := NewWithT(t)
			octets := make([]byte, (bits+7)/8)
			for i := range octets {
				octets[i] = byte(rnd.Uint32())
			}
			p, err := readPrime(bytes.NewReader(octets), bits)
			g.Expect(err).NotTo(HaveOccurred())
			want := new(big.Int).Rsh(new(big.Int).SetBytes(octets), uint(8*len(octets)-bits))
			want.Or(want, new(big.Int).Lsh(big.NewInt(3), uint(bits-2)))
			for !want.ProbablyPrime(10) {
				want.Add(want, big.NewInt(1))
			}
			g.Expect(p).To(Equal(want))
			g.Expect(p.BitLen()).To(Equal(bits))
		}
	}
}

// Else e has no inverse, once in 65537 primes.
func TestReadPrimeLeavesOutThoseThatDoNotGoWithTheExponent(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	start := new(big.Int).SetUint64(0xc000000000000000)
	start.Sub(start, new(big.Int).Mod(start, big.NewInt(publicExponent))).Add(start, big.NewInt(1+2*publicExponent))
	for start.Bit(0) == 0 || !start.ProbablyPrime(10) {
		start.Add(start, big.NewInt(publicExponent))
	}
	p, err := readPrime(bytes.NewReader(start.Bytes()), 64)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Cmp(start)).To(Equal(1))
	g.Expect(p.ProbablyPrime(10)).To(BeTrue())
	g.Expect(new(big.Int).ModInverse(big.NewInt(publicExponent), new(big.Int).Sub(p, big.NewInt(1)))).NotTo(BeNil())
}
