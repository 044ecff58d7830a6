package target_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// write makes a file in a folder of the test's own.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// environ is an environment of variables without their prefix.
func environ(assignments ...string) []string {
	for i, a := range assignments {
		assignments[i] = target.Prefix + a
	}
	return append(assignments, "HOME=/", "SECRET_OF_WEB=from the environment")
}

const full = `
issuer: https://idp.example/t1
endpoints: {token: https://idp.example/token, resource: https://api.example/me}
clients:
  main:
    id: web
    secret: ${SECRET_OF_WEB}
    auth_method: client_secret_post
    scopes: [read, write]
    audiences: [https://a.example, https://b.example]
    redirect_uris: [https://web.example/cb]
    post_logout_redirect_uris: [https://web.example/bye]
  short-lived: {id: short, secret: s, lifespan: 90s}
  rotated: {id: rotated, secret: new, previous_secret: old, overlap: 1h}
  public: {id: app, auth_method: none, redirect_uris: ["app.example:/cb"]}
users:
  main: {username: alice, password: wonderland, claims: {email: a@example.com, address: {country: UK}, updated_at: 1700000000}}
features: [jwt_access_tokens, code id_token]
exempt: [refresh_token]
profiles: [core, oidc-basic]
login: {username: login, password: pass, fields: {realm: staff}}
insecure: false
timeout: 3s
max_wait: 7s
parallel: 2
`

// A file tells all that there is.
func TestLoadReadsFile(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s, err := target.Load(environ("TARGET_FILE=" + write(t, "target.yaml", full)))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]any{s.Timeout, s.MaxWait, s.Parallel, s.Profiles}).To(Equal([]any{3 * time.Second, 7 * time.Second, 2, []string{"core", "oidc-basic"}}))
	aim, err := s.Target()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(aim.Issuer).To(Equal("https://idp.example/t1"))
	g.Expect(aim.Endpoints).To(Equal(map[string]string{"token": "https://idp.example/token", "resource": "https://api.example/me"}))
	g.Expect(aim.Clients).To(Equal(map[check.Role]check.Client{
		check.Main: {
			ID: "web", Secret: "from the environment", AuthMethod: check.AuthPost, Scopes: []string{"read", "write"},
			Audiences: []string{"https://a.example", "https://b.example"}, RedirectURIs: []string{"https://web.example/cb"},
			PostLogoutRedirectURIs: []string{"https://web.example/bye"},
		},
		check.ShortLived: {ID: "short", Secret: "s", Lifespan: 90 * time.Second, Scopes: []string{}},
		check.Rotated:    {ID: "rotated", Secret: "new", Previous: "old", Overlap: time.Hour, Scopes: []string{}},
		check.Public:     {ID: "app", RedirectURIs: []string{"app.example:/cb"}, Scopes: []string{}},
	}))
	g.Expect(aim.Users).To(Equal(map[check.Role]check.User{check.Main: {
		Username: "alice", Password: "wonderland",
		Claims: map[string]any{"email": "a@example.com", "address": map[string]any{"country": "UK"}, "updated_at": 1700000000},
	}}))
	g.Expect(aim.Features).To(Equal([]check.Feature{check.JWTAccessTokens, check.Hybrid}))
	g.Expect(aim.Exempt).To(Equal([]check.Feature{check.Refresh}))
	g.Expect(aim.Login.Fields.Get("realm") + aim.Login.Username + aim.Login.Password).To(Equal("staffloginpass"))
	g.Expect(aim.WaitAtMost).To(Equal(7 * time.Second))
	g.Expect(aim.HTTP.Timeout).To(Equal(3 * time.Second))
}

// The usual case needs no file.
func TestLoadReadsVariables(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s, err := target.Load(environ(
		"ISSUER=http://localhost:9000", "CLIENT_ID=web", "CLIENT_SECRET_FILE="+write(t, "secret", "s3cret\n"), "OTHER_CLIENT_ID=other",
		"OTHER_CLIENT_SECRET=o", "PUBLIC_CLIENT_ID=app", "USERNAME=alice", "PASSWORD_FILE="+write(t, "password", "won der\n"),
		"REDIRECT_URI=https://web.example/cb", "SCOPES=read write", "CLIENTS_BASIC_ONLY_ID=basic", "CLIENTS_BASIC_ONLY_SCOPES=a, b",
		"USERS_ODD_USER_USERNAME=josé", "FEATURES=jwt_access_tokens, code id_token", "ENDPOINTS=token=http://localhost:9000/t?a=b",
		"LOGIN_HEADERS=X-User={username}", "PARALLEL=", "INSECURE=true",
	))
	g.Expect(err).NotTo(HaveOccurred())
	aim, err := s.Target()
	g.Expect(err).NotTo(HaveOccurred())
	both, uris := []string{"read", "write"}, []string{"https://web.example/cb"}
	g.Expect(aim.Clients).To(Equal(map[check.Role]check.Client{
		check.Main:      {ID: "web", Secret: "s3cret", Scopes: both, RedirectURIs: uris},
		check.Other:     {ID: "other", Secret: "o", Scopes: both, RedirectURIs: uris},
		check.Public:    {ID: "app", Scopes: both, RedirectURIs: uris},
		check.BasicOnly: {ID: "basic", Scopes: []string{"a", "b"}, RedirectURIs: uris},
	}))
	g.Expect(aim.Users).To(Equal(map[check.Role]check.User{check.Main: {Username: "alice", Password: "won der"}, check.OddUser: {Username: "josé"}}))
	g.Expect(aim.Features).To(Equal([]check.Feature{check.JWTAccessTokens, check.Hybrid}))
	g.Expect(aim.Endpoints).To(Equal(map[string]string{"token": "http://localhost:9000/t?a=b"}))
	g.Expect(aim.Login.Headers).To(Equal(map[string]string{"X-User": "{username}"}))
	g.Expect([]any{s.Timeout, s.MaxWait, s.Parallel, s.Insecure}).To(Equal([]any{10 * time.Second, 5 * time.Second, 4, true}))
}

// Flags win over variables, and these over the file, field by field.
func TestLoadOrder(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s, err := target.Load(
		environ("TARGET_FILE=/nowhere", "ISSUER=https://variable.example", "CLIENT_ID=variable", "CLIENT_SECRET_FILE=/nowhere", "PARALLEL=3"),
		target.Flag{Name: "target-file", Value: write(t, "target.yaml", full)},
		target.Flag{Name: "issuer", Value: "https://flag.example"}, target.Flag{Name: "client-secret", Value: "flag"},
		target.Flag{Name: "login-command", Value: "./login --quick"}, target.Flag{Name: "login-username", Value: ""},
	)
	g.Expect(err).To(MatchError(HaveSuffix("--login-command: goes with neither headers nor names of inputs: the command alone logs users in")),
		"what the file says is still there")
	g.Expect(s).To(BeZero())
	s, err = target.Load(
		environ("TARGET_FILE=/nowhere", "ISSUER=https://variable.example", "CLIENT_ID=variable", "CLIENT_SECRET_FILE=/nowhere", "PARALLEL=3"),
		target.Flag{Name: "target-file", Value: write(t, "target.yaml", full)},
		target.Flag{Name: "issuer", Value: "https://flag.example"}, target.Flag{Name: "client-secret", Value: "flag"},
	)
	g.Expect(err).NotTo(HaveOccurred())
	main := s.Clients[check.Main]
	g.Expect([]string{s.Issuer, main.ID, main.Secret, main.AuthMethod}).To(Equal([]string{"https://flag.example", "variable", "flag", "client_secret_post"}))
	g.Expect(s.Parallel).To(Equal(3))
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	NewWithT(t).Expect(got).To(Equal(string(want)), "run go test ./testsuite/target -update if that is right")
}

// Everything that is wrong is told at once, each with its address.
func TestLoadTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file    string // empty for none
		environ []string
		flags   []target.Flag
	}{
		"nothing": {"", nil, nil},
		"file": {`isuer: https://idp.example
endpoints: {tokn: https://idp.example/token, userinfo: "http://idp.example/me"}
clients:
  main:
    secret: s
    auth_method: client_secret_basik
    redirect_uris: [/callback, "https://web.example/cb#top"]
    lifespan: soon
    color: blue
  mian: {id: web}
  public: {id: app, secret: s}
  basic-only: {id: basic, auth_method: client_secret_basic}
  other: 5
users:
  main: {password: 12345}
  odd: {username: o, password_file: /nowhere/password}
features: [pkce, jwt_acess_tokens]
exempt: [flying]
profiles: [oidc]
login: {headers: {"X User": "{user}"}, command: [./login]}
ca_file: /nowhere/ca.pem
insecure: maybe
timeout: -1s
parallel: many
control_url: idp
`, nil, nil},
		"variables": {"", []string{
			"ISSUER=http://idp.example?x=1", "CLIENTID=web", "CLIENT_SECRET=s", "OTHER_CLIENT_ID=o", "CLIENTS_OTHER_ID=o", "PUBLIC_CLIENT_SECRET=s", "REDIRECT_URI=cb",
			"TIMEOUT=10", "PARALLEL=4.5", "INSECURE=perhaps", "PASSWORD_FILE=/nowhere/password", "ENDPOINTS=token", "FEATURES=pkce,pcke", "PROFILES=core,cor",
			"CLIENT_REDIRECT_URIS=https://a.example/cb,b",
		}, nil},
		"flags":       {"", nil, []target.Flag{{Name: "issuer", Value: "idp.example"}, {Name: "client-di", Value: "web"}, {Name: "timeout", Value: "soon"}}},
		"no workers":  {"issuer: https://idp.example\nparallel: 0", nil, nil},
		"no yaml":     {"issuer: [", nil, nil},
		"a list":      {"- issuer", nil, nil},
		"no variable": {"issuer: ${NOWHERE}", nil, nil},
		"https alone": {"issuer: http://idp.example", nil, nil},
		"no file":     {"", []string{"TARGET_FILE=/nowhere/target.yaml"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := environ(c.environ...)
			file := "there is no file"
			if c.file != "" {
				file = write(t, "target.yaml", c.file)
				given = append(given, target.Prefix+"TARGET_FILE="+file)
			}
			_, err := target.Load(given, c.flags...)
			NewWithT(t).Expect(err).To(HaveOccurred())
			golden(t, strings.ReplaceAll(name, " ", "_")+".txt", strings.ReplaceAll(err.Error(), file+":", "target.yaml:")+"\n")
		})
	}
}

// Of two values of one variable the last counts, and an empty one is as none.
func TestLoadTakesLastValue(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s, err := target.Load(environ("ISSUER=https://a.example", "ISSUER=https://b.example", "PARALLEL=7", "PARALLEL="))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]any{s.Issuer, s.Parallel}).To(Equal([]any{"https://b.example", 4}))
}

// Plain http is for this machine, or for whoever says so.
func TestLoadBearsPlainHTTPToLoopback(t *testing.T) {
	t.Parallel()
	for issuer, insecure := range map[string]string{
		"http://localhost:9000": "", "http://127.0.0.1": "", "http://[::1]:1": "", "http://idp.localhost/t": "",
		"https://idp.example": "", "http://idp.example": "INSECURE=true",
	} {
		_, err := target.Load(environ("ISSUER="+issuer, insecure))
		NewWithT(t).Expect(err).NotTo(HaveOccurred(), issuer)
	}
}

// Every variable that is described is read, and has a flag or a role in its name.
func TestVariablesAreRead(t *testing.T) {
	t.Parallel()
	for _, v := range target.Variables() {
		name := strings.ReplaceAll(v.Name, "<ROLE>", "MAIN")
		value := map[string]string{"file": "/nowhere", "duration": "1s", "number": "1", "boolean": "true", "pairs": "token=https://a.example"}[v.Type]
		_, err := target.Load([]string{name + "=" + value + "x"}, target.Flag{Name: "issuer", Value: "https://idp.example"})
		if err != nil {
			NewWithT(t).Expect(err.Error()).NotTo(ContainSubstring("unknown variable"), v.Name)
		}
		NewWithT(t).Expect((v.Flag == "") == strings.Contains(v.Name, "<ROLE>")).To(BeTrue(), v.Name)
		NewWithT(t).Expect(v.Description).NotTo(BeEmpty(), v.Name)
	}
}

func replaced(text, old, by string) string { return strings.ReplaceAll(text, old, by) }
