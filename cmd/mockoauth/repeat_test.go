package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

const repeatedFixtures = `{"clients":[{"id":"rs","secret":"s","redirect_uris":["http://app.test/cb"]},
	{"id":"es","secret":"s","redirect_uris":["http://app.test/cb"],"id_token":{"alg":"ES256"}},
	{"id":"ed","secret":"s","redirect_uris":["http://app.test/cb"],"id_token":{"alg":"EdDSA"},"access_token":{"format":"opaque"}},
	{"name":"generated"}]}`

// process is a mockoauth of its own, as a test in another language has it.
type process struct {
	t      *testing.T
	base   string
	client *http.Client
	heard  []string // all that it answered
}

func startProcess(t *testing.T, binary string, environ ...string) *process {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, binary)
	command.Env = append(environ, "MOCKOAUTH_ADDR=127.0.0.1:0", "MOCKOAUTH_LOG_FORMAT=json", "MOCKOAUTH_LOG_LEVEL=error", "MOCKOAUTH_FIXTURES="+repeatedFixtures)
	out, err := command.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(command.Start()).To(Succeed())
	t.Cleanup(func() { cancel(); _ = command.Wait() })
	var b banner
	g.Expect(json.NewDecoder(out).Decode(&b)).To(Succeed())
	go func() { _, _ = io.Copy(io.Discard, out) }()
	jar, err := cookiejar.New(nil)
	g.Expect(err).NotTo(HaveOccurred())
	return &process{t: t, base: b.URL, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// ask sends a body, and hears status, cookies, where it leads, and what is said.
func (p *process) ask(method, path, contentType, body string) string {
	p.t.Helper()
	g := NewWithT(p.t)
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	g.Expect(err).NotTo(HaveOccurred())
	r.Host = "idp.test" // or the issuer would be of the port
	r.Header.Set("Content-Type", contentType)
	response, err := p.client.Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.StatusCode).To(BeNumerically("<", 400), "%s %s: %s", method, path, text)
	p.heard = append(p.heard, fmt.Sprintf("%s %s %d %q %s %s", method, path, response.StatusCode, response.Header["Set-Cookie"], response.Header.Get("Location"), text))
	if at := response.Header.Get("Location"); at != "" {
		return at
	}
	return string(text)
}

func (p *process) form(path string, pairs ...string) string {
	p.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return p.ask(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// scenario is what a client does that uses all that there is chance in.
func (p *process) scenario() []string {
	p.t.Helper()
	g := NewWithT(p.t)
	for _, tenant := range []string{"", "/red"} {
		p.ask(http.MethodPost, tenant+"/_mock/clock", "", `{"set":"2042-01-02T03:04:05Z","freeze":true}`)
	}
	p.heard = nil // how far that is from the real time is no matter of the seed
	p.ask(http.MethodGet, "/jwks", "", "")
	p.ask(http.MethodGet, "/_mock/fixtures", "", "")
	for _, tenant := range []string{"", "/red"} {
		for _, id := range []string{"rs", "es", "ed"} {
			secret := []string{"client_id", id, "client_secret", "s"}
			p.form(tenant+"/token", append(secret, "grant_type", "client_credentials")...)
			p.form(tenant+"/token", append(secret, "grant_type", "password", "username", "alice", "password", "alice")...)
			back, err := url.Parse(p.form(tenant+"/authorize", "client_id", id, "redirect_uri", "http://app.test/cb", "response_type", "code",
				"scope", "openid offline_access", "nonce", "n", "action", "login", "username", "alice", "password", "alice"))
			g.Expect(err).NotTo(HaveOccurred())
			answer := p.form(tenant+"/token", append(secret, "grant_type", "authorization_code", "code", back.Query().Get("code"), "redirect_uri", "http://app.test/cb")...)
			tokens := map[string]any{}
			g.Expect(json.Unmarshal([]byte(answer), &tokens)).To(Succeed())
			p.form(tenant+"/token", append(secret, "grant_type", "refresh_token", "refresh_token", tokens["refresh_token"].(string))...)
		}
		p.ask(http.MethodPost, tenant+"/_mock/clients", "", `{}`)
		p.ask(http.MethodPost, tenant+"/_mock/tokens", "", `{"user":"alice"}`)
		p.ask(http.MethodPost, tenant+"/_mock/tokens", "", `{"key":"foreign"}`)
		p.ask(http.MethodPost, tenant+"/_mock/keys", "", `{"rotate":true}`)
		p.ask(http.MethodPost, tenant+"/_mock/tokens", "", `{"format":"opaque"}`)
	}
	return p.heard
}

// Under a seed two processes answer the same requests with the same bytes.
func TestSeedRepeatsInAnotherProcess(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	g := NewWithT(t)
	binary := filepath.Join(t.TempDir(), "mockoauth")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(out))
	for name, environ := range map[string][]string{"development keys": nil, "random keys": {"MOCKOAUTH_KEYS=random"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			heard := func(seed string) []string {
				all := append(slices.Clone(environ), "MOCKOAUTH_SEED="+seed, "MOCKOAUTH_TENANTS=red")
				return startProcess(t, binary, all...).scenario()
			}
			first, second, other := heard("one"), heard("one"), heard("two")
			for i := range first {
				g.Expect(second[i]).To(Equal(first[i]))
			}
			differ := 0
			for i := range first {
				if first[i] != other[i] {
					differ++
				}
			}
			g.Expect(differ).To(BeNumerically(">=", len(first)-4), "all but clock, rotation and the like are of the seed")
			unique := slices.Compact(slices.Sorted(slices.Values(first)))
			g.Expect(unique).To(HaveLen(len(first)), "nothing is said twice")
		})
	}
	t.Run("the authority of TLS", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		authority := func(seed string) string {
			p := startProcess(t, binary, "MOCKOAUTH_SEED="+seed, "MOCKOAUTH_TLS=self-signed")
			p.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true} // it is what is asked for
			return p.ask(http.MethodGet, "/_mock/ca.pem", "", "")
		}
		first := authority("one")
		g.Expect(first).To(ContainSubstring("BEGIN CERTIFICATE"))
		g.Expect(authority("one")).To(Equal(first))
		g.Expect(authority("two")).NotTo(Equal(first))
	})
}
