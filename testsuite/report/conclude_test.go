package report_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// of is a report of results with these states.
func of(states ...report.State) *report.Report {
	r := &report.Report{}
	for _, s := range states {
		r.Results = append(r.Results, report.Result{State: s})
	}
	return r
}

// listed is r with its first result on the list of known failures.
func listed(r *report.Report, stale bool) *report.Report {
	r.Results[0].Known = &report.Known{Reason: "so", Stale: stale}
	return r
}

func TestARunIsAsBadAsItsWorst(t *testing.T) {
	t.Parallel()
	const (
		pass, fail, warn, skip = report.Pass, report.Fail, report.Warn, report.Skip
		untestable, left, err  = report.Untestable, report.Disabled, report.Error
	)
	for name, c := range map[string]struct {
		report  *report.Report
		state   report.State
		code    int
		summary string
	}{
		"all pass":                     {of(pass, pass, skip), pass, 0, "2 passed, 0 failed, 1 skipped"},
		"one left out":                 {of(left, pass), report.Partial, 0, "1 left out; 1 passed, 0 failed, 0 skipped"},
		"a warning over one left out":  {of(left, warn, pass), warn, 0, "1 warning, 1 left out; 1 passed, 0 failed, 0 skipped"},
		"untestable over a warning":    {of(untestable, warn, pass), untestable, 1, "1 untestable, 1 warning; 1 passed, 0 failed, 0 skipped"},
		"a failure over untestable":    {of(untestable, fail, pass), fail, 1, "1 untestable; 1 passed, 1 failed, 0 skipped"},
		"an error over a failure":      {of(fail, err, pass), report.Error, 3, "1 error; 1 passed, 1 failed, 0 skipped"},
		"a reason over all":            {&report.Report{Reason: "no", Results: of(pass).Results}, report.Error, 3, "1 passed, 0 failed, 0 skipped"},
		"a known failure":              {listed(of(fail, pass), false), fail, 0, "1 known; 1 passed, 1 failed, 0 skipped"},
		"a known one and another":      {listed(of(fail, fail), false), fail, 1, "1 known; 0 passed, 2 failed, 0 skipped"},
		"a known untestable one":       {listed(of(untestable, pass), false), untestable, 0, "1 untestable, 1 known; 1 passed, 0 failed, 0 skipped"},
		"a known warning":              {listed(of(warn, pass), false), warn, 0, "1 warning, 1 known; 1 passed, 0 failed, 0 skipped"},
		"known, and it passes":         {listed(of(pass, pass), true), pass, 1, "1 known no more; 2 passed, 0 failed, 0 skipped"},
		"known, and the day is over":   {listed(of(fail, pass), true), fail, 1, "1 known no more; 1 passed, 1 failed, 0 skipped"},
		"known, and skipped":           {listed(of(skip, pass), false), pass, 0, "1 passed, 0 failed, 1 skipped"},
		"known is no word on an error": {listed(of(err, pass), false), report.Error, 3, "1 error, 1 known; 1 passed, 0 failed, 0 skipped"},
		"nothing tried":                {of(skip, left), report.Error, 3, "1 left out; 0 passed, 0 failed, 1 skipped"},
		"nothing at all":               {of(), report.Error, 3, "0 passed, 0 failed, 0 skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			c.report.Conclude()
			g.Expect(c.report.State).To(Equal(c.state))
			g.Expect(c.report.ExitCode()).To(Equal(c.code))
			g.Expect(c.report.Summary()).To(Equal(c.summary))
		})
	}
}

func TestTotalsCountEachResultOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	g.Expect(r.Totals).To(Equal(report.Totals{Pass: 2, Fail: 3, Warn: 1, Skip: 2, Untestable: 1, Disabled: 1, Error: 1, Known: 1, Stale: 2}))
	g.Expect(r.Version).To(Equal(report.Version))
	r.Conclude()
	g.Expect(r.Totals).To(Equal(full().Totals), "again counts nothing twice")
}

func TestARunThatTriedNothingSaysSo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := of(report.Skip)
	r.Conclude()
	g.Expect(r.Reason).To(ContainSubstring("no check was tried"))
	r = &report.Report{Reason: "it is down"}
	r.Conclude()
	g.Expect(r.Reason).To(Equal("it is down"))
}

// What fails a run by itself, listed or not.
func TestUnexpected(t *testing.T) {
	t.Parallel()
	known, stale := &report.Known{}, &report.Known{Stale: true}
	for state, unexpected := range map[report.State]bool{
		report.Pass: false, report.Warn: false, report.Skip: false, report.Disabled: false, report.Fail: true, report.Untestable: true, report.Error: true,
	} {
		g := NewWithT(t)
		g.Expect(report.Result{State: state}.Unexpected()).To(Equal(unexpected), string(state))
		g.Expect(report.Result{State: state, Known: known}.Unexpected()).To(Equal(state == report.Error), string(state))
		g.Expect(report.Result{State: state, Known: stale}.Unexpected()).To(BeTrue(), string(state))
	}
}
