package engine

import (
	"context"
	"hash/maphash"
	"net/http"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/provider/record"
)

// A TokenResponse is what a granted token request is answered (RFC 6749 §5.1).
type TokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"` // never empty: App. A.4 has no empty scope
}

// Token grants the tokens that a request to the token endpoint asks for (RFC
// 6749 §3.2). r must be a POST, and form its body, checked as endpoints do.
func (e *Engine) Token(r *http.Request, form url.Values) (*TokenResponse, *Error) {
	ctx := r.Context()
	note(ctx, form)
	if form.Get("grant_type") == "" {
		return nil, missing("grant_type")
	}
	if refreshToken := form.Get("refresh_token"); refreshToken != "" {
		spending := &e.spending[maphash.String(e.seed, refreshToken)%uint64(len(e.spending))]
		spending.Lock()
		defer spending.Unlock()
	}
	r.PostForm, r.Form = form, form // where fosite looks for it
	request, err := e.fosite.NewAccessRequest(ctx, r, &session{issuer: record.From(ctx).Issuer})
	if err != nil {
		return nil, e.refused(ctx, err)
	}
	response, err := e.fosite.NewAccessResponse(ctx, request)
	if err != nil {
		return nil, e.refused(ctx, err)
	}
	sess := request.GetSession().(*session)
	x := record.From(ctx)
	x.User, x.Scope = sess.username, strings.Join(request.GetGrantedScopes(), " ")
	expiresIn, _ := response.GetExtra("expires_in").(int64)
	refreshToken, _ := response.GetExtra("refresh_token").(string)
	return &TokenResponse{
		AccessToken: response.GetAccessToken(), TokenType: "Bearer", ExpiresIn: expiresIn,
		RefreshToken: refreshToken, Scope: x.Scope,
	}, nil
}

// refused is a refusal of a token request; where fosite's words stop short, ours go on.
func (e *Engine) refused(ctx context.Context, err error) *Error {
	refused := unpack(err)
	if strings.HasPrefix(refused.Description, "The refresh token was already used") {
		refused.Description = "The refresh token was already used; with it all tokens of its grant are revoked (RFC 9700 section 4.14.2)."
	}
	return refused
}
