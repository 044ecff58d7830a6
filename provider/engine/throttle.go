package engine

import (
	"net/http"
	"sync"
	"time"

	"github.com/mockoauth/mockoauth/provider/clock"
)

// throttledAtMost bounds how many names are watched at once; their digests are
// kept, since a client may send names of any length.
const throttledAtMost = 10_000

// throttle refuses further tries after too many failures in a row (RFC 6749
// §2.3.1, §4.3.2, §10.10); those under way at the same time come on top. Zero
// failures turns it off.
type throttle struct {
	failures int           // how many are allowed within the window
	window   time.Duration // after which a failure is forgotten
	clock    *clock.Clock

	mu    sync.Mutex
	tries map[digest]tries
}

type tries struct {
	failures int
	until    time.Time
}

func newThrottle(c *clock.Clock, failures int, window time.Duration) *throttle {
	return &throttle{failures: failures, window: window, clock: c, tries: map[digest]tries{}}
}

func watched(kind, name string) digest { return digestOf(kind + " " + name) }

// refuse tells whether the name has failed too often of late.
func (t *throttle) refuse(kind, name, code string) *Error {
	if t.failures == 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := t.tries[watched(kind, name)]
	now := t.clock.Now()
	if seen.failures < t.failures || !now.Before(seen.until) {
		return nil
	}
	return &Error{
		Status: http.StatusTooManyRequests, Code: code, RetryAfter: (seen.until.Sub(now) + time.Second - 1).Truncate(time.Second),
		Description: "Too many failed attempts; wait before the next.",
		Reason:      "throttled: too many failures of " + kind + " " + Quote(name),
	}
}

// failed counts a failure.
func (t *throttle) failed(kind, name string) {
	if t.failures == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	if len(t.tries) >= throttledAtMost {
		t.forget(now)
	}
	seen := t.tries[watched(kind, name)]
	if !now.Before(seen.until) {
		seen.failures = 0
	}
	t.tries[watched(kind, name)] = tries{seen.failures + 1, now.Add(t.window)}
}

// forget drops what is over, or all when nothing is.
func (t *throttle) forget(now time.Time) {
	for name, seen := range t.tries {
		if !now.Before(seen.until) {
			delete(t.tries, name)
		}
	}
	if len(t.tries) >= throttledAtMost {
		clear(t.tries)
	}
}

// succeeded forgives the name.
func (t *throttle) succeeded(kind, name string) {
	if t.failures == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, watched(kind, name))
}

// forgive forgets all failures.
func (t *throttle) forgive() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.tries)
}
