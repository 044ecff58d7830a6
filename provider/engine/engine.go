// Package engine is where fosite lives, and nowhere else. Fosite sequences the
// grants; storage, tokens, clock, client authentication and errors are ours,
// and where fosite departs from a specification it is mended here.
//
// [Engine.Token] grants tokens, [Engine.Introspect] and [Engine.Revoke] say and
// end what they are worth, [Engine.Authenticate] tells clients apart. None of
// them knows a route or writes an answer.
package engine

import (
	"context"
	"hash/maphash"
	"io"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/store"
)

// Config is what an engine is made of. Everything is required but what begins
// with Throttle and RefreshAs.
type Config struct {
	Directory *Directory
	Clock     *clock.Clock
	Keys      *keys.Ring
	Store     *store.Store
	Random    io.Reader // of tokens; read by several goroutines at once
	Grants    []string  // the grant types that are served, of [GrantTypes]

	CodeLifespan    time.Duration // whole seconds
	IDTokenLifespan time.Duration // whole seconds
	RequirePKCE     bool          // of confidential clients, too (OAuth 2.1 §7.5)

	// RefreshAs answers who a client's user is from its next refresh on; ok is false
	// for whoever it was. May be nil.
	RefreshAs func(clientID string) (username string, ok bool)

	ThrottleFailures int           // failed logins in a row before the name is refused; 0 is never
	ThrottleWindow   time.Duration // for how long it is refused
}

// GrantTypes lists the grant types that an engine can serve, in the order in
// which they are advertised.
func GrantTypes() []string {
	return []string{
		fixtures.GrantAuthorizationCode, fixtures.GrantClientCredentials, fixtures.GrantPassword, fixtures.GrantRefreshToken,
	}
}

// An Engine answers protocol questions for one issuer. It is safe for concurrent use.
type Engine struct {
	fosite    fosite.OAuth2Provider
	revoker   fosite.RevocationHandler
	directory *atomic.Pointer[Directory]
	clock     *clock.Clock
	store     *store.Store
	throttle  *throttle
	tokens    *tokens
	storage   *storage
	codes     *oauth2.AuthorizeExplicitGrantHandler
	grants    []string

	idTokenLifespan time.Duration
	requirePKCE     bool
	refreshAs       func(clientID string) (username string, ok bool)

	// spending serialises the requests that spend one code or refresh token:
	// fosite reads it, judges it and spends it in three steps.
	spending [64]sync.Mutex
	seed     maphash.Seed
}

// New makes an engine.
func New(c Config) *Engine {
	e := &Engine{
		directory: &atomic.Pointer[Directory]{}, clock: c.Clock, store: c.Store, grants: slices.Clone(c.Grants),
		throttle: newThrottle(c.Clock, c.ThrottleFailures, c.ThrottleWindow), seed: maphash.MakeSeed(),
		tokens:          &tokens{clock: c.Clock, keys: c.Keys, random: c.Random},
		idTokenLifespan: c.IDTokenLifespan, requirePKCE: c.RequirePKCE, refreshAs: c.RefreshAs,
	}
	e.directory.Store(c.Directory)
	e.storage = &storage{store: c.Store, directory: e.directory, throttle: e.throttle, codeLifespan: c.CodeLifespan}
	cfg := &config{
		Config: &fosite.Config{
			ScopeStrategy:                fosite.ExactScopeStrategy,
			AudienceMatchingStrategy:     func([]string, []string) error { return nil }, // judged before
			ClientAuthenticationStrategy: e.authenticateForFosite,
			// Redirect URIs are judged by what is registered, http or not: this is for tests.
			RedirectSecureChecker: func(context.Context, *url.URL) bool { return true },
		},
		grants:      map[string]fosite.TokenEndpointHandlers{},
		unsupported: fosite.TokenEndpointHandlers{unsupported{served: e.grants}},
	}
	for _, g := range e.newGrants(cfg) {
		if slices.Contains(e.grants, g.name) {
			cfg.grants[g.name] = fosite.TokenEndpointHandlers{g}
		}
	}
	cfg.AuthorizeEndpointHandlers = fosite.AuthorizeEndpointHandlers{e.codes}
	e.fosite = fosite.NewOAuth2Provider(e.storage, cfg)
	e.revoker = &oauth2.TokenRevocationHandler{
		TokenRevocationStorage: e.storage, RefreshTokenStrategy: e.tokens, AccessTokenStrategy: e.tokens,
	}
	return e
}

// Grants lists the grant types served.
func (e *Engine) Grants() []string { return slices.Clone(e.grants) }

// Scopes lists the scopes that can be had.
func (e *Engine) Scopes() []string {
	return e.directory.Load().Scopes()
}

// Directory is who the engine knows at present.
func (e *Engine) Directory() *Directory { return e.directory.Load() }

// Know replaces who the engine knows. Requests under way may go on with whom
// they have found already.
func (e *Engine) Know(d *Directory) { e.directory.Store(d) }

// Reset forgets all grants and failures.
func (e *Engine) Reset() {
	e.store.Reset()
	e.throttle.forgive()
}
