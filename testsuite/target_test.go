package testsuite_test

import (
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// throttleFailures is how many failed logins the throttled provider lets pass.
const throttleFailures = 20

// connect gives the target a provider.
func connect(t provider.TB, target *check.Target, p *provider.Provider) {
	transport := &http.Transport{} // not the default one, whose connections any httptest.Server closes at its end
	t.Cleanup(transport.CloseIdleConnections)
	target.HTTP = &http.Client{Transport: transport, Timeout: time.Minute, CheckRedirect: stay}
	target.Issuer = p.Issuer()
	target.Endpoints = map[string]string{"resource": p.URL("verify")}
	target.Advance = p.Clock().Advance
	target.RotateKeys = func() { _ = p.Keys().Rotate() }
	target.NewUser = func() (check.User, func()) {
		u, err := p.AddUser(fixtures.User{Username: "passing", Password: "through"})
		if err != nil {
			t.Fatalf("%v", err)
		}
		return check.User{Username: u.Username, Password: u.Password}, func() { _ = p.RemoveUser(u.Username) }
	}
	target.FailStore = func() func() {
		ids := p.Inject(fault.StoreUnavailable)
		return func() { _ = p.RemoveFault(ids[0]) }
	}
}

// stay follows no redirect.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// A start starts a provider, and makes the target that it is.
type start func(provider.TB) (*provider.Provider, *check.Target)

// plain is the provider as it comes.
func plain(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	p := provider.Start(t, provider.WithFixtures(set))
	connect(t, target, p)
	return p, target
}

// throttled is for the checks of throttling, which would be in the way of the others.
func throttled(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	p := provider.Start(t, provider.WithFixtures(set), provider.WithThrottle(throttleFailures, time.Minute))
	connect(t, target, p)
	target.Features = append(target.Features, check.BruteForceLimit)
	return p, target
}

// profiled keeps to OAuth 2.1.
func profiled(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	p := provider.Start(t, provider.WithFixtures(set), provider.WithProfile(provider.ProfileOAuth21))
	connect(t, target, p)
	target.Features = append(target.Features, check.RequiredPKCE, check.RFC9700, check.OAuth21)
	return p, target
}

// secured speaks https.
func secured(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	p := provider.Start(t, provider.WithFixtures(set), provider.WithTLS())
	connect(t, target, p)
	client := *p.HTTPClient()
	client.CheckRedirect = stay
	target.HTTP = &client
	return p, target
}

// tenant has an issuer with a path, and asks users for their consent.
func tenant(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	p, err := provider.New(provider.WithFixtures(set), provider.WithConsent("ask"), provider.WithIssuer("http://"+server.Listener.Addr().String()+"/t1"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	server.Config.Handler = p
	server.Start()
	connect(t, target, p)
	return p, target
}
