package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// CheckPassword tells whether a user may log in with a password.
func (e *Engine) CheckPassword(ctx context.Context, username, password string) *Error {
	record.From(ctx).User = clip(username)
	if _, err := e.storage.Authenticate(ctx, username, password); err != nil {
		return unpack(err)
	}
	return nil
}

// SubjectOf is the sub under which a client knows a user; empty for an unknown one.
func (e *Engine) SubjectOf(client *Client, username string) string {
	u, known := e.directory.Load().users[username]
	if !known {
		return ""
	}
	return subjectFor(client, u)
}

// EndSession ends the grants that came of a session at a browser, but for those
// that are to outlive it, by offline_access (OpenID Connect Core §11).
func (e *Engine) EndSession(sessionID string) {
	e.store.RevokeIf(func(r store.Record) bool {
		return r.Kind != store.Access && strings.Contains(r.Detail, sessionID) && // before it is unpacked: every record is asked
			!slices.Contains(r.Scope, "offline_access") && unpackDetail(r.Detail).SessionID == sessionID
	})
}
