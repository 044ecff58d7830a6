package lint

import (
	"slices"
	"sync"
	"time"

	"github.com/mockoauth/mockoauth/provider/record"
)

// A Config is what a linter is told of its provider.
type Config struct {
	Issuer       string        // a name that no other has: of the tenant
	CodeLifespan time.Duration // 0 when codes live for ever
	Grants       []string      // the grant types that are served
	OAuth21      bool          // the profile is that of OAuth 2.1
	Neighbours   *Neighbours   // nil when it has none
}

// A Linter reads the exchanges of one issuer. It may be used from several goroutines at
// once. What it remembers is bounded; an idle one holds nothing but itself.
type Linter struct {
	config Config

	mu       sync.Mutex
	look     look
	findings findings
}

// NewLinter has read nothing yet.
func NewLinter(config Config) *Linter { return &Linter{config: config} }

// Read reads an exchange that was added to the log, with who was known at the time, and
// answers the findings that are new: the first of their rule and client.
func (l *Linter) Read(x *record.Exchange, known *Known) []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := &l.look
	if !k.read(x) {
		return nil
	}
	if k.memory == nil {
		k.memory, k.config = newMemory(), &l.config
	}
	k.known = known
	k.recall()
	var first []Finding
	for _, r := range rulesAt()[k.at] {
		if s := r.see(k); s.sent != "" {
			if f := l.findings.add(r, s, k); f != nil {
				first = append(first, *f)
			}
		}
	}
	k.learn()
	return first
}

// Findings are what has been found so far, in the order in which it was first, and last
// the tokens that nobody has used until now.
func (l *Linter) Findings() Findings {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make(Findings, 0, len(l.findings.list))
	for _, f := range l.findings.list {
		all = append(all, *f)
	}
	return append(all, l.unused()...)
}

// Clear forgets the findings; what was read is remembered.
func (l *Linter) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.findings = findings{}
	if l.look.memory != nil {
		l.look.memory.forgetUnused()
	}
}

// Reset forgets everything.
func (l *Linter) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.findings, l.look = findings{}, look{}
}

// forgetUnused has the tokens so far be used.
func (m *memory) forgetUnused() {
	for i := range m.tokens.slots {
		m.tokens.slots[i].value.used = true
	}
}

// unused makes the findings about tokens that nobody used, which only the end can tell.
func (l *Linter) unused() (all Findings) {
	m := l.look.memory
	if m == nil {
		return nil
	}
	rule := neverUsed()
	for i := range m.tokens.slots {
		t := &m.tokens.slots[i].value
		if t.kind != accessToken || t.used {
			continue
		}
		at := time.Unix(0, t.issued).UTC()
		j := slices.IndexFunc(all, func(f Finding) bool { return f.Client == t.client })
		if j < 0 {
			j = len(all)
			all = append(all, Finding{
				Rule: rule.ID, Severity: rule.Severity, Title: rule.Title, Clauses: rule.Clauses, Client: t.client,
				Sent: "no request with the token", Instead: rule.Advice, First: Evidence{At: at, Endpoint: "token"},
			})
		}
		all[j].Count++
		all[j].Last = Evidence{At: at, Endpoint: "token"}
	}
	return all
}
