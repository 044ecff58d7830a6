package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

const (
	// GitHub refuses a step's summary of more than 1 MiB.
	markdownAtMost = 900 << 10 // bytes
	lineAtMost     = 200       // runes of a reason
)

// WriteMarkdown writes a summary for a page such as GITHUB_STEP_SUMMARY: the
// verdict, a table by specification, and a line for each failure, known failure
// and warning. It stays below 1 MiB.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n\n", r.verdict())
	if r.Reason != "" {
		fmt.Fprintf(&out, "> %s\n\n", markdown(oneLine(r.Reason, lineAtMost)))
	}
	fmt.Fprintf(&out, "Conformance of %s, by %s %s, %s, in %s.\n", markdown(r.Subject.Issuer), markdown(r.Tool.Name), markdown(r.Tool.Version),
		r.Started.UTC().Format("2006-01-02 15:04 UTC"), lasted(r.Seconds))
	if len(r.Profiles) > 0 {
		fmt.Fprintf(&out, "Profiles: %s.\n", markdown(strings.Join(r.Profiles, ", ")))
	}
	if len(r.Results) > 0 {
		r.markdownTable(&out)
	}
	for _, o := range outcomes() {
		if !o.folded() {
			r.markdownList(&out, o)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (r *Report) markdownTable(out *strings.Builder) {
	columns, rule := r.columns(), ""
	out.WriteString("\n| |")
	for _, o := range columns {
		out.WriteString(" " + o.title() + " |")
		rule += "--:|"
	}
	out.WriteString("\n|---|" + rule + "\n")
	row := func(name string, t tally) {
		out.WriteString("| " + name + " |")
		for _, o := range columns {
			if n := t[o]; n > 0 {
				fmt.Fprintf(out, " %d |", n)
			} else {
				out.WriteString(" |")
			}
		}
		out.WriteString("\n")
	}
	for _, s := range r.bySpecification() {
		name := markdown(s.name)
		if about := subject(s.name); about != "" {
			name += ", " + about
		}
		row(name, s.tally)
	}
	row("**All**", r.tally())
}

// markdownList lists the results of one outcome, if there are any.
func (r *Report) markdownList(out *strings.Builder, o outcome) {
	left := r.tally()[o]
	if left == 0 {
		return
	}
	fmt.Fprintf(out, "\n### %s\n\n", o.title())
	for _, result := range r.Results {
		if r.outcome(result) != o {
			continue
		}
		if out.Len() > markdownAtMost {
			fmt.Fprintf(out, "- … and %d more, in the other reports\n", left)
			return
		}
		left--
		fmt.Fprintf(out, "- **%s** %s", markdown(result.ID), markdown(oneLine(result.Title, lineAtMost)))
		var clauses []string
		for _, c := range result.Clauses {
			clauses = append(clauses, markdownClause(c))
		}
		if len(clauses) > 0 {
			fmt.Fprintf(out, " (%s)", strings.Join(clauses, ", "))
		}
		if k := result.Known; k != nil && (o == knownToFail || o == stale) {
			out.WriteString("<br>known: " + markdown(oneLine(k.Reason, lineAtMost)))
			if k.Until != "" {
				out.WriteString(", until " + markdown(k.Until))
			}
		}
		if seen := result.seen(); seen != "" {
			out.WriteString("<br>" + markdown(oneLine(seen, lineAtMost)))
		}
		out.WriteString("\n")
	}
}

func markdownClause(s string) string {
	if link := readClause(s).link(); link != "" {
		return "[" + markdown(s) + "](" + link + ")"
	}
	return markdown(s)
}

// markdown is text that means nothing else there, nor in HTML, of which Markdown
// has a part, nor to GitHub. A link that is made of a URL shows its backslashes,
// so that there are as few as will do.
func markdown(s string) string {
	var out strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@': // or it mentions somebody
			out.WriteString("&#64;")
		case r == '_' && i > 0 && i+1 < len(runes) && isAlphanumeric(runes[i-1]) && isAlphanumeric(runes[i+1]):
			out.WriteRune(r)
		case r == '#' && (i+1 == len(runes) || !unicode.IsDigit(runes[i+1])): // #12 would be an issue
			out.WriteRune(r)
		case strings.ContainsRune("\\`*_[]|~$#", r):
			out.WriteRune('\\')
			out.WriteRune(r)
		case unicode.IsControl(r):
			out.WriteRune(' ')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
