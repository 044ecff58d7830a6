// Package check holds what an OAuth 2.0 provider must do, clause by clause, as
// values: no test framework, no provider of ours. A [Check] is one requirement,
// [Sections] lists them all, and [Check.Verdict] tries one against a [Target].
//
// To add a check, write its body and its row in the section's table.
package check

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// A Section is the checks of one part of the specifications.
type Section struct {
	Letter string // "A": its letter in the catalogue
	Title  string // "Token endpoint, common rules"
	Checks []Check
}

// A Level is how binding a requirement is, in the words of RFC 2119.
type Level string

// The levels.
const (
	MUST   Level = "MUST"   // broken: the provider fails
	SHOULD Level = "SHOULD" // broken: a warning
	MAY    Level = "MAY"    // broken: worth knowing
)

// A Check is one requirement and how to see that it holds.
type Check struct {
	ID       string         // "TE-09": stable, never reused
	Title    string         // "refuses an unknown grant_type with unsupported_grant_type"
	Clauses  []string       // "RFC 6749 §5.2"
	Level    Level          //
	Needs    []Feature      // features without which it does not apply
	BrokenBy []*fault.Fault // each must make the check fail, or the check proves nothing
	Unproven string         // why no fault can break it; empty for a check that names some

	Slow        bool // it lets more than 5 s pass, by waiting where the target's clock cannot be moved
	Destructive bool // a flood, a lockout or a large body: not for a server that others use

	Run func(*T)
}

// Must states a requirement that a provider may not break. clauses are
// separated by a semicolon: "RFC 6749 §3.2; RFC 6749 §5.2".
func Must(id, title, clauses string, run func(*T)) Check {
	return newCheck(MUST, id, title, clauses, run)
}

// Should states a requirement that a provider may break for a good reason.
func Should(id, title, clauses string, run func(*T)) Check {
	return newCheck(SHOULD, id, title, clauses, run)
}

// May states what a provider is free to do, and how when it does.
func May(id, title, clauses string, run func(*T)) Check {
	return newCheck(MAY, id, title, clauses, run)
}

func newCheck(level Level, id, title, clauses string, run func(*T)) Check {
	c := Check{ID: id, Title: title, Level: level, Run: run}
	for clause := range strings.SplitSeq(clauses, ";") {
		c.Clauses = append(c.Clauses, strings.TrimSpace(clause))
	}
	return c
}

// If is c for targets that have all the features.
func (c Check) If(features ...Feature) Check { c.Needs = features; return c }

// Breaks is c with faults that it must notice, beside those that it has.
func (c Check) Breaks(faults ...*fault.Fault) Check {
	c.BrokenBy = slices.Concat(c.BrokenBy, faults)
	return c
}

// Slowly is c marked as one that lets more than 5 s pass.
func (c Check) Slowly() Check { c.Slow = true; return c }

// Destructively is c marked as one that floods the target, locks somebody out of
// it, or sends it a large body.
func (c Check) Destructively() Check { c.Destructive = true; return c }

// Because is c with the reason why no fault can break it.
func (c Check) Because(reason string) Check { c.Unproven = reason; return c }

// Name is the check's stable name in every report: id and title, nothing else.
func (c Check) Name() string { return c.ID + " " + c.Title }

// Location is the file and line of the check's body, for reports that point at it.
func (c Check) Location() (file string, line int) {
	f := runtime.FuncForPC(reflect.ValueOf(c.Run).Pointer())
	return f.FileLine(f.Entry())
}

// A State is how a check ended.
type State string

// The states of a check.
const (
	Passed     State = "pass"
	Failed     State = "fail"       // a MUST is broken
	Warned     State = "warn"       // a SHOULD or MAY is broken
	Skipped    State = "skip"       // it does not apply; Reason says why
	Untestable State = "untestable" // the target lacks a client or user that it needs
	Broken     State = "error"      // the target cannot be reached, or the suite is at fault
)

// A Verdict is what came of a check.
type Verdict struct {
	State  State
	Reason string // what was seen and expected; why it was skipped; empty when passed

	Exchanges []Exchange // what was sent and came back, in order
	Omitted   int        // how many exchanges were left out of their middle
}

// stop ends a check's body from within.
type stop struct {
	state  State
	reason string
}

// Verdict tries the check against a target, without any test framework.
func (c Check) Verdict(ctx context.Context, target *Target) (v Verdict) {
	for _, feature := range c.Needs {
		if has, err := target.Has(ctx, feature); err != nil {
			return Verdict{State: Broken, Reason: err.Error()}
		} else if !has {
			return target.lacks(feature)
		}
	}
	t := &T{Target: target, ctx: ctx, broken: c.broken(), said: new(transcript)}
	defer func() {
		switch r := recover().(type) {
		case nil:
			v.State = Passed
		case stop:
			v.State, v.Reason = r.state, r.reason
		default:
			v.State, v.Reason = Broken, fmt.Sprintf("the check panicked: %v", r)
		}
		v.Exchanges, v.Omitted = t.said.all()
	}()
	c.Run(t)
	return v
}

// broken is the state of a target that does not meet the check.
func (c Check) broken() State {
	if c.Level == MUST {
		return Failed
	}
	return Warned
}
