package lint

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mockoauth/mockoauth/provider/record"
)

// A Finding is that a client breaks a rule, however often it does.
type Finding struct {
	Rule     string   `json:"rule"`             // "RL-42"
	Severity Severity `json:"severity"`         // the worst that was seen
	Title    string   `json:"title"`            // what is wrong, as a statement about the client
	Clauses  []string `json:"clauses"`          // which it breaks
	Client   string   `json:"client,omitempty"` // empty when the requests name none
	Sent     string   `json:"sent"`             // what was sent the first time, secrets masked
	Instead  string   `json:"instead"`          // what to do instead
	Count    int      `json:"count"`            // in how many requests
	First    Evidence `json:"first"`            // the request in which it was first seen
	Last     Evidence `json:"last"`             // the newest one
}

// Evidence is the request in which something was found.
type Evidence struct {
	ID       uint64    `json:"id,omitempty"` // of the exchange in the record
	At       time.Time `json:"at"`           // by the provider's clock
	Endpoint string    `json:"endpoint"`     // "token"
}

// Findings are in the order in which they were first seen.
type Findings []Finding

// A Filter tells which findings are meant: those to which all that is set applies.
type Filter struct {
	Client   string
	Rule     string // an ID
	Severity Severity
}

// Select are those that match.
func (fs Findings) Select(f Filter) Findings {
	found := Findings{}
	for _, x := range fs {
		if (f.Client == "" || f.Client == x.Client) && (f.Rule == "" || f.Rule == x.Rule) && (f.Severity == "" || f.Severity == x.Severity) {
			found = append(found, x)
		}
	}
	return found
}

// Of are those about a client.
func (fs Findings) Of(client string) Findings { return fs.Select(Filter{Client: client}) }

// AtLeast are those of a severity or a worse one.
func (fs Findings) AtLeast(s Severity) Findings {
	found := Findings{}
	for _, x := range fs {
		if !s.worse(x.Severity) {
			found = append(found, x)
		}
	}
	return found
}

// findingsAtMost bounds how many are kept: requests may name any client.
const findingsAtMost = 1000

// findings are those of a linter.
type findings struct {
	list  []*Finding
	byKey map[findingKey]*Finding
}

type findingKey struct{ rule, client string }

// add counts what a rule saw. The answer is the finding when it is the first of its kind.
func (fs *findings) add(r *Rule, s sight, l *look) *Finding {
	severity := r.Severity
	if s.as != "" {
		severity = s.as
	}
	now := Evidence{l.x.ID, writable(l.x.At), l.x.Endpoint}
	if f := fs.byKey[findingKey{r.ID, l.id}]; f != nil {
		f.Count++
		f.Last = now
		if severity.worse(f.Severity) {
			f.Severity = severity
		}
		return nil
	}
	if fs.byKey == nil {
		fs.byKey = map[findingKey]*Finding{}
	}
	if len(fs.list) == findingsAtMost {
		delete(fs.byKey, findingKey{fs.list[0].Rule, fs.list[0].Client})
		fs.list = slices.Delete(fs.list, 0, 1)
	}
	f := &Finding{
		Rule: r.ID, Severity: severity, Title: r.Title, Clauses: r.Clauses, Client: strings.Clone(l.id),
		Sent: l.masked(s.sent), Instead: r.Advice, Count: 1, First: now, Last: now,
	}
	if s.instead != "" {
		f.Instead = l.masked(s.instead)
	}
	fs.list, fs.byKey[findingKey{f.Rule, f.Client}] = append(fs.list, f), f
	return f
}

// writable is a time that JSON can have; a clock may be moved beyond (RFC 3339 §1).
func writable(at time.Time) time.Time {
	switch at = at.UTC(); {
	case at.Year() > 9999:
		return time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	case at.Year() < 0:
		return time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return at
}

const sentAtMost = 200 // bytes

// masked is what was sent, to be shown around.
func (l *look) masked(sent string) string {
	shown := record.Exchange{Reason: sent, Client: l.id, User: l.body.get("username")}
	sent = shown.Masked(l.known.told...).Reason
	if len(sent) <= sentAtMost {
		return sent
	}
	end := sentAtMost
	for !utf8.RuneStart(sent[end]) {
		end--
	}
	return sent[:end] + "..."
}
