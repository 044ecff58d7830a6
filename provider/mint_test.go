package provider_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v3"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// verify checks a JWT as a client does: with go-jose, and the published keys.
func verify(t *testing.T, p *provider.Provider, token string) error {
	t.Helper()
	var set jose.JSONWebKeySet
	NewWithT(t).Expect(json.Unmarshal([]byte(get(t, p.URL("jwks")).body), &set)).To(Succeed())
	parsed, err := jose.ParseSigned(token)
	if err != nil {
		return err
	}
	_, err = parsed.Verify(set) // finds the key by its kid
	return err
}

func verified(t *testing.T, p *provider.Provider, token string) {
	t.Helper()
	NewWithT(t).Expect(verify(t, p, token)).To(Succeed(), token)
}

func TestMint(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		mint := func(t *testing.T, m provider.Minting) string {
			t.Helper()
			token, err := d.Mint(m)
			NewWithT(t).Expect(err).NotTo(HaveOccurred())
			return token
		}
		t.Run("an access token as it should be", func(t *testing.T) {
			g := NewWithT(t)
			token := mint(t, provider.Minting{User: "alice", Scope: "openid read"})
			verified(t, p, token)
			g.Expect(headerOf(t, token)).To(HaveKeyWithValue("typ", "at+jwt"))
			g.Expect(claimsOf(t, token)).To(And(HaveKeyWithValue("iss", p.Issuer()), HaveKeyWithValue("scope", "openid read"),
				HaveKeyWithValue("client_id", "demo"), HaveKey("jti"), HaveKey("exp"), HaveKey("aud")))
			g.Expect(active(t, p, token)).To(BeFalse(), "nobody has registered it")
		})
		t.Run("an ID token with claims and a header of one's own", func(t *testing.T) {
			g := NewWithT(t)
			token := mint(t, provider.Minting{
				Kind: "id_token", User: "alice",
				Claims: provider.Claims{"aud": []any{"x", "y"}, "exp": nil, "nonce": 5}, Header: map[string]any{"typ": nil, "x": "y"},
			})
			verified(t, p, token)
			g.Expect(claimsOf(t, token)).To(And(Not(HaveKey("exp")), HaveKeyWithValue("nonce", 5.0), HaveKeyWithValue("aud", []any{"x", "y"})))
			g.Expect(headerOf(t, token)).To(And(Not(HaveKey("typ")), HaveKeyWithValue("x", "y")))
		})
		t.Run("by a foreign key under a published kid", func(t *testing.T) {
			g := NewWithT(t)
			kid := p.Keys().Published()[0].Key.ID()
			token := mint(t, provider.Minting{Key: "foreign", Header: map[string]any{"kid": kid}})
			g.Expect(headerOf(t, token)).To(HaveKeyWithValue("kid", kid))
			g.Expect(verify(t, p, token)).NotTo(Succeed())
		})
		t.Run("by nothing", func(t *testing.T) {
			g := NewWithT(t)
			token := mint(t, provider.Minting{Key: "none"})
			g.Expect(headerOf(t, token)).To(HaveKeyWithValue("alg", "none"))
			g.Expect(token).To(HaveSuffix("."))
		})
		t.Run("by a key that no longer signs", func(t *testing.T) {
			g := NewWithT(t)
			old := p.Keys().Published()[0].Key.ID()
			g.Expect(d.change(provider.KeyChange{Rotate: true})).To(Succeed())
			token := mint(t, provider.Minting{Key: old})
			g.Expect(headerOf(t, token)).To(HaveKeyWithValue("kid", old))
			verified(t, p, token)
			g.Expect(headerOf(t, mint(t, provider.Minting{}))["kid"]).NotTo(Equal(old))
		})
	})
}

// What is registered is a token like any other, and what has expired is not.
func TestMintRegistered(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		for name, m := range map[string]provider.Minting{
			"jwt":    {User: "alice", Scope: "openid", Register: true},
			"opaque": {User: "alice", Scope: "openid", Register: true, Format: "opaque"},
		} {
			t.Run(name, func(t *testing.T) {
				g := NewWithT(t)
				token, err := d.Mint(m)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(active(t, p, token)).To(BeTrue())
				g.Expect(bearer(t, p, token).json(t)).To(HaveKey("sub"))
				n, err := d.Revoke(provider.Revocation{Token: token})
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(n).To(Equal(1))
				g.Expect(active(t, p, token)).To(BeFalse())

				m.Claims = provider.Claims{"exp": p.Clock().Now().Add(-time.Minute).Unix()}
				expired, err := d.Mint(m)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(active(t, p, expired)).To(BeFalse())
				g.Expect(bearer(t, p, expired).status).To(Equal(http.StatusUnauthorized))
			})
		}
		t.Run("a refresh token", func(t *testing.T) {
			g := NewWithT(t)
			token, err := d.Mint(provider.Minting{Kind: "refresh_token", User: "alice", Scope: "openid offline_access read", Register: true})
			g.Expect(err).NotTo(HaveOccurred())
			a := refresh(t, p, token)
			g.Expect(a.status).To(Equal(http.StatusOK), a.body)
			g.Expect(a.text(t, "scope")).To(Equal("openid offline_access read"))
			verified(t, p, a.text(t, "access_token"))
		})
	})
}

func TestMintRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, _ *provider.Provider, d door) {
		for says, m := range map[string]provider.Minting{
			`none of access_token`:       {Kind: "token"},
			`neither jwt nor opaque`:     {Format: "paseto"},
			`leave out format and reg`:   {Kind: "id_token", Register: true},
			`Refresh tokens are opaque`:  {Kind: "refresh_token", Format: "jwt"},
			`did you mean 'demo'?`:       {Client: "dmo"},
			`did you mean 'alice'?`:      {User: "alcie"},
			`nor the kid of a published`: {Key: "nokey"},
		} {
			_, err := d.Mint(m)
			refused(t, err, http.StatusUnprocessableEntity, says)
		}
	})
}
