package record

import (
	"context"
	"fmt"
)

// Wait is like Select, once there are count of them (at least one): those that
// are kept already count. When ctx ends first it returns what there is, with
// ctx's error. It fails at once when the log cannot hold as many.
func (l *Log) Wait(ctx context.Context, f Filter, count int) (Exchanges, error) {
	count = max(count, 1)
	if err := l.canHold(count); err != nil {
		return nil, err
	}
	for {
		found, changed := l.look(f)
		if len(found) >= count {
			return copies(found), nil
		}
		if err := ctx.Err(); err != nil {
			return copies(found), err
		}
		select {
		case <-changed:
		case <-ctx.Done(): // and one more look: it may have come at the same time
		}
	}
}

func (l *Log) canHold(count int) error {
	switch {
	case l.limit == 0:
		return fmt.Errorf("record: nothing to wait for: the record is off")
	case count > l.limit:
		return fmt.Errorf("record: %d exchanges cannot be waited for: the record keeps the last %d", count, l.limit)
	}
	return nil
}

// look is what matches, and what the next Add closes.
func (l *Log) look(f Filter) ([]*Exchange, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.matching(f), l.nextAdd()
}

// nextAdd needs the lock.
func (l *Log) nextAdd() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// A Cursor reads a log one exchange at a time, at its own pace: a slow one holds
// nobody up, but may find that exchanges fell out before it came. It belongs to
// one goroutine and needs no closing.
type Cursor struct {
	log    *Log
	filter Filter
	passed uint64 // the last ID that was looked at
	lost   uint64 // not told of yet
}

// Follow reads what matches from f.After on; from [Log.LastID] on, when only
// what is new is wanted. A f.After that the log has not reached is of another
// log, as one is after a restart, and counts as 0.
func (l *Log) Follow(f Filter) *Cursor {
	c := &Cursor{log: l, filter: f, passed: f.After}
	if f.After > l.LastID() {
		c.passed = 0
	}
	c.filter.After = 0 // passed says it from here on
	return c
}

// Next waits for the next exchange that matches, and tells how many that came
// before it and after the one before were gone, by the bounds or by Clear,
// before it could be known whether they match. It fails when ctx ends, and at
// once when the log keeps nothing.
func (c *Cursor) Next(ctx context.Context) (x Exchange, lost uint64, err error) {
	if err := c.log.canHold(1); err != nil {
		return Exchange{}, 0, err
	}
	for {
		found, changed := c.step()
		if found != nil {
			lost, c.lost = c.lost, 0
			return *found, lost, nil
		}
		if err := ctx.Err(); err != nil {
			return Exchange{}, 0, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// step moves on to the next that matches, or else to the end.
func (c *Cursor) step() (*Exchange, <-chan struct{}) {
	l := c.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if gone := l.last - uint64(l.n); c.passed < gone {
		c.lost += gone - c.passed
		c.passed = gone
	}
	for i := l.after(c.passed); i < l.n; i++ {
		x := l.at(i).x
		c.passed = x.ID
		if c.filter.matches(x) {
			return x, nil
		}
	}
	return nil, l.nextAdd()
}
