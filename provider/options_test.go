package provider_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/keys"
)

func TestWrongOptionsAreTold(t *testing.T) {
	t.Parallel()
	ring, err := keys.Development("ES256")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	handler := func(endpoint.House) http.Handler { return http.NotFoundHandler() }
	for name, test := range map[string]struct {
		option provider.Option
		want   string
	}{
		"an issuer without a scheme":    {provider.WithIssuer("localhost:9000"), `issuer: "localhost:9000" is no http or https URL; write it like http://localhost:9000`},
		"an issuer with a query":        {provider.WithIssuer("http://idp?x=1"), `issuer: "http://idp?x=1" has a query or fragment, which RFC 8414 section 2 forbids`},
		"an issuer with a space":        {provider.WithIssuer("http://idp/t 1"), `issuer: "http://idp/t 1" has a path with spaces, dots or empty parts`},
		"an issuer with dots":           {provider.WithIssuer("http://idp/../x"), `issuer: "http://idp/../x" has a path with spaces, dots or empty parts`},
		"an issuer with slashes":        {provider.WithIssuer("http://idp//"), `issuer: "http://idp//" has a path with spaces, dots or empty parts`},
		"an issuer's impossible port":   {provider.WithIssuer("http://idp:99999"), `issuer: "http://idp:99999" has a port that there is not`},
		"an issuer with a user":         {provider.WithIssuer("http://u:p@idp"), `issuer: "http://u:p@idp" has a username in it`},
		"an unknown algorithm":          {provider.WithSigningAlg("HS256"), `signing_alg: `},
		"keys of another algorithm":     {provider.WithKeys(ring), ``},
		"a fraction of a second":        {provider.WithAccessTokenLifespan(1500 * time.Millisecond), `access_token_lifespan: 1.5s; it must be a whole number of seconds, at least 1s`},
		"no lifespan":                   {provider.WithRefreshTokenLifespan(0), `refresh_token_lifespan: 0s; it must be a whole number of seconds, at least 1s`},
		"failures below none":           {provider.WithThrottle(-1, time.Minute), `throttle_failures: -1; 0 turns it off`},
		"a path for no endpoint":        {provider.WithPaths("tokne", "/x"), `path_tokne: there is no such endpoint`},
		"a path without a slash":        {provider.WithPaths("token", "x"), `path_token: "x" must begin with /`},
		"no path at all":                {provider.WithPaths("token"), `path_token: the endpoint needs a path`},
		"a path that is taken":          {provider.WithPaths("token", "/jwks"), `path_token: "/jwks" is the path of jwks already`},
		"an endpoint without a handler": {provider.WithEndpoint(endpoint.Endpoint{Name: "x", Paths: []string{"/x"}}), `endpoint: "x" has no handler`},
		"an endpoint's name twice":      {provider.WithEndpoint(endpoint.Endpoint{Name: "token", Paths: []string{"/x"}, Handler: handler}), `endpoint: there are two called "token"`},
		"fixtures":                      {provider.WithFixtures(fixtures.Set{Users: []fixtures.User{{Username: "bob"}}}), `users[0].password: password is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			_, err := provider.New(test.option)
			if test.want == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(err).To(MatchError(ContainSubstring(test.want)))
		})
	}
	_, err = provider.New(provider.WithKeys(ring), provider.WithSigningAlg("RS256"))
	NewWithT(t).Expect(err).To(MatchError("signing_alg: RS256 is not what the keys sign by default, which is ES256"))
}

// Keys of one's own sign, and are published.
func TestOwnKeys(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	public, private, err := ed25519.GenerateKey(nil)
	g.Expect(err).NotTo(HaveOccurred())
	der, err := x509.MarshalPKCS8PrivateKey(private)
	g.Expect(err).NotTo(HaveOccurred())
	ring, err := keys.Parse(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), "")
	g.Expect(err).NotTo(HaveOccurred())
	p := provider.Start(t, provider.WithKeys(ring))
	token := login(t, p).text(t, "access_token")
	dot := strings.LastIndex(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ed25519.Verify(public, []byte(token[:dot]), signature)).To(BeTrue())
	header := headerOf(t, token)
	g.Expect(header).To(And(HaveKeyWithValue("alg", "EdDSA"), HaveKeyWithValue("typ", "at+jwt")))
	g.Expect(get(t, p.URL("jwks")).body).To(ContainSubstring(`"kid":"` + header["kid"].(string) + `"`))
}

// An endpoint that panics is answered as a server's error, and one that panics in
// the middle of its answer is cut off.
func TestPanickingEndpoints(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	end := func(name string, serve http.HandlerFunc) provider.Option {
		return provider.WithEndpoint(endpoint.Endpoint{
			Name: name, Paths: []string{"/" + name}, Methods: []string{http.MethodGet},
			Handler: func(endpoint.House) http.Handler { return serve },
		})
	}
	var log syncBuffer
	p := provider.Start(t, provider.WithLogger(log.logger()),
		end("before", func(http.ResponseWriter, *http.Request) { panic("no answer") }),
		end("after", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.Repeat("half an answer ", 1000)))
			panic("half an answer")
		}))
	a := get(t, p.URL("before"))
	g.Expect(a.status).To(Equal(http.StatusInternalServerError))
	g.Expect(a.text(t, "error")).To(Equal("server_error"))
	response, err := http.Get(p.URL("after"))
	if err == nil {
		_, err = response.Body.Read(make([]byte, 1<<20))
		for err == nil {
			_, err = response.Body.Read(make([]byte, 1<<20))
		}
	}
	g.Expect(err).To(MatchError(ContainSubstring("EOF")))
	g.Expect(log.String()).To(And(ContainSubstring(`msg=panic value="no answer"`), ContainSubstring(`msg="connection dropped"`)))
	g.Expect(get(t, p.URL("jwks")).status).To(Equal(http.StatusOK), "the next request is served")
}

// Start puts a provider where its address says, whatever its issuer.
func TestStartTellsItsAddress(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithIssuer("https://issuer.example"))
	g.Expect(p.Issuer()).To(Equal("https://issuer.example"))
	g.Expect(p.URL("token")).To(Equal("https://issuer.example/token"))
	g.Expect(get(t, p.Address()+"/.well-known/openid-configuration").json(t)).To(HaveKeyWithValue("issuer", "https://issuer.example"))
	g.Expect(p.Client().ID).To(Equal("demo"))
	g.Expect(p.User().Username).To(Equal("apitester"))
}

// What Start hands out is a copy: a test may do with it what it likes.
func TestFixturesAreCopies(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	set := fixtures.Set{Clients: []fixtures.Client{{ID: "web", Secret: "s3cret", Scopes: []string{"read"}}}}
	p := provider.Start(t, provider.WithFixtures(set))
	set.Clients[0].Scopes[0] = "admin"
	p.Fixtures().Clients[0].Scopes[0] = "admin"
	a := postForm(t, p.URL("token"), params("client_id", "web", "client_secret", "s3cret", "grant_type", "client_credentials", "scope", "admin"))
	g.Expect(a.text(t, "error")).To(Equal("invalid_scope"))
}
