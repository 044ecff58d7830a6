package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

func prepareList(*pflag.FlagSet) func(*streams, []string) error { return listChecks }

// listChecks lists the checks whose ids match a pattern, or all of them, a line
// each: the id begins it, so that grep finds it.
func listChecks(s *streams, patterns []string) error {
	out := bufio.NewWriter(s.out)
	found, plan := 0, runner.Plan{Only: patterns}
	for _, section := range check.Sections() {
		checks := slices.DeleteFunc(section.Checks, func(c check.Check) bool { return !plan.Selects(c) })
		if len(checks) == 0 {
			continue
		}
		found += len(checks)
		fmt.Fprintf(out, "\n# %s %s\n", section.Letter, section.Title)
		for _, c := range checks {
			fmt.Fprintf(out, "%s %-6s %s (%s)%s\n", c.ID, c.Level, c.Title, strings.Join(c.Clauses, "; "), conditions(c))
		}
	}
	if found == 0 {
		return misused(fmt.Errorf("no check is called %s; ids are like TE-12, and * stands for anything", strings.Join(patterns, " or ")))
	}
	if len(patterns) == 0 {
		fmt.Fprint(out, "\n# Profiles\n")
		for _, p := range check.Profiles() {
			fmt.Fprintf(out, "%-10s %s (sections %s)\n", p.Name, p.Says, strings.Join(p.Sections, " "))
		}
	}
	return out.Flush()
}

// conditions are what a check needs to be tried.
func conditions(c check.Check) string {
	var words []string
	for _, f := range c.Needs {
		words = append(words, string(f))
	}
	if c.Slow {
		words = append(words, "time")
	}
	if c.Destructive {
		words = append(words, "--allow-destructive")
	}
	if len(words) == 0 {
		return ""
	}
	return " [" + strings.Join(words, ", ") + "]"
}

func prepareExplain(*pflag.FlagSet) func(*streams, []string) error { return explainChecks }

// explainChecks tells all that there is to say of checks.
func explainChecks(s *streams, patterns []string) error {
	if len(patterns) == 0 {
		return misused(fmt.Errorf("say which check to explain: mockoauth conformance explain TE-12"))
	}
	out := bufio.NewWriter(s.out)
	found, plan := false, runner.Plan{Only: patterns}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if !plan.Selects(c) {
				continue
			}
			if found {
				fmt.Fprintln(out)
			}
			found = true
			explain(out, c)
		}
	}
	if !found {
		return misused(fmt.Errorf("no check is called %s; mockoauth conformance list has them all", strings.Join(patterns, " or ")))
	}
	return out.Flush()
}

func explain(out *bufio.Writer, c check.Check) {
	const width = 80
	e := c.Explain()
	fmt.Fprintf(out, "%s %s\n%s, %s%s\n\n", c.ID, c.Title, c.Level, strings.Join(c.Clauses, "; "), conditions(c))
	for _, paragraph := range []string{e.Requirement, "Sent: " + e.Sent, "Expected: " + e.Expected} {
		fmt.Fprintf(out, "%s\n", report.Wrapped(paragraph, width))
	}
	if c.Unproven != "" {
		fmt.Fprintf(out, "\n%s\n", report.Wrapped("No fault of mockoauth breaks it: "+c.Unproven+".", width))
		return
	}
	fmt.Fprint(out, "\nIt is seen to fail under:\n")
	for _, f := range c.BrokenBy {
		fmt.Fprintf(out, "  %s: %s\n", f.Name, f.Says)
	}
}
