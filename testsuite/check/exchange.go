package check

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// The bounds of what a check's record keeps, so that a flood of 500 requests
// does not become a report of 500 pages.
const (
	firstKept = 10
	lastKept  = 30
	bodyKept  = 64 << 10 // bytes of a request's or an answer's body
)

// An Exchange is one request that a check made and what came back, secrets
// included: mask it before it is shown to anybody.
type Exchange struct {
	At     time.Time     // when it was sent, by the clock of this machine
	Took   time.Duration // until the answer was read, or there was none
	Method string
	URL    string
	Header http.Header // as it was set; net/http adds Host, Content-Length and the like
	Body   []byte

	Answer Answer // its Status is 0 when there was none
	Error  string // why there was none, or why it broke off
	Cut    bool   // a body is longer than what is kept of it
}

// transcript is what a check said and heard. It keeps the first exchanges and
// the last ones.
type transcript struct {
	mu      sync.Mutex
	first   []Exchange
	last    []Exchange
	omitted int
}

func (s *transcript) add(x Exchange) {
	x.Body, x.Cut = bounded(x.Body)
	body, cut := bounded(x.Answer.Body)
	x.Answer.Body, x.Cut = body, x.Cut || cut
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.first) < firstKept {
		s.first = append(s.first, x)
		return
	}
	if len(s.last) == lastKept {
		s.last = slices.Delete(s.last, 0, 1)
		s.omitted++
	}
	s.last = append(s.last, x)
}

// all are the exchanges that were kept, and how many were left out of their middle.
func (s *transcript) all() (kept []Exchange, omitted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(s.first, s.last), s.omitted
}

func bounded(body []byte) (kept []byte, cut bool) {
	if len(body) > bodyKept {
		return slices.Clone(body[:bodyKept]), true
	}
	return body, false
}
