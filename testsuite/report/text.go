package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteText writes what somebody at a terminal wants to know: each result that
// is not as good as it could be, what could not be tested by what it lacks, and
// the totals by specification. [Report.Summary] is the line to come after it.
func (r *Report) WriteText(w io.Writer) error {
	var out bytes.Buffer
	var lacking []string
	ids := map[string][]string{}
	for _, result := range r.Results {
		switch r.outcome(result) {
		case untestable:
			if ids[result.Reason] == nil {
				lacking = append(lacking, result.Reason)
			}
			ids[result.Reason] = append(ids[result.Reason], result.ID)
		case failed, stale, broken, warned, knownToFail:
			result.text(&out)
		}
	}
	for _, reason := range lacking {
		indented := "  " + strings.ReplaceAll(Wrapped(strings.Join(ids[reason], " "), 78), "\n", "\n  ")
		fmt.Fprintf(&out, "\nUNTESTABLE %s\n%s\n", reason, indented)
	}
	if len(lacking) > 0 {
		fmt.Fprint(&out, "\nWhat is untestable counts as a failure: tell of what is missing, exempt the\ntarget from the feature, or leave the checks out.\n")
	}
	if r.Reason != "" {
		fmt.Fprintf(&out, "\nERROR %s\n", r.Reason)
	}
	if len(r.Results) > 0 {
		r.table(&out)
	}
	_, err := out.WriteTo(w)
	return err
}

// text says what is wrong in as many lines as a reader takes in at once.
func (r Result) text(out *bytes.Buffer) {
	fmt.Fprintf(out, "\n%s %s\n  %s, %s\n", strings.ToUpper(string(r.outcome())), r.Name(), r.Level, strings.Join(r.Clauses, "; "))
	const most = 12
	lines := strings.Split(strings.TrimSpace(r.seen()), "\n")
	if left := len(lines) - most; left > 0 {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("… %d more lines: see the report", left))
	}
	for _, line := range lines {
		fmt.Fprintln(out, strings.TrimRight("  "+line, " "))
	}
	if r.Known != nil {
		fmt.Fprintf(out, "  known: %s\n", r.Known.Reason)
	}
}

// table counts the outcomes by specification.
func (r *Report) table(out *bytes.Buffer) {
	columns := r.columns()
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\n")
	for _, o := range columns {
		fmt.Fprint(t, "\t"+strings.ToLower(o.title()))
	}
	row := func(name string, counted tally) {
		fmt.Fprint(t, "\n"+name)
		for _, o := range columns {
			if n := counted[o]; n > 0 {
				fmt.Fprintf(t, "\t%d", n)
			} else {
				fmt.Fprint(t, "\t.")
			}
		}
	}
	for _, s := range r.bySpecification() {
		row(s.name, s.tally)
	}
	row("all", r.tally())
	fmt.Fprint(t, "\n\n")
	_ = t.Flush() // out takes everything
}
