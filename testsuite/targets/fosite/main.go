// Command fosite serves stock fosite: what ComposeAllEnabled and the MemoryStore
// do by themselves, with the few handlers that fosite's own example has.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/handler/openid"
	"github.com/ory/fosite/storage"
	"github.com/ory/fosite/token/jwt"
)

const keyID = "the-key"

func main() {
	address := "localhost:" + os.Getenv("PORT")
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{issuer: "http://" + address, key: key, store: newStore()}
	s.fosite = compose.ComposeAllEnabled(&fosite.Config{
		GlobalSecret:  []byte("some-cool-secret-that-is-32bytes"),
		IDTokenIssuer: s.issuer,
		TokenURL:      s.issuer + "/oauth2/token",
	}, s.store, key)
	log.Fatal(http.ListenAndServe(address, s.routes()))
}

// server is a provider of fosite's and what an application must add to it.
type server struct {
	issuer string
	key    *rsa.PrivateKey
	store  *storage.MemoryStore
	fosite fosite.OAuth2Provider
	logins sync.Map // of *login by the cookie's value
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth2/auth", s.authorize)
	mux.HandleFunc("/oauth2/token", s.token)
	mux.HandleFunc("/oauth2/introspect", s.introspect)
	mux.HandleFunc("/oauth2/revoke", s.revoke)
	mux.HandleFunc("GET /jwks.json", s.jwks)
	mux.HandleFunc("/protected", s.protected)
	return mux
}

// session is whose the tokens are.
func (s *server) session(subject string) *openid.DefaultSession {
	now := time.Now()
	return &openid.DefaultSession{
		Subject:  subject,
		Username: subject,
		Claims:   &jwt.IDTokenClaims{Subject: subject, RequestedAt: now, AuthTime: now},
		Headers:  &jwt.Headers{Extra: map[string]any{"kid": keyID}},
	}
}

func (s *server) authorize(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := s.fosite.NewAuthorizeRequest(ctx, r)
	if err != nil {
		s.fosite.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	who, page := s.logIn(w, r)
	switch {
	case who == nil && r.Form.Get("prompt") == "none":
		s.fosite.WriteAuthorizeError(ctx, w, request, fosite.ErrLoginRequired)
		return
	case who == nil:
		page()
		return
	}
	for _, scope := range request.GetRequestedScopes() {
		if scope != "offline_access" || r.Form.Get("prompt") == "consent" || !request.GetRequestedScopes().Has("openid") {
			request.GrantScope(scope)
		}
	}
	for _, audience := range request.GetRequestedAudience() {
		request.GrantAudience(audience)
	}
	session := s.session(who.name)
	session.Claims.AuthTime = who.at
	if r.PostForm.Has("username") { // the request came before the login for it
		session.Claims.RequestedAt = who.at
	}
	response, err := s.fosite.NewAuthorizeResponse(ctx, request, session)
	if err != nil {
		s.fosite.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	s.fosite.WriteAuthorizeResponse(ctx, w, request, response)
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := s.fosite.NewAccessRequest(ctx, r, s.session(""))
	if err != nil {
		s.fosite.WriteAccessError(ctx, w, request, err)
		return
	}
	// The other grants' scopes were granted before, at the authorization endpoint.
	if grants := request.GetGrantTypes(); grants.ExactOne("client_credentials") || grants.ExactOne("password") {
		for _, scope := range request.GetRequestedScopes() {
			request.GrantScope(scope)
		}
		for _, audience := range request.GetRequestedAudience() {
			request.GrantAudience(audience)
		}
	}
	response, err := s.fosite.NewAccessResponse(ctx, request)
	if err != nil {
		s.fosite.WriteAccessError(ctx, w, request, err)
		return
	}
	s.fosite.WriteAccessResponse(ctx, w, request, response)
}

func (s *server) introspect(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	response, err := s.fosite.NewIntrospectionRequest(ctx, r, s.session(""))
	if err != nil {
		s.fosite.WriteIntrospectionError(ctx, w, err)
		return
	}
	s.fosite.WriteIntrospectionResponse(ctx, w, response)
}

func (s *server) revoke(w http.ResponseWriter, r *http.Request) {
	err := s.fosite.NewRevocationRequest(r.Context(), r)
	s.fosite.WriteRevocationResponse(r.Context(), w, err)
}

func (s *server) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: &s.key.PublicKey, KeyID: keyID, Use: "sig", Algorithm: "RS256"},
	}})
}

// protected takes bearer tokens the way that fosite has for it.
func (s *server) protected(w http.ResponseWriter, r *http.Request) {
	token := fosite.AccessTokenFromRequest(r)
	if _, _, err := s.fosite.IntrospectToken(r.Context(), token, fosite.AccessToken, s.session("")); err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="fosite"`)
		http.Error(w, "the token is not good", http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte("welcome"))
}
