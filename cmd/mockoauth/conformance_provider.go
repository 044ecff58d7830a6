package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// judgment is what conformance provider was asked for.
type judgment struct {
	flags *pflag.FlagSet

	run, skip   []string
	known       string
	reportDir   string
	fixtures    string
	destructive bool
	verbose     bool
}

func prepareJudgeProvider(flags *pflag.FlagSet) func(*streams, []string) error {
	j := &judgment{flags: flags}
	flags.SortFlags = false
	for _, v := range target.Variables() {
		switch {
		case v.Flag == "":
		case v.Type == "boolean":
			flags.Bool(v.Flag, false, v.Description)
		default:
			flags.Var(&text{kind: v.Type}, v.Flag, usageOf(v))
		}
	}
	for _, rare := range []string{"scopes", "audiences", "post-logout-redirect-uris", "lifespan", "previous-secret", "previous-secret-file", "overlap", "kid", "alg", "issuer", "subject"} {
		for _, client := range []string{"client-", "other-client-", "public-client-"} {
			flags.Lookup(client + rare).Hidden = true // for a file or a variable; the help would be twice as long
		}
	}
	for _, confidential := range []string{"secret", "secret-file", "auth-method", "key-file"} {
		flags.Lookup("public-client-" + confidential).Hidden = true
	}
	flags.StringSliceVar(&j.run, "run", nil, "try these checks only: ids with *, comma-separated; @FILE has one on each line")
	flags.StringSliceVar(&j.skip, "skip", nil, "leave these out: likewise, and the word slow")
	flags.StringVar(&j.known, "known-failing", "", "a YAML file of failures that are expected: a list of {id, reason, until, flaky}")
	flags.StringVar(&j.reportDir, "report-dir", "", "where to write results.json, junit.xml, report.html and summary.md")
	flags.StringVar(&j.fixtures, "fixtures", "", "control: the target is a mockoauth; make clients and users in tenants of its own, and move their clocks")
	flags.BoolVar(&j.destructive, "allow-destructive", false, "also floods, lockouts and large bodies")
	flags.BoolVarP(&j.verbose, "verbose", "v", false, "tell of every check")
	return j.do
}

// do judges the provider.
func (j *judgment) do(s *streams, _ []string) error {
	settings, err := target.Load(s.environ, j.given()...)
	plan, wrong := j.plan(settings)
	if err := errors.Join(err, wrong); err != nil {
		return &failure{exitUsage, err}
	}
	targets, done, err := j.targets(s.ctx, settings)
	if err != nil {
		return &failure{report.ExitError, fmt.Errorf("mockoauth: %w", err)}
	}
	defer done()
	show := &progress{out: s.errs, terminal: isTerminal(s.errs), verbose: j.verbose, began: time.Now()}
	outcome := plan.Run(s.ctx, targets, show.watch)
	show.clear()
	if err := outcome.WriteText(s.out); err != nil {
		return err
	}
	if j.reportDir != "" {
		if err := outcome.WriteFiles(j.reportDir); err != nil {
			return &failure{report.ExitError, fmt.Errorf("mockoauth: %w", err)}
		}
		fmt.Fprintf(s.out, "Reports: %s\n", j.reportDir)
	}
	fmt.Fprintln(s.out, outcome.Summary())
	if code := outcome.ExitCode(); code != exitOK {
		return &failure{code, nil}
	}
	return nil
}

// text is a flag of whatever kind, to be read later.
type text struct{ value, kind string }

func (t *text) String() string     { return t.value }
func (t *text) Set(v string) error { t.value = v; return nil }
func (t *text) Type() string       { return t.kind }

// usageOf is a flag's usage, with the default that it has in words.
func usageOf(v target.Variable) string {
	if v.Default == "" {
		return v.Description
	}
	return v.Description + " (" + v.Default + ")"
}

// given are the flags of the target that were given.
func (j *judgment) given() (out []target.Flag) {
	for _, v := range target.Variables() {
		if f := j.flags.Lookup(v.Flag); f != nil && f.Changed {
			out = append(out, target.Flag{Name: v.Flag, Value: f.Value.String()})
		}
	}
	return out
}

// plan is what to try, and everything that is wrong with that.
func (j *judgment) plan(settings target.Settings) (runner.Plan, error) {
	var wrong []error
	lines := func(patterns []string) (out []string) {
		for _, p := range patterns {
			file, isFile := strings.CutPrefix(p, "@")
			if !isFile {
				out = append(out, p)
				continue
			}
			text, err := os.ReadFile(file)
			wrong = append(wrong, err)
			out = append(out, strings.Fields(string(text))...)
		}
		return out
	}
	plan := runner.Plan{
		Profiles: settings.Profiles, Only: lines(j.run), Skip: lines(j.skip),
		AllowDestructive: j.destructive || j.fixtures == "control", Tool: report.Tool{Name: "mockoauth", Version: buildVersion()},
	}
	if j.known != "" {
		text, err := os.ReadFile(j.known)
		if err == nil {
			plan.Known, err = runner.ParseKnown(text)
		}
		wrong = append(wrong, err)
	}
	if j.fixtures != "" && j.fixtures != "control" {
		wrong = append(wrong, fmt.Errorf("--fixtures: %q is not control, the only choice", j.fixtures))
	}
	return plan, errors.Join(append(wrong, plan.Validate())...)
}

// targets are what to judge, as often as checks are tried at once.
func (j *judgment) targets(ctx context.Context, settings target.Settings) ([]*check.Target, func(), error) {
	if j.fixtures == "control" {
		return settings.Controlled(ctx, settings.Parallel)
	}
	one, err := settings.Target()
	if err != nil {
		return nil, nil, err
	}
	same := make([]*check.Target, settings.Parallel)
	for i := range same {
		same[i] = one
	}
	return same, func() {}, nil
}
