package testsuite_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// Providers of ours as lawful as the one that comes, and other than the checks might
// expect: no check may fail or warn. want is the least number of those that pass, lest
// they be skipped instead.
func TestLawfulProvidersPass(t *testing.T) {
	for name, lawful := range map[string]struct {
		begin start
		want  int
	}{
		"whose clients may use Basic only":             {registered(fixtures.AuthBasic), 250},
		"whose clients may put secrets in bodies only": {registered(fixtures.AuthPost), 250},
		"whose clients have openid first":              {openIDFirst, 250},
		"of which nearly nothing is known":             {unknown, 60},
		"that demands a scope":                         {demandingScope, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			passed := 0
			for _, c := range checks() {
				v := verdict(t, c, lawful.begin)
				switch v.State {
				case check.Passed:
					passed++
				case check.Skipped, check.Untestable:
					t.Logf("%s: %s: %s", c.Name(), v.State, v.Reason)
				default:
					t.Errorf("%s: %s: %s", c.Name(), v.State, v.Reason)
				}
			}
			if passed < lawful.want {
				t.Errorf("%d checks pass, %d at least should", passed, lawful.want)
			}
			t.Logf("%d checks pass", passed)
		})
	}
}

// registered has main and other client registered for one method of authentication.
func registered(method string) start {
	return func(t provider.TB) (*provider.Provider, *check.Target) {
		t.Helper()
		set, target := target.Fixtures(time.Now())
		for _, role := range []check.Role{check.Main, check.Other} {
			i := slices.IndexFunc(set.Clients, func(c fixtures.Client) bool { return c.ID == string(role) })
			set.Clients[i].AuthMethod = method
			c := target.Clients[role]
			c.AuthMethod = method
			target.Clients[role] = c
		}
		delete(target.Clients, check.BasicOnly)
		delete(target.Clients, check.PostOnly)
		p := provider.Start(t, provider.WithFixtures(set))
		connect(t, target, p)
		return p, target
	}
}

// openIDFirst names openid as the first scope of each client.
func openIDFirst(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	p, target := plain(t)
	for role, c := range target.Clients {
		c.Scopes = slices.Concat([]string{"openid"}, c.Scopes)
		target.Clients[role] = c
	}
	return p, target
}

// unknown is the provider as it comes, by somebody who names one client and one user of it.
func unknown(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	p := provider.Start(t)
	target := &check.Target{
		Issuer:  p.Issuer(),
		Clients: map[check.Role]check.Client{check.Main: {ID: "demo", Secret: "demo-secret"}},
		Users:   map[check.Role]check.User{check.Main: {Username: "alice", Password: "alice"}},
		HTTP:    &http.Client{Timeout: time.Minute, CheckRedirect: stay},
	}
	return p, target
}

// demandingScope refuses token requests of a client or by a password that name no
// scope, as RFC 6749 §3.3 allows.
func demandingScope(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, target := target.Fixtures(time.Now())
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	p, err := provider.New(provider.WithFixtures(set), provider.WithIssuer("http://"+server.Listener.Addr().String()))
	if err != nil {
		t.Fatalf("%v", err)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		p.ServeHTTP(answer, r)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if grant := r.PostFormValue("grant_type"); answer.Code == http.StatusOK && r.PostFormValue("scope") == "" && (grant == "client_credentials" || grant == "password") {
			answer.Code = http.StatusBadRequest
			answer.Body = bytes.NewBufferString(`{"error":"invalid_scope"}`)
			answer.Header().Del("Content-Length")
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
	server.Start()
	connect(t, target, p)
	return p, target
}
