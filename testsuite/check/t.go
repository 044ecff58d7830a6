package check

import (
	"cmp"
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
	said   *transcript
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

// Client is the target's client in a role. A target without one in the roles
// Main, Other and Public is untestable: every target that has clients can name
// those. A check that needs a rarer one is skipped without it.
func (t *T) Client(role Role) Client {
	c, ok := t.client(role)
	if !ok {
		panic(stop{without(role), fmt.Sprintf("the target names no client in the role %q", role)})
	}
	return c
}

// client finds a client in a role. One that is registered for a single method
// of authentication is the client for which that is asked.
func (t *T) client(role Role) (Client, bool) {
	if c, ok := t.Clients[role]; ok {
		return c, true
	}
	method := map[Role]string{BasicOnly: AuthBasic, PostOnly: AuthPost}[role]
	for _, stand := range []Role{Main, Other} {
		if c, ok := t.Clients[stand]; ok && method != "" && c.AuthMethod == method {
			return c, true
		}
	}
	return Client{}, false
}

// clientWithoutCodes is a client that may use neither codes nor refresh tokens.
func (t *T) clientWithoutCodes() Client {
	if c, ok := t.client(MachineOnly); ok && !t.claims(Password) {
		return c
	}
	return t.Client(PasswordOnly)
}

// clientBy is a client that may authenticate by a method, [AuthBasic] or
// [AuthPost]: the main one where it may, and else another. A check of the method
// is skipped where there is none.
func (t *T) clientBy(method string) Client {
	t.Client(Main)
	c, ok := t.mayUse(method)
	if !ok {
		t.Skip("the target names no client that may authenticate by %s", method)
	}
	return c
}

// mayUse is [T.clientBy] where there may be none.
func (t *T) mayUse(method string) (Client, bool) {
	roles := []Role{Main, Other, BasicOnly}
	if method == AuthPost {
		roles[2] = PostOnly
	}
	for _, role := range roles {
		if c, ok := t.Clients[role]; ok && c.Secret != "" && (c.AuthMethod == "" || c.AuthMethod == method) {
			return c, true
		}
	}
	return Client{}, false
}

// User is the target's user in a role. A target without one in the role Main is
// untestable; a check that needs a rarer one is skipped without it.
func (t *T) User(role Role) User {
	u, ok := t.Users[role]
	if !ok {
		panic(stop{without(role), fmt.Sprintf("the target names no user in the role %q", role)})
	}
	return u
}

// without is what a check comes to when the target names nobody in a role.
func without(role Role) State {
	switch role {
	case Main, Other, Public:
		return Untestable
	}
	return Skipped
}

// Wait lets d pass for the target: by moving its clock, or by waiting. Where
// that would take longer than [Target.WaitAtMost], the check is skipped.
func (t *T) Wait(d time.Duration) {
	if t.Advance != nil {
		t.Advance(d)
		t.moved.Add(int64(d))
		return
	}
	if most := cmp.Or(t.WaitAtMost, patience); d > most {
		t.Skip("%s would have to pass, which nobody waits for: the target's clock cannot be moved, and the longest wait is set to %s", d, most)
	}
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
		panic(stop{Broken, "the time for this check ran out"})
	}
}

// show prints a value as Gomega would.
func show(v any) string { return format.Object(v, 1) }
