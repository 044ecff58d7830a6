package keys

import (
	"bytes"
	"maps"
	"slices"
	"sync"
)

// maxPublished bounds what a ring that is changed without end keeps.
const maxPublished = 100

// state is one edition of a ring, immutable once it is sealed.
type state struct {
	pairs   []*pair         // in published order: current ones first, then the newest, then successors
	current map[string]*Key // by algorithm
	next    map[*pair]*pair // successors of current pairs, made by Publish
	made    map[string]int  // how many keys an algorithm has had, so that no derived kid comes twice

	algs []string
	jwks func() []byte
}

// draft returns a copy to be changed.
func (s *state) draft() *state {
	return &state{
		pairs: slices.Clone(s.pairs), current: maps.Clone(s.current), next: maps.Clone(s.next), made: maps.Clone(s.made),
	}
}

// seal ends the changes.
func (s *state) seal(def string) {
	s.algs = []string{def}
	for _, name := range Algs() {
		if s.current[name] != nil && name != def {
			s.algs = append(s.algs, name)
		}
	}
	pairs := s.pairs
	s.jwks = sync.OnceValue(func() []byte {
		list := make([][]byte, len(pairs))
		for i, p := range pairs {
			list[i] = p.json()
		}
		return slices.Concat([]byte(`{"keys":[`), bytes.Join(list, []byte(",")), []byte("]}"))
	})
}

// bound drops the oldest pairs that are of no more use.
func (s *state) bound() {
	for i := len(s.pairs) - 1; i >= 0 && len(s.pairs) > maxPublished; i-- {
		if p := s.pairs[i]; len(s.signs(p)) == 0 && !s.waits(p) {
			s.pairs = slices.Delete(s.pairs, i, i+1)
		}
	}
}

// successor returns the pair that follows p: the one that was published as such, or a new one.
func (s *state) successor(p *pair, f forge) (*pair, error) {
	if q := s.next[p]; q != nil {
		return q, nil
	}
	return s.make(p.algs, p.bits, f)
}

func (s *state) make(algs []algorithm, bits int, f forge) (*pair, error) {
	name := algs[0].name
	s.made[name]++
	return f(algs, bits, s.made[name])
}

func (s *state) find(kid string) *pair {
	for _, p := range s.pairs {
		if p.id == kid {
			return p
		}
	}
	return nil
}

// signs returns the algorithms for which p is current.
func (s *state) signs(p *pair) (algs []algorithm) {
	for _, a := range p.algs {
		if s.current[a.name].pair == p {
			algs = append(algs, a)
		}
	}
	return algs
}

// signing returns the current pairs in published order.
func (s *state) signing() (pairs []*pair) {
	for _, p := range s.pairs {
		if len(s.signs(p)) > 0 {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// waits tells a successor.
func (s *state) waits(p *pair) bool {
	for _, q := range s.next {
		if q == p {
			return true
		}
	}
	return false
}
