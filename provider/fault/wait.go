package fault

import (
	"context"
	"time"
)

type waitKey struct{}

// WithWait has the faults that act on the request of ctx wait by wait, which is
// to return nil when d has passed by the provider's clock, and the error of the
// context when that ended first.
func WithWait(ctx context.Context, wait func(ctx context.Context, d time.Duration) error) context.Context {
	return context.WithValue(ctx, waitKey{}, wait)
}

// Wait waits for d by the clock that [WithWait] gave the request of ctx. The error
// is that of ctx, when it ends first. Without a clock no time passes: Wait answers
// at once, for a fault must never wait by a clock that a test cannot move.
func Wait(ctx context.Context, d time.Duration) error {
	wait, ok := ctx.Value(waitKey{}).(func(context.Context, time.Duration) error)
	if !ok || d <= 0 {
		return ctx.Err()
	}
	return wait(ctx, d)
}
