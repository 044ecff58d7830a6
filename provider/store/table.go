package store

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
)

// An entry is a record without pointers: 112 bytes, so that a page of them
// fills a size class of the allocator exactly.
type entry struct {
	key           Key
	family        uint64
	issued        uint64 // ticks
	deadline      uint64 // tick, or never
	authenticated uint64 // ticks
	names         [fields]name
	links         [chains]link
	kind          Kind
	spent         bool
}

// The fields of an entry that are names.
const (
	client = iota
	subject
	username
	grant
	issuer
	scope
	audience
	fields
)

// detailAfter stands between the grant and the detail of a record, which share a
// name: few records have a detail, and none pays for its place.
const detailAfter = "\x00"

func withDetail(grant, detail string) string {
	if detail == "" {
		return grant
	}
	return grant + detailAfter + detail
}

// hash takes eight of the bytes of a key; they are a digest's.
func (k Key) hash() uint64 {
	return binary.LittleEndian.Uint64(k[:])
}

// A table is all that a store knows, without the lock and the clock. Slots of
// entries that were freed are used again first, and the memory is returned
// when the last entry goes.
type table struct {
	limit     int // most entries of a kind
	entries   pages[entry]
	used      uint32 // slots given out so far; slot 0 never is
	unused    uint32 // the first of those free again, linked by age
	total     uint32
	counts    [kinds]int
	ages      [kinds]uint32 // heads: the oldest of each kind
	keys      index
	families  index
	deadlines deadlines
	names     names
}

func newTable(limit int) table {
	return table{
		limit:    limit,
		keys:     newIndex(byKey, 1),
		families: newIndex(byFamily, 2), // only revocation looks here
		names:    newNames(),
	}
}

// find returns the slot of a key, or 0.
func (t *table) find(key Key) uint32 {
	for slot := range t.walk(*t.keys.at(key.hash()), byKey) {
		if t.entries.at(slot).key == key {
			return slot
		}
	}
	return 0
}

// put adds a record, in place of one of the same key, and makes room for it: it
// answers whether another had to go.
func (t *table) put(key Key, r *Record) (evicted bool) {
	if r.Kind == 0 || r.Kind >= kinds {
		panic("store: record of no known kind")
	}
	if slot := t.find(key); slot != 0 {
		t.drop(slot)
	}
	expires := deadline(r.ExpiresAt)
	if expires <= t.deadlines.present {
		return false
	}
	if evicted = t.counts[r.Kind] >= t.limit; evicted {
		t.drop(t.ages[r.Kind])
	}
	slot := t.take()
	e := t.entries.at(slot)
	e.key, e.family, e.kind, e.spent = key, r.Family, r.Kind, r.Spent
	e.issued, e.deadline, e.authenticated = tick(r.IssuedAt), expires, tick(r.AuthenticatedAt)
	e.names = [fields]name{
		client:   t.names.hold(r.Client),
		subject:  t.names.hold(r.Subject),
		username: t.names.hold(r.Username),
		grant:    t.names.hold(withDetail(r.Grant, r.Detail)),
		issuer:   t.names.hold(r.Issuer),
		scope:    t.names.holdList(r.Scope),
		audience: t.names.holdList(r.Audience),
	}
	t.enter(slot, e)
	return evicted
}

// take returns a slot that is free.
func (t *table) take() uint32 {
	if slot := t.unused; slot != 0 {
		t.unused = t.link(byAge, slot).next
		return slot
	}
	t.used++
	t.entries.reach(t.used)
	return t.used
}

// enter puts an entry into its lists.
func (t *table) enter(slot uint32, e *entry) {
	t.total++
	t.counts[e.kind]++
	t.push(&t.ages[e.kind], byAge, slot)
	t.keys.grow(t, t.total)
	t.push(t.keys.at(e.key.hash()), byKey, slot)
	if e.family != 0 {
		t.families.grow(t, t.total)
		t.push(t.families.at(e.family), byFamily, slot)
	}
	if e.deadline != never {
		t.push(t.deadlines.bucket(e.deadline), byDeadline, slot)
	}
}

// drop removes an entry.
func (t *table) drop(slot uint32) {
	if e := t.entries.at(slot); e.deadline != never {
		t.unlink(t.deadlines.bucket(e.deadline), byDeadline, slot)
	}
	t.free(slot)
}

// free removes an entry that has left the deadlines already.
func (t *table) free(slot uint32) {
	e := t.entries.at(slot)
	t.unlink(&t.ages[e.kind], byAge, slot)
	t.unlink(t.keys.at(e.key.hash()), byKey, slot)
	if e.family != 0 {
		t.unlink(t.families.at(e.family), byFamily, slot)
	}
	for _, k := range e.names {
		t.names.release(k)
	}
	t.counts[e.kind]--
	t.total--
	*e = entry{}
	e.links[byAge].next = t.unused
	t.unused = slot
}

// pass lets the time become now: what has expired is gone.
func (t *table) pass(now uint64) {
	t.deadlines.pass(t, now)
	t.trim()
}

// remove drops all of slots and returns how many they are.
func (t *table) remove(slots []uint32) int {
	for _, slot := range slots {
		t.drop(slot)
	}
	t.trim()
	return len(slots)
}

// trim gives the memory back when nothing is left in it. One page is kept, or
// a provider that issues and revokes one token after another would pay for a
// page each time.
func (t *table) trim() {
	if t.total != 0 || len(t.entries.page) <= 1 {
		return
	}
	present := t.deadlines.present
	*t = newTable(t.limit)
	t.deadlines.present = present
}

// family returns the slots of a family's entries, of the kinds given or of all.
func (t *table) family(family uint64, only []Kind) []uint32 {
	var slots []uint32
	for slot := range t.members(family) {
		if len(only) == 0 || slices.Contains(only, t.entries.at(slot).kind) {
			slots = append(slots, slot)
		}
	}
	return slots
}

func (t *table) anyOf(family uint64) bool {
	for range t.members(family) {
		return true
	}
	return false
}

// members yields the slots of a family's entries.
func (t *table) members(family uint64) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for slot := range t.walk(*t.families.at(family), byFamily) {
			if t.entries.at(slot).family == family && !yield(slot) {
				return
			}
		}
	}
}

// record returns the record in a slot, as a copy.
func (t *table) record(slot uint32) Record {
	e := t.entries.at(slot)
	grant, detail, _ := strings.Cut(t.names.text(e.names[grant]), detailAfter)
	return Record{
		Kind:            e.kind,
		Family:          e.family,
		Client:          t.names.text(e.names[client]),
		Subject:         t.names.text(e.names[subject]),
		Username:        t.names.text(e.names[username]),
		Grant:           grant,
		Detail:          detail,
		Issuer:          t.names.text(e.names[issuer]),
		Scope:           unpack(t.names.text(e.names[scope])),
		Audience:        unpack(t.names.text(e.names[audience])),
		IssuedAt:        instant(e.issued),
		ExpiresAt:       expiry(e.deadline),
		AuthenticatedAt: instant(e.authenticated),
		Spent:           e.spent,
	}
}
