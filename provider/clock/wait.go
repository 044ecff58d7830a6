package clock

import (
	"context"
	"time"
)

// Wait returns nil once the clock shows an instant d or more after the one that
// it shows now, whether by running or by being moved: an Advance past the end
// ends the wait at once, a Set back prolongs it, and on a frozen clock it lasts
// until the clock is moved. A wait beyond the last instant that a clock shows
// ends there. It returns ctx.Err() when ctx is done before, and nil at once when
// d is zero or negative.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	end := within(c.Now().Add(d))
	for {
		moved := c.nextMove() // before the hand is read, so that no move falls between the two
		hand := c.hand.Load()
		left := end.Sub(hand.read(realTime()))
		if left <= 0 {
			return nil
		}
		if hand != nil && hand.frozen {
			left = 0
		}
		if err := pause(ctx, moved, left); err != nil {
			return err
		}
	}
}

// pause returns after a move or, unless d is zero, after d of the real time.
func pause(ctx context.Context, moved <-chan struct{}, d time.Duration) error {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-moved:
		return nil
	case <-over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nextMove is closed when the clock is next moved.
func (c *Clock) nextMove() <-chan struct{} {
	for {
		if moved := c.moved.Load(); moved != nil {
			return *moved
		}
		moved := make(chan struct{})
		if c.moved.CompareAndSwap(nil, &moved) {
			return moved
		}
	}
}

func (c *Clock) wake() {
	if moved := c.moved.Swap(nil); moved != nil {
		close(*moved)
	}
}
