package keys

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// edit replaces the state by what change makes of a copy; after an error the ring is as before.
func (r *Ring) edit(change func(*state) error) error {
	r.change.Lock()
	defer r.change.Unlock()
	s := r.state.Load().draft()
	if err := change(s); err != nil {
		return err
	}
	s.bound()
	s.seal(r.def)
	r.state.Store(s)
	return nil
}

// Rotate takes a new key into use for each algorithm: the successor that Publish made, or one made now. The old ones
// stay published, so that what they signed still verifies; a key that Add put beside another goes on not signing. New
// development keys are derived when first used and repeat in every process; the others are of the same type and size as
// those they follow, which for RSA takes a good part of a second. After an error, which only a reader can cause, the ring
// is as before.
func (r *Ring) Rotate() error {
	return r.edit(func(s *state) error {
		var fresh []*pair
		current := make(map[string]*Key, len(s.current))
		for _, p := range s.signing() {
			q, err := s.successor(p, r.forge)
			if err != nil {
				return fmt.Errorf("rotate %s: %w", p.id, err)
			}
			for _, a := range s.signs(p) {
				current[a.name] = &Key{pair: q, alg: a}
			}
			fresh = append(fresh, q)
		}
		old := slices.DeleteFunc(s.pairs, s.waits)
		s.pairs, s.current = append(fresh, old...), current
		clear(s.next)
		return nil
	})
}

// Publish makes the successors of the current keys and publishes them without signing by them, so that verifiers have
// them when the next Rotate takes them into use. Those that wait already are left as they are: publishing twice does
// nothing more. Costs and errors are those of Rotate.
func (r *Ring) Publish() error {
	return r.edit(func(s *state) error {
		for _, p := range s.signing() {
			if s.next[p] != nil {
				continue
			}
			q, err := s.make(p.algs, p.bits, r.forge)
			if err != nil {
				return fmt.Errorf("publish the successor of %s: %w", p.id, err)
			}
			s.next[p] = q
			s.pairs = append(s.pairs, q)
		}
		return nil
	})
}

// Add publishes a new key for a JWS algorithm and returns its kid. When the ring has none for the algorithm, the key is
// the current one from now on and Algs has one more. Otherwise it stands beside the current one and never signs by
// itself, not after a rotation either, which follows the current keys only; Key finds it. The error is about an unknown
// algorithm, or as that of Rotate.
func (r *Ring) Add(alg string) (kid string, err error) {
	a, err := algorithmNamed(alg)
	if err != nil {
		return "", fmt.Errorf("add a key: %w", err)
	}
	err = r.edit(func(s *state) error {
		p, err := s.make([]algorithm{a}, newRSABits, r.forge)
		if err != nil {
			return fmt.Errorf("add a key for %s: %w", alg, err)
		}
		kid = p.id
		after := 0 // the last that signs
		for i, q := range s.pairs {
			if len(s.signs(q)) > 0 {
				after = i + 1
			}
		}
		s.pairs = slices.Insert(s.pairs, after, p)
		if s.current[alg] == nil {
			s.current[alg] = &Key{pair: p, alg: a}
		}
		return nil
	})
	return kid, err
}

// Retire stops publishing a key, so that what it signed no longer verifies. Without its successor a current key gets
// another at the next Publish or Rotate. It refuses a kid that is unknown or that signs: rotate first.
func (r *Ring) Retire(kid string) error {
	return r.edit(func(s *state) error {
		p := s.find(kid)
		if p == nil {
			return fmt.Errorf("retire %q: no key has that kid", kid)
		}
		if algs := s.signs(p); len(algs) > 0 {
			return fmt.Errorf("retire %q: it still signs %s, rotate first", kid, algs[0].name)
		}
		s.pairs = slices.DeleteFunc(s.pairs, func(q *pair) bool { return q == p })
		maps.DeleteFunc(s.next, func(_, q *pair) bool { return q == p })
		return nil
	})
}

// Reset goes back to the keys that the ring began with. The keys made since are published no more, and a seeded ring's
// reader is not rewound: the next keys are new ones. Development keys repeat.
func (r *Ring) Reset() {
	r.change.Lock()
	defer r.change.Unlock()
	r.state.Store(r.began)
}

// Reseed has the keys to come made of what random says, as those of [Seeded]: for tenants that begin with clones of a
// ring, and rings that begin anew. Development keys are derived as ever.
func (r *Ring) Reseed(random io.Reader) {
	if r.development {
		return
	}
	r.change.Lock()
	defer r.change.Unlock()
	r.forge = keymaker((&seed{random: random}).key).forge
}
