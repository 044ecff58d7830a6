package testsuite_test

import (
	"context"
	"slices"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// The provider passes its own suite, and once more with throttling on.
var _ = ginkgo.Describe("mockoauth", func() {
	testsuite.Describe(func() *check.Target { _, target := start(ginkgo.GinkgoT()); return target })
})

var _ = ginkgo.Describe("mockoauth with throttling", func() {
	testsuite.Describe(func() *check.Target { _, target := throttled(ginkgo.GinkgoT()); return target })
})

func TestSuite(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "conformance")
}

// Every check passes against the strict provider and fails under each fault
// that it names: a suite that cannot fail proves nothing.
func TestProveChecks(t *testing.T) {
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				if len(c.BrokenBy) == 0 && c.Unproven == "" {
					t.Errorf("%s names no fault that breaks it, nor why there is none", c.ID)
				}
				if v := verdict(t, c, nil); v.State != check.Passed {
					if v.State != check.Skipped {
						t.Errorf("without a fault: %s: %s", v.State, v.Reason)
					}
					if v.State == check.Skipped {
						t.Skip(v.Reason)
					}
					return
				}
				for _, f := range c.BrokenBy {
					if v := verdict(t, c, &f); v.State != check.Failed && v.State != check.Warned {
						t.Errorf("under the fault %s: %s %s; the check proves nothing about it", f.Name, v.State, v.Reason)
					}
				}
			})
		}
	}
}

func verdict(t *testing.T, c check.Check, f *fault.Fault) check.Verdict {
	t.Helper()
	begin := func(t provider.TB) (*provider.Provider, *check.Target) { return start(t) }
	if slices.Contains(c.Needs, check.BruteForceLimit) {
		begin = throttled
	}
	p, target := begin(t)
	if f != nil {
		p.Inject(*f)
	}
	return c.Verdict(context.Background(), target)
}

// Every fault of the catalogue is noticed by a check: what nobody notices is no fault.
func TestProveFaults(t *testing.T) {
	noticed := map[string]bool{}
	ids := map[string]bool{}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if ids[c.ID] {
				t.Errorf("two checks have the id %s", c.ID)
			}
			ids[c.ID] = true
			for _, f := range c.BrokenBy {
				noticed[f.Name] = true
				if _, ok := fault.Named(f.Name); !ok {
					t.Errorf("%s names the fault %s, which is not in the catalogue", c.ID, f.Name)
				}
			}
		}
	}
	for _, f := range fault.Catalog() {
		if !noticed[f.Name] {
			t.Errorf("no check notices the fault %s", f.Name)
		}
	}
}
