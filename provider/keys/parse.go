package keys

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// minRSABits is the least that RFC 7518 §3.3 allows for RS and PS algorithms.
const minRSABits = 2048

// candidate is a private key of the user's that could be read, with what the file says about it.
type candidate struct {
	at      string // its address, for problems
	id, alg string // "" when the file does not say
	private crypto.Signer
}

// Parse reads the user's own private keys: a JWK Set, a single JWK (RFC 7517), or PEM with any number of PKCS#8, PKCS#1
// and SEC 1 blocks. The default algorithm is alg, or when that is empty the one of the first key. A key without a kid
// gets its RFC 7638 thumbprint. An RSA key without alg signs for every RS and PS algorithm, RS256 first unless alg is
// another of them, and is published without alg. Of several keys for an algorithm the first signs, one whose alg says so
// before one without; the others are published only.
//
// The error holds every problem of the input, a line for each, and what to write instead.
func Parse(data []byte, alg string) (*Ring, error) {
	found, problems := read(data)
	ids := make(map[string]string)
	var pairs []*pair
	for _, c := range found {
		p, wrong := c.pair(alg)
		if len(wrong) == 0 {
			if first, taken := ids[p.id]; taken {
				wrong = []error{fmt.Errorf("%s: kid %q is that of %s too: write another kid, or the key once", c.at, p.id, first)}
			}
			ids[p.id] = c.at
		}
		problems = append(problems, wrong...)
		pairs = append(pairs, p)
	}
	if len(problems) == 0 {
		alg, problems = defaultAlgorithm(pairs, alg)
	} else if alg != "" {
		if _, err := algorithmNamed(alg); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return newRing(pairs, alg, keymaker(randomKey).forge), nil
}

func read(data []byte) ([]candidate, []error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case len(data) == 0:
		return nil, []error{errors.New("the keys are empty: write a JWKS, a private JWK or PEM")}
	case data[0] == '{':
		return readJSON(data)
	case bytes.Contains(data, []byte(pemBegin)):
		return readPEM(data)
	}
	return nil, []error{errors.New("the keys are neither JSON nor PEM: write a JWKS, a private JWK or PEM " +
		"(openssl pkey -inform DER turns DER into PEM)")}
}

// pair gives a key its algorithms, or says what is wrong with it.
func (c *candidate) pair(wanted string) (*pair, []error) {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: "+format, append([]any{c.at}, args...)...))
	}
	f := family(c.private)
	if f == "" {
		wrong("no signing algorithm uses this type or curve: write an RSA, P-256, P-384, P-521 or Ed25519 key")
		return nil, problems
	}
	if k, ok := c.private.(*rsa.PrivateKey); ok && k.N.BitLen() < minRSABits {
		wrong("an RSA key of %d bits is too short: write one of %d or more (RFC 7518 §3.3)", k.N.BitLen(), minRSABits)
	}
	algs := algorithmsOf(f)
	switch i := slices.Index(names(algs), c.alg); {
	case i >= 0:
		algs = algs[i : i+1]
	case c.alg != "":
		wrong("alg %q does not fit %s: write %s, or leave alg out", c.alg, article(f), strings.Join(names(algs), ", "))
	default:
		if i := slices.Index(names(algs), wanted); i > 0 {
			algs = slices.Concat(algs[i:i+1], algs[:i], algs[i+1:])
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	p, err := standardPair(c.id, algs, c.private)
	if err != nil {
		wrong("%v", err)
	}
	return p, problems
}

// defaultAlgorithm resolves the wanted algorithm against keys that are all in order.
func defaultAlgorithm(pairs []*pair, wanted string) (string, []error) {
	if wanted == "" {
		return pairs[0].algs[0].name, nil
	}
	a, err := algorithmNamed(wanted)
	if err != nil {
		return "", []error{err}
	}
	var have []string
	for _, p := range pairs {
		for _, b := range p.algs {
			if b.name == wanted {
				return wanted, nil
			}
			if !slices.Contains(have, b.name) {
				have = append(have, b.name)
			}
		}
	}
	return "", []error{fmt.Errorf("signing algorithm %s: no key for it, the keys are for %s: write one of these, or add %s",
		wanted, strings.Join(have, ", "), article(a.family))}
}

// article names a family in a sentence.
func article(family string) string {
	switch family {
	case familyRSA, familyEd25519:
		return "an " + family + " key"
	}
	return "a " + family + " key"
}
