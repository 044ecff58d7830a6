package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/mockoauth/mockoauth/fixtures"
)

// prefix begins the name of every variable.
const prefix = "MOCKOAUTH_"

// settings are the variables besides the fixtures'. The tags are their only
// spelling: the README's table is made from them.
type settings struct {
	Addr                 string          `env:"ADDR" envDefault:":9000" doc:"listen address; :0 picks a port and prints it"`
	Issuer               string          `env:"ISSUER" default:"from each request's Host" doc:"the issuer identifier, an http or https URL; its path is where the endpoints are"`
	BrowserURL           string          `env:"BROWSER_URL" default:"the issuer" doc:"base of the URLs that a browser visits, when browsers and servers reach the provider by different names"`
	TrustProxy           bool            `env:"TRUST_PROXY" envDefault:"false" doc:"believe Forwarded and X-Forwarded-Proto, -Host, -Port and -Prefix, of which the issuer is made when it is not set"`
	TLS                  tlsSettings     `envPrefix:""`
	CORSOrigins          []string        `env:"CORS_ORIGINS" envDefault:"*" doc:"origins of the pages that may use token, revocation, key set, metadata and userinfo, separated by commas; none is off"`
	SigningAlg           string          `env:"SIGNING_ALG" default:"RS256; with KEYS_FILE, the first key's" doc:"RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA"`
	Keys                 string          `env:"KEYS" envDefault:"development" doc:"development (in the program, so public; quick RS256, same kid at every start) or random"`
	KeysFile             string          `env:"KEYS_FILE" doc:"your own private keys instead: a JWKS or PEM file"`
	AccessTokenFormat    string          `env:"ACCESS_TOKEN_FORMAT" envDefault:"jwt" doc:"jwt (RFC 9068) or opaque; a client may override it"`
	AccessTokenLifespan  time.Duration   `env:"ACCESS_TOKEN_LIFESPAN" envDefault:"1h" doc:"how long access tokens live; a client may override it"`
	RefreshTokenLifespan time.Duration   `env:"REFRESH_TOKEN_LIFESPAN" envDefault:"720h" doc:"how long refresh tokens live; a client may override it"`
	IDTokenLifespan      time.Duration   `env:"ID_TOKEN_LIFESPAN" envDefault:"1h" doc:"how long ID tokens are valid"`
	CodeLifespan         time.Duration   `env:"CODE_LIFESPAN" envDefault:"10m" doc:"how long authorization codes live"`
	Login                string          `env:"LOGIN" envDefault:"form" doc:"how users log in: form (password), pick (one click on a user) or auto (no page: the user of login_hint, or the first)"`
	Consent              string          `env:"CONSENT" envDefault:"skip" doc:"skip, or ask users what a client may have"`
	Profile              string          `env:"PROFILE" envDefault:"oauth2.0" doc:"oauth2.0, or oauth2.1: no password grant, and PKCE for all clients"`
	Faults               []string        `env:"FAULTS" doc:"names of faults in force from the start, separated by commas"`
	Tenants              []string        `env:"TENANTS" doc:"names of further issuers at /<name>, separated by commas; name=host for one at a host name of its own; * for any name, once it is used"`
	Seed                 string          `env:"SEED" doc:"any text: ids, secrets, codes and tokens repeat, run after run, for the same requests in the same order"`
	Record               int             `env:"RECORD" envDefault:"500" doc:"how many requests are kept for /_mock/requests, and at most 4 MiB; 0 is none"`
	Lint                 string          `env:"LINT" envDefault:"on" doc:"on: what is wrong with clients is at /_mock/findings, by what they sent; or off; it needs RECORD"`
	Control              controlSettings `envPrefix:""`
	MaxTokens            int             `env:"MAX_TOKENS" envDefault:"20000" doc:"how many access tokens, and as many refresh tokens, are kept; the oldest go first"`
	ThrottleFailures     int             `env:"THROTTLE_FAILURES" envDefault:"0" doc:"failed logins in a row after which a client or user is answered 429; 0 is never"`
	ThrottleWindow       time.Duration   `env:"THROTTLE_WINDOW" envDefault:"1m" doc:"how long they are answered so"`
	Paths                pathSettings    `envPrefix:"PATH_"`
	LogFormat            string          `env:"LOG_FORMAT" envDefault:"text" doc:"text or json, for the log and the start banner"`
	LogLevel             string          `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info (every request), warn (refused requests) or error"`
}

// tlsSettings are how to speak https.
type tlsSettings struct {
	Mode     string   `env:"TLS" default:"off" doc:"off, or self-signed: a certificate made at the start, by an authority that is served at /_mock/ca.pem"`
	CertFile string   `env:"TLS_CERT_FILE" doc:"your own certificate and its chain instead, in PEM"`
	KeyFile  string   `env:"TLS_KEY_FILE" doc:"its private key, in PEM"`
	Hosts    []string `env:"TLS_HOSTS" default:"localhost, 127.0.0.1, ::1, the host's name, those of ISSUER and BROWSER_URL" doc:"names and addresses that the self-signed certificate is for, separated by commas"`
}

// controlSettings are who may control the provider by requests below /_mock.
type controlSettings struct {
	Mode    string   `env:"CONTROL" envDefault:"on" doc:"on, or off: nothing is at /_mock"`
	Addr    string   `env:"CONTROL_ADDR" default:"ADDR" doc:"listen address of its own for /_mock"`
	Token   string   `env:"CONTROL_TOKEN" doc:"bearer token that /_mock demands"`
	Hosts   []string `env:"CONTROL_HOSTS" doc:"host names by which /_mock may be called, besides addresses, names without dots, the issuer's, and those below localhost, test, local and internal"`
	Origins []string `env:"CONTROL_ORIGINS" doc:"origins of the pages that may call /_mock; no others may"`
}

// pathSettings are where endpoints are, below the issuer; the first of each is advertised.
type pathSettings struct {
	Authorization []string `env:"AUTHORIZATION" envDefault:"/authorize" doc:"paths of the authorization endpoint"`
	UserInfo      []string `env:"USERINFO" envDefault:"/userinfo" doc:"paths of the userinfo endpoint"`
	EndSession    []string `env:"END_SESSION" envDefault:"/end_session" doc:"paths of the end session endpoint"`
	Token         []string `env:"TOKEN" envDefault:"/token,/oauth2/access_token" doc:"paths of the token endpoint, separated by commas; the first is advertised"`
	Introspection []string `env:"INTROSPECTION" envDefault:"/introspect" doc:"paths of the introspection endpoint"`
	Revocation    []string `env:"REVOCATION" envDefault:"/revoke" doc:"paths of the revocation endpoint"`
	JWKS          []string `env:"JWKS" envDefault:"/jwks" doc:"paths of the key set"`
	Verify        []string `env:"VERIFY" envDefault:"/api/verify" doc:"paths of the verify view"`
}

// setting is one variable, for the table in the README and for refusing misspelt ones.
type setting struct {
	name, byDefault, doc string
	field                string // of settings
}

// describe lists the settings' variables, in the order of the struct.
func describe() []setting { return describeStruct(reflect.TypeFor[settings](), prefix) }

func describeStruct(t reflect.Type, prefix string) []setting {
	var out []setting
	for field := range t.Fields() {
		if nested, ok := field.Tag.Lookup("envPrefix"); ok {
			out = append(out, describeStruct(field.Type, prefix+nested)...)
			continue
		}
		byDefault := field.Tag.Get("envDefault")
		if byDefault == "" {
			byDefault = field.Tag.Get("default")
		}
		out = append(out, setting{prefix + field.Tag.Get("env"), byDefault, field.Tag.Get("doc"), field.Name})
	}
	return out
}

// readSettings reads the settings and refuses variables that nobody knows. The
// error lists all that is wrong, a line each.
func readSettings(environ []string) (settings, error) {
	var s settings
	given := variables(environ)
	problems := unknown(given)
	err := env.ParseWithOptions(&s, env.Options{
		Environment: given, Prefix: prefix,
		FuncMap: map[reflect.Type]env.ParserFunc{reflect.TypeFor[[]string](): parseList},
	})
	var all env.AggregateError
	if errors.As(err, &all) {
		for _, e := range all.Errors {
			problems = append(problems, readable(e, given))
		}
	} else if err != nil {
		problems = append(problems, err)
	}
	if _, _, err := hostPort("ADDR", s.Addr); err != nil {
		problems = append(problems, err)
	}
	if s.Control.Addr != "" {
		if _, port, err := hostPort("CONTROL_ADDR", s.Control.Addr); err != nil {
			problems = append(problems, err)
		} else if s.Control.Addr == s.Addr && port != 0 {
			problems = append(problems, fmt.Errorf("%sCONTROL_ADDR: %q is %sADDR as well; leave it out to have both at one", prefix, s.Addr, prefix))
		}
	}
	return s, errors.Join(problems...)
}

// variables are ours among those of an environment, but for the empty ones.
func variables(environ []string) map[string]string {
	given := map[string]string{}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, prefix) && value != "" {
			given[name] = value
		}
	}
	return given
}

// parseList reads items that are separated by commas, without the spaces around
// them, and without empty ones.
func parseList(text string) (any, error) {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items, nil
}

// hostPort is a listen address in its parts, the port as a number.
func hostPort(variable, address string) (host string, port int, err error) {
	host, name, err := net.SplitHostPort(address)
	if err == nil {
		port, err = net.LookupPort("tcp", name)
	}
	if err != nil {
		return "", 0, fmt.Errorf("%s%s: %q is no listen address; write it like :9000 or 127.0.0.1:9000", prefix, variable, address)
	}
	return host, port, nil
}

// readable says which variable could not be read and how it is written.
func readable(err error, given map[string]string) error {
	var wrong env.ParseError
	if !errors.As(err, &wrong) {
		return err
	}
	for _, d := range describe() {
		if d.field != wrong.Name {
			continue
		}
		how := "a whole number"
		switch wrong.Type {
		case reflect.TypeFor[time.Duration]():
			how = "a duration such as 90s, 10m or 1h"
		case reflect.TypeFor[bool]():
			how = "true or false"
		}
		return fmt.Errorf("%s: %q is not %s", d.name, given[d.name], how)
	}
	return err
}

// unknown refuses the variables that begin like ours and are not, but for those
// that Kubernetes and Docker links set for a service called mockoauth, and those
// of entries and of conformance, about which others complain.
func unknown(given map[string]string) []error {
	var known []string
	for _, d := range describe() {
		known = append(known, strings.TrimPrefix(d.name, prefix))
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		bare := strings.TrimPrefix(name, prefix)
		isOther := slices.ContainsFunc([]string{"USERS_", "CLIENTS_", "SCOPES_", "CONFORMANCE_"}, func(kind string) bool { return strings.HasPrefix(bare, kind) })
		if isOther || slices.Contains(known, bare) || fixtures.Known(name) || isServiceLink(bare, given[name]) {
			continue
		}
		problem := name + ": unknown variable"
		near := fixtures.Suggest(bare, append(known, entryVariables()...))
		if bare == "PORT" {
			near = "ADDR"
		}
		if near != "" {
			problem += fmt.Sprintf(", did you mean %q?", prefix+near)
		}
		problems = append(problems, errors.New(problem))
	}
	return problems
}

// entryVariables are the fixtures' variables, without the prefix.
func entryVariables() []string {
	var names []string
	for _, v := range fixtures.Variables() {
		names = append(names, strings.TrimPrefix(v.Name, prefix))
	}
	return names
}

// isServiceLink tells MOCKOAUTH_SERVICE_HOST, MOCKOAUTH_PORT=tcp://…,
// MOCKOAUTH_PORT_9000_TCP_ADDR and their like, without the prefix.
func isServiceLink(bare, value string) bool {
	return bare == "PORT" && strings.Contains(value, "://") || bare == "NAME" ||
		strings.HasPrefix(bare, "SERVICE_") || strings.HasPrefix(bare, "PORT_") || strings.HasPrefix(bare, "ENV_")
}
