package keys

import "math/bits"

const (
	// modulusWords is the number of 64-bit words of a development modulus, and of its primes.
	modulusWords = 32
	// publicExponent is F4, which every verifier expects.
	publicExponent = 65537
	// primeStep keeps every prime at (e-1)/2 mod e, which makes private exponents short: e·(2p-1)/e is
	// 2(p-1)+1, so d mod p-1 is (2p-1)/e, of 49 bits instead of 64.
	primeStep    = 2 * publicExponent
	primeResidue = (publicExponent + 1) / 2
	// primeSpan candidates hold 32 primes with certainty in practice: one in about 22 is prime.
	primeSpan = 2048
	// primeFloor is the least start: 32 factors above it have a product of 2048 bits.
	primeFloor = 1<<64 - 1<<58
)

// findPrimes returns the first 32 primes ≡ primeResidue mod primeStep from a start that chance picks.
// Neighbours in a progression share one sieve, which is what makes a new key cost a fraction of a millisecond.
func findPrimes(chance uint64) [modulusWords]uint64 {
	for start := primeFloor + chance>>7; ; start += primeStep * primeSpan {
		start += primeStep - (start-primeResidue)%primeStep
		if found, ok := sieve(start); ok {
			return found
		}
	}
}

func sieve(start uint64) (found [modulusWords]uint64, ok bool) {
	var composite [primeSpan]bool
	for _, small := range smallPrimes() {
		// The index where start + i·primeStep ≡ 0 mod small.
		i := (small - start%small) * inverse(primeStep%small, small) % small
		for ; i < primeSpan; i += small {
			composite[i] = true
		}
	}
	n := 0
	for i := range composite {
		p := start + uint64(i)*primeStep
		if composite[i] || !isPrime(p) {
			continue
		}
		found[n] = p
		if n++; n == modulusWords {
			return found, true
		}
	}
	return found, false
}

// isPrime is certain for every odd 64-bit p above 2^63: no composite below 2^64 passes Miller-Rabin to these seven
// bases (Sinclair, 2011; checked against Feitsma's list of all strong pseudoprimes).
func isPrime(p uint64) bool {
	m := newPrime(p)
	for _, base := range [...]uint64{2, 325, 9375, 28178, 450775, 9780504, 1795265022} {
		if !m.probable(base) {
			return false
		}
	}
	return true
}

// smallPrimes are the odd ones that a sieve is worth; e is not among them.
func smallPrimes() [45]uint64 {
	return [...]uint64{
		3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
		113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199,
	}
}

// inverse returns a⁻¹ modulo a small prime p, by Fermat.
func inverse(a, p uint64) uint64 {
	r := uint64(1)
	for e := p - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = r * a % p
		}
		a = a * a % p
	}
	return r
}

// privateExponent returns d mod p-1 for a prime of findPrimes.
func privateExponent(p uint64) uint64 {
	d, _ := bits.Div64(p>>63, p<<1-1, publicExponent)
	return d
}
