package store

import (
	"sync"
	"sync/atomic"
	"time"
)

// A Store keeps records until they expire, are revoked, or must make room. It
// may be used from several goroutines at once; each call is one atomic step,
// and first removes what has expired, so that what a call has once found to be
// expired stays so, even when the clock is set back.
type Store struct {
	now      func() time.Time
	families atomic.Uint64
	evicted  atomic.Uint64

	// One lock for all: it is held for a fraction of a microsecond, and
	// "exactly the newest" and "the whole family" need no more than that.
	mu    sync.Mutex
	table table
}

// New returns an empty store that expires by now and keeps at most limit
// records of each kind (at least 1): when a kind is full, its oldest record
// goes. now is called with the store locked, and must not use the store.
func New(now func() time.Time, limit int) *Store {
	return &Store{now: now, table: newTable(max(limit, 1))}
}

// NewFamily returns a number for a grant that begins. It is not zero, and this
// store never gives it again, not even after Reset.
func (s *Store) NewFamily() uint64 {
	return s.families.Add(1)
}

// Put keeps a record, as the newest of its kind and in place of the one that
// had this key. A record that has expired already is not kept.
func (s *Store) Put(key Key, r Record) {
	t := s.open()
	defer s.mu.Unlock()
	s.put(t, key, &r)
}

// put counts what had to make room.
func (s *Store) put(t *table, key Key, r *Record) {
	if t.put(key, r) {
		s.evicted.Add(1)
	}
}

// Evicted is how many records had to make room for newer ones so far.
func (s *Store) Evicted() uint64 { return s.evicted.Load() }

// Extend is Put for what comes of an earlier record of the same family, such as
// the tokens for a code or for a refresh token: it does nothing and returns
// false when the family has no record left. So tokens cannot slip into a
// family that was revoked, because its code or refresh token was used again
// (RFC 9700 §4.14.2), after they were granted and before they were kept.
func (s *Store) Extend(key Key, r Record) bool {
	t := s.open()
	defer s.mu.Unlock()
	if !t.anyOf(r.Family) {
		return false
	}
	s.put(t, key, &r)
	return true
}

// Get returns a copy of a record, spent or not. It returns false when the key
// is unknown, expired (at ExpiresAt and later), revoked, or fell out.
func (s *Store) Get(key Key) (Record, bool) {
	t := s.open()
	defer s.mu.Unlock()
	slot := t.find(key)
	if slot == 0 {
		return Record{}, false
	}
	return t.record(slot), true
}

// Spend marks a record as spent and returns true, or returns false when it is
// not there (see Get) or was spent already: exactly one caller ever gets true.
// A false for a key that Get still knows is a reuse, upon which the family is
// to be revoked (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
func (s *Store) Spend(key Key) bool {
	t := s.open()
	defer s.mu.Unlock()
	slot := t.find(key)
	if slot == 0 || t.entries.at(slot).spent {
		return false
	}
	t.entries.at(slot).spent = true
	return true
}

// Revoke removes one record and tells whether it was there (RFC 7009 §2.1).
func (s *Store) Revoke(key Key) bool {
	t := s.open()
	defer s.mu.Unlock()
	slot := t.find(key)
	if slot == 0 {
		return false
	}
	t.remove([]uint32{slot})
	return true
}

// RevokeFamily removes the records of a family, of the kinds given or, without
// any, of all, and returns how many there were (RFC 7009 §2.1).
func (s *Store) RevokeFamily(family uint64, only ...Kind) int {
	t := s.open()
	defer s.mu.Unlock()
	return t.remove(t.family(family, only))
}

// RevokeIf removes the records for which doomed returns true, such as all of a
// user or of a client, and returns how many there were. It looks at every
// record, and doomed must not use the store.
func (s *Store) RevokeIf(doomed func(Record) bool) int {
	t := s.open()
	defer s.mu.Unlock()
	var slots []uint32
	for _, oldest := range t.ages {
		for slot := range t.walk(oldest, byAge) {
			if doomed(t.record(slot)) {
				slots = append(slots, slot)
			}
		}
	}
	return t.remove(slots)
}

// Len returns how many records of a kind there are.
func (s *Store) Len(kind Kind) int {
	t := s.open()
	defer s.mu.Unlock()
	return t.counts[kind]
}

// Reset removes everything.
func (s *Store) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.table = newTable(s.table.limit)
}

// open locks the store and brings the table up to the present. The clock is
// read with the lock held, or two callers could take turns in setting it back.
func (s *Store) open() *table {
	s.mu.Lock()
	s.table.pass(tick(s.now()))
	return &s.table
}
