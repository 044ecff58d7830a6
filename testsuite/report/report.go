// Package report is what a conformance run leaves behind: a [Report], which is
// results.json, and what is made of it for others to read: JUnit, a page of
// HTML, and Markdown. It knows nothing of checks or scenarios; whoever runs them
// adds a [Result] for each, after [Result.Mask], then calls [Report.Conclude] and
// [Report.WriteFiles].
package report

import (
	"net/http"
	"time"
)

// Version is the version of the format, the "version" of every results.json. It
// grows when a member changes its meaning or goes; new members may come without.
const Version = 1

// A State is how a check ended, or a whole run.
type State string

// The states of a check. A run is as bad as the worst: error, then fail, then
// untestable, then warn, then partial, then pass.
const (
	Pass       State = "pass"
	Fail       State = "fail"       // a MUST is broken
	Warn       State = "warn"       // a SHOULD or MAY is broken
	Skip       State = "skip"       // it does not apply; Reason says why
	Untestable State = "untestable" // it applies, and what it needs is missing
	Disabled   State = "disabled"   // the user left it out
	Error      State = "error"      // the target could not be reached, or the suite is at fault

	Partial State = "partial" // of a run only: it passed, as far as the user let it go
)

// A Report is a whole run.
type Report struct {
	Version  int       `json:"version"` // [Version]
	Tool     Tool      `json:"tool"`
	Subject  Subject   `json:"subject"`
	Profiles []string  `json:"profiles"` // that the user asked for
	Features []string  `json:"features"` // that the subject claims, of those that a check needs
	Exempt   []string  `json:"exempt"`   // that the user took out
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`

	State   State    `json:"state"`
	Reason  string   `json:"reason,omitempty"` // why the whole run is an error
	Totals  Totals   `json:"totals"`
	Results []Result `json:"results"` // in the catalogue's order
}

// Tool is what made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Subject is what was judged.
type Subject struct {
	Kind   string `json:"kind"` // "provider"
	Issuer string `json:"issuer"`
}

// Totals count results. Each result is in one of the first seven; those among
// them that were listed as known failures are counted again.
type Totals struct {
	Pass       int `json:"pass"`
	Fail       int `json:"fail"`
	Warn       int `json:"warn"`
	Skip       int `json:"skip"`
	Untestable int `json:"untestable"`
	Disabled   int `json:"disabled"`
	Error      int `json:"error"`

	Known int `json:"known"` // failed, was untestable or warned, and was listed
	Stale int `json:"stale"` // was listed, and passed, or failed after its last day
}

// A Result is what came of one check.
type Result struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Section string   `json:"section"` // "A Token endpoint, common rules"
	Level   string   `json:"level"`   // MUST, SHOULD or MAY
	Clauses []string `json:"clauses"` // "RFC 6749 §5.2"

	Requirement string `json:"requirement"` // the clause in other words
	Sent        string `json:"sent"`        // what the check sends
	Expected    string `json:"expected"`    // and what it expects

	State   State   `json:"state"`
	Reason  string  `json:"reason,omitempty"` // what was seen; why it was skipped
	Known   *Known  `json:"known,omitempty"`
	Seconds float64 `json:"seconds"`

	Exchanges []Exchange `json:"exchanges,omitempty"`
	Omitted   int        `json:"omitted,omitempty"` // exchanges left out of the middle
}

// Name is the result's stable name: id and title.
func (r Result) Name() string { return r.ID + " " + r.Title }

// Known is a failure that the user expects.
type Known struct {
	Reason string `json:"reason"`
	Until  string `json:"until,omitempty"` // the last day on which it is expected, 2006-01-02
	Stale  bool   `json:"stale,omitempty"` // it passed, or the day is over: the entry has to go
}

// Unexpected tells a result that fails a run: an error, a failure or something
// untestable that is not listed, or what is listed and is none any more. A
// warning is none.
func (r Result) Unexpected() bool {
	if r.Known != nil {
		return r.Known.Stale || r.State == Error
	}
	return r.State == Fail || r.State == Untestable || r.State == Error
}

// An Exchange is one request and its answer. [Result.Mask] replaces secrets in it.
type Exchange struct {
	At      time.Time `json:"at"`
	Seconds float64   `json:"seconds"`
	Method  string    `json:"method"`
	URL     string    `json:"url"`
	Header  Header    `json:"header"`
	Body    string    `json:"body,omitempty"`

	Status       int    `json:"status"` // 0 when nothing was answered
	AnswerHeader Header `json:"answer_header"`
	Answer       string `json:"answer,omitempty"`
	Error        string `json:"error,omitempty"` // why there was no answer, or not all of it
	Cut          bool   `json:"cut,omitempty"`   // a body was longer
}

// Header are an exchange's headers.
type Header = http.Header
