package runner_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

func TestValidateTellsEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(runner.Plan{}.Validate()).To(Succeed())
	g.Expect(runner.Plan{
		Profiles: []string{"core", "code"}, Only: []string{"TE-*", "slow", "pw-01"}, Skip: []string{"*"},
		Known: []runner.Known{{ID: "TE-12", Reason: "so it is", Until: "2026-12-31"}},
	}.Validate()).To(Succeed())
	err := runner.Plan{
		Profiles: []string{"fast"}, Only: []string{"TE-99"}, Skip: []string{"ZZ-*", "["},
		Known: []runner.Known{
			{ID: "TE-98", Reason: "so it is"}, {ID: "TE-12"}, {ID: "TE-13", Reason: "a"}, {ID: "TE-13", Reason: "b"}, {ID: "TE-14", Reason: "c", Until: "soon"},
		},
	}.Validate()
	g.Expect(err).To(MatchError(`there is no profile "fast"; there are core, code, oidc-basic, rfc9700, oauth2.1
the pattern "TE-99" matches no check; ids are like TE-12, and * stands for anything
the pattern "ZZ-*" matches no check; ids are like TE-12, and * stands for anything
the pattern "[" matches no check; ids are like TE-12, and * stands for anything
known failure "TE-98": there is no such check
known failure TE-12: say in reason why it is expected
known failure TE-13 is listed twice
known failure TE-14: until is a day like 2026-12-31, not "soon"`))
}

func TestParseKnown(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	list, err := runner.ParseKnown([]byte("- {id: TE-12, reason: one of them, until: 2026-12-31}\n- id: CA-09\n  reason: another\n  flaky: true\n"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(Equal([]runner.Known{{ID: "TE-12", Reason: "one of them", Until: "2026-12-31"}, {ID: "CA-09", Reason: "another", Flaky: true}}))
	list, err = runner.ParseKnown(nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(BeEmpty())
	for _, wrong := range []string{"TE-12: because", "- {id: TE-12, why: because}", "- [", "- 7"} {
		_, err := runner.ParseKnown([]byte(wrong))
		g.Expect(err).To(MatchError(HavePrefix("known failures are a list of {id, reason, until, flaky}: ")), wrong)
	}
}

// What a profile demands is untestable where it is not claimed, and what it declares is taken as claimed.
func TestProfilesDemandAndDeclare(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	target := &check.Target{}
	plan := runner.Plan{Profiles: []string{"oauth2.1", "code"}}
	plan.Prepare(target)
	plan.Prepare(target)
	g.Expect(target.Features).To(ConsistOf(check.RFC9700, check.OAuth21, check.PublicPKCE, check.RequiredPKCE))
	g.Expect(target.Demands).To(ConsistOf(check.AuthorizationCode, check.PKCE))

	issuer := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"token_endpoint":"x"}`)) })
	r := runner.Plan{Profiles: []string{"oidc-basic"}, Only: []string{"OC-01"}}.Run(context.Background(), []*check.Target{{Issuer: issuer}}, nil)
	g.Expect(states(r)).To(HaveKeyWithValue("OC-01", report.Untestable))
	g.Expect(r.ExitCode()).To(Equal(report.ExitUnexpected))
}

// Each section is of some profile, or of none because no profile is about it.
func TestEveryProfileSelectsSections(t *testing.T) {
	t.Parallel()
	letters := []string{}
	for _, s := range check.Sections() {
		letters = append(letters, s.Letter)
	}
	for _, p := range check.Profiles() {
		g := NewWithT(t)
		for _, letter := range p.Sections {
			if letter != "AB" || slices.Contains(letters, "AB") {
				g.Expect(letters).To(ContainElement(letter), p.Name)
			}
		}
		g.Expect(p.Says).NotTo(BeEmpty())
	}
}
