package provider

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A TenantView is a tenant as GET /_mock/tenants shows it.
type TenantView struct {
	Name      string        `json:"name"`                // the segment of its path
	Issuer    string        `json:"issuer"`              // as it is reached from where the request came
	Control   string        `json:"control"`             // the base of its own control
	Host      string        `json:"host,omitempty"`      // its own host name, if it has one instead of a path
	ExpiresAt time.Time     `json:"expires_at,omitzero"` // by the clock of the first provider
	Fixtures  *fixtures.Set `json:"fixtures,omitempty"`  // complete, where one tenant is asked for
}

func (c *call) view(t *tenancy, full bool) TenantView {
	x := record.Exchange{}
	t.issuer.address(c.Request, &x)
	v := TenantView{Name: t.name, Issuer: x.Issuer, Control: x.Issuer + ControlPath, Host: t.spec.Host, ExpiresAt: t.until}
	if t.spec.Host != "" && t.issuer.fixed == "" { // the request came by another
		u := url.URL{Scheme: "http", Host: joinHost("", t.spec.Host, portOf(c.Host))}
		if strings.HasPrefix(x.Issuer, "https:") {
			u.Scheme = "https"
		}
		v.Issuer, v.Control = u.String(), u.String()+ControlPath
	}
	if full {
		set := t.Provider.Fixtures()
		v.Fixtures = &set
	}
	return v
}

func portOf(host string) string {
	_, port, _ := splitHost(host)
	return port
}

func listTenants(p *Provider, c *call) ([]TenantView, error) {
	list := []TenantView{}
	for _, t := range p.first.tenants.list() {
		list = append(list, c.view(t, false))
	}
	return list, nil
}

func addTenant(p *Provider, c *call, spec Tenant) (TenantView, error) {
	t, err := p.addTenancy(spec)
	if err != nil {
		return TenantView{}, err
	}
	c.created("/tenants/" + t.name)
	return c.view(t, true), nil
}

func readTenant(p *Provider, c *call) (TenantView, error) {
	t := p.first.tenants.tenancy(c.PathValue("name"))
	if t == nil {
		return TenantView{}, p.noTenant(c.PathValue("name"))
	}
	return c.view(t, true), nil
}

func removeTenant(p *Provider, c *call) error { return p.RemoveTenant(c.PathValue("name")) }

// parseTenant reads a tenant, whose fixtures are read by their own decoder.
func parseTenant(body []byte) (Tenant, error) {
	type plain Tenant
	var given struct {
		plain
		Fixtures json.RawMessage `json:"fixtures"`
	}
	if err := decodeInto[Tenant](body, &given); err != nil {
		return Tenant{}, err
	}
	t := Tenant(given.plain)
	if len(given.Fixtures) > 0 && string(given.Fixtures) != "null" {
		set, err := fixtures.Parse(given.Fixtures)
		if err != nil {
			return Tenant{}, invalid("tenant", inTenant(err))
		}
		t.Fixtures = set
	}
	return t, nil
}

// inTenant has an error of the fixtures' decoder say where in a tenant it is.
func inTenant(err error) error {
	var problems fixtures.Problems
	if !errors.As(err, &problems) {
		return err
	}
	problems = slices.Clone(problems)
	for i, p := range problems {
		address := "fixtures"
		if _, within, ok := strings.Cut(p.Address, " "); ok { // behind the line
			address += "." + within
		}
		problems[i].Address = address
	}
	return problems
}
