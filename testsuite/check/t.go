package check

import (
	"context"
	"fmt"
	"time"

	"github.com/onsi/gomega/format"
	"github.com/onsi/gomega/types"
)

// T is what a check's body works with: the target, requests to it, and
// expectations. The first expectation that does not hold ends the check.
type T struct {
	*Target
	ctx    context.Context
	broken State // what a broken expectation amounts to
}

// An Assertion is a value about which something is expected.
type Assertion struct {
	t      *T
	actual any
}

// Expect begins an expectation: t.Expect(answer).To(BeRefused(400, "invalid_grant")).
func (t *T) Expect(actual any) Assertion { return Assertion{t, actual} }

// To expects that the value matches. explain says in words what it is that was expected.
func (a Assertion) To(matcher types.GomegaMatcher, explain ...any) {
	matched, err := matcher.Match(a.actual)
	if err != nil {
		a.t.fail(explain, err.Error())
	}
	if !matched {
		a.t.fail(explain, matcher.FailureMessage(a.actual))
	}
}

// NotTo expects that the value does not match.
func (a Assertion) NotTo(matcher types.GomegaMatcher, explain ...any) {
	matched, err := matcher.Match(a.actual)
	if err != nil {
		a.t.fail(explain, err.Error())
	}
	if matched {
		a.t.fail(explain, matcher.NegatedFailureMessage(a.actual))
	}
}

func (t *T) fail(explain []any, message string) {
	if len(explain) > 0 {
		words, _ := explain[0].(string)
		message = fmt.Sprintf(words, explain[1:]...) + "\n" + message
	}
	panic(stop{t.broken, message})
}

// Fatalf ends the check: the target does not meet it.
func (t *T) Fatalf(words string, args ...any) { panic(stop{t.broken, fmt.Sprintf(words, args...)}) }

// Skip ends the check: it does not apply to the target, for a reason that only showed on the way.
func (t *T) Skip(words string, args ...any) { panic(stop{Skipped, fmt.Sprintf(words, args...)}) }

// Client is the target's client in a role. A target without one is untestable.
func (t *T) Client(role Role) Client {
	c, ok := t.Clients[role]
	if !ok {
		panic(stop{Untestable, fmt.Sprintf("the target names no client in the role %q", role)})
	}
	return c
}

// User is the target's user in a role. A target without one is untestable.
func (t *T) User(role Role) User {
	u, ok := t.Users[role]
	if !ok {
		panic(stop{Untestable, fmt.Sprintf("the target names no user in the role %q", role)})
	}
	return u
}

// Wait lets d pass for the target: by moving its clock, or by waiting.
func (t *T) Wait(d time.Duration) {
	if t.Advance != nil {
		t.Advance(d)
		return
	}
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
		panic(stop{Broken, "the time for this check ran out"})
	}
}

// show prints a value as Gomega would.
func show(v any) string { return format.Object(v, 1) }
