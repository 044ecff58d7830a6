package provider

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
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

type settings struct {
	issuer           string
	browserURL       string
	trustProxy       bool
	selfSigned       bool
	certificate      *tls.Certificate
	tlsHosts         []string
	listenHost       string // what Listen listens on
	corsOrigins      []string
	set              fixtures.Set
	keys             *keys.Ring
	alg              string
	format           string
	profile          string
	accessLifespan   time.Duration
	refreshLifespan  time.Duration
	idTokenLifespan  time.Duration
	codeLifespan     time.Duration
	login            string
	consent          string
	maxTokens        int
	throttleFailures int
	throttleWindow   time.Duration
	faults           []fault.Fault
	paths            map[string][]string
	endpoints        []endpoint.Endpoint
	log              *slog.Logger
}

func defaults() settings {
	return settings{
		format: fixtures.FormatJWT, profile: ProfileOAuth20,
		accessLifespan: DefaultAccessLifespan, refreshLifespan: DefaultRefreshLifespan,
		idTokenLifespan: DefaultIDTokenLifespan, codeLifespan: DefaultCodeLifespan,
		login: endpoint.LoginForm, consent: endpoint.ConsentSkip,
		maxTokens: DefaultMaxTokens, throttleWindow: DefaultThrottleWindow,
		corsOrigins: []string{DefaultCORSOrigins},
		paths:       map[string][]string{}, log: slog.New(slog.DiscardHandler),
	}
}

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

// check says what is wrong with the plain settings.
func (s *settings) check(wrong *Problems) {
	if s.format != fixtures.FormatJWT && s.format != fixtures.FormatOpaque {
		wrong.add("access_token_format", "unknown format %q; there are %s and %s", s.format, fixtures.FormatJWT, fixtures.FormatOpaque)
	}
	if !slices.Contains(Profiles(), s.profile) {
		wrong.add("profile", "unknown profile %q; there are %s", s.profile, strings.Join(Profiles(), " and "))
	}
	checkLifespan("access_token_lifespan", s.accessLifespan, wrong)
	checkLifespan("refresh_token_lifespan", s.refreshLifespan, wrong)
	checkLifespan("id_token_lifespan", s.idTokenLifespan, wrong)
	checkLifespan("code_lifespan", s.codeLifespan, wrong)
	checkMode("login", s.login, endpoint.LoginModes(), wrong)
	checkMode("consent", s.consent, endpoint.ConsentModes(), wrong)
	if s.maxTokens < 1 {
		wrong.add("max_tokens", "%d; at least 1 must be kept", s.maxTokens)
	}
	if s.throttleFailures < 0 {
		wrong.add("throttle_failures", "%d; 0 turns it off", s.throttleFailures)
	}
	checkLifespan("throttle_window", s.throttleWindow, wrong)
}

func checkMode(option, mode string, modes []string, wrong *Problems) {
	if !slices.Contains(modes, mode) {
		wrong.add(option, "unknown mode %q; there are %s", mode, strings.Join(modes, ", "))
	}
}

func checkLifespan(option string, d time.Duration, wrong *Problems) {
	if d < time.Second || d%time.Second != 0 {
		wrong.add(option, "%s; it must be a whole number of seconds, at least 1s", d)
	}
}

// ring is the keys to sign with.
func (s *settings) ring(wrong *Problems) *keys.Ring {
	if s.keys != nil {
		if s.alg != "" && s.alg != s.keys.Default() {
			wrong.add("signing_alg", "%s is not what the keys sign by default, which is %s", s.alg, s.keys.Default())
		}
		return s.keys
	}
	algs := []string{cmp.Or(s.alg, DefaultSigningAlg), DefaultSigningAlg} // the latter is a must for ID tokens
	for _, c := range s.set.Clients {
		for _, alg := range []string{c.IDToken.Alg, c.UserInfo.Alg} {
			if slices.Contains(keys.Algs(), alg) { // the fixtures complain about others
				algs = append(algs, alg)
			}
		}
	}
	ring, err := keys.Development(algs...)
	if err != nil {
		wrong.add("signing_alg", "%v", err)
	}
	return ring
}

// grants are the grant types that the profile serves.
func (s *settings) grants() []string {
	return slices.DeleteFunc(engine.GrantTypes(), func(grant string) bool {
		return s.profile == ProfileOAuth21 && grant == fixtures.GrantPassword
	})
}

// plan is the floor plan with the paths that were asked for.
func (s *settings) plan(t transport, i issuer, wrong *Problems) []endpoint.Endpoint {
	plan := append(endpoint.Plan(), s.endpoints...)
	if t.ca != nil {
		plan = append(plan, endpoint.CA(t.ca))
	}
	for name, paths := range s.paths {
		i := slices.IndexFunc(plan, func(e endpoint.Endpoint) bool { return e.Name == name })
		if i < 0 {
			wrong.add("path_"+name, "there is no such endpoint")
			continue
		}
		plan[i].Paths = paths
	}
	s.checkPlan(plan, wrong)
	if len(*wrong) == 0 {
		i.checkPaths(plan, wrong)
	}
	return plan
}

// checkPlan wants of every endpoint a name, a handler, and paths of its own.
func (s *settings) checkPlan(plan []endpoint.Endpoint, wrong *Problems) {
	names, taken := map[string]bool{}, map[string]string{}
	for _, e := range plan {
		if names[e.Name] {
			wrong.add("endpoint", "there are two called %q", e.Name)
		}
		names[e.Name] = true
		if e.Handler == nil {
			wrong.add("endpoint", "%q has no handler", e.Name)
		}
		if len(e.Paths) == 0 {
			wrong.add("path_"+e.Name, "the endpoint needs a path")
		}
		for _, path := range e.Paths {
			if !isPlainPath(path) {
				wrong.add("path_"+e.Name, "%q must begin with / and have no query, fragment, space, percent sign, dots or empty parts", path)
			}
			if other, both := taken[path]; both {
				mine := e.Name // blame the one whose path was chosen
				if s.paths[mine] == nil {
					mine, other = other, mine
				}
				wrong.add("path_"+mine, "%q is the path of %s already", path, other)
			}
			taken[path] = e.Name
		}
	}
}
