package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/clock"
)

// In a bubble the real time stands still but for Sleep, so a clock can be
// compared with it exactly.
func TestClock(t *testing.T) {
	const hour = time.Hour
	set := time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)
	for name, body := range map[string]func(*testing.T, Gomega, *clock.Clock){
		"zero value tells the real time in UTC without a monotonic reading": func(_ *testing.T, g Gomega, c *clock.Clock) {
			g.Expect(c.Now()).To(BeIdenticalTo(time.Now().Round(0).UTC()))
			g.Expect(c.Offset()).To(BeZero())
			g.Expect(c.Frozen()).To(BeFalse())
		},
		"advance moves it and it runs on": func(_ *testing.T, g Gomega, c *clock.Clock) {
			start := c.Now()
			c.Advance(2 * hour)
			g.Expect(c.Now().Sub(start)).To(Equal(2 * hour))
			time.Sleep(time.Second)
			g.Expect(c.Now().Sub(start)).To(Equal(2*hour + time.Second))
			g.Expect(c.Offset()).To(Equal(2 * hour))
		},
		"advance adds up and goes back": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Advance(2 * hour)
			c.Advance(-3 * hour)
			g.Expect(c.Offset()).To(Equal(-hour))
		},
		"set shows the instant in UTC and it runs on, beyond what an offset can hold": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Set(set.In(time.FixedZone("east", 3600)))
			g.Expect(c.Now()).To(BeIdenticalTo(set))
			time.Sleep(time.Minute)
			g.Expect(c.Now()).To(BeIdenticalTo(set.Add(time.Minute)))
			g.Expect(c.Offset()).To(BeNumerically(">", 290*365*24*hour))
		},
		"set of a time with a monotonic reading drops it": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Set(time.Now())
			g.Expect(c.Now()).To(BeIdenticalTo(time.Now().Round(0).UTC()))
		},
		"frozen stands still and resumes where it stood": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Freeze()
			c.Freeze()
			start := c.Now()
			time.Sleep(hour)
			g.Expect(c.Now()).To(Equal(start))
			g.Expect(c.Frozen()).To(BeTrue())
			g.Expect(c.Offset()).To(Equal(-hour))
			c.Resume()
			g.Expect(c.Now()).To(Equal(start))
			time.Sleep(hour)
			g.Expect(c.Now()).To(Equal(start.Add(hour)))
			g.Expect(c.Offset()).To(Equal(-hour))
		},
		"frozen stays frozen when moved": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Freeze()
			c.Set(set)
			c.Advance(-hour)
			time.Sleep(time.Second)
			g.Expect(c.Now()).To(Equal(set.Add(-hour)))
			g.Expect(c.Frozen()).To(BeTrue())
		},
		"resume of a running clock changes nothing": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Advance(hour)
			c.Resume()
			g.Expect(c.Offset()).To(Equal(hour))
		},
		"reset thaws and returns to the real time": func(_ *testing.T, g Gomega, c *clock.Clock) {
			c.Set(set)
			c.Freeze()
			c.Reset()
			g.Expect(c.Offset()).To(BeZero())
			g.Expect(c.Frozen()).To(BeFalse())
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { body(t, NewWithT(t), new(clock.Clock)) })
		})
	}
}

func TestNoMoveIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		var c clock.Clock
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 1000 {
					c.Advance(time.Second)
					c.Now()
				}
			})
		}
		all.Wait()
		g.Expect(c.Offset()).To(Equal(8000 * time.Second))
	})
}

func BenchmarkNow(b *testing.B) {
	var c clock.Clock
	c.Advance(time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		c.Now()
	}
}
