// Command zitadel serves the example server of zitadel/oidc, with a client for
// each role of the checks.
package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"os"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

func main() {
	address := "localhost:" + os.Getenv("PORT")
	issuer := "http://" + address
	users := serviceUsers{storage.NewUserStore(issuer), map[string]client{}}
	s := &store{storage.NewStorage(users), users.clients}
	for _, c := range clients() {
		s.clients[c.GetID()] = c
	}
	log.Fatal(http.ListenAndServe(address, exampleop.SetupServer(issuer, s, slog.Default(), false)))
}

// store is the example's, which has clients of one kind only, with other clients.
type store struct {
	*storage.Storage
	clients map[string]client
}

// GetClientByClientID finds a client.
func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if c, ok := s.clients[id]; ok {
		return c, nil
	}
	return nil, errors.New("client not found")
}

// AuthorizeClientIDSecret judges a client's secret.
func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if c, ok := s.clients[id]; ok && c.secret == secret {
		return nil
	}
	return errors.New("no such client, or another secret")
}

// ClientCredentials judges the secret of a client that wants a token of its own.
func (s *store) ClientCredentials(_ context.Context, id, secret string) (op.Client, error) {
	if c, ok := s.clients[id]; ok && c.secret == secret {
		return c, nil
	}
	return nil, errors.New("no such client, or another secret")
}

// ClientCredentialsTokenRequest is a request of which the example's storage keeps
// the client. Of its own it does not, and so can neither introspect nor revoke
// what comes of it, which would hide how the library does.
func (s *store) ClientCredentialsTokenRequest(_ context.Context, id string, scopes []string) (op.TokenRequest, error) {
	return &storage.AuthRequest{ApplicationID: id, UserID: id, Scopes: scopes}, nil
}

// serviceUsers are the example's users, and the clients, to whom tokens of their own belong.
type serviceUsers struct {
	storage.UserStore
	clients map[string]client
}

// GetUserByID finds a user.
func (u serviceUsers) GetUserByID(id string) *storage.User {
	if _, ok := u.clients[id]; ok {
		return &storage.User{ID: id, Username: id}
	}
	return u.UserStore.GetUserByID(id)
}
