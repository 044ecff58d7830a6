package keys

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"strings"
)

// developmentSeed is the whole entropy of all development keys. Another value changes every kid's key.
const developmentSeed = "mockoauth development keys are public knowledge"

// Development returns the keys that everybody has: derived from a constant of this source, so that kids
// ("dev-rs256-1") and JWKS repeat in every process and after the same rotations. One algorithm has one key; the first
// algorithm is the default, and none at all means RS256. Keys are derived when first used (RSA: a fifth of a
// millisecond). The error names every unknown algorithm.
//
// NEVER use them where a forged token would matter: anybody can sign with them. The RSA keys are moreover quick rather
// than strong, products of 32 small primes, which factor in seconds.
func Development(algs ...string) (*Ring, error) { return derivedRing("dev", algs) }

// Foreign is a second set of development keys ("foreign-rs256-1") that is published nowhere: what it signs is
// well-formed and must be refused.
func Foreign(algs ...string) (*Ring, error) { return derivedRing("foreign", algs) }

func derivedRing(set string, wanted []string) (*Ring, error) {
	algs, err := algorithmsNamed(wanted)
	if err != nil {
		return nil, err
	}
	pairs := make([]*pair, len(algs))
	for i, a := range algs {
		pairs[i] = derivedPair(set, a, 1)
	}
	r := newRing(pairs, algs[0].name, func(algs []algorithm, _, generation int) (*pair, error) {
		return derivedPair(set, algs[0], generation), nil
	})
	r.development = true
	return r, nil
}

func derivedPair(set string, a algorithm, generation int) *pair {
	id := fmt.Sprintf("%s-%s-%d", set, strings.ToLower(a.name), generation)
	return newPair(id, []algorithm{a}, func() signer { return derive(a.family, id) })
}

func derive(family, id string) signer {
	switch family {
	case familyRSA:
		return newMultiprime(findPrimes(binary.BigEndian.Uint64(expand(id, 0))))
	case familyEd25519:
		return ed25519Signer{ed25519.NewKeyFromSeed(expand(id, 0)[:ed25519.SeedSize])}
	}
	for attempt := byte(0); ; attempt++ {
		if private, ok := scalarKey(family, expand(id, attempt)[:scalarSize(family)]); ok {
			return ecdsaSigner{private}
		}
	}
}

// expand returns 128 bytes that depend on the seed, the kid and the attempt only.
func expand(id string, attempt byte) []byte {
	var out []byte
	for block := range byte(2) {
		sum := sha512.Sum512(append([]byte(developmentSeed+"\x00"+id), attempt, block))
		out = append(out, sum[:]...)
	}
	return out
}
