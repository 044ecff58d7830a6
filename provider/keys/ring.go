// Package keys holds the signing keys of a provider: which key signs now (Ring.Signer), what verifiers are told
// (Ring.JWKS), and how both change (Ring.Rotate, Ring.Publish, Ring.Add, Ring.Retire, Ring.Reset).
//
// Four ways lead to a ring. Development keys ship in the binary and are the same everywhere: quick, repeatable
// and public knowledge. Random keys are made for the process, Seeded ones from the caller's bytes. Parse reads the
// user's own. Only development keys use cryptography of this package (multiprime.go); all others are signed by the
// standard library.
package keys

import (
	"crypto"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Ring is a set of published keys, of which one is current for each algorithm. It is safe for concurrent use:
// readers see the ring before a change or after it, never between. A change leaves a hundred keys at most; the oldest
// of those that neither sign nor wait to sign leave first.
type Ring struct {
	def         string
	development bool
	forge       forge
	began       *state // what Reset goes back to

	change sync.Mutex // held by whoever replaces state
	state  atomic.Pointer[state]
}

// forge makes a new key for algorithms of one family. bits are the size of an RSA key, and generation counts the keys
// that a ring has had for the first of the algorithms; a kind of keys that knows no sizes or generations ignores them.
type forge func(algs []algorithm, bits, generation int) (*pair, error)

// newRing expects pairs that cover def. A pair made for one algorithm is preferred to one that serves several,
// then an earlier one to a later.
func newRing(pairs []*pair, def string, f forge) *Ring {
	s := &state{current: make(map[string]*Key), next: make(map[*pair]*pair), made: make(map[string]int)}
	for _, single := range []bool{true, false} {
		for _, p := range pairs {
			for _, a := range p.algs {
				if s.current[a.name] == nil && single == (len(p.algs) == 1) {
					s.current[a.name], s.made[a.name] = &Key{pair: p, alg: a}, 1
				}
			}
		}
	}
	// Clients that take the first key they are given should be right.
	first := s.current[def].pair
	s.pairs = append([]*pair{first}, slices.DeleteFunc(pairs, func(p *pair) bool { return p == first })...)
	s.seal(def)
	r := &Ring{def: def, forge: f, began: s}
	r.state.Store(s)
	return r
}

// Signer returns the current key for a JWS algorithm, "" meaning the default one. Take kid and signature from the
// one Key: asked for separately they may be of different keys. The error says which algorithms there are.
func (r *Ring) Signer(alg string) (*Key, error) {
	if alg == "" {
		alg = r.def
	}
	s := r.state.Load()
	if k := s.current[alg]; k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("signing algorithm %q: no key for it, only for %s", alg, strings.Join(s.algs, ", "))
}

// Default returns the JWS algorithm that signs when none is asked for.
func (r *Ring) Default() string { return r.def }

// Algs returns the JWS algorithms that the ring signs for: the default one, then the others in the order of the
// function Algs. Only Add and Reset change them.
func (r *Ring) Algs() []string { return slices.Clone(r.state.Load().algs) }

// Development reports whether the keys are public knowledge, so that anyone can forge what they sign.
func (r *Ring) Development() bool { return r.development }

// JWKS returns the published JWK Set (RFC 7517 §5): public members only (§9.2), current keys first and successors last.
// It is made once for each change of the ring and must not be modified.
func (r *Ring) JWKS() []byte { return r.state.Load().jwks() }

// Public returns the public half of a published key: *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
func (r *Ring) Public(kid string) (crypto.PublicKey, bool) {
	if p := r.state.Load().find(kid); p != nil {
		return p.signer().Public(), true
	}
	return nil, false
}

// Key returns a published key by its kid, whether it signs or not. A key that serves several algorithms comes with the
// first of them; Key.For has the others.
func (r *Ring) Key(kid string) (*Key, bool) {
	if p := r.state.Load().find(kid); p != nil {
		return p.key(), true
	}
	return nil, false
}

// Published is a key of the JWKS and what a ring does with it.
type Published struct {
	// Key is the key itself; one that serves several algorithms is there once, with the first of them.
	Key *Key
	// Signs are the JWS algorithms for which it is the current key; none for an old key, a successor, or one that Add
	// put beside another.
	Signs []string
	// Next tells a successor that the next rotation takes into use.
	Next bool
}

// Published returns the published keys in the order of the JWKS, all of the same instant.
func (r *Ring) Published() []Published {
	s := r.state.Load()
	list := make([]Published, len(s.pairs))
	for i, p := range s.pairs {
		list[i] = Published{Key: p.key(), Signs: names(s.signs(p)), Next: s.waits(p)}
	}
	return list
}

// Clone returns a ring with the same keys that changes on its own: tenants begin alike and then differ. Its Reset goes
// back to the keys that it begins with. A clone of a seeded ring goes on reading from the same reader.
func (r *Ring) Clone() *Ring {
	began := r.state.Load()
	c := &Ring{def: r.def, development: r.development, forge: r.forge, began: began}
	c.state.Store(began)
	return c
}
