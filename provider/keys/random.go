package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
)

// randomRSABits is the size of a new RSA key: the least that RFC 7518 §3.3 allows, and the quickest.
const randomRSABits = 2048

// Random returns ordinary keys of this process from crypto/rand, with thumbprints for kids. The first algorithm is the
// default, and none at all means RS256. The RSA algorithms share one key, published without alg when they are several,
// because making an RSA key takes a good part of a second. The error names every unknown algorithm.
func Random(algs ...string) (*Ring, error) {
	list, err := algorithmsNamed(algs)
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
		if pairs[i], err = randomPair(served[f], randomRSABits); err != nil {
			return nil, err
		}
	}
	return newRing(pairs, list[0].name, false), nil
}

// randomPair makes a key for algorithms of one family; bits are for RSA only.
func randomPair(algs []algorithm, bits int) (*pair, error) {
	var private crypto.Signer
	var err error
	switch f := algs[0].family; f {
	case familyRSA:
		private, err = rsa.GenerateKey(rand.Reader, bits)
	case familyEd25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = ecdsa.GenerateKey(curve(f), rand.Reader)
	}
	if err != nil {
		return nil, err
	}
	return standardPair("", algs, private)
}
