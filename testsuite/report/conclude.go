package report

import "fmt"

// Conclude counts the results and says what the run amounts to. A run that tried
// nothing is an error, and never a pass: its reason says so.
func (r *Report) Conclude() {
	r.Version, r.Totals = Version, Totals{}
	for _, result := range r.Results {
		*r.Totals.of(result.State)++
		if k := result.Known; k != nil && k.Stale {
			r.Totals.Stale++
		} else if k != nil && result.State != Skip && result.State != Disabled {
			r.Totals.Known++
		}
	}
	t := r.Totals
	if r.Reason == "" && t.Pass+t.Fail+t.Warn+t.Untestable+t.Error == 0 {
		r.Reason = "no check was tried: the target claims none of the features, or the selection leaves none"
	}
	r.State = r.worst()
}

func (t *Totals) of(s State) *int {
	switch s {
	case Pass:
		return &t.Pass
	case Fail:
		return &t.Fail
	case Warn:
		return &t.Warn
	case Skip:
		return &t.Skip
	case Untestable:
		return &t.Untestable
	case Disabled:
		return &t.Disabled
	default:
		return &t.Error
	}
}

func (r *Report) worst() State {
	t := r.Totals
	for _, is := range []struct {
		so    bool
		state State
	}{
		{r.Reason != "" || t.Error > 0, Error},
		{t.Fail > 0, Fail},
		{t.Untestable > 0, Untestable},
		{t.Warn > 0, Warn},
		{t.Disabled > 0, Partial},
	} {
		if is.so {
			return is.state
		}
	}
	return Pass
}

// The exit codes of a run.
const (
	ExitExpected   = 0 // all is as expected
	ExitUnexpected = 1 // a failure, something untestable, or a known failure that is none any more
	ExitError      = 3 // the target cannot be reached, or the suite is at fault
)

// ExitCode is the code of a command that ends with this report.
func (r *Report) ExitCode() int {
	if r.State == Error {
		return ExitError
	}
	for _, result := range r.Results {
		if result.Unexpected() {
			return ExitUnexpected
		}
	}
	return ExitExpected
}

// Summary is the last line of a run: "312 passed, 0 failed, 21 skipped", with
// what else there is before it.
func (r *Report) Summary() string {
	t, before := r.Totals, ""
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{t.Error, "error", "errors"}, {t.Untestable, "untestable", "untestable"}, {t.Warn, "warning", "warnings"}, {t.Disabled, "left out", "left out"},
		{t.Known, "known", "known"}, {t.Stale, "known no more", "known no more"},
	} {
		if part.n > 0 {
			before += count(part.n, part.one, part.many) + ", "
		}
	}
	if before != "" {
		before = before[:len(before)-2] + "; "
	}
	return before + fmt.Sprintf("%d passed, %d failed, %d skipped", t.Pass, t.Fail, t.Skip)
}
