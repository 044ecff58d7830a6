package provider_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// served starts a provider whose issuer is its address with a path after it.
func served(t *testing.T, path string, options ...provider.Option) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address = "http://" + server.Listener.Addr().String()
	p, err := provider.New(append([]provider.Option{provider.WithIssuer(address + path)}, options...)...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	server.Config.Handler = p
	server.Start()
	t.Cleanup(server.Close)
	return address
}

func get(t *testing.T, address string) answer {
	t.Helper()
	return send(t, request(t, http.MethodGet, address, ""))
}

// What the metadata says is what is served (RFC 8414 §2, §3).
func TestMetadataIsTrue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path    string
		options []provider.Option
		grants  []any
	}{
		"as it comes":              {"", nil, []any{"authorization_code", "client_credentials", "password", "refresh_token"}},
		"an issuer with a path":    {"/t1", nil, []any{"authorization_code", "client_credentials", "password", "refresh_token"}},
		"and a slash at its end":   {"/t1/", nil, []any{"authorization_code", "client_credentials", "password", "refresh_token"}},
		"the profile of OAuth 2.1": {"", []provider.Option{provider.WithProfile(provider.ProfileOAuth21)}, []any{"authorization_code", "client_credentials", "refresh_token"}},
		"other paths":              {"", []provider.Option{provider.WithPaths("token", "/oauth/token", "/legacy"), provider.WithPaths("jwks", "/certs")}, []any{"authorization_code", "client_credentials", "password", "refresh_token"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			address := served(t, test.path, test.options...)
			base := strings.TrimSuffix(test.path, "/")
			inserted := get(t, address+"/.well-known/oauth-authorization-server"+base)
			g.Expect(inserted.status).To(Equal(http.StatusOK))
			g.Expect(get(t, address+base+"/.well-known/oauth-authorization-server").body).To(Equal(inserted.body))
			metadata := inserted.json(t)
			g.Expect(metadata["issuer"]).To(Equal(address + test.path))
			openID := get(t, address+base+"/.well-known/openid-configuration").json(t)
			for member, value := range metadata {
				g.Expect(openID).To(HaveKeyWithValue(member, value))
				if endpoint, ok := value.(string); ok && strings.HasSuffix(member, "_endpoint") {
					g.Expect(get(t, endpoint).status).NotTo(Equal(http.StatusNotFound), member)
				}
			}
			g.Expect(get(t, metadata["jwks_uri"].(string)).status).To(Equal(http.StatusOK))
			g.Expect(metadata["grant_types_supported"]).To(Equal(test.grants))
			for _, grant := range []string{"client_credentials", "password", "refresh_token", "authorization_code", "implicit"} {
				a := postForm(t, metadata["token_endpoint"].(string), demo("grant_type", grant, "username", "alice", "password", "alice", "refresh_token", "none"))
				g.Expect(a.text(t, "error") == "unsupported_grant_type").To(Equal(!slices.Contains(test.grants, any(grant))), "%s: %s", grant, a.body)
			}
			for _, scope := range metadata["scopes_supported"].([]any) {
				if slices.Contains(test.grants, any("password")) {
					a := postForm(t, metadata["token_endpoint"].(string), demo("grant_type", "password", "username", "alice", "password", "alice", "scope", scope.(string)))
					g.Expect(a.text(t, "scope")).To(Equal(scope), a.body)
				}
			}
			g.Expect(get(t, address+"/healthz").status).To(Equal(http.StatusOK), "health is told at the root, too")
		})
	}
}

// Without a fixed issuer, each request's Host is it.
func TestIssuerFromHost(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p, err := provider.New()
	g.Expect(err).NotTo(HaveOccurred())
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	for _, host := range []string{"idp:9000", "localhost:9000", "idp.test"} {
		r := request(t, http.MethodGet, server.URL+"/.well-known/openid-configuration", "")
		r.Host = host
		metadata := send(t, r).json(t)
		g.Expect(metadata["issuer"]).To(Equal("http://" + host))
		g.Expect(metadata["token_endpoint"]).To(Equal("http://" + host + "/token"))
		r = request(t, http.MethodPost, server.URL+"/token", demo("grant_type", "client_credentials").Encode(), "Content-Type", formType)
		r.Host = host
		token := send(t, r).text(t, "access_token")
		about := postForm(t, server.URL+"/introspect", demo("token", token)).json(t)
		g.Expect(about["iss"]).To(Equal("http://" + host))
	}
}

// A path at which there is nothing is answered with what may have been meant.
func TestLostRequestsAreShownTheWay(t *testing.T) {
	t.Parallel()
	address := served(t, "/t1")
	for path, want := range map[string]string{
		"/token":      "did you mean /t1/token?",
		"/t1/tokens":  "did you mean /t1/token?",
		"/t1/token/":  "did you mean /t1/token?",
		"/t1/nowhere": "the metadata at /t1/.well-known/openid-configuration lists them",
		"//t1//token": "",
		"/t1%2Ftoken": "did you mean /t1/token?",
	} {
		g := NewWithT(t)
		a := get(t, address+path)
		g.Expect(a.status).To(Equal(http.StatusNotFound), path)
		g.Expect(a.text(t, "error_description")).To(ContainSubstring(want))
	}
}
