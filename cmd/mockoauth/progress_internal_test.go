package main

import (
	"bytes"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

func TestProgressInPlainLines(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out bytes.Buffer
	p := &progress{out: &out, began: time.Now()}
	p.watch(runner.Progress{Done: 0, Total: 250, Running: []string{"TE-01 one"}})
	p.watch(runner.Progress{Done: 1, Total: 250, Result: &report.Result{ID: "TE-01", Title: "one", State: report.Pass}})
	p.watch(runner.Progress{Done: 2, Total: 250, Result: &report.Result{ID: "TE-02", Title: "two", State: report.Fail}})
	p.watch(runner.Progress{Done: 3, Total: 250, Result: &report.Result{ID: "TE-03", Title: "three", State: report.Untestable}})
	p.watch(runner.Progress{Done: 100, Total: 250, Result: &report.Result{ID: "TE-04", Title: "four", State: report.Skip}})
	p.watch(runner.Progress{Done: 250, Total: 250, Result: &report.Result{ID: "TE-05", Title: "five", State: report.Warn}})
	p.clear()
	g.Expect(out.String()).To(Equal("fail       TE-02 two\n100 of 250\nwarn       TE-05 five\n"))
	g.Expect(isTerminal(&out)).To(BeFalse())
}

func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out bytes.Buffer
	p := &progress{out: &out, terminal: true, began: time.Now().Add(-10 * time.Second)}
	p.watch(runner.Progress{Done: 100, Total: 300, Running: []string{"TE-01 one", "TE-02 two"}})
	g.Expect(out.String()).To(Equal("100 of 300, 20s left: TE-01 one"))
	out.Reset()
	p.watch(runner.Progress{Done: 101, Total: 300, Running: []string{"TE-02 two"}})
	g.Expect(out.String()).To(BeEmpty(), "it is not redrawn at once")
	p.watch(runner.Progress{Done: 102, Total: 300, Result: &report.Result{ID: "TE-02", Title: "two", State: report.Fail}})
	g.Expect(out.String()).To(HavePrefix("\r                               \rfail       TE-02 two\n"), "what failed stands above the line")
	out.Reset()
	p.shown = time.Time{}
	p.watch(runner.Progress{Done: 103, Total: 300, Running: []string{"TE-03 " + string(bytes.Repeat([]byte("é"), 200))}})
	g.Expect(len([]rune(out.String()))).To(BeNumerically("<=", 79))
	out.Reset()
	p.watch(runner.Progress{Done: 300, Total: 300})
	g.Expect(out.String()).To(MatchRegexp("^\r +\r$"), "nothing is left of it")
}

func TestTimeLeft(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(timeLeft(time.Second, 5, 300)).To(BeEmpty(), "too early to say")
	g.Expect(timeLeft(10*time.Second, 100, 200)).To(Equal("10s"))
	g.Expect(timeLeft(time.Millisecond, 100, 200)).To(Equal("1s"))
}
