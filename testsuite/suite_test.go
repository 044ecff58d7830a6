package testsuite_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// The provider passes its own suite: as it comes, with throttling, by https, with an issuer that has a path, and by OAuth 2.1.
var (
	_ = ginkgo.Describe("mockoauth", describe(plain))
	_ = ginkgo.Describe("mockoauth with throttling", describe(throttled))
	_ = ginkgo.Describe("mockoauth by https", describe(secured))
	_ = ginkgo.Describe("mockoauth below a path", describe(tenant))
	_ = ginkgo.Describe("mockoauth with the profile oauth2.1", describe(profiled))
)

func describe(begin start) func() {
	return func() {
		testsuite.Describe(func() *check.Target { _, target := begin(ginkgo.GinkgoT()); return target }, everything())
	}
}

func TestSuite(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "conformance")
}

// notOurs lists the checks that apply to no provider of ours, and why that is so.
// A check that is skipped and not on this list fails [TestProveChecks].
func notOurs() map[string]string {
	const noFrontChannel = "only codes in the front channel; proven by check.TestFrontChannelChecksBite"
	const noAssertions = "the provider takes no JWT assertions yet; proven by check.TestAssertionChecksBite"
	listed := map[string]string{
		"AC-17": "users grant all or nothing; proven by check.TestRareChecksBite",
		"BT-14": "/api/verify has no RFC 9728 metadata; proven by check.TestBearerChecksBite",
		"OC-25": noFrontChannel, "OC-26": noFrontChannel, "OC-28": noFrontChannel, "OC-29": noFrontChannel, "PK-16": noFrontChannel,
		"IN-18": "the provider does no step-up; proven by check.TestRareChecksBite",
		"BC-09": "the provider has no dynamic registration yet; proven by check.TestAssertionChecksBite",
		"IN-19": "the provider binds no token to its sender yet; proven by check.TestAssertionChecksBite",
		"CC-19": noAssertions,
	}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if section.Letter == "M" {
				listed[c.ID] = noAssertions
			}
		}
	}
	return listed
}

// Every check passes against the strict provider and fails under each fault
// that it names: a suite that cannot fail proves nothing.
func TestProveChecks(t *testing.T) {
	listed := notOurs()
	for _, c := range checks() {
		reason, skippable := listed[c.ID]
		delete(listed, c.ID)
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			if (len(c.BrokenBy) == 0) != (c.Unproven != "") {
				t.Errorf("%s names either the faults that break it, or why there is none", c.ID)
			}
			begin, v := whereItApplies(t, c)
			switch {
			case v.State == check.Skipped && skippable:
				t.Skip(reason)
			case v.State == check.Passed && skippable:
				t.Errorf("%s applies; take it off the list of those that do not", c.ID)
			case v.State != check.Passed:
				t.Fatalf("without a fault: %s: %s", v.State, v.Reason)
			}
			for _, f := range c.BrokenBy {
				v := verdict(t, c, begin, *f)
				if v.State != check.Failed && v.State != check.Warned {
					t.Errorf("under the fault %s: %s %s; the check proves nothing about it", f.Name, v.State, v.Reason)
				}
				if f.Wire == nil && strings.Contains(v.Reason, "broke off") {
					t.Errorf("the fault %s breaks the connection: %s", f.Name, v.Reason)
				}
				t.Logf("under the fault %s: %s", f.Name, v.Reason)
			}
		})
	}
	for id := range listed {
		t.Errorf("there is no check %s; take it off the list", id)
	}
}

// whereItApplies finds a provider of ours to which a check applies, and what it
// says of it. What lets more than 5 s pass where the clock can be moved must say
// so: elsewhere it would be waited for.
func whereItApplies(t *testing.T, c check.Check) (begin start, v check.Verdict) {
	t.Helper()
	var longest atomic.Int64
	for _, begin = range []start{plain, throttled, tenant, profiled, secured} {
		p, target := begin(t)
		target.Advance = func(d time.Duration) { longest.Store(max(longest.Load(), int64(d))); p.Clock().Advance(d) }
		if v = c.Verdict(t.Context(), target); v.State != check.Skipped {
			break
		}
	}
	if slow := longest.Load() > int64(5*time.Second); slow != c.Slow && !c.Destructive {
		t.Errorf("it lets %s pass; is it marked as slow? %t", time.Duration(longest.Load()), c.Slow)
	}
	return begin, v
}

// verdict tries a check against a provider with faults.
func verdict(t *testing.T, c check.Check, begin start, faults ...fault.Fault) check.Verdict {
	t.Helper()
	p, target := begin(t)
	p.Inject(faults...)
	return c.Verdict(context.Background(), target)
}

// Every fault of the catalogue is noticed by a check, or listed as waiting for a client: what nobody notices is no fault.
func TestProveFaults(t *testing.T) {
	noticed := map[string]bool{}
	for _, c := range checks() {
		for _, f := range c.BrokenBy {
			noticed[f.Name] = true
			if _, ok := fault.Named(f.Name); !ok {
				t.Errorf("%s names the fault %s, which is not in the catalogue", c.ID, f.Name)
			}
		}
	}
	listed := waitingNames(t)
	for _, f := range fault.Catalog() {
		if !noticed[f.Name] && !listed[f.Name] {
			t.Errorf("no check notices the fault %s, and it is not listed as waiting", f.Name)
		}
		if noticed[f.Name] && listed[f.Name] {
			t.Errorf("a check names the fault %s; take it off the list of those that wait", f.Name)
		}
	}
}

func checks() []check.Check {
	var all []check.Check
	for _, section := range check.Sections() {
		all = slices.Concat(all, section.Checks)
	}
	return all
}
