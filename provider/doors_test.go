package provider_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// A door is a way to control a provider: what a test claims, it claims of both.
type door interface {
	AddUser(fixtures.User) (fixtures.User, error)
	UserNamed(username string) (fixtures.User, error)
	ReplaceUser(fixtures.User) (fixtures.User, error)
	PatchUser(username, patch string) (fixtures.User, error)
	RemoveUser(username string) error
	AddClient(fixtures.Client) (fixtures.Client, error)
	ClientNamed(id string) (fixtures.Client, error)
	ReplaceClient(fixtures.Client) (fixtures.Client, error)
	PatchClient(id, patch string) (fixtures.Client, error)
	RemoveClient(id string) error
	Mint(provider.Minting) (string, error)
	Revoke(provider.Revocation) (int, error)
	QueueLogin(next ...provider.NextLogin) error
	QueuedLogins() []provider.NextLogin
	ClearLogins()
	RemoveFault(id uint64) error
	ClearFaults()
	ClearRequests()
	RemoveTenant(name string) error
	Reset()

	// What is said in other words through either door.
	move(clock.Move) error
	order(fault.Order) (id uint64, err error)
	change(provider.KeyChange) error
	addTenant(provider.Tenant) error
}

// throughBothDoors runs a test with a provider of its own for each door.
func throughBothDoors(t *testing.T, test func(t *testing.T, p *provider.Provider, d door), options ...provider.Option) {
	t.Helper()
	for name, open := range map[string]func(*testing.T, *provider.Provider) door{
		"Go":   func(_ *testing.T, p *provider.Provider) door { return goDoor{p} },
		"HTTP": func(t *testing.T, p *provider.Provider) door { return httpDoor{t, p} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := provider.Start(t, options...)
			test(t, p, open(t, p))
		})
	}
}

// goDoor is the Go API as it is.
type goDoor struct{ *provider.Provider }

func (d goDoor) move(m clock.Move) error { return d.Clock().Apply(m) }

func (d goDoor) order(o fault.Order) (uint64, error) {
	f, err := o.Fault(fixtures.Suggest)
	if err != nil {
		return 0, err
	}
	return d.Inject(f)[0], nil
}

func (d goDoor) change(c provider.KeyChange) (err error) {
	switch {
	case c.Rotate:
		return d.Keys().Rotate()
	case c.Publish:
		return d.Keys().Publish()
	case c.Add != "":
		_, err = d.Keys().Add(c.Add)
		return err
	case c.Retire != "":
		return d.Keys().Retire(c.Retire)
	}
	d.Keys().Reset()
	return nil
}

func (d goDoor) addTenant(spec provider.Tenant) error {
	_, err := d.AddTenant(spec)
	return err
}

// httpDoor is the same over HTTP.
type httpDoor struct {
	t *testing.T
	p *provider.Provider
}

// mock sends JSON to a provider's control.
func mock(t *testing.T, p *provider.Provider, method, path, body string, headers ...string) answer {
	t.Helper()
	return send(t, request(t, method, p.Issuer()+"/_mock"+path, body, headers...))
}

// refusal is what a refused call was answered with; it must be a problem document (RFC 9457 §3).
func refusal(t *testing.T, a answer) *provider.Refusal {
	t.Helper()
	g := NewWithT(t)
	g.Expect(a.header.Get("Content-Type")).To(Equal("application/problem+json"), a.body)
	refused := &provider.Refusal{}
	g.Expect(json.Unmarshal([]byte(a.body), refused)).To(Succeed(), a.body)
	g.Expect(refused.Status).To(Equal(a.status))
	g.Expect(refused.Type).To(Equal("about:blank"))
	g.Expect(refused.Title).To(Equal(http.StatusText(a.status)))
	g.Expect(refused.Detail).NotTo(BeEmpty())
	return refused
}

// do sends a value as JSON and reads the answer into out, either of which may be nil.
func (d httpDoor) do(method, path string, in, out any) error {
	d.t.Helper()
	g := NewWithT(d.t)
	body := ""
	switch in := in.(type) {
	case nil:
	case string:
		body = in
	default:
		raw, err := json.Marshal(in)
		g.Expect(err).NotTo(HaveOccurred())
		body = string(raw)
	}
	a := mock(d.t, d.p, method, path, body)
	if a.status >= http.StatusBadRequest {
		return refusal(d.t, a)
	}
	if out != nil {
		g.Expect(a.header.Get("Content-Type")).To(Equal("application/json"))
		g.Expect(json.Unmarshal([]byte(a.body), out)).To(Succeed(), a.body)
	}
	return nil
}

func called[T any](d httpDoor, method, path string, in any) (out T, err error) {
	d.t.Helper()
	err = d.do(method, path, in, &out)
	return out, err
}

func (d httpDoor) must(method, path string) {
	d.t.Helper()
	NewWithT(d.t).Expect(d.do(method, path, nil, nil)).To(Succeed())
}

func (d httpDoor) AddUser(u fixtures.User) (fixtures.User, error) {
	return called[fixtures.User](d, http.MethodPost, "/users", u)
}

func (d httpDoor) UserNamed(username string) (fixtures.User, error) {
	return called[fixtures.User](d, http.MethodGet, "/users/"+url.PathEscape(username), nil)
}

func (d httpDoor) ReplaceUser(u fixtures.User) (fixtures.User, error) {
	return called[fixtures.User](d, http.MethodPut, "/users/"+url.PathEscape(u.Username), u)
}

func (d httpDoor) PatchUser(username, patch string) (fixtures.User, error) {
	return called[fixtures.User](d, http.MethodPatch, "/users/"+url.PathEscape(username), patch)
}

func (d httpDoor) RemoveUser(username string) error {
	return d.do(http.MethodDelete, "/users/"+url.PathEscape(username), nil, nil)
}

func (d httpDoor) AddClient(c fixtures.Client) (fixtures.Client, error) {
	return called[fixtures.Client](d, http.MethodPost, "/clients", c)
}

func (d httpDoor) ClientNamed(id string) (fixtures.Client, error) {
	return called[fixtures.Client](d, http.MethodGet, "/clients/"+url.PathEscape(id), nil)
}

func (d httpDoor) ReplaceClient(c fixtures.Client) (fixtures.Client, error) {
	return called[fixtures.Client](d, http.MethodPut, "/clients/"+url.PathEscape(c.ID), c)
}

func (d httpDoor) PatchClient(id, patch string) (fixtures.Client, error) {
	return called[fixtures.Client](d, http.MethodPatch, "/clients/"+url.PathEscape(id), patch)
}

func (d httpDoor) RemoveClient(id string) error {
	return d.do(http.MethodDelete, "/clients/"+url.PathEscape(id), nil, nil)
}

func (d httpDoor) Mint(m provider.Minting) (string, error) {
	minted, err := called[provider.MintedToken](d, http.MethodPost, "/tokens", m)
	return minted.Token, err
}

func (d httpDoor) Revoke(what provider.Revocation) (int, error) {
	revoked, err := called[provider.Revoked](d, http.MethodPost, "/revoke", what)
	return revoked.Revoked, err
}

func (d httpDoor) QueueLogin(next ...provider.NextLogin) error {
	for _, n := range next {
		if err := d.do(http.MethodPost, "/login", n, nil); err != nil {
			return err
		}
	}
	return nil
}

func (d httpDoor) QueuedLogins() []provider.NextLogin {
	list, err := called[[]provider.NextLogin](d, http.MethodGet, "/login", nil)
	NewWithT(d.t).Expect(err).NotTo(HaveOccurred())
	return list
}

func (d httpDoor) ClearLogins() { d.must(http.MethodDelete, "/login") }

func (d httpDoor) RemoveFault(id uint64) error {
	return d.do(http.MethodDelete, "/faults/"+jsonOf(d.t, id), nil, nil)
}

func (d httpDoor) ClearFaults()   { d.must(http.MethodDelete, "/faults") }
func (d httpDoor) ClearRequests() { d.must(http.MethodDelete, "/requests") }
func (d httpDoor) Reset()         { d.must(http.MethodPost, "/reset") }

func (d httpDoor) RemoveTenant(name string) error {
	return d.do(http.MethodDelete, "/tenants/"+url.PathEscape(name), nil, nil)
}

func (d httpDoor) move(m clock.Move) error { return d.do(http.MethodPost, "/clock", m, nil) }

func (d httpDoor) order(o fault.Order) (uint64, error) {
	report, err := called[fault.Report](d, http.MethodPost, "/faults", o)
	return report.ID, err
}

func (d httpDoor) change(c provider.KeyChange) error { return d.do(http.MethodPost, "/keys", c, nil) }

func (d httpDoor) addTenant(spec provider.Tenant) error {
	return d.do(http.MethodPost, "/tenants", spec, nil)
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(raw)
}

// refused expects a refusal of a status that says something.
func refused(t *testing.T, err error, status int, says string) {
	t.Helper()
	g := NewWithT(t)
	g.Expect(err).To(HaveOccurred())
	g.Expect(err).To(BeAssignableToTypeOf(&provider.Refusal{}), "%v", err)
	g.Expect(err.(*provider.Refusal).Status).To(Equal(status), "%v", err)
	g.Expect(err.Error()).To(ContainSubstring(says))
}
