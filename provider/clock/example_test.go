package clock_test

import (
	"fmt"
	"time"

	"github.com/mockoauth/mockoauth/provider/clock"
)

func ExampleClock() {
	var c clock.Clock // the real time
	c.Freeze()
	c.Set(time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC))
	c.Advance(90 * time.Minute)
	fmt.Println(c.Now())
	// Output: 2027-01-01 13:30:00 +0000 UTC
}

func ExampleClock_Advance() {
	var c clock.Clock
	expires := c.Now().Add(time.Hour)
	c.Advance(time.Hour)
	fmt.Println(c.Now().Before(expires))
	c.Advance(-time.Minute)
	fmt.Println(c.Now().Before(expires))
	// Output:
	// false
	// true
}

func ExampleClock_Set() {
	var c clock.Clock
	c.Set(time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC))
	fmt.Println(c.Now().Format(time.DateOnly)) // and running on from there
	// Output: 2000-02-29
}

func ExampleClock_Freeze() {
	var c clock.Clock
	c.Freeze()
	first := c.Now()
	time.Sleep(time.Millisecond)
	fmt.Println(c.Now().Equal(first))
	// Output: true
}

func ExampleClock_Resume() {
	var c clock.Clock
	c.Freeze()
	first := c.Now()
	c.Resume()
	time.Sleep(time.Millisecond)
	fmt.Println(c.Now().After(first))
	// Output: true
}

func ExampleClock_Reset() {
	var c clock.Clock
	c.Advance(24 * time.Hour)
	c.Reset()
	fmt.Println(c.Offset())
	// Output: 0s
}

func ExampleClock_Offset() {
	var c clock.Clock
	c.Advance(36 * time.Hour)
	fmt.Println(c.Offset().Round(time.Hour))
	// Output: 36h0m0s
}
