package testsuite_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// byForm takes a request to its end at the pages of a target, as a command does that
// has a browser of its own.
func byForm(pages *check.Target) func(context.Context, check.Handover) (string, error) {
	return func(ctx context.Context, h check.Handover) (to string, err error) {
		v := check.Must("XX-01", "logs in", "RFC 6749 §3.1", func(t *check.T) { to = t.Browse(h.URL, h.User).To }).Verdict(ctx, pages)
		if to == "" {
			err = errors.New("the target sends the user nowhere: " + v.Reason)
		}
		return to, err
	}
}

// commanded is the provider as it comes, where a command logs users in.
func commanded(t provider.TB) (*provider.Provider, *check.Target) {
	p, target := plain(t)
	pages := &check.Target{Issuer: target.Issuer, HTTP: target.HTTP}
	target.Login.Hand = byForm(pages)
	return p, target
}

// proxied is a provider behind a proxy that tells it by a header who the user is.
func proxied(t provider.TB) (*provider.Provider, *check.Target) {
	t.Helper()
	set, aim := target.Fixtures(time.Now())
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	p, err := provider.New(provider.WithFixtures(set), provider.WithLogin("auto"), provider.WithIssuer("http://"+server.Listener.Addr().String()))
	if err != nil {
		t.Fatalf("%v", err)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user := r.Header.Get("X-Forwarded-User"); r.URL.Path == "/authorize" && user != "" {
			query := r.URL.Query()
			query.Set("login_hint", user)
			r.URL.RawQuery = query.Encode()
		}
		p.ServeHTTP(w, r)
	})
	server.Start()
	connect(t, aim, p)
	aim.Login.Headers = map[string]string{"X-Forwarded-User": "{username}"}
	return p, aim
}

// Where users do not log in at pages, what needs these is skipped, and the rest holds.
func TestLoginsWithoutPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin  start
		reason string   // why checks are skipped
		unseen []string // which
	}{
		"by a command": {commanded, "a command logs in", []string{
			"AZ-23", "AZ-27", "AZ-28", "AZ-29", "AZ-33", "AZ-36", "IS-04", "LO-01", "LO-02", "LO-03", "LO-04", "LO-07", "LO-08", "LO-14",
			"OC-09", "OC-11", "OC-12", "OC-13", "OC-14", "OC-15", "OC-20",
		}},
		"by headers": {proxied, "headers log in|asks for no password", []string{
			"AZ-27", "AZ-28", "AZ-29", "AZ-36", "LO-01", "LO-02", "LO-07", "OC-08", "OC-11", "OC-12", "OC-13", "OC-14", "OC-15", "OC-36",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var unseen []string
			for _, one := range checks() {
				v := verdict(t, one, c.begin)
				if v.State == check.Passed || v.State == verdict(t, one, plain).State {
					continue
				}
				unseen = append(unseen, one.ID)
				NewWithT(t).Expect(string(v.State)+" "+v.Reason).To(MatchRegexp("^skip .*("+c.reason+")"), one.ID)
			}
			slices.Sort(unseen)
			NewWithT(t).Expect(unseen).To(Equal(c.unseen))
		})
	}
}
