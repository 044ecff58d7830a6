package check_test

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

func TestMetadataAddresses(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string][2]string{
		"https://idp.example":       {"https://idp.example" + metadataPath, "https://idp.example" + openIDPath},
		"https://idp.example/":      {"https://idp.example" + metadataPath, "https://idp.example" + openIDPath},
		"https://idp.example/t1":    {"https://idp.example" + metadataPath + "/t1", "https://idp.example/t1" + openIDPath},
		"https://idp.example/a/b/":  {"https://idp.example" + metadataPath + "/a/b", "https://idp.example/a/b" + openIDPath},
		"http://[::1]:9000/realm/x": {"http://[::1]:9000" + metadataPath + "/realm/x", "http://[::1]:9000/realm/x" + openIDPath},
	} {
		target := &check.Target{Issuer: issuer}
		g := NewWithT(t)
		g.Expect(target.MetadataURL()).To(Equal(want[0]))
		g.Expect(target.OpenIDMetadataURL()).To(Equal(want[1]))
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bodies map[string]string
		from   any
	}{
		"RFC 8414's first":          {map[string]string{metadataPath: `{"from":"8414"}`, openIDPath: `{"from":"openid"}`}, "8414"},
		"OpenID Connect's else":     {map[string]string{openIDPath: `{"from":"openid"}`}, "openid"},
		"what is no object is none": {map[string]string{metadataPath: `["8414"]`, openIDPath: `{"from":"openid"}`}, "openid"},
		"none":                      {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			server := serve(t, c.bodies)
			target := &check.Target{Issuer: server.URL}
			for range 3 {
				metadata, err := target.Metadata(context.Background())
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(metadata["from"] == c.from).To(BeTrue(), "%v", metadata)
			}
			g.Expect(server.visits[metadataPath]).To(Equal(1), "it is read once")
		})
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	rich := `{
		"grant_types_supported": ["client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
		"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none", "private_key_jwt"],
		"introspection_endpoint": "x", "revocation_endpoint": "x", "jwks_uri": "x",
		"userinfo_endpoint": "x", "userinfo_signing_alg_values_supported": ["RS256"], "end_session_endpoint": "x", "registration_endpoint": "x",
		"dpop_signing_alg_values_supported": ["ES256"],
		"response_types_supported": ["code", "token id_token", "code id_token"]
	}`
	told := []check.Feature{
		check.ClientCredentials, check.Password, check.Refresh, check.BasicAuth, check.PostAuth, check.PublicClients,
		check.JWTClientAuth, check.Introspection, check.Revocation, check.PublishedKeys, check.Discovery, check.OpenIDDiscovery,
		check.UserInfo, check.SignedUserInfo, check.StrictBearer, check.EndSession, check.Implicit, check.Hybrid, check.IDTokenInFront,
		check.JWTBearerGrant, check.SenderConstrained, check.DynamicRegistration,
	}
	silent := []check.Feature{
		check.JWTAccessTokens, check.ResourceIndicators, check.ProtectedResource, check.BearerErrors, check.ResourceMetadata,
		check.StepUp, check.MovableClock, check.BruteForceLimit, check.StoreFaults, check.KeyRotation, check.UserRemoval, check.TLS,
		check.ClientKeyRotation, check.FAPI2, check.RFC9700, check.OAuth21,
	}
	equipped := func(issuer string) *check.Target {
		return &check.Target{
			Issuer: issuer, Endpoints: map[string]string{"resource": "x"},
			Advance: func(time.Duration) {}, FailStore: func() func() { return nil }, RotateKeys: func() {},
			NewUser: func() (check.User, func()) { return check.User{}, nil }, RotateClientKey: func() check.Client { return check.Client{} },
		}
	}
	full, empty := serve(t, map[string]string{metadataPath: rich}), serve(t, map[string]string{metadataPath: `{}`})
	for name, c := range map[string]struct {
		target *check.Target
		has    []check.Feature
		lacks  []check.Feature
	}{
		"metadata that tells":      {&check.Target{Issuer: full.URL}, told, silent},
		"tokens by certificate":    {&check.Target{Issuer: serve(t, map[string]string{metadataPath: `{"tls_client_certificate_bound_access_tokens":true}`}).URL}, []check.Feature{check.SenderConstrained}, nil},
		"metadata that does not":   {&check.Target{Issuer: empty.URL}, nil, append(told, silent...)},
		"by declaration":           {&check.Target{Issuer: unreachable(), Features: append(told, silent...)}, append(told, silent...), nil},
		"by what the target can":   {equipped(empty.URL), []check.Feature{check.ProtectedResource, check.MovableClock, check.StoreFaults, check.KeyRotation, check.UserRemoval, check.ClientKeyRotation}, told},
		"by the issuer's scheme":   {&check.Target{Issuer: "https://idp.example"}, []check.Feature{check.TLS}, nil},
		"a feature nobody knows":   {&check.Target{Issuer: full.URL}, nil, []check.Feature{"flying"}},
		"no metadata, and a claim": {&check.Target{Issuer: serve(t, nil).URL, Features: []check.Feature{check.Password}}, []check.Feature{check.Password}, []check.Feature{check.Discovery, check.Refresh}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			for _, f := range c.has {
				has, err := c.target.Has(context.Background(), f)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(has).To(BeTrue(), string(f))
			}
			for _, f := range c.lacks {
				has, err := c.target.Has(context.Background(), f)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(has).To(BeFalse(), string(f))
			}
		})
	}
	_, err := (&check.Target{Issuer: unreachable()}).Has(context.Background(), check.Password)
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("the target cannot be reached")))
}

func TestURL(t *testing.T) {
	t.Parallel()
	server := serve(t, map[string]string{metadataPath: `{"token_endpoint":"https://idp.example/token","jwks_uri":"https://idp.example/jwks","odd_endpoint":7}`})
	for endpoint, want := range map[string]string{
		"https://other.example/x": "https://other.example/x",
		"token":                   "https://idp.example/token",
		"jwks_uri":                "https://idp.example/jwks",
		"revocation":              "https://declared.example/revoke",
		"resource":                "https://declared.example/api",
		"introspection":           "",
		"odd":                     "",
	} {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			got := ""
			v := run(&check.Target{Issuer: server.URL, Endpoints: map[string]string{
				"revocation_endpoint": "https://declared.example/revoke", "resource": "https://declared.example/api",
			}}, func(t *check.T) { got = t.URL(endpoint) })
			g := NewWithT(t)
			g.Expect(got).To(Equal(want))
			if want == "" {
				g.Expect(v).To(Equal(check.Verdict{State: check.Untestable, Reason: "the target names no " + endpoint + " endpoint"}))
			}
		})
	}
}
