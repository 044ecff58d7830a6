package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/store"
)

// A model says what a store must do, in the plainest way: a list, oldest
// first, of which everything is found by looking at all of it.
type model struct {
	now   func() time.Time
	limit int
	kept  []row
}

type row struct {
	key store.Key
	store.Record
}

func (m *model) sweep() {
	m.remove(func(r row) bool { return !r.ExpiresAt.IsZero() && !m.now().Before(r.ExpiresAt) })
}

func (m *model) remove(doomed func(row) bool) int {
	before := len(m.kept)
	m.kept = slices.DeleteFunc(m.kept, doomed)
	return before - len(m.kept)
}

func (m *model) find(key store.Key) int {
	return slices.IndexFunc(m.kept, func(r row) bool { return r.key == key })
}

func (m *model) len(k store.Kind) int {
	n := 0
	for _, r := range m.kept {
		if r.Kind == k {
			n++
		}
	}
	return n
}

func (m *model) put(key store.Key, r store.Record) {
	m.remove(func(old row) bool { return old.key == key })
	if !r.ExpiresAt.IsZero() && !m.now().Before(r.ExpiresAt) {
		return
	}
	if m.len(r.Kind) == m.limit {
		oldest := slices.IndexFunc(m.kept, func(old row) bool { return old.Kind == r.Kind })
		m.kept = slices.Delete(m.kept, oldest, oldest+1)
	}
	m.kept = append(m.kept, row{key, r})
}

func (m *model) extend(key store.Key, r store.Record) bool {
	known := r.Family != 0 && slices.ContainsFunc(m.kept, func(old row) bool { return old.Family == r.Family })
	if known {
		m.put(key, r)
	}
	return known
}

func (m *model) get(key store.Key) (store.Record, bool) {
	if i := m.find(key); i >= 0 {
		return m.kept[i].Record, true
	}
	return store.Record{}, false
}

func (m *model) spend(key store.Key) bool {
	i := m.find(key)
	if i < 0 || m.kept[i].Spent {
		return false
	}
	m.kept[i].Spent = true
	return true
}

func TestStoreAgreesWithTheModel(t *testing.T) {
	for seed, limit := range []int{1, 2, 10, 10, 100, 300, 1000} {
		t.Run(fmt.Sprintf("seed %d limit %d", seed, limit), func(t *testing.T) {
			h := open(limit)
			p := pair{
				Gomega: NewWithT(t), house: h,
				model: &model{now: h.clock.Now, limit: limit},
				dice:  rand.New(rand.NewPCG(uint64(seed), 0)),
			}
			for range 6000 {
				p.step()
			}
			p.compareAll()
		})
	}
}

// A pair does the same to a store and to its model.
type pair struct {
	Gomega
	house house
	model *model
	dice  *rand.Rand
}

func (p pair) step() {
	p.model.sweep()
	h, m := p.house, p.model
	k := key(p.dice.IntN(4 * m.limit))
	family := uint64(p.dice.IntN(2 * m.limit))
	switch p.dice.IntN(40) {
	default:
		r := p.record(family)
		h.Put(k, r)
		m.put(k, r)
	case 0, 1, 2, 3:
		r := p.record(family)
		p.Expect(h.Extend(k, r)).To(Equal(m.extend(k, r)))
	case 4, 5, 6, 7, 8, 9:
		got, ok := h.Get(k)
		want, wanted := m.get(k)
		p.Expect(ok).To(Equal(wanted))
		p.Expect(got).To(Equal(want))
	case 10, 11, 12:
		p.Expect(h.Spend(k)).To(Equal(m.spend(k)))
	case 13:
		p.Expect(h.Revoke(k)).To(Equal(m.remove(func(r row) bool { return r.key == k }) == 1))
	case 14:
		p.Expect(h.RevokeFamily(family)).To(Equal(m.remove(func(r row) bool { return r.Family == family && family != 0 })))
	case 15:
		p.Expect(h.RevokeFamily(family, store.Refresh)).To(Equal(m.remove(func(r row) bool {
			return r.Family == family && family != 0 && r.Kind == store.Refresh
		})))
	case 16:
		p.rarely()
	case 17, 18, 19, 20, 21:
		h.clock.Advance(time.Duration(p.dice.IntN(90)) * time.Second)
	}
	m.sweep()
	for _, kind := range []store.Kind{store.Access, store.Refresh, store.Code} {
		p.Expect(h.Len(kind)).To(Equal(m.len(kind)))
	}
}

// rarely does what empties large parts of the store.
func (p pair) rarely() {
	h, m := p.house, p.model
	switch p.dice.IntN(12) {
	case 0:
		user := p.user()
		p.Expect(h.RevokeIf(func(r store.Record) bool { return r.Username == user })).
			To(Equal(m.remove(func(r row) bool { return r.Username == user })))
	case 1:
		h.clock.Advance(time.Duration(p.dice.IntN(36)) * time.Hour)
	case 2, 3, 4:
		h.clock.Advance(-time.Duration(p.dice.IntN(10_000)) * time.Second)
	case 5:
		h.Reset()
		m.kept = nil
	default:
		p.compareAll()
	}
}

func (p pair) compareAll() {
	p.model.sweep()
	for _, want := range p.model.kept {
		got, ok := p.house.Get(want.key)
		p.Expect(ok).To(BeTrue())
		p.Expect(got).To(Equal(want.Record))
	}
}

func (p pair) user() string { return fmt.Sprint("user", p.dice.IntN(5)) }

func (p pair) record(family uint64) store.Record {
	r := p.house.login(store.Kind(1+p.dice.IntN(3)), family, p.user())
	r.Issuer = fmt.Sprint("http://", p.dice.IntN(100)) // names that come and go
	r.Scope = r.Scope[:p.dice.IntN(3)]
	if len(r.Scope) == 0 {
		r.Scope = nil
	}
	switch p.dice.IntN(8) {
	case 0:
		r.ExpiresAt = time.Time{}
	case 1:
		r.ExpiresAt = r.IssuedAt.Add(time.Duration(p.dice.IntN(10)-1) * time.Second)
	default:
		r.ExpiresAt = r.IssuedAt.Add(time.Duration(p.dice.IntN(5000)) * time.Second)
	}
	return r
}
