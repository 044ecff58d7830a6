package lint_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
)

// Three rules are about what another issuer of the same program has issued (RFC 9700 §4.4).
func TestWhatIsOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	between := lint.NewNeighbours()
	linter := func(name string, of *lint.Neighbours) *lint.Linter {
		c := config()
		c.Issuer, c.Neighbours = name, of
		return lint.NewLinter(c)
	}
	first, who := linter("one", between), known()
	for _, x := range (exchanges{flow(code, ""), redeem("other-code", "")}) {
		first.Read(&x, who)
	}
	for name, x := range map[string]exchanges{
		"RL-100": {redeem(code, "", refused("invalid_grant"))}, "RL-115": {token(fresh)}, "RL-121": {call("Bearer " + access)},
	} {
		g := NewWithT(t)
		second, stranger := linter("two", between), linter("two", lint.NewNeighbours())
		second.Read(&x[0], who)
		stranger.Read(&x[0], who)
		g.Expect(ids(second.Findings())).To(ContainElement(name))
		g.Expect(ids(stranger.Findings())).NotTo(ContainElement(name))
	}
}
