package provider

import "net/http/httptest"

// TB is the part of testing.TB that [Start] needs; Ginkgo's GinkgoT() has it too.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Start runs a provider at a loopback port of its own until the test ends. Its
// issuer is that address, unless an option fixes another. What is wrong with
// the options fails the test.
func Start(t TB, options ...Option) *Provider {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	host := server.Listener.Addr().String()
	all := append([]Option{WithIssuer("http://" + host)}, options...)
	p, err := New(append(all, func(s *settings) {
		if s.servesTLS() && s.issuer == "http://"+host {
			s.issuer = "https://" + host
		}
	})...)
	if err != nil {
		server.Close()
		t.Fatalf("mockoauth does not start:\n%v", err)
		return nil
	}
	server.Config.Handler = p
	if server.TLS = p.TLSConfig(); server.TLS != nil {
		server.Listener = plainListener{server.Listener}
		server.StartTLS()
	} else {
		server.Start()
	}
	p.address = server.URL
	t.Cleanup(func() {
		p.shared.stop()
		p.HTTPClient().CloseIdleConnections()
		server.Close()
	})
	return p
}
