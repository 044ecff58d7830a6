// Package provider is an OAuth 2.0 provider made for tests: as strict as the
// specifications, and wrong on demand.
//
// In a Go test, [Start] it. In a server of your own, [New] makes an http.Handler
// of it. [Listen] gives it a port, which is what the mockoauth command does.
// [Provider.Tenant] is a further issuer beside the first, with everything of its own,
// so that tests that run at the same time do not disturb each other.
//
// It is not for production: its fixtures are in plain text, its development
// keys are public, and it does what it is told.
package provider

import (
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// A Provider is one issuer: the first, or a tenant. It is an http.Handler, is safe
// for concurrent use, and has no goroutine of its own.
type Provider struct {
	shared  *blueprint
	first   *Provider // whose tenant it is; itself when it is none
	tenants *tenants  // of the first
	name    string    // of a tenant
	host    string    // of a tenant that has one of its own

	issuer   issuer
	routes   map[string]place // of the first: what is at a whole path
	handlers []http.Handler   // of the plan, in its order

	roster   roster
	clock    *clock.Clock
	keys     *keys.Ring
	store    *store.Store
	engine   *engine.Engine
	logins   *endpoint.Logins
	sessions *endpoint.Sessions
	faults   fault.Box
	chance   *chance
	record   *record.Log
	lint     *lint.Linter // nil when it is off

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
	issuer, ring, cors := s.parseIssuer(&wrong), s.parseKeys(&wrong), s.parseCORS(&wrong)
	s.check(&wrong)
	transport := s.parseTLS(Chance(s.seed, "tls"), &wrong)
	plan := s.parsePlan(transport, issuer, &wrong)
	set, err := s.set.WithDefaults().Complete(Chance(s.seed, "fixtures"))
	if err == nil {
		err = set.Validate()
	}
	if len(wrong) > 0 {
		err = errors.Join(wrong, err)
	}
	if err != nil {
		return nil, err
	}
	s.keys = ring.Clone() // as tenants begin with them
	b := newBlueprint(s, transport, cors, plan)
	p := newProvider(b, premises{issuer: issuer, edition: newEdition(set, engine.NewDirectory(set, s.tokens())), keys: ring, login: s.login, consent: s.consent})
	p.first = p
	p.layRoutes()
	if p.tenants = newTenants(p, s.tenants, &wrong); len(wrong) > 0 {
		return nil, wrong
	}
	return p, nil
}

// premises are what one provider begins with and another does not.
type premises struct {
	name, host     string
	issuer         issuer
	edition        *edition
	keys           *keys.Ring
	login, consent string
}

// newProvider furnishes the first provider, or a tenant.
func newProvider(b *blueprint, from premises) *Provider {
	p := &Provider{
		shared: b, name: from.name, host: from.host, issuer: from.issuer, clock: &clock.Clock{}, keys: from.keys, chance: newChance(b.seed, "provider "+from.name),
		logins: &endpoint.Logins{Mode: from.login, Consent: from.consent},
	}
	p.roster.begin(from.edition)
	p.sessions = endpoint.NewSessions(p.clock.Now, p.chance)
	p.store = store.New(p.clock.Now, b.maxTokens)
	p.engine = engine.New(engine.Config{
		Directory: from.edition.directory, Clock: p.clock, Keys: p.keys, Store: p.store, Random: p.chance, Grants: b.grants(),
		CodeLifespan: b.codeLifespan, IDTokenLifespan: b.idTokenLifespan, RequirePKCE: b.profile == ProfileOAuth21,
		ThrottleFailures: b.throttleFailures, ThrottleWindow: b.throttleWindow, RefreshAs: p.logins.TakeRefresh,
	})
	p.record = record.NewLog(b.recorded, recordedAtMost)
	if b.linted {
		p.lint = lint.NewLinter(lint.Config{
			Issuer: from.name, CodeLifespan: b.codeLifespan, Grants: p.engine.Grants(), OAuth21: b.profile == ProfileOAuth21, Neighbours: b.neighbours,
		})
	}
	p.beginFaults()
	p.seedKeys()
	house := endpoint.House{Engine: p.engine, Keys: p.keys, Plan: b.plan, Clock: p.clock, Logins: p.logins, Sessions: p.sessions}
	p.handlers = make([]http.Handler, len(b.plan))
	for i, e := range b.plan {
		p.handlers[i] = e.Handler(house)
	}
	return p
}

// beginFaults puts those in force that are so from the start.
func (p *Provider) beginFaults() {
	p.faults.Clear()
	if p.shared.seed != "" {
		p.faults.Seed(seedOf(p.shared.seed, "faults of "+p.name))
	}
	p.faults.Inject(p.shared.faults...)
}

// seedKeys has the keys of rotations repeat under a seed, whatever those of others do.
func (p *Provider) seedKeys() {
	if seed := p.shared.seed; seed != "" {
		p.keys.Reseed(Chance(seed, "keys of "+p.name))
	}
}

// layRoutes makes the table of the first provider's paths.
func (p *Provider) layRoutes() {
	p.routes = map[string]place{}
	for i, e := range p.shared.plan {
		for _, path := range p.issuer.paths(e) {
			p.routes[path] = place(i)
		}
	}
}

// Issuer is the issuer identifier (RFC 8414 §2); empty when it is taken from
// each request's Host.
func (p *Provider) Issuer() string { return p.issuer.fixed }

// BrowserURL is the base of the URLs that a browser visits: the issuer, unless
// [WithBrowserURL] says otherwise. It has no slash at its end.
func (p *Provider) BrowserURL() string { return p.issuer.browser }

// Address is the base of the URLs at which [Start] has put the provider and its tenants,
// for tests whose issuer is another; empty for one from [New] or [Listen].
func (p *Provider) Address() string { return p.first.address }

// URL is the address of an endpoint, by its name: "token", "introspection",
// "revocation", "jwks", "verify". It is relative while the issuer is not fixed,
// and empty for an endpoint that there is not.
func (p *Provider) URL(name string) string {
	e, ok := p.shared.endpointNamed(name)
	if !ok {
		return ""
	}
	return e.URL(p.issuer.base(), p.issuer.browserBase())
}

// Grants lists the grant types that the provider serves.
func (p *Provider) Grants() []string { return p.engine.Grants() }

// Clock is what the provider takes for the present; tokens expire by it.
func (p *Provider) Clock() *clock.Clock { return p.clock }

// Keys are what the provider signs with.
func (p *Provider) Keys() *keys.Ring { return p.keys }

// Inject puts faults in force: p.Inject(fault.TokenUnavailable.Once()). It answers
// the number of each, by which [Provider.RemoveFault] knows it.
func (p *Provider) Inject(faults ...fault.Fault) []uint64 { return p.faults.Inject(faults...) }

// Faults lists the faults in force.
func (p *Provider) Faults() []fault.InForce { return p.faults.Active() }

// RemoveFault puts a fault out of force, by its number. The error is a [Refusal].
func (p *Provider) RemoveFault(id uint64) error {
	if !p.faults.Remove(id) {
		return refuse(http.StatusNotFound, "There is no fault %d in force; it may have acted as often as it was to.", id)
	}
	return nil
}

// ClearFaults puts all faults out of force.
func (p *Provider) ClearFaults() { p.faults.Clear() }
