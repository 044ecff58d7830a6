package engine

import (
	"context"
	"encoding/base64"
	"io"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/store"
)

// tokens makes access and refresh tokens, by the provider's clock and chance.
type tokens struct {
	clock  *clock.Clock
	keys   *keys.Ring
	random io.Reader
}

var (
	_ oauth2.AccessTokenStrategy  = (*tokens)(nil)
	_ oauth2.RefreshTokenStrategy = (*tokens)(nil)
)

// AccessTokenSignature is under which name an access token is kept.
func (t *tokens) AccessTokenSignature(_ context.Context, token string) string {
	return signatureOf(store.Access, token)
}

// RefreshTokenSignature is under which name a refresh token is kept.
func (t *tokens) RefreshTokenSignature(_ context.Context, token string) string {
	return signatureOf(store.Refresh, token)
}

// GenerateAccessToken makes an access token, a JWT to RFC 9068 or an opaque one.
func (t *tokens) GenerateAccessToken(ctx context.Context, request fosite.Requester) (token, signature string, err error) {
	client, sess := request.GetClient().(*Client), request.GetSession().(*session)
	sess.issuedAt = t.clock.Now().Truncate(time.Second)
	sess.accessExpiresAt = sess.issuedAt.Add(client.accessLifespan)
	if client.opaque {
		token, err = t.opaque()
	} else {
		token, err = t.jwt(ctx, request)
	}
	if err != nil {
		return "", "", err
	}
	return token, signatureOf(store.Access, token), nil
}

// GenerateRefreshToken makes a refresh token, always an opaque one, beside an access token.
func (t *tokens) GenerateRefreshToken(_ context.Context, request fosite.Requester) (token, signature string, err error) {
	client, sess := request.GetClient().(*Client), request.GetSession().(*session)
	sess.refreshExpiresAt = sess.issuedAt.Add(client.refreshLifespan)
	if token, err = t.opaque(); err != nil {
		return "", "", err
	}
	return token, signatureOf(store.Refresh, token), nil
}

// ValidateAccessToken has nothing to say: what is in the store and not expired is valid.
func (t *tokens) ValidateAccessToken(context.Context, fosite.Requester, string) error { return nil }

// ValidateRefreshToken has nothing to say: what is in the store and not expired is valid.
func (t *tokens) ValidateRefreshToken(context.Context, fosite.Requester, string) error { return nil }

// opaque makes a token of 256 bits of chance (RFC 6749 §10.10 wants 128 or more).
func (t *tokens) opaque() (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(t.random, raw[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
