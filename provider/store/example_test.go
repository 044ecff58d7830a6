package store_test

import (
	"fmt"
	"time"

	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/store"
)

func Example() {
	var c clock.Clock
	s := store.New(c.Now, 10_000)
	key := store.KeyOf(store.Access, "2YotnFZFEjr1zCsicMWpAA")
	s.Put(key, store.Record{
		Kind:      store.Access,
		Family:    s.NewFamily(),
		Client:    "web",
		Subject:   "alice",
		Scope:     []string{"read", "write"},
		IssuedAt:  c.Now(),
		ExpiresAt: c.Now().Add(time.Hour),
	})
	r, ok := s.Get(key)
	fmt.Println(r.Subject, r.Scope, ok)
	c.Advance(time.Hour)
	_, ok = s.Get(key)
	fmt.Println(ok)
	// Output:
	// alice [read write] true
	// false
}

// A refresh token is rotated: whoever spends it may extend the family, and
// whoever comes second ends it.
func ExampleStore_Spend() {
	var c clock.Clock
	s := store.New(c.Now, 10_000)
	first := store.KeyOf(store.Refresh, "first")
	s.Put(first, store.Record{Kind: store.Refresh, Family: s.NewFamily()})

	rotate := func(next string) {
		old, ok := s.Get(first)
		switch {
		case !ok:
			fmt.Println("unknown")
		case !s.Spend(first):
			fmt.Println("reuse: revoked", s.RevokeFamily(old.Family))
		default:
			fmt.Println("rotated:", s.Extend(store.KeyOf(store.Refresh, next), old))
		}
	}
	rotate("second")
	rotate("stolen")
	rotate("third")
	// Output:
	// rotated: true
	// reuse: revoked 2
	// unknown
}

func ExampleStore_RevokeIf() {
	var c clock.Clock
	s := store.New(c.Now, 10_000)
	for _, user := range []string{"alice", "bob", "alice"} {
		token := store.KeyOf(store.Access, fmt.Sprint(user, s.NewFamily()))
		s.Put(token, store.Record{Kind: store.Access, Username: user})
	}
	fmt.Println(s.RevokeIf(func(r store.Record) bool { return r.Username == "alice" }))
	fmt.Println(s.Len(store.Access))
	// Output:
	// 2
	// 1
}
