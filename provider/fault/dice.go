package fault

import (
	cryptorand "crypto/rand"
	"math/rand/v2"
	"sync"
)

// The dice of a box decide for the faults that have a chance. They are seeded
// when they are first thrown, unless somebody did before.
type dice struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (d *dice) seed(seed [32]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.source = rand.NewChaCha8(seed)
}

// take takes the dice for one draw, so that another draw's throws do not come
// between its own. They are locked with the first throw: most draws need none.
func (d *dice) take() roll { return roll{dice: d} }

// A roll is the dice in one draw's hand.
type roll struct {
	dice   *dice
	locked bool
}

// hits tells whether a fault acts, by its chance as [Fault] keeps it.
func (r *roll) hits(chance float64) bool {
	if chance <= 0 {
		return chance == 0
	}
	if !r.locked {
		r.dice.mu.Lock()
		r.locked = true
	}
	if r.dice.source == nil {
		var seed [32]byte
		_, _ = cryptorand.Read(seed[:]) // which never fails
		r.dice.source = rand.NewChaCha8(seed)
	}
	return float64(r.dice.source.Uint64()>>11)/(1<<53) < chance
}

func (r *roll) putBack() {
	if r.locked {
		r.dice.mu.Unlock()
	}
}
