package runner

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// A target is given up when it answers nothing in five checks in a row; one that
// answers now and then is not.
func TestSilenceInARow(t *testing.T) {
	t.Parallel()
	silent := report.Result{Exchanges: []report.Exchange{{Error: "one"}, {Error: "timeout"}}}
	heard := report.Result{Exchanges: []report.Exchange{{Error: "timeout"}, {}}}
	untried := report.Result{State: report.Skip}
	for name, c := range map[string]struct {
		results []report.Result
		reason  string
	}{
		"four":                        {[]report.Result{silent, silent, silent, silent}, ""},
		"five":                        {[]report.Result{silent, silent, silent, silent, silent, silent}, "the target answered nothing in 5 checks in a row: timeout"},
		"five, with skips between":    {[]report.Result{silent, silent, untried, silent, silent, untried, silent}, "the target answered nothing in 5 checks in a row: timeout"},
		"six, with an answer between": {[]report.Result{silent, silent, silent, silent, heard, silent, silent}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &run{report: &report.Report{}}
			for _, result := range c.results {
				r.ends(result)
			}
			NewWithT(t).Expect(r.gaveUp).To(Equal(c.reason))
		})
	}
}
