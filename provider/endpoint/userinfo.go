package endpoint

import (
	"net/http"
	"strings"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// userinfo is OpenID Connect Core §5.3. The token comes by the Authorization
// header, or in the form of a POST (RFC 6750 §2.1, §2.2), never in the URL.
func userinfo() Endpoint {
	return Endpoint{
		Name: fault.UserInfo, Paths: []string{"/userinfo"}, Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost}, Member: "userinfo_endpoint", CORS: true,
		Metadata: func(h House) map[string]any {
			return map[string]any{"userinfo_signing_alg_values_supported": h.Keys.Algs()}
		},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, refused := onlyToken(r)
				if refused != nil {
					refuse(w, r, challenged(refused))
					return
				}
				body, isJWT, refused := h.Engine.UserInfo(r.Context(), token)
				if refused != nil {
					refuse(w, r, refused)
					return
				}
				contentType := "application/json"
				if isJWT {
					contentType = "application/jwt"
				}
				writeBody(w, http.StatusOK, contentType, body)
			})
		},
	}
}

// onlyToken is the one access token of a request.
func onlyToken(r *http.Request) (string, *engine.Error) {
	token, ok, refused := bearerToken(r)
	if refused != nil {
		return "", refused
	}
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), formType) {
		form, refused := readBody(r)
		if refused != nil {
			return "", refused
		}
		if inBody := form.Get("access_token"); inBody != "" {
			if ok {
				return "", engine.Refuse(engine.InvalidRequest, "The access token is presented more than once (RFC 6750 section 2).")
			}
			return inBody, nil
		}
	}
	if !ok || token == "" { // RFC 6750 §3: a challenge that names no error
		return "", &engine.Error{
			Status: http.StatusUnauthorized, Code: engine.InvalidRequest, Scheme: "Bearer",
			Description: "The request has no access token: send it in the Authorization header.",
		}
	}
	return token, nil
}
