package store_test

import (
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/mockoauth/mockoauth/provider/store"
)

// keysOf returns n keys made beforehand, so that a benchmark measures the
// store and not the digest.
func keysOf(n int) []store.Key {
	keys := make([]store.Key, n)
	for i := range keys {
		keys[i] = key(i)
	}
	return keys
}

func BenchmarkKeyOf(b *testing.B) {
	for _, n := range []int{43, 900} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			token := string(make([]byte, n))
			b.ReportAllocs()
			for b.Loop() {
				store.KeyOf(store.Access, token)
			}
		})
	}
}

// The bound is reached, so each Put also evicts.
func BenchmarkPut(b *testing.B) {
	h, keys := open(many), keysOf(4*many)
	r := h.token(0)
	before := heap()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r.Family = h.NewFamily()
		h.Put(keys[n%len(keys)], r)
		n++
	}
	b.StopTimer()
	if kept := h.Len(store.Access); kept == many {
		b.ReportMetric(float64(heap()-before)/float64(kept), "B/token")
	}
	runtime.KeepAlive(h.Store)
	runtime.KeepAlive(keys)
}

func BenchmarkGet(b *testing.B) {
	h, keys := open(many), keysOf(many)
	for _, k := range keys {
		h.Put(k, h.token(h.NewFamily()))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		h.Get(keys[n%many])
		n += 7919
	}
}

func BenchmarkSpend(b *testing.B) {
	h, keys := open(many), keysOf(many)
	for _, k := range keys {
		h.Put(k, h.token(h.NewFamily()))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		h.Spend(keys[n%many])
		n += 7919
	}
}

// One Put, two Gets and a family revoked now and then, on every core.
func BenchmarkMixedParallel(b *testing.B) {
	h, keys := open(many), keysOf(4*many)
	r := h.token(0)
	var workers atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		n := int(workers.Add(1)) * 10_007
		for r := r; pb.Next(); n++ {
			switch n % 3 {
			case 0:
				r.Family = h.NewFamily()
				h.Put(keys[n%len(keys)], r)
				if n%30 == 0 {
					h.RevokeFamily(r.Family)
				}
			default:
				h.Get(keys[n*7919%len(keys)])
			}
		}
	})
}
