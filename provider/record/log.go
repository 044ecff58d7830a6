package record

import "sync"

// A Log keeps the last exchanges, bounded by their number and by their bytes:
// the oldest make room. It may be used from several goroutines at once. An idle
// one holds nothing but itself.
type Log struct {
	limit    int // exchanges
	maxBytes int

	mu      sync.Mutex
	ring    []entry // grows on demand up to limit
	oldest  int     // where it is in ring
	n       int     // in use
	bytes   int
	last    uint64        // the newest ID; those kept are the n up to it
	lost    uint64        // since the last Clear
	changed chan struct{} // closed by the next Add; nil when nobody waits
}

type entry struct {
	x    *Exchange
	size int
}

// ringAtFirst is how many exchanges there is room for once there is one.
const ringAtFirst = 8

// NewLog makes a log of at most limit exchanges that hold at most maxBytes
// together: bodies, headers and words. A limit of 0 or less keeps nothing.
func NewLog(limit, maxBytes int) *Log {
	return &Log{limit: max(limit, 0), maxBytes: maxBytes}
}

// Add gives x the next ID and keeps it. From then on x belongs to the log: it,
// its bodies and its headers may be read and must not be written to. One that is
// by itself too large for the log loses its bodies, or all that came and went,
// and the newest is always kept. A log that keeps nothing leaves x as it is.
func (l *Log) Add(x *Exchange) {
	if l.limit == 0 {
		return
	}
	size := l.fit(x)
	l.mu.Lock()
	l.last++
	x.ID = l.last
	for l.n > 0 && (l.n == l.limit || l.bytes+size > l.maxBytes) {
		l.dropOldest()
	}
	l.grow()
	l.ring[(l.oldest+l.n)%len(l.ring)] = entry{x, size}
	l.n++
	l.bytes += size
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	l.mu.Unlock()
}

// fit cuts what would have to leave the log as soon as it came.
func (l *Log) fit(x *Exchange) (size int) {
	if size = x.size(); size <= l.maxBytes {
		return size
	}
	cut(&x.Request.Body, &x.Request.Cut)
	cut(&x.Response.Body, &x.Response.Cut)
	if size = x.size(); size <= l.maxBytes {
		return size
	}
	x.Request, x.Response = Request{Proto: x.Request.Proto, Remote: x.Request.Remote, TLS: x.Request.TLS, Cut: true}, Response{Cut: true}
	return x.size()
}

func cut(body *[]byte, wasCut *bool) {
	*wasCut = *wasCut || len(*body) > 0
	*body = nil
}

func (l *Log) dropOldest() {
	l.bytes -= l.ring[l.oldest].size
	l.ring[l.oldest] = entry{}
	l.oldest = (l.oldest + 1) % len(l.ring)
	l.n--
	l.lost++
}

// grow makes room for one more.
func (l *Log) grow() {
	if l.n < len(l.ring) {
		return
	}
	wider := make([]entry, min(l.limit, max(ringAtFirst, 2*len(l.ring))))
	for i := range l.n {
		wider[i] = *l.at(i)
	}
	l.ring, l.oldest = wider, 0
}

// at is the i-th that is kept, from the oldest.
func (l *Log) at(i int) *entry { return &l.ring[(l.oldest+i)%len(l.ring)] }

// Select is what is kept and matches, the oldest first. The exchanges are copies
// that share bodies and headers with the log: read them, and change none.
func (l *Log) Select(f Filter) Exchanges {
	l.mu.Lock()
	found := l.matching(f)
	l.mu.Unlock()
	return copies(found)
}

// matching needs the lock.
func (l *Log) matching(f Filter) (found []*Exchange) {
	for i := l.after(f.After); i < l.n; i++ {
		if x := l.at(i).x; f.matches(x) {
			found = append(found, x)
		}
	}
	return found
}

// after is the index of the first that is kept with a greater ID; needs the lock.
func (l *Log) after(id uint64) int {
	if id >= l.last {
		return l.n
	}
	return max(0, l.n-int(min(l.last-id, uint64(l.n))))
}

func copies(found []*Exchange) Exchanges {
	xs := make(Exchanges, len(found))
	for i, x := range found {
		xs[i] = *x
	}
	return xs
}

// Clear forgets all exchanges and what was lost. IDs go on counting.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.oldest, l.n, l.bytes, l.lost = nil, 0, 0, 0, 0
}

// Len is how many exchanges are kept.
func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

// Lost is how many had to make room for newer ones since the last Clear.
func (l *Log) Lost() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// LastID is the ID of the newest exchange, kept or not; 0 before the first.
// What comes from now on is [Filter].After it.
func (l *Log) LastID() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}
