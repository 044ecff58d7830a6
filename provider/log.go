package provider

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/mockoauth/mockoauth/provider/record"
)

// write logs a request in one line: what was decided, and why.
func (p *Provider) write(r *http.Request, x *record.Exchange) {
	p.tellFull()
	level := slog.LevelInfo
	switch {
	case x.Status >= 500 || x.Dropped:
		level = slog.LevelError
	case x.Status >= 400 || x.Error != "":
		level = slog.LevelWarn
	}
	if !p.shared.log.Enabled(r.Context(), level) {
		return
	}
	hide := p.roster.current.Load().scrub()
	path := hide.scrub(x.Path)
	attrs := make([]slog.Attr, 0, 15)
	attrs = append(attrs, slog.Int("status", x.Status), slog.String("method", x.Method), slog.String("path", path))
	for _, a := range []struct{ name, value string }{
		{"tenant", p.name}, {"endpoint", x.Endpoint}, {"client", x.Client}, {"grant", x.Grant}, {"user", x.User}, {"scope", x.Scope},
		{"error", x.Error}, {"reason", x.Reason}, {"faults", strings.Join(x.Faults, ",")},
	} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.name, hide.scrub(a.value)))
		}
	}
	attrs = append(attrs, slog.Int64("took_us", x.Took.Microseconds()))
	p.shared.log.LogAttrs(r.Context(), level, outcome(x), attrs...)
}

// outcome is what became of a request, in words.
func outcome(x *record.Exchange) string {
	switch {
	case x.Dropped:
		return "connection dropped"
	case x.Error != "":
		return "refused"
	case x.Detail != "":
		return x.Detail
	case x.Grant != "":
		return "token granted"
	}
	return "served"
}

// tellFull says once that tokens had to make room for newer ones, which
// otherwise looks like a fault of the client.
func (p *Provider) tellFull() {
	if p.store.Evicted() > 0 && p.toldItFull.CompareAndSwap(false, true) {
		p.shared.log.Warn("the store is full: the oldest tokens make room for new ones and are no longer active; allow for more with MOCKOAUTH_MAX_TOKENS or WithMaxTokens")
	}
}
