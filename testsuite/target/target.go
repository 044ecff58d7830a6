// Package target is what there is to know of a provider under test: read from a
// YAML file, variables and flags by [Load], and made into a [check.Target] by
// [Settings.Target]. Of a mockoauth that runs somewhere, [Settings.Controlled] makes
// as many as are wanted, with all that the checks could need. [Fixtures] is the
// table of that.
package target

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Target is the target that the settings tell of, with an HTTP client of its own,
// which bears as many checks at once as Parallel says. The error lists all that is
// wrong, as [Settings.Validate] does.
func (s Settings) Target() (*check.Target, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	client, err := s.client()
	if err != nil {
		return nil, err
	}
	t := &check.Target{
		Issuer: s.Issuer, Endpoints: s.Endpoints, HTTP: client, Login: s.Login.login(), WaitAtMost: s.MaxWait,
		RequiredScopes: words(s.RequiredScopes), Features: slices.Clone(s.Features), Exempt: slices.Clone(s.Exempt),
		Clients: map[check.Role]check.Client{}, Users: map[check.Role]check.User{},
	}
	for role, c := range s.Clients {
		t.Clients[role] = s.of(c)
	}
	for role, u := range s.Users {
		t.Users[role] = check.User{Username: u.Username, Password: u.Password, Claims: u.Claims}
	}
	return t, nil
}

// of is a client as the checks know it. One that names no redirect URI or scopes has
// those of all.
func (s Settings) of(c Client) check.Client {
	known := check.Client{
		ID: c.ID, Secret: c.Secret, Scopes: words(c.Scopes), Audiences: c.Audiences, RedirectURIs: c.RedirectURIs,
		PostLogoutRedirectURIs: c.PostLogoutRedirectURIs, Lifespan: c.Lifespan, Previous: c.PreviousSecret, Overlap: c.Overlap,
		Issuer: c.Issuer, Subject: c.Subject,
	}
	if k, err := c.key(); err == nil { // which Validate has seen
		known.Key, known.KeyID, known.Alg = k.signer, cmp.Or(c.KeyID, k.id), cmp.Or(c.Alg, k.alg)
	}
	if c.AuthMethod == check.AuthBasic || c.AuthMethod == check.AuthPost {
		known.AuthMethod = c.AuthMethod
	}
	if len(known.Scopes) == 0 {
		known.Scopes = words(s.Scopes)
	}
	if len(known.RedirectURIs) == 0 && s.RedirectURI != "" {
		known.RedirectURIs = []string{s.RedirectURI}
	}
	return known
}

// Bounds of the connections to a target.
const (
	requestTakes       = 10 * time.Second // unless the settings say otherwise
	parallelInOneCheck = 40               // requests at once, which some checks make
	idleAtMost         = 30 * time.Second
)

// words takes scopes apart that were written in one, as a request has them
// (RFC 6749 §3.3).
func words(scopes []string) []string { return strings.Fields(strings.Join(scopes, " ")) }

// client makes the HTTP client of a target.
func (s Settings) client() (*http.Client, error) {
	roots, err := s.roots()
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     &tls.Config{RootCAs: roots, InsecureSkipVerify: s.Insecure}, // which was asked for
		MaxIdleConnsPerHost: max(1, s.Parallel) * parallelInOneCheck,
		IdleConnTimeout:     idleAtMost,
		ForceAttemptHTTP2:   true,
	}
	return &http.Client{Transport: transport, Timeout: cmp.Or(s.Timeout, requestTakes), CheckRedirect: stay}, nil
}

// stay follows no redirect.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// roots are the certificates that the target's may come from; nil for the system's.
func (s Settings) roots() (*x509.CertPool, error) {
	if s.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("cannot read the file %q: %w", s.CAFile, reasonOf(err))
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the file %q has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----", s.CAFile)
	}
	return roots, nil
}
