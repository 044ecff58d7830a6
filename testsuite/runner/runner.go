// Package runner tries checks against a target: which of them, how many at once,
// and what it amounts to. A [Plan] says which, [Plan.Run] does it, and the
// package report holds what comes of it.
package runner

import (
	"cmp"
	"context"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
)

// A Plan is what to try. Its zero value tries everything that the target claims
// and that does it no harm.
type Plan struct {
	Profiles []string // names of check.Profiles; none means all checks
	Only     []string // patterns of ids, with *, or "slow"; none means all
	Skip     []string // patterns of the same kind, that win over Only
	Known    []Known  // failures that are expected

	AllowDestructive bool          // also floods, lockouts and large bodies
	Limit            time.Duration // for one check; 0 means 2 minutes
	Tool             report.Tool   // who runs it
}

// limit is how long a check may take unless the plan says otherwise.
const limit = 2 * time.Minute

// A Case is a check in its section.
type Case struct {
	Section check.Section
	check.Check
}

// Cases are the checks of the plan's profiles, or all of them, in the
// catalogue's order. Those that the user leaves out are among them: they are
// part of the report.
func (p Plan) Cases() []Case {
	var all []Case
	for _, s := range p.Sections() {
		for _, c := range s.Checks {
			all = append(all, Case{s, c})
		}
	}
	return all
}

// Try tries one check, unless the plan leaves it out. The result shows no secret. [Plan.Prepare] the target
// first. What is wrong with the plan itself is for [Plan.Validate] to find.
func (p Plan) Try(ctx context.Context, c Case, target *check.Target) report.Result {
	start := time.Now()
	var v check.Verdict
	switch {
	case !p.Selects(c.Check):
		v = check.Verdict{State: disabled, Reason: "left out by the user"}
	case c.Destructive && !p.AllowDestructive:
		v = check.Verdict{State: check.Skipped, Reason: "it floods the target, locks somebody out or sends a large body: allow destructive checks to have it tried"}
	default:
		within, cancel := context.WithTimeout(ctx, cmp.Or(p.Limit, limit))
		v = c.Verdict(within, target)
		cancel()
	}
	result := resultOf(c, v)
	result.Seconds = time.Since(start).Seconds()
	result.Known = p.known(c.ID, result.State)
	result.Mask(target.Secrets()...)
	return result
}

// disabled is the state of a check that is not tried.
const disabled = check.State(report.Disabled)

// resultOf writes a verdict down.
func resultOf(c Case, v check.Verdict) report.Result {
	e := c.Explain()
	r := report.Result{
		ID: c.ID, Title: c.Title, Section: c.Section.Letter + " " + c.Section.Title, Level: string(c.Level), Clauses: c.Clauses,
		Requirement: e.Requirement, Sent: e.Sent, Expected: e.Expected,
		State: report.State(v.State), Reason: v.Reason, Omitted: v.Omitted,
	}
	for _, x := range v.Exchanges {
		r.Exchanges = append(r.Exchanges, report.Exchange{
			At: x.At, Seconds: x.Took.Seconds(), Method: x.Method, URL: x.URL, Header: x.Header, Body: string(x.Body),
			Status: x.Answer.Status, AnswerHeader: x.Answer.Header, Answer: string(x.Answer.Body), Error: x.Error, Cut: x.Cut,
		})
	}
	return r
}
