package provider_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

const app = "https://app.example"

// preflight is what a browser sends before a page's request.
func preflight(p http.Handler, path, origin, method string) answer {
	return ask(p, http.MethodOptions, "http://idp"+path, nil, "Origin", origin,
		"Access-Control-Request-Method", method, "Access-Control-Request-Headers", "authorization,content-type,dpop")
}

// Pages may use the endpoints that are for them, of every origin or of those
// listed, and never with cookies.
func TestCORS(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []provider.Option
		origin  string
		allowed string // Access-Control-Allow-Origin; empty when it may not
		vary    string
		refused int // status of a preflight that is refused
	}{
		"by default":             {nil, app, "*", "", 0},
		"by default, a sandbox":  {nil, "null", "*", "", 0},
		"an origin listed":       {[]provider.Option{provider.WithCORSOrigins("http://localhost:3000", app)}, app, app, "Origin", 0},
		"an origin not listed":   {[]provider.Option{provider.WithCORSOrigins(app)}, "https://evil.example", "", "Origin", http.StatusForbidden},
		"an origin's other port": {[]provider.Option{provider.WithCORSOrigins(app)}, app + ":8443", "", "Origin", http.StatusForbidden},
		"an origin's beginning":  {[]provider.Option{provider.WithCORSOrigins(app)}, app + ".evil.example", "", "Origin", http.StatusForbidden},
		"off":                    {[]provider.Option{provider.WithCORSOrigins()}, app, "", "", http.StatusMethodNotAllowed},
		"through a fault": {
			[]provider.Option{provider.WithFaults(fault.Fault{Name: "teapot", Say: func(s *fault.Said) { s.Status = http.StatusTeapot }})}, app, "*", "", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := provider.New(append(test.options, page())...)
			NewWithT(t).Expect(err).NotTo(HaveOccurred())
			for path, method := range map[string]string{
				"/token": http.MethodPost, "/oauth2/access_token": http.MethodPost, "/revoke": http.MethodPost, "/jwks": http.MethodGet, "/userinfo": http.MethodGet,
				"/.well-known/openid-configuration": http.MethodGet, "/.well-known/oauth-authorization-server": http.MethodGet,
			} {
				g := NewWithT(t)
				a := preflight(p, path, test.origin, method)
				g.Expect(a.header.Get("Access-Control-Allow-Origin")).To(Equal(test.allowed), path)
				g.Expect(a.header.Get("Vary")).To(Equal(test.vary), path)
				if test.refused != 0 {
					g.Expect(a.status).To(Equal(test.refused), path)
				} else {
					g.Expect(a.status).To(Equal(http.StatusNoContent), path)
					g.Expect(a.body).To(BeEmpty())
					g.Expect(a.header.Get("Access-Control-Allow-Methods")).To(ContainSubstring(method))
					g.Expect(a.header.Get("Access-Control-Allow-Headers")).To(And(ContainSubstring("Authorization"), ContainSubstring("Content-Type"), ContainSubstring("DPoP")))
					g.Expect(a.header.Get("Access-Control-Max-Age")).To(MatchRegexp(`^\d+$`))
				}
				for _, actual := range []answer{
					ask(p, method, "http://idp"+path, nil, "Origin", test.origin),                                                                                       // 400 or 200
					ask(p, http.MethodPut, "http://idp"+path, nil, "Origin", test.origin),                                                                               // 405
					ask(p, method, "http://idp"+path, params("client_id", "demo", "client_secret", "x", "grant_type", "password", "token", "x"), "Origin", test.origin), // 401
					ask(p, method, "http://idp"+path, demo("grant_type", "client_credentials", "token", "x"), "Origin", test.origin),                                    // 200
					a,
				} {
					g.Expect(actual.header.Get("Access-Control-Allow-Origin")).To(Equal(test.allowed), "%s: %d %s", path, actual.status, actual.body)
					g.Expect(actual.header).NotTo(HaveKey("Access-Control-Allow-Credentials"))
					if test.allowed != "" {
						g.Expect(actual.header.Get("Access-Control-Expose-Headers")).To(And(ContainSubstring("WWW-Authenticate"), ContainSubstring("Retry-After")))
					}
				}
			}
			for path, method := range map[string]string{
				"/introspect": http.MethodPost, "/api/verify": http.MethodGet, "/healthz": http.MethodGet, "/page": http.MethodGet, "/authorize": http.MethodGet, "/end_session": http.MethodGet, "/nowhere": http.MethodGet,
			} {
				g := NewWithT(t)
				for _, a := range []answer{preflight(p, path, test.origin, method), ask(p, method, "http://idp"+path, nil, "Origin", test.origin)} {
					for header := range a.header {
						g.Expect(strings.HasPrefix(header, "Access-Control-") || header == "Vary").To(BeFalse(), "%s has %s", path, header)
					}
				}
			}
		})
	}
}

// A preflight uses up no fault that waits for the request behind it, and an OPTIONS
// that is none is a method like others.
func TestPreflightIsNoRequest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var log syncBuffer
	p, err := provider.New(provider.WithFaults(fault.TokenUnavailable.Once()), provider.WithLogger(log.logger()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(preflight(p, "/token", app, http.MethodPost).status).To(Equal(http.StatusNoContent))
	g.Expect(log.String()).To(ContainSubstring("msg=preflight status=204"))
	a := ask(p, http.MethodPost, "http://idp/token", demo("grant_type", "client_credentials"), "Origin", app)
	g.Expect(a.status).To(Equal(http.StatusServiceUnavailable))
	g.Expect(a.header.Get("Access-Control-Allow-Origin")).To(Equal("*"))
	a = ask(p, http.MethodOptions, "http://idp/token", nil, "Origin", app)
	g.Expect(a.status).To(Equal(http.StatusMethodNotAllowed))
	g.Expect(a.header.Get("Allow")).To(Equal("POST"))
	refused := preflight(newProviderOf(t, provider.WithCORSOrigins(app)), "/token", "https://evil.example", http.MethodPost)
	g.Expect(refused.text(t, "error_description")).To(ContainSubstring("'https://evil.example'"))
}

func newProviderOf(t *testing.T, options ...provider.Option) *provider.Provider {
	t.Helper()
	p, err := provider.New(options...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return p
}
