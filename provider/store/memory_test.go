package store_test

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/store"
)

const many = 20_000

// heap returns the bytes in use after a collection.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Ceilings of the budget, which is 300 bytes kept for a live token.
func TestMemory(t *testing.T) {
	for name, row := range map[string]struct {
		puts    int
		fill    func(h house, n int)
		ceiling int // bytes for each token kept
	}{
		"a client credentials token":          {many, putToken, 130},
		"an access and refresh token":         {many, putPair, 130},
		"a token for each of many users":      {many, putUser, 300},
		"tokens that pass through the bound":  {10 * many, putToken, 130},
		"issuers that pass through the bound": {10 * many, putIssuer, 200},
		"tokens that expire": {3 * many, func(h house, n int) {
			putToken(h, n)
			h.clock.Advance(time.Second) // an hour's worth is alive
		}, 130},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			before := heap()
			h := open(many)
			for n := range row.puts {
				row.fill(h, n)
			}
			used := heap() - before
			kept := h.Len(store.Access) + h.Len(store.Refresh)
			t.Logf("%d B/token", used/kept)
			g.Expect(used).To(BeNumerically("<=", kept*row.ceiling))
			runtime.KeepAlive(h.Store)
		})
	}
}

func TestAnEmptyStoreIsSmall(t *testing.T) {
	g := NewWithT(t)
	before := heap()
	stores := make([]*store.Store, 100)
	for i := range stores {
		stores[i] = store.New(time.Now, 1_000_000)
	}
	g.Expect((heap() - before) / len(stores)).To(BeNumerically("<=", 4096))
	runtime.KeepAlive(stores)
}

func TestRevocationGivesMemoryBack(t *testing.T) {
	for name, empty := range map[string]func(house){
		"revoked": func(h house) { h.RevokeIf(func(store.Record) bool { return true }) },
		"expired": func(h house) { h.clock.Advance(time.Hour); h.Len(store.Access) },
		"reset":   func(h house) { h.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			before := heap()
			h := open(many)
			for n := range many {
				putUser(h, n)
			}
			empty(h)
			g.Expect(heap() - before).To(BeNumerically("<=", 64<<10))
			runtime.KeepAlive(h.Store)
		})
	}
}

func putToken(h house, n int) {
	h.Put(key(n), h.token(h.NewFamily()))
}

func putPair(h house, n int) {
	family := h.NewFamily()
	h.Put(key(n), h.login(store.Access, family, "alice"))
	h.Put(store.KeyOf(store.Refresh, strconv.Itoa(n)), h.login(store.Refresh, family, "alice"))
}

func putUser(h house, n int) {
	h.Put(key(n), h.login(store.Access, h.NewFamily(), strconv.Itoa(n)))
}

func putIssuer(h house, n int) {
	r := h.token(h.NewFamily())
	r.Issuer = "http://" + strconv.Itoa(n) + ".example.com"
	h.Put(key(n), r)
}
