package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/store"
)

func TestSpend(t *testing.T) {
	g, h := NewWithT(t), open(10)
	h.Put(key(1), h.login(store.Refresh, 1, "alice"))
	g.Expect(h.Spend(key(2))).To(BeFalse(), "unknown")
	g.Expect(h.Spend(key(1))).To(BeTrue())
	g.Expect(h.Spend(key(1))).To(BeFalse(), "a second time")
	got, ok := h.Get(key(1))
	g.Expect(ok).To(BeTrue(), "kept, so that reuse is noticed")
	g.Expect(got.Spent).To(BeTrue())
	h.clock.Advance(time.Hour)
	g.Expect(h.has(key(1))).To(BeFalse(), "until it expires")
}

func TestManyWhoSpendOneKey(t *testing.T) {
	g, h := NewWithT(t), open(1000)
	for trial := range 200 {
		k := key(trial)
		h.Put(k, h.login(store.Refresh, uint64(trial+1), "alice"))
		var won atomic.Int32
		var all sync.WaitGroup
		start := make(chan struct{})
		for range 16 {
			all.Go(func() {
				<-start
				if h.Spend(k) {
					won.Add(1)
				}
			})
		}
		close(start)
		all.Wait()
		g.Expect(won.Load()).To(Equal(int32(1)), "trial %d", trial)
	}
}

// Rotation as an engine does it, many at once with the same token: whoever
// loses revokes the family, and whatever the order, nothing of it is left.
func TestReuseLeavesNothingOfTheFamily(t *testing.T) {
	g, h := NewWithT(t), open(10_000)
	for trial := range 200 {
		family := h.NewFamily()
		old := key(trial * 100)
		h.Put(old, h.login(store.Refresh, family, "alice"))
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				if !h.Spend(old) {
					h.RevokeFamily(family)
					return
				}
				h.Extend(key(trial*100+10*n+1), h.login(store.Access, family, "alice"))
				h.Extend(key(trial*100+10*n+2), h.login(store.Refresh, family, "alice"))
			})
		}
		all.Wait()
		g.Expect(h.RevokeFamily(family)).To(BeZero(), "trial %d", trial)
	}
}

// Every verb at once, for the race detector.
func TestEverythingAtOnce(t *testing.T) {
	g, h := NewWithT(t), open(50)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := range 500 {
				k, family := key(n%100), h.NewFamily()
				h.Put(k, h.login(store.Kind(1+n%2), family, "alice"))
				h.Extend(key(n+1000), h.token(family))
				h.Get(k)
				h.Spend(k)
				switch n % 100 {
				case 20 + worker:
					h.RevokeFamily(family)
				case 40 + worker:
					h.RevokeIf(func(r store.Record) bool { return r.Family%2 == 0 })
				case 60 + worker:
					h.clock.Advance(20 * time.Minute)
				case 80 + worker:
					h.clock.Advance(-10 * time.Minute)
				case 99:
					h.Reset()
				}
			}
		})
	}
	all.Wait()
	g.Expect(h.Len(store.Access)).To(BeNumerically("<=", 50))
}
