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

// A Clock starts as the real time and is moved with Advance, Set and Freeze, or
// by a [Move]. Its zero value is ready and runs with the real time. It may be
// used from several goroutines at once, and must not be copied after its first
// use.
//
// It shows no time before 1970-01-01T00:00:00Z and none after
// 9999-12-31T23:59:59Z, where a running clock stops: a NumericDate (RFC 7519 §2)
// counts from the one, and RFC 3339 has no year after the other, so that
// whatever a clock shows can be written down.
type Clock struct {
	hand  atomic.Pointer[hand]          // nil: the real time
	moved atomic.Pointer[chan struct{}] // closed at the next move; nil: nobody waits for it
}

// The first and the last second that a clock shows, in Unix time.
const (
	firstSecond = 0
	lastSecond  = 253402300799
)

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
// does not come back. It stops at the first and the last instant that a clock
// shows; a [Move] beyond them is an error instead.
func (c *Clock) Advance(d time.Duration) {
	c.move(func(h *hand) { h.shown = within(h.shown.Add(d)) })
}

// Set makes the clock show t from now on, or the first or last instant that a
// clock shows when t is beyond it. A running clock goes on running from there
// and a frozen one stays frozen.
func (c *Clock) Set(t time.Time) {
	c.move(func(h *hand) { h.shown = within(t.Round(0).UTC()) })
}

// Freeze stops the clock at the instant it shows. Freezing a frozen clock
// changes nothing; Advance and Set still move it.
func (c *Clock) Freeze() {
	c.move(func(h *hand) { h.frozen = true })
}

// Resume lets a frozen clock run on from the instant it shows, and so behind
// the real time by as long as it stood. Resuming a running clock changes
// nothing.
func (c *Clock) Resume() {
	c.move(func(h *hand) { h.frozen = false })
}

// Reset returns the clock to the real time, running.
func (c *Clock) Reset() {
	c.move((*hand).reset)
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

// move is a change that cannot fail.
func (c *Clock) move(change func(*hand)) {
	_ = c.turn(func(h *hand) error {
		change(h)
		return nil
	})
}

// turn replaces the hand by what change makes of the present one, unless that
// fails, and tries again when another goroutine moved it meanwhile: no move is
// ever lost. Whoever waits is woken to look again.
func (c *Clock) turn(change func(*hand) error) error {
	for {
		old := c.hand.Load()
		now := realTime()
		next := &hand{shown: old.read(now), at: now, frozen: old != nil && old.frozen}
		if err := change(next); err != nil {
			return err
		}
		if !next.frozen && next.shown.Equal(next.at) {
			next = nil
		}
		if c.hand.CompareAndSwap(old, next) {
			c.wake()
			return nil
		}
	}
}

func (h *hand) reset() { h.shown, h.frozen = h.at, false }

// read returns what a clock with this hand shows when the real time is now.
func (h *hand) read(now time.Time) time.Time {
	switch {
	case h == nil:
		return now
	case h.frozen:
		return h.shown
	default:
		return within(h.shown.Add(now.Sub(h.at)))
	}
}

// within returns t, or the end of what a clock shows that t is beyond.
func within(t time.Time) time.Time {
	switch s := t.Unix(); {
	case s < firstSecond:
		return time.Unix(firstSecond, 0).UTC()
	case s >= lastSecond:
		return time.Unix(lastSecond, 0).UTC()
	}
	return t
}

func realTime() time.Time {
	return time.Now().Round(0).UTC()
}
