package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"io"
	"math/big"
	"sync"
)

// Seeded returns keys like those of Random, made from what random says instead: the same bytes give the same keys and
// kids, then and after the same calls of Rotate, Publish and Add, for which the ring keeps the reader. The ring and its
// clones read one at a time; who else reads from it must see to the same. The keys are as secret as the bytes are.
// PS256 and its like have a salt of crypto/rand in each signature, so that only their keys repeat.
//
// The error names every unknown algorithm, or is the reader's.
func Seeded(random io.Reader, algs ...string) (*Ring, error) {
	return ordinaryRing((&seed{random: random}).key, algs)
}

// seed makes private keys of what a reader says. Those of the standard library take no advice on where chance comes from.
type seed struct {
	mu     sync.Mutex
	random io.Reader
}

func (s *seed) key(family string, bits int) (crypto.Signer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch family {
	case familyRSA:
		return readRSA(s.random, bits)
	case familyEd25519:
		octets, err := readOctets(s.random, ed25519.SeedSize)
		if err != nil {
			return nil, err
		}
		return ed25519.NewKeyFromSeed(octets), nil
	}
	return readECDSA(s.random, family)
}

// readOctets counts the bytes of a key that a short reader leaves out as unexpected.
func readOctets(random io.Reader, n int) ([]byte, error) {
	octets := make([]byte, n)
	if _, err := io.ReadFull(random, octets); err != nil {
		return nil, fmt.Errorf("read the seed of a key: %w", err)
	}
	return octets, nil
}

func readECDSA(random io.Reader, family string) (*ecdsa.PrivateKey, error) {
	for range 8 {
		octets, err := readOctets(random, scalarSize(family))
		if err != nil {
			return nil, err
		}
		if private, ok := scalarKey(family, octets); ok {
			return private, nil
		}
	}
	return nil, fmt.Errorf("the seed makes no %s key: read it from a source of chance", family)
}

// readRSA makes a key of two primes, as FIPS 186-5 §A.1.3 does but for where the search for a prime begins anew: there
// at every candidate, here at the next odd number, so that a key takes a known number of bytes.
func readRSA(random io.Reader, bits int) (*rsa.PrivateKey, error) {
	p, err := readPrime(random, (bits+1)/2)
	if err != nil {
		return nil, err
	}
	q, err := readPrime(random, bits/2)
	if err != nil {
		return nil, err
	}
	one := big.NewInt(1)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	private := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: publicExponent},
		D:         new(big.Int).ModInverse(big.NewInt(publicExponent), order), Primes: []*big.Int{p, q},
	}
	private.Precompute()
	if err := private.Validate(); err != nil { // the reader repeats itself, and the primes are equal
		return nil, fmt.Errorf("the seed makes no RSA key: read it from a source of chance: %w", plain(err))
	}
	return private, nil
}

// primeRounds of Miller-Rabin are what crypto/rsa does for primes of 1024 bits; math/big adds a Lucas test.
const primeRounds = 5

// readPrime returns the first prime p from a start that random picks for which e has an inverse modulo p-1. Its two
// highest bits are set, which gives a product of two the sum of their lengths.
func readPrime(random io.Reader, bits int) (*big.Int, error) {
	octets, err := readOctets(random, (bits+7)/8)
	if err != nil {
		return nil, err
	}
	p := new(big.Int).SetBytes(octets)
	p.SetBit(p.Rsh(p, uint(-bits&7)), bits-1, 1).SetBit(p, bits-2, 1).SetBit(p, 0, 1)
	for two := big.NewInt(2); ; p.Add(p, two) {
		if new(big.Int).Mod(p, big.NewInt(publicExponent)).Int64() != 1 && p.ProbablyPrime(primeRounds) {
			return p, nil
		}
	}
}
