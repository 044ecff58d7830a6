package fault

import (
	"context"
	"time"
)

type clockKey struct{}

// A Clock is the provider's: a fault must never go by one that a test cannot move.
type Clock interface {
	// Now is the present.
	Now() time.Time
	// Wait returns nil when d has passed, or the error of ctx when that ended first.
	Wait(ctx context.Context, d time.Duration) error
}

// WithClock has the faults that act on the request of ctx go by a clock.
func WithClock(ctx context.Context, c Clock) context.Context {
	return context.WithValue(ctx, clockKey{}, c)
}

// Wait waits for d by the clock that [WithClock] gave the request of ctx. The error
// is that of ctx, when it ends first. Without a clock no time passes: Wait answers
// at once.
func Wait(ctx context.Context, d time.Duration) error {
	c, ok := ctx.Value(clockKey{}).(Clock)
	if !ok || d <= 0 {
		return ctx.Err()
	}
	return c.Wait(ctx, d)
}

// now is the present by the clock that [WithClock] gave the request; without one it is 1970.
func now(ctx context.Context) time.Time {
	if c, ok := ctx.Value(clockKey{}).(Clock); ok {
		return c.Now()
	}
	return time.Unix(0, 0)
}
