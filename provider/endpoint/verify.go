package endpoint

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/record"
)

// verify tells who an access token belongs to: a resource in its smallest form.
// The token comes by Authorization header (RFC 6750 §2.1), form or query, as
// token or access_token.
func verify() Endpoint {
	return Endpoint{
		Name: "verify", Paths: []string{"/api/verify"}, Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, refused := h.verify(r)
				if refused != nil {
					refuse(w, r, refused)
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

// presentedTokens collects the request's tokens from all the places for them.
func presentedTokens(r *http.Request) ([]string, *engine.Error) {
	var presented []string
	if token, ok := bearerToken(r); ok && token != "" {
		presented = append(presented, token)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, engine.Refuse(engine.InvalidRequest, "The query is not form-encoded: "+err.Error()+".")
	}
	forms := []url.Values{query}
	if r.Method == http.MethodPost && r.ContentLength != 0 {
		form, refused := readBody(r)
		if refused != nil {
			return nil, refused
		}
		forms = append(forms, form)
	}
	for _, form := range forms {
		for _, name := range []string{"token", "access_token"} {
			presented = append(presented, slices.DeleteFunc(slices.Clone(form[name]), func(s string) bool { return s == "" })...)
		}
	}
	return presented, nil
}

// forbidden is the tutorial's answer to whoever has no good token, with the
// challenge that RFC 6750 §3 wants beside it.
func forbidden(code, reason string) *engine.Error {
	return &engine.Error{
		Status: http.StatusForbidden, Code: engine.InvalidRequest, Reason: reason,
		Scheme: "Bearer", ChallengeCode: code,
	}
}
