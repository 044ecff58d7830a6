package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// What a trusted proxy says is what the issuer is made of; what it cannot have
// meant is as unsaid; and nothing of it matters unless the proxy is trusted.
func TestForwardedHeaders(t *testing.T) {
	t.Parallel()
	trusting, err := provider.New(provider.WithTrustedProxy(), page())
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	wary, err := provider.New(page())
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	const unsaid = "http://backend:9000"
	for name, test := range map[string]struct {
		headers []string
		want    string
	}{
		"none":                             {nil, unsaid},
		"Forwarded":                        {[]string{"Forwarded", "for=192.0.2.60;proto=https;host=idp.example"}, "https://idp.example"},
		"Forwarded, proto alone":           {[]string{"Forwarded", "proto=https"}, "https://backend:9000"},
		"Forwarded, quoted":                {[]string{"Forwarded", `For="[2001:db8::1]:4711"; Proto=HTTPS ; Host="idp.example:8443"`}, "https://idp.example:8443"},
		"Forwarded, with escapes":          {[]string{"Forwarded", `host="idp\.example"`}, "http://idp.example"},
		"Forwarded, several":               {[]string{"Forwarded", "host=first.example;proto=https, host=second.example;proto=http"}, "https://first.example"},
		"Forwarded, in several lines":      {[]string{"Forwarded", "host=first.example", "Forwarded", "host=second.example"}, "http://first.example"},
		"Forwarded, a comma in quotes":     {[]string{"Forwarded", `for="a,b";host=idp.example`}, "http://idp.example"},
		"Forwarded, empty pairs":           {[]string{"Forwarded", ";;host=idp.example;"}, "http://idp.example"},
		"Forwarded, unquoted port":         {[]string{"Forwarded", "host=idp.example:8443;proto=https"}, "https://idp.example:8443"},
		"Forwarded, IPv6":                  {[]string{"Forwarded", `host="[2001:db8::1]:9443";proto=https`}, "https://[2001:db8::1]:9443"},
		"Forwarded goes before":            {[]string{"Forwarded", "host=idp.example", "X-Forwarded-Host", "other.example", "X-Forwarded-Port", "1"}, "http://idp.example"},
		"Forwarded, filled up":             {[]string{"Forwarded", "host=idp.example", "X-Forwarded-Proto", "https"}, "https://idp.example"},
		"Forwarded, unfinished quotes":     {[]string{"Forwarded", `host="idp.example`}, unsaid},
		"Forwarded, unfinished escape":     {[]string{"Forwarded", `host="idp.example\`}, unsaid},
		"Forwarded, without a value":       {[]string{"Forwarded", "host"}, unsaid},
		"Forwarded, a pair twice":          {[]string{"Forwarded", "host=a.example;host=b.example"}, unsaid},
		"Forwarded, rubbish behind":        {[]string{"Forwarded", `host="idp.example"x`}, unsaid},
		"Forwarded, no host at all":        {[]string{"Forwarded", `host="idp.example/evil?x=#y"`}, unsaid},
		"Forwarded, a username":            {[]string{"Forwarded", `host="good.example@evil.example"`}, unsaid},
		"Forwarded, another scheme":        {[]string{"Forwarded", "proto=javascript;host=idp.example"}, "http://idp.example"},
		"Forwarded, obfuscated":            {[]string{"Forwarded", "for=unknown;by=_hidden"}, unsaid},
		"a broken Forwarded is as none":    {[]string{"Forwarded", "=;=", "X-Forwarded-Host", "idp.example"}, "http://idp.example"},
		"X-Forwarded":                      {[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "idp.example"}, "https://idp.example"},
		"X-Forwarded, lists":               {[]string{"X-Forwarded-Proto", "https, http", "X-Forwarded-Host", "idp.example , inner"}, "https://idp.example"},
		"X-Forwarded-Port":                 {[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "idp.example", "X-Forwarded-Port", "8443"}, "https://idp.example:8443"},
		"X-Forwarded-Port of the scheme":   {[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "idp.example", "X-Forwarded-Port", "443"}, "https://idp.example"},
		"a port said twice":                {[]string{"X-Forwarded-Host", "idp.example:8080", "X-Forwarded-Port", "80"}, "http://idp.example:8080"},
		"a port of the scheme in the host": {[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "idp.example:443"}, "https://idp.example"},
		"X-Forwarded-Port alone":           {[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Port", "443"}, "https://backend"},
		"X-Forwarded-Port, impossible":     {[]string{"X-Forwarded-Port", "99999"}, unsaid},
		"X-Forwarded-Port, no number":      {[]string{"X-Forwarded-Host", "idp.example", "X-Forwarded-Port", "80/evil"}, "http://idp.example"},
		"X-Forwarded-Host, a path":         {[]string{"X-Forwarded-Host", "idp.example/evil"}, unsaid},
		"X-Forwarded-Host, a space":        {[]string{"X-Forwarded-Host", "idp example"}, unsaid},
		"X-Forwarded-Host, unicode":        {[]string{"X-Forwarded-Host", "idp\u2024example"}, unsaid},
		"X-Forwarded-Host, two ports":      {[]string{"X-Forwarded-Host", "idp:1:2"}, unsaid},
		"X-Forwarded-Host, no port":        {[]string{"X-Forwarded-Host", "idp:"}, unsaid},
		"X-Forwarded-Host, IPv6 in halves": {[]string{"X-Forwarded-Host", "[::1"}, unsaid},
		"X-Forwarded-Host, a zone":         {[]string{"X-Forwarded-Host", "[fe80::1%eth0]"}, unsaid},
		"X-Forwarded-Host, very long":      {[]string{"X-Forwarded-Host", strings.Repeat("a", 300)}, unsaid},
		"X-Forwarded-Proto, unknown":       {[]string{"X-Forwarded-Proto", "gopher"}, unsaid},
		"X-Forwarded-Prefix":               {[]string{"X-Forwarded-Host", "idp.example", "X-Forwarded-Prefix", "/auth"}, "http://idp.example/auth"},
		"X-Forwarded-Prefix, with a slash": {[]string{"X-Forwarded-Prefix", "/auth/"}, unsaid + "/auth"},
		"X-Forwarded-Prefix, two proxies":  {[]string{"X-Forwarded-Prefix", "/outer, /inner"}, unsaid + "/outer/inner"},
		"X-Forwarded-Prefix, root":         {[]string{"X-Forwarded-Prefix", "/"}, unsaid},
		"X-Forwarded-Prefix, slashes":      {[]string{"X-Forwarded-Prefix", "//"}, unsaid},
		"X-Forwarded-Prefix, dots":         {[]string{"X-Forwarded-Prefix", "/../evil"}, unsaid},
		"X-Forwarded-Prefix, two slashes":  {[]string{"X-Forwarded-Prefix", "//evil.example"}, unsaid},
		"X-Forwarded-Prefix, no slash":     {[]string{"X-Forwarded-Prefix", "@evil.example"}, unsaid},
		"X-Forwarded-Prefix, a query":      {[]string{"X-Forwarded-Prefix", "/a?b"}, unsaid},
		"X-Forwarded-Prefix, markup":       {[]string{"X-Forwarded-Prefix", `/"><script>`}, unsaid},
		"X-Forwarded-Prefix, very long":    {[]string{"X-Forwarded-Prefix", "/" + strings.Repeat("a", 2000)}, unsaid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			const discovery = "http://backend:9000/.well-known/openid-configuration"
			metadata := ask(trusting, http.MethodGet, discovery, nil, test.headers...).json(t)
			g.Expect(metadata["issuer"]).To(Equal(test.want))
			g.Expect(metadata["token_endpoint"]).To(Equal(test.want + "/token"))
			g.Expect(metadata["page_endpoint"]).To(Equal(test.want + "/page"))
			secure := "false"
			if strings.HasPrefix(test.want, "https:") {
				secure = "true"
			}
			g.Expect(ask(trusting, http.MethodGet, "http://backend:9000/page", nil, test.headers...).body).To(Equal(test.want + " " + test.want + " " + secure + "\n"))
			access := ask(trusting, http.MethodPost, "http://backend:9000/token", demo("grant_type", "client_credentials"), test.headers...).text(t, "access_token")
			g.Expect(claimsOf(t, access)["iss"]).To(Equal(test.want))

			g.Expect(ask(wary, http.MethodGet, discovery, nil, test.headers...).json(t)["issuer"]).To(Equal(unsaid), "when the proxy is not trusted")
			g.Expect(ask(wary, http.MethodGet, "http://backend:9000/page", nil, test.headers...).body).To(Equal(unsaid + " " + unsaid + " false\n"))
		})
	}
}

// A fixed issuer stays, whatever a proxy says; only that the browser speaks https
// is taken from it.
func TestFixedIssuerBehindAProxy(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p, err := provider.New(provider.WithIssuer("http://idp:9000/auth/"), provider.WithTrustedProxy(), page())
	g.Expect(err).NotTo(HaveOccurred())
	said := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "other.example", "X-Forwarded-Prefix", "/auth"}
	for _, path := range []string{"/auth", ""} { // as the proxy leaves it, or takes it away
		metadata := ask(p, http.MethodGet, "http://idp:9000"+path+"/.well-known/openid-configuration", nil, said...).json(t)
		g.Expect(metadata).To(And(HaveKeyWithValue("issuer", "http://idp:9000/auth/"), HaveKeyWithValue("token_endpoint", "http://idp:9000/auth/token")))
		g.Expect(ask(p, http.MethodGet, "http://idp:9000"+path+"/page", nil, said...).body).To(Equal("http://idp:9000/auth/ http://idp:9000/auth true\n"))
	}
	g.Expect(ask(p, http.MethodGet, "http://idp:9000/token", nil).status).To(Equal(http.StatusNotFound), "without a proxy's word the path must be whole")
}

// Behind Go's own proxy, which takes the path's beginning away, what the metadata
// advertises is found.
func TestBehindARealProxy(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]func(address string) []provider.Option{
		"an issuer from its headers":  func(string) []provider.Option { return nil },
		"a fixed issuer":              func(address string) []provider.Option { return []provider.Option{provider.WithIssuer(address)} },
		"a fixed issuer with a slash": func(address string) []provider.Option { return []provider.Option{provider.WithIssuer(address + "/")} },
		"a fixed issuer, browsers apart": func(a string) []provider.Option {
			return []provider.Option{provider.WithIssuer(a), provider.WithBrowserURL(a)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			backend := httptest.NewUnstartedServer(nil)
			target := &url.URL{Scheme: "http", Host: backend.Listener.Addr().String()}
			proxy := httptest.NewServer(http.StripPrefix("/auth", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.SetXForwarded()
				r.Out.Header.Set("X-Forwarded-Prefix", "/auth")
			}}))
			t.Cleanup(proxy.Close)
			p, err := provider.New(append(options(proxy.URL+"/auth"), provider.WithTrustedProxy(), page())...)
			g.Expect(err).NotTo(HaveOccurred())
			backend.Config.Handler = p
			backend.Start()
			t.Cleanup(backend.Close)
			metadata := get(t, proxy.URL+"/auth/.well-known/openid-configuration").json(t)
			g.Expect(strings.TrimSuffix(metadata["issuer"].(string), "/")).To(Equal(proxy.URL + "/auth"))
			a := postForm(t, metadata["token_endpoint"].(string), demo("grant_type", "client_credentials"))
			g.Expect(claimsOf(t, a.text(t, "access_token"))["iss"]).To(Equal(metadata["issuer"]))
			g.Expect(get(t, metadata["jwks_uri"].(string)).status).To(Equal(http.StatusOK))
			g.Expect(get(t, metadata["page_endpoint"].(string)).status).To(Equal(http.StatusOK))
		})
	}
}

// FuzzForwarded sends what proxies might. However broken, it is no panic, and the
// issuer is a URL of a plain host and path.
func FuzzForwarded(f *testing.F) {
	f.Add("for=192.0.2.60;proto=https;host=idp.example", "", "", "", "")
	f.Add(`For="[2001:db8::1]:4711"; Proto=HTTPS ; Host="idp.example:8443", host=x`, "https", "a, b", "443", "/a, /b")
	f.Add(`host="a\"b\\c"`, "http", "[::1]:9000", "0", "//x/..")
	f.Add(`host="unfinished\`, "HTTPS,", "a@b", "99999", "/%2e%2e")
	f.Add("0", "h", "[::1]::9000", "0\x104&", "//")
	f.Add(";;,=,host=;host", ",", ":80", "-1", "/\r\nSet-Cookie: a=b")
	p, err := provider.New(provider.WithTrustedProxy())
	if err != nil {
		f.Fatal(err)
	}
	plain := regexp.MustCompile(`^https?://([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*$`)
	f.Fuzz(func(t *testing.T, forwarded, proto, host, port, prefix string) {
		r := httptest.NewRequest(http.MethodGet, "http://backend/.well-known/openid-configuration", nil)
		for name, value := range map[string]string{"Forwarded": forwarded, "X-Forwarded-Proto": proto, "X-Forwarded-Host": host, "X-Forwarded-Port": port, "X-Forwarded-Prefix": prefix} {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code == http.StatusRequestHeaderFieldsTooLarge {
			t.Skip("more than anybody may send")
		}
		a := answer{w.Code, w.Header(), w.Body.String()}
		if issuer := a.text(t, "issuer"); w.Code != http.StatusOK || !plain.MatchString(issuer) {
			t.Errorf("%d, issuer %q", w.Code, issuer)
		}
	})
}
