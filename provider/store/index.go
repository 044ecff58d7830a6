package store

// buckets are the heads of a hash table's lists. They grow by linear hashing:
// one is split for each few elements added, so that there is never a moment
// when all of it is copied, and never twice the memory. They do not shrink; the
// table starts anew when it has become empty.
type buckets struct {
	count uint32 // in use; those from level on were split from count-level
	level uint32 // the greatest power of two ≤ count
	heads pages[uint32]
}

func newBuckets() buckets {
	b := buckets{count: 1, level: 1}
	b.heads.reach(0)
	return b
}

// at returns the head of the list where elements with this hash are.
func (b *buckets) at(hash uint64) *uint32 {
	i := uint32(hash) & (2*b.level - 1)
	if i >= b.count {
		i &= b.level - 1
	}
	return b.heads.at(i)
}

// split adds a bucket and empties the one that it shares elements with. It
// returns the head of what was there, for the caller to enter again.
func (b *buckets) split() uint32 {
	b.heads.reach(b.count)
	shared := b.heads.at(b.count - b.level)
	first := *shared
	*shared = 0
	if b.count++; b.count == 2*b.level {
		b.level = b.count
	}
	return first
}

// An index finds entries by one of their chains.
type index struct {
	buckets
	chain chain
	load  uint32 // mean entries in a bucket
}

func newIndex(c chain, load uint32) index {
	return index{buckets: newBuckets(), chain: c, load: load}
}

// hash of what the index goes by. Keys are digests already, and families are
// counted up, which fills buckets more evenly than any hash.
func (x *index) hash(e *entry) uint64 {
	if x.chain == byFamily {
		return e.family
	}
	return e.key.hash()
}

// grow splits buckets until there are enough for n entries.
func (x *index) grow(t *table, n uint32) {
	for n > x.count*x.load {
		for slot := range t.walk(x.split(), x.chain) {
			t.push(x.at(x.hash(t.entries.at(slot))), x.chain, slot)
		}
	}
}
