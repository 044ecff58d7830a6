package engine

import (
	"context"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/provider/store"
)

// Revoke ends a token of the client's, and with it its whole grant (RFC 7009
// §2.1). A token that is unknown, expired or revoked already needs no ending,
// which is no error (§2.2); hint is which kind to try first, and unknown ones
// are ignored.
func (e *Engine) Revoke(ctx context.Context, client *Client, token, hint string) *Error {
	kind := fosite.RefreshToken
	if hint == "access_token" {
		kind = fosite.AccessToken
	}
	err := e.revoker.RevokeToken(ctx, token, kind, client)
	if err == nil {
		return nil
	}
	refused := unpack(err)
	if refused.Code == UnauthorizedClient {
		refused.Description = "The token was issued to another client (RFC 7009 section 2.1)."
	}
	return refused
}

// RevokeUser ends all grants of a user, and answers how many tokens and codes that were.
func (e *Engine) RevokeUser(username string) int {
	return e.store.RevokeIf(func(r store.Record) bool { return r.Username == username })
}

// RevokeClient ends all grants of a client, and answers how many tokens and codes that were.
func (e *Engine) RevokeClient(id string) int {
	return e.store.RevokeIf(func(r store.Record) bool { return r.Client == id })
}

// RevokeToken ends the grant of an access token, refresh token or code, and answers
// how many tokens and codes that were: none when there is no such grant.
func (e *Engine) RevokeToken(token string) int {
	for _, kind := range []store.Kind{store.Access, store.Refresh, store.Code} {
		if r, ok := e.store.Get(store.KeyOf(kind, token)); ok {
			return e.store.RevokeFamily(r.Family)
		}
	}
	return 0
}
