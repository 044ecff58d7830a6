package lint_test

import (
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// How fast requests come is judged by the clock of the issuer. One that is frozen shows
// one instant for all, which says nothing; one that is moved by hand is believed.
func TestFrozenClockSaysNothingOfHowFast(t *testing.T) {
	t.Parallel()
	cookie := header("Cookie", "mockoauth_session=abc")
	for rule, make := range map[string]func(when change, i int) exchanges{
		"RL-34": func(when change, _ int) exchanges {
			return exchanges{sent("jwks", "GET", "/jwks", when), token(cc, when)}
		},
		"RL-105": func(when change, i int) exchanges {
			return exchanges{flow(fmt.Sprint("c", i), fmt.Sprint("state=state-0123456789-", i), cookie, when)}
		},
		"RL-130": func(when change, _ int) exchanges {
			return exchanges{token(cc, failing, answered("Retry-After", "10"), when)}
		},
		"RL-131": func(when change, _ int) exchanges { return exchanges{token(cc, failing, when)} },
		"RL-137": func(when change, _ int) exchanges { return exchanges{sent("jwks", "GET", "/jwks", when)} },
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			var frozen, moved []record.Exchange
			for i := range 20 {
				frozen = append(frozen, make(at(0), i)...)
				moved = append(moved, make(at(time.Duration(i)*10*time.Millisecond), i)...)
			}
			g.Expect(ids(read(frozen).Findings())).NotTo(ContainElement(rule))
			g.Expect(ids(read(moved).Findings())).To(ContainElement(rule))
		})
	}
}
