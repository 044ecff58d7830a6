package store

import "iter"

// A chain is one of the lists that every entry is a link of. They are circular
// and doubly linked by slot number, so that an entry leaves all of them at
// once, in constant time, whichever of them it was found by. Slot 0 is never
// used: a head of 0 is an empty list.
type chain uint8

const (
	byAge      chain = iota // entries of a kind, oldest first
	byKey                   // entries in a bucket of the key index
	byFamily                // entries in a bucket of the family index
	byDeadline              // entries in a bucket of the deadlines
	chains
)

type link struct{ prev, next uint32 }

func (t *table) link(c chain, slot uint32) *link {
	return &t.entries.at(slot).links[c]
}

// push makes slot the last of the list.
func (t *table) push(head *uint32, c chain, slot uint32) {
	first := *head
	if first == 0 {
		*head = slot
		*t.link(c, slot) = link{slot, slot}
		return
	}
	last := t.link(c, first).prev
	*t.link(c, slot) = link{last, first}
	t.link(c, last).next = slot
	t.link(c, first).prev = slot
}

// unlink takes slot out of the list it is in, whose head this must be.
func (t *table) unlink(head *uint32, c chain, slot uint32) {
	l := *t.link(c, slot)
	if l.next == slot {
		*head = 0
		return
	}
	t.link(c, l.prev).next = l.next
	t.link(c, l.next).prev = l.prev
	if *head == slot {
		*head = l.next
	}
}

// walk yields the slots of a list. The list may be taken apart meanwhile, the
// yielded slot be freed or pushed elsewhere, if its head was emptied before.
func (t *table) walk(head uint32, c chain) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for slot, next := head, uint32(0); slot != 0; slot = next {
			if next = t.link(c, slot).next; next == head {
				next = 0
			}
			if !yield(slot) {
				return
			}
		}
	}
}
