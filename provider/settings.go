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

// settings are what the options say.
type settings struct {
	issuer           string
	browserURL       string
	trustProxy       bool
	selfSigned       bool
	certificate      *tls.Certificate
	tlsHosts         []string
	seed             string
	recorded         int  // how many exchanges are kept
	linted           bool // the exchanges are read for what is wrong with the client
	controlled       bool // by requests below /_mock
	controlAddr      string
	guard            guard
	tenants          []string
	listenHost       string // what Listen listens on
	corsOrigins      []string
	set              fixtures.Set
	keys             *keys.Ring
	randomKeys       bool
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
		controlled:  true, recorded: DefaultRecorded, linted: true,
		paths: map[string][]string{}, log: slog.New(slog.DiscardHandler),
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
	if s.recorded < 0 {
		wrong.add("record", "%d; 0 turns it off", s.recorded)
	}
	if !s.controlled && (s.controlAddr != "" || s.guard.isSet()) {
		wrong.add("control", "it is off, so nothing can be said of its address, token, hosts or origins; leave those out, or turn it on")
	}
	s.guard.check(wrong)
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
func (s *settings) parseKeys(wrong *Problems) *keys.Ring {
	if s.keys != nil {
		if s.randomKeys {
			wrong.add("keys", "they cannot be both your own and made at the start")
		}
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
	ring, err := s.makeKeys(algs)
	if err != nil {
		wrong.add("signing_alg", "%v", err)
	}
	return ring
}

// makeKeys makes the keys of a start that brings none.
func (s *settings) makeKeys(algs []string) (*keys.Ring, error) {
	switch {
	case !s.randomKeys:
		return keys.Development(algs...)
	case s.seed != "":
		return keys.Seeded(Chance(s.seed, "keys"), algs...)
	}
	return keys.Random(algs...)
}

// grants are the grant types that the profile serves.
func (s *settings) grants() []string {
	return slices.DeleteFunc(engine.GrantTypes(), func(grant string) bool {
		return s.profile == ProfileOAuth21 && grant == fixtures.GrantPassword
	})
}

// tokens are what tokens are like where a client does not choose.
func (s *settings) tokens() engine.Tokens {
	return engine.Tokens{Format: s.format, AccessLifespan: s.accessLifespan, RefreshLifespan: s.refreshLifespan}
}

// parsePlan is the floor plan with the paths that were asked for.
func (s *settings) parsePlan(t transport, i issuer, wrong *Problems) []endpoint.Endpoint {
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
