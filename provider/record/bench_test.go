package record_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/mockoauth/mockoauth/provider/record"
)

// BenchmarkAdd adds exchanges of 3 kB to a log that is full.
func BenchmarkAdd(b *testing.B) {
	const distinct = 512 // more than are kept, so that none is in the log twice
	xs := make([]record.Exchange, distinct)
	for i := range xs {
		xs[i] = granted()
	}
	for name, limit := range map[string]int{"kept": 500, "off": 0} {
		b.Run(name, func(b *testing.B) {
			l := record.NewLog(limit, 4<<20)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				l.Add(&xs[i%distinct])
			}
		})
	}
}

// filled is a log of 500 exchanges, one in ten to another endpoint.
func filled() *record.Log {
	l := record.NewLog(500, 4<<20)
	for i := range 500 {
		x := granted()
		if i%10 == 0 {
			x.Endpoint = "jwks"
		}
		l.Add(&x)
	}
	return l
}

// BenchmarkSelect asks a log of 500.
func BenchmarkSelect(b *testing.B) {
	l := filled()
	for name, f := range map[string]record.Filter{"all": {}, "a tenth": {Endpoint: "jwks"}, "the last": {After: 499}, "none": {Client: "x"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Select(f)
			}
		})
	}
}

// BenchmarkMasked masks one exchange of 3 kB, for as many secrets as are given.
func BenchmarkMasked(b *testing.B) {
	for _, n := range []int{0, 10, 1000} {
		secrets := make([]string, n)
		for i := range secrets {
			secrets[i] = fmt.Sprintf("secret-%08d", i*7919)
		}
		x := granted()
		b.Run(fmt.Sprintf("one, %d secrets", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Masked(secrets...)
			}
		})
		xs := filled().Select(record.Filter{})
		b.Run(fmt.Sprintf("500, %d secrets", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				xs.Masked(secrets...)
			}
		})
	}
}

// BenchmarkExports writes 500 exchanges of 3 kB.
func BenchmarkExports(b *testing.B) {
	xs := filled().Select(record.Filter{})
	b.Run("JSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(xs); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("HAR", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := record.HAR(xs, "mockoauth 1"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
