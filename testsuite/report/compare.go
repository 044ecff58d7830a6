package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Named is a report and how it is called beside others.
type Named struct {
	Name   string
	Report *Report
}

// WriteComparison writes a Markdown table of several reports: how many of the
// checks that were tried each of them passed, by specification, and below it
// what fails in each, known or not.
func WriteComparison(w io.Writer, reports []Named) error {
	var out strings.Builder
	out.WriteString("| |")
	rule := "|---|"
	for _, n := range reports {
		out.WriteString(" " + markdown(n.Name) + " |")
		rule += "--:|"
	}
	out.WriteString("\n" + rule + "\n")
	for _, name := range triedSpecifications(reports) {
		label := markdown(name)
		if about := subject(name); about != "" {
			label += ", " + about
		}
		row(&out, label, reports, func(s share) bool { return s.name == name })
	}
	out.WriteString("| **All** |")
	for _, n := range reports {
		out.WriteString(" " + passedOf(n.Report.tally()) + " |")
	}
	out.WriteString("\n\nPassed of tried; warnings (a SHOULD or MAY) in brackets. A check counts for the first specification that it cites.\n")
	for _, n := range reports {
		n.failures(&out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// triedSpecifications are those of which somebody tried something, in the order
// of the first who did.
func triedSpecifications(reports []Named) (names []string) {
	for _, n := range reports {
		for _, s := range n.Report.bySpecification() {
			if passedOf(s.tally) != "" && !slices.Contains(names, s.name) {
				names = append(names, s.name)
			}
		}
	}
	return names
}

func row(out *strings.Builder, label string, reports []Named, is func(share) bool) {
	out.WriteString("| " + label + " |")
	for _, n := range reports {
		shares := n.Report.bySpecification()
		if i := slices.IndexFunc(shares, is); i >= 0 {
			out.WriteString(strings.TrimRight(" "+passedOf(shares[i].tally), " "))
		}
		out.WriteString(" |")
	}
	out.WriteString("\n")
}

// passedOf is "12 of 14 (1)"; nothing where nothing was tried.
func passedOf(t tally) string {
	tried := t[passed] + t[failed] + t[knownToFail] + t[warned] + t[stale] + t[untestable] + t[broken]
	if tried == 0 {
		return ""
	}
	words := fmt.Sprintf("%d of %d", t[passed], tried)
	if t[warned] > 0 {
		words += fmt.Sprintf(" (%d)", t[warned])
	}
	return words
}

// failures lists what fails in a report.
func (n Named) failures(out *strings.Builder) {
	fmt.Fprintf(out, "\n### %s\n\n", markdown(n.Name))
	listed := 0
	for _, r := range n.Report.Results {
		if r.State == Pass || r.State == Skip || r.State == Disabled {
			continue
		}
		listed++
		reason := oneLine(r.Reason, reasonAtMost)
		if r.Known != nil {
			reason = r.Known.Reason
		}
		fmt.Fprintf(out, "- **%s** %s (%s, %s)<br>%s\n", r.ID, markdown(r.Title), r.State, strings.Join(r.Clauses, "; "), markdown(reason))
	}
	if listed == 0 {
		out.WriteString("Nothing fails.\n")
	}
}

// reasonAtMost is how much of a reason stands in a list, in characters.
const reasonAtMost = 200
