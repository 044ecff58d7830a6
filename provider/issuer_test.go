package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// ask has a handler answer a request that came by a name, without a network.
func ask(handler http.Handler, method, address string, form url.Values, headers ...string) answer {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", formType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// page is an endpoint that a browser visits. It tells what it knows of its names.
func page() provider.Option {
	return provider.WithEndpoint(endpoint.Endpoint{
		Name: "page", Paths: []string{"/page"}, Methods: []string{http.MethodGet}, Member: "page_endpoint", Browser: true,
		Handler: func(endpoint.House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				x := record.From(r.Context())
				_, _ = fmt.Fprintln(w, x.Issuer, x.BrowserURL, x.Secure)
			})
		},
	})
}

// Whichever name a request came by, there is one issuer, and browsers are sent to
// the name that they know.
func TestOneIssuerSeenFromTwoSides(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		issuer, browser string
		token, page     string   // as advertised
		pages           []string // the paths of the page
		secure          bool
	}{
		"two names": {
			issuer: "http://idp:9000", browser: "http://localhost:9000",
			token: "http://idp:9000/token", page: "http://localhost:9000/page", pages: []string{"/page"},
		},
		"two names, each with a slash at its end": {
			issuer: "http://idp:9000/", browser: "http://localhost:9000/",
			token: "http://idp:9000/token", page: "http://localhost:9000/page", pages: []string{"/page"},
		},
		"another path for browsers": {
			issuer: "http://idp:9000/t1", browser: "https://login.example/sso/",
			token: "http://idp:9000/t1/token", page: "https://login.example/sso/page", pages: []string{"/t1/page", "/sso/page"}, secure: true,
		},
		"a path for browsers only": {
			issuer: "http://idp:9000", browser: "http://localhost:9000/sso",
			token: "http://idp:9000/token", page: "http://localhost:9000/sso/page", pages: []string{"/page", "/sso/page"},
		},
		"one name": {
			issuer: "https://idp.example/t1/",
			token:  "https://idp.example/t1/token", page: "https://idp.example/t1/page", pages: []string{"/t1/page"}, secure: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p, err := provider.New(provider.WithIssuer(test.issuer), provider.WithBrowserURL(test.browser), page())
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.URL("page")).To(Equal(test.page))
			g.Expect(p.URL("token")).To(Equal(test.token))
			g.Expect(p.BrowserURL()).To(Equal(strings.TrimSuffix(test.page, "/page")))
			token, err := url.Parse(test.token)
			g.Expect(err).NotTo(HaveOccurred())
			below := strings.TrimSuffix(token.Path, "/token")
			for _, host := range []string{"idp:9000", "localhost:9000", "10.1.2.3"} {
				at := "http://" + host
				metadata := ask(p, http.MethodGet, at+below+"/.well-known/openid-configuration", nil).json(t)
				g.Expect(metadata).To(And(HaveKeyWithValue("issuer", test.issuer), HaveKeyWithValue("token_endpoint", test.token), HaveKeyWithValue("page_endpoint", test.page)))
				access := ask(p, http.MethodPost, at+token.Path, demo("grant_type", "client_credentials")).text(t, "access_token")
				g.Expect(claimsOf(t, access)["iss"]).To(Equal(test.issuer))
				about := ask(p, http.MethodPost, at+below+"/introspect", demo("token", access)).json(t)
				g.Expect(about).To(HaveKeyWithValue("iss", test.issuer))
				for _, path := range test.pages {
					a := ask(p, http.MethodGet, at+path, nil)
					g.Expect(a.body).To(Equal(fmt.Sprintln(test.issuer, p.BrowserURL(), test.secure)))
				}
				if len(test.pages) > 1 {
					path := strings.TrimSuffix(test.pages[1], "/page") + "/token"
					g.Expect(ask(p, http.MethodGet, at+path, nil).status).To(Equal(http.StatusNotFound), "what is not for browsers is not there")
				}
			}
		})
	}
}

func TestWrongNamesAreTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []provider.Option
		want    string
	}{
		"a browser's URL without an issuer": {[]provider.Option{provider.WithBrowserURL("http://localhost:9000")}, "browser_url: it needs an issuer beside it"},
		"a browser's URL that is none":      {[]provider.Option{provider.WithIssuer("http://idp"), provider.WithBrowserURL("localhost:9000")}, `browser_url: "localhost:9000" is no http or https URL`},
		"a browser's URL with a query":      {[]provider.Option{provider.WithIssuer("http://idp"), provider.WithBrowserURL("http://localhost/?a=b")}, `browser_url: "http://localhost/?a=b" has a query`},
		"a page where an endpoint is": {
			[]provider.Option{provider.WithIssuer("http://idp"), provider.WithBrowserURL("http://localhost/sso"), page(), provider.WithPaths("token", "/sso/page")},
			"browser_url: with its path, token and page would both be at /sso/page",
		},
		"plain http at a port of TLS":   {[]provider.Option{provider.WithIssuer("http://idp:9000"), provider.WithTLS()}, `issuer: "http://idp:9000" is not https, but the port speaks TLS`},
		"a TLS host with a port":        {[]provider.Option{provider.WithTLS("idp:9000")}, `tls_hosts: "idp:9000" is neither a name nor an address`},
		"a TLS host with a scheme":      {[]provider.Option{provider.WithTLS("https://idp")}, `tls_hosts: "https://idp" is neither`},
		"a TLS host beyond ASCII":       {[]provider.Option{provider.WithTLS("münchen.example")}, `tls_hosts: "münchen.example" is neither`},
		"an origin with a path":         {[]provider.Option{provider.WithCORSOrigins("https://app.example/")}, `cors_origins: "https://app.example/" is not how browsers write an origin, which is https://app.example`},
		"an origin with its port":       {[]provider.Option{provider.WithCORSOrigins("HTTPS://App.example:443")}, `which is https://app.example`},
		"an origin without a scheme":    {[]provider.Option{provider.WithCORSOrigins("app.example")}, `cors_origins: "app.example" is no origin`},
		"the origin of nobody":          {[]provider.Option{provider.WithCORSOrigins("null")}, `cors_origins: "null" is no origin`},
		"a pattern of origins":          {[]provider.Option{provider.WithCORSOrigins("https://*.example")}, `cors_origins: "https://*.example" is no origin`},
		"all origins and one":           {[]provider.Option{provider.WithCORSOrigins("*", "https://app.example")}, `cors_origins: * is every origin already`},
		"an origin with a strange host": {[]provider.Option{provider.WithCORSOrigins("https://münchen.example")}, `has a host that there is not`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := provider.New(test.options...)
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(test.want)))
		})
	}
}

// A Host that is none is not believed.
func TestStrangeHosts(t *testing.T) {
	t.Parallel()
	p, err := provider.New()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, host := range []string{"", `idp"><script>`, "user@idp", "idp/path", "idp:", "idp:x", "[::1", "a b"} {
		r := httptest.NewRequest(http.MethodGet, "/.well-known/openid-configuration", nil)
		r.Host = host
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		NewWithT(t).Expect(answer{body: w.Body.String()}.text(t, "issuer")).To(Equal("http://localhost"), host)
	}
}

// A browser logs in at its own name, and what comes of it is of the one issuer.
func TestLoginUnderTwoNames(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := newProviderOf(t, provider.WithIssuer("http://idp:9000"), provider.WithBrowserURL("https://localhost:9000"), provider.WithLogin("auto"))
	metadata := ask(p, http.MethodGet, "http://idp:9000/.well-known/openid-configuration", nil).json(t)
	g.Expect(metadata).To(And(
		HaveKeyWithValue("authorization_endpoint", "https://localhost:9000/authorize"), HaveKeyWithValue("end_session_endpoint", "https://localhost:9000/end_session"),
		HaveKeyWithValue("userinfo_endpoint", "http://idp:9000/userinfo"), HaveKeyWithValue("jwks_uri", "http://idp:9000/jwks")))
	query := params("response_type", "code", "client_id", "demo", "redirect_uri", redirectURI, "scope", "openid", "nonce", "n", "login_hint", "alice")
	a := ask(p, http.MethodGet, "https://localhost:9000/authorize?"+query.Encode(), nil)
	back, err := url.Parse(a.header.Get("Location"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(back.Query().Get("iss")).To(Equal("http://idp:9000"), a.body)
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		g.Expect(cookie.Secure).To(BeTrue(), cookie.Name)
	}
	form := demo("grant_type", "authorization_code", "code", back.Query().Get("code"), "redirect_uri", redirectURI)
	tokens := ask(p, http.MethodPost, "http://idp:9000/token", form)
	g.Expect(claimsOf(t, tokens.text(t, "id_token"))["iss"]).To(Equal("http://idp:9000"))
	userinfo := ask(p, http.MethodGet, "http://idp:9000/userinfo", nil, "Authorization", "Bearer "+tokens.text(t, "access_token"))
	g.Expect(userinfo.status).To(Equal(http.StatusOK), userinfo.body)
}
