package engine

import (
	"context"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// storage is the store as fosite's grants use it: signatures are the store's
// keys, request ids its families, and every answer a fresh copy.
type storage struct {
	store     *store.Store
	directory *atomic.Pointer[Directory]
	throttle  *throttle

	codeLifespan time.Duration
}

var (
	_ fosite.Storage                                      = (*storage)(nil)
	_ oauth2.CoreStorage                                  = (*storage)(nil)
	_ oauth2.TokenRevocationStorage                       = (*storage)(nil)
	_ oauth2.ResourceOwnerPasswordCredentialsGrantStorage = (*storage)(nil)
)

// failing is the error of the request's storage, when a fault makes it fail.
func failing(ctx context.Context) error {
	for _, f := range fault.From(ctx) {
		if f.Store != nil {
			return f.Store
		}
	}
	return nil
}

// GetClient finds a client by its client_id.
func (s *storage) GetClient(ctx context.Context, id string) (fosite.Client, error) {
	if err := failing(ctx); err != nil {
		return nil, unavailable(err)
	}
	if client, ok := s.directory.Load().clients[id]; ok {
		return client, nil
	}
	return nil, fosite.ErrNotFound
}

// ClientAssertionJWTValid refuses: client assertions do not get as far as this.
func (s *storage) ClientAssertionJWTValid(context.Context, string) error { return fosite.ErrJTIKnown }

// SetClientAssertionJWT refuses: client assertions do not get as far as this.
func (s *storage) SetClientAssertionJWT(context.Context, string, time.Time) error {
	return fosite.ErrJTIKnown
}

// Authenticate checks a user's password (RFC 6749 §4.3.2) and answers the subject.
func (s *storage) Authenticate(ctx context.Context, username, password string) (string, error) {
	if err := failing(ctx); err != nil {
		return "", unavailable(err)
	}
	record.From(ctx).User = clip(username)
	if refused := s.throttle.refuse("user", username, InvalidGrant); refused != nil {
		return "", refused
	}
	u, refused := s.directory.Load().login(username, password)
	if refused != nil {
		s.throttle.failed("user", username)
		return "", refused
	}
	s.throttle.succeeded("user", username)
	if asking, ok := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester); ok {
		return subjectFor(asking.GetClient().(*Client), u), nil
	}
	return u.fixture.Subject, nil
}

// CreateAccessTokenSession keeps an access token.
func (s *storage) CreateAccessTokenSession(ctx context.Context, signature string, request fosite.Requester) error {
	sess := request.GetSession().(*session)
	return s.keep(ctx, signature, request, store.Record{
		Kind: store.Access, Scope: request.GetGrantedScopes(), Audience: request.GetGrantedAudience(), ExpiresAt: sess.accessExpiresAt,
		Detail: sess.detail.afterCode(request.GetClient().(*Client)).pack(),
	})
}

// CreateRefreshTokenSession keeps a refresh token, with all that was granted
// whatever its access token was narrowed to (RFC 6749 §6).
func (s *storage) CreateRefreshTokenSession(ctx context.Context, signature, _ string, request fosite.Requester) error {
	sess := request.GetSession().(*session)
	return s.keep(ctx, signature, request, store.Record{
		Kind: store.Refresh, Scope: sess.scope, Audience: sess.audience, ExpiresAt: sess.refreshExpiresAt,
		Detail: sess.detail.afterCode(request.GetClient().(*Client)).pack(),
	})
}

// keep completes and stores a record. The tokens of a grant that was revoked
// since it was read are not kept.
func (s *storage) keep(ctx context.Context, signature string, request fosite.Requester, r store.Record) error {
	if err := failing(ctx); err != nil {
		return unavailable(err)
	}
	sess := request.GetSession().(*session)
	r.Family = familyOf(request.GetID())
	r.Client, r.Subject, r.Username = request.GetClient().GetID(), sess.subject, sess.username
	r.Grant, r.Issuer = sess.grant, sess.issuer
	r.IssuedAt, r.AuthenticatedAt = sess.issuedAt, sess.authenticatedAt
	key := keyOf(signature)
	if !sess.continues {
		s.store.Put(key, r)
		return nil
	}
	if !s.store.Extend(key, r) {
		return Refuse(InvalidGrant, "The grant was revoked while it was being refreshed.")
	}
	return nil
}

// GetAccessTokenSession finds an access token.
func (s *storage) GetAccessTokenSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	request, _, err := s.find(ctx, signature)
	return request, err
}

// GetRefreshTokenSession finds a refresh token. One that was spent comes with
// ErrInactiveToken, upon which fosite revokes its family (RFC 9700 §4.14.2); but
// not when another client presents it, which must not end the owner's grant.
func (s *storage) GetRefreshTokenSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	request, r, err := s.find(ctx, signature)
	if err != nil {
		return nil, err
	}
	asking, refreshing := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester)
	if !refreshing { // it is being revoked, and a spent token stands for its grant too
		return request, nil
	}
	if asking.GetClient().GetID() != r.Client {
		return nil, Refuse(InvalidGrant, "The refresh token was issued to another client.")
	}
	if refused := s.directory.Load().mayGoOn(r); refused != nil {
		return nil, refused
	}
	if r.Spent {
		return request, fosite.ErrInactiveToken
	}
	return request, nil
}

func (s *storage) find(ctx context.Context, signature string) (fosite.Requester, store.Record, error) {
	if err := failing(ctx); err != nil {
		return nil, store.Record{}, unavailable(err)
	}
	r, ok := s.store.Get(keyOf(signature))
	if !ok {
		return nil, r, fosite.ErrNotFound
	}
	client, ok := s.directory.Load().clients[r.Client]
	if !ok {
		return nil, r, fosite.ErrNotFound
	}
	sess := &session{
		issuer: r.Issuer, subject: r.Subject, username: r.Username, grant: r.Grant,
		scope: r.Scope, audience: r.Audience, authenticatedAt: r.AuthenticatedAt, detail: unpackDetail(r.Detail), continues: true,
	}
	return &fosite.Request{
		ID: requestID(r.Family), RequestedAt: r.IssuedAt, Client: client,
		RequestedScope: r.Scope, GrantedScope: r.Scope, RequestedAudience: r.Audience, GrantedAudience: r.Audience,
		Form:    url.Values{"redirect_uri": {sess.detail.RedirectURI}}, // for fosite to compare
		Session: sess,
	}, r, nil
}

// DeleteAccessTokenSession ends an access token.
func (s *storage) DeleteAccessTokenSession(ctx context.Context, signature string) error {
	if err := failing(ctx); err != nil {
		return unavailable(err)
	}
	s.store.Revoke(keyOf(signature))
	return nil
}

// DeleteRefreshTokenSession leaves the token, which was spent before: fosite asks
// for this first when it is reused, and next for the end of the whole grant.
func (s *storage) DeleteRefreshTokenSession(context.Context, string) error { return nil }

// RotateRefreshToken spends a refresh token, once under any concurrency.
func (s *storage) RotateRefreshToken(ctx context.Context, _, signature string) error {
	if err := failing(ctx); err != nil {
		return unavailable(err)
	}
	if !s.store.Spend(keyOf(signature)) {
		return Refuse(InvalidGrant, "The refresh token expired or was revoked while it was being used.")
	}
	return nil
}

// RevokeRefreshToken ends a grant, all of it in one step: fosite asks for its
// access tokens next, and between the two a refresh could find a grant to go on with.
func (s *storage) RevokeRefreshToken(ctx context.Context, id string) error {
	if err := failing(ctx); err != nil {
		return unavailable(err)
	}
	s.store.RevokeFamily(familyOf(id))
	return nil
}

// RevokeAccessToken ends a grant.
func (s *storage) RevokeAccessToken(ctx context.Context, id string) error {
	return s.RevokeRefreshToken(ctx, id)
}

// signatureOf is a token's key in the form in which fosite carries it.
func signatureOf(kind store.Kind, token string) string {
	key := store.KeyOf(kind, token)
	return string(key[:])
}

func keyOf(signature string) (key store.Key) {
	copy(key[:], signature)
	return key
}

func requestID(family uint64) string { return strconv.FormatUint(family, 36) }

func familyOf(requestID string) uint64 {
	family, _ := strconv.ParseUint(requestID, 36, 64)
	return family
}
