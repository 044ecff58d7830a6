package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
)

// Progress is how far a run has come.
type Progress struct {
	Done, Total int
	Running     []string       // names of the checks being tried
	Result      *report.Result // what has just ended; nil when something began
}

// unansweredAtMost is how many checks in a row may get no answer at all before
// the run gives up: a target that hangs would hold it for hours.
const unansweredAtMost = 5

// core is the profile of a target without metadata that names no features.
const core = "core"

// Run tries the plan's checks, as many at once as there are targets, each of
// which is tried by one check at a time: give the same one several times where
// it bears that. What disturbs others comes last, alone. watch, which may be
// nil, is told of each beginning and end, one after the other.
//
// A target that cannot be reached, or of which nothing is known, and one that
// stops answering, ends the run early: the report is an error and says why.
func (p Plan) Run(ctx context.Context, targets []*check.Target, watch func(Progress)) *report.Report {
	p, out := p.Begin(ctx, targets[0])
	for _, target := range targets {
		p.Prepare(target)
	}
	if out.Reason == "" {
		r := &run{plan: p, watch: watch, report: out}
		r.all(ctx, targets)
	}
	out.Seconds = time.Since(out.Started).Seconds()
	out.Conclude()
	return out
}

// Suit is the plan as it suits the target, which it prepares: one of which
// nothing is said but where it is, is held to the profile core, and has the
// password grant when it has a user. The error says why nothing can be tried:
// the target cannot be reached, or nothing is known of it.
func (p Plan) Suit(ctx context.Context, target *check.Target) (Plan, error) {
	metadata, err := target.Metadata(ctx)
	if err != nil {
		return p, err
	}
	if len(metadata) == 0 && len(target.Endpoints) == 0 {
		return p, fmt.Errorf("nothing is known of the target: there is no metadata at %s and %s, and no endpoints are given", target.MetadataURL(), target.OpenIDMetadataURL())
	}
	if len(metadata) == 0 && len(p.Profiles) == 0 && len(target.Features) == 0 {
		p.Profiles = []string{core}
		if len(target.Users) > 0 {
			target.Features = append(target.Features, check.Password)
		}
	}
	p.Prepare(target)
	return p, nil
}

// Begin is the report before the first check, and the plan as it suits the
// target: see [Plan.Suit], whose error is the report's reason.
func (p Plan) Begin(ctx context.Context, target *check.Target) (Plan, *report.Report) {
	p, err := p.Suit(ctx, target)
	out := &report.Report{
		Tool: p.Tool, Subject: report.Subject{Kind: "provider", Issuer: target.Issuer}, Started: time.Now().UTC(),
		Profiles: append([]string{}, p.Profiles...), Exempt: texts(target.Exempt), Features: []string{}, Results: []report.Result{},
	}
	if err != nil {
		out.Reason = err.Error()
		return p, out
	}
	out.Features = p.claimed(ctx, target)
	return p, out
}

// claimed are the features that a check needs and the target claims.
func (p Plan) claimed(ctx context.Context, target *check.Target) []string {
	seen, claimed := map[check.Feature]bool{}, []string{}
	for _, c := range p.Cases() {
		for _, f := range c.Needs {
			if has, err := target.Has(ctx, f); err == nil && has && !seen[f] {
				claimed = append(claimed, string(f))
			}
			seen[f] = true
		}
	}
	slices.Sort(claimed)
	return claimed
}

func texts(features []check.Feature) []string {
	out := make([]string, len(features))
	for i, f := range features {
		out[i] = string(f)
	}
	return out
}

// run is a run under way.
type run struct {
	plan   Plan
	report *report.Report
	watch  func(Progress)

	mu         sync.Mutex
	running    []string
	done       int
	unanswered int
	gaveUp     string
}

// all tries everything: first what can be tried side by side.
func (r *run) all(ctx context.Context, targets []*check.Target) {
	cases := r.plan.Cases()
	r.report.Results = make([]report.Result, len(cases))
	queue := make(chan int)
	var workers sync.WaitGroup
	for _, target := range targets {
		workers.Go(func() {
			for i := range queue {
				r.try(ctx, cases[i], target, &r.report.Results[i])
			}
		})
	}
	for i, c := range cases {
		if !c.Destructive {
			queue <- i
		}
	}
	close(queue)
	workers.Wait()
	for i, c := range cases {
		if c.Destructive {
			r.try(ctx, c, targets[0], &r.report.Results[i])
		}
	}
	r.report.Reason = r.gaveUp
}

// try tries one check, unless the run has been given up.
func (r *run) try(ctx context.Context, c Case, target *check.Target, into *report.Result) {
	var result report.Result
	if reason := r.starts(ctx, c.Name()); reason != "" {
		result = resultOf(c, check.Verdict{State: check.Broken, Reason: reason})
	} else {
		result = r.plan.Try(ctx, c, target)
	}
	*into = result
	r.ends(result)
}

// starts notes that a check begins. It answers why it does not.
func (r *run) starts(ctx context.Context, name string) (reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gaveUp == "" && ctx.Err() != nil {
		r.gaveUp = "the run was stopped"
	}
	r.running = append(r.running, name)
	r.tell(nil)
	return r.gaveUp
}

// ends notes what came of a check.
func (r *run) ends(result report.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.running = slices.DeleteFunc(r.running, func(name string) bool { return name == result.Name() })
	switch heard, silence := answers(result); {
	case heard:
		r.unanswered = 0
	case silence != "":
		r.unanswered++
		if r.unanswered == unansweredAtMost && r.gaveUp == "" {
			r.gaveUp = fmt.Sprintf("the target answered nothing in %d checks in a row: %s", unansweredAtMost, silence)
		}
	}
	r.tell(&result)
}

// answers tells whether a check got any answer, and if not why.
func answers(result report.Result) (heard bool, silence string) {
	for _, x := range result.Exchanges {
		if x.Error == "" {
			return true, ""
		}
		silence = x.Error
	}
	return false, silence
}

// tell says how far the run has come.
func (r *run) tell(result *report.Result) {
	if r.watch != nil {
		r.watch(Progress{Done: r.done, Total: len(r.report.Results), Running: slices.Clone(r.running), Result: result})
	}
}
