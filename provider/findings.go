package provider

import (
	"context"
	"log/slog"
	"strings"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// Findings are what is wrong with the clients, by what they have sent so far, clause by
// clause: idp.Findings().Of("web"). There are none without the record.
func (p *Provider) Findings() lint.Findings {
	if p.lint == nil {
		return lint.Findings{}
	}
	return p.lint.Findings()
}

// ClearFindings forgets the findings so far. What the clients have sent is still
// remembered: a code that is sent again is one that was sent before.
func (p *Provider) ClearFindings() {
	if p.lint != nil {
		p.lint.Clear()
	}
}

// judge reads an exchange for what is wrong with the client, and logs what is new.
func (p *Provider) judge(x *record.Exchange) {
	now := p.roster.current.Load()
	for _, f := range p.lint.Read(x, now.known()) {
		level := slog.LevelInfo
		if f.Severity == lint.Error {
			level = slog.LevelWarn
		}
		if !p.shared.log.Enabled(context.Background(), level) {
			continue
		}
		hide := now.scrub()
		attrs := make([]slog.Attr, 0, 8)
		attrs = append(attrs, slog.String("rule", f.Rule), slog.String("severity", string(f.Severity)))
		if p.name != "" {
			attrs = append(attrs, slog.String("tenant", p.name))
		}
		if f.Client != "" {
			attrs = append(attrs, slog.String("client", hide.scrub(f.Client)))
		}
		attrs = append(attrs,
			slog.String("finding", f.Title), slog.String("clauses", strings.Join(f.Clauses, ", ")),
			slog.String("sent", hide.scrub(f.Sent)), slog.String("instead", hide.scrub(f.Instead)))
		p.shared.log.LogAttrs(context.Background(), level, "the client is wrong", attrs...)
	}
}
