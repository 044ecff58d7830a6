package fault_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// CATALOG.md is the catalogue. With UPDATE_CATALOG=1 it is written anew.
func TestCatalogTableIsTrue(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	const path = "CATALOG.md"
	want := catalogTable()
	if os.Getenv("UPDATE_CATALOG") != "" {
		g.Expect(os.WriteFile(path, []byte(want), 0o644)).To(Succeed())
		return
	}
	raw, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw) == want).To(BeTrue(), "CATALOG.md has drifted: run UPDATE_CATALOG=1 go test ./provider/fault")
}

func catalogTable() string {
	cell := strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "__", `\_\_`)
	var out strings.Builder
	fmt.Fprintf(&out, "# The %d faults\n\n", len(fault.Catalog()))
	out.WriteString("Each is a way in which the provider can be told to be wrong: by name in `MOCKOAUTH_FAULTS` or over HTTP, by its variable in Go. " +
		"This file is written by a test from the code beside it.\n\n")
	for _, section := range fault.Sections() {
		fmt.Fprintf(&out, "- [%s](#%s) (%d)\n", section.Title, anchor(section.Title), len(section.Faults))
	}
	for _, section := range fault.Sections() {
		fmt.Fprintf(&out, "\n## %s\n\n| fault | at | clause | the provider | a careful client |\n|---|---|---|---|---|\n", section.Title)
		for _, f := range section.Faults {
			at := "everywhere"
			if len(f.At) > 0 {
				at = strings.Join(f.At, ", ")
			}
			fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s |\n", f.Name, at, f.Clause, cell.Replace(f.Says), cell.Replace(f.Advice))
		}
	}
	return out.String()
}

// anchor is the fragment that a heading gets where Markdown is shown.
func anchor(title string) string {
	return strings.NewReplacer(" ", "-", ":", "", ",", "").Replace(strings.ToLower(title))
}
