package lint_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
)

// RULES.md is the rules. With UPDATE_RULES=1 it is written anew.
func TestRulesInWords(t *testing.T) {
	g := NewWithT(t)
	const path = "RULES.md"
	var out strings.Builder
	fmt.Fprintf(&out, "# The %d rules about clients\n\n", len(lint.Rules()))
	out.WriteString("Each is a way in which a client can be wrong, by what it sends: `/_mock/findings` and `idp.Findings()` tell which of them it is. An error breaks a MUST, a warn breaks a SHOULD or good practice, an info is worth knowing; what is seen may be rated worse or better than usual. This file is written by a test from the code beside it.\n")
	for _, s := range lint.Sections() {
		fmt.Fprintf(&out, "\n## %s\n\n| rule | | what is wrong | what to do instead | clause |\n|---|---|---|---|---|\n", s.Title)
		for _, r := range s.Rules {
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", r.ID, r.Severity, r.Title, r.Advice, strings.Join(r.Clauses, "; "))
		}
	}
	if os.Getenv("UPDATE_RULES") != "" {
		g.Expect(os.WriteFile(path, []byte(out.String()), 0o644)).To(Succeed())
	}
	raw, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw) == out.String()).To(BeTrue(), "RULES.md has drifted: run UPDATE_RULES=1 go test ./provider/lint")
}
