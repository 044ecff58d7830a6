package endpoint

import (
	"slices"
	"sync"
)

// Logins is how users log in, and who does so next without being asked.
type Logins struct {
	Mode    string // one of [LoginModes]
	Consent string // one of [ConsentModes]

	mu   sync.Mutex
	next []NextLogin
}

// When a [NextLogin] happens.
const (
	OnAuthorization = "authorization"
	OnRefresh       = "refresh"
)

// A NextLogin is what the next user does without being asked, whatever the mode.
// It has one of User, Deny and Error.
type NextLogin struct {
	// User logs in, or at a refresh takes the place of whoever the user was.
	User string `json:"user,omitempty"`
	// Deny has the user say no.
	Deny bool `json:"deny,omitempty"`
	// Error is sent to the client instead of a code (RFC 6749 §4.1.2.1).
	Error string `json:"error,omitempty"`
	// ErrorDescription goes with Error.
	ErrorDescription string `json:"error_description,omitempty"`
	// Client is whose request it is for; empty is any client's.
	Client string `json:"client,omitempty"`
	// On is [OnAuthorization], which is meant when it is empty, or [OnRefresh].
	On string `json:"on,omitempty"`
}

// Queue has the users of the next requests do as said, in order.
func (l *Logins) Queue(next NextLogin) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = append(l.next, next)
}

// Next lists what is queued.
func (l *Logins) Next() []NextLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.next)
}

// Clear drops what is queued.
func (l *Logins) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = nil
}

// TakeRefresh answers who the user of a client's refresh is to be.
func (l *Logins) TakeRefresh(clientID string) (username string, ok bool) {
	next, ok := l.take(OnRefresh, clientID)
	return next.User, ok
}

// take answers what the user of this request does without being asked.
func (l *Logins) take(on, clientID string) (NextLogin, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.next, func(n NextLogin) bool {
		return (n.On == on || n.On == "" && on == OnAuthorization) && (n.Client == "" || n.Client == clientID)
	})
	if i < 0 {
		return NextLogin{}, false
	}
	next := l.next[i]
	l.next = slices.Delete(l.next, i, i+1)
	return next, true
}
