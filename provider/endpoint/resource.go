package endpoint

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// resource is a protected resource to try a client against, at its path and all below:
// it checks access tokens by RFC 6750, and the scopes that the query's scope demands. A
// fault at it answers otherwise.
func resource() Endpoint {
	return Endpoint{
		Name: fault.Resource, Paths: []string{"/_mock/resource"}, Subtree: true, CORS: true,
		Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, refused := h.protect(r)
				if refused != nil {
					refuse(w, r, challenged(refused))
					return
				}
				x := record.From(r.Context())
				x.Client, x.User, x.Scope = token.ClientID, token.Username, token.Scope
				writeJSON(w, http.StatusOK, map[string]string{
					"sub": token.Subject, "client_id": token.ClientID, "username": token.Username, "scope": token.Scope,
					"method": r.Method, "path": r.URL.Path,
				})
			})
		},
	}
}

// protect answers the token by which a request may have the resource.
func (h House) protect(r *http.Request) (*engine.Token, *engine.Error) {
	presented, refused := onlyToken(r)
	if refused != nil {
		return nil, refused
	}
	query, refused := parseForm(r.URL.RawQuery, repeatable)
	if refused != nil {
		return nil, refused
	}
	if query.Has("access_token") { // RFC 6750 §2.3 lets a resource do without
		return nil, engine.Refuse(engine.InvalidRequest, "The access token is in the URL, where it ends up in logs: send it in the Authorization header.")
	}
	token, refused := h.Engine.Introspect(r.Context(), presented, "access_token")
	switch {
	case refused != nil:
		return nil, refused
	case token == nil || token.Type != "Bearer":
		return nil, engine.BearerRefused(http.StatusUnauthorized, engine.InvalidToken, "The access token is unknown, expired or revoked.")
	}
	wanted, granted := strings.Fields(query.Get("scope")), strings.Fields(token.Scope)
	if slices.ContainsFunc(wanted, func(scope string) bool { return !slices.Contains(granted, scope) }) {
		refused = engine.BearerRefused(http.StatusForbidden, engine.InsufficientScope, "The access token has the scope '"+token.Scope+"', which is not enough.")
		refused.Scope = strings.Join(wanted, " ")
		return nil, refused
	}
	return token, nil
}
