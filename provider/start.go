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
	address := "http://" + server.Listener.Addr().String()
	p, err := New(append([]Option{WithIssuer(address)}, options...)...)
	if err != nil {
		server.Close()
		t.Fatalf("mockoauth does not start:\n%v", err)
		return nil
	}
	server.Config.Handler, p.address = p, address
	server.Start()
	t.Cleanup(server.Close)
	return p
}
