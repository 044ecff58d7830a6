package endpoint

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/mockoauth/mockoauth/provider/record"
)

// What the provider remembers of browsers.
const (
	sessionLifespan = 24 * time.Hour
	sessionsAtMost  = 10_000 // the oldest go first
)

// Sessions are who is logged in at which browser (single sign-on), and what they
// have agreed to. They expire by the provider's clock.
type Sessions struct {
	now    func() time.Time
	random io.Reader

	mu       sync.Mutex
	sessions map[string]*Session // by the digest of the cookie
	order    []string            // oldest first
	agreed   map[agreement][]string
}

// A Session is one user at one browser.
type Session struct {
	Username string
	At       time.Time // when they logged in
	ID       string    // the sid of ID tokens; not the cookie
	Methods  []string  // amr: "pwd", or none when nobody was asked
}

// An agreement is between a user and a client.
type agreement struct{ username, clientID string }

// NewSessions makes an empty table.
func NewSessions(now func() time.Time, random io.Reader) *Sessions {
	return &Sessions{now: now, random: random, sessions: map[string]*Session{}, agreed: map[agreement][]string{}}
}

// Of is the session of a request's browser; nil when nobody is logged in.
func (s *Sessions) Of(r *http.Request) *Session {
	cookie, err := r.Cookie(sessionCookie(r))
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.sessions[digest(cookie.Value)]
	if session == nil || !s.now().Before(session.At.Add(sessionLifespan)) {
		return nil
	}
	known := *session
	return &known
}

// Begin logs a user in at the browser that w answers, in place of whoever was.
func (s *Sessions) Begin(w http.ResponseWriter, r *http.Request, username string, methods []string) (*Session, error) {
	cookie, err := s.word()
	if err != nil {
		return nil, err
	}
	id, err := s.word()
	if err != nil {
		return nil, err
	}
	session := &Session{Username: username, At: s.now().Truncate(time.Second), ID: id, Methods: methods}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(r)
	if len(s.order) >= sessionsAtMost {
		delete(s.sessions, s.order[0])
		s.order = s.order[1:]
	}
	key := digest(cookie)
	s.sessions[key], s.order = session, append(s.order, key)
	http.SetCookie(w, sessionAt(r, cookie))
	known := *session
	return &known, nil
}

// End logs out whoever is logged in at a browser. Without a cookie there is
// nothing to end, nor a cookie to take away.
func (s *Sessions) End(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie(sessionCookie(r)); err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(r)
	gone := sessionAt(r, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
}

// forget drops the session of a request's browser.
func (s *Sessions) forget(r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie(r)); err == nil {
		key := digest(cookie.Value)
		delete(s.sessions, key)
		s.order = slices.DeleteFunc(s.order, func(k string) bool { return k == key })
	}
}

// Forget ends the sessions of a user, at every browser, and what they have agreed to.
func (s *Sessions) Forget(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order = slices.DeleteFunc(s.order, func(key string) bool {
		gone := s.sessions[key].Username == username
		if gone {
			delete(s.sessions, key)
		}
		return gone
	})
	maps.DeleteFunc(s.agreed, func(a agreement, _ []string) bool { return a.username == username })
}

// ForgetClient drops what users have agreed to with a client.
func (s *Sessions) ForgetClient(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.agreed, func(a agreement, _ []string) bool { return a.clientID == id })
}

// Reset forgets everything.
func (s *Sessions) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order = nil
	clear(s.sessions)
	clear(s.agreed)
}

// Agree remembers that a user lets a client have the scopes, at every browser.
func (s *Sessions) Agree(username, clientID string, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.agreed) >= sessionsAtMost {
		clear(s.agreed)
	}
	key := agreement{username, clientID}
	s.agreed[key] = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(scopes), s.agreed[key]...))))
}

// Agreed tells whether a user has let a client have all the scopes.
func (s *Sessions) Agreed(username, clientID string, scopes []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	agreed := s.agreed[agreement{username, clientID}]
	return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(agreed, scope) })
}

// word is 256 bits of chance.
func (s *Sessions) word() (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

func digest(cookie string) string {
	sum := sha256.Sum256([]byte(cookie))
	return string(sum[:])
}

// sessionCookie is the cookie's name: cookies do not tell the ports of a host
// apart, and two providers at one must not log each other's users out.
func sessionCookie(r *http.Request) string {
	sum := sha256.Sum256([]byte(record.From(r.Context()).BrowserURL))
	return "mockoauth_session_" + hex.EncodeToString(sum[:4])
}

// sessionAt makes the cookie. Over https it goes along with requests that other
// sites post here; over http, where browsers do not allow that, with their links.
func sessionAt(r *http.Request, value string) *http.Cookie {
	cookie := &http.Cookie{Name: sessionCookie(r), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if record.From(r.Context()).Secure {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode
	}
	return cookie
}
