package fault_test

import (
	"testing"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// Every request draws: what is not for it must cost it next to nothing, and
// nothing to collect.
func BenchmarkDraw(b *testing.B) {
	const n = 100
	elsewhere := fault.Cacheable.AtEndpoint(fault.Revocation)
	for name, faults := range map[string][]fault.Fault{
		"from an empty box":                   nil,
		"from 100 at another endpoint":        times(n, elsewhere),
		"from 100 for another client":         times(n, fault.Cacheable.For("mobile")),
		"from 100 that chance spares":         times(n, fault.Cacheable.WithChance(1e-12)),
		"1 of 100, the rest elsewhere":        append(times(n-1, elsewhere), fault.Cacheable),
		"1 of 100, the rest of other clients": append(times(n-1, fault.Cacheable.For("mobile")), fault.Cacheable),
	} {
		b.Run(name, func(b *testing.B) {
			var box fault.Box
			box.Inject(faults...)
			b.ReportAllocs()
			for b.Loop() {
				box.Draw(fault.Token, "web")
			}
		})
	}
}

// times is one fault, n times.
func times(n int, f fault.Fault) []fault.Fault {
	all := make([]fault.Fault, n)
	for i := range all {
		all[i] = f
	}
	return all
}
