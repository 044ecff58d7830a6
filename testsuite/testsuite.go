// Package testsuite wears the checks of package check as Ginkgo specs, for a
// provider's author to plant in a tree of their own. It defines no BeforeSuite,
// so that theirs stays theirs.
//
//	var _ = testsuite.Describe(func() *check.Target { return &check.Target{Issuer: "…", …} })
package testsuite

import (
	"context"
	"slices"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// specTimeout is how long a check may take, waiting for a target's clock included.
const specTimeout = 2 * time.Minute

// Describe adds a spec for every check to the tree. target is called once for
// each spec, when it runs, so that a BeforeEach may start a provider first; one
// that answers the same target every time has its metadata read once. A broken
// SHOULD or MAY is reported and does not fail.
func Describe(target func() *check.Target) bool {
	for _, section := range check.Sections() {
		ginkgo.Describe(section.Letter+" "+section.Title, func() {
			for _, c := range section.Checks {
				file, line := c.Location()
				labels := append(ginkgo.Label(c.ID, string(c.Level)), featureLabels(c)...)
				ginkgo.It(c.Name(), labels, ginkgo.SpecTimeout(specTimeout), types.CodeLocation{FileName: file, LineNumber: line},
					func(ctx context.Context) { tell(c.Verdict(ctx, target())) })
			}
		})
	}
	return true
}

func featureLabels(c check.Check) ginkgo.Labels {
	var labels ginkgo.Labels
	for _, feature := range slices.Compact(slices.Sorted(slices.Values(c.Needs))) {
		labels = append(labels, string(feature))
	}
	return labels
}

// tell passes a verdict to Ginkgo.
func tell(v check.Verdict) {
	switch v.State {
	case check.Passed:
	case check.Skipped:
		ginkgo.Skip(v.Reason)
	case check.Warned:
		ginkgo.AddReportEntry("warning", v.Reason)
	default:
		ginkgo.Fail(string(v.State) + ": " + v.Reason)
	}
}
