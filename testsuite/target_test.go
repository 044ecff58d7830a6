package testsuite_test

import (
	"net/http/httptest"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// The lifespans and bounds that the target tells and the fixtures have.
const (
	shortLifespan    = 90 * time.Second
	overlap          = time.Hour
	throttleFailures = 20
)

// clientRoles are the checks' roles for clients. The first comes first in the
// fixtures: whom a lenient provider takes a stranger for.
func clientRoles() []check.Role {
	return []check.Role{
		check.Main, check.Other, check.Public, check.BasicOnly, check.PostOnly, check.OddlyNamed, check.MachineOnly,
		check.PasswordOnly, check.Expired, check.Rotated, check.Disabled, check.ShortLived, check.OpaqueTokens,
	}
}

// client is our fixture for a role, at a given present.
func client(role check.Role, now time.Time) fixtures.Client {
	c := fixtures.Client{
		ID: string(role), Secret: "secret-of-" + string(role),
		Grants: []string{fixtures.GrantClientCredentials, fixtures.GrantPassword, fixtures.GrantRefreshToken},
		Scopes: []string{"read", "write", "openid"}, Audiences: []string{"https://api.example.com", "https://files.example.com"},
	}
	switch role {
	case check.Public:
		c.AuthMethod, c.Secret = fixtures.AuthNone, ""
		c.Grants = []string{fixtures.GrantPassword, fixtures.GrantRefreshToken}
	case check.BasicOnly:
		c.AuthMethod = fixtures.AuthBasic
	case check.PostOnly:
		c.AuthMethod = fixtures.AuthPost
	case check.OddlyNamed:
		c.ID, c.Secret = "odd id", "p%40:ss+w rd/"
	case check.MachineOnly:
		c.Grants = []string{fixtures.GrantClientCredentials}
	case check.PasswordOnly:
		c.Grants = []string{fixtures.GrantPassword}
	case check.Expired:
		c.SecretExpiresAt = now.Add(-time.Hour)
	case check.Rotated:
		c.PreviousSecrets = []fixtures.PreviousSecret{{Secret: "an-earlier-secret", ExpiresAt: now.Add(overlap)}}
	case check.Disabled:
		c.Disabled = true
	case check.ShortLived:
		c.AccessToken.Lifespan = fixtures.Duration(shortLifespan)
	case check.OpaqueTokens:
		c.AccessToken.Format = fixtures.FormatOpaque
	}
	return c
}

// userRoles are the checks' roles for users.
func userRoles() []check.Role {
	return []check.Role{
		check.Main, check.OddUser, check.SpacedUser, check.LongUser,
		check.Disabled, check.LockedUser, check.ExpiredPassword, check.MFAUser,
	}
}

// user is our fixture for a role.
func user(role check.Role) fixtures.User {
	switch role {
	case check.Main:
		return fixtures.User{Username: "alice", Password: "wonderland"}
	case check.OddUser:
		return fixtures.User{Username: "josé+100%", Password: "p+ %&=é€😀"}
	case check.SpacedUser:
		return fixtures.User{Username: "spaced", Password: " inner  space "}
	case check.LongUser:
		return fixtures.User{Username: "long", Password: strings.Repeat("0123456789", 7) + "9-long-enough"}
	}
	return fixtures.User{Username: "user-" + string(role), Password: "pw", Status: map[check.Role]fixtures.UserStatus{
		check.Disabled: fixtures.StatusDisabled, check.LockedUser: fixtures.StatusLocked,
		check.ExpiredPassword: fixtures.StatusPasswordExpired, check.MFAUser: fixtures.StatusMFARequired,
	}[role]}
}

// prepare makes fixtures with a client and a user for every role, and the target that knows them.
func prepare(now time.Time) (fixtures.Set, *check.Target) {
	set := fixtures.Set{Scopes: []fixtures.Scope{{Name: "read"}, {Name: "write"}, {Name: "openid"}}}
	target := &check.Target{
		Clients: map[check.Role]check.Client{}, Users: map[check.Role]check.User{},
		Features: []check.Feature{check.JWTAccessTokens, check.ResourceIndicators, check.ProtectedResource},
	}
	for _, role := range clientRoles() {
		c := client(role, now)
		set.Clients = append(set.Clients, c)
		known := check.Client{ID: c.ID, Secret: c.Secret, Scopes: []string{"read", "write"}, Audiences: c.Audiences}
		known.Lifespan = time.Duration(c.AccessToken.Lifespan)
		if len(c.PreviousSecrets) > 0 {
			known.Previous, known.Overlap = c.PreviousSecrets[0].Secret, overlap
		}
		target.Clients[role] = known
	}
	for _, role := range userRoles() {
		u := user(role)
		set.Users = append(set.Users, u)
		target.Users[role] = check.User{Username: u.Username, Password: u.Password}
	}
	return set, target
}

// connect gives the target a provider.
func connect(target *check.Target, p *provider.Provider) {
	target.Issuer = p.Issuer()
	target.Endpoints = map[string]string{"resource": p.URL("verify")}
	target.Advance = p.Clock().Advance
	target.RotateKeys = func() { _ = p.Keys().Rotate() }
	target.FailStore = func() func() {
		before := p.Faults()
		p.Inject(fault.StoreUnavailable)
		return func() { p.ClearFaults(); p.Inject(before...) }
	}
}

// A start starts a provider, and makes the target that it is.
type start func(provider.TB) (*provider.Provider, *check.Target)

// plain is the provider as it comes.
func plain(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := prepare(time.Now())
	p := provider.Start(t, provider.WithFixtures(set))
	connect(target, p)
	return p, target
}

// throttled is for the checks of throttling, which would be in the way of the others.
func throttled(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := prepare(time.Now())
	p := provider.Start(t, provider.WithFixtures(set), provider.WithThrottle(throttleFailures, time.Minute))
	connect(target, p)
	target.Features = append(target.Features, check.BruteForceLimit)
	return p, target
}

// tenant has an issuer with a path.
func tenant(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := prepare(time.Now())
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	p, err := provider.New(provider.WithFixtures(set), provider.WithIssuer("http://"+server.Listener.Addr().String()+"/t1"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	server.Config.Handler = p
	server.Start()
	connect(target, p)
	return p, target
}
