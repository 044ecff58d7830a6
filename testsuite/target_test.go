package testsuite_test

import (
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

// machine is a confidential client with every grant.
func machine(role check.Role) fixtures.Client {
	return fixtures.Client{
		ID: string(role), Secret: "secret-of-" + string(role),
		Grants: []string{fixtures.GrantClientCredentials, fixtures.GrantPassword, fixtures.GrantRefreshToken},
		Scopes: []string{"read", "write", "openid"}, Audiences: []string{"https://api.example.com", "https://files.example.com"},
	}
}

// clients are our fixtures for the checks' roles, at a given present.
func clients(now time.Time) map[check.Role]fixtures.Client {
	all := map[check.Role]fixtures.Client{}
	for _, role := range []check.Role{
		check.Main, check.Other, check.Public, check.BasicOnly, check.PostOnly, check.OddlyNamed, check.MachineOnly,
		check.PasswordOnly, check.Expired, check.Rotated, check.Disabled, check.ShortLived, check.OpaqueTokens,
	} {
		c := machine(role)
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
		all[role] = c
	}
	return all
}

// users are our fixtures for the checks' roles.
func users() map[check.Role]fixtures.User {
	long := "0123456789012345678901234567890123456789012345678901234567890123456789-long-enough"
	return map[check.Role]fixtures.User{
		check.Main:            {Username: "alice", Password: "wonderland"},
		check.OddUser:         {Username: "josé+100%", Password: "p+ %&=é€😀"},
		check.SpacedUser:      {Username: "spaced", Password: " inner  space "},
		check.LongUser:        {Username: "long", Password: long},
		check.Disabled:        {Username: "gone", Password: "pw", Status: fixtures.StatusDisabled},
		check.LockedUser:      {Username: "locked", Password: "pw", Status: fixtures.StatusLocked},
		check.ExpiredPassword: {Username: "stale", Password: "pw", Status: fixtures.StatusPasswordExpired},
		check.MFAUser:         {Username: "careful", Password: "pw", Status: fixtures.StatusMFARequired},
	}
}

// start starts a provider with a client and a user for every role, and the target that it is.
func start(t provider.TB, options ...provider.Option) (*provider.Provider, *check.Target) {
	t.Helper()
	now := time.Now()
	var set fixtures.Set
	target := &check.Target{
		Clients: map[check.Role]check.Client{}, Users: map[check.Role]check.User{},
		Features: []check.Feature{check.JWTAccessTokens, check.ResourceIndicators, check.ProtectedResource},
	}
	for role, c := range clients(now) {
		set.Clients = append(set.Clients, c)
		known := check.Client{ID: c.ID, Secret: c.Secret, Scopes: []string{"read", "write"}, Audiences: c.Audiences}
		known.Lifespan = time.Duration(c.AccessToken.Lifespan)
		if len(c.PreviousSecrets) > 0 {
			known.Previous, known.Overlap = c.PreviousSecrets[0].Secret, overlap
		}
		target.Clients[role] = known
	}
	for role, u := range users() {
		set.Users = append(set.Users, u)
		target.Users[role] = check.User{Username: u.Username, Password: u.Password}
	}
	set.Scopes = []fixtures.Scope{{Name: "read"}, {Name: "write"}, {Name: "openid"}}
	p := provider.Start(t, append([]provider.Option{provider.WithFixtures(set)}, options...)...)
	target.Issuer = p.Issuer()
	target.Endpoints = map[string]string{"resource": p.URL("verify")}
	target.Advance = p.Clock().Advance
	target.RotateKeys = func() { _ = p.Keys().Rotate() }
	target.FailStore = func() func() {
		before := p.Faults()
		p.Inject(fault.StoreUnavailable)
		return func() { p.ClearFaults(); p.Inject(before...) }
	}
	return p, target
}

// throttled is start for the checks of throttling, which would be in the way of the others.
func throttled(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	p, target := start(t, provider.WithThrottle(throttleFailures, time.Minute))
	target.Features = append(target.Features, check.BruteForceLimit)
	return p, target
}
