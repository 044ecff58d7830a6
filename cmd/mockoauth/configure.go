package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// options turns the settings into the provider's options. The error lists all
// that is wrong, a line each, with the variable's name.
func (s settings) options(set fixtures.Set, log *slog.Logger) ([]provider.Option, error) {
	own, errKeys := s.keys()
	faults, errFaults := s.faults()
	secure, errTLS := s.TLS.options()
	control, errControl := s.Control.options()
	options := []provider.Option{
		provider.WithIssuer(s.Issuer), provider.WithBrowserURL(s.BrowserURL), provider.WithCORSOrigins(s.origins()...),
		provider.WithFixtures(set), provider.WithSigningAlg(s.SigningAlg),
		provider.WithAccessTokenFormat(s.AccessTokenFormat), provider.WithProfile(s.Profile),
		provider.WithAccessTokenLifespan(s.AccessTokenLifespan), provider.WithRefreshTokenLifespan(s.RefreshTokenLifespan),
		provider.WithIDTokenLifespan(s.IDTokenLifespan), provider.WithCodeLifespan(s.CodeLifespan),
		provider.WithLogin(s.Login), provider.WithConsent(s.Consent),
		provider.WithPaths("authorization", s.Paths.Authorization...), provider.WithPaths("userinfo", s.Paths.UserInfo...),
		provider.WithPaths("end_session", s.Paths.EndSession...),
		provider.WithMaxTokens(s.MaxTokens), provider.WithThrottle(s.ThrottleFailures, s.ThrottleWindow),
		provider.WithFaults(faults...), provider.WithLogger(log),
		provider.WithTenants(s.Tenants...), provider.WithSeed(s.Seed), provider.WithRecord(s.Record),
		provider.WithPaths("token", s.Paths.Token...), provider.WithPaths("introspection", s.Paths.Introspection...),
		provider.WithPaths("revocation", s.Paths.Revocation...), provider.WithPaths("jwks", s.Paths.JWKS...),
		provider.WithPaths("verify", s.Paths.Verify...),
	}
	options = append(options, own...)
	if s.TrustProxy {
		options = append(options, provider.WithTrustedProxy())
	}
	var errLint error
	switch s.Lint {
	case "on":
	case "off":
		options = append(options, provider.WithoutLint())
	default:
		errLint = fmt.Errorf("%sLINT: %q is neither on nor off", prefix, s.Lint)
	}
	options = append(append(options, secure...), control...)
	return options, errors.Join(errKeys, errFaults, errTLS, errControl, errLint)
}

// origins are the CORS origins; "none" is none.
func (s settings) origins() []string {
	if len(s.CORSOrigins) == 1 && s.CORSOrigins[0] == "none" {
		return nil
	}
	return s.CORSOrigins
}

// options are those of the control.
func (c controlSettings) options() ([]provider.Option, error) {
	options := []provider.Option{
		provider.WithControlAddr(c.Addr), provider.WithControlToken(c.Token), provider.WithControlHosts(c.Hosts...), provider.WithControlOrigins(c.Origins...),
	}
	switch c.Mode {
	case "on":
		return options, nil
	case "off":
		return append(options, provider.WithoutControl()), nil
	}
	return nil, fmt.Errorf("%sCONTROL: %q is neither on nor off", prefix, c.Mode)
}

// keys are the options of keys that are not the development keys.
func (s settings) keys() ([]provider.Option, error) {
	switch {
	case s.KeysFile != "" && s.Keys != "development":
		return nil, fmt.Errorf("%sKEYS: %s cannot go together with %sKEYS_FILE; leave one out", prefix, s.Keys, prefix)
	case s.KeysFile != "":
		data, err := os.ReadFile(s.KeysFile)
		if err != nil {
			return nil, fmt.Errorf("%sKEYS_FILE: %w", prefix, err)
		}
		ring, err := keys.Parse(data, s.SigningAlg)
		if err != nil {
			return nil, indent(prefix+"KEYS_FILE: "+s.KeysFile, err)
		}
		return []provider.Option{provider.WithKeys(ring)}, nil
	case s.Keys == "random":
		return []provider.Option{provider.WithRandomKeys()}, nil
	case s.Keys != "development":
		return nil, fmt.Errorf("%sKEYS: %q is neither development nor random; keys of your own go into %sKEYS_FILE", prefix, s.Keys, prefix)
	}
	return nil, nil
}

// faults finds the named faults in the catalogue.
func (s settings) faults() ([]fault.Fault, error) {
	var found []fault.Fault
	var errs []error
	for _, name := range s.Faults {
		f, ok := fault.Named(name)
		if ok {
			found = append(found, f)
			continue
		}
		var names []string
		for _, known := range fault.Catalog() {
			names = append(names, known.Name)
		}
		problem := fmt.Sprintf("%sFAULTS: unknown fault %q", prefix, name)
		near := fixtures.Suggest(name, names)
		if i := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, name) }); near == "" && i >= 0 {
			near = names[i]
		}
		if near != "" {
			problem += fmt.Sprintf(", did you mean %q?", near)
		}
		problem += " (mockoauth faults lists them)"
		errs = append(errs, errors.New(problem))
	}
	return found, errors.Join(errs...)
}

// indent puts an address before each line of an error.
func indent(address string, err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = address + ": " + line
	}
	return errors.New(strings.Join(lines, "\n"))
}

// logger makes the log that the settings ask for.
func (s settings) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	var errs []error
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		errs = append(errs, fmt.Errorf("%sLOG_LEVEL: %q is none of debug, info, warn, error", prefix, s.LogLevel))
	}
	options := &slog.HandlerOptions{Level: level}
	switch s.LogFormat {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), errors.Join(errs...)
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), errors.Join(errs...)
	}
	errs = append(errs, fmt.Errorf("%sLOG_FORMAT: %q is neither text nor json", prefix, s.LogFormat))
	return slog.New(slog.DiscardHandler), errors.Join(errs...)
}
