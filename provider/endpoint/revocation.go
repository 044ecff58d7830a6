package endpoint

import (
	"net/http"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// revocation is RFC 7009. The body of the answer is ignored by the specification;
// an empty object suits the clients that parse it all the same.
func revocation() Endpoint {
	return Endpoint{
		Name: fault.Revocation, Paths: []string{"/revoke"}, Methods: []string{http.MethodPost}, Member: "revocation_endpoint", CORS: true,
		Metadata: func(House) map[string]any {
			return map[string]any{"revocation_endpoint_auth_methods_supported": engine.ClientAuthMethods()}
		},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if refused := h.revoke(r); refused != nil {
					refuse(w, r, refused)
					return
				}
				writeJSON(w, http.StatusOK, struct{}{})
			})
		},
	}
}

func (h House) revoke(r *http.Request) *engine.Error {
	form, refused := readForm(r)
	if refused != nil {
		return refused
	}
	client, refused := h.Engine.Authenticate(r.Context(), r, form)
	if refused != nil {
		return refused
	}
	token := form.Get("token")
	if token == "" {
		return engine.Missing("token")
	}
	return h.Engine.Revoke(r.Context(), client, token, form.Get("token_type_hint"))
}
