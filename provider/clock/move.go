package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Move moves a clock, as a JSON document says it. Its members act in this
// order: Reset, Set, Advance, Freeze.
type Move struct {
	// Reset returns the clock to the real time, running, as [Clock.Reset] does.
	Reset bool `json:"reset,omitempty"`
	// Set is the instant to show from now on; RFC 3339 in JSON.
	Set *time.Time `json:"set,omitempty"`
	// Advance is how far to go from there, backwards when negative.
	Advance *Duration `json:"advance,omitempty"`
	// Freeze stops the clock where it is when true, and lets it run on when false.
	Freeze *bool `json:"freeze,omitempty"`
}

// Apply makes the whole of a move in one step, so that nobody sees a part of it,
// or nothing. The error is a sentence for whoever wrote the move: it has no
// member, or it ends before 1970-01-01T00:00:00Z or after 9999-12-31T23:59:59Z.
func (c *Clock) Apply(m Move) error {
	if m == (Move{}) {
		return errors.New(`the move does nothing: write "advance", "set", "freeze" or "reset": true`)
	}
	return c.turn(m.turn)
}

func (m Move) turn(h *hand) error {
	if m.Reset {
		h.reset()
	}
	if m.Set != nil {
		h.shown = m.Set.Round(0).UTC()
	}
	if m.Advance != nil {
		h.shown = h.shown.Add(time.Duration(*m.Advance))
	}
	if m.Freeze != nil {
		h.frozen = *m.Freeze
	}
	if possible := within(h.shown); !possible.Equal(h.shown) {
		return fmt.Errorf("the clock would show %s: move it to an instant from %s to %s", h.shown.Format(time.RFC3339Nano),
			time.Unix(firstSecond, 0).UTC().Format(time.RFC3339), time.Unix(lastSecond, 0).UTC().Format(time.RFC3339))
	}
	return nil
}

// A State is what a clock shows at one instant.
type State struct {
	// Now is the time shown, in UTC; RFC 3339 with up to nine decimals in JSON.
	Now time.Time `json:"now"`
	// Offset is how far Now is ahead of the real time; see [Clock.Offset].
	Offset Duration `json:"offset"`
	// Frozen tells that the clock stands still.
	Frozen bool `json:"frozen"`
	// Moved tells that the clock does not simply run with the real time.
	Moved bool `json:"moved"`
}

// State returns what the clock shows now, all of the same instant.
func (c *Clock) State() State {
	now, h := realTime(), c.hand.Load()
	shown := h.read(now)
	return State{Now: shown, Offset: Duration(shown.Sub(now)), Frozen: h != nil && h.frozen, Moved: h != nil}
}

// A Duration is a [time.Duration] that JSON has as text: "1h30m", "-10m".
type Duration time.Duration

// MarshalJSON writes d as [time.Duration.String] does.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads a string that [time.ParseDuration] reads. The error says how
// a duration is written.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	err := json.Unmarshal(data, &text)
	if err == nil {
		var parsed time.Duration
		if parsed, err = time.ParseDuration(text); err == nil {
			*d = Duration(parsed)
			return nil
		}
	}
	return fmt.Errorf(`%.60s is not a duration: write one of up to 292 years like "1h30m", "90s" or "-10m"`, data)
}
