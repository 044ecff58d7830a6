package keys

import (
	"crypto"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"math/bits"
)

const modulusBytes = 8 * modulusWords

// words is a number below 2^2048, least significant word first.
type words [modulusWords]uint64

// multiprime is the private side of a development RSA key: an ordinary 2048-bit modulus that is the product of
// 32 primes of 64 bits, so that one private operation is 32 exponentiations in single machine words and two
// products of a 32×32 matrix with a vector. It takes about a hundredth of the time crypto/rsa needs.
//
// NEVER use it for a key that must stay secret: anyone factors such a modulus in seconds. A development key has
// nothing to lose, because it ships in the binary. Nor is anything here done in constant time.
//
// A multiprime is immutable and safe for concurrent use.
type multiprime struct {
	public *rsa.PublicKey
	n      words
	primes [modulusWords]prime
	// exponents are d mod p-1.
	exponents [modulusWords]uint64
	// residues[i][j] is 2^(64j)·R³ mod p_i: it takes a number to its residue in Montgomery form.
	residues [modulusWords]words
	// weights[i] is (n/p_i)⁻¹ mod p_i.
	weights [modulusWords]uint64
	// cofactors[j] has word j of each n/p_i: the columns of a recombination.
	cofactors [modulusWords]words
}

func newMultiprime(primes [modulusWords]uint64) *multiprime {
	m := &multiprime{n: words{1}}
	for i, p := range primes {
		m.n.scale(p)
		m.primes[i] = newPrime(p)
		m.exponents[i] = privateExponent(p)
	}
	var n [modulusBytes]byte
	m.n.put(&n)
	m.public = &rsa.PublicKey{N: new(big.Int).SetBytes(n[:]), E: publicExponent}
	for i := range m.primes {
		p := &m.primes[i]
		r4 := p.multiply(p.multiply(p.r2, p.r2), p.r2)
		power := p.multiply(r4, 1) // R³
		for j := range m.residues[i] {
			m.residues[i][j] = power
			power = p.multiply(power, p.r2)
		}
		cofactor := m.n.quotient(p)
		for j := range cofactor {
			m.cofactors[j][i] = cofactor[j]
		}
		m.weights[i] = p.multiply(p.power(p.residue(&m.residues[i], &cofactor), p.p-2), 1)
	}
	return m
}

// Public returns the *rsa.PublicKey.
func (m *multiprime) Public() crypto.PublicKey { return m.public }

func (m *multiprime) sign(a *algorithm, input []byte) ([]byte, error) {
	var em [modulusBytes]byte
	if a.pss {
		encodePSS(&em, a, input)
	} else {
		encodePKCS1v15(&em, a, input)
	}
	var x words
	x.set(&em)
	m.private(&x)
	signature := new([modulusBytes]byte)
	x.put(signature)
	return signature[:], nil
}

// private replaces x by x^d mod n.
func (m *multiprime) private(x *words) {
	var y words
	for i := range m.primes {
		p := &m.primes[i]
		y[i] = p.residue(&m.residues[i], x)
	}
	m.exponentiate(&y)
	for i := range m.primes {
		y[i] = m.primes[i].multiply(y[i], m.weights[i])
	}
	m.recombine(x, &y)
}

// exponentiate raises each residue to its exponent, three bits at a time. The primes are taken in turn within
// a step, not one after the other, so that the processor overlaps what does not depend on each other.
func (m *multiprime) exponentiate(x *words) {
	const window, top = 3, 48 // every exponent has bit 48 and none above it
	var table [modulusWords][1 << window]uint64
	for i := range table {
		p, t := &m.primes[i], &table[i]
		t[0], t[1] = p.one, x[i]
		for k := 2; k < len(t); k++ {
			t[k] = p.multiply(t[k-1], x[i])
		}
	}
	for shift := top - window; shift >= 0; shift -= window {
		for i := range x {
			p, y := &m.primes[i], x[i]
			y = p.multiply(y, y)
			y = p.multiply(y, y)
			y = p.multiply(y, y)
			x[i] = p.multiply(y, table[i][m.exponents[i]>>(shift&63)&(1<<window-1)])
		}
	}
}

// recombine sets x to the number below n with the residues y, already multiplied by the weights: the sum of
// y_i·n/p_i, less the few times that it holds n.
func (m *multiprime) recombine(x, y *words) {
	var carry, over uint64
	for j := range m.cofactors {
		lo, hi, top := dot(y, &m.cofactors[j])
		var c uint64
		x[j], c = bits.Add64(lo, carry, 0)
		carry, c = bits.Add64(hi, over, c)
		over = top + c
	}
	// n's top word is never 2^64-1, see primeFloor. The quotient is at most one too small, and then leaves hardly more
	// than n, so no carry.
	q, _ := bits.Div64(carry, x[modulusWords-1], m.n[modulusWords-1]+1)
	x.subtract(&m.n, q)
	if !x.less(&m.n) {
		x.subtract(&m.n, 1)
	}
}

// residue returns x mod p in Montgomery form; row is p's row of residues.
func (m *prime) residue(row, x *words) uint64 {
	lo, hi, top := dot(row, x)
	// Twice, because the sum has 133 bits; the first quotient step leaves top:hi below 2^70.
	qp, _ := bits.Mul64(lo*m.inv, m.p)
	hi, borrow := bits.Sub64(hi, qp, 0)
	top, borrow = bits.Sub64(top, 0, borrow)
	if borrow != 0 {
		hi, borrow = bits.Add64(hi, m.p, 0)
		top += borrow
	}
	return m.reduce(top, hi)
}

// set is OS2IP, put is I2OSP (RFC 8017 §4).
func (x *words) set(octets *[modulusBytes]byte) {
	for j := range x {
		x[j] = binary.BigEndian.Uint64(octets[8*(modulusWords-1-j):])
	}
}

func (x *words) put(octets *[modulusBytes]byte) {
	for j := range x {
		binary.BigEndian.PutUint64(octets[8*(modulusWords-1-j):], x[j])
	}
}

// dot returns Σ a_i·b_i, of at most 133 bits.
func dot(a, b *words) (lo, hi, top uint64) {
	for i := range a {
		h, l := bits.Mul64(a[i], b[i])
		var c uint64
		lo, c = bits.Add64(lo, l, 0)
		hi, c = bits.Add64(hi, h, c)
		top, _ = bits.Add64(top, 0, c)
	}
	return lo, hi, top
}

// scale multiplies x by f; the product must fit.
func (x *words) scale(f uint64) {
	var carry uint64
	for j := range x {
		hi, lo := bits.Mul64(x[j], f)
		var c uint64
		x[j], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
}

// quotient returns x/p for p that divides x: exact division goes from the low end and needs no divide.
func (x *words) quotient(p *prime) words {
	var q words
	var borrow uint64
	for j := range x {
		t, b := bits.Sub64(x[j], borrow, 0)
		q[j] = t * p.inv
		hi, _ := bits.Mul64(q[j], p.p)
		borrow = hi + b
	}
	return q
}

// subtract takes f·y from x, modulo 2^2048.
func (x *words) subtract(y *words, f uint64) {
	var carry uint64
	for j := range x {
		hi, lo := bits.Mul64(y[j], f)
		var c uint64
		lo, c = bits.Add64(lo, carry, 0)
		carry = hi + c
		x[j], c = bits.Sub64(x[j], lo, 0)
		carry += c
	}
}

func (x *words) less(y *words) bool {
	for j := len(x) - 1; j >= 0; j-- {
		if x[j] != y[j] {
			return x[j] < y[j]
		}
	}
	return false
}
