package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A tenant is an issuer of its own: where it is, what it says, and what is its own.
func TestTenantIsAnIssuer(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"below an issuer": "", "below one with a path": "/idp/v1", "and a slash at its end": "/idp/"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			address := served(t, path, provider.WithTenants("red"))
			base := strings.TrimSuffix(path, "/")
			issuer := address + base + "/red"
			for _, at := range []string{
				issuer + "/.well-known/oauth-authorization-server", issuer + "/.well-known/openid-configuration",
				address + "/.well-known/oauth-authorization-server" + base + "/red", address + "/.well-known/openid-configuration" + base + "/red",
			} {
				document := get(t, at)
				g.Expect(document.status).To(Equal(http.StatusOK), at)
				g.Expect(document.json(t)).To(And(HaveKeyWithValue("issuer", issuer), HaveKeyWithValue("token_endpoint", issuer+"/token"), HaveKeyWithValue("jwks_uri", issuer+"/jwks")), at)
			}
			token := postForm(t, issuer+"/token", demo("grant_type", "client_credentials"))
			g.Expect(claimsOf(t, token.text(t, "access_token"))["iss"]).To(Equal(issuer))
			g.Expect(get(t, address+base+"/blue/jwks").status).To(Equal(http.StatusNotFound))
			g.Expect(get(t, address+"/.well-known/oauth-authorization-server"+base+"/blue").status).To(Equal(http.StatusNotFound))
		})
	}
}

// Where no issuer is fixed, a tenant's is the name that the request came by, too, and
// what a trusted proxy says of it.
func TestTenantWithoutFixedIssuer(t *testing.T) {
	t.Parallel()
	p, err := provider.New(provider.WithTenants("red", "blue=blue.example"), provider.WithTrustedProxy())
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for name, test := range map[string]struct {
		address string
		headers []string
		issuer  string
	}{
		"by path":                              {"http://idp.test:81/red/.well-known/openid-configuration", nil, "http://idp.test:81/red"},
		"inserted":                             {"http://idp.test/.well-known/openid-configuration/red", nil, "http://idp.test/red"},
		"by host":                              {"http://Blue.example:81/.well-known/openid-configuration", nil, "http://Blue.example:81"},
		"by the host that a proxy tells":       {"http://inner/.well-known/openid-configuration", []string{"X-Forwarded-Host", "blue.example", "X-Forwarded-Proto", "https"}, "https://blue.example"},
		"behind a prefix that was taken":       {"http://idp.test/red/.well-known/openid-configuration", []string{"X-Forwarded-Prefix", "/auth"}, "http://idp.test/auth/red"},
		"behind a prefix that is the tenant's": {"http://idp.test/.well-known/openid-configuration", []string{"X-Forwarded-Prefix", "/red"}, "http://idp.test/red"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := httptest.NewRequest(http.MethodGet, test.address, nil)
			for i := 0; i < len(test.headers); i += 2 {
				r.Header.Set(test.headers[i], test.headers[i+1])
			}
			w := httptest.NewRecorder()
			p.ServeHTTP(w, r)
			g.Expect(w.Code).To(Equal(http.StatusOK), w.Body.String())
			document := map[string]any{}
			g.Expect(json.Unmarshal(w.Body.Bytes(), &document)).To(Succeed())
			g.Expect(document["issuer"]).To(Equal(test.issuer))
		})
	}
}

// Browsers that know the provider by another name find its tenants there, too.
func TestTenantAtTheBrowsersURL(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithIssuer("http://backend:9000/idp"), provider.WithBrowserURL("http://localhost:9000/sso"), provider.WithTenants("red"))
	document := get(t, p.Address()+"/idp/red/.well-known/openid-configuration").json(t)
	g.Expect(document).To(And(
		HaveKeyWithValue("issuer", "http://backend:9000/idp/red"), HaveKeyWithValue("token_endpoint", "http://backend:9000/idp/red/token"),
		HaveKeyWithValue("authorization_endpoint", "http://localhost:9000/sso/red/authorize")))
	page := get(t, p.Address()+"/sso/red/authorize?response_type=code&client_id=demo&redirect_uri="+redirectURI)
	g.Expect(page.status).To(Equal(http.StatusOK))
	g.Expect(page.body).To(ContainSubstring("Log in"))
}

// What one tenant gave is worth nothing in another.
func TestTenantsDoNotShare(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	red, blue := p.Tenant("red"), p.Tenant("blue")
	v, authorize := newVisitor(t, red), func(p *provider.Provider) string {
		return p.AuthorizationURL(p.Client(), params("scope", "openid offline_access"))
	}
	code := sentBack(t, v.logIn(authorize(red), "alice")).Get("code")
	for _, other := range []*provider.Provider{p, blue} {
		g.Expect(sentBack(t, v.visit(authorize(other)+"&prompt=none")).Get("error")).To(Equal("login_required"), "the cookie")
		g.Expect(postForm(t, other.URL("token"), demo("grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI)).text(t, "error")).To(Equal("invalid_grant"))
	}
	tokens := postForm(t, red.URL("token"), demo("grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI))
	g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
	g.Expect(sentBack(t, v.visit(authorize(red)+"&prompt=none")).Has("code")).To(BeTrue(), "the cookie is still good at home")
	access := tokens.text(t, "access_token")
	for _, other := range []*provider.Provider{p, blue} {
		g.Expect(active(t, other, access)).To(BeFalse())
		g.Expect(bearer(t, other, access).status).To(Equal(http.StatusUnauthorized))
		g.Expect(postForm(t, other.URL("revocation"), demo("token", access)).status).To(Equal(http.StatusOK))
		g.Expect(refresh(t, other, tokens.text(t, "refresh_token")).text(t, "error")).To(Equal("invalid_grant"))
	}
	g.Expect(active(t, red, access)).To(BeTrue())

	red.Clock().Advance(24 * time.Hour)
	g.Expect(active(t, blue, login(t, blue).text(t, "access_token"))).To(BeTrue())
	red.Inject(fault.TokenUnavailable)
	g.Expect(machine(t, red, "demo", "demo-secret").status).To(Equal(http.StatusServiceUnavailable))
	g.Expect(machine(t, blue, "demo", "demo-secret").status).To(Equal(http.StatusOK))
	g.Expect(blue.Faults()).To(BeEmpty())
	before := get(t, blue.URL("jwks")).body
	g.Expect(red.Keys().Rotate()).To(Succeed())
	g.Expect(get(t, blue.URL("jwks")).body).To(Equal(before))
	g.Expect(red.RemoveUser("alice")).To(Succeed())
	login(t, blue)
	for _, x := range blue.Requests() {
		g.Expect(x.Path).To(HavePrefix("/blue/"))
	}
	red.Reset()
	g.Expect(blue.Requests()).NotTo(BeEmpty())
}

// The names of tests are those of tenants, whatever is in them, and no two are one.
func TestTenantOfAnyName(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	names := []string{t.Name() + "/a b", t.Name() + "/a_b", t.Name() + "/a/b", "", "/", "token", ".well-known", "_mock", "ü", "ö", strings.Repeat("x", 300), strings.Repeat("x", 301), "..", "%2e", "plain"}
	seen := map[string]string{}
	for _, name := range names {
		tenant := p.Tenant(name)
		g.Expect(seen).NotTo(HaveKey(tenant.Name()), name)
		seen[tenant.Name()] = name
		g.Expect(p.Tenant(name)).To(BeIdenticalTo(tenant))
		g.Expect(tenant.Issuer()).To(Equal(p.Issuer() + "/" + tenant.Name()))
		a := machine(t, tenant, "demo", "demo-secret")
		g.Expect(a.status).To(Equal(http.StatusOK), "%q: %s", name, a.body)
		g.Expect(p.TenantNamed(tenant.Name())).To(BeIdenticalTo(tenant))
	}
	g.Expect(p.Tenant("plain").Name()).To(Equal("plain"))
	g.Expect(p.Tenant("plain").Tenant("other").Issuer()).To(Equal(p.Issuer()+"/other"), "a tenant's tenant is the first one's")
}

func TestTenantsThatCannotBe(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		g.Expect(d.addTenant(provider.Tenant{Name: "red", Host: "Red.Example"})).To(Succeed())
		before := len(p.Tenants())
		for says, test := range map[string]struct {
			spec   provider.Tenant
			status int
		}{
			"already; delete it first":  {provider.Tenant{Name: "red"}, http.StatusConflict},
			"is that of tenant \"red\"": {provider.Tenant{Name: "blue", Host: "red.example"}, http.StatusConflict},
			"/token":                    {provider.Tenant{Name: "token"}, http.StatusUnprocessableEntity},
			"would be where the first":  {provider.Tenant{Name: "oauth2"}, http.StatusUnprocessableEntity},
			"name: \"a/b\"":             {provider.Tenant{Name: "a/b"}, http.StatusUnprocessableEntity},
			"name: \"..\"":              {provider.Tenant{Name: ".."}, http.StatusUnprocessableEntity},
			"without port":              {provider.Tenant{Name: "blue", Host: "blue.example:80"}, http.StatusUnprocessableEntity},
			"ttl: -1h":                  {provider.Tenant{Name: "blue", TTL: fixtures.Duration(-time.Hour)}, http.StatusUnprocessableEntity},
			"login: ":                   {provider.Tenant{Name: "blue", Login: "frm"}, http.StatusUnprocessableEntity},
			"consent: ":                 {provider.Tenant{Name: "blue", Consent: "aks"}, http.StatusUnprocessableEntity},
			"did you mean \"password\"": {provider.Tenant{Name: "blue", Fixtures: fixtures.Set{Clients: []fixtures.Client{{ID: "x", Grants: []string{"pasword"}}}}}, http.StatusUnprocessableEntity},
			"users[0].password":         {provider.Tenant{Name: "blue", Fixtures: fixtures.Set{Users: []fixtures.User{{Username: "x"}}}}, http.StatusUnprocessableEntity},
			"unknown user":              {provider.Tenant{Name: "blue", Fixtures: fixtures.Set{Clients: []fixtures.Client{{ID: "x", User: "nobody"}}}}, http.StatusUnprocessableEntity},
		} {
			refused(t, d.addTenant(test.spec), test.status, says)
		}
		g.Expect(p.Tenants()).To(HaveLen(before), "nothing half made")
		g.Expect(d.addTenant(provider.Tenant{})).To(Succeed(), "one without a name gets one")
		g.Expect(p.Tenants()).To(ContainElement(HaveField("Name()", MatchRegexp("^tenant-[0-9a-f]{12}$"))))
		refused(t, d.RemoveTenant("rad"), http.StatusNotFound, "red")
	})
}

// A tenant with fixtures has those, and in the lists that it leaves out the first one's.
func TestTenantWithFixtures(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		set := fixtures.Set{Clients: []fixtures.Client{{ID: "web", Secret: "web-secret", IDToken: fixtures.IDToken{Alg: "ES256"}}}}
		g.Expect(d.addTenant(provider.Tenant{Name: "red", Fixtures: set, Login: "auto"})).To(Succeed())
		red, err := p.TenantNamed("red")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(machine(t, red, "web", "web-secret").status).To(Equal(http.StatusOK))
		g.Expect(machine(t, red, "demo", "demo-secret").text(t, "error")).To(Equal("invalid_client"))
		g.Expect(machine(t, p, "web", "web-secret").text(t, "error")).To(Equal("invalid_client"))
		g.Expect(red.Users()).To(Equal(p.Users()))
		g.Expect(red.Keys().Algs()).To(ContainElement("ES256"))
		g.Expect(p.Keys().Algs()).NotTo(ContainElement("ES256"))
		g.Expect(d.RemoveTenant("red")).To(Succeed())
		g.Expect(get(t, red.URL("jwks")).status).To(Equal(http.StatusNotFound))
		g.Expect(p.Tenant("red").Clients()).To(Equal(p.Clients()), "one of the same name begins anew")
	})
}

// A time to live is counted by the first provider's clock, and not the tenant's.
func TestTenantWithATimeToLive(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		p.Clock().Freeze()
		g.Expect(d.addTenant(provider.Tenant{Name: "brief", TTL: fixtures.Duration(time.Minute)})).To(Succeed())
		brief, err := p.TenantNamed("brief")
		g.Expect(err).NotTo(HaveOccurred())
		brief.Clock().Advance(time.Hour)
		p.Clock().Advance(time.Minute - 1)
		g.Expect(get(t, brief.URL("jwks")).status).To(Equal(http.StatusOK))
		p.Clock().Advance(1)
		g.Expect(get(t, brief.URL("jwks")).status).To(Equal(http.StatusNotFound))
		g.Expect(p.Tenants()).To(BeEmpty())
		g.Expect(d.addTenant(provider.Tenant{Name: "brief"})).To(Succeed(), "the name is free again")
	})
}

// Where every name is a tenant, asking for an endpoint of it makes it, and nothing else does.
func TestAnyNameIsATenant(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithTenants("*"))
	g.Expect(get(t, p.Issuer()+"/red/nothing").status).To(Equal(http.StatusNotFound))
	g.Expect(get(t, p.Issuer()+"/favicon.ico").status).To(Equal(http.StatusNotFound))
	g.Expect(get(t, p.Issuer()+"/..%2f/jwks").status).To(Equal(http.StatusNotFound))
	g.Expect(p.Tenants()).To(BeEmpty())
	g.Expect(get(t, p.Issuer()+"/.well-known/openid-configuration/red").json(t)["issuer"]).To(Equal(p.Issuer() + "/red"))
	g.Expect(postForm(t, p.Issuer()+"/blue/token", demo("grant_type", "client_credentials")).status).To(Equal(http.StatusOK))
	names := []string{}
	for _, tenant := range p.Tenants() {
		names = append(names, tenant.Name())
	}
	g.Expect(names).To(Equal([]string{"blue", "red"}))
	g.Expect(get(t, p.Issuer()+"/green/_mock/clock").status).To(Equal(http.StatusOK), "its control is an endpoint, too")
}

// The list over HTTP says where each is, and one has its fixtures complete.
func TestTenantsListed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	made := mock(t, p, http.MethodPost, "/tenants", `{"name":"red","ttl":"1h","fixtures":{"clients":[{"id":"web"}]}}`)
	g.Expect(made.status).To(Equal(http.StatusCreated), made.body)
	g.Expect(made.header.Get("Location")).To(Equal(p.Issuer() + "/_mock/tenants/red"))
	view := provider.TenantView{}
	g.Expect(json.Unmarshal([]byte(made.body), &view)).To(Succeed())
	g.Expect(view.Issuer).To(Equal(p.Issuer() + "/red"))
	g.Expect(view.Control).To(Equal(p.Issuer() + "/red/_mock"))
	g.Expect(view.ExpiresAt).To(BeTemporally("~", p.Clock().Now().Add(time.Hour), time.Minute))
	g.Expect(view.Fixtures.Clients[0].Secret).To(MatchRegexp(`^[0-9a-f]{40}$`), "generated, and told")
	g.Expect(get(t, made.header.Get("Location")).body).To(Equal(made.body))
	g.Expect(get(t, view.Control+"/clients").body).To(ContainSubstring(`"web"`))
	g.Expect(mock(t, p, http.MethodGet, "/tenants", "").body).To(And(ContainSubstring(`"issuer"`), Not(ContainSubstring("fixtures"))))
}

// A tenant that is deleted is gone while its requests are under way, and they end.
func TestTenantDeletedUnderWay(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	red := p.Tenant("red")
	red.Inject(fault.Fault{Name: "held", At: []string{fault.Token}, Wire: fault.Delay(time.Hour)})
	red.Clock().Freeze()
	answered := make(chan answer, 1)
	go func() { answered <- machine(t, red, "demo", "demo-secret") }()
	g.Eventually(red.Faults).Should(ContainElement(HaveField("Acted", BeNumerically("==", 1))))
	g.Expect(p.RemoveTenant("red")).To(Succeed())
	g.Expect(soon(t, answered, func() { red.Clock().Advance(time.Hour) }).status).To(Equal(http.StatusOK))
	g.Expect(red.RequestsWith(record.Filter{Endpoint: "token"})).To(HaveLen(1), "whoever holds it may still ask it")
}

// The bound of tenants is told, and holds.
func TestTenantsAreBounded(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("fifty thousand tenants")
	}
	g := NewWithT(t)
	p, err := provider.New(provider.WithTenants("*"))
	g.Expect(err).NotTo(HaveOccurred())
	n := 0
	for ; n <= 100_000; n++ {
		if _, err = p.AddTenant(provider.Tenant{Name: fmt.Sprint("t", n)}); err != nil {
			break
		}
	}
	refused(t, err, http.StatusTooManyRequests, "delete some")
	g.Expect(n).To(Equal(50_000))
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/one-more/jwks", nil))
	g.Expect(w.Code).To(Equal(http.StatusNotFound))
	g.Expect(p.RemoveTenant("t7")).To(Succeed())
	_, err = p.AddTenant(provider.Tenant{Name: "one-more"})
	g.Expect(err).NotTo(HaveOccurred())
}

// A tenant that is deleted leaves nothing behind.
func TestDeletedTenantsFreeTheirMemory(t *testing.T) {
	g := NewWithT(t) // not in parallel: others' memory would be counted
	p, err := provider.New(provider.WithIssuer("http://localhost"))
	g.Expect(err).NotTo(HaveOccurred())
	round := func() {
		for i := range 500 {
			tenant := p.Tenant(fmt.Sprint("t", i))
			r := httptest.NewRequest(http.MethodPost, tenant.URL("token"), strings.NewReader(demo("grant_type", "client_credentials").Encode()))
			r.Header.Set("Content-Type", formType)
			w := httptest.NewRecorder()
			p.ServeHTTP(w, r)
			g.Expect(w.Code).To(Equal(http.StatusOK))
		}
		for i := range 500 {
			g.Expect(p.RemoveTenant(fmt.Sprint("t", i))).To(Succeed())
		}
	}
	round() // what is made once
	before := heap()
	for range 4 {
		round()
	}
	g.Expect(int64(heap())-int64(before)).To(BeNumerically("<", 1<<20), "2,000 tenants came and went")
	g.Expect(p.Tenants()).To(BeEmpty())
}

// A tenant with a host of its own is controlled by that.
func TestTenantIsControlledAtItsHost(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithIssuer(""), provider.WithTenants("red=red.example"))
	at := func(host string) int {
		r := request(t, http.MethodGet, p.Address()+"/_mock/clock", "")
		r.Host = host
		return send(t, r).status
	}
	g.Expect(at("red.example")).To(Equal(http.StatusOK))
	g.Expect(at("blue.example")).To(Equal(http.StatusMisdirectedRequest))
}

// A tenant whose time is over before the answer is made is answered all the same.
func TestTenantOfAnInstant(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	g.Expect(mock(t, p, http.MethodPost, "/tenants", `{"name":"brief","ttl":"1ns"}`).status).To(Equal(http.StatusCreated))
	g.Expect(p.Tenants()).To(BeEmpty())
}
