package engine

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// A Login is who the user at the browser is, and how the provider knows.
type Login struct {
	Username  string
	At        time.Time // when they proved it, by the provider's clock
	SessionID string    // of their session at the provider, the sid of ID tokens
	Methods   []string  // amr (RFC 8176): "pwd"; none when nobody was asked
}

// GrantCode makes the code that answers an authorization request of a user who
// has logged in and agreed to the scope (RFC 6749 §4.1.2).
func (e *Engine) GrantCode(r *http.Request, a *Authorization, login Login) (code string, refused *Error) {
	ctx := r.Context()
	u, refused := e.directory.Load().present(login.Username)
	if refused != nil {
		return "", refused
	}
	acr := acrOf(login.Methods)
	if wanted := a.detail.Claims.ACR; len(wanted) > 0 && !slices.Contains(wanted, acr) { // OpenID Connect Core §5.5.1.1
		return "", Refuse("unmet_authentication_requirements", "The claims parameter wants an acr of "+list(wanted)+"; this login is worth "+acr+".")
	}
	x := record.From(ctx)
	sess := &session{
		issuer: x.Issuer, subject: subjectFor(a.Client, u), username: login.Username, grant: fixtures.GrantAuthorizationCode,
		scope: a.Scope, audience: a.audience, authenticatedAt: login.At, detail: a.detail,
	}
	sess.detail.SessionID, sess.detail.AMR, sess.detail.ACR = login.SessionID, login.Methods, acr
	request := fosite.NewAuthorizeRequest()
	request.Client, request.ResponseTypes = a.Client, fosite.Arguments{"code"}
	request.RequestedScope, request.GrantedScope = a.Scope, a.Scope
	request.RequestedAudience, request.GrantedAudience = a.audience, a.audience
	request.RedirectURI, _ = url.Parse(a.RedirectURI) // it is registered
	request.SetID(requestID(e.store.NewFamily()))
	response, err := e.fosite.NewAuthorizeResponse(ctx, request, sess)
	if err != nil {
		return "", unpack(err)
	}
	x.User, x.Scope, x.Grant = clip(login.Username), strings.Join(a.Scope, " "), fixtures.GrantAuthorizationCode
	return response.GetCode(), nil
}

// acrOf is how much a login is worth (OpenID Connect Core §2): nothing when
// nobody proved anything.
func acrOf(methods []string) string {
	if len(methods) == 0 {
		return "0"
	}
	return "1"
}

// AuthorizeCodeSignature is under which name a code is kept.
func (t *tokens) AuthorizeCodeSignature(_ context.Context, code string) string {
	return signatureOf(store.Code, code)
}

// GenerateAuthorizeCode makes a code.
func (t *tokens) GenerateAuthorizeCode(_ context.Context, request fosite.Requester) (code, signature string, err error) {
	request.GetSession().(*session).issuedAt = t.clock.Now().Truncate(time.Second)
	if code, err = t.opaque(); err != nil {
		return "", "", err
	}
	return code, signatureOf(store.Code, code), nil
}

// ValidateAuthorizeCode has nothing to say: what is in the store and not expired is valid.
func (t *tokens) ValidateAuthorizeCode(context.Context, fosite.Requester, string) error { return nil }

// CreateAuthorizeCodeSession keeps a code.
func (s *storage) CreateAuthorizeCodeSession(ctx context.Context, signature string, request fosite.Requester) error {
	sess := request.GetSession().(*session)
	return s.keep(ctx, signature, request, store.Record{
		Kind: store.Code, Scope: sess.scope, Audience: sess.audience, Detail: sess.detail.pack(),
		ExpiresAt: sess.issuedAt.Add(s.codeLifespan),
	})
}

// GetAuthorizeCodeSession finds a code. One that was redeemed comes with
// ErrInvalidatedAuthorizeCode, upon which fosite revokes what it gave (RFC 6749
// §4.1.2); but not when another client presents it.
func (s *storage) GetAuthorizeCodeSession(ctx context.Context, signature string, _ fosite.Session) (fosite.Requester, error) {
	request, r, err := s.find(ctx, signature)
	if err != nil {
		if err == fosite.ErrNotFound {
			err = Refuse(InvalidGrant, "The code is unknown, expired, or was revoked with the tokens that it gave.")
		}
		return nil, err
	}
	asking := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester)
	if asking.GetClient().GetID() != r.Client {
		return nil, Refuse(InvalidGrant, "The code was issued to another client.")
	}
	if refused := s.directory.Load().mayGoOn(r); refused != nil {
		return nil, refused
	}
	if r.Spent {
		return request, fosite.ErrInvalidatedAuthorizeCode
	}
	request.(*fosite.Request).GrantedAudience = nil // fosite would add it all to what afterCode has narrowed
	return request, nil
}

// InvalidateAuthorizeCodeSession spends a code, once under any concurrency.
func (s *storage) InvalidateAuthorizeCodeSession(ctx context.Context, signature string) error {
	if err := failing(ctx); err != nil {
		return unavailable(err)
	}
	if !s.store.Spend(keyOf(signature)) {
		return Refuse(InvalidGrant, "The code expired or was revoked while it was being redeemed.")
	}
	return nil
}

// beforeCode wants the code (RFC 6749 §4.1.3).
func beforeCode(_ *Client, request *fosite.AccessRequest) error {
	if request.Form.Get("code") == "" {
		return Missing("code")
	}
	return nil
}

// afterCode holds the verifier against the challenge, and narrows the access
// token to the resource that the request names (RFC 8707 §2.2). The code is not
// spent yet: a wrong verifier does not cost the right client its login.
func afterCode(client *Client, request *fosite.AccessRequest) error {
	sess := request.Session.(*session)
	if refused := checkVerifier(sess.detail, request.Form.Get("code_verifier")); refused != nil {
		return refused
	}
	if sent := request.Form.Get("redirect_uri"); sent != "" && sess.detail.RedirectURI == "" {
		if _, refused := matchRedirect(client, sent, false); refused != nil {
			return Refuse(InvalidGrant, "The redirect_uri "+Quote(sent)+" is not registered, and was not in the authorization request.")
		}
	}
	request.GrantedAudience = sess.audience
	if refused := narrowAudience(client, request); refused != nil {
		return refused
	}
	return nil
}
