package runner_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

// mockoauth is a target that passes, with two clients and a user.
func mockoauth(t *testing.T) *check.Target {
	t.Helper()
	client := func(id string) fixtures.Client {
		return fixtures.Client{ID: id, Secret: id + "-secret", Scopes: []string{"read", "write"}, RedirectURIs: []string{"https://" + id + ".example/cb"}}
	}
	p := provider.Start(t, provider.WithFixtures(fixtures.Set{
		Scopes:  []fixtures.Scope{{Name: "read"}, {Name: "write"}},
		Clients: []fixtures.Client{client("one"), client("two")}, Users: []fixtures.User{{Username: "alice", Password: "wonderland"}},
	}))
	known := func(id string) check.Client {
		c := client(id)
		return check.Client{ID: c.ID, Secret: c.Secret, Scopes: c.Scopes, RedirectURIs: c.RedirectURIs}
	}
	return &check.Target{
		Issuer: p.Issuer(), Clients: map[check.Role]check.Client{check.Main: known("one"), check.Other: known("two")},
		Users: map[check.Role]check.User{check.Main: {Username: "alice", Password: "wonderland"}}, HTTP: &http.Client{Timeout: 5 * time.Second},
	}
}

func states(r *report.Report) map[string]report.State {
	out := map[string]report.State{}
	for _, result := range r.Results {
		out[result.ID] = result.State
	}
	return out
}

func TestRunTriesWhatIsSelected(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	plan := runner.Plan{Profiles: []string{"core"}, Only: []string{"te-0*", "CA-01", "TE-38"}, Skip: []string{"TE-0[1-8]"}}
	target := mockoauth(t)
	r := plan.Run(context.Background(), []*check.Target{target, target}, nil)
	got := states(r)
	g.Expect(got).To(HaveKeyWithValue("TE-09", report.Pass))
	g.Expect(got).To(HaveKeyWithValue("CA-01", report.Pass))
	g.Expect(got).To(HaveKeyWithValue("TE-01", report.Disabled))
	g.Expect(got).To(HaveKeyWithValue("CC-01", report.Disabled))
	g.Expect(got).To(HaveKeyWithValue("TE-38", report.Skip), "it is destructive")
	g.Expect(got).NotTo(HaveKey("AZ-01"), "it is of another profile")
	g.Expect(r.State).To(Equal(report.Partial))
	g.Expect(r.ExitCode()).To(Equal(report.ExitExpected))
	g.Expect(r.Totals.Pass).To(Equal(2))
	g.Expect(r.Subject).To(Equal(report.Subject{Kind: "provider", Issuer: target.Issuer}))
	g.Expect(r.Profiles).To(Equal([]string{"core"}))
	g.Expect(r.Features).To(ContainElements("client_credentials", "password"))
	g.Expect(r.Seconds).To(BeNumerically(">", 0))
	for i, c := range plan.Cases() {
		g.Expect(r.Results[i].ID).To(Equal(c.ID), "in the catalogue's order")
	}
	one := r.Results[slices.IndexFunc(r.Results, func(x report.Result) bool { return x.ID == "TE-09" })]
	g.Expect(one.Exchanges).NotTo(BeEmpty())
	g.Expect(one.Requirement).NotTo(BeEmpty())
	g.Expect(one.Seconds).To(BeNumerically(">", 0))
}

func TestRunTriesWhatDisturbsLastAndAlone(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	target := mockoauth(t)
	plan := runner.Plan{Only: []string{"TE-*"}, AllowDestructive: true}
	destructive := map[string]bool{}
	for _, c := range plan.Cases() {
		destructive[c.Name()] = c.Destructive
	}
	var mu sync.Mutex
	begun, last := 0, runner.Progress{}
	r := plan.Run(context.Background(), []*check.Target{target, target, target}, func(now runner.Progress) {
		mu.Lock()
		defer mu.Unlock()
		g.Expect(now.Done).To(BeNumerically(">=", last.Done))
		g.Expect(now.Total).To(Equal(len(plan.Cases())))
		if last = now; now.Result != nil {
			g.Expect(now.Running).NotTo(ContainElement(now.Result.Name()))
			return
		}
		begun++
		for _, name := range now.Running {
			if destructive[name] {
				g.Expect(now.Running).To(HaveLen(1), "it runs alone")
			}
		}
		if slices.ContainsFunc(now.Running, func(name string) bool { return !destructive[name] }) {
			g.Expect(now.Done).To(BeNumerically("<", len(plan.Cases())-5), "what disturbs comes last")
		}
	})
	g.Expect(last.Done).To(Equal(last.Total))
	g.Expect(begun).To(Equal(last.Total))
	g.Expect(states(r)).To(HaveKeyWithValue("TE-38", report.Pass))
	g.Expect(r.ExitCode()).To(Equal(report.ExitExpected), "%s", r.Summary())
}

func TestKnownFailures(t *testing.T) {
	t.Parallel()
	strict := mockoauth
	wrong := func(t *testing.T) *check.Target {
		target := mockoauth(t)
		target.Clients[check.Main] = check.Client{ID: "one", Secret: "not-it", Scopes: []string{"read", "write"}}
		return target
	}
	for name, c := range map[string]struct {
		target func(*testing.T) *check.Target
		known  runner.Known
		state  report.State
		stale  bool
		code   int
	}{
		"listed and fails":                  {wrong, runner.Known{ID: "CA-01"}, report.Fail, false, report.ExitExpected},
		"listed until a day to come":        {wrong, runner.Known{ID: "CA-01", Until: "2999-01-01"}, report.Fail, false, report.ExitExpected},
		"listed until today":                {wrong, runner.Known{ID: "CA-01", Until: time.Now().UTC().Format(time.DateOnly)}, report.Fail, false, report.ExitExpected},
		"listed until a day that is over":   {wrong, runner.Known{ID: "CA-01", Until: "2001-01-01"}, report.Fail, true, report.ExitUnexpected},
		"listed and passes":                 {strict, runner.Known{ID: "CA-01"}, report.Pass, true, report.ExitUnexpected},
		"listed and passes after its day":   {strict, runner.Known{ID: "CA-01", Until: "2001-01-01"}, report.Pass, true, report.ExitUnexpected},
		"listed as flaky and passes":        {strict, runner.Known{ID: "CA-01", Flaky: true}, report.Pass, false, report.ExitExpected},
		"listed as flaky and fails":         {wrong, runner.Known{ID: "CA-01", Flaky: true}, report.Fail, false, report.ExitExpected},
		"another is listed":                 {wrong, runner.Known{ID: "CA-02"}, report.Fail, false, report.ExitUnexpected},
		"listed, and not tried: it is fine": {strict, runner.Known{ID: "CA-02"}, report.Pass, false, report.ExitExpected},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			c.known.Reason = "so it is"
			plan := runner.Plan{Only: []string{"CA-01"}, Known: []runner.Known{c.known}}
			g.Expect(plan.Validate()).To(Succeed())
			r := plan.Run(context.Background(), []*check.Target{c.target(t)}, nil)
			i := slices.IndexFunc(r.Results, func(x report.Result) bool { return x.ID == "CA-01" })
			g.Expect(r.Results[i].State).To(Equal(c.state), r.Results[i].Reason)
			if c.known.ID == "CA-01" {
				g.Expect(r.Results[i].Known).To(Equal(&report.Known{Reason: "so it is", Until: c.known.Until, Stale: c.stale}))
			} else {
				g.Expect(r.Results[i].Known).To(BeNil())
			}
			g.Expect(r.ExitCode()).To(Equal(c.code))
		})
	}
}

// A target of which only the address of the token endpoint is known is held to the profile core.
func TestRunHoldsABareTargetToCore(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	full := mockoauth(t)
	token := full.Issuer + "/token"
	bare := &check.Target{Issuer: serve(t, http.NotFound), Endpoints: map[string]string{"token": token}, Clients: full.Clients, Users: full.Users}
	suited, err := runner.Plan{}.Suit(context.Background(), &check.Target{Issuer: bare.Issuer, Endpoints: bare.Endpoints})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(suited.Profiles).To(Equal([]string{"core"}))
	_, err = runner.Plan{}.Suit(context.Background(), &check.Target{Issuer: bare.Issuer})
	g.Expect(err).To(MatchError(HavePrefix("nothing is known of the target: there is no metadata at ")))
	r := runner.Plan{Only: []string{"CC-01", "PW-01"}}.Run(context.Background(), []*check.Target{bare}, nil)
	g.Expect(r.Profiles).To(Equal([]string{"core"}))
	g.Expect(states(r)).To(HaveKeyWithValue("CC-01", report.Pass))
	g.Expect(states(r)).To(HaveKeyWithValue("PW-01", report.Pass), "a user is named, so the password grant is meant too")
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// Whatever is wrong with a target, it is never a pass, and it is told soon.
func TestRunAgainstBrokenTargets(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := "http://" + listener.Addr().String()
	listener.Close()
	over := make(chan struct{})
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
	}
	const cutShort = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"issuer\":"
	cut := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_, _ = conn.Write([]byte(cutShort))
		conn.Close()
	}
	good := func(then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, ".well-known") {
				_, _ = w.Write([]byte(`{"token_endpoint":"http://` + r.Host + `/token","grant_types_supported":["client_credentials","password"]}`))
				return
			}
			then(w, r)
		}
	}
	around := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }
	garbage := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x00\xff<html>{{{")) }
	targets := map[string]struct {
		issuer string
		code   int
		reason string
	}{
		"down":                              {down, report.ExitError, "the target cannot be reached"},
		"hangs":                             {serve(t, hang), report.ExitError, "the target cannot be reached"},
		"answers garbage":                   {serve(t, garbage), report.ExitError, "nothing is known of the target: there is no metadata at "},
		"redirects for ever":                {serve(t, around), report.ExitError, "nothing is known of the target"},
		"closes in mid-answer":              {serve(t, cut), report.ExitError, "the target stopped in the middle of "},
		"no URL at all":                     {"http://[::1", report.ExitError, "the issuer is no URL"},
		"its token endpoint hangs":          {serve(t, good(hang)), report.ExitError, "the target answered nothing in 5 checks in a row"},
		"its token endpoint closes":         {serve(t, good(cut)), report.ExitError, "the target answered nothing in 5 checks in a row"},
		"its token endpoint says garbage":   {serve(t, good(garbage)), report.ExitUnexpected, ""},
		"its token endpoint redirects ever": {serve(t, good(around)), report.ExitUnexpected, ""},
	}
	t.Cleanup(func() { close(over) }) // before the servers wait for their handlers
	for name, c := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			target := &check.Target{
				Issuer: c.issuer, Clients: map[check.Role]check.Client{check.Main: {ID: "a", Secret: "b", Scopes: []string{"x", "y"}}},
				HTTP: &http.Client{Timeout: 300 * time.Millisecond, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
			}
			within, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			r := runner.Plan{}.Run(within, []*check.Target{target}, nil)
			g.Expect(r.ExitCode()).To(Equal(c.code), r.Summary())
			g.Expect(r.Reason).To(ContainSubstring(c.reason))
			g.Expect(r.Reason == "").To(Equal(c.reason == ""))
			if c.reason == "" {
				g.Expect(r.Totals.Fail).To(BeNumerically(">", 20))
			}
			g.Expect(within.Err()).NotTo(HaveOccurred())
		})
	}
}

// A run that is stopped is an error: what was not tried is not passed.
func TestRunCanBeStopped(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, stop := context.WithCancel(context.Background())
	r := runner.Plan{Only: []string{"TE-*"}}.Run(ctx, []*check.Target{mockoauth(t)}, func(now runner.Progress) {
		if now.Done == 3 {
			stop()
		}
	})
	g.Expect(r.ExitCode()).To(Equal(report.ExitError))
	g.Expect(r.Reason).To(Equal("the run was stopped"))
	g.Expect(r.Totals.Error).To(BeNumerically(">", 20))
}

// A selection that leaves nothing to be tried proves nothing.
func TestRunOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := runner.Plan{Only: []string{"DP-*"}, Skip: []string{"*"}}.Run(context.Background(), []*check.Target{mockoauth(t)}, nil)
	g.Expect(r.State).To(Equal(report.Error))
	g.Expect(r.Reason).To(HavePrefix("no check was tried"))
	g.Expect(r.ExitCode()).To(Equal(report.ExitError))
}
