// Package keys holds the signing keys of a provider: which key signs now (Ring.Signer), what verifiers are told
// (Ring.JWKS), and how both change (Ring.Rotate, Ring.Retire).
//
// Three ways lead to a ring. Development keys ship in the binary and are the same everywhere: quick, repeatable
// and public knowledge. Random keys are made for the process. Parse reads the user's own. Only development keys
// use cryptography of this package (multiprime.go); all others are signed by the standard library.
package keys

import (
	"bytes"
	"crypto"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// maxPublished bounds what a ring that is rotated without end keeps.
const maxPublished = 100

// Ring is a set of published keys, of which one is current for each algorithm. It is safe for concurrent use:
// readers see the ring before a change or after it, never between.
type Ring struct {
	algs        []string
	development bool
	change      sync.Mutex // held by whoever replaces state
	state       atomic.Pointer[state]
}

// state is one immutable edition of a ring.
type state struct {
	pairs   []*pair // in published order: current ones first, then the newest
	current map[string]*Key
	jwks    func() []byte
}

// newRing expects pairs that cover def. A pair made for one algorithm is preferred to one that serves several,
// then an earlier one to a later.
func newRing(pairs []*pair, def string, development bool) *Ring {
	current := make(map[string]*Key)
	for _, single := range []bool{true, false} {
		for _, p := range pairs {
			for _, a := range p.algs {
				if current[a.name] == nil && single == (len(p.algs) == 1) {
					current[a.name] = &Key{pair: p, alg: a}
				}
			}
		}
	}
	r := &Ring{algs: []string{def}, development: development}
	for _, name := range Algs() {
		if current[name] != nil && name != def {
			r.algs = append(r.algs, name)
		}
	}
	// Clients that take the first key they are given should be right.
	ordered := []*pair{current[def].pair}
	for _, p := range pairs {
		if p != ordered[0] {
			ordered = append(ordered, p)
		}
	}
	r.state.Store(newState(ordered, current))
	return r
}

func newState(pairs []*pair, current map[string]*Key) *state {
	return &state{pairs: pairs, current: current, jwks: sync.OnceValue(func() []byte {
		list := make([][]byte, len(pairs))
		for i, p := range pairs {
			list[i] = p.json()
		}
		return slices.Concat([]byte(`{"keys":[`), bytes.Join(list, []byte(",")), []byte("]}"))
	})}
}

func (s *state) find(kid string) *pair {
	for _, p := range s.pairs {
		if p.id == kid {
			return p
		}
	}
	return nil
}

// signs returns an algorithm for which p is current, or "".
func (s *state) signs(p *pair) string {
	for _, a := range p.algs {
		if s.current[a.name].pair == p {
			return a.name
		}
	}
	return ""
}

// Signer returns the current key for a JWS algorithm, "" meaning the default one. Take kid and signature from the
// one Key: asked for separately they may be of different keys. The error says which algorithms there are.
func (r *Ring) Signer(alg string) (*Key, error) {
	if alg == "" {
		alg = r.algs[0]
	}
	if k := r.state.Load().current[alg]; k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("signing algorithm %q: no key for it, only for %s", alg, strings.Join(r.algs, ", "))
}

// Default returns the JWS algorithm that signs when none is asked for.
func (r *Ring) Default() string { return r.algs[0] }

// Algs returns the JWS algorithms that the ring signs for: the default one, then the others in the order of the
// function Algs. Rotation does not change them.
func (r *Ring) Algs() []string { return slices.Clone(r.algs) }

// Development reports whether the keys are public knowledge, so that anyone can forge what they sign.
func (r *Ring) Development() bool { return r.development }

// JWKS returns the published JWK Set (RFC 7517 §5): public members only (§9.2), current keys first. It is made once
// for each change of the ring and must not be modified.
func (r *Ring) JWKS() []byte { return r.state.Load().jwks() }

// Public returns the public half of a published key: *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
func (r *Ring) Public(kid string) (crypto.PublicKey, bool) {
	if p := r.state.Load().find(kid); p != nil {
		return p.signer().Public(), true
	}
	return nil, false
}

// Key returns a published key by its kid, current or not. A key that serves several algorithms comes with the
// first of them.
func (r *Ring) Key(kid string) (*Key, bool) {
	if p := r.state.Load().find(kid); p != nil {
		return p.key(), true
	}
	return nil, false
}

// Keys returns the published keys in the order of the JWKS. A key that serves several algorithms is there once, with
// the first of them.
func (r *Ring) Keys() []*Key {
	pairs := r.state.Load().pairs
	list := make([]*Key, len(pairs))
	for i, p := range pairs {
		list[i] = p.key()
	}
	return list
}

// Rotate makes a new key for each algorithm, which signs from now on; the old ones stay published, so that what they
// signed still verifies. A hundred keys stay at most, the oldest leave first. New development keys are derived when first
// used and repeat in every process; the others are new random keys of the same type and size, which for RSA takes a good
// part of a second. After an error, which only random keys can have, the ring is as before.
func (r *Ring) Rotate() error {
	r.change.Lock()
	defer r.change.Unlock()
	old := r.state.Load()
	next := make(map[*pair]*pair)
	var pairs []*pair
	for _, p := range old.pairs {
		if old.signs(p) == "" {
			continue
		}
		successor, err := p.next()
		if err != nil {
			return fmt.Errorf("rotate %s: %w", p.id, err)
		}
		next[p] = successor
		pairs = append(pairs, successor)
	}
	pairs = append(pairs, old.pairs...)
	current := make(map[string]*Key, len(old.current))
	for name, k := range old.current {
		current[name] = &Key{pair: next[k.pair], alg: k.alg}
	}
	r.state.Store(newState(pairs[:min(len(pairs), maxPublished)], current))
	return nil
}

// Retire stops publishing a key, so that what it signed no longer verifies. It refuses a kid that is unknown or
// that signs: rotate first.
func (r *Ring) Retire(kid string) error {
	r.change.Lock()
	defer r.change.Unlock()
	old := r.state.Load()
	p := old.find(kid)
	if p == nil {
		return fmt.Errorf("retire %q: no key has that kid", kid)
	}
	if alg := old.signs(p); alg != "" {
		return fmt.Errorf("retire %q: it still signs %s, rotate first", kid, alg)
	}
	pairs := slices.DeleteFunc(slices.Clone(old.pairs), func(q *pair) bool { return q == p })
	r.state.Store(newState(pairs, old.current))
	return nil
}

// Clone returns a ring with the same keys that rotates on its own: tenants begin alike and then differ.
func (r *Ring) Clone() *Ring {
	c := &Ring{algs: r.algs, development: r.development}
	c.state.Store(r.state.Load())
	return c
}
