package provider_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// The resource to try a client against takes access tokens as RFC 6750 has it.
func TestProtectedResource(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	granted := postForm(t, p.URL("token"), demo("grant_type", "password", "username", "alice", "password", "alice", "scope", "read"))
	token, rest := granted.text(t, "access_token"), granted.text(t, "refresh_token")
	revoked := machine(t, p, "demo", "demo-secret").text(t, "access_token")
	postForm(t, p.URL("revocation"), demo("token", revoked))
	foreign := machine(t, p.Tenant("other"), "demo", "demo-secret").text(t, "access_token")
	for name, test := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		challenge          string // what it has in it; empty for none
	}{
		"a token":                   {"GET", "", "", []string{"Authorization", "Bearer " + token}, 200, ""},
		"below its path":            {"DELETE", "/orders/7", "", []string{"Authorization", "bearer " + token}, 200, ""},
		"a token in a form, §2.2":   {"POST", "/orders", "access_token=" + token, []string{"Content-Type", formType}, 200, ""},
		"enough scope":              {"GET", "/orders?scope=read", "", []string{"Authorization", "Bearer " + token}, 200, ""},
		"too little scope, §3.1":    {"GET", "/orders?scope=read+write", "", []string{"Authorization", "Bearer " + token}, 403, `scope="read write", error="insufficient_scope"`},
		"no token, §3":              {"GET", "/orders", "", nil, 401, `Bearer realm="mockoauth"`},
		"Basic":                     {"GET", "/orders", "", []string{"Authorization", "Basic eDp5"}, 401, `Bearer realm="mockoauth"`},
		"a token in the URL":        {"GET", "?access_token=" + token, "", []string{"Authorization", "Bearer " + token}, 400, `error="invalid_request"`},
		"two tokens, §2":            {"POST", "", "access_token=" + token, []string{"Content-Type", formType, "Authorization", "Bearer " + token}, 400, `error="invalid_request"`},
		"an unknown token":          {"GET", "", "", []string{"Authorization", "Bearer nobody-s"}, 401, `error="invalid_token"`},
		"a refresh token":           {"GET", "", "", []string{"Authorization", "Bearer " + rest}, 401, `error="invalid_token"`},
		"a revoked token":           {"GET", "", "", []string{"Authorization", "Bearer " + revoked}, 401, `error="invalid_token"`},
		"a token of another tenant": {"GET", "", "", []string{"Authorization", "Bearer " + foreign}, 401, `error="invalid_token"`},
		"a method that there isn't": {"TRACE", "", "", []string{"Authorization", "Bearer " + token}, 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			a := send(t, request(t, test.method, p.URL("resource")+test.path, test.body, test.headers...))
			g.Expect(a.status).To(Equal(test.status), a.body)
			g.Expect(a.header.Get("WWW-Authenticate")).To(ContainSubstring(test.challenge))
			g.Expect(a.header.Get("WWW-Authenticate") == "").To(Equal(test.challenge == ""))
			if test.status == http.StatusOK {
				g.Expect(a.json(t)).To(And(HaveKeyWithValue("username", "alice"), HaveKeyWithValue("client_id", "demo"), HaveKeyWithValue("scope", "read"), HaveKeyWithValue("method", test.method)))
			}
		})
	}
}

// It expires by the clock, and answers what a fault has it answer.
func TestProtectedResourceMisbehaves(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	token := machine(t, p, "demo", "demo-secret").text(t, "access_token")
	ask := func() answer {
		return send(t, request(t, http.MethodGet, p.URL("resource")+"/x", "", "Authorization", "Bearer "+token))
	}
	for name, status := range map[string]int{"bearer_refused": 401, "bearer_never_sufficient": 403, "resource_throttled": 429, "resource_unavailable": 503} {
		f, known := fault.Named(name)
		g.Expect(known).To(BeTrue(), name)
		p.Inject(f.AtEndpoint(fault.Resource).Once())
		g.Expect(ask().status).To(Equal(status), name)
		g.Expect(ask().status).To(Equal(http.StatusOK), name)
	}
	p.Clock().Advance(provider.DefaultAccessLifespan)
	g.Expect(ask().status).To(Equal(http.StatusUnauthorized))
}
