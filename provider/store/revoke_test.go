package store_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/store"
)

func TestRevocation(t *testing.T) {
	for name, body := range map[string]func(Gomega, house){
		"of a key removes one record": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.Put(key(2), h.token(1))
			g.Expect(h.Revoke(key(1))).To(BeTrue())
			g.Expect(h.Revoke(key(1))).To(BeFalse())
			g.Expect(h.has(key(2))).To(BeTrue())
		},
		"of a family removes all of it and nothing else": func(g Gomega, h house) {
			mine, other := h.NewFamily(), h.NewFamily()
			h.Put(key(1), h.login(store.Access, mine, "alice"))
			h.Put(key(2), h.login(store.Refresh, mine, "alice"))
			h.Put(key(3), h.login(store.Access, other, "alice"))
			g.Expect(h.RevokeFamily(mine)).To(Equal(2))
			g.Expect(h.has(key(1)) || h.has(key(2))).To(BeFalse())
			g.Expect(h.has(key(3))).To(BeTrue())
			g.Expect(h.RevokeFamily(mine)).To(BeZero())
		},
		"of a family can be of some kinds only": func(g Gomega, h house) {
			h.Put(key(1), h.login(store.Access, 1, "alice"))
			h.Put(key(2), h.login(store.Refresh, 1, "alice"))
			h.Put(key(3), h.login(store.Code, 1, "alice"))
			g.Expect(h.RevokeFamily(1, store.Access, store.Code)).To(Equal(2))
			g.Expect(h.has(key(2))).To(BeTrue())
		},
		"of a family finds what remains when its first record has gone": func(g Gomega, h house) {
			for n := range 5 {
				r := h.token(9)
				r.ExpiresAt = r.IssuedAt.Add(time.Duration(n+1) * time.Minute)
				h.Put(key(n), r)
			}
			h.clock.Advance(2 * time.Minute)
			g.Expect(h.RevokeFamily(9)).To(Equal(3))
		},
		"of family zero does nothing": func(g Gomega, h house) {
			h.Put(key(1), h.token(0))
			g.Expect(h.RevokeFamily(0)).To(BeZero())
			g.Expect(h.has(key(1))).To(BeTrue())
		},
		"by a condition removes the live that meet it": func(g Gomega, h house) {
			for n, user := range []string{"alice", "bob", "alice", "alice"} {
				h.Put(key(n), h.login(store.Kind(1+n%2), uint64(n), user))
			}
			dead := h.login(store.Access, 5, "alice")
			dead.ExpiresAt = h.clock.Now().Add(time.Second)
			h.Put(key(9), dead)
			h.clock.Advance(time.Second)
			g.Expect(h.RevokeIf(func(r store.Record) bool { return r.Username == "alice" })).To(Equal(3))
			g.Expect(h.has(key(1))).To(BeTrue())
		},
		"by reset removes everything and reuses no family": func(g Gomega, h house) {
			family := h.NewFamily()
			h.Put(key(1), h.token(family))
			h.Put(key(2), h.login(store.Refresh, family, "alice"))
			h.Reset()
			g.Expect(h.Len(store.Access) + h.Len(store.Refresh)).To(BeZero())
			g.Expect(h.NewFamily()).To(BeNumerically(">", family))
			h.Put(key(1), h.token(family))
			g.Expect(h.RevokeFamily(family)).To(Equal(1))
		},
		"of everything leaves a store that works": func(g Gomega, h house) {
			for range 3 {
				for n := range 1000 {
					h.Put(key(n), h.token(uint64(n)))
				}
				g.Expect(h.RevokeIf(func(store.Record) bool { return true })).To(Equal(1000))
				g.Expect(h.has(key(7))).To(BeFalse())
			}
		},
	} {
		t.Run(name, func(t *testing.T) { body(NewWithT(t), open(1000)) })
	}
}

func TestExtend(t *testing.T) {
	for name, body := range map[string]func(Gomega, house){
		"adds to a family that has a record, though it be spent": func(g Gomega, h house) {
			h.Put(key(1), h.login(store.Refresh, 1, "alice"))
			h.Spend(key(1))
			g.Expect(h.Extend(key(2), h.login(store.Access, 1, "alice"))).To(BeTrue())
			g.Expect(h.has(key(2))).To(BeTrue())
		},
		"refuses a family that was revoked meanwhile": func(g Gomega, h house) {
			h.Put(key(1), h.login(store.Refresh, 1, "alice"))
			h.Spend(key(1))
			h.RevokeFamily(1)
			g.Expect(h.Extend(key(2), h.login(store.Access, 1, "alice"))).To(BeFalse())
			g.Expect(h.has(key(2))).To(BeFalse())
		},
		"goes on after one kind was revoked": func(g Gomega, h house) {
			h.Put(key(1), h.login(store.Refresh, 1, "alice"))
			h.Put(key(2), h.login(store.Access, 1, "alice"))
			h.RevokeFamily(1, store.Access)
			g.Expect(h.Extend(key(3), h.login(store.Access, 1, "alice"))).To(BeTrue())
		},
		"refuses a family that expired, one that never was, and none": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.clock.Advance(time.Hour)
			for family := range uint64(3) {
				g.Expect(h.Extend(key(2), h.token(family))).To(BeFalse())
			}
		},
	} {
		t.Run(name, func(t *testing.T) { body(NewWithT(t), open(10)) })
	}
}
