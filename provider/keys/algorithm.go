package keys

import (
	"crypto"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"strings"
)

// The families of keys: a key of one family signs for its algorithms only. The curves have their JWK names
// (RFC 7518 §6.2.1.1, RFC 8037 §2).
const (
	familyRSA     = "RSA"
	familyP256    = "P-256"
	familyP384    = "P-384"
	familyP521    = "P-521"
	familyEd25519 = "Ed25519"
)

// algorithm is a row of RFC 7518 §3.1 or RFC 8037 §3.1.
type algorithm struct {
	name   string
	family string
	hash   crypto.Hash // 0 for EdDSA, which takes the message itself
	pss    bool
}

func algorithms() []algorithm {
	return []algorithm{
		{"RS256", familyRSA, crypto.SHA256, false},
		{"RS384", familyRSA, crypto.SHA384, false},
		{"RS512", familyRSA, crypto.SHA512, false},
		{"PS256", familyRSA, crypto.SHA256, true},
		{"PS384", familyRSA, crypto.SHA384, true},
		{"PS512", familyRSA, crypto.SHA512, true},
		{"ES256", familyP256, crypto.SHA256, false},
		{"ES384", familyP384, crypto.SHA384, false},
		{"ES512", familyP521, crypto.SHA512, false},
		{"EdDSA", familyEd25519, 0, false},
	}
}

// Algs lists the JWS algorithms that keys can sign with, in the order in which they are advertised:
// RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA.
func Algs() []string {
	return names(algorithms())
}

func names(algs []algorithm) []string {
	list := make([]string, len(algs))
	for i, a := range algs {
		list[i] = a.name
	}
	return list
}

func algorithmNamed(name string) (algorithm, error) {
	for _, a := range algorithms() {
		if a.name == name {
			return a, nil
		}
	}
	return algorithm{}, fmt.Errorf("signing algorithm %q is unknown: write one of %s", name, strings.Join(Algs(), ", "))
}

// algorithmsNamed reports every unknown name at once, takes a repeated one once, and no name for RS256, the one
// that every OpenID provider must support (Discovery §3, id_token_signing_alg_values_supported).
func algorithmsNamed(wanted []string) ([]algorithm, error) {
	if len(wanted) == 0 {
		wanted = Algs()[:1]
	}
	var algs []algorithm
	var problems []error
	seen := make(map[string]bool, len(wanted))
	for _, name := range wanted {
		if seen[name] {
			continue
		}
		seen[name] = true
		a, err := algorithmNamed(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		algs = append(algs, a)
	}
	return algs, errors.Join(problems...)
}

func algorithmsOf(family string) []algorithm {
	var algs []algorithm
	for _, a := range algorithms() {
		if a.family == family {
			algs = append(algs, a)
		}
	}
	return algs
}

// curve returns nil for a family that is no NIST curve.
func curve(family string) elliptic.Curve {
	switch family {
	case familyP256:
		return elliptic.P256()
	case familyP384:
		return elliptic.P384()
	case familyP521:
		return elliptic.P521()
	}
	return nil
}

// digest hashes data into sum and returns the part of it that the hash fills, so that a caller that keeps sum
// on its stack allocates nothing.
func (a *algorithm) digest(sum *[sha512.Size]byte, data []byte) []byte {
	switch a.hash {
	case crypto.SHA256:
		d := sha256.Sum256(data)
		return sum[:copy(sum[:], d[:])]
	case crypto.SHA384:
		d := sha512.Sum384(data)
		return sum[:copy(sum[:], d[:])]
	default:
		*sum = sha512.Sum512(data)
		return sum[:]
	}
}
