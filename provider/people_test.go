package provider_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// bearer asks userinfo with a token.
func bearer(t *testing.T, p *provider.Provider, token string) answer {
	t.Helper()
	return send(t, request(t, http.MethodGet, p.URL("userinfo"), "", "Authorization", "Bearer "+token))
}

// machine asks for a token for a client itself.
func machine(t *testing.T, p *provider.Provider, id, secret string) answer {
	t.Helper()
	return postForm(t, p.URL("token"), params("grant_type", "client_credentials", "client_id", id, "client_secret", secret))
}

func refresh(t *testing.T, p *provider.Provider, token string) answer {
	t.Helper()
	return postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", token))
}

func TestUsersAtRunTime(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		bob, err := d.AddUser(fixtures.User{Username: "bob/bñb", Password: "one", Claims: map[string]any{"team": "red"}})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(bob.Subject).NotTo(BeEmpty(), "complete with what was left out")
		g.Expect(d.UserNamed("bob/bñb")).To(Equal(bob))
		g.Expect(p.UserNamed("bob/bñb")).To(Equal(bob))
		enter := func(password string) answer {
			return postForm(t, p.URL("token"), demo("grant_type", "password", "username", "bob/bñb", "password", password, "scope", "openid"))
		}
		token := enter("one").text(t, "access_token")
		g.Expect(bearer(t, p, token).json(t)).To(HaveKeyWithValue("team", "red"))

		_, err = d.AddUser(fixtures.User{Username: "bob/bñb", Password: "other"})
		refused(t, err, http.StatusConflict, "already")
		_, err = d.PatchUser("bob/bñb", `{"password":"two","claims":{"team":null,"floor":3}}`)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(enter("one").status).To(Equal(http.StatusBadRequest), "the old password")
		g.Expect(enter("two").status).To(Equal(http.StatusOK))
		g.Expect(bearer(t, p, token).json(t)).To(And(Not(HaveKey("team")), HaveKeyWithValue("floor", 3.0)), "claims are those of now")

		for _, patch := range []string{`{"status":"gone"}`, `{"username":""}`, `{"pasword":"x"}`, `[]`, `{`, `{"claims":{"sub":"x"}}`} {
			_, err = d.PatchUser("bob/bñb", patch)
			refused(t, err, http.StatusUnprocessableEntity, "")
		}
		g.Expect(enter("two").status).To(Equal(http.StatusOK), "a bad patch changes nothing")
		_, err = d.PatchUser("bob/bñb", `{"status":"locked"}`)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(enter("two").text(t, "error")).To(Equal("invalid_grant"))

		_, err = d.ReplaceUser(fixtures.User{Username: "bob/bñb", Password: "three"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(enter("three").status).To(Equal(http.StatusOK), "what was not given is as when it is left out")
		_, err = d.ReplaceUser(fixtures.User{Username: "carol", Password: "carol"})
		g.Expect(err).NotTo(HaveOccurred(), "PUT makes one, too (RFC 9110 §9.3.4)")

		g.Expect(d.RemoveUser("bob/bñb")).To(Succeed())
		refused(t, d.RemoveUser("bob/bñb"), http.StatusNotFound, "bob")
		_, err = d.UserNamed("carl")
		refused(t, err, http.StatusNotFound, "carol")
		_, err = d.PatchUser("alcie", `{}`)
		refused(t, err, http.StatusNotFound, "alice")
	})
}

// What a deletion does to what is alive: grants, userinfo, sessions, the refresh.
func TestDeletedUserIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		b, authorize := newVisitor(t, p), p.AuthorizationURL(p.Client(), params("scope", "openid"))
		back := sentBack(t, b.logIn(authorize, "alice"))
		tokens := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
		g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
		silent := authorize + "&prompt=none"
		unspent := sentBack(t, b.visit(silent)).Get("code")
		g.Expect(unspent).NotTo(BeEmpty())
		bystander := postForm(t, p.URL("token"), demo("grant_type", "password", "username", "apitester", "password", "apitester"))

		g.Expect(d.RemoveUser("alice")).To(Succeed())
		g.Expect(sentBack(t, b.visit(silent)).Get("error")).To(Equal("login_required"))
		g.Expect(refresh(t, p, tokens.text(t, "refresh_token")).text(t, "error")).To(Equal("invalid_grant"))
		g.Expect(bearer(t, p, tokens.text(t, "access_token")).status).To(Equal(http.StatusUnauthorized))
		g.Expect(active(t, p, tokens.text(t, "access_token"))).To(BeFalse())
		g.Expect(active(t, p, bystander.text(t, "access_token"))).To(BeTrue(), "others stay")
		redeemed := postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", unspent, "redirect_uri", redirectURI))
		g.Expect(redeemed.text(t, "error")).To(Equal("invalid_grant"))

		_, err := d.AddUser(fixtures.User{Username: "alice", Password: "alice"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(sentBack(t, b.visit(silent)).Get("error")).To(Equal("login_required"), "one of the same name does not inherit the session")
		g.Expect(refresh(t, p, tokens.text(t, "refresh_token")).text(t, "error")).To(Equal("invalid_grant"))
	})
}

// A user who vanishes while a page is open gets no code.
func TestUserVanishesBetweenPages(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		b, authorize := newVisitor(t, p), p.AuthorizationURL(p.Client(), params("scope", "openid read", "state", "s"))
		consent := b.logIn(authorize, "alice")
		g.Expect(consent.status).To(Equal(http.StatusOK), "the consent page")
		g.Expect(consent.body).To(ContainSubstring("Allow"))

		g.Expect(d.RemoveUser("alice")).To(Succeed())
		after := b.press(authorize, "action", "allow")
		g.Expect(after.header.Get("Location")).NotTo(ContainSubstring("code="))
		g.Expect(after.status).To(BeNumerically("<", 500), after.body)
		again := b.logIn(authorize, "alice")
		g.Expect(again.header.Get("Location")).NotTo(ContainSubstring("code="))
		g.Expect(again.status).To(BeNumerically("<", 500), again.body)
	}, provider.WithConsent("ask"))
}

func TestClientsAtRunTime(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		made, err := d.AddClient(fixtures.Client{Grants: []string{"client_credentials"}, Scopes: []string{"read"}})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(made.ID).To(MatchRegexp(`^[0-9a-f]{20}$`))
		g.Expect(made.Secret).To(MatchRegexp(`^[0-9a-f]{40}$`))
		g.Expect(d.ClientNamed(made.ID)).To(Equal(made))
		token := machine(t, p, made.ID, made.Secret)
		g.Expect(token.status).To(Equal(http.StatusOK), token.body)

		_, err = d.PatchClient(made.ID, `{"secret":"new-secret"}`)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(machine(t, p, made.ID, made.Secret).text(t, "error")).To(Equal("invalid_client"), "the old secret")
		g.Expect(machine(t, p, made.ID, "new-secret").status).To(Equal(http.StatusOK))

		replaced, err := d.ReplaceClient(fixtures.Client{ID: made.ID, Secret: "third", Grants: []string{"password"}})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(replaced.Scopes).NotTo(Equal(made.Scopes), "what was not given is as when it is left out")
		g.Expect(machine(t, p, made.ID, "third").text(t, "error")).To(Equal("unauthorized_client"))
		g.Expect(active(t, p, token.text(t, "access_token"))).To(BeTrue(), "grants stay")

		_, err = d.AddClient(fixtures.Client{ID: made.ID})
		refused(t, err, http.StatusConflict, "already")
		_, err = d.PatchClient(made.ID, `{"disabled":true}`)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(machine(t, p, made.ID, "third").text(t, "error")).To(Equal("invalid_client"))

		g.Expect(d.RemoveClient(made.ID)).To(Succeed())
		g.Expect(machine(t, p, made.ID, "third").text(t, "error")).To(Equal("invalid_client"))
		g.Expect(active(t, p, token.text(t, "access_token"))).To(BeFalse(), "its tokens end")
		_, err = d.AddClient(fixtures.Client{ID: made.ID, Secret: "third"})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(active(t, p, token.text(t, "access_token"))).To(BeFalse(), "one of the same id does not inherit them")
		refused(t, d.RemoveClient("dmo"), http.StatusNotFound, "demo")
	})
}

// All that is wrong is told at once, with its address, and nothing is made.
func TestClientWithTwoProblems(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		before := p.Clients()
		_, err := d.AddClient(fixtures.Client{ID: "web", Grants: []string{"pasword"}, RedirectURIs: []string{"/relative"}})
		refused(t, err, http.StatusUnprocessableEntity, `did you mean "password"`)
		fields := []string{}
		for _, e := range err.(*provider.Refusal).Errors {
			fields = append(fields, e.Field)
		}
		g.Expect(fields).To(ConsistOf(HaveSuffix("grants[0]"), HaveSuffix("redirect_uris[0]")), "%v", err)
		_, err = d.PatchClient("demo", `{"secret":"changed","grants":["pasword"]}`)
		refused(t, err, http.StatusUnprocessableEntity, "pasword")
		g.Expect(p.Clients()).To(Equal(before))
		g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK))
	})
}

// The metadata follows: the documents are kept, but not beyond a change.
func TestMetadataFollowsChanges(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		document := func() map[string]any {
			return get(t, p.Issuer()+"/.well-known/openid-configuration").json(t)
		}
		g.Expect(document()["claims_supported"]).NotTo(ContainElement("shoe_size"))
		g.Expect(document()["id_token_signing_alg_values_supported"]).NotTo(ContainElement("ES256"))

		_, err := d.AddUser(fixtures.User{Username: "bob", Password: "bob", Claims: map[string]any{"shoe_size": 43}})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(document()["claims_supported"]).To(ContainElement("shoe_size"))
		g.Expect(d.RemoveUser("bob")).To(Succeed())
		g.Expect(document()["claims_supported"]).NotTo(ContainElement("shoe_size"))

		_, err = d.AddClient(fixtures.Client{ID: "es", Secret: "es", IDToken: fixtures.IDToken{Alg: "ES256"}, RedirectURIs: []string{redirectURI}})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(document()["id_token_signing_alg_values_supported"]).To(ContainElement("ES256"))
		g.Expect(get(t, p.URL("jwks")).body).To(ContainSubstring(`"ES256"`))
		p.Login("alice")
		back := callback(t, p, "es", "scope", "openid")
		tokens := postForm(t, p.URL("token"), params("client_id", "es", "client_secret", "es",
			"grant_type", "authorization_code", "code", back.Get("code"), "redirect_uri", redirectURI))
		g.Expect(headerOf(t, tokens.text(t, "id_token"))).To(HaveKeyWithValue("alg", "ES256"))
		verified(t, p, tokens.text(t, "id_token"))

		d.Reset()
		g.Expect(document()["id_token_signing_alg_values_supported"]).NotTo(ContainElement("ES256"))
	})
}
