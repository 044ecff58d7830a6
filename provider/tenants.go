package provider

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// tenantsAtMost bounds how many tenants there are at once.
const tenantsAtMost = 50_000

// tenants are the tenants of a provider.
type tenants struct {
	first *Provider
	any   bool         // every name is one, once it is used
	count atomic.Int64 // spares a provider without tenants the lock
	hosts atomic.Int64 // the same for those with a host

	mu     sync.RWMutex
	byName map[string]*tenancy
	byHost map[string]*tenancy
	due    time.Time // when the next one's time is over; zero when nobody's will be
}

// tenancy is a tenant in its time.
type tenancy struct {
	*Provider
	spec  Tenant
	until time.Time // by the first provider's clock; zero is for ever
}

func (t *tenancy) isOver(now time.Time) bool { return !t.until.IsZero() && !now.Before(t.until) }

// newTenants makes the tenants that there are from the start.
func newTenants(first *Provider, names []string, wrong *Problems) *tenants {
	ts := &tenants{first: first, byName: map[string]*tenancy{}, byHost: map[string]*tenancy{}}
	for _, entry := range names {
		if entry == "*" {
			ts.any = true
			continue
		}
		name, host, _ := strings.Cut(entry, "=")
		if _, refused := ts.add(Tenant{Name: name, Host: host}); refused != nil {
			wrong.add("tenants", "%v", refused)
		}
	}
	return ts
}

// none tells that no path can be a tenant's.
func (ts *tenants) none() bool { return ts.count.Load() == 0 && !ts.any }

// at is the tenant that has the host of a request to itself; nil when there is none.
func (ts *tenants) at(r *http.Request) *Provider {
	if ts.hosts.Load() == 0 {
		return nil
	}
	host := r.Host
	if ts.first.issuer.trustProxy {
		host = readForwarded(r.Header).hostOf(r, "")
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	return ts.living(ts.byHost[strings.ToLower(host)])
}

// living is a tenant unless its time is over.
func (ts *tenants) living(t *tenancy) *Provider {
	if t == nil || t.isOver(ts.first.clock.Now()) {
		return nil
	}
	return t.Provider
}

// known is the tenant of a name; nil when there is none.
func (ts *tenants) known(name string) *Provider {
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	return ts.living(ts.byName[name])
}

// tenancy is a tenant with its terms; nil when there is none.
func (ts *tenants) tenancy(name string) *tenancy {
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	if t := ts.byName[name]; ts.living(t) != nil {
		return t
	}
	return nil
}

// use is the tenant of a name, which is made if every name is one; nil when there is none.
func (ts *tenants) use(name string) *Provider {
	if t := ts.known(name); t != nil || !ts.any {
		return t
	}
	t, refused := ts.add(Tenant{Name: name})
	if refused != nil { // another request may have made it meanwhile
		return ts.known(name)
	}
	return t.Provider
}

// add makes a tenant.
func (ts *tenants) add(spec Tenant) (*tenancy, *Refusal) {
	t, refused := ts.furnish(&spec)
	if refused != nil {
		return nil, refused
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.sweep()
	switch {
	case ts.byName[spec.Name] != nil:
		return nil, refuse(http.StatusConflict, "There is a tenant %q already; delete it first, or choose another name.", spec.Name)
	case spec.Host != "" && ts.byHost[spec.Host] != nil:
		return nil, refuse(http.StatusConflict, "The host %q is that of tenant %q already.", spec.Host, ts.byHost[spec.Host].name)
	case len(ts.byName) >= tenantsAtMost:
		return nil, refuse(http.StatusTooManyRequests, "There are %d tenants, which is as many as can be; delete some, or give them a ttl.", len(ts.byName))
	}
	ts.byName[spec.Name] = t
	if spec.Host != "" {
		ts.byHost[spec.Host] = t
	}
	ts.expect(t)
	ts.recount()
	return t, nil
}

// furnish makes a tenant that nobody can reach yet.
func (ts *tenants) furnish(spec *Tenant) (*tenancy, *Refusal) {
	first := ts.first
	if refused := spec.check(first); refused != nil {
		return nil, refused
	}
	edition, refused := spec.edition(first)
	if refused != nil {
		return nil, refused
	}
	issuer := first.issuer.tenant(spec.Name)
	if spec.Host != "" {
		issuer = first.issuer.at(spec.Host)
	}
	p := newProvider(first.shared, premises{
		name: spec.Name, host: spec.Host, issuer: issuer, edition: edition, keys: first.shared.keys.Clone(), login: spec.Login, consent: spec.Consent,
	})
	p.first = first
	if edition != first.roster.begun {
		if err := p.provideKeys(edition.set.Clients...); err != nil {
			return nil, invalid("tenant", err)
		}
	}
	t := &tenancy{Provider: p, spec: *spec}
	if spec.TTL > 0 {
		t.until = first.clock.Now().Add(time.Duration(spec.TTL))
	}
	return t, nil
}

// remove deletes a tenant, and tells whether there was one.
func (ts *tenants) remove(name string) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.sweep()
	t, known := ts.byName[name]
	if known {
		ts.drop(t)
	}
	ts.recount()
	return known
}

func (ts *tenants) drop(t *tenancy) {
	delete(ts.byName, t.name)
	delete(ts.byHost, t.spec.Host)
}

// expect has sweep look when a tenant's time is over.
func (ts *tenants) expect(t *tenancy) {
	if !t.until.IsZero() && (ts.due.IsZero() || t.until.Before(ts.due)) {
		ts.due = t.until
	}
}

// sweep drops the tenants whose time is over. It looks at them only when that can be so,
// or ten thousand would be looked at for each that is added.
func (ts *tenants) sweep() {
	now := ts.first.clock.Now()
	if ts.due.IsZero() || now.Before(ts.due) {
		return
	}
	ts.due = time.Time{}
	for _, t := range ts.byName {
		if t.isOver(now) {
			ts.drop(t)
		} else {
			ts.expect(t)
		}
	}
	ts.recount()
}

func (ts *tenants) recount() {
	ts.count.Store(int64(len(ts.byName)))
	ts.hosts.Store(int64(len(ts.byHost)))
}

// list is the tenants in the order of their names.
func (ts *tenants) list() []*tenancy {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.sweep()
	return slices.SortedFunc(maps.Values(ts.byName), func(a, b *tenancy) int { return strings.Compare(a.name, b.name) })
}
