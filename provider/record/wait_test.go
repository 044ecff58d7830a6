package record_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// In a bubble time stands still until all wait, so nothing here depends on how
// fast the machine is; and a goroutine that is left behind fails the test.

func TestWait(t *testing.T) {
	t.Parallel()
	const patience = time.Second
	for name, c := range map[string]struct {
		there, later []string // endpoints
		filter       record.Filter
		count        int
		want         []uint64
		err          error
	}{
		"what is there counts":           {[]string{"token"}, nil, record.Filter{}, 1, []uint64{1}, nil},
		"all that is there":              {[]string{"token", "token"}, nil, record.Filter{}, 1, []uint64{1, 2}, nil},
		"what comes":                     {nil, []string{"jwks", "token"}, record.Filter{Endpoint: "token"}, 1, []uint64{2}, nil},
		"both together":                  {[]string{"token", "jwks"}, []string{"token"}, record.Filter{Endpoint: "token"}, 2, []uint64{1, 3}, nil},
		"at least one":                   {nil, []string{"token"}, record.Filter{}, 0, []uint64{1}, nil},
		"only what is new":               {[]string{"token"}, []string{"token"}, record.Filter{After: 1}, 1, []uint64{2}, nil},
		"what there is when time is up":  {[]string{"token"}, []string{"token"}, record.Filter{}, 3, []uint64{1, 2}, context.DeadlineExceeded},
		"nothing when time is up":        {[]string{"token"}, []string{"token"}, record.Filter{Client: "x"}, 1, []uint64{}, context.DeadlineExceeded},
		"what fell out no longer counts": {[]string{"a", "a"}, []string{"b", "b", "b", "b"}, record.Filter{Endpoint: "a"}, 3, []uint64{}, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				l := record.NewLog(4, 1<<20)
				add(l, c.there...)
				go func() {
					for _, endpoint := range c.later {
						time.Sleep(patience / 10)
						add(l, endpoint)
					}
				}()
				ctx, stop := context.WithTimeout(t.Context(), patience)
				defer stop()
				xs, err := l.Wait(ctx, c.filter, c.count)
				g.Expect(ids(xs)).To(Equal(c.want))
				if c.err != nil {
					g.Expect(err).To(MatchError(c.err))
				} else {
					g.Expect(err).NotTo(HaveOccurred())
				}
			})
		})
	}
}

func TestWaitForMoreThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	_, err := record.NewLog(4, 1<<20).Wait(t.Context(), record.Filter{}, 5)
	NewWithT(t).Expect(err).To(MatchError("record: 5 exchanges cannot be waited for: the record keeps the last 4"))
}

func TestWaitAfterItsContextEnded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	l := record.NewLog(4, 1<<20)
	_, err := l.Wait(ctx, record.Filter{}, 1)
	g.Expect(err).To(MatchError(context.Canceled))
	add(l, "token")
	g.Expect(l.Wait(ctx, record.Filter{}, 1)).To(HaveLen(1), "what is there needs no waiting")
}

// What comes in the instant in which ctx ends has come.
func TestWaitEndsWithWhatCameLast(t *testing.T) {
	t.Parallel()
	for range 50 { // a select between two that are ready is chance
		synctest.Test(t, func(t *testing.T) {
			l := record.NewLog(4, 1<<20)
			ctx, stop := context.WithCancel(t.Context())
			go func() {
				xs, err := l.Wait(ctx, record.Filter{}, 1)
				NewWithT(t).Expect(ids(xs), err).To(Equal([]uint64{1}))
			}()
			synctest.Wait()
			add(l, "token")
			stop()
		})
	}
}

func TestFollowReadsInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := record.NewLog(4, 1<<20)
		add(l, "token", "jwks", "token")
		c := l.Follow(record.Filter{Endpoint: "token"})
		go func() {
			time.Sleep(time.Second)
			add(l, "jwks", "token")
		}()
		for _, want := range []uint64{1, 3, 5} {
			x, lost, err := c.Next(t.Context())
			g.Expect(x.ID, err).To(Equal(want))
			g.Expect(lost).To(BeZero())
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, _, err := c.Next(ctx)
		g.Expect(err).To(MatchError(context.DeadlineExceeded))
	})
}

// A reader that stalls is told what it lost, and nobody waits for it.
func TestFollowTellsWhatIsLost(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(4, 1<<20)
	c := l.Follow(record.Filter{Endpoint: "token"})
	add(l, "token")
	x, lost, err := c.Next(t.Context())
	g.Expect(x.ID, err).To(BeEquivalentTo(1))
	g.Expect(lost).To(BeZero())
	for range 10 {
		add(l, "token") // 2 to 11; the last four stay
	}
	for i, want := range []uint64{6, 0, 0, 0} {
		x, lost, err = c.Next(t.Context())
		g.Expect(x.ID, err).To(BeEquivalentTo(8 + i))
		g.Expect(lost).To(Equal(want))
	}
	add(l, "token", "jwks")
	l.Clear()
	add(l, "token")
	x, lost, err = c.Next(t.Context())
	g.Expect(x.ID, err).To(BeEquivalentTo(14))
	g.Expect(lost).To(BeEquivalentTo(2), "also by Clear")
}

func TestFollowFrom(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(4, 1<<20)
	add(l, "a", "b", "c")
	for after, want := range map[uint64]uint64{0: 1, 2: 3, 99: 1} { // 99: of the log before a restart
		x, lost, err := l.Follow(record.Filter{After: after}).Next(t.Context())
		g.Expect(x.ID, err).To(Equal(want))
		g.Expect(lost).To(BeZero())
	}
	c := l.Follow(record.Filter{After: l.LastID()})
	add(l, "d")
	x, _, err := c.Next(t.Context())
	g.Expect(x.ID, err).To(BeEquivalentTo(4))
}

// A waiter that nobody serves costs an Add nothing but the first.
func TestAddDoesNotWaitForAStalledReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		l := record.NewLog(4, 1<<20)
		ctx, stop := context.WithCancel(t.Context())
		for range 100 {
			go func() { _, _ = l.Wait(ctx, record.Filter{Client: "never"}, 1) }()
		}
		synctest.Wait()
		for range 10_000 {
			add(l, "token")
		}
		g.Expect(l.Lost()).To(BeEquivalentTo(9_996))
		stop()
	})
}
