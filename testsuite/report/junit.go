package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// WriteJUnit writes what CI systems read: a test suite for each section of the
// catalogue, in it a test case for each check, named by id and title alone so
// that it is the same one in the next run. What failed or could not be tried is
// a failure, and so is an entry of the list of known failures that has to go; a
// known failure is skipped, with its reason.
func (r *Report) WriteJUnit(w io.Writer) error {
	var x junit
	x.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.open("testsuites", append([]string{"name", "conformance"}, numbers(r.Results, r.Reason, r.Seconds)...))
	if r.Reason != "" {
		x.early(r)
	}
	for _, results := range r.sections() {
		x.suite(results, r.Started)
	}
	x.close("testsuites")
	_, err := w.Write(x.out.Bytes())
	return err
}

// sections are the results of each section, in their order.
func (r *Report) sections() (all [][]Result) {
	at := map[string]int{}
	for _, result := range r.Results {
		i, ok := at[result.Section]
		if !ok {
			i = len(all)
			at[result.Section] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], result)
	}
	return all
}

// numbers are the attributes that count what is in a suite. A reason is that of
// a run that ended early, which is one more error.
func numbers(results []Result, reason string, seconds float64) []string {
	tests, failures, errors, skips := len(results), 0, 0, 0
	if reason != "" {
		tests, errors = tests+1, 1
	}
	for _, result := range results {
		switch result.outcome() {
		case failed, stale, untestable:
			failures++
		case broken:
			errors++
		case knownToFail, skipped, leftOut:
			skips++
		}
	}
	return []string{
		"tests", fmt.Sprint(tests), "failures", fmt.Sprint(failures), "errors", fmt.Sprint(errors), "skipped", fmt.Sprint(skips),
		"time", fmt.Sprintf("%.3f", seconds),
	}
}

// junit writes XML. encoding/xml would make the program much larger.
type junit struct{ out bytes.Buffer }

// early is the run itself, when it ended early: a suite that holds nothing else
// would look like a pass.
func (x *junit) early(r *Report) {
	x.open("testsuite", append([]string{"name", "the run"}, numbers(nil, r.Reason, 0)...))
	x.open("testcase", []string{"classname", "the run", "name", "the run can be completed", "time", "0.000"})
	x.element("error", []string{"message", oneLine(r.Reason, messageAtMost)}, r.Reason)
	x.close("testcase")
	x.close("testsuite")
}

func (x *junit) suite(results []Result, started time.Time) {
	seconds := 0.0
	for _, result := range results {
		seconds += result.Seconds
	}
	x.open("testsuite", append(
		append([]string{"name", results[0].Section}, numbers(results, "", seconds)...),
		"timestamp", started.UTC().Format("2006-01-02T15:04:05"),
	))
	for _, result := range results {
		x.result(result)
	}
	x.close("testsuite")
}

// messageAtMost is how many runes of a reason stand where it has to be short.
const messageAtMost = 300

func (x *junit) result(r Result) {
	x.open("testcase", []string{"classname", r.Section, "name", r.Name(), "time", fmt.Sprintf("%.3f", r.Seconds)})
	message := []string{"message", oneLine(r.seen(), messageAtMost)}
	said := ""
	switch r.outcome() {
	case failed, stale, untestable:
		x.element("failure", append(message, "type", string(r.outcome())), r.explained())
		said = r.dialogue()
	case broken:
		x.element("error", append(message, "type", string(r.outcome())), r.explained())
		said = r.dialogue()
	case knownToFail:
		x.element("skipped", []string{"message", oneLine("known: "+r.Known.Reason, messageAtMost)}, "")
		said = r.seen()
	case skipped, leftOut:
		x.element("skipped", message, "")
	case warned:
		said = "warning: " + r.explained()
	}
	if said != "" {
		x.element("system-out", nil, said)
	}
	x.close("testcase")
}

// explained is what was seen, by which clause it matters, and what was expected.
func (r Result) explained() string {
	parts := []string{r.seen(), strings.Join(append([]string{r.Level}, r.Clauses...), ", ")}
	for _, of := range []struct{ name, text string }{{"requirement", r.Requirement}, {"sent", r.Sent}, {"expected", r.Expected}} {
		if of.text != "" {
			parts = append(parts, of.name+": "+of.text)
		}
	}
	return strings.Join(parts, "\n\n")
}

// dialogue is all that was said.
func (r Result) dialogue() string {
	var out strings.Builder
	for _, x := range r.Exchanges {
		out.WriteString(x.text())
	}
	if r.Omitted > 0 {
		fmt.Fprintf(&out, "%s left out of the middle\n", count(r.Omitted, "exchange was", "exchanges were"))
	}
	return out.String()
}

func (x *junit) open(name string, attributes []string) {
	x.out.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		x.out.WriteString(" " + attributes[i] + `="`)
		x.text(attributes[i+1])
		x.out.WriteString(`"`)
	}
	x.out.WriteString(">\n")
}

func (x *junit) close(name string) { x.out.WriteString("</" + name + ">\n") }

// element writes an element with nothing but text.
func (x *junit) element(name string, attributes []string, text string) {
	x.open(name, attributes)
	x.out.Truncate(x.out.Len() - len("\n"))
	x.text(text)
	x.close(name)
}

// text writes characters, for an attribute as well, and the replacement
// character for what XML 1.0 has no room for (§2.2).
func (x *junit) text(s string) {
	for _, r := range s {
		switch {
		case r == '&':
			x.out.WriteString("&amp;")
		case r == '<':
			x.out.WriteString("&lt;")
		case r == '>':
			x.out.WriteString("&gt;")
		case r == '"':
			x.out.WriteString("&#34;")
		case r == '\r':
			x.out.WriteString("&#13;")
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			x.out.WriteRune(utf8.RuneError)
		default:
			x.out.WriteRune(r)
		}
	}
}
