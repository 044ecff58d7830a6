// Package engine is where fosite lives, and nowhere else. Fosite sequences the
// grants; storage, tokens, clock, client authentication and errors are ours,
// and where fosite departs from a specification it is mended here.
//
// [Engine.Token] grants tokens, [Engine.Introspect] and [Engine.Revoke] say and
// end what they are worth, [Engine.Authenticate] tells clients apart. None of
// them knows a route or writes an answer.
package engine

import (
	"hash/maphash"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/store"
)

// Config is what an engine is made of. Everything is required but what begins
// with Throttle.
type Config struct {
	Directory *Directory
	Clock     *clock.Clock
	Keys      *keys.Ring
	Store     *store.Store
	Random    io.Reader // of tokens; read by several goroutines at once
	Grants    []string  // the grant types that are served, of [GrantTypes]

	ThrottleFailures int           // failed logins in a row before the name is refused; 0 is never
	ThrottleWindow   time.Duration // for how long it is refused
}

// GrantTypes lists the grant types that an engine can serve, in the order in
// which they are advertised.
func GrantTypes() []string {
	return []string{fixtures.GrantClientCredentials, fixtures.GrantPassword, fixtures.GrantRefreshToken}
}

// An Engine answers protocol questions for one issuer. It is safe for concurrent use.
type Engine struct {
	fosite    fosite.OAuth2Provider
	revoker   fosite.RevocationHandler
	directory *Directory
	clock     *clock.Clock
	store     *store.Store
	throttle  *throttle
	grants    []string

	// spending serialises the requests that spend one refresh token: fosite
	// reads it, judges it and spends it in three steps.
	spending [64]sync.Mutex
	seed     maphash.Seed
}

// New makes an engine.
func New(c Config) *Engine {
	e := &Engine{
		directory: c.Directory, clock: c.Clock, store: c.Store, grants: slices.Clone(c.Grants),
		throttle: newThrottle(c.Clock, c.ThrottleFailures, c.ThrottleWindow), seed: maphash.MakeSeed(),
	}
	storage := &storage{store: c.Store, directory: c.Directory, throttle: e.throttle}
	tokens := &tokens{clock: c.Clock, keys: c.Keys, random: c.Random}
	cfg := &config{
		Config: &fosite.Config{
			ScopeStrategy:                fosite.ExactScopeStrategy,
			AudienceMatchingStrategy:     fosite.ExactAudienceMatchingStrategy,
			ClientAuthenticationStrategy: e.authenticateForFosite,
		},
		grants:      map[string]fosite.TokenEndpointHandlers{},
		unsupported: fosite.TokenEndpointHandlers{unsupported{served: e.grants}},
	}
	for _, g := range e.newGrants(tokens, storage, cfg) {
		if slices.Contains(e.grants, g.name) {
			cfg.grants[g.name] = fosite.TokenEndpointHandlers{g}
		}
	}
	e.fosite = fosite.NewOAuth2Provider(storage, cfg)
	e.revoker = &oauth2.TokenRevocationHandler{
		TokenRevocationStorage: storage, RefreshTokenStrategy: tokens, AccessTokenStrategy: tokens,
	}
	return e
}

// Grants lists the grant types served.
func (e *Engine) Grants() []string { return slices.Clone(e.grants) }

// Scopes lists the scopes that can be had by the grants served.
func (e *Engine) Scopes() []string {
	return slices.DeleteFunc(e.directory.Scopes(), func(scope string) bool {
		return fixtures.IsOpenIDScope(scope) && !slices.Contains(e.grants, fixtures.GrantPassword)
	})
}

// Directory is who the engine knows.
func (e *Engine) Directory() *Directory { return e.directory }
