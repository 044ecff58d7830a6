package provider

import (
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// What a provider is when nobody says otherwise.
const (
	DefaultSigningAlg      = "RS256" // which every OpenID Connect client must understand
	DefaultAccessLifespan  = time.Hour
	DefaultRefreshLifespan = 720 * time.Hour
	DefaultIDTokenLifespan = time.Hour
	DefaultCodeLifespan    = 10 * time.Minute // the most that RFC 6749 §4.1.2 recommends
	DefaultMaxTokens       = 20_000
	DefaultThrottleWindow  = time.Minute
	DefaultRecorded        = 500
)

// The profiles: which grants are served.
const (
	ProfileOAuth20 = "oauth2.0" // all of them
	ProfileOAuth21 = "oauth2.1" // no password grant, and PKCE for all clients
)

// Profiles lists the profiles.
func Profiles() []string { return []string{ProfileOAuth20, ProfileOAuth21} }

// An Option says how a provider differs from the default. Whether its value is
// any good is said by [New].
type Option func(*settings)

// WithIssuer fixes the issuer identifier, an http or https URL (RFC 8414 §2).
// Its path, if any, is where the endpoints are.
func WithIssuer(issuer string) Option { return func(s *settings) { s.issuer = issuer } }

// WithBrowserURL is for browsers that reach the provider by another name than
// servers do: the URLs that a browser visits are below it, all others and iss are
// the issuer's, whichever name a request came by. It needs [WithIssuer].
func WithBrowserURL(base string) Option { return func(s *settings) { s.browserURL = base } }

// WithTrustedProxy believes the headers Forwarded (RFC 7239) and
// X-Forwarded-Proto, -Host, -Port and -Prefix: where no issuer is fixed, it is what
// they say. Without it they mean nothing.
func WithTrustedProxy() Option { return func(s *settings) { s.trustProxy = true } }

// WithTLS has [Start] and [Listen] speak https, with a certificate that is made at
// the start and an authority that vouches for it: [Provider.HTTPClient] trusts
// it, and it is served at /_mock/ca.pem. Hosts are the names and addresses that
// the certificate is for; without any, it is for localhost, this machine's name, and
// the hosts of the issuer and the browser's URL.
func WithTLS(hosts ...string) Option {
	return func(s *settings) { s.selfSigned, s.tlsHosts = true, hosts }
}

// WithCertificate has [Start] and [Listen] speak https with a certificate of your own.
func WithCertificate(c tls.Certificate) Option {
	return func(s *settings) { s.certificate = &c }
}

// WithCORSOrigins lets pages of these origins, instead of all, read the answers of
// the endpoints that pages may use; without any, no page can.
func WithCORSOrigins(origins ...string) Option {
	return func(s *settings) { s.corsOrigins = origins }
}

// WithFixtures replaces the demo users, clients and scopes; a list that is nil
// leaves them. What an entry leaves out is filled as [fixtures.Set.Complete] says.
func WithFixtures(set fixtures.Set) Option { return func(s *settings) { s.set = set } }

// WithKeys replaces the development keys.
func WithKeys(ring *keys.Ring) Option { return func(s *settings) { s.keys = ring } }

// WithRandomKeys signs with keys made at the start, instead of the development keys
// that everybody has; under a seed they repeat with it.
func WithRandomKeys() Option { return func(s *settings) { s.randomKeys = true } }

// WithSigningAlg has access tokens signed by an algorithm of [keys.Algs] instead
// of RS256. With [WithKeys] it must be the ring's default, which it need not say.
func WithSigningAlg(alg string) Option { return func(s *settings) { s.alg = alg } }

// WithAccessTokenFormat makes access tokens jwt (RFC 9068, the default) or
// opaque, for clients that do not choose.
func WithAccessTokenFormat(format string) Option { return func(s *settings) { s.format = format } }

// WithAccessTokenLifespan lets access tokens live for d, in whole seconds, instead of an hour.
func WithAccessTokenLifespan(d time.Duration) Option {
	return func(s *settings) { s.accessLifespan = d }
}

// WithRefreshTokenLifespan lets refresh tokens live for d, in whole seconds, instead of 30 days.
func WithRefreshTokenLifespan(d time.Duration) Option {
	return func(s *settings) { s.refreshLifespan = d }
}

// WithIDTokenLifespan lets ID tokens live for d, in whole seconds, instead of an hour.
func WithIDTokenLifespan(d time.Duration) Option {
	return func(s *settings) { s.idTokenLifespan = d }
}

// WithCodeLifespan lets authorization codes live for d, in whole seconds, instead
// of ten minutes.
func WithCodeLifespan(d time.Duration) Option { return func(s *settings) { s.codeLifespan = d } }

// WithLogin says how users log in: form (by password, the default), pick (by one
// click) or auto (without a page, as login_hint says or as the first user).
func WithLogin(mode string) Option { return func(s *settings) { s.login = mode } }

// WithConsent says whether users are asked what a client may have: skip (the
// default) or ask.
func WithConsent(mode string) Option { return func(s *settings) { s.consent = mode } }

// WithProfile chooses one of [Profiles].
func WithProfile(profile string) Option { return func(s *settings) { s.profile = profile } }

// WithSeed has ids, secrets, codes, cookies and tokens repeat, run after run, for the
// same requests in the same order: those of a tenant do not depend on what
// happens in another. Signatures repeat with them, but for those of PSS with keys
// of one's own. Where time is in them, freeze the clock.
func WithSeed(seed string) Option { return func(s *settings) { s.seed = seed } }

// WithTenants has further issuers beside the first from the start, as
// [Provider.Tenant] makes them; "*" makes one of any first segment of a path, when
// it is first asked for an endpoint. "name=host" is one at a host name of its own.
func WithTenants(names ...string) Option { return func(s *settings) { s.tenants = names } }

// WithRecord keeps the last n exchanges of each tenant, instead of 500, and at most 4 MiB
// of them; 0 keeps none, and then there are no findings either.
func WithRecord(n int) Option { return func(s *settings) { s.recorded = n } }

// WithoutLint does not read the exchanges for what is wrong with the client, which takes
// a few microseconds each: [Provider.Findings] are none.
func WithoutLint() Option { return func(s *settings) { s.linted = false } }

// WithoutControl has nothing at /_mock: only the Go API controls the provider.
func WithoutControl() Option { return func(s *settings) { s.controlled = false } }

// WithControlAddr has [Listen] take a second TCP address for /_mock, where there is
// nothing else, and nothing of it at the first.
func WithControlAddr(address string) Option { return func(s *settings) { s.controlAddr = address } }

// WithControlToken demands a bearer token of whoever controls the provider over HTTP.
func WithControlToken(token string) Option { return func(s *settings) { s.guard.token = token } }

// WithControlHosts lets the provider be controlled by these host names, too, besides
// addresses, names without dots, those of the issuer, and those below localhost, test,
// local and internal: any other could be a page's that has given its own name the
// provider's address (DNS rebinding).
func WithControlHosts(hosts ...string) Option { return func(s *settings) { s.guard.hosts = hosts } }

// WithControlOrigins lets pages of these origins control the provider; without it none can.
func WithControlOrigins(origins ...string) Option {
	return func(s *settings) { s.guard.origins = origins }
}

// WithMaxTokens bounds how many tokens of a kind are kept, instead of 20,000;
// the oldest go first.
func WithMaxTokens(n int) Option { return func(s *settings) { s.maxTokens = n } }

// WithThrottle refuses a client or user with 429 after so many failed logins in
// a row, until window has passed since the last (RFC 6749 §2.3.1, §4.3.2).
// Without it nobody is refused: locking out its tests helps nobody.
func WithThrottle(failures int, window time.Duration) Option {
	return func(s *settings) { s.throttleFailures, s.throttleWindow = failures, window }
}

// WithFaults has faults in force from the start.
func WithFaults(faults ...fault.Fault) Option {
	return func(s *settings) { s.faults = append(s.faults, faults...) }
}

// WithPaths serves an endpoint, by its name, at other paths than usual; the
// first is advertised.
func WithPaths(name string, paths ...string) Option {
	return func(s *settings) { s.paths[name] = paths }
}

// WithEndpoint serves an endpoint of your own, advertised like the others.
func WithEndpoint(e endpoint.Endpoint) Option {
	return func(s *settings) { s.endpoints = append(s.endpoints, e) }
}

// WithLogger writes a line for each request, with what was decided and why.
// There are no secrets, passwords or tokens in it.
func WithLogger(log *slog.Logger) Option {
	return func(s *settings) {
		if log != nil {
			s.log = log
		}
	}
}
