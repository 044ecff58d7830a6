package lint_test

import (
	"regexp"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A proof shows of a rule what triggers it, and what nearly does.
type proof struct {
	triggers  []record.Exchange
	misses    []record.Exchange
	elsewhere []record.Exchange // at another issuer, before
	severity  lint.Severity     // of the finding; the rule's when empty
}

type exchanges = []record.Exchange

// read has a new linter read exchanges, and its neighbour others before.
func read(xs []record.Exchange, elsewhere ...record.Exchange) *lint.Linter {
	c, who := config(), known()
	l := lint.NewLinter(c)
	c.Issuer = "two"
	neighbour := lint.NewLinter(c)
	for i := range elsewhere {
		neighbour.Read(&elsewhere[i], who)
	}
	for i := range xs {
		xs[i].ID = uint64(i + 1)
		l.Read(&xs[i], who)
	}
	return l
}

func config() lint.Config {
	return lint.Config{
		Issuer: "one", CodeLifespan: 600e9, Grants: []string{"authorization_code", "refresh_token", "password", "client_credentials"},
		Neighbours: lint.NewNeighbours(),
	}
}

func ids(fs lint.Findings) []string {
	out := []string{}
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

// Every rule has been seen to find what it is for, and to leave its like alone.
func TestEveryRuleIsProven(t *testing.T) {
	t.Parallel()
	all := proofs()
	for _, r := range lint.Rules() {
		p, proven := all[r.ID]
		delete(all, r.ID)
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			g.Expect(proven).To(BeTrue(), "the rule has no proof")
			g.Expect(p.triggers).NotTo(BeEmpty())
			g.Expect(p.misses).NotTo(BeEmpty())
			found := read(p.triggers, p.elsewhere...).Findings().Select(lint.Filter{Rule: r.ID})
			g.Expect(found).NotTo(BeEmpty(), "it does not see what it is for")
			want := p.severity
			if want == "" {
				want = r.Severity
			}
			g.Expect(found[0].Severity).To(Equal(want))
			g.Expect(found[0].Sent).NotTo(BeEmpty())
			g.Expect(found[0].Instead).NotTo(BeEmpty())
			g.Expect(ids(read(p.misses).Findings())).NotTo(ContainElement(r.ID), "it sees what is not there")
		})
	}
	NewWithT(t).Expect(all).To(BeEmpty(), "these are no rules")
}

// What every rule is.
func TestRules(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	seen := map[string]bool{}
	clause := regexp.MustCompile(`^(RFC \d+|OpenID Connect (Core|RP-Initiated Logout)) (§\d+(\.\d+)*|App\. [A-Z])$`)
	line := regexp.MustCompile(`^[A-Z].*[^.\s]$`)
	for _, r := range lint.Rules() {
		g.Expect(r.ID).To(MatchRegexp(`^RL-\d{2,3}$`))
		g.Expect(seen).NotTo(HaveKey(r.ID))
		seen[r.ID] = true
		g.Expect(r.Title).To(MatchRegexp(line.String()), r.ID)
		g.Expect(r.Advice).To(MatchRegexp(line.String()), r.ID)
		g.Expect(r.Clauses).NotTo(BeEmpty(), r.ID)
		for _, c := range r.Clauses {
			g.Expect(c).To(MatchRegexp(clause.String()), r.ID)
		}
		g.Expect(lint.Severities()).To(ContainElement(string(r.Severity)), r.ID)
	}
}

// The requests that the proofs are made of have nothing wrong themselves.
func TestGoodRequestsHaveNoFindings(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	xs := exchanges{
		token("grant_type=client_credentials&scope=read", gives("token-of-client-credentials", "", "read")),
		call("Bearer token-of-client-credentials", client("web")),
		flow("code-000000000000001", ""), redeem("code-000000000000001", ""),
		call("Bearer "+access, client("web")),
		token("grant_type=refresh_token&refresh_token="+refresh, at(55*minute), gives("another-access-token-0002", "another-refresh-token-02", "openid")),
		call("Bearer another-access-token-0002", at(56*minute)),
		post("revocation", "token=another-access-token-0002", basic("web", "web-secret-0001")),
		post("introspection", "token=another-access-token-0002", basic("web", "web-secret-0001")),
		sent("jwks", "GET", "/jwks"), sent("openid-configuration", "GET", "/.well-known/openid-configuration"),
		sent("end_session", "GET", "/end_session?client_id=web&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye", client("web")),
	}
	g.Expect(ids(read(xs).Findings())).To(BeEmpty())
}
