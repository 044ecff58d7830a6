package endpoint

import (
	"net/http"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// jwks is the published key set (RFC 7517 §5).
func jwks() Endpoint {
	return Endpoint{
		Name: fault.JWKS, Paths: []string{"/jwks"}, Methods: []string{http.MethodGet, http.MethodHead}, Member: "jwks_uri", CORS: true,
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeDocument(w, h.Keys.JWKS()) })
		},
	}
}
