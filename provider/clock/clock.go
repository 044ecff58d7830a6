// Package clock tells one provider the time, which a test may move.
//
// Nothing in a provider asks the time package what time it is: it asks its
// [Clock], so that a test can let a token expire without waiting for it.
// Each provider (tenant) has a Clock of its own; moving one moves no other.
package clock

import (
	"sync/atomic"
	"time"
)

// A Clock starts as the real time and is moved with Advance, Set and Freeze.
// Its zero value is ready and runs with the real time. It may be used from
// several goroutines at once, and must not be copied after its first use.
type Clock struct {
	hand atomic.Pointer[hand] // nil: the real time
}

// A hand is where a moved clock was last set to. It never changes once
// published, so Now needs one atomic load and no lock. A pair of instants
// rather than an offset: a [time.Duration] ends after 292 years, and
// "year 9999" is a date that tests do set.
type hand struct {
	shown  time.Time // what the clock showed …
	at     time.Time // … when this was the real time
	frozen bool
}

// Now returns the time this clock shows, in UTC and without a monotonic
// reading, so that two instants compare by what they show.
func (c *Clock) Now() time.Time {
	return c.hand.Load().read(realTime())
}

// Advance moves the clock by d, frozen or not. A negative d moves it back, as
// a badly kept clock would; what expired meanwhile may have been swept and
// does not come back.
func (c *Clock) Advance(d time.Duration) {
	c.move(func(h hand) hand {
		h.shown = h.shown.Add(d)
		return h
	})
}

// Set makes the clock show t from now on. A running clock goes on running
// from there and a frozen one stays frozen.
func (c *Clock) Set(t time.Time) {
	c.move(func(h hand) hand {
		h.shown = t.Round(0).UTC()
		return h
	})
}

// Freeze stops the clock at the instant it shows. Freezing a frozen clock
// changes nothing; Advance and Set still move it.
func (c *Clock) Freeze() {
	c.move(func(h hand) hand {
		h.frozen = true
		return h
	})
}

// Resume lets a frozen clock run on from the instant it shows, and so behind
// the real time by as long as it stood. Resuming a running clock changes
// nothing.
func (c *Clock) Resume() {
	c.move(func(h hand) hand {
		h.frozen = false
		return h
	})
}

// Reset returns the clock to the real time, running.
func (c *Clock) Reset() {
	c.hand.Store(nil)
}

// Frozen tells whether the clock stands still.
func (c *Clock) Frozen() bool {
	h := c.hand.Load()
	return h != nil && h.frozen
}

// Offset is how far the clock is ahead of the real time: zero when it was
// never moved, negative when it is behind, and shrinking while it is frozen.
// It stops at about ±292 years, the ends of a [time.Duration].
func (c *Clock) Offset() time.Duration {
	now := realTime()
	return c.hand.Load().read(now).Sub(now)
}

// move replaces the hand by what change makes of the present one, and tries
// again when another goroutine moved it meanwhile: no move is ever lost.
func (c *Clock) move(change func(hand) hand) {
	for {
		old := c.hand.Load()
		now := realTime()
		next := hand{shown: old.read(now), at: now, frozen: old != nil && old.frozen}
		next = change(next)
		if c.hand.CompareAndSwap(old, &next) {
			return
		}
	}
}

// read returns what a clock with this hand shows when the real time is now.
func (h *hand) read(now time.Time) time.Time {
	switch {
	case h == nil:
		return now
	case h.frozen:
		return h.shown
	default:
		return h.shown.Add(now.Sub(h.at))
	}
}

func realTime() time.Time {
	return time.Now().Round(0).UTC()
}
