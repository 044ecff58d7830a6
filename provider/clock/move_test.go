package clock_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/clock"
)

// A bubble begins at 2000-01-01T00:00:00Z.
func TestApply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ moves, want string }{
		"advance":           {`{"advance":"1h30m"}`, `{"now":"2000-01-01T01:30:00Z","offset":"1h30m0s","frozen":false,"moved":true}`},
		"advance back":      {`{"advance":"-10m"}`, `{"now":"1999-12-31T23:50:00Z","offset":"-10m0s","frozen":false,"moved":true}`},
		"advance by parts":  {`{"advance":"1.5ms"}`, `{"now":"2000-01-01T00:00:00.0015Z","offset":"1.5ms","frozen":false,"moved":true}`},
		"advance adds up":   {`{"advance":"1h"} {"advance":"1h"}`, `{"now":"2000-01-01T02:00:00Z","offset":"2h0m0s","frozen":false,"moved":true}`},
		"there and back":    {`{"advance":"1h"} {"advance":"-1h"}`, `{"now":"2000-01-01T00:00:00Z","offset":"0s","frozen":false,"moved":false}`},
		"set":               {`{"set":"2000-01-02T01:00:00+01:00"}`, `{"now":"2000-01-02T00:00:00Z","offset":"24h0m0s","frozen":false,"moved":true}`},
		"freeze":            {`{"freeze":true}`, `{"now":"2000-01-01T00:00:00Z","offset":"0s","frozen":true,"moved":true}`},
		"resume":            {`{"freeze":true} {"freeze":false}`, `{"now":"2000-01-01T00:00:00Z","offset":"0s","frozen":false,"moved":false}`},
		"set, then advance": {`{"advance":"1h","set":"2000-01-01T00:00:10Z"}`, `{"now":"2000-01-01T01:00:10Z","offset":"1h0m10s","frozen":false,"moved":true}`},
		"reset first": {
			`{"set":"2030-01-01T00:00:00Z","freeze":true} {"reset":true,"advance":"1h"}`,
			`{"now":"2000-01-01T01:00:00Z","offset":"1h0m0s","frozen":false,"moved":true}`,
		},
		"freeze last": {
			`{"freeze":true} {"reset":true,"freeze":true,"advance":"1m"}`,
			`{"now":"2000-01-01T00:01:00Z","offset":"1m0s","frozen":true,"moved":true}`,
		},
		"reset":        {`{"advance":"1h","freeze":true} {"reset":true}`, `{"now":"2000-01-01T00:00:00Z","offset":"0s","frozen":false,"moved":false}`},
		"the first":    {`{"set":"1970-01-01T00:00:00Z","freeze":true}`, `{"now":"1970-01-01T00:00:00Z","offset":"-262968h0m0s","frozen":true,"moved":true}`},
		"the last":     {`{"set":"9999-12-31T23:59:59Z"}`, `{"now":"9999-12-31T23:59:59Z","offset":"2562047h47m16.854775807s","frozen":false,"moved":true}`},
		"by nothing":   {`{"advance":"0s"}`, `{"now":"2000-01-01T00:00:00Z","offset":"0s","frozen":false,"moved":false}`},
		"out and back": {`{"set":"9999-12-31T23:59:59Z","advance":"-1h"}`, `{"now":"9999-12-31T22:59:59Z","offset":"2562047h47m16.854775807s","frozen":false,"moved":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				var clock clock.Clock
				for moves := json.NewDecoder(strings.NewReader(c.moves)); moves.More(); {
					g.Expect(clock.Apply(decode(t, moves))).To(Succeed())
				}
				state, err := json.Marshal(clock.State())
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(string(state)).To(Equal(c.want))
			})
		})
	}
}

func decode(t *testing.T, d *json.Decoder) (m clock.Move) {
	t.Helper()
	d.DisallowUnknownFields()
	NewWithT(t).Expect(d.Decode(&m)).To(Succeed())
	return m
}

func TestRefusedMovesChangeNothing(t *testing.T) {
	t.Parallel()
	const ends = ": move it to an instant from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z"
	nothing := `the move does nothing: write "advance", "set", "freeze" or "reset": true`
	for name, c := range map[string]struct{ move, want string }{
		"no member":             {`{}`, nothing},
		"a null":                {`{"advance":null}`, nothing},
		"a reset that is false": {`{"reset":false}`, nothing},
		"the year 0":            {`{"set":"0000-01-01T00:00:00Z","freeze":true}`, "the clock would show 0000-01-01T00:00:00Z" + ends},
		"just too early":        {`{"set":"1969-12-31T23:59:59.999Z"}`, "the clock would show 1969-12-31T23:59:59.999Z" + ends},
		"just too late":         {`{"set":"9999-12-31T23:59:59.001Z"}`, "the clock would show 9999-12-31T23:59:59.001Z" + ends},
		"too far":               {`{"set":"9999-12-31T00:00:00Z","advance":"24h"}`, "the clock would show 10000-01-01T00:00:00Z" + ends},
		"too far back":          {`{"set":"1970-01-01T00:00:00Z","advance":"-2562047h"}`, "the clock would show 1677-09-21T01:00:00Z" + ends},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				var clock clock.Clock
				clock.Advance(time.Hour)
				before := clock.State()
				g.Expect(clock.Apply(decode(t, json.NewDecoder(strings.NewReader(c.move))))).To(MatchError(c.want))
				g.Expect(clock.State()).To(Equal(before))
			})
		})
	}
}

// A Go program can write instants that time.Time itself cannot add to.
func TestMovesDoNotOverflow(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]time.Time{
		"the last":  time.Unix(1<<63-1-62135596801, 0),
		"the first": time.Unix(-1<<63, 0),
		"the zero":  {},
	} {
		for _, by := range []time.Duration{-1 << 63, 0, 1<<63 - 1} {
			t.Run(name+" and "+by.String(), func(t *testing.T) {
				t.Parallel()
				g := NewWithT(t)
				var c clock.Clock
				g.Expect(c.Apply(clock.Move{Set: &set, Advance: new(clock.Duration(by))})).NotTo(Succeed())
				g.Expect(c.State().Moved).To(BeFalse())
			})
		}
	}
}

func TestSetAndAdvanceStopAtTheEnds(t *testing.T) {
	t.Parallel()
	first, last := time.Unix(0, 0).UTC(), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for name, c := range map[string]struct {
		move func(*clock.Clock)
		want time.Time
	}{
		"set of the year 0":       {func(c *clock.Clock) { c.Set(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)) }, first},
		"set of the zero time":    {func(c *clock.Clock) { c.Set(time.Time{}) }, first},
		"set of the year 10000":   {func(c *clock.Clock) { c.Set(last.Add(time.Hour)) }, last},
		"advance past the end":    {func(c *clock.Clock) { c.Set(last.Add(-time.Hour)); c.Advance(2 * time.Hour) }, last},
		"advance past the start":  {func(c *clock.Clock) { c.Advance(-100 * 365 * 24 * time.Hour) }, first},
		"frozen, set past it":     {func(c *clock.Clock) { c.Freeze(); c.Set(last.Add(time.Hour)) }, last},
		"frozen, advanced past":   {func(c *clock.Clock) { c.Freeze(); c.Set(last); c.Advance(time.Hour) }, last},
		"no step is made beyond":  {func(c *clock.Clock) { c.Set(last); c.Advance(time.Hour); c.Advance(-time.Hour) }, last.Add(-time.Hour)},
		"running on past the end": {func(c *clock.Clock) { c.Set(last.Add(-time.Second)); time.Sleep(time.Hour) }, last},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var clock clock.Clock
				c.move(&clock)
				NewWithT(t).Expect(clock.Now()).To(BeIdenticalTo(c.want))
			})
		})
	}
}

func TestBadDurationsAreToldHowTheyAreWritten(t *testing.T) {
	t.Parallel()
	for written, said := range map[string]string{
		`"soon"`:                             `"soon"`,
		`"1 hour"`:                           `"1 hour"`,
		`""`:                                 `""`,
		`3600`:                               `3600`,
		`["1h"]`:                             `["1h"]`,
		`"9999999h"`:                         `"9999999h"`,
		`"` + strings.Repeat("9", 999) + `"`: `"` + strings.Repeat("9", 59),
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			err := json.Unmarshal([]byte(`{"advance":`+written+`}`), &clock.Move{})
			NewWithT(t).Expect(err).To(MatchError(said + ` is not a duration: write one of up to 292 years like "1h30m", "90s" or "-10m"`))
		})
	}
}

func TestMoveIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	const text = `{"reset":true,"set":"2030-01-01T00:00:00Z","advance":"-1h30m0s","freeze":false}`
	var m clock.Move
	g.Expect(json.Unmarshal([]byte(text), &m)).To(Succeed())
	written, err := json.Marshal(m)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(written)).To(Equal(text))
}

// Each move goes an hour on and ten minutes back: nobody may see the hour.
func TestMoveIsOneStep(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var c clock.Clock
	start := c.Now()
	far := start.Add(48 * time.Hour)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 500 {
				_ = c.Apply(clock.Move{Set: &far, Advance: new(clock.Duration(-48 * time.Hour)), Freeze: new(true)})
			}
		})
		all.Go(func() {
			for range 500 {
				if now := c.State(); now.Moved && (!now.Frozen || !now.Now.Equal(start)) {
					t.Error("half a move")
				}
			}
		})
	}
	all.Wait()
	g.Expect(c.Now()).To(Equal(start))
}

func TestNowAllocatesNothing(t *testing.T) {
	var c clock.Clock
	c.Advance(time.Hour)
	NewWithT(t).Expect(testing.AllocsPerRun(100, func() { c.Now() })).To(BeZero())
}
