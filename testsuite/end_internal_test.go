package testsuite

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func TestEndOf(t *testing.T) {
	t.Parallel()
	known, stale := &report.Known{Reason: "so it is"}, &report.Known{Reason: "so it was", Stale: true}
	for name, c := range map[string]struct {
		result report.Result
		end    end
		words  string
	}{
		"passed":                     {report.Result{State: report.Pass}, passes, ""},
		"failed":                     {report.Result{State: report.Fail, Reason: "why"}, fails, "fail: why"},
		"untestable":                 {report.Result{State: report.Untestable, Reason: "why"}, fails, "untestable: why"},
		"an error":                   {report.Result{State: report.Error, Reason: "why"}, fails, "error: why"},
		"an error that is listed":    {report.Result{State: report.Error, Reason: "why", Known: known}, fails, "error: why"},
		"a warning":                  {report.Result{State: report.Warn, Reason: "why"}, warns, "why"},
		"skipped":                    {report.Result{State: report.Skip, Reason: "why"}, skips, "why"},
		"skipped, and listed":        {report.Result{State: report.Skip, Reason: "why", Known: known}, skips, "why"},
		"left out":                   {report.Result{State: report.Disabled, Reason: "why"}, skips, "why"},
		"known":                      {report.Result{State: report.Fail, Reason: "why", Known: known}, skips, "known: so it is\nwhy"},
		"a known warning":            {report.Result{State: report.Warn, Reason: "why", Known: known}, skips, "known: so it is\nwhy"},
		"flaky, and passed":          {report.Result{State: report.Pass, Known: known}, passes, ""},
		"known, and passed":          {report.Result{State: report.Pass, Known: stale}, fails, "known failure that is none any more: remove it from the list (so it was)"},
		"known, and its day is over": {report.Result{State: report.Fail, Reason: "why", Known: stale}, fails, "known failure whose day is over (so it was): why"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			got, words := endOf(c.result)
			g.Expect(got).To(Equal(c.end))
			g.Expect(words).To(Equal(c.words))
		})
	}
}
