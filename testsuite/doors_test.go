package testsuite_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

// everything is a plan that holds nothing back.
func everything() runner.Plan { return runner.Plan{AllowDestructive: true} }

// essence is what two reports of the same provider share: all but times, addresses and what was exchanged.
func essence(r *report.Report) *report.Report {
	same := *r
	same.Started, same.Seconds, same.Subject.Issuer = time.Time{}, 0, ""
	same.Results = nil
	for _, result := range r.Results {
		result.Seconds, result.Exchanges, result.Omitted = 0, nil, 0
		same.Results = append(same.Results, result)
	}
	return &same
}

// expectSame expects two reports to be the same but for that.
func expectSame(g Gomega, got, want *report.Report) {
	got, want = essence(got), essence(want)
	g.Expect(got.Results).To(HaveLen(len(want.Results)))
	for i := range want.Results {
		g.Expect(got.Results[i]).To(Equal(want.Results[i]))
	}
	got.Results, want.Results = nil, nil
	g.Expect(got).To(Equal(want))
}

// afterwards is a test where Ginkgo cleans up no more.
type afterwards struct{ cleanups []func() }

func (*afterwards) Helper()                          {}
func (*afterwards) Fatalf(words string, args ...any) { ginkgo.Fail(fmt.Sprintf(words, args...)) }
func (t *afterwards) Cleanup(f func())               { t.cleanups = append(t.cleanups, f) }

func (t *afterwards) clean() {
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
}

// What the runner finds, which is what the command finds.
func byRunner(t provider.TB) *report.Report {
	_, target := plain(t)
	return everything().Run(context.Background(), []*check.Target{target}, nil)
}

// The specs leave the report that the command leaves.
var _ = ginkgo.ReportAfterSuite("the same report by the other door", func(suite ginkgo.Report) {
	var specs types.SpecReports
	for _, spec := range suite.SpecReports {
		if len(spec.ContainerHierarchyTexts) > 0 && spec.ContainerHierarchyTexts[0] == "mockoauth" {
			specs = append(specs, spec)
		}
	}
	if len(suite.SuiteConfig.FocusStrings) > 0 || suite.SuiteConfig.LabelFilter != "" {
		return // not everything was tried
	}
	var t afterwards
	defer t.clean()
	_, target := plain(&t)
	collected := testsuite.Collect(context.Background(), specs, target, everything())
	expectSame(Default, collected, byRunner(&t))
	for _, result := range collected.Results {
		if result.State == report.Pass && result.ID != "OC-37" && result.ID != "TE-40" {
			Expect(result.Exchanges).NotTo(BeEmpty(), result.ID)
		}
	}
})

func TestRunLeavesTheSameReport(t *testing.T) {
	_, target := plain(t)
	r := testsuite.Run(t, target, everything())
	g := NewWithT(t)
	expectSame(g, r, byRunner(t))
	g.Expect(r.ExitCode()).To(Equal(report.ExitExpected))
	g.Expect(r.Totals.Pass).To(BeNumerically(">", 300))
}

// A plan goes through both doors.
func TestRunHeedsAPlan(t *testing.T) {
	_, target := plain(t)
	r := testsuite.Run(t, target, runner.Plan{Profiles: []string{"core"}, Only: []string{"TE-0*", "TE-38"}, Skip: []string{"TE-01"}})
	g := NewWithT(t)
	g.Expect(r.Profiles).To(Equal([]string{"core"}))
	g.Expect(r.State).To(Equal(report.Partial))
	g.Expect(r.Totals.Disabled).To(BeNumerically(">", 50))
	g.Expect(r.Totals.Skip).To(Equal(1), "TE-38 may do harm")
}

// A target that is away is told before the first check.
func TestCollectOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := testsuite.Collect(context.Background(), nil, &check.Target{Issuer: "http://127.0.0.1:1", HTTP: http.DefaultClient})
	g.Expect(r.State).To(Equal(report.Error))
	g.Expect(r.Reason).To(ContainSubstring("the target cannot be reached"))
}
