package lint

import (
	"strconv"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
)

// How often is too often.
const (
	stormAtMost    = 3
	stormWindow    = time.Second
	fallbackWindow = 5 * time.Second
	keyFetchAtMost = 5
	keyFetchWindow = 10 * time.Second
)

// reactions are the rules about what a client does after an answer.
func reactions() []Rule {
	return []Rule{
		{
			ID: "RL-130", Title: "It comes again before Retry-After has passed", Severity: Warn,
			Clauses: []string{"RFC 9110 §10.2.3", "RFC 6585 §4"}, Advice: "Wait for as many seconds as Retry-After says",
			at: atForms | atResources, see: func(l *look) sight {
				if l.id == "" || l.of.untilAt != l.at || l.now >= l.of.until || l.now == l.of.said { // of a frozen clock
					return nothing()
				}
				return saw("a request before " + l.stamp(l.of.until))
			},
		},
		{
			ID: "RL-131", Title: "It repeats a request that fails, again and again", Severity: Error,
			Clauses: []string{"RFC 6749 §5.2", "RFC 9110 §9.2.2"}, Advice: "Give up on a refusal; after a failure of the server wait longer each time, and give up after a few",
			at: atForms | atResources, see: func(l *look) sight {
				f := l.failure()
				if f == nil || f.count < stormAtMost || !f.goes(l.now, stormWindow) {
					return nothing()
				}
				return saw("more than 3 times the same within 1 s, refused with " + errorOf(l))
			},
		},
		{
			ID: "RL-132", Title: "It repeats a request unchanged that cannot succeed", Severity: Warn,
			Clauses: []string{"RFC 6749 §5.2"}, Advice: "Report the error to whoever configures the client, and do not repeat the request",
			at: atToken, see: func(l *look) sight {
				f := l.failure()
				return sawIf(f != nil && isPermanent(f.code) && f.code == l.x.Error, "the same again after ", l.x.Error)
			},
		},
		{
			ID: "RL-133", Title: "It falls back to another grant by itself", Severity: Error,
			Clauses: []string{"RFC 6749 §5.2"}, Advice: "Report the error: whoever chose the grant wants to know, and a password is not to be kept for this",
			at: atToken, see: fallsBack,
		},
		{
			ID: "RL-137", Title: "It fetches the keys again and again", Severity: Warn,
			Clauses: []string{"RFC 8725 §3.10"}, Advice: "Fetch the keys once for an unknown kid, then refuse the token, and wait before the next time",
			at: atKeys, see: func(l *look) sight {
				b := &l.caller.keyFetch
				return sawIf(b.count >= keyFetchAtMost && b.goes(l.now, keyFetchWindow), "more than 5 times within 10 s")
			},
		},
	}
}

// failure is the same request before, if both failed.
func (l *look) failure() *failure {
	if !l.x.Failed() {
		return nil
	}
	return l.memory.failures.find(l.whole)
}

// errorOf is how the request was refused.
func errorOf(l *look) string {
	switch {
	case l.x.Error != "":
		return l.x.Error
	case l.x.Dropped:
		return "no answer"
	}
	return "status " + strconv.Itoa(l.x.Status)
}

// isPermanent tells errors that the same request meets again.
func isPermanent(code string) bool {
	switch code {
	case "invalid_client", "invalid_scope", "unauthorized_client", "unsupported_grant_type":
		return true
	}
	return false
}

func fallsBack(l *look) sight {
	before, grant := &l.of.failed, l.grant()
	if before.code == "" || before.lost || before.grant == grant || !within(l.now, before.at, fallbackWindow) || before.code == "invalid_client" {
		return nothing()
	}
	toPassword := grant == fixtures.GrantPassword && (before.grant == fixtures.GrantClientCredentials || before.grant == fixtures.GrantRefreshToken)
	return sawIf(toPassword, "grant_type=", grant, " after ", before.code, " for grant_type=", before.grant)
}
