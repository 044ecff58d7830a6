package provider

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// locate finds whose a request is, and which endpoint of theirs it is for. Paths of
// the first provider go before those of its tenants.
func (p *Provider) locate(r *http.Request) (*Provider, place) {
	path := r.URL.Path
	if tenant := p.tenants.at(r); tenant != nil {
		at, _ := p.shared.placeOf(path)
		return tenant, at
	}
	if at, found := p.find(path); found {
		return p, at
	}
	if p.issuer.trustProxy { // a proxy that took away the beginning of the path may have taken the issuer's
		if prefix := forwardedPrefix(r.Header); prefix != "" {
			if at, found := p.find(prefix + path); found {
				return p, at
			}
			if tenant, at := p.locateTenant(prefix + path); tenant != nil {
				return tenant, at
			}
		}
	}
	if tenant, at := p.locateTenant(path); tenant != nil {
		return tenant, at
	}
	return p, nowhere
}

// find is what the first provider has at a path.
func (p *Provider) find(path string) (at place, found bool) {
	if at, found := p.routes[path]; found {
		return at, true
	}
	for _, base := range p.issuer.bases() {
		if below, inside := strings.CutPrefix(path, base); inside {
			if at, found := p.shared.placeBelow(below); found {
				return at, true
			}
		}
	}
	if isBelow(path, ControlPath) || path == ControlPath { // which is outside of every issuer, too
		return p.shared.placeBelow(path)
	}
	return nowhere, false
}

// locateTenant finds the tenant that a path belongs to, by its first segment or, where
// the metadata stands before the issuer's path (RFC 8414 §3.1), by its last.
func (p *Provider) locateTenant(path string) (*Provider, place) {
	if p.tenants.none() {
		return nil, nowhere
	}
	for _, base := range p.issuer.bases() {
		for _, e := range p.shared.plan {
			if !e.WellKnown {
				continue
			}
			if name, ok := strings.CutPrefix(path, e.Paths[0]+base+"/"); ok && !strings.Contains(name, "/") {
				at, _ := p.shared.placeOf(e.Paths[0])
				return p.tenants.use(name), at
			}
		}
		below, inside := strings.CutPrefix(path, base+"/")
		name, rest, more := strings.Cut(below, "/")
		if !inside || !more {
			continue
		}
		at, found := p.shared.placeOf("/" + rest)
		if tenant := p.tenants.known(name); tenant != nil {
			return tenant, at
		}
		if found {
			return p.tenants.use(name), at
		}
	}
	return nil, nowhere
}

// controlOfNobody refuses a call to the control of a tenant that there is not; nil for
// any other path that leads nowhere.
func (p *Provider) controlOfNobody(path string) *Refusal {
	name, _, isCall := strings.Cut(strings.TrimPrefix(path, p.issuer.path+"/"), ControlPath+"/")
	if !isCall || !p.shared.controlled || !isTenantName(name) {
		return nil
	}
	refused := p.noTenant(name)
	refused.Detail += " POST " + ControlPath + "/tenants makes one."
	return refused
}

// lost says where a path that leads nowhere may have been meant to lead.
func (p *Provider) lost(path string) string {
	known := slices.Collect(maps.Keys(p.routes))
	for below := range p.shared.rooms {
		if p.routes == nil { // of a tenant
			known = append(known, p.issuer.path+below)
		}
	}
	near := p.issuer.path + path
	if !slices.Contains(known, near) {
		near = fixtures.Suggest(path, slices.Sorted(slices.Values(known)))
	}
	if near != "" {
		return "There is no endpoint at this path; did you mean " + near + "?"
	}
	return "There is no endpoint at this path; the metadata at " + p.issuer.path + "/.well-known/openid-configuration lists them."
}
