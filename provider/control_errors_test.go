package provider_test

import (
	"encoding/json"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// A refusal names the member as the test wrote it, and what to write instead.
func TestControlRefusalsNameTheMember(t *testing.T) {
	t.Parallel()
	idp := provider.Start(t)
	for _, test := range []struct{ path, body, field, message string }{
		{"/tenants", `{"name":"a","ttl":3600}`, "ttl", "cannot be a JSON number; write text in quotes"},
		{"/tenants", `{"name":1}`, "name", "cannot be a JSON number; write text in quotes"},
		{"/tenants", `{"name":"a","fixtures":{"users":[{"usernam":"x"}]}}`, "fixtures.users[0].usernam", `unknown field, did you mean "username"?`},
		{"/faults", `{"at":"token","status":"503"}`, "status", "cannot be a JSON string; write a whole number"},
		{"/faults", `{"at":"token","drop":1}`, "drop", "cannot be a JSON number; write true or false"},
		{"/faults", `{"name":"token_unavailable","chance":"1"}`, "chance", "cannot be a JSON string; write a number"},
		{"/tokens", `{"claims":[]}`, "claims", "cannot be a JSON array; write an object"},
		{"/login", `[]`, "", "cannot be a JSON array; write an object"},
	} {
		g := NewWithT(t)
		a := send(t, request(t, http.MethodPost, idp.Address()+"/_mock"+test.path, test.body))
		g.Expect(a.status).To(Equal(http.StatusUnprocessableEntity), test.body)
		var refused provider.Refusal
		g.Expect(json.Unmarshal([]byte(a.body), &refused)).To(Succeed())
		g.Expect(refused.Errors).To(Equal([]provider.FieldError{{Field: test.field, Message: test.message}}), test.body)
	}
}

// The catalogue is long, and a test that asks which faults are in force can do without.
func TestControlLeavesTheCatalogueOut(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	idp := provider.Start(t)
	list := func(query string) answer {
		return send(t, request(t, http.MethodGet, idp.Address()+"/_mock/faults"+query, ""))
	}
	g.Expect(list("?catalog=false").body).To(MatchJSON(`{"active":[]}`))
	g.Expect(list("?catalog=true").body).To(Equal(list("").body))
	g.Expect(list("").json(t)["catalog"]).NotTo(BeEmpty())
	g.Expect(list("?catalog=no").status).To(Equal(http.StatusUnprocessableEntity))
}

// The control of a tenant that there is not says so.
func TestControlOfNoTenant(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	idp := provider.Start(t)
	a := send(t, request(t, http.MethodGet, idp.Address()+"/acme/_mock/clock", ""))
	g.Expect(a.status).To(Equal(http.StatusNotFound))
	g.Expect(refusal(t, a).Detail).To(Equal(`There is no tenant "acme". POST /_mock/tenants makes one.`))
	off := provider.Start(t, provider.WithoutControl())
	a = send(t, request(t, http.MethodGet, off.Address()+"/acme/_mock/clock", ""))
	g.Expect(a.body).NotTo(ContainSubstring("tenants"))
}
