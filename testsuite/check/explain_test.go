package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

func TestEveryCheckIsExplained(t *testing.T) {
	t.Parallel()
	files := []string{}
	for _, section := range check.Sections() {
		file := filepath.Join("explain", strings.ToLower(section.Letter)+".md")
		files = append(files, file)
		t.Run(section.Letter, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			g := NewWithT(t)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(headings(string(text))).To(Equal(ids(section)), "the headings of %s are the section's checks, in their order", file)
			for _, c := range section.Checks {
				expectExplained(g, c)
			}
		})
	}
	written, err := filepath.Glob("explain/*")
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	for _, file := range written {
		g.Expect(files).To(ContainElement(file), "it is no section's")
	}
}

func ids(section check.Section) (ids []string) {
	for _, c := range section.Checks {
		ids = append(ids, c.ID)
	}
	return ids
}

func headings(text string) (ids []string) {
	for line := range strings.Lines(text) {
		if id, ok := strings.CutPrefix(line, "## "); ok {
			ids = append(ids, strings.TrimSuffix(id, "\n"))
		}
	}
	return ids
}

// expectExplained expects three parts of a line each, in a size that a terminal
// and a table cell hold.
func expectExplained(g *WithT, c check.Check) {
	const least, most = 250, 600 // characters, with the words Sent and Expected
	e := c.Explain()
	size := utf8.RuneCountInString("Sent: Expected: ")
	for part, text := range map[string]string{"Requirement": e.Requirement, "Sent": e.Sent, "Expected": e.Expected} {
		g.Expect(text).To(MatchRegexp(`\A[^\s#][^\n\r\t]*\.\z`), "%s of %s is one line and ends with a full stop", part, c.ID)
		size += utf8.RuneCountInString(text)
	}
	g.Expect(size).To(And(BeNumerically(">=", least), BeNumerically("<=", most)), "the characters of %s", c.ID)
}

func TestCheckOfOnesOwnIsNotExplained(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(check.Must("MY-01", "is", "RFC 6749 §1", func(*check.T) {}).Explain()).To(BeZero())
}
