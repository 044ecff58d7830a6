package store

const pageLen = 128

// pages is an array that grows by one page at a time and never moves: growth
// copies nothing but page addresses, and pages of a type without pointers are
// not scanned by the garbage collector.
type pages[T any] struct {
	page []*[pageLen]T
}

func (p *pages[T]) at(i uint32) *T {
	return &p.page[i/pageLen][i%pageLen]
}

func (p *pages[T]) len() uint32 {
	return uint32(len(p.page)) * pageLen
}

// reach adds pages until index i exists.
func (p *pages[T]) reach(i uint32) {
	for p.len() <= i {
		p.page = append(p.page, new([pageLen]T))
	}
}
