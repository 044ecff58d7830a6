package clock_test

import (
	"context"
	"encoding/json"
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

func ExampleClock_Wait() {
	var c clock.Clock
	c.Freeze()
	asleep := make(chan struct{})
	go func() {
		defer close(asleep)
		_ = c.Wait(context.Background(), time.Hour)
	}()
	for awake := false; !awake; { // a test moves the clock instead of waiting
		c.Advance(time.Hour)
		select {
		case <-asleep:
			awake = true
		default:
		}
	}
	fmt.Println("an hour later")
	// Output: an hour later
}

func ExampleClock_Apply() {
	var c clock.Clock
	var move clock.Move
	err := json.Unmarshal([]byte(`{"set":"2027-01-01T12:00:00Z","advance":"1h30m","freeze":true}`), &move)
	fmt.Println(err, c.Apply(move), c.Now().Format(time.RFC3339), c.Frozen())

	hour := clock.Duration(time.Hour)
	fmt.Println(c.Apply(clock.Move{Advance: &hour}), c.Now().Format(time.RFC3339))
	fmt.Println(c.Apply(clock.Move{}))
	// Output:
	// <nil> <nil> 2027-01-01T13:30:00Z true
	// <nil> 2027-01-01T14:30:00Z
	// the move does nothing: write "advance", "set", "freeze" or "reset": true
}

func ExampleClock_State() {
	var c clock.Clock
	c.Freeze()
	c.Set(time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC))
	state := c.State()
	state.Offset = 0 // from whenever this runs
	text, err := json.Marshal(state)
	fmt.Println(string(text), err)
	// Output: {"now":"2027-01-01T12:00:00Z","offset":"0s","frozen":true,"moved":true} <nil>
}
