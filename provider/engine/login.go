package engine

import (
	"context"
	"errors"

	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// CheckPassword tells whether a user may log in with a password.
func (e *Engine) CheckPassword(ctx context.Context, username, password string) *Error {
	record.From(ctx).User = clip(username)
	_, err := e.storage.Authenticate(ctx, username, password)
	var refused *Error
	if errors.As(err, &refused) {
		return refused
	}
	return nil
}

// SubjectOf is the sub under which a client knows a user; empty for an unknown one.
func (e *Engine) SubjectOf(client *Client, username string) string {
	u, known := e.directory.users[username]
	if !known {
		return ""
	}
	return subjectFor(client, u)
}

// EndSession ends the grants that came of a session at a browser, but for those
// that are to outlive it, by offline_access (OpenID Connect Core §11).
func (e *Engine) EndSession(sessionID string) {
	e.store.RevokeIf(func(r store.Record) bool {
		return r.Detail != "" && unpackDetail(r.Detail).SessionID == sessionID && r.Kind != store.Access && !hasOfflineAccess(r)
	})
}

func hasOfflineAccess(r store.Record) bool {
	for _, scope := range r.Scope {
		if scope == "offline_access" {
			return true
		}
	}
	return false
}
