package clock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/clock"
)

// wait begins a Wait in a goroutine of its own, and returns when that is blocked or done.
func wait(ctx context.Context, c *clock.Clock, d time.Duration) (ended chan error) {
	ended = make(chan error, 1)
	go func() { ended <- c.Wait(ctx, d) }()
	synctest.Wait()
	return ended
}

func TestWait(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for name, body := range map[string]struct {
		given func(*clock.Clock)
		when  func(*clock.Clock)
		after time.Duration // of the real time, from then on
	}{
		"running, it takes as long as that":      {nil, nil, hour},
		"an advance shortens it":                 {nil, func(c *clock.Clock) { c.Advance(20 * time.Minute) }, 40 * time.Minute},
		"an advance to the end ends it":          {nil, func(c *clock.Clock) { c.Advance(hour) }, 0},
		"an advance back prolongs it":            {nil, func(c *clock.Clock) { c.Advance(-hour) }, 2 * hour},
		"a set past the end ends it":             {nil, func(c *clock.Clock) { c.Set(c.Now().Add(2 * hour)) }, 0},
		"a set back prolongs it":                 {nil, func(c *clock.Clock) { c.Set(c.Now().Add(-2 * hour)) }, 3 * hour},
		"a frozen clock that is advanced":        {(*clock.Clock).Freeze, func(c *clock.Clock) { c.Advance(hour) }, 0},
		"a frozen clock that is resumed":         {(*clock.Clock).Freeze, (*clock.Clock).Resume, hour},
		"several moves add up":                   {(*clock.Clock).Freeze, func(c *clock.Clock) { c.Advance(hour / 2); c.Advance(hour / 2) }, 0},
		"a reset from behind ends it":            {func(c *clock.Clock) { c.Advance(-hour) }, (*clock.Clock).Reset, 0},
		"a reset from ahead prolongs it":         {func(c *clock.Clock) { c.Advance(hour) }, (*clock.Clock).Reset, 2 * hour},
		"a reset thaws":                          {(*clock.Clock).Freeze, (*clock.Clock).Reset, hour},
		"beyond the last instant it ends there":  {func(c *clock.Clock) { c.Set(last.Add(-time.Minute)) }, nil, time.Minute},
		"at the last instant there is no more":   {func(c *clock.Clock) { c.Set(last) }, nil, 0},
		"a move that is refused changes nothing": {nil, func(c *clock.Clock) { _ = c.Apply(clock.Move{}) }, hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				var c clock.Clock
				if body.given != nil {
					body.given(&c)
				}
				ended := wait(t.Context(), &c, hour)
				if body.when != nil {
					body.when(&c)
				}
				synctest.Wait()
				if body.after > 0 {
					time.Sleep(body.after - 1)
					g.Expect(ended).To(BeEmpty(), "too early")
					time.Sleep(1 * time.Nanosecond)
					synctest.Wait()
				}
				g.Expect(ended).To(Receive(BeNil()), "too late")
			})
		})
	}
}

func TestFreezingStopsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		var c clock.Clock
		ended := wait(ctx, &c, time.Hour)
		c.Freeze()
		time.Sleep(1000 * time.Hour)
		g.Expect(ended).To(BeEmpty())
		cancel(errors.New("which is for context.Cause to tell"))
		synctest.Wait()
		g.Expect(ended).To(Receive(Equal(context.Canceled)))
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var c clock.Clock
		start := time.Now()
		g.Expect(c.Wait(ctx, time.Hour)).To(Equal(context.DeadlineExceeded))
		g.Expect(time.Since(start)).To(Equal(time.Minute))
		g.Expect(c.Wait(ctx, time.Hour)).To(Equal(context.DeadlineExceeded), "done before it began")
		g.Expect(c.Wait(ctx, 0)).To(Succeed(), "there is nothing to wait for")
		g.Expect(c.Wait(ctx, -time.Hour)).To(Succeed())
	})
}

func TestEveryWaiterIsWoken(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var c clock.Clock
	c.Freeze()
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i := range 50 {
		all.Go(func() { g.Expect(c.Wait(ctx, time.Duration(1+i)*time.Second)).To(Succeed()) })
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	for over := false; !over; { // waiters that begin late wait from later on
		c.Advance(time.Second)
		select {
		case <-done:
			over = true
		default:
		}
	}
	g.Expect(ctx.Err()).NotTo(HaveOccurred())
}
