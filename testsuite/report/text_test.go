package report_test

import (
	"bytes"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func asText(t *testing.T, r *report.Report) string {
	t.Helper()
	var out bytes.Buffer
	NewWithT(t).Expect(r.WriteText(&out)).To(Succeed())
	return out.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	golden(t, "output.txt", []byte(asText(t, full())+full().Summary()+"\n"))
	golden(t, "stopped.txt", []byte(asText(t, stopped())+stopped().Summary()+"\n"))
}

// What lacks the same is told in one place, and a long reason is cut.
func TestTextIsShort(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := of(report.Fail)
	r.Results[0].Reason = "line" + strings.Repeat("\nline", 30)
	for range 40 {
		r.Results = append(r.Results, report.Result{ID: "AZ-01", State: report.Untestable, Reason: "there is no client"})
	}
	r.Conclude()
	text := asText(t, r)
	g.Expect(strings.Count(text, "there is no client")).To(Equal(1))
	g.Expect(strings.Count(text, "AZ-01")).To(Equal(40))
	g.Expect(strings.Count(text, "line\n")).To(Equal(12))
	g.Expect(text).To(ContainSubstring("  … 19 more lines: see the report\n"))
	for line := range strings.SplitSeq(text, "\n") {
		g.Expect(len(line)).To(BeNumerically("<=", 80), line)
	}
}

func TestComparison(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	NewWithT(t).Expect(report.WriteComparison(&out, []report.Named{{Name: "one", Report: full()}, {Name: "two", Report: of(report.Pass, report.Pass, report.Skip)}})).To(Succeed())
	golden(t, "comparison.md", out.Bytes())
}
