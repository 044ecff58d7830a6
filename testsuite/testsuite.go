// Package testsuite judges an OAuth 2.0 or OpenID Connect provider from a Go
// author's own tests: [Run] in a plain test, [Describe] in a Ginkgo tree. Both
// try the checks of package check, and leave the report that the command
// mockoauth conformance provider leaves.
package testsuite

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

// specTimeout is how long a check may take, waiting for a target's clock included.
const specTimeout = 2 * time.Minute

// Run tries the checks as subtests, each named by its id and title. A broken
// MUST fails, as does what cannot be tested though the target claims it; a
// broken SHOULD or MAY is logged. A known failure is skipped, and fails when it
// is none any more. plan is at most one; none tries everything that the target
// claims and that does it no harm.
//
// The answer has what was tried: with go test -run, that is not everything.
func Run(t *testing.T, target *check.Target, plan ...runner.Plan) *report.Report {
	t.Helper()
	p := only(plan)
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	p, out := p.Begin(t.Context(), target)
	if out.Reason != "" {
		t.Fatal(out.Reason)
	}
	for _, c := range p.Cases() {
		t.Run(c.Name(), func(t *testing.T) {
			result := p.Try(t.Context(), c, target)
			out.Results = append(out.Results, result)
			switch end, words := endOf(result); end {
			case fails:
				t.Error(words)
			case skips:
				t.Skip(words)
			case warns:
				t.Log(words)
			}
		})
	}
	return finish(out)
}

// Describe adds a spec for every check to the tree, labelled by id, level,
// features and profiles. It defines no BeforeSuite and no AfterSuite, so that
// yours stay yours. target is called once for each spec, when it runs, so that a
// BeforeEach may start a provider first; one that answers the same target every
// time has its metadata read once. plan is at most one, as in [Run]; what is
// wrong with it panics. A broken SHOULD or MAY is reported and does not fail.
//
//	var _ = testsuite.Describe(func() *check.Target { return &check.Target{Issuer: "…", …} })
func Describe(target func() *check.Target, plan ...runner.Plan) bool {
	p := only(plan)
	if err := p.Validate(); err != nil {
		panic(err)
	}
	for _, section := range p.Sections() {
		ginkgo.Describe(section.Letter+" "+section.Title, func() {
			for _, c := range section.Checks {
				file, line := c.Location()
				ginkgo.It(c.Name(), labels(section, c), ginkgo.SpecTimeout(specTimeout), types.CodeLocation{FileName: file, LineNumber: line},
					func(ctx context.Context) {
						subject := target()
						p, err := p.Suit(ctx, subject)
						if err != nil {
							ginkgo.Fail(err.Error()) // or every spec would be skipped, and the suite pass
						}
						tell(p.Try(ctx, runner.Case{Section: section, Check: c}, subject))
					})
			}
		})
	}
	return true
}

// only is the one plan that was given, or the one that tries everything.
func only(plan []runner.Plan) runner.Plan {
	if len(plan) == 0 {
		return runner.Plan{}
	}
	return plan[0]
}

func labels(section check.Section, c check.Check) ginkgo.Labels {
	labels := ginkgo.Label(c.ID, string(c.Level))
	for _, feature := range slices.Compact(slices.Sorted(slices.Values(c.Needs))) {
		labels = append(labels, string(feature))
	}
	for _, p := range check.Profiles() {
		if p.Has(section) {
			labels = append(labels, p.Name)
		}
	}
	if c.Slow {
		labels = append(labels, "slow")
	}
	return labels
}

// entry is the name of the report entry that carries a spec's result.
const entry = "mockoauth result"

// tell passes a result to Ginkgo, and leaves it with the spec.
func tell(result report.Result) {
	ginkgo.AddReportEntry(entry, result, types.ReportEntryVisibilityNever)
	switch end, words := endOf(result); end {
	case fails:
		ginkgo.Fail(words)
	case skips:
		ginkgo.Skip(words)
	case warns:
		ginkgo.AddReportEntry("warning", words)
	}
}

// Collect makes the report of the specs that [Describe] made, for a
// ReportAfterSuite of yours. Specs of others are passed over; of several
// Describes in one tree, select the specs first. It has to be given the same plan.
func Collect(ctx context.Context, specs types.SpecReports, target *check.Target, plan ...runner.Plan) *report.Report {
	p, out := only(plan).Begin(ctx, target)
	order := map[string]int{}
	for i, c := range p.Cases() {
		order[c.ID] = i
	}
	for _, spec := range specs {
		for _, e := range spec.ReportEntries {
			if result, ok := resultIn(e); ok {
				out.Results = append(out.Results, result)
			}
		}
	}
	slices.SortStableFunc(out.Results, func(a, b report.Result) int { return cmp.Compare(order[a.ID], order[b.ID]) }) // Ginkgo shuffles
	return finish(out)
}

// resultIn is the result that an entry carries: as JSON when its spec ran in
// another process.
func resultIn(e types.ReportEntry) (result report.Result, ok bool) {
	if e.Name != entry {
		return result, false
	}
	if result, ok = e.GetRawValue().(report.Result); ok {
		return result, true
	}
	return result, json.Unmarshal([]byte(e.Value.AsJSON), &result) == nil
}

// finish concludes a report.
func finish(out *report.Report) *report.Report {
	out.Seconds = time.Since(out.Started).Seconds()
	out.Conclude()
	return out
}

// An end is what a result is to a test framework.
type end int

const (
	passes end = iota
	fails
	skips
	warns
)

// endOf is what a result is to a test framework, and what to say.
func endOf(r report.Result) (end, string) {
	switch {
	case r.State == report.Pass && r.Unexpected():
		return fails, "known failure that is none any more: remove it from the list (" + r.Known.Reason + ")"
	case r.Unexpected() && r.Known != nil && r.Known.Stale:
		return fails, "known failure whose day is over (" + r.Known.Reason + "): " + r.Reason
	case r.Unexpected():
		return fails, string(r.State) + ": " + r.Reason
	case r.State == report.Skip || r.State == report.Disabled:
		return skips, r.Reason
	case r.Known != nil && r.State != report.Pass:
		return skips, "known: " + r.Known.Reason + "\n" + r.Reason
	case r.State == report.Warn:
		return warns, r.Reason
	}
	return passes, ""
}
