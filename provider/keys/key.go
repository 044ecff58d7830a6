package keys

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v3"
)

// Key signs for one algorithm and knows the kid under which its public half is published. It is immutable and
// safe for concurrent use; after a rotation it goes on signing as what it was.
type Key struct {
	pair *pair
	alg  algorithm
}

// ID returns the kid of the key, for the JWS header.
func (k *Key) ID() string { return k.pair.id }

// Alg returns the JWS algorithm that Sign uses, for the JWS header.
func (k *Key) Alg() string { return k.alg.name }

// Sign returns the JWS signature over input, the ASCII "header.payload"; the hashing is inside. The layouts are
// those of RFC 7518 §3.3 (RSASSA-PKCS1-v1_5), §3.4 (ECDSA: r and s, each of the curve's width) and §3.5
// (RSASSA-PSS with a salt as long as the hash), and RFC 8037 §3.1 (Ed25519).
//
// All but the PSS signatures of ordinary keys (not development ones) repeat for the same input; ECDSA has its nonce from
// RFC 6979, and the PSS salt of a development key is a hash of the message's.
func (k *Key) Sign(input []byte) ([]byte, error) { return k.pair.signer().sign(&k.alg, input) }

// Public returns the public half: *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
func (k *Key) Public() crypto.PublicKey { return k.pair.signer().Public() }

// JWK returns the public half as it is published: use sig, the kid, and alg unless the key signs for several
// (RFC 7517 §4.4: alg is optional, and one value would be untrue).
func (k *Key) JWK() jose.JSONWebKey { return k.pair.jwk() }

// For returns the same key signing for another of its algorithms, which only an RSA key without alg has. The error says
// which those are.
func (k *Key) For(alg string) (*Key, error) {
	for _, a := range k.pair.algs {
		if a.name == alg {
			return &Key{pair: k.pair, alg: a}, nil
		}
	}
	return nil, fmt.Errorf("key %q does not sign %q, only %s", k.ID(), alg, strings.Join(names(k.pair.algs), ", "))
}

// signer is a private key together with the code that uses it.
type signer interface {
	Public() crypto.PublicKey
	sign(a *algorithm, input []byte) ([]byte, error)
}

// pair is one published key and the algorithms it signs for: several only when it is an RSA key that no alg
// restricts.
type pair struct {
	id   string
	algs []algorithm
	// signer and json are made when first asked for: a ring of all algorithms then costs nothing until used.
	signer func() signer
	json   func() []byte
	// bits are the size of an RSA key of the standard library, which its successor shall have; else 0.
	bits int
}

func newPair(id string, algs []algorithm, build func() signer) *pair {
	p := &pair{id: id, algs: algs, signer: sync.OnceValue(build)}
	p.json = sync.OnceValue(p.marshal)
	return p
}

// key returns the pair in its first role.
func (p *pair) key() *Key { return &Key{pair: p, alg: p.algs[0]} }

func (p *pair) jwk() jose.JSONWebKey {
	jwk := jose.JSONWebKey{Key: p.signer().Public(), KeyID: p.id, Use: "sig"}
	if len(p.algs) == 1 {
		jwk.Algorithm = p.algs[0].name
	}
	return jwk
}

func (p *pair) marshal() []byte {
	data, err := json.Marshal(p.jwk())
	if err != nil {
		// jose refuses unknown types of key and points too large for their curve; a signer has neither.
		panic(fmt.Sprintf("keys: publish %s: %v", p.id, err))
	}
	return data
}

// thumbprint is the kid of a key that nobody named: RFC 7638 with SHA-256, base64url.
func thumbprint(public crypto.PublicKey) (string, error) {
	jwk := jose.JSONWebKey{Key: public}
	sum, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("thumbprint: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}
