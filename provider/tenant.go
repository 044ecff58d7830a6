package provider

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
)

// A Tenant says what a tenant is to be: a further issuer beside the first, with
// fixtures, keys, clock, faults, record and sessions of its own.
type Tenant struct {
	// Name is the segment of the path at which it is, below the first issuer: up to 100
	// letters, digits, dots, hyphens, underscores and tildes. Left out, one is made up.
	Name string `json:"name,omitempty"`
	// Host is a host name of its own, without port, instead of the path.
	Host string `json:"host,omitempty"`
	// TTL is for how long it lives, by the clock of the first provider; zero is for ever.
	TTL fixtures.Duration `json:"ttl,omitzero"`
	// Fixtures are its users, clients and scopes. A list that is nil is as the first
	// provider began with it.
	Fixtures fixtures.Set `json:"fixtures,omitzero"`
	// Login and Consent are as for [WithLogin] and [WithConsent]; empty is as the first
	// provider's.
	Login   string `json:"login,omitempty"`
	Consent string `json:"consent,omitempty"`
}

// Tenant is the tenant of a name, which is made when there is none: for a test,
// idp.Tenant(t.Name()). It begins as the first provider did, faults of the start
// included. What no path can have in a name is replaced, and a digest added, so
// that different names are different tenants.
func (p *Provider) Tenant(name string) *Provider {
	ts, name := p.first.tenants, tenantName(name, p.shared.reserved)
	for {
		if t := ts.known(name); t != nil {
			return t
		}
		t, refused := ts.add(Tenant{Name: name})
		if refused == nil {
			return t.Provider
		}
		if refused.Status != http.StatusConflict { // another goroutine may have made it meanwhile
			panic("mockoauth: " + refused.Detail)
		}
	}
}

// AddTenant makes a tenant; one without a name gets one. The error is a [Refusal].
func (p *Provider) AddTenant(spec Tenant) (*Provider, error) {
	t, err := p.addTenancy(spec)
	if err != nil {
		return nil, err
	}
	return t.Provider, nil
}

// addTenancy makes a tenant, and answers it though its time may be over already.
func (p *Provider) addTenancy(spec Tenant) (*tenancy, error) {
	if spec.Name == "" {
		var digits [6]byte
		if _, err := io.ReadFull(p.first.chance, digits[:]); err != nil {
			return nil, err
		}
		spec.Name = "tenant-" + hex.EncodeToString(digits[:])
	}
	t, refused := p.first.tenants.add(spec)
	if refused != nil {
		return nil, refused
	}
	return t, nil
}

// RemoveTenant ends a tenant with all that it has. The error is a [Refusal].
func (p *Provider) RemoveTenant(name string) error {
	if !p.first.tenants.remove(name) {
		return p.noTenant(name)
	}
	return nil
}

func (p *Provider) noTenant(name string) *Refusal {
	var names []string
	for _, t := range p.first.tenants.list() {
		names = append(names, t.name)
	}
	return unknown("tenant", name, names)
}

// Tenants lists the tenants by name.
func (p *Provider) Tenants() []*Provider {
	var list []*Provider
	for _, t := range p.first.tenants.list() {
		list = append(list, t.Provider)
	}
	return list
}

// TenantNamed is a tenant. The error is a [Refusal].
func (p *Provider) TenantNamed(name string) (*Provider, error) {
	if t := p.first.tenants.known(name); t != nil {
		return t, nil
	}
	return nil, p.noTenant(name)
}

// Name is the tenant's name; empty for the first provider.
func (p *Provider) Name() string { return p.name }

// notInName is what the name of a tenant cannot have (RFC 3986 §2.3 has what it can).
var notInName = regexp.MustCompile(`[^A-Za-z0-9._~-]+`)

const tenantNameAtMost = 100 // bytes

// tenantName makes a name that a tenant can have of any name, the same of the same.
func tenantName(name string, reserved map[string]string) string {
	if isTenantName(name) && reserved[name] == "" {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	plain := strings.Trim(notInName.ReplaceAllString(name, "-"), "-._~")
	return strings.TrimLeft(plain[:min(len(plain), tenantNameAtMost-9)]+"-"+hex.EncodeToString(sum[:4]), "-")
}

func isTenantName(name string) bool {
	return name != "" && len(name) <= tenantNameAtMost && !notInName.MatchString(name) && !strings.ContainsAny(name[:1], "._~-")
}

// check completes a tenant, and says what is wrong with it.
func (t *Tenant) check(first *Provider) *Refusal {
	b := first.shared
	t.Host = strings.ToLower(t.Host)
	t.Login, t.Consent = cmp.Or(t.Login, b.login), cmp.Or(t.Consent, b.consent)
	var wrong Problems
	if !isTenantName(t.Name) {
		wrong.add("name", "%q cannot be the name of a tenant; it is up to %d letters, digits, dots, hyphens, underscores and tildes, a letter or digit first", t.Name, tenantNameAtMost)
	}
	if path := b.reserved[t.Name]; path != "" {
		wrong.add("name", "%q would be where the first provider has %s", t.Name, path)
	}
	if _, port, ok := splitHost(t.Host); t.Host != "" && (!ok || port != "") {
		wrong.add("host", "%q is no host name; write it without port, like acme.localhost", t.Host)
	}
	if t.Host != "" && t.Host == hostIn(first.issuer.fixed) {
		wrong.add("host", "%q is the first provider's", t.Host)
	}
	if ttl := time.Duration(t.TTL); ttl < 0 {
		wrong.add("ttl", "%s; it must be positive, or left out to live for ever", ttl)
	}
	checkMode("login", t.Login, endpoint.LoginModes(), &wrong)
	checkMode("consent", t.Consent, endpoint.ConsentModes(), &wrong)
	if len(wrong) == 0 {
		return nil
	}
	refused := refuse(http.StatusUnprocessableEntity, "The tenant cannot be as it is asked for.")
	for _, p := range wrong {
		refused.Errors = append(refused.Errors, FieldError{p.Option, p.Message})
	}
	return refused
}

// edition is the roster that the tenant begins with: the first provider's own, unless
// it has fixtures.
func (t *Tenant) edition(first *Provider) (*edition, *Refusal) {
	begun := first.roster.begun
	set := t.Fixtures
	if set.Users == nil && set.Clients == nil && set.Scopes == nil {
		return begun, nil
	}
	if set.Users == nil {
		set.Users = begun.set.Users
	}
	if set.Clients == nil {
		set.Clients = begun.set.Clients
	}
	if set.Scopes == nil {
		set.Scopes = begun.set.Scopes
	}
	set, err := set.Complete(Chance(first.shared.seed, "fixtures of "+t.Name))
	if err == nil {
		err = set.Validate()
	}
	if err != nil {
		return nil, invalid("tenant", err)
	}
	return newEdition(set, engine.NewDirectory(set, first.shared.tokens())), nil
}
