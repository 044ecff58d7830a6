package lint

// A table remembers values by the hashes of what they are about, at most so many: the
// oldest make room. An unused one holds nothing.
type table[V any] struct {
	limit int
	index map[uint64]int32
	slots []slot[V]
	next  int // the slot of the oldest, once all are in use
}

type slot[V any] struct {
	key   uint64
	value V
}

// find is the value of a key, until the next call of keep; nil when there is none.
func (t *table[V]) find(key uint64) *V {
	if i, ok := t.index[key]; ok {
		return &t.slots[i].value
	}
	return nil
}

// keep is the value of a key, a new one when there is none, until the next call.
func (t *table[V]) keep(key uint64) *V {
	if v := t.find(key); v != nil {
		return v
	}
	if t.index == nil {
		t.index = map[uint64]int32{}
	}
	if len(t.slots) < t.limit {
		t.index[key] = int32(len(t.slots))
		t.slots = append(t.slots, slot[V]{key: key})
		return &t.slots[len(t.slots)-1].value
	}
	i := t.next
	t.next = (t.next + 1) % t.limit
	delete(t.index, t.slots[i].key)
	t.index[key] = int32(i)
	t.slots[i] = slot[V]{key: key}
	return &t.slots[i].value
}

// ring is the last few of something.
type ring[V any] struct {
	kept []V
	next int
}

func (r *ring[V]) add(v V, limit int) {
	if len(r.kept) < limit {
		r.kept = append(r.kept, v)
		return
	}
	r.kept[r.next] = v
	r.next = (r.next + 1) % limit
}
