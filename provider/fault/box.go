package fault

import (
	"sync"
	"sync/atomic"
)

// A Box holds the faults in force. The zero Box is empty and ready for use by
// several goroutines.
type Box struct {
	inForce atomic.Pointer[shelf] // nil while there are none; a request takes no lock to look
	dice    dice

	mu     sync.Mutex // for who changes what is in force
	lastID uint64
}

// Inject puts faults in force, after those that already are, and answers their
// IDs: a box counts its faults up from 1.
func (b *Box) Inject(faults ...Fault) (ids []uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.inForce.Load().all()
	for _, f := range faults {
		b.lastID++
		f.memory = &Memory{}
		all = append(all, &injected{id: b.lastID, fault: f})
		ids = append(ids, b.lastID)
	}
	b.inForce.Store(newShelf(all))
	return ids
}

// Remove puts one fault out of force, by its ID. It answers false when the fault
// is in force no more.
func (b *Box) Remove(id uint64) bool {
	return b.remove(func(i *injected) bool { return i.id == id }) > 0
}

// RemoveNamed puts all faults of a name out of force, and answers how many.
func (b *Box) RemoveNamed(name string) int {
	return b.remove(func(i *injected) bool { return i.fault.Name == name })
}

// Clear puts all faults out of force. The next one's ID goes on from theirs.
func (b *Box) Clear() { b.remove(func(*injected) bool { return true }) }

// remove answers how many of the faults that it put out of force were not spent.
func (b *Box) remove(match func(*injected) bool) (removed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var kept []*injected
	for _, i := range b.inForce.Load().all() {
		switch {
		case i.spent():
		case match(i):
			removed++
		default:
			kept = append(kept, i)
		}
	}
	b.inForce.Store(newShelf(kept))
	return removed
}

// Seed makes the faults that have a chance repeat: with the same seed, the same
// draws in the same order answer the same. Without it chance is different in each box.
func (b *Box) Seed(seed [32]byte) { b.dice.seed(seed) }

// Empty tells that no fault is in force.
func (b *Box) Empty() bool { return b.inForce.Load() == nil }

// AnyForClient tells whether any fault in force is for one client only: only then does
// it matter which client a request names.
func (b *Box) AnyForClient() bool {
	s := b.inForce.Load()
	return s != nil && s.forClient
}

// An InForce is a fault in force, as it is at the moment.
type InForce struct {
	ID        uint64
	Fault     Fault  // for as many requests as remain
	Acted     uint64 // on how many requests it has acted
	Remaining int    // for how many more it is good; 0 means all
}

// Active lists the faults in force, in the order in which they were injected.
// One whose times are over is not among them.
func (b *Box) Active() []InForce {
	var active []InForce
	for _, i := range b.inForce.Load().all() {
		if state, spent := i.state(); !spent {
			active = append(active, state)
		}
	}
	return active
}

// Draw answers the faults that act at an endpoint for a client, in the order of
// injection, and spends one of each one's times. A fault is spent where it acts
// only: reading the metadata first does not use up a fault of the token endpoint.
func (b *Box) Draw(endpoint, clientID string) (drawn []Fault) {
	s := b.inForce.Load()
	if s == nil {
		return nil
	}
	over := false
	roll := b.dice.take()
	defer roll.putBack()
	for _, i := range s.of(endpoint) {
		if i.fault.Client != "" && i.fault.Client != clientID || !roll.hits(i.fault.chance) {
			continue
		}
		acts, last := i.spend()
		if acts {
			drawn = append(drawn, i.fault)
		}
		over = over || last
	}
	if over {
		b.remove(func(*injected) bool { return false })
	}
	return drawn
}
