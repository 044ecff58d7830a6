package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
)

// newRSABits is the size of a new RSA key: the least that RFC 7518 §3.3 allows, and the quickest.
const newRSABits = 2048

// Random returns ordinary keys of this process from crypto/rand, with thumbprints for kids. The first algorithm is the
// default, and none at all means RS256. The RSA algorithms share one key, published without alg when they are several,
// because making an RSA key takes a good part of a second. The error names every unknown algorithm.
func Random(algs ...string) (*Ring, error) { return ordinaryRing(randomKey, algs) }

// keymaker makes a private key of a family; bits are for RSA only.
type keymaker func(family string, bits int) (crypto.Signer, error)

func ordinaryRing(k keymaker, wanted []string) (*Ring, error) {
	list, err := algorithmsNamed(wanted)
	if err != nil {
		return nil, err
	}
	var families []string
	served := make(map[string][]algorithm)
	for _, a := range list {
		if served[a.family] == nil {
			families = append(families, a.family)
		}
		served[a.family] = append(served[a.family], a)
	}
	pairs := make([]*pair, len(families))
	for i, f := range families {
		if pairs[i], err = k.forge(served[f], newRSABits, 1); err != nil {
			return nil, err
		}
	}
	return newRing(pairs, list[0].name, k.forge), nil
}

// forge gives a key its thumbprint for a kid.
func (k keymaker) forge(algs []algorithm, bits, _ int) (*pair, error) {
	private, err := k(algs[0].family, bits)
	if err != nil {
		return nil, err
	}
	return standardPair("", algs, private)
}

func randomKey(family string, bits int) (private crypto.Signer, err error) {
	switch family {
	case familyRSA:
		private, err = rsa.GenerateKey(rand.Reader, bits)
	case familyEd25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = ecdsa.GenerateKey(curve(family), rand.Reader)
	}
	return private, err
}
