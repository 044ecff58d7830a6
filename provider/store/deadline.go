package store

import (
	"math"
	"math/bits"
	"time"
)

// never is the deadline of what does not expire.
const never = math.MaxUint64

// deadlines finds what has expired without looking at what has not. It is a
// radix heap: a deadline is in the bucket numbered by the highest bit in which
// it differs from the present, so that as time passes a bucket is either not
// touched, or expired altogether, or split among lower ones. An entry moves
// down at most 64 buckets in its life, mostly under ten, and up only when the
// clock is set back.
type deadlines struct {
	present uint64 // all deadlines in the buckets are later than this
	buckets [65]uint32
}

func (d *deadlines) bucket(deadline uint64) *uint32 {
	return &d.buckets[bits.Len64(deadline^d.present)]
}

// pass makes now the present and frees what has expired by then.
func (d *deadlines) pass(t *table, now uint64) {
	highest := bits.Len64(now ^ d.present)
	d.present = now
	for b := 1; b <= highest; b++ { // bucket 0 is the present itself, and empty
		first := d.buckets[b]
		d.buckets[b] = 0
		for slot := range t.walk(first, byDeadline) {
			if e := t.entries.at(slot); e.deadline <= now {
				t.free(slot)
			} else {
				t.push(d.bucket(e.deadline), byDeadline, slot)
			}
		}
	}
}

// tick counts seconds in an order that unsigned numbers keep for any year.
func tick(t time.Time) uint64 {
	return uint64(t.Unix()) ^ 1<<63
}

// instant is the reverse of tick.
func instant(tick uint64) time.Time {
	return time.Unix(int64(tick^1<<63), 0).UTC()
}

func deadline(expires time.Time) uint64 {
	if expires.IsZero() {
		return never
	}
	return tick(expires)
}

func expiry(deadline uint64) time.Time {
	if deadline == never {
		return time.Time{}
	}
	return instant(deadline)
}
