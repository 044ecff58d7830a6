package engine

import (
	"context"

	"github.com/ory/fosite"
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
