package store_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/store"
)

// A house is a store with a clock that only the test moves.
type house struct {
	*store.Store
	clock *clock.Clock
}

func open(limit int) house {
	c := new(clock.Clock)
	c.Freeze()
	c.Set(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	return house{store.New(c.Now, limit), c}
}

// token returns an access token's record that lives for an hour.
func (h house) token(family uint64) store.Record {
	now := h.clock.Now()
	return store.Record{
		Kind: store.Access, Family: family,
		Client: "web", Subject: "web", Grant: "client_credentials", Detail: `{"sid":"s1"}`, Issuer: "http://localhost:9000",
		Scope: []string{"read", "write"}, Audience: []string{"https://api.example.com"},
		IssuedAt: now, ExpiresAt: now.Add(time.Hour),
	}
}

// login returns a user's token of any kind that lives for an hour.
func (h house) login(k store.Kind, family uint64, user string) store.Record {
	r := h.token(family)
	r.Kind, r.Subject, r.Username, r.Grant = k, "sub-"+user, user, "password"
	r.AuthenticatedAt = r.IssuedAt.Add(-time.Minute)
	return r
}

func key(n int) store.Key {
	return store.KeyOf(store.Access, strconv.Itoa(n))
}

func (h house) has(k store.Key) bool {
	_, ok := h.Get(k)
	return ok
}

func TestKeyOf(t *testing.T) {
	g := NewWithT(t)
	seen := map[store.Key]string{}
	for _, n := range []int{0, 1, 43, 254, 255, 256, 257, 511, 512, 5000} {
		for _, k := range []store.Kind{store.Access, store.Refresh} {
			token := strings.Repeat("x", n)
			name := strconv.Itoa(int(k)) + token
			key := store.KeyOf(k, token)
			g.Expect(seen).NotTo(HaveKey(key), "%d × x has the key of another token", n)
			seen[key] = name
			g.Expect(store.KeyOf(k, token)).To(Equal(key))
			g.Expect(testing.AllocsPerRun(10, func() { store.KeyOf(k, token) })).To(BeZero())
		}
	}
	long := strings.Repeat("x", 5000)
	g.Expect(store.KeyOf(store.Access, long)).NotTo(Equal(store.KeyOf(store.Access, long[:4999]+"y")))
}

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	for name, change := range map[string]func(*store.Record){
		"client credentials":      func(*store.Record) {},
		"a user's, spent":         func(r *store.Record) { r.Username, r.Spent, r.AuthenticatedAt = "alice", true, r.IssuedAt },
		"every kind of zero":      func(r *store.Record) { *r = store.Record{Kind: store.Code} },
		"no scope":                func(r *store.Record) { r.Scope = nil },
		"an empty scope":          func(r *store.Record) { r.Scope = []string{""} },
		"one scope with a space":  func(r *store.Record) { r.Scope = []string{"read write"} },
		"scopes that join alike":  func(r *store.Record) { r.Scope, r.Audience = []string{"ab", "", "c"}, []string{"a", "bc"} },
		"a scope longer than 127": func(r *store.Record) { r.Scope = []string{strings.Repeat("é", 300), "x"} },
		"a date in year 9999":     func(r *store.Record) { r.ExpiresAt = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) },
		"a date before 1970":      func(r *store.Record) { r.IssuedAt = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			g, h := NewWithT(t), open(10)
			h.Put(key(0), h.token(1)) // a neighbour that shares some of the strings
			r := h.token(h.NewFamily())
			change(&r)
			h.Put(key(1), r)
			got, ok := h.Get(key(1))
			g.Expect(ok).To(BeTrue())
			g.Expect(got).To(Equal(r))
		})
	}
	t.Run("but for fractions of seconds and the zone", func(t *testing.T) {
		g, h := NewWithT(t), open(10)
		r := h.token(0)
		want := r
		r.IssuedAt = r.IssuedAt.Add(999 * time.Millisecond).In(time.FixedZone("east", 3600))
		r.ExpiresAt = r.ExpiresAt.Add(time.Nanosecond)
		h.Put(key(1), r)
		got, _ := h.Get(key(1))
		g.Expect(got).To(Equal(want))
	})
}

func TestRecordsAreCopies(t *testing.T) {
	g, h := NewWithT(t), open(10)
	scope := []string{"read", "write"}
	r := h.token(1)
	r.Scope = scope
	h.Put(key(1), r)
	h.Put(key(2), r)
	scope[0] = "mine"
	first, _ := h.Get(key(1))
	first.Scope[0], first.Audience[0] = "changed", "changed"
	for _, k := range []store.Key{key(1), key(2)} {
		again, _ := h.Get(k)
		g.Expect(again.Scope).To(Equal([]string{"read", "write"}))
		g.Expect(again.Audience).To(Equal([]string{"https://api.example.com"}))
	}
}

func TestPut(t *testing.T) {
	for name, body := range map[string]func(Gomega, house){
		"replaces the record of the same key, which is then the newest": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.Put(key(2), h.token(2))
			h.Put(key(1), h.login(store.Access, 3, "alice"))
			g.Expect(h.Len(store.Access)).To(Equal(2))
			got, _ := h.Get(key(1))
			g.Expect(got.Family).To(Equal(uint64(3)))
			g.Expect(h.RevokeFamily(1)).To(BeZero())
			h.Put(key(3), h.token(4))
			h.Put(key(4), h.token(5))
			g.Expect(h.has(key(1))).To(BeTrue())
			g.Expect(h.has(key(2))).To(BeFalse())
		},
		"does not keep what has expired, nor what it replaces": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			dead := h.token(1)
			dead.ExpiresAt = h.clock.Now()
			h.Put(key(1), dead)
			g.Expect(h.has(key(1))).To(BeFalse())
			g.Expect(h.Len(store.Access)).To(BeZero())
		},
		"of no kind panics and leaves the store usable": func(g Gomega, h house) {
			g.Expect(func() { h.Put(key(1), store.Record{}) }).To(Panic())
			g.Expect(func() { h.Put(key(1), store.Record{Kind: 200}) }).To(Panic())
			g.Expect(h.Len(store.Access)).To(BeZero())
		},
		"evicts the oldest of the kind only": func(g Gomega, h house) {
			h.Put(key(100), h.login(store.Refresh, 7, "alice"))
			for n := range 10 {
				h.Put(key(n), h.token(7))
			}
			for n := range 10 {
				g.Expect(h.has(key(n))).To(Equal(n >= 7), "record %d", n)
			}
			g.Expect(h.has(key(100))).To(BeTrue())
			g.Expect(h.Len(store.Access)).To(Equal(3))
			g.Expect(h.RevokeFamily(7)).To(Equal(4))
		},
		"evicts the expired before the oldest": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			short := h.token(2)
			short.ExpiresAt = h.clock.Now().Add(time.Second)
			h.Put(key(2), short)
			h.Put(key(3), h.token(3))
			h.clock.Advance(time.Second)
			h.Put(key(4), h.token(4))
			g.Expect(h.has(key(1))).To(BeTrue())
			g.Expect(h.has(key(2))).To(BeFalse())
		},
		"of a spent refresh token that is evicted affects only itself": func(g Gomega, h house) {
			for n := range 4 {
				h.Put(key(n), h.login(store.Refresh, 7, "alice"))
				g.Expect(h.Spend(key(n))).To(BeTrue())
			}
			h.Put(key(10), h.login(store.Access, 7, "alice"))
			g.Expect(h.has(key(0))).To(BeFalse())
			g.Expect(h.Spend(key(0))).To(BeFalse())
			g.Expect(h.has(key(1))).To(BeTrue())
			g.Expect(h.has(key(10))).To(BeTrue())
		},
	} {
		t.Run(name, func(t *testing.T) { body(NewWithT(t), open(3)) })
	}
	t.Run("with a limit below one keeps one", func(t *testing.T) {
		g, h := NewWithT(t), open(0)
		h.Put(key(1), h.token(1))
		h.Put(key(2), h.token(1))
		g.Expect(h.Len(store.Access)).To(Equal(1))
		g.Expect(h.has(key(2))).To(BeTrue())
	})
}

func TestExpiry(t *testing.T) {
	for name, body := range map[string]func(Gomega, house){
		"comes at ExpiresAt, not a moment before": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.clock.Advance(time.Hour - time.Nanosecond)
			g.Expect(h.has(key(1))).To(BeTrue())
			h.clock.Advance(time.Nanosecond)
			g.Expect(h.has(key(1))).To(BeFalse())
			g.Expect(h.Spend(key(1))).To(BeFalse())
			g.Expect(h.Revoke(key(1))).To(BeFalse())
			g.Expect(h.Len(store.Access)).To(BeZero())
		},
		"never comes without ExpiresAt": func(g Gomega, h house) {
			r := h.token(1)
			r.ExpiresAt = time.Time{}
			h.Put(key(1), r)
			h.clock.Set(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
			g.Expect(h.has(key(1))).To(BeTrue())
		},
		"is later when the clock is set back": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.clock.Advance(-5 * time.Hour)
			h.Put(key(2), h.token(2))
			h.clock.Advance(time.Hour)
			g.Expect(h.has(key(1))).To(BeTrue())
			g.Expect(h.has(key(2))).To(BeFalse())
			h.clock.Advance(5 * time.Hour)
			g.Expect(h.has(key(1))).To(BeFalse())
		},
		"once seen is final": func(g Gomega, h house) {
			h.Put(key(1), h.token(1))
			h.clock.Advance(time.Hour)
			g.Expect(h.has(key(1))).To(BeFalse())
			h.clock.Advance(-time.Hour)
			g.Expect(h.has(key(1))).To(BeFalse())
		},
		"works before 1970 and at the zero time": func(g Gomega, h house) {
			for _, start := range []time.Time{time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC), {}} {
				h.clock.Set(start)
				h.Put(key(1), h.token(1))
				g.Expect(h.has(key(1))).To(BeTrue())
				h.clock.Advance(time.Hour)
				g.Expect(h.has(key(1))).To(BeFalse())
			}
		},
		"does not let short-lived records push out long-lived ones": func(g Gomega, h house) {
			h.Put(key(-1), h.token(1))
			for n := range 1000 {
				r := h.token(2)
				r.ExpiresAt = h.clock.Now().Add(time.Duration(1+n%5) * time.Second)
				h.Put(key(n), r)
				h.clock.Advance(time.Second)
			}
			g.Expect(h.has(key(-1))).To(BeTrue())
		},
	} {
		t.Run(name, func(t *testing.T) { body(NewWithT(t), open(10)) })
	}
}

func TestNothingIsAllocatedForWhatIsKnown(t *testing.T) {
	g, h := NewWithT(t), open(10)
	r := h.token(h.NewFamily())
	r.Scope = strings.Fields(strings.Repeat("a-scope-that-is-long ", 20))
	h.Put(key(1), r)
	k := key(2)
	h.Put(k, r)
	g.Expect(testing.AllocsPerRun(100, func() {
		h.Put(k, r)
		h.Extend(k, r)
		h.Spend(k)
	})).To(BeZero())
	g.Expect(testing.AllocsPerRun(100, func() { h.Get(k) })).To(BeNumerically("<=", 2), "the two lists")
}
