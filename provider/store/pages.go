package store

const (
	pageLen      = 128
	firstPageLen = 8 // at first: most of ten thousand tenants hold a token or none
)

// pages is an array that grows by one page at a time: growth copies nothing but
// page addresses, and pages of a type without pointers are not scanned by the
// garbage collector. Only the first page begins small, and moves as it doubles: no
// address from [pages.at] is good after [pages.reach].
type pages[T any] struct {
	page [][]T
}

func (p *pages[T]) at(i uint32) *T {
	return &p.page[i/pageLen][i%pageLen]
}

func (p *pages[T]) len() uint32 {
	last := len(p.page) - 1
	if last < 0 {
		return 0
	}
	return uint32(last)*pageLen + uint32(len(p.page[last]))
}

// reach adds pages until index i exists.
func (p *pages[T]) reach(i uint32) {
	for n := p.len(); n <= i; n = p.len() {
		switch {
		case n == 0:
			p.page = append(p.page, make([]T, firstPageLen))
		case n < pageLen:
			wider := make([]T, 2*n)
			copy(wider, p.page[0])
			p.page[0] = wider
		default:
			p.page = append(p.page, make([]T, pageLen))
		}
	}
}
