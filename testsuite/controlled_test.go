package testsuite_test

import (
	"maps"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// outside serves a provider as anybody runs one: nothing but its address is known.
func outside(t *testing.T, options ...provider.Option) *httptest.Server {
	t.Helper()
	p, err := provider.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return server
}

// states are how the checks of a report ended, by id.
func states(r *report.Report) map[string]string {
	all := map[string]string{}
	for _, result := range r.Results {
		all[result.ID] = string(result.State) + " " + result.Reason
	}
	return all
}

// A mockoauth is judged from outside as it is in the process.
func TestControlledSuiteGivesTheSame(t *testing.T) {
	g := NewWithT(t)
	plan := runner.Plan{AllowDestructive: true}
	_, inside := plain(t)
	want := states(plan.Run(t.Context(), []*check.Target{inside}, nil))

	server := outside(t)
	targets, remove, err := target.Settings{Issuer: server.URL, Timeout: 10 * time.Second, Parallel: 4}.Controlled(t.Context(), 4)
	g.Expect(err).NotTo(HaveOccurred())
	defer remove()
	began := time.Now()
	r := plan.Run(t.Context(), targets, nil)
	t.Logf("%d checks took %s", len(r.Results), time.Since(began))
	g.Expect(r.Reason).To(BeEmpty())
	got := states(r)
	want["MD-02"] = "pass " // a tenant's issuer has a path
	g.Expect(slices.Sorted(maps.Keys(got))).To(Equal(slices.Sorted(maps.Keys(want))))
	for id := range want {
		g.Expect(got[id]).To(Equal(want[id]), id)
	}
}
