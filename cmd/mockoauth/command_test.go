package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := runs(t, nil, "version")
	g.Expect(r.code).To(Equal(exitOK))
	g.Expect(r.out).To(MatchRegexp(`^mockoauth \S+\n$`))
}

func TestHelpIsNoError(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"fixtures", "-h"}, {"healthcheck", "--help"}} {
		g := NewWithT(t)
		r := runs(t, nil, args...)
		g.Expect(r.code).To(Equal(exitOK), "%v: %s", args, r.errs)
		g.Expect(r.out).To(ContainSubstring("Usage: mockoauth"))
	}
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"sevre"}, {"--no-such-flag"}, {"fixtures", "--format=toml"}, {"fixtures", "a", "b"}} {
		g := NewWithT(t)
		r := runs(t, nil, args...)
		g.Expect(r.code).To(Equal(exitUsage), "%v", args)
		g.Expect(r.errs).To(And(HavePrefix("mockoauth: "), HaveSuffix("Try: mockoauth --help\n")))
	}
}

func TestWrongConfigurationIsToldAtOnce(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = taken.Close() })
	for name, test := range map[string]struct {
		environ []string
		code    int
		says    []string
	}{
		"all kinds of problems": {
			[]string{
				"MOCKOAUTH_ISUER=http://x", "MOCKOAUTH_MAX_TOKENS=many", "MOCKOAUTH_ACCESS_TOKEN_LIFESPAN=1 hour",
				"MOCKOAUTH_FAULTS=token_unavailabel", "MOCKOAUTH_PROFILE=oauth3", "MOCKOAUTH_LOG_LEVEL=loud", "MOCKOAUTH_LOG_FORMAT=xml", "MOCKOAUTH_KEYS=mine",
				"MOCKOAUTH_CLIENTS_0_GRANTS=password,pasword", "MOCKOAUTH_CLIENTS_0_SECRT=x",
			}, exitUsage,
			[]string{
				"10 things are wrong",
				`MOCKOAUTH_ISUER: unknown variable, did you mean "MOCKOAUTH_ISSUER"?`,
				`MOCKOAUTH_MAX_TOKENS: "many" is not a whole number`,
				`MOCKOAUTH_ACCESS_TOKEN_LIFESPAN: "1 hour" is not a duration such as 90s, 10m or 1h`,
				`MOCKOAUTH_PROFILE: unknown profile "oauth3"`,
				`MOCKOAUTH_FAULTS: unknown fault "token_unavailabel", did you mean "token_unavailable"?`,
				`MOCKOAUTH_LOG_LEVEL: "loud" is none of debug, info, warn, error`,
				`MOCKOAUTH_LOG_FORMAT: "xml" is neither text nor json`,
				`MOCKOAUTH_KEYS: "mine" is neither development nor random`,
				`MOCKOAUTH_CLIENTS_0_GRANTS_1: unknown grant "pasword", did you mean "password"?`,
				`MOCKOAUTH_CLIENTS_0_SECRT: unknown variable, did you mean "MOCKOAUTH_CLIENTS_0_SECRET"?`,
			},
		},
		"options that only the provider can judge": {
			[]string{
				"MOCKOAUTH_ISSUER=localhost:9000", "MOCKOAUTH_SIGNING_ALG=HS256", "MOCKOAUTH_ACCESS_TOKEN_FORMAT=xml", "MOCKOAUTH_PROFILE=oauth3",
				"MOCKOAUTH_ACCESS_TOKEN_LIFESPAN=1500ms", "MOCKOAUTH_MAX_TOKENS=0", "MOCKOAUTH_PATH_TOKEN=token", "MOCKOAUTH_PATH_JWKS=/introspect",
			}, exitUsage,
			[]string{
				"8 things are wrong", "MOCKOAUTH_ISSUER: ", "MOCKOAUTH_SIGNING_ALG: ", "MOCKOAUTH_ACCESS_TOKEN_FORMAT: ", "MOCKOAUTH_PROFILE: ",
				"MOCKOAUTH_ACCESS_TOKEN_LIFESPAN: ", "MOCKOAUTH_MAX_TOKENS: ", `MOCKOAUTH_PATH_TOKEN: "token" must begin with /`, "MOCKOAUTH_PATH_JWKS: ",
			},
		},
		"a keys file that is not there": {
			[]string{"MOCKOAUTH_KEYS_FILE=/no/such/file"}, exitUsage, []string{"one thing is wrong", "MOCKOAUTH_KEYS_FILE: ", "no such file"},
		},
		"a fixtures file that is not there": {
			[]string{"MOCKOAUTH_FIXTURES_FILE=/no/such/file"}, exitUsage, []string{"MOCKOAUTH_FIXTURES_FILE: ", "no such file"},
		},
		"a port of the control's that is taken": {
			[]string{"MOCKOAUTH_ADDR=127.0.0.1:0", "MOCKOAUTH_CONTROL_ADDR=" + taken.Addr().String()}, exitFailed, []string{"is taken by another process", "MOCKOAUTH_CONTROL_ADDR"},
		},
		"a port for both": {
			[]string{"MOCKOAUTH_ADDR=:9000", "MOCKOAUTH_CONTROL_ADDR=:9000"}, exitUsage, []string{"MOCKOAUTH_CONTROL_ADDR: ", "MOCKOAUTH_ADDR as well"},
		},
		"a port that is taken": {
			[]string{"MOCKOAUTH_ADDR=" + taken.Addr().String()}, exitFailed, []string{"is taken by another process", "MOCKOAUTH_ADDR"},
		},
		"an address that is none": {
			[]string{"MOCKOAUTH_ADDR=nine thousand"}, exitUsage, []string{`MOCKOAUTH_ADDR: "nine thousand" is no listen address`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := runs(t, test.environ)
			g.Expect(r.code).To(Equal(test.code), r.errs)
			g.Expect(r.out).To(BeEmpty())
			for _, line := range test.says {
				g.Expect(r.errs).To(ContainSubstring(line))
			}
		})
	}
}

// Kubernetes and Docker links set variables that begin like ours for a service
// called mockoauth.
func TestServiceLinksAreIgnored(t *testing.T) {
	t.Parallel()
	s := serve(t, "MOCKOAUTH_SERVICE_HOST=10.0.0.1", "MOCKOAUTH_SERVICE_PORT_HTTP=9000", "MOCKOAUTH_PORT=tcp://10.0.0.1:9000", "MOCKOAUTH_PORT_9000_TCP_ADDR=10.0.0.1")
	NewWithT(t).Expect(s.stop()).To(Equal(exitOK))
}

func TestServeStopsWhenTold(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	response, err := http.Get(s.url + "/readyz")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.Body.Close()).To(Succeed())
	g.Expect(response.StatusCode).To(Equal(http.StatusOK))
	g.Expect(s.stop()).To(Equal(exitOK))
	_, err = http.Get(s.url + "/readyz")
	g.Expect(err).To(HaveOccurred())
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	address := strings.Replace(strings.TrimPrefix(s.url, "http://"), "localhost", "", 1)
	g.Expect(runs(t, []string{"MOCKOAUTH_ADDR=" + address}, "healthcheck")).To(Equal(result{exitOK, "healthy\n", ""}))
	g.Expect(runs(t, nil, "healthcheck", "--url", s.url+"/nowhere").code).To(Equal(exitFailed))
	s.stop()
	r := runs(t, []string{"MOCKOAUTH_ADDR=" + address}, "healthcheck")
	g.Expect(r.code).To(Equal(exitFailed))
	g.Expect(r.errs).To(HavePrefix("unhealthy: "))
	g.Expect(runs(t, []string{"MOCKOAUTH_ADDR=nonsense"}, "healthcheck").code).To(Equal(exitUsage))
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "fixtures.yaml")
	NewWithT(t).Expect(os.WriteFile(file, []byte("clients:\n  - id: web\n    secret: s3cret-of-web\n"), 0o600)).To(Succeed())
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	NewWithT(t).Expect(os.WriteFile(bad, []byte("clients:\n  - id: web\n    redirect_uri: http://x/cb\n    grants: [pasword]\n"), 0o600)).To(Succeed())

	t.Run("are printed with their secrets masked", func(t *testing.T) {
		g := NewWithT(t)
		r := runs(t, nil, "fixtures", file)
		g.Expect(r.code).To(Equal(exitOK), r.errs)
		g.Expect(r.out).To(And(ContainSubstring("id: web"), ContainSubstring("apitester"), Not(ContainSubstring("s3cret"))))
	})
	t.Run("are printed with their secrets when asked, and can be read again", func(t *testing.T) {
		g := NewWithT(t)
		r := runs(t, []string{"MOCKOAUTH_FIXTURES_FILE=" + file}, "fixtures", "--show-secrets", "--format=json")
		g.Expect(r.code).To(Equal(exitOK), r.errs)
		g.Expect(r.out).To(ContainSubstring("s3cret-of-web"))
		again := runs(t, []string{"MOCKOAUTH_FIXTURES=" + r.out}, "fixtures", "--show-secrets", "--format=json")
		g.Expect(again.out).To(Equal(r.out), again.errs)
	})
	t.Run("that are wrong end with exit code 2", func(t *testing.T) {
		g := NewWithT(t)
		r := runs(t, nil, "fixtures", bad)
		g.Expect(r.code).To(Equal(exitUsage))
		g.Expect(r.out).To(BeEmpty())
		g.Expect(strings.Split(strings.TrimSpace(r.errs), "\n")).To(HaveLen(2))
		g.Expect(r.errs).To(And(
			ContainSubstring(`bad.yaml:3 clients[0].redirect_uri: unknown field, did you mean "redirect_uris"?`),
			ContainSubstring(`bad.yaml:4 clients[0].grants[0]: unknown grant "pasword", did you mean "password"?`)))
	})
}

// The log tells each request's outcome, and no secret, password or token.
func TestLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	bodies := []string{
		"client_id=demo&client_secret=demo-secret&grant_type=password&username=alice&password=alices-wrong-password",
		"client_id=demo&client_secret=wrong-secret-entirely&grant_type=client_credentials",
		"client_id=demo&client_secret=demo-secret&grant_type=refresh_token&refresh_token=no-such-refresh-token",
	}
	for _, body := range bodies {
		response, err := http.Post(s.url+"/token?password=in-the-query", "application/x-www-form-urlencoded", strings.NewReader(body))
		g.Expect(err).NotTo(HaveOccurred())
		_ = response.Body.Close()
		response, err = http.Post(s.url+"/token", "application/x-www-form-urlencoded", strings.NewReader(body))
		g.Expect(err).NotTo(HaveOccurred())
		_ = response.Body.Close()
	}
	s.stop()
	log := s.errs.String()
	found := func(line string) bool { return strings.Contains(line, `"rule":`) } // about the client, not a request
	all := strings.Split(strings.TrimSpace(log), "\n")
	lines := slices.DeleteFunc(slices.Clone(all), found)
	g.Expect(lines).To(HaveLen(2*len(bodies) + 1))
	g.Expect(slices.ContainsFunc(all, found)).To(BeTrue())
	for _, line := range lines[:2*len(bodies)] { // the last says that it stops
		var entry map[string]any
		g.Expect(json.Unmarshal([]byte(line), &entry)).To(Succeed(), line)
		g.Expect(entry).To(And(HaveKey("error"), HaveKey("reason"), HaveKeyWithValue("endpoint", "token"), HaveKey("status")))
	}
	g.Expect(log).To(And(ContainSubstring("wrong password of user 'alice'"), ContainSubstring("wrong secret")))
	for _, secret := range []string{"demo-secret", "alices-wrong-password", "wrong-secret-entirely", "no-such-refresh-token", "in-the-query"} {
		g.Expect(log).NotTo(ContainSubstring(secret))
	}
}

func TestBannerTellsWhatToTry(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t, "MOCKOAUTH_CLIENTS_0_ID=pinned", "MOCKOAUTH_FAULTS=token_unavailable")
	b := bannerOf(t, s)
	g.Expect(b.Clients).To(HaveLen(1))
	g.Expect(b.Clients[0].Secret).To(HaveLen(40), "a secret that was made up must be shown")
	g.Expect(b.Users).NotTo(BeEmpty())
	g.Expect(b.Faults).To(Equal([]string{"token_unavailable"}))
	g.Expect(b.Warnings).To(HaveLen(2))
	g.Expect(b.Try[0]).To(And(ContainSubstring("client_id=pinned&client_secret="+b.Clients[0].Secret), ContainSubstring(s.url)))

	var text bytes.Buffer
	g.Expect(b.write(&text)).To(Succeed())
	g.Expect(text.String()).To(And(
		ContainSubstring("Not for production"), ContainSubstring("development keys"), ContainSubstring(b.Clients[0].Secret),
		ContainSubstring("apitester"), ContainSubstring("curl -d"), ContainSubstring("from each request's Host")))
}

// What is secret stays out of the log wherever a client puts it by mistake.
func TestLogKeepsMisplacedSecrets(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t, "MOCKOAUTH_CLIENTS_0_ID=cli", "MOCKOAUTH_CLIENTS_0_SECRET=its-own-secret", "MOCKOAUTH_USERS_0_USERNAME=bob", "MOCKOAUTH_USERS_0_PASSWORD=bobs-own-password")
	for _, body := range []string{
		"client_id=its-own-secret&client_secret=cli&grant_type=client_credentials",
		"client_id=cli&client_secret=its-own-secret&grant_type=password&username=bobs-own-password&password=bob",
		"client_id=cli&client_secret=its-own-secret&grant_type=its-own-secret",
		"client_id=cli&client_secret=its-own-secret&grant_type=client_credentials&scope=bobs-own-password",
		`{"client_secret":"its-own-secret"}`,
	} {
		response, err := http.Post(s.url+"/token", "application/x-www-form-urlencoded", strings.NewReader(body))
		g.Expect(err).NotTo(HaveOccurred())
		_ = response.Body.Close()
	}
	token := strings.Repeat("eyJhbGciOiJSUzI1NiJ9", 5)
	response, err := http.Get(s.url + "/api/verify/" + token)
	g.Expect(err).NotTo(HaveOccurred())
	_ = response.Body.Close()
	s.stop()
	g.Expect(s.errs.String()).To(And(
		ContainSubstring("client_id and secret are swapped"),
		Not(ContainSubstring("its-own-secret")), Not(ContainSubstring("bobs-own-password")), Not(ContainSubstring(token))))
}

func TestFaultsAreListed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := runs(t, nil, "faults")
	g.Expect(r.code).To(Equal(exitOK))
	g.Expect(r.out).To(ContainSubstring("\n# Token requests\n"))
	g.Expect(r.out).To(ContainSubstring("\ntoken_unavailable (token; RFC 6749 §5.1)\n  answers every token request with 503\n  -> reports the status, and asks again later, "))
	g.Expect(r.out).To(ContainSubstring("\nstore_unavailable (every endpoint; RFC 6749 §5.2)\n"))
}

// The fixtures command is for checking a pipeline's variables too.
func TestFixturesRefuseMisspeltVariables(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := runs(t, []string{"MOCKOAUTH_FIXTURE_FILE=x.yaml", "MOCKOAUTH_CLIENT_0_ID=web"}, "fixtures")
	g.Expect(r.code).To(Equal(exitUsage))
	g.Expect(r.errs).To(And(
		ContainSubstring(`MOCKOAUTH_FIXTURE_FILE: unknown variable, did you mean "MOCKOAUTH_FIXTURES_FILE"?`),
		ContainSubstring(`MOCKOAUTH_CLIENT_0_ID: unknown variable, did you mean "MOCKOAUTH_CLIENTS_0_ID"?`)))
}

// The line to try works as printed, whatever the first client is.
func TestSuggestedLineSuitsTheClient(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		environ []string
		want    string
	}{
		"basic":         {[]string{"MOCKOAUTH_CLIENTS_0_ID=a b", "MOCKOAUTH_CLIENTS_0_SECRET=c%d", "MOCKOAUTH_CLIENTS_0_AUTH_METHOD=client_secret_basic"}, `curl -u "a+b:c%25d" -d "grant_type=password`},
		"public":        {[]string{"MOCKOAUTH_CLIENTS_0_ID=app", "MOCKOAUTH_CLIENTS_0_AUTH_METHOD=none"}, `curl -d "client_id=app&grant_type=password`},
		"oauth2.1":      {[]string{"MOCKOAUTH_PROFILE=oauth2.1"}, `grant_type=client_credentials`},
		"a locked user": {[]string{"MOCKOAUTH_USERS_0_USERNAME=x", "MOCKOAUTH_USERS_0_PASSWORD=x", "MOCKOAUTH_USERS_0_STATUS=locked"}, `grant_type=client_credentials`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			b := bannerOf(t, serve(t, test.environ...))
			g.Expect(b.Try).NotTo(BeEmpty())
			g.Expect(b.Try[0]).To(ContainSubstring(test.want))
		})
	}
}

// Keys of one's own come from a file, and choose the algorithm.
func TestKeysFile(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, private, err := ed25519.GenerateKey(nil)
	g.Expect(err).NotTo(HaveOccurred())
	der, err := x509.MarshalPKCS8PrivateKey(private)
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "keys.pem")
	g.Expect(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)).To(Succeed())

	s := serve(t, "MOCKOAUTH_KEYS_FILE="+file)
	g.Expect(bannerOf(t, s).Warnings).To(HaveLen(1), "its own keys are nobody else's")
	response, err := http.Get(s.url + "/jwks")
	g.Expect(err).NotTo(HaveOccurred())
	body, err := io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.Body.Close()).To(Succeed())
	g.Expect(string(body)).To(And(ContainSubstring(`"crv":"Ed25519"`), Not(ContainSubstring(`"d":`))))

	for _, test := range []struct {
		environ []string
		want    string
	}{
		{[]string{"MOCKOAUTH_KEYS_FILE=" + file, "MOCKOAUTH_SIGNING_ALG=RS256"}, "MOCKOAUTH_KEYS_FILE: " + file + ": "},
		{[]string{"MOCKOAUTH_KEYS_FILE=" + file, "MOCKOAUTH_KEYS=random"}, "MOCKOAUTH_KEYS: random cannot go together with MOCKOAUTH_KEYS_FILE"},
		{[]string{"MOCKOAUTH_KEYS=random", "MOCKOAUTH_SIGNING_ALG=HS256"}, "MOCKOAUTH_SIGNING_ALG: "},
	} {
		r := runs(t, test.environ)
		g.Expect(r.code).To(Equal(exitUsage))
		g.Expect(r.errs).To(ContainSubstring(test.want))
	}
}
