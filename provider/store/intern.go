package store

import "hash/maphash"

// A name is a number for a string, counted by the entries that hold it. Zero
// is the empty string.
type name uint32

// names keeps each distinct string once, for as long as an entry names it:
// many of them are chosen by whoever calls (the issuer comes from a Host
// header), and must not add up.
type names struct {
	strings pages[counted]
	used    uint32 // numbers given out so far
	unused  uint32 // the first of those free again
	total   uint32
	seed    maphash.Seed
	buckets buckets
	sought  []byte // scratch
}

type counted struct {
	text string
	held uint32
	next uint32 // in the same bucket, or free
}

func newNames() names {
	return names{seed: maphash.MakeSeed(), buckets: newBuckets()}
}

// hold returns the number of s, counting one more holder.
func (n *names) hold(s string) name {
	n.sought = append(n.sought[:0], s...)
	return n.holdSought()
}

// holdList is hold for a list, which is kept packed into one string.
func (n *names) holdList(list []string) name {
	n.sought = pack(n.sought[:0], list)
	return n.holdSought()
}

// holdSought makes a string of its own only when it is new: s may be a small
// part of a large request, and a packed list is mostly known already.
func (n *names) holdSought() name {
	if len(n.sought) == 0 {
		return 0
	}
	for k := *n.buckets.at(maphash.Bytes(n.seed, n.sought)); k != 0; {
		c := n.strings.at(k)
		if c.text == string(n.sought) { // does not allocate
			c.held++
			return name(k)
		}
		k = c.next
	}
	return n.add(string(n.sought))
}

func (n *names) bucket(s string) *uint32 {
	return n.buckets.at(maphash.String(n.seed, s)) // the hash of its bytes, too
}

func (n *names) add(s string) name {
	k := n.unused
	if k != 0 {
		n.unused = n.strings.at(k).next
	} else {
		n.used++
		k = n.used
		n.strings.reach(k)
	}
	*n.strings.at(k) = counted{text: s, held: 1}
	n.push(k)
	if n.total++; n.total > n.buckets.count {
		for k, next := n.buckets.split(), uint32(0); k != 0; k = next {
			next = n.strings.at(k).next
			n.push(k)
		}
	}
	return name(k)
}

func (n *names) push(k uint32) {
	c := n.strings.at(k)
	head := n.bucket(c.text)
	c.next, *head = *head, k
}

// release counts one holder less, and forgets the string with the last.
func (n *names) release(held name) {
	k := uint32(held)
	if k == 0 {
		return
	}
	c := n.strings.at(k)
	if c.held--; c.held > 0 {
		return
	}
	at := n.bucket(c.text)
	for *at != k {
		at = &n.strings.at(*at).next
	}
	*at = c.next
	*c = counted{next: n.unused}
	n.unused = k
	n.total--
}

func (n *names) text(k name) string {
	if k == 0 {
		return ""
	}
	return n.strings.at(uint32(k)).text
}
