package keys

import "math/bits"

// prime is an odd modulus above 2^63 with what Montgomery multiplication by it needs; R is 2^64.
type prime struct {
	p   uint64
	inv uint64 // p⁻¹ mod R
	one uint64 // R mod p
	r2  uint64 // R² mod p
}

func newPrime(p uint64) prime {
	inv := p // right in its lowest 3 bits; each round doubles that
	for range 5 {
		inv *= 2 - p*inv
	}
	m := prime{p: p, inv: inv, one: -p}
	_, m.r2 = bits.Div64(m.one, 0, p)
	return m
}

// multiply returns a·b/R mod p for a·b below p·R.
func (m *prime) multiply(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return m.reduce(hi, lo)
}

// reduce returns (hi·R + lo)/R mod p for hi below p. It subtracts q·p where the textbook adds: the low words
// are then equal and need not be touched.
func (m *prime) reduce(hi, lo uint64) uint64 {
	qp, _ := bits.Mul64(lo*m.inv, m.p)
	t, borrow := bits.Sub64(hi, qp, 0)
	return t + m.p&-borrow
}

// power returns x^e with x and the result in Montgomery form.
func (m *prime) power(x, e uint64) uint64 {
	r := m.one
	for i := bits.Len64(e) - 1; i >= 0; i-- {
		r = m.multiply(r, r)
		if e>>i&1 == 1 {
			r = m.multiply(r, x)
		}
	}
	return r
}

// probable reports whether m.p passes the Miller-Rabin test to the given base.
func (m *prime) probable(base uint64) bool {
	minus := m.p - m.one // -1
	shift := bits.TrailingZeros64(m.p - 1)
	x := m.power(m.multiply(base, m.r2), (m.p-1)>>shift)
	if x == m.one || x == minus {
		return true
	}
	for range shift - 1 {
		x = m.multiply(x, x)
		if x == minus {
			return true
		}
	}
	return false
}
