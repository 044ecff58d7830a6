package target

import (
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Fixtures makes fixtures for a mockoauth with a client and a user for every role, and
// a target that knows them and has neither issuer nor client. The first client is the
// main one: whom a lenient provider takes a stranger for. now is by the provider's
// clock: some secrets have expired then, and some expire soon.
func Fixtures(now time.Time) (fixtures.Set, *check.Target) {
	set := fixtures.Set{Scopes: []fixtures.Scope{
		{Name: "read"}, {Name: "write"}, {Name: "openid"}, {Name: "profile"}, {Name: "email"}, {Name: "address"}, {Name: "phone"}, {Name: "offline_access"},
	}}
	target := &check.Target{
		Clients: map[check.Role]check.Client{}, Users: map[check.Role]check.User{},
		Features: []check.Feature{check.JWTAccessTokens, check.ResourceIndicators, check.ProtectedResource, check.PublicPKCE, check.Pairwise},
	}
	for _, role := range roles() {
		c := client(role, now)
		set.Clients = append(set.Clients, c)
		known := check.Client{ID: c.ID, Secret: c.Secret, Scopes: []string{"read", "write"}, Audiences: c.Audiences}
		known.RedirectURIs, known.PostLogoutRedirectURIs = c.RedirectURIs, c.PostLogoutRedirectURIs
		known.Lifespan = time.Duration(c.AccessToken.Lifespan)
		if len(c.PreviousSecrets) > 0 {
			known.Previous, known.Overlap = c.PreviousSecrets[0].Secret, overlap
		}
		target.Clients[role] = known
	}
	for _, role := range check.UserRoles() {
		u := user(role)
		set.Users = append(set.Users, u)
		target.Users[role] = check.User{Username: u.Username, Password: u.Password, Claims: u.Claims}
	}
	return set, target
}

// The lifespans that the target tells and the fixtures have.
const (
	shortLifespan = 90 * time.Second
	overlap       = time.Hour
)

// roles are the clients' roles that mockoauth has a client for: those without a key.
func roles() []check.Role {
	return slices.DeleteFunc(check.ClientRoles(), func(role check.Role) bool { return slices.Contains(keyRoles(), role) })
}

// client is our fixture for a role, at a given present.
func client(role check.Role, now time.Time) fixtures.Client {
	host := "https://" + string(role) + ".example"
	c := fixtures.Client{
		ID: string(role), Secret: "secret-of-" + string(role),
		Grants:       []string{fixtures.GrantAuthorizationCode, fixtures.GrantClientCredentials, fixtures.GrantPassword, fixtures.GrantRefreshToken},
		Scopes:       []string{"read", "write", "openid", "profile", "email", "address", "phone", "offline_access"},
		Audiences:    []string{"https://api.example.com", "https://files.example.com"},
		RedirectURIs: []string{host + "/callback"}, PostLogoutRedirectURIs: []string{host + "/bye"},
	}
	c.AccessToken.Format = fixtures.FormatJWT // whatever the provider's own is
	switch role {
	case check.Public:
		c.AuthMethod, c.Secret = fixtures.AuthNone, ""
		c.Grants = []string{fixtures.GrantAuthorizationCode, fixtures.GrantPassword, fixtures.GrantRefreshToken}
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
	forBrowsers(&c, role)
	return c
}

// forBrowsers makes the clients that differ in how they use a browser.
func forBrowsers(c *fixtures.Client, role check.Role) {
	switch role {
	case check.TwoRedirects:
		c.RedirectURIs = append(c.RedirectURIs, "https://two-redirects.example/other")
	case check.QueryRedirect:
		c.RedirectURIs = []string{"https://query-redirect.example/callback?x=1"}
	case check.Native:
		c.AuthMethod, c.Secret = fixtures.AuthNone, ""
		c.Grants = []string{fixtures.GrantAuthorizationCode, fixtures.GrantRefreshToken}
		c.RedirectURIs = []string{"http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"}
	case check.TLSLoopback:
		c.RedirectURIs = []string{"https://127.0.0.1/cb"}
	case check.PairwiseA, check.PairwiseB:
		c.SubjectType = fixtures.SubjectPairwise
	case check.SignsUserInfo:
		c.UserInfo.Alg = "RS256"
	case check.StrongIDToken:
		c.IDToken.Alg = "ES384"
	}
}

// user is our fixture for a role.
func user(role check.Role) fixtures.User {
	switch role {
	case check.Main:
		return fixtures.User{Username: "alice", Password: "wonderland", Claims: standardClaims()}
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

// standardClaims are those of OpenID Connect Core §5.1.
func standardClaims() map[string]any {
	return map[string]any{
		"name": "Alice Liddell", "given_name": "Alice", "family_name": "Liddell", "middle_name": "Pleasance",
		"nickname": "Al", "preferred_username": "alice", "profile": "https://alice.example/", "picture": "https://alice.example/me.png",
		"website": "https://alice.example/", "email": "alice@example.com", "email_verified": true, "gender": "female",
		"birthdate": "1852-05-04", "zoneinfo": "Europe/London", "locale": "en-GB", "phone_number": "+44 20 7946 0000",
		"phone_number_verified": true, "updated_at": 1700000000,
		"address": map[string]any{
			"formatted": "1 Christ Church\nOxford OX1 1DP\nUK", "street_address": "1 Christ Church", "locality": "Oxford",
			"postal_code": "OX1 1DP", "country": "UK",
		},
	}
}
