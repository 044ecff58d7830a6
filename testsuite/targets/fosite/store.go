package main

import (
	"log"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/storage"
	"golang.org/x/crypto/bcrypt"
)

// shortLifespan is how long the tokens of one client live.
const shortLifespan = 3 * time.Second

// newStore is fosite's MemoryStore with a client for each role of the checks.
func newStore() *storage.MemoryStore {
	store := storage.NewMemoryStore()
	for name, password := range map[string]string{
		"alice":     "wonderland",
		"josé+100%": "p+ %&=é€😀",
		"spaced":    " inner  space ",
		"long":      "01234567890123456789012345678901234567890123456789012345678901234567899-long-enough",
	} {
		store.Users[name] = storage.MemoryUserRelation{Username: name, Password: password}
	}
	for _, c := range clients() {
		store.Clients[c.GetID()] = c
	}
	return store
}

func clients() []fosite.Client {
	machine, login := confidential("machine-only"), confidential("password-only")
	machine.GrantTypes, machine.ResponseTypes = []string{"client_credentials"}, []string{}
	login.GrantTypes, login.ResponseTypes = []string{"password"}, []string{}
	odd := confidential("odd id")
	odd.Secret, odd.RedirectURIs = hash("p%40:ss+w rd/"), []string{"https://odd.example/callback"}
	two, query, loopback := confidential("two-redirects"), confidential("query-redirect"), confidential("tls-loopback")
	two.RedirectURIs = append(two.RedirectURIs, "https://two-redirects.example/other")
	query.RedirectURIs = []string{"https://query-redirect.example/callback?x=1"}
	loopback.RedirectURIs = []string{"https://127.0.0.1/cb"}
	native := public("native")
	native.RedirectURIs = []string{"http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"}
	return []fosite.Client{
		// DefaultClient may not even say response_mode=query.
		&fosite.DefaultResponseModeClient{DefaultClient: confidential("main"), ResponseModes: []fosite.ResponseModeType{
			fosite.ResponseModeQuery, fosite.ResponseModeFragment, fosite.ResponseModeFormPost,
		}},
		confidential("other"), public("public"), odd, machine, login, two, query, loopback, native,
		&fosite.DefaultOpenIDConnectClient{DefaultClient: confidential("basic-only"), TokenEndpointAuthMethod: "client_secret_basic"},
		&fosite.DefaultOpenIDConnectClient{DefaultClient: confidential("post-only"), TokenEndpointAuthMethod: "client_secret_post"},
		&fosite.DefaultClientWithCustomTokenLifespans{DefaultClient: confidential("short-lived"), TokenLifespans: shortLived()},
	}
}

func confidential(id string) *fosite.DefaultClient {
	return &fosite.DefaultClient{
		ID: id, Secret: hash("secret-of-" + id),
		RedirectURIs:  []string{"https://" + id + ".example/callback"},
		GrantTypes:    []string{"authorization_code", "implicit", "refresh_token", "password", "client_credentials"},
		ResponseTypes: []string{"code", "id_token", "token", "code id_token", "code token", "id_token token", "code id_token token"},
		Scopes:        []string{"openid", "offline_access", "read", "write"},
		Audience:      []string{"https://api.example.com", "https://files.example.com"},
	}
}

func public(id string) *fosite.DefaultClient {
	c := confidential(id)
	c.Public, c.Secret = true, nil
	c.GrantTypes = []string{"authorization_code", "refresh_token", "password"}
	return c
}

func shortLived() *fosite.ClientLifespanConfig {
	lifespan := shortLifespan
	return &fosite.ClientLifespanConfig{
		AuthorizationCodeGrantAccessTokenLifespan: &lifespan,
		ClientCredentialsGrantAccessTokenLifespan: &lifespan,
		PasswordGrantAccessTokenLifespan:          &lifespan,
		RefreshTokenGrantAccessTokenLifespan:      &lifespan,
	}
}

func hash(secret string) []byte {
	hashed, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		log.Fatal(err)
	}
	return hashed
}
