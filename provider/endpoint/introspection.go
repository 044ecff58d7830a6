package endpoint

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// introspection is RFC 7662. Every confidential client may ask about every
// token, as a resource server does; so may whoever holds a valid access token.
func introspection() Endpoint {
	return Endpoint{
		Name: fault.Introspection, Paths: []string{"/introspect"}, Methods: []string{http.MethodPost}, Member: "introspection_endpoint",
		Metadata: func(House) map[string]any {
			return map[string]any{
				"introspection_endpoint_auth_methods_supported": []string{fixtures.AuthBasic, fixtures.AuthPost, "Bearer"},
			}
		},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, refused := h.introspect(r)
				switch {
				case refused != nil:
					refuse(w, r, refused)
				case token == nil:
					record.From(r.Context()).Detail = "inactive"
					writeJSON(w, http.StatusOK, map[string]bool{"active": false})
				default:
					record.From(r.Context()).Detail = "active"
					writeJSON(w, http.StatusOK, token)
				}
			})
		},
	}
}

func (h House) introspect(r *http.Request) (*engine.Token, *engine.Error) {
	form, refused := readForm(r)
	if refused != nil {
		return nil, refused
	}
	if refused := h.mayIntrospect(r, form); refused != nil {
		return nil, refused
	}
	token := form.Get("token")
	if token == "" {
		return nil, engine.Missing("token")
	}
	return h.Engine.Introspect(r.Context(), token, form.Get("token_type_hint"))
}

// mayIntrospect wants a confidential client, or an access token other than the
// one in question (RFC 7662 §2.1, §4).
func (h House) mayIntrospect(r *http.Request, form url.Values) *engine.Error {
	bearer, isBearer, refused := bearerToken(r)
	if refused != nil {
		return refused
	}
	if !isBearer {
		client, refused := h.Engine.Authenticate(r.Context(), r, form)
		if refused == nil && client.IsPublic() {
			return &engine.Error{
				Status: http.StatusUnauthorized, Code: engine.InvalidClient, Scheme: "Basic",
				Description: "A public client cannot authenticate and so may not introspect (RFC 7662 section 2.1).",
			}
		}
		return refused
	}
	if form.Has("client_secret") || form.Has("client_assertion") {
		return engine.Refuse(engine.InvalidRequest, "The request authenticates by a bearer token and as a client; use one.")
	}
	token, refused := h.Engine.Introspect(r.Context(), bearer, "access_token")
	if refused != nil {
		return refused
	}
	if token == nil || token.Type != "Bearer" || bearer == form.Get("token") {
		return engine.BearerRefused(http.StatusUnauthorized, engine.InvalidToken, "The bearer token that authorizes the call is no active access token, or is the token in question.")
	}
	record.From(r.Context()).Client = token.ClientID
	return nil
}

// bearerToken reads the Authorization header (RFC 6750 §2.1), of which there may
// be one (RFC 9110 §5.3).
func bearerToken(r *http.Request) (token string, ok bool, refused *engine.Error) {
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", false, engine.Refuse(engine.InvalidRequest, "The request has more than one Authorization header.")
	}
	if len(headers) == 0 {
		return "", false, nil
	}
	scheme, value, _ := strings.Cut(headers[0], " ")
	return strings.TrimSpace(value), strings.EqualFold(scheme, "Bearer"), nil
}
