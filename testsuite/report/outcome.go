package report

// An outcome is how a result is told to people: its state, in the light of the
// list of known failures. Each result has one.
type outcome string

// The outcomes, in the order in which they are told.
const (
	failed      outcome = "fail"
	stale       outcome = "stale" // listed as known, and no such failure, or for too long
	untestable  outcome = "untestable"
	broken      outcome = "error"
	untried     outcome = "untried" // the run ended before
	warned      outcome = "warn"
	knownToFail outcome = "known"
	passed      outcome = "pass"
	skipped     outcome = "skip"
	leftOut     outcome = "disabled"
)

func outcomes() []outcome {
	return []outcome{failed, stale, untestable, broken, untried, warned, knownToFail, passed, skipped, leftOut}
}

// outcome tells what came of a check. A listed one that was not tried is as any
// that was not tried.
func (r Result) outcome() outcome {
	switch {
	case r.State == Error || r.State == Skip || r.State == Disabled:
	case r.Known != nil && r.Known.Stale:
		return stale
	case r.Known != nil && r.State != Pass:
		return knownToFail
	}
	return outcome(r.State)
}

// outcome is the result's, unless it only repeats why the run ended early.
func (r *Report) outcome(result Result) outcome {
	if r.Reason != "" && result.State == Error && result.Reason == r.Reason {
		return untried
	}
	return result.outcome()
}

// folded tells of which a line each is enough.
func (o outcome) folded() bool { return o == passed || o == skipped || o == leftOut || o == untried }

// title is the heading over such results.
func (o outcome) title() string {
	switch o {
	case failed:
		return "Failed"
	case stale:
		return "Known no more"
	case broken:
		return "Errors"
	case untried:
		return "Not tried"
	case untestable:
		return "Untestable"
	case warned:
		return "Warnings"
	case knownToFail:
		return "Known failures"
	case passed:
		return "Passed"
	case skipped:
		return "Skipped"
	case leftOut:
		return "Left out"
	}
	return string(o)
}

// means says in a sentence what they are.
func (o outcome) means() string {
	switch o {
	case failed:
		return "The server breaks a MUST."
	case stale:
		return "They are on the list of known failures, and should be there no longer."
	case broken:
		return "The server could not be reached, or the suite is at fault."
	case untried:
		return "The run ended before it came to them."
	case untestable:
		return "They apply, and the target lacks what they need."
	case warned:
		return "The server departs from a SHOULD or a MAY."
	case knownToFail:
		return "They are on the list of known failures, and fail as expected."
	case passed:
		return "The server does as the specifications say."
	case skipped:
		return "They do not apply, or would do harm."
	case leftOut:
		return "The user left them out."
	}
	return ""
}

// seen is what there is to say of a result in words.
func (r Result) seen() string {
	if r.outcome() != stale {
		return r.Reason
	}
	if r.State == Pass {
		return "it passes: remove it from the list of known failures"
	}
	return "it was expected to fail until " + r.Known.Until + " only: mend it, or remove it from the list of known failures. Seen: " + r.Reason
}

// A tally counts results by their outcome.
type tally map[outcome]int

func (r *Report) tally() tally {
	t := tally{}
	for _, result := range r.Results {
		t[r.outcome(result)]++
	}
	return t
}

// verdict is what the whole run amounts to, in words.
func (r *Report) verdict() string {
	t := r.tally()
	var surprises []string
	for _, of := range []struct {
		outcome   outcome
		one, many string
	}{
		{broken, "check ended in an error", "checks ended in an error"},
		{failed, "check failed", "checks failed"},
		{stale, "known failure is none any more", "known failures are none any more"},
		{untestable, "check could not be tried", "checks could not be tried"},
	} {
		if n := t[of.outcome]; n > 0 {
			surprises = append(surprises, count(n, of.one, of.many))
		}
	}
	switch {
	case r.Reason != "":
		return "There is no verdict: the run ended early"
	case len(surprises) > 0:
		return listed(surprises)
	}
	return r.green(t)
}

// green is the verdict on a run without surprises.
func (r *Report) green(t tally) string {
	words := "Passed"
	if n := t[knownToFail]; n > 0 {
		words = "As expected: only " + count(n, "known failure", "known failures")
	}
	if n := t[warned]; n > 0 {
		words += ", with " + count(n, "warning", "warnings")
	}
	if n := t[leftOut]; n > 0 {
		words += "; " + count(n, "check was left out", "checks were left out")
	}
	return words
}

// tone is the outcome whose colour the verdict has.
func (r *Report) tone() outcome {
	if r.Reason != "" {
		return broken
	}
	t := r.tally()
	for _, o := range []outcome{broken, failed, stale, untestable, knownToFail, warned} {
		if t[o] > 0 {
			return o
		}
	}
	return passed
}

// columns are the outcomes that a table counts: those that there are, and those
// that people look for.
func (r *Report) columns() (all []outcome) {
	t := r.tally()
	for _, o := range []outcome{passed, failed, stale, untestable, broken, untried, warned, knownToFail, skipped, leftOut} {
		if t[o] > 0 || o == passed || o == failed || o == skipped {
			all = append(all, o)
		}
	}
	return all
}
