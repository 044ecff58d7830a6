package provider_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// Whoever must not control the provider is told so, and nothing is done.
func TestWhoMayControl(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithControlOrigins("https://dash.example"), provider.WithControlHosts("mock.example"))
	for name, test := range map[string]struct {
		host    string
		headers []string
		status  int
	}{
		"a test":                         {"", nil, 200},
		"a page of the provider itself":  {"", []string{"Sec-Fetch-Site", "same-origin", "Origin", p.Issuer()}, 200},
		"somebody who types the address": {"", []string{"Sec-Fetch-Site", "none"}, 200},
		"a page of another site":         {"", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"of the same site":               {"", []string{"Sec-Fetch-Site", "same-site"}, 403},
		"an origin alone":                {"", []string{"Origin", "https://evil.example"}, 403},
		"an opaque origin":               {"", []string{"Origin", "null"}, 403},
		"the listed origin":              {"", []string{"Origin", "https://dash.example", "Sec-Fetch-Site", "cross-site"}, 200},
		"one like it":                    {"", []string{"Origin", "https://dash.example.evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		"a name without dots":            {"mockoauth:9000", nil, 200},
		"below localhost":                {"idp.localhost", nil, 200},
		"an address of IPv6":             {"[::1]:9000", nil, 200},
		"the listed host":                {"MOCK.example:9000", nil, 200},
		"a host that could be rebound":   {"evil.example", nil, 421},
		"with the address in front":      {"127.0.0.1.evil.example", nil, 421},
		"with localhost in front":        {"localhost.evil.example", nil, 421},
		"and a dot at the end":           {"evil.example.", nil, 421},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := request(t, http.MethodGet, p.Issuer()+"/_mock/clock", "", test.headers...)
			r.Host = test.host
			a := send(t, r)
			g.Expect(a.status).To(Equal(test.status), a.body)
			if test.status != http.StatusOK {
				refusal(t, a)
				g.Expect(a.header).NotTo(HaveKey("Access-Control-Allow-Origin"))
			}
		})
	}
	g := NewWithT(t)
	preflight := func(origin string) answer {
		return send(t, request(t, http.MethodOptions, p.Issuer()+"/_mock/clock", "", "Origin", origin, "Sec-Fetch-Site", "cross-site",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"))
	}
	g.Expect(preflight("https://dash.example").status).To(Equal(http.StatusNoContent))
	g.Expect(preflight("https://dash.example").header.Get("Access-Control-Allow-Origin")).To(Equal("https://dash.example"))
	g.Expect(preflight("https://evil.example").status).To(Equal(http.StatusForbidden))
	post := request(t, http.MethodPost, p.Issuer()+"/_mock/faults", `{"name":"token_unavailable"}`, "Origin", "https://evil.example", "Content-Type", "text/plain")
	g.Expect(send(t, post).status).To(Equal(http.StatusForbidden), "a form's content type spares a page the preflight")
	g.Expect(p.Faults()).To(BeEmpty())
}

// The token is wanted of everybody (RFC 6750 §2.1), at tenants as well.
func TestControlToken(t *testing.T) {
	t.Parallel()
	p := provider.Start(t, provider.WithControlToken("s3cret"), provider.WithTenants("red"), provider.WithControlOrigins("https://dash.example"))
	for header, status := range map[string]int{
		"": 401, "Bearer wrong": 401, "Bearer s3cre": 401, "Bearer s3cret": 200, "bearer s3cret": 200, "Basic s3cret": 401, "Bearer": 401, "s3cret": 401,
	} {
		for _, path := range []string{"", "/red"} {
			g := NewWithT(t)
			a := send(t, request(t, http.MethodGet, p.Issuer()+path+"/_mock/clock", "", "Authorization", header))
			g.Expect(a.status).To(Equal(status), header)
			if status == http.StatusUnauthorized {
				refusal(t, a)
				g.Expect(a.header.Get("WWW-Authenticate")).To(HavePrefix("Bearer "))
			}
		}
	}
	g := NewWithT(t)
	preflight := request(t, http.MethodOptions, p.Issuer()+"/_mock/clock", "", "Origin", "https://dash.example", "Access-Control-Request-Method", "GET")
	g.Expect(send(t, preflight).status).To(Equal(http.StatusNoContent), "browsers send no token with it")
	listed := request(t, http.MethodGet, p.Issuer()+"/_mock/clock", "", "Origin", "https://dash.example")
	g.Expect(send(t, listed).status).To(Equal(http.StatusUnauthorized), "and then they must")
}

// A control that is off is not there, and one with an address of its own only there.
func TestWhereTheControlIs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	off := provider.Start(t, provider.WithoutControl(), provider.WithTenants("red"))
	for _, path := range []string{"/_mock", "/_mock/clock", "/red/_mock/clock", "/_mock/openapi.json"} {
		g.Expect(get(t, off.Issuer()+path).status).To(Equal(http.StatusNotFound), path)
	}
	server := listen(t, provider.WithControlAddr("127.0.0.1:0"), provider.WithTenants("red"))
	main, control := "http://"+server.Addr().String(), "http://"+server.ControlAddr().String()
	for path, at := range map[string][2]int{
		"/jwks": {200, 404}, "/red/jwks": {200, 404}, "/healthz": {200, 404}, "/_mock/clock": {404, 200}, "/red/_mock/clock": {404, 200}, "/_mock/openapi.json": {404, 200},
	} {
		g.Expect(get(t, main+path).status).To(Equal(at[0]), path)
		g.Expect(get(t, control+path).status).To(Equal(at[1]), path)
	}
}

// Every refusal is a problem document that names what was wrong and what is near.
func TestControlRefuses(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"a path that there is not":     {"GET", "/clok", "", 404, "Did you mean /_mock/clock?"},
		"nothing like it":              {"GET", "/zzzzzzzzzz", "", 404, "openapi.json"},
		"the root":                     {"GET", "", "", 404, "openapi.json"},
		"a slash too many":             {"GET", "/clock/", "", 404, ""},
		"two slashes":                  {"GET", "//clock", "", 404, ""},
		"a wrong method":               {"DELETE", "/clock", "", 405, "GET, POST"},
		"an odd method":                {"BREW", "/clock", "", 405, "GET, POST"},
		"options without an origin":    {"OPTIONS", "/clock", "", 405, "GET, POST"},
		"an unknown query":             {"GET", "/clock?now=1", "", 422, "now"},
		"one that is misspelt":         {"GET", "/requests?endpint=token", "", 422, "Did you mean endpoint?"},
		"an unknown member":            {"POST", "/revoke", `{"usr":"alice"}`, 422, "did you mean user?"},
		"an unknown member of a user":  {"POST", "/users", `{"username":"x","pasword":"x"}`, 422, `"password"`},
		"of a client":                  {"POST", "/clients", `{"id":"x","redirect_uri":["http://x"]}`, 422, `redirect_uris`},
		"of a tenant's fixtures":       {"POST", "/tenants", `{"name":"x","fixtures":{"clints":[]}}`, 422, "clients"},
		"of a tenant":                  {"POST", "/tenants", `{"nmae":"x"}`, 422, "did you mean name?"},
		"a trailing tenant":            {"POST", "/tenants", `{"name":"x"} {"name":"y"}`, 400, "more in the body"},
		"a wrong type":                 {"POST", "/tokens", `{"register":"yes"}`, 422, "register"},
		"no body":                      {"POST", "/tokens", "", 400, "empty"},
		"no JSON":                      {"POST", "/tokens", "{", 400, "no JSON"},
		"null for a user":              {"POST", "/users", `null`, 422, ""},
		"a body of ten megabytes":      {"POST", "/tokens", `{"client":"` + strings.Repeat("x", 10<<20) + `"}`, 413, "1 MiB"},
		"two changes of keys":          {"POST", "/keys", `{"rotate":true,"reset":true}`, 422, "one of"},
		"no change of keys":            {"POST", "/keys", `{}`, 422, "one of"},
		"a key that signs":             {"POST", "/keys", `{"retire":"nokey"}`, 422, "nokey"},
		"an algorithm there is not":    {"POST", "/keys", `{"add":"RS255"}`, 422, "RS255"},
		"two names in two places":      {"PUT", "/users/alice", `{"username":"bob","password":"x"}`, 422, "must be the same"},
		"two ids in two places":        {"PUT", "/clients/demo", `{"id":"web"}`, 422, "must be the same"},
		"nothing to revoke":            {"POST", "/revoke", `{}`, 422, "one of user, client and token"},
		"two things to revoke":         {"POST", "/revoke", `{"user":"alice","client":"demo"}`, 422, "one of user, client and token"},
		"no number of a fault":         {"DELETE", "/faults/first", "", 422, "first"},
		"a fault that is not in force": {"DELETE", "/faults/99", "", 404, "99"},
		"a tenant there is not":        {"GET", "/tenants/red", "", 404, "red"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := mock(t, p, test.method, test.path, test.body)
			g.Expect(a.status).To(Equal(test.status), a.body)
			g.Expect(refusal(t, a).Error()).To(ContainSubstring(test.says))
			if test.status == http.StatusMethodNotAllowed {
				g.Expect(a.header.Get("Allow")).To(Equal("GET, POST"))
			}
		})
	}
	t.Run("and nothing is half done", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(p.Tenants()).To(BeEmpty())
		g.Expect(p.Fixtures()).To(Equal(provider.Start(t).Fixtures()))
	})
}

// A fault that cannot be is refused with all that is wrong, by name.
func TestFaultsThatCannotBe(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	for body, says := range map[string]string{
		`{}`:                           "",
		`{"name":"token_unavailabel"}`: "token_unavailable",
		`{"name":"token_unavailable","times":-1}`:     "times",
		`{"name":"token_unavailable","chance":0}`:     "chance",
		`{"name":"token_unavailable","chance":2}`:     "chance",
		`{"name":"token_unavailable","at":"tokn"}`:    "token",
		`{"name":"token_unavailable","client":"dmo"}`: "demo",
		`{"name":"token_unavailable","status":503}`:   "status",
		`{"status":99}`:                       "status",
		`{"status":1000}`:                     "status",
		`{"delay":"-1s"}`:                     "delay",
		`{"delay":"1h"}`:                      "10m",
		`{"delay":2}`:                         "delay",
		`{"truncate":-1}`:                     "truncate",
		`{"drip":{"bytes":0,"every":"1s"}}`:   "bytes",
		`{"drip":{"bytes":1,"every":"soon"}}`: "every",
		`{"headers":{"a b":"c"}}`:             "headers",
		`{"headers":{"a":"b\r\nc: d"}}`:       "headers",
		`{"body":5}`:                          "body",
		`{"statsu":503}`:                      "status",
	} {
		a := mock(t, p, http.MethodPost, "/faults", body)
		g.Expect(a.status).To(Equal(http.StatusUnprocessableEntity), "%s: %s", body, a.body)
		g.Expect(refusal(t, a).Error()).To(ContainSubstring(says), body)
	}
	two := refusal(t, mock(t, p, http.MethodPost, "/faults", `{"status":99,"delay":"soon","times":-1}`))
	g.Expect(two.Errors).To(HaveLen(3), "all at once")
	g.Expect(p.Faults()).To(BeEmpty())
}

// A fault in force is counted where it acts, seen, and put out of force.
func TestFaultsInForce(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		_, err := d.order(fault.Order{Name: "token_unavailable", Client: "demo-public", Times: 1})
		g.Expect(err).NotTo(HaveOccurred())
		id, err := d.order(fault.Order{At: fault.Words{"token"}, Status: 418, Body: []byte(`{"short":true}`), Headers: map[string]fault.Words{"Retry-After": {"7"}}, Times: 2})
		g.Expect(err).NotTo(HaveOccurred())
		get(t, p.URL("jwks"))
		a := machine(t, p, "demo", "demo-secret")
		g.Expect(a.status).To(Equal(http.StatusTeapot))
		g.Expect(a.header.Get("Retry-After")).To(Equal("7"))
		g.Expect(a.json(t)).To(HaveKeyWithValue("short", true))
		g.Expect(p.Faults()).To(HaveLen(2))
		g.Expect(p.Faults()[1].Acted).To(BeEquivalentTo(1))
		g.Expect(p.Faults()[1].Remaining).To(Equal(1))
		g.Expect(d.RemoveFault(id)).To(Succeed())
		refused(t, d.RemoveFault(id), http.StatusNotFound, "acted as often")
		g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK))
		d.ClearFaults()
		g.Expect(p.Faults()).To(BeEmpty())
	})
}

// There is an end to the faults that can be in force by HTTP.
func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	p.Inject(make([]fault.Fault, 10_000)...)
	a := mock(t, p, http.MethodPost, "/faults", `{"name":"token_unavailable"}`)
	g.Expect(a.status).To(Equal(http.StatusTooManyRequests))
	g.Expect(strings.ToLower(a.body)).To(ContainSubstring("delete /_mock/faults"))
}
