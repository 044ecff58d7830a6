package engine

import (
	"time"

	"github.com/ory/fosite"
)

// session is what a grant remembers from its first token to its last. Fosite
// carries it; the store keeps it as a flat record.
type session struct {
	issuer          string
	subject         string
	username        string    // empty for a client's own token
	grant           string    // the grant_type that began it
	scope           []string  // all that was granted, which a refresh may narrow for one access token
	audience        []string  // all that was granted; empty means the client's default
	authenticatedAt time.Time // when the user proved who they are; zero for a client's own token
	detail          detail    // of a grant that began in a browser
	continues       bool      // it was begun by an earlier request and may have been revoked since

	issuedAt         time.Time // of the tokens being made
	accessExpiresAt  time.Time
	refreshExpiresAt time.Time
}

var _ fosite.Session = (*session)(nil)

// SetExpiresAt ignores fosite, which reads the real clock: the token strategy
// sets expiries by the provider's.
func (s *session) SetExpiresAt(fosite.TokenType, time.Time) {}

// GetExpiresAt answers that there is none, upon which fosite reports the whole
// lifespan as expires_in instead of what is left of it by the real clock.
func (s *session) GetExpiresAt(fosite.TokenType) time.Time { return time.Time{} }

// SetSubject is how fosite's password grant says who logged in.
func (s *session) SetSubject(subject string) { s.subject = subject }

func (s *session) GetUsername() string { return s.username }
func (s *session) GetSubject() string  { return s.subject }

// Clone is written by hand because fosite's own goes by reflection.
func (s *session) Clone() fosite.Session {
	c := *s
	return &c
}
