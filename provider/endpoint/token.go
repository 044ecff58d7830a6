package endpoint

import (
	"net/http"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// token is the token endpoint (RFC 6749 §3.2).
func token() Endpoint {
	return Endpoint{
		Name: fault.Token, Paths: []string{"/token", "/oauth2/access_token"}, Methods: []string{http.MethodPost}, Member: "token_endpoint", CORS: true,
		Metadata: func(h House) map[string]any {
			return map[string]any{
				"grant_types_supported":                 h.Engine.Grants(),
				"token_endpoint_auth_methods_supported": engine.ClientAuthMethods(),
				"scopes_supported":                      h.Engine.Scopes(),
			}
		},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				form, refused := readForm(r)
				if refused != nil {
					refuse(w, r, refused)
					return
				}
				response, refused := h.Engine.Token(r, form)
				if refused != nil {
					refuse(w, r, refused)
					return
				}
				writeJSON(w, http.StatusOK, response)
			})
		},
	}
}
