package endpoint

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// verify tells who an access token belongs to: a resource in its smallest form.
// The token comes by Authorization header (RFC 6750 §2.1), form or query, as
// token or access_token.
func verify() Endpoint {
	return Endpoint{
		Name: fault.Verify, Paths: []string{"/api/verify"}, Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, refused := h.verify(r)
				if refused != nil {
					refuse(w, r, challenged(refused))
					return
				}
				x := record.From(r.Context())
				x.Client, x.User, x.Scope = token.ClientID, token.Username, token.Scope
				if token.Username == "" {
					writeJSON(w, http.StatusOK, map[string]string{"client": token.ClientID})
					return
				}
				writeJSON(w, http.StatusOK, map[string]string{"user": token.Username})
			})
		},
	}
}

func (h House) verify(r *http.Request) (*engine.Token, *engine.Error) {
	presented, refused := presentedTokens(r)
	if refused != nil {
		return nil, refused
	}
	switch len(presented) {
	case 0:
		return nil, forbidden("", "no access token was presented")
	case 1:
		token, refused := h.Engine.Introspect(r.Context(), presented[0], "access_token")
		if refused != nil {
			return nil, refused
		}
		if token == nil || token.Type != "Bearer" {
			return nil, forbidden(engine.InvalidToken, "the access token is unknown, expired or revoked")
		}
		return token, nil
	}
	return nil, engine.Refuse(engine.InvalidRequest, "The access token is presented more than once (RFC 6750 section 2).")
}

// presentedTokens collects the request's tokens from all the places for them. A
// body that is no form has none.
func presentedTokens(r *http.Request) ([]string, *engine.Error) {
	var presented []string
	token, ok, refused := bearerToken(r)
	if refused != nil {
		return nil, refused
	}
	if ok && token != "" {
		presented = append(presented, token)
	}
	form, refused := parseForm(r.URL.RawQuery, repeatable)
	if refused != nil {
		return nil, refused
	}
	presented = append(presented, tokensIn(form)...)
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), formType) {
		if form, refused = readBody(r); refused != nil {
			return nil, refused
		}
		presented = append(presented, tokensIn(form)...)
	}
	return presented, nil
}

func tokensIn(form url.Values) []string {
	return append(slices.Clone(form["token"]), form["access_token"]...)
}

// forbidden is the tutorial's answer to whoever has no good token. code is for
// the challenge beside it; empty when there was no token (RFC 6750 §3).
func forbidden(code, reason string) *engine.Error {
	return &engine.Error{
		Status: http.StatusForbidden, Code: engine.InvalidRequest, Reason: reason,
		Scheme: "Bearer", ChallengeCode: code,
	}
}

// challenged adds the challenge that a resource's every refusal has (RFC 6750 §3).
func challenged(e *engine.Error) *engine.Error {
	if e.Scheme == "" && e.Status < http.StatusInternalServerError {
		e.Scheme, e.ChallengeCode = "Bearer", e.Code
	}
	return e
}
