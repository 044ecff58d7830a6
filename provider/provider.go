// Package provider is an OAuth 2.0 provider made for tests: as strict as the
// specifications, and wrong on demand.
//
// In a Go test, [Start] it. In a server of your own, [New] makes an http.Handler
// of it. [Listen] gives it a port, which is what the mockoauth command does.
//
// It is not for production: its fixtures are in plain text, its development
// keys are public, and it does what it is told.
package provider

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/store"
)

// A Provider is one issuer. It is an http.Handler, is safe for concurrent use,
// and has no goroutine of its own.
type Provider struct {
	issuer    issuer
	transport transport
	cors      cors
	set       fixtures.Set
	routes    map[string]*route

	clock  *clock.Clock
	keys   *keys.Ring
	store  *store.Store
	engine *engine.Engine
	logins *endpoint.Logins
	faults fault.Box
	log    *slog.Logger
	scrub  scrubber

	httpClient func() *http.Client
	address    string      // where Start put it
	toldItFull atomic.Bool // the log said that the store is full
}

// New makes a provider. Without options it has the demo fixtures, takes its
// issuer from each request's Host, signs RS256 with the public development key
// and logs nothing. The error lists everything that is wrong: the fixtures'
// [fixtures.Problems], the options' [Problems].
func New(options ...Option) (*Provider, error) {
	s := defaults()
	for _, option := range options {
		option(&s)
	}
	var wrong Problems
	issuer, cors, ring := s.parseIssuer(&wrong), s.parseCORS(&wrong), s.ring(&wrong)
	s.check(&wrong)
	transport := s.parseTLS(rand.Reader, &wrong)
	plan := s.plan(transport, issuer, &wrong)
	set, err := s.set.WithDefaults().Complete(rand.Reader)
	if err == nil {
		err = set.Validate()
	}
	if len(wrong) > 0 {
		err = errors.Join(wrong, err)
	}
	if err != nil {
		return nil, err
	}
	p := &Provider{issuer: issuer, transport: transport, cors: cors, set: set, clock: &clock.Clock{}, keys: ring, log: s.log, scrub: newScrubber(set)}
	p.httpClient = sync.OnceValue(p.newHTTPClient)
	p.store = store.New(p.clock.Now, s.maxTokens)
	p.engine = engine.New(engine.Config{
		Directory: engine.NewDirectory(set, engine.Tokens{
			Format: s.format, AccessLifespan: s.accessLifespan, RefreshLifespan: s.refreshLifespan,
		}),
		Clock: p.clock, Keys: ring, Store: p.store, Random: rand.Reader, Grants: s.grants(),
		CodeLifespan: s.codeLifespan, IDTokenLifespan: s.idTokenLifespan, RequirePKCE: s.profile == ProfileOAuth21,
		ThrottleFailures: s.throttleFailures, ThrottleWindow: s.throttleWindow,
	})
	p.logins = &endpoint.Logins{Mode: s.login, Consent: s.consent}
	p.faults.Inject(s.faults...)
	p.lay(plan)
	return p, nil
}

// lay makes the routes of a plan.
func (p *Provider) lay(plan []endpoint.Endpoint) {
	house := endpoint.House{
		Engine: p.engine, Keys: p.keys, Plan: plan, Clock: p.clock, Logins: p.logins,
		Sessions: endpoint.NewSessions(p.clock.Now, rand.Reader),
	}
	p.routes = map[string]*route{}
	for _, e := range plan {
		r := &route{endpoint: e, handler: e.Handler(house)}
		for _, path := range p.issuer.paths(e) {
			p.routes[path] = r
		}
	}
}

// Issuer is the issuer identifier (RFC 8414 §2); empty when it is taken from
// each request's Host.
func (p *Provider) Issuer() string { return p.issuer.fixed }

// BrowserURL is the base of the URLs that a browser visits: the issuer, unless
// [WithBrowserURL] says otherwise. It has no slash at its end.
func (p *Provider) BrowserURL() string { return p.issuer.browser }

// Address is the base of the URLs at which [Start] has put the provider, for tests
// whose issuer is another; empty for one from [New] or [Listen].
func (p *Provider) Address() string { return p.address }

// URL is the address of an endpoint, by its name: "token", "introspection",
// "revocation", "jwks", "verify". It is relative while the issuer is not fixed,
// and empty for an endpoint that there is not.
func (p *Provider) URL(name string) string {
	for _, r := range p.routes {
		if r.endpoint.Name == name {
			return r.endpoint.URL(p.issuer.fixed, p.issuer.browser)
		}
	}
	return ""
}

// Fixtures are the users, clients and scopes, complete with what was generated.
// The answer is a copy.
func (p *Provider) Fixtures() fixtures.Set { return p.set.Clone() }

// Client is the first client that has a secret and is not disabled: in a test
// that says nothing, the demo client. It is the zero Client when there is none.
func (p *Provider) Client() fixtures.Client {
	for _, c := range p.Fixtures().Clients {
		if c.Secret != "" && !c.Disabled {
			return c
		}
	}
	return fixtures.Client{}
}

// User is the first user who can log in: in a test that says nothing, apitester.
// It is the zero User when there is none.
func (p *Provider) User() fixtures.User {
	for _, u := range p.Fixtures().Users {
		if u.Status.Active() {
			return u
		}
	}
	return fixtures.User{}
}

// Grants lists the grant types that the provider serves.
func (p *Provider) Grants() []string { return p.engine.Grants() }

// Clock is what the provider takes for the present; tokens expire by it.
func (p *Provider) Clock() *clock.Clock { return p.clock }

// Keys are what the provider signs with.
func (p *Provider) Keys() *keys.Ring { return p.keys }

// Inject puts faults in force: p.Inject(fault.TokenUnavailable.Once()).
func (p *Provider) Inject(faults ...fault.Fault) { p.faults.Inject(faults...) }

// ClearFaults puts all faults out of force.
func (p *Provider) ClearFaults() { p.faults.Clear() }

// Faults lists the faults in force.
func (p *Provider) Faults() []fault.Fault {
	var faults []fault.Fault
	for _, f := range p.faults.Active() {
		faults = append(faults, f.Fault)
	}
	return faults
}
