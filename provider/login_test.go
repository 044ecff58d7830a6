package provider_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// What users do next is done in order, each by the request that it is for.
func TestQueuedLogins(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		g.Expect(d.QueueLogin(
			provider.NextLogin{User: "alice", Client: "demo-public"}, provider.NextLogin{Deny: true},
			provider.NextLogin{Error: "temporarily_unavailable", ErrorDescription: "later"}, provider.NextLogin{User: "apitester", On: "refresh"},
			provider.NextLogin{User: "alice"},
		)).To(Succeed())
		g.Expect(callback(t, p, "demo").Get("error")).To(Equal("access_denied"))
		back := callback(t, p, "demo")
		g.Expect(back.Get("error")).To(Equal("temporarily_unavailable"))
		g.Expect(back.Get("error_description")).To(Equal("later"))
		back = callback(t, p, "demo", "scope", "openid offline_access")
		tokens := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
		alice, _ := p.UserNamed("alice")
		other, _ := p.UserNamed("apitester")
		g.Expect(claimsOf(t, tokens.text(t, "id_token"))["sub"]).To(Equal(alice.Subject))
		g.Expect(d.QueuedLogins()).To(HaveLen(2))

		swapped := refresh(t, p, tokens.text(t, "refresh_token"))
		g.Expect(claimsOf(t, swapped.text(t, "id_token"))["sub"]).To(Equal(other.Subject), "an identity swap")
		g.Expect(claimsOf(t, swapped.text(t, "access_token"))["sub"]).To(Equal(other.Subject))
		g.Expect(bearer(t, p, swapped.text(t, "access_token")).json(t)["sub"]).To(Equal(other.Subject))
		again := refresh(t, p, swapped.text(t, "refresh_token"))
		g.Expect(claimsOf(t, again.text(t, "id_token"))["sub"]).To(Equal(other.Subject), "from then on")
		g.Expect(d.QueuedLogins()).To(Equal([]provider.NextLogin{{User: "alice", Client: "demo-public"}}))
		d.ClearLogins()
		g.Expect(d.QueuedLogins()).To(BeEmpty())
	})
}

func TestLoginsThatCannotBe(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		for says, next := range map[string]provider.NextLogin{
			"one of user, deny and error": {},
			"user, deny and error":        {User: "alice", Deny: true},
			"Did you mean alice?":         {User: "alcie"},
			"Did you mean demo?":          {User: "alice", Client: "dmo"},
			"on is \"login\"":             {User: "alice", On: "login"},
			"only user can be":            {Deny: true, On: "refresh"},
			"printable ASCII":             {Error: "a\"b"},
			"goes with error":             {User: "alice", ErrorDescription: "x"},
		} {
			refused(t, d.QueueLogin(next), http.StatusUnprocessableEntity, says)
		}
		NewWithT(t).Expect(p.QueuedLogins()).To(BeEmpty())
	})
}

// A user who is queued and deleted meanwhile logs in nowhere.
func TestQueuedUserIsDeleted(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		g.Expect(d.QueueLogin(provider.NextLogin{User: "alice"}, provider.NextLogin{User: "alice", On: "refresh"})).To(Succeed())
		tokens := postForm(t, p.URL("token"), demo("grant_type", "password", "username", "apitester", "password", "apitester", "scope", "read offline_access"))
		g.Expect(d.RemoveUser("alice")).To(Succeed())
		v := newVisitor(t, p)
		a := v.visit(p.AuthorizationURL(p.Client(), nil))
		g.Expect(a.header.Get("Location")).NotTo(ContainSubstring("code="))
		g.Expect(a.status).To(BeNumerically("<", 500), a.body)
		other, _ := p.UserNamed("apitester")
		g.Expect(claimsOf(t, refresh(t, p, tokens.text(t, "refresh_token")).text(t, "access_token"))["sub"]).To(Equal(other.Subject), "nobody takes their place")
	})
}

// Revoking ends all of a user, of a client, or one grant, and says how much that was.
func TestRevoke(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		v, authorize := newVisitor(t, p), p.AuthorizationURL(p.Client(), params("scope", "openid"))
		code := sentBack(t, v.logIn(authorize, "alice")).Get("code")
		enter := func(username string) answer {
			return postForm(t, p.URL("token"), demo("grant_type", "password", "username", username, "password", username, "scope", "read offline_access"))
		}
		hers, his, own := enter("alice"), enter("apitester"), machine(t, p, "demo", "demo-secret")
		n, err := d.Revoke(provider.Revocation{User: "alice"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(n).To(Equal(3), "a code, an access and a refresh token")
		g.Expect(active(t, p, hers.text(t, "access_token"))).To(BeFalse())
		g.Expect(refresh(t, p, hers.text(t, "refresh_token")).text(t, "error")).To(Equal("invalid_grant"))
		g.Expect(postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI)).text(t, "error")).To(Equal("invalid_grant"))
		g.Expect(sentBack(t, v.visit(authorize+"&prompt=none")).Get("error")).To(Equal("login_required"), "the session ends")
		g.Expect(active(t, p, his.text(t, "access_token"))).To(BeTrue())

		n, err = d.Revoke(provider.Revocation{Token: his.text(t, "refresh_token")})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(n).To(Equal(2), "the whole grant")
		g.Expect(active(t, p, his.text(t, "access_token"))).To(BeFalse())
		g.Expect(active(t, p, own.text(t, "access_token"))).To(BeTrue())
		n, err = d.Revoke(provider.Revocation{Client: "demo"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(n).To(Equal(1))
		n, err = d.Revoke(provider.Revocation{User: "nobody"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(n).To(BeZero())
	})
}

// Keys are published before use, taken into use, and retired.
func TestKeysAtRunTime(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		sign := func() string { return machine(t, p, "demo", "demo-secret").text(t, "access_token") }
		first := sign()
		begun := get(t, p.URL("jwks")).body
		old := headerOf(t, first)["kid"].(string)
		g.Expect(d.change(provider.KeyChange{Publish: true})).To(Succeed())
		g.Expect(headerOf(t, sign())["kid"]).To(Equal(old))
		published := get(t, p.URL("jwks")).body
		refused := d.change(provider.KeyChange{Retire: old})
		g.Expect(refused).To(MatchError(ContainSubstring("rotate first")))
		g.Expect(d.change(provider.KeyChange{Rotate: true})).To(Succeed())
		second := sign()
		g.Expect(headerOf(t, second)["kid"]).NotTo(Equal(old))
		g.Expect(published).To(ContainSubstring(headerOf(t, second)["kid"].(string)), "published before")
		verified(t, p, first)
		verified(t, p, second)
		g.Expect(d.change(provider.KeyChange{Retire: old})).To(Succeed())
		g.Expect(verify(t, p, first)).NotTo(Succeed())
		g.Expect(d.change(provider.KeyChange{Add: "ES256"})).To(Succeed())
		g.Expect(p.Keys().Algs()).To(ContainElement("ES256"))
		g.Expect(d.change(provider.KeyChange{Reset: true})).To(Succeed())
		g.Expect(get(t, p.URL("jwks")).body).To(Equal(begun))
	})
}

// After a reset everything is as at the start, and under a seed the same things happen again.
func TestReset(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		scenario := func() []string {
			then := time.Date(2042, 1, 2, 3, 4, 5, 0, time.UTC)
			move := freeze()
			move.Set = &then
			g.Expect(d.move(move)).To(Succeed())
			v := newVisitor(t, p)
			entered := v.logIn(p.AuthorizationURL(p.Client(), params("scope", "openid offline_access")), "alice")
			tokens := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", sentBack(t, entered).Get("code"), "redirect_uri", redirectURI))
			made, err := d.AddClient(fixtures.Client{AccessToken: fixtures.AccessToken{Format: "opaque"}})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(d.change(provider.KeyChange{Rotate: true})).To(Succeed())
			minted, err := d.Mint(provider.Minting{})
			g.Expect(err).NotTo(HaveOccurred())
			return []string{
				entered.header.Get("Location"), entered.header.Get("Set-Cookie"), tokens.body, made.ID, made.Secret, minted,
				machine(t, p, made.ID, made.Secret).body, refresh(t, p, tokens.text(t, "refresh_token")).body,
			}
		}
		first, document := scenario(), get(t, p.Issuer()+"/.well-known/openid-configuration").body
		_, err := d.order(fault.Order{Name: "token_unavailable"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(d.RemoveUser("alice")).To(Succeed())
		tenant, v := p.Tenant("red"), newVisitor(t, p)
		authorize := p.AuthorizationURL(p.Client(), nil)
		v.logIn(authorize, "apitester")
		g.Expect(sentBack(t, v.visit(authorize+"&prompt=none")).Has("code")).To(BeTrue())
		g.Expect(d.QueueLogin(provider.NextLogin{Deny: true})).To(Succeed())

		d.Reset()
		g.Expect(p.Requests()).To(BeEmpty())
		g.Expect(p.QueuedLogins()).To(BeEmpty())
		g.Expect(sentBack(t, v.visit(authorize+"&prompt=none")).Get("error")).To(Equal("login_required"))
		g.Expect(p.Faults()).To(BeEmpty())
		g.Expect(p.Clock().State().Moved).To(BeFalse())
		g.Expect(p.Tenants()).To(ConsistOf(tenant), "tenants are their own")
		g.Expect(scenario()).To(Equal(first))
		g.Expect(get(t, p.Issuer()+"/.well-known/openid-configuration").body).To(Equal(document))
	}, provider.WithSeed("s"))
}
