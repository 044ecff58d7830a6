package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func asMarkdown(t *testing.T, r *report.Report) string {
	t.Helper()
	var out bytes.Buffer
	NewWithT(t).Expect(r.WriteMarkdown(&out)).To(Succeed())
	return out.String()
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	golden(t, "summary.md", []byte(asMarkdown(t, full())))
	golden(t, "stopped.md", []byte(asMarkdown(t, stopped())))
}

// The headline tells what people would act on, worst first.
func TestVerdictInWords(t *testing.T) {
	t.Parallel()
	const pass, fail, warn, left, err = report.Pass, report.Fail, report.Warn, report.Disabled, report.Error
	for want, r := range map[string]*report.Report{
		"Passed":                            of(pass, report.Skip),
		"Passed, with 1 warning":            of(pass, warn),
		"Passed; 2 checks were left out":    of(pass, left, left),
		"1 check failed":                    of(fail, pass, warn),
		"2 checks failed":                   of(fail, fail),
		"1 check could not be tried":        of(report.Untestable, pass),
		"As expected: only 1 known failure": listed(of(fail, pass), false),
		"1 known failure is none any more":  listed(of(pass, pass), true),
		"1 check ended in an error, 2 checks failed and 1 check could not be tried": of(report.Untestable, fail, err, fail),
		"There is no verdict: the run ended early":                                  of(),
	} {
		r.Conclude()
		NewWithT(t).Expect(asMarkdown(t, r)).To(HavePrefix("## " + want + "\n"))
	}
}

// GitHub refuses more than 1 MiB, and then shows nothing.
func TestMarkdownStaysBelow1MiB(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := &report.Report{}
	for i := range 9000 {
		r.Results = append(r.Results, report.Result{ID: fmt.Sprint("X-", i), State: report.Fail, Title: "a title", Reason: strings.Repeat("<é> ", 100)})
	}
	r.Conclude()
	text := asMarkdown(t, r)
	g.Expect(len(text)).To(BeNumerically("<", 1<<20))
	g.Expect(text).To(MatchRegexp(`… and \d+ more, in the other reports\n$`))
	g.Expect(strings.Count(text, "\n- **X")).To(BeNumerically(">", 500))
}
