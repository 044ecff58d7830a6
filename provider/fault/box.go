package fault

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A Box holds the faults in force. The zero Box is empty and ready for use by
// several goroutines.
type Box struct {
	count  atomic.Int64 // spares the requests of a provider without faults the lock
	mu     sync.Mutex
	faults []Fault
}

// Inject puts faults in force, after those that already are.
func (b *Box) Inject(faults ...Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range faults {
		f.memory = &Memory{}
		b.faults = append(b.faults, f)
	}
	b.count.Store(int64(len(b.faults)))
}

// Clear puts all faults out of force.
func (b *Box) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
	b.count.Store(0)
}

// Empty tells that no fault is in force.
func (b *Box) Empty() bool { return b.count.Load() == 0 }

// AnyForClient tells whether any fault in force is for one client only: only then does
// it matter which client a request names.
func (b *Box) AnyForClient() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.faults, func(f Fault) bool { return f.Client != "" })
}

// Active lists the faults in force, in the order in which they were injected.
func (b *Box) Active() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.faults)
}

// Draw answers the faults that act at an endpoint for a client, and spends one
// of each one's times. A fault is spent where it acts only: reading the metadata
// first does not use up a fault of the token endpoint.
func (b *Box) Draw(endpoint, clientID string) []Fault {
	if b.Empty() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var drawn []Fault
	kept := b.faults[:0:0]
	for _, f := range b.faults {
		if f.actsAt(endpoint, clientID) {
			drawn = append(drawn, f)
			if f.times == 1 {
				continue
			}
			f.times = max(f.times-1, 0)
		}
		kept = append(kept, f)
	}
	b.faults = kept
	b.count.Store(int64(len(kept)))
	return drawn
}
