package check_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// CATALOG.md is the list of checks. With UPDATE_CATALOG=1 it is written anew.
func TestCatalogIsTrue(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	want := catalog()
	if os.Getenv("UPDATE_CATALOG") != "" {
		g.Expect(os.WriteFile("CATALOG.md", []byte(want), 0o644)).To(Succeed())
		return
	}
	raw, err := os.ReadFile("CATALOG.md")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw) == want).To(BeTrue(), "CATALOG.md has drifted: run UPDATE_CATALOG=1 go test ./testsuite/check")
}

func catalog() string {
	var out, contents strings.Builder
	var reasons []string
	without := map[string][]string{}
	total, unproven := 0, 0
	for _, s := range check.Sections() {
		total += len(s.Checks)
		title := s.Letter + " " + s.Title
		fmt.Fprintf(&contents, "- [%s](#%s) (%d)\n", title, anchor(title), len(s.Checks))
		fmt.Fprintf(&out, "\n## %s\n\n| id | | the provider … | clauses | needs | seen to fail under |\n|---|---|---|---|---|---|\n", title)
		for _, c := range s.Checks {
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", c.ID, c.Level, c.Title, strings.Join(c.Clauses, "; "), needs(c), breakers(c))
			if c.Unproven == "" {
				continue
			}
			unproven++
			if without[c.Unproven] == nil {
				reasons = append(reasons, c.Unproven)
			}
			without[c.Unproven] = append(without[c.Unproven], c.ID)
		}
	}
	fmt.Fprintf(&contents, "\n%d of them, marked \\*, no fault of mockoauth's can break, and each says why:\n\n", unproven)
	for _, reason := range reasons {
		fmt.Fprintf(&contents, "- %s: %s\n", strings.Join(without[reason], ", "), reason)
	}
	return fmt.Sprintf("# The %d checks\n\nEach is a clause and a way to see whether a provider keeps to it: `mockoauth conformance explain ID` tells what is sent and "+
		"what is expected. This file is written by a test from the code beside it.\n\n%s%s", total, contents.String(), out.String())
}

func breakers(c check.Check) string {
	if c.Unproven != "" {
		return `\*`
	}
	names := make([]string, len(c.BrokenBy))
	for i, f := range c.BrokenBy {
		names[i] = "`" + f.Name + "`"
	}
	return strings.Join(names, ", ")
}

func needs(c check.Check) string {
	var words []string
	for _, f := range c.Needs {
		words = append(words, string(f))
	}
	if c.Slow {
		words = append(words, "*time*")
	}
	if c.Destructive {
		words = append(words, "*leave to do harm*")
	}
	return strings.Join(words, ", ")
}

// anchor is the fragment that a heading gets.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return -1
	}, strings.ToLower(heading))
}
