package engine

import (
	"hash/maphash"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A TokenResponse is what a granted token request is answered (RFC 6749 §5.1).
type TokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"` // OpenID Connect Core §3.1.3.3
	Scope        string `json:"scope,omitempty"`    // never empty: App. A.4 has no empty scope
}

// Token grants the tokens that a request to the token endpoint asks for (RFC
// 6749 §3.2). r must be a POST, and form its body, checked as endpoints do.
func (e *Engine) Token(r *http.Request, form url.Values) (*TokenResponse, *Error) {
	ctx := r.Context()
	x := record.From(ctx)
	x.Grant = clip(form.Get("grant_type"))
	if strings.TrimSpace(x.Grant) == "" {
		return nil, Missing("grant_type")
	}
	if spent := form.Get("refresh_token") + form.Get("code"); spent != "" {
		spending := &e.spending[maphash.String(e.seed, spent)%uint64(len(e.spending))]
		spending.Lock()
		defer spending.Unlock()
	}
	r.PostForm, r.Form, r.MultipartForm = form, form, &multipart.Form{} // so that fosite parses nothing
	request, err := e.fosite.NewAccessRequest(ctx, r, &session{issuer: x.Issuer})
	if err != nil {
		return nil, unpack(err)
	}
	e.swapUser(request)
	response, err := e.fosite.NewAccessResponse(ctx, request)
	if err != nil {
		return nil, unpack(err)
	}
	sess := request.GetSession().(*session)
	x.User, x.Scope = clip(sess.username), strings.Join(request.GetGrantedScopes(), " ")
	idToken, err := e.idToken(ctx, request.GetClient().(*Client), sess, response.GetAccessToken())
	if err != nil {
		return nil, unpack(err)
	}
	refreshToken, _ := response.GetExtra("refresh_token").(string)
	return &TokenResponse{
		AccessToken: response.GetAccessToken(), TokenType: "Bearer",
		ExpiresIn:    int64(sess.accessExpiresAt.Sub(sess.issuedAt) / time.Second),
		RefreshToken: refreshToken, IDToken: idToken, Scope: x.Scope,
	}, nil
}

// swapUser has a refresh go on as another user, where a test wants it: a client must
// notice that the sub is not that of before (OpenID Connect Core §12.2).
func (e *Engine) swapUser(request fosite.AccessRequester) {
	if e.refreshAs == nil || !request.GetGrantTypes().ExactOne(fixtures.GrantRefreshToken) {
		return
	}
	client, sess := request.GetClient().(*Client), request.GetSession().(*session)
	username, swapped := e.refreshAs(client.GetID())
	if u, known := e.directory.Load().users[username]; swapped && known {
		sess.username, sess.subject = username, subjectFor(client, u)
	}
}
