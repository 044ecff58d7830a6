package target

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Validate says everything that is wrong with the settings, as [fixtures.Problems]
// whose addresses are paths: clients.main.redirect_uris[0].
func (s Settings) Validate() error {
	if found := s.judge().found; len(found) > 0 {
		return found
	}
	return nil
}

// A judgement collects what is wrong with settings.
type judgement struct {
	Settings
	found fixtures.Problems
}

func (j *judgement) add(path, format string, args ...any) {
	j.found = append(j.found, fixtures.Problem{Address: path, Message: oneLine(fmt.Sprintf(format, args...))})
}

// check adds what an error says, if there is one.
func (j *judgement) check(path string, err error) {
	if err != nil {
		j.add(path, "%v", err)
	}
}

func (s Settings) judge() *judgement {
	j := &judgement{Settings: s}
	j.issuer()
	for _, name := range slices.Sorted(maps.Keys(s.Endpoints)) {
		j.known("endpoints."+name, "endpoint", strings.TrimSuffix(name, "_endpoint"), endpoints())
		j.check("endpoints."+name, s.judgeURL(s.Endpoints[name]))
	}
	for _, role := range sortedRoles(s.Clients) {
		j.known("clients."+string(role), "role of a client", string(role), namesOf(check.ClientRoles()))
		j.client("clients."+string(role)+".", role, s.Clients[role])
	}
	for _, role := range sortedRoles(s.Users) {
		j.known("users."+string(role), "role of a user", string(role), namesOf(check.UserRoles()))
		if s.Users[role].Username == "" {
			j.add("users."+string(role)+".username", "is missing")
		}
	}
	if s.RedirectURI != "" {
		j.check("redirect_uri", judgeRedirect(s.RedirectURI))
	}
	j.each("features", "feature", namesOf(s.Features), namesOf(check.Features()))
	j.each("exempt", "feature", namesOf(s.Exempt), namesOf(check.Features()))
	j.each("profiles", "profile", s.Profiles, profiles())
	j.login()
	j.connection()
	return j
}

// issuer is a URL without query and fragment (RFC 8414 §2).
func (j *judgement) issuer() {
	if j.Issuer == "" {
		j.add("issuer", "is missing; it is where the provider's metadata is found, such as https://idp.example.com")
		return
	}
	if err := j.judgeURL(j.Issuer); err != nil {
		j.check("issuer", err)
		return
	}
	if strings.ContainsAny(j.Issuer, "?#") {
		j.add("issuer", "%q has a query or a fragment, which an issuer has not (RFC 8414 §2)", j.Issuer)
	}
}

// client judges one client, whose path ends in a dot.
func (j *judgement) client(path string, role check.Role, c Client) {
	if c.ID == "" {
		j.add(path+"id", "is missing")
	}
	methods := []string{check.AuthBasic, check.AuthPost, authNone, authKey}
	if c.AuthMethod != "" {
		j.known(path+"auth_method", "auth_method", c.AuthMethod, methods)
	}
	secretive := c.AuthMethod == check.AuthBasic || c.AuthMethod == check.AuthPost
	switch {
	case c.Secret != "" && (role == check.Public || c.AuthMethod == authNone):
		j.add(path+"secret", "a public client has no secret; leave it out, or give the client in another role")
	case c.Secret == "" && secretive:
		j.add(path+"secret", "is missing; auth_method %s needs it", c.AuthMethod)
	}
	j.key(path, role, c)
	for i, uri := range c.RedirectURIs {
		j.check(fmt.Sprintf("%sredirect_uris[%d]", path, i), judgeRedirect(uri))
	}
	for i, uri := range c.PostLogoutRedirectURIs {
		j.check(fmt.Sprintf("%spost_logout_redirect_uris[%d]", path, i), judgeRedirect(uri))
	}
}

// The methods of client authentication without a secret (RFC 7591 §2, OpenID Connect Core §9).
const (
	authNone = "none"
	authKey  = "private_key_jwt"
)

func (j *judgement) login() {
	l := j.Login
	pages := l.Username != "" || l.Password != "" || len(l.Fields) > 0
	if len(l.Command) > 0 && (pages || len(l.Headers) > 0) {
		j.add("login.command", "goes with neither headers nor names of inputs: the command alone logs users in")
	}
	if l.Timeout < 0 {
		j.add("login.timeout", "is negative")
	}
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		if strings.ContainsFunc(name, isNotOfToken) || name == "" {
			j.add("login.headers."+name, "%q is no header name", name)
		}
		rest := strings.NewReplacer("{username}", "", "{password}", "").Replace(l.Headers[name])
		if _, after, found := strings.Cut(rest, "{"); found {
			word, _, _ := strings.Cut(after, "}")
			j.add("login.headers."+name, "{%s} is nothing that is replaced; write {username} or {password}", word)
		}
	}
}

// isNotOfToken tells a character that a header name cannot have (RFC 9110 §5.6.2).
func isNotOfToken(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

func (j *judgement) connection() {
	_, err := j.roots()
	j.check("ca_file", err)
	if j.Timeout < 0 {
		j.add("timeout", "is negative")
	}
	if j.MaxWait < 0 {
		j.add("max_wait", "is negative")
	}
	if j.Parallel < 0 {
		j.add("parallel", "is negative; 1 tries one check after the other")
	}
	if j.ControlURL != "" {
		j.check("control_url", j.judgeURL(j.ControlURL))
	}
}

// known wants a word to be one of those known.
func (j *judgement) known(path, kind, word string, known []string) {
	if !slices.Contains(known, word) {
		j.add(path, "%s", fixtures.Unknown(kind, word, known))
	}
}

// each wants the items of a list to be known.
func (j *judgement) each(path, kind string, list, known []string) {
	for i, word := range list {
		j.known(fmt.Sprintf("%s[%d]", path, i), kind, word, known)
	}
}

func namesOf[T ~string](list []T) []string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = string(name)
	}
	return names
}

func profiles() []string {
	var names []string
	for _, p := range check.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// endpoints are what Endpoints can name, less the "_endpoint" of the metadata's member.
func endpoints() []string {
	return []string{
		"authorization", "token", "introspection", "revocation", "userinfo", "end_session", "jwks_uri", "registration",
		"pushed_authorization_request", "device_authorization", "resource",
	}
}

// judgeURL says what an address must not be: something else than http or https, or
// plain where others listen.
func (s Settings) judgeURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q is no http or https URL", address)
	case u.User != nil:
		return errors.New("a URL here has no user and password in it")
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && !s.Insecure:
		return fmt.Errorf("%q would send secrets in plain text to another machine; use https, or say insecure where that is meant", address)
	}
	return nil
}

// isLoopback tells a host that is this machine (RFC 6761 §6.3).
func isLoopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// judgeRedirect says what a redirect URI must not be (RFC 6749 §3.1.2).
func judgeRedirect(uri string) error {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Scheme == "":
		return fmt.Errorf("%q is no absolute URI", uri)
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host == "":
		return fmt.Errorf("%q names no host", uri)
	case strings.Contains(uri, "#"):
		return fmt.Errorf("%q has a fragment, which a redirect URI has not (RFC 6749 §3.1.2)", uri)
	}
	return nil
}

// reasonOf is why a file could not be read, without its name.
func reasonOf(err error) error {
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
}
