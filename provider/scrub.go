package provider

import (
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// What stands in the log for what has no place there.
const (
	hidden        = "********"
	secretAtLeast = 4  // bytes: a shorter one would be found in every other word
	wordAtMost    = 40 // bytes: opaque tokens have 43, and so have JWTs in each part
	wordKept      = 6
)

// scrubber hides what is secret in a line of the log. Requests put it there: a
// password in the place of the username, a token in the path.
type scrubber struct {
	secrets []string
	known   *strings.Replacer
}

// newScrubber knows the set's secrets and passwords, but for those that are a
// name of something as well, as the demo users' are.
func newScrubber(set fixtures.Set) scrubber {
	names := map[string]bool{}
	for _, u := range set.Users {
		names[u.Username] = true
	}
	for _, c := range set.Clients {
		names[c.ID] = true
	}
	var secrets, pairs []string
	hide := func(secret string) {
		if len(secret) >= secretAtLeast && !names[secret] {
			secrets, pairs = append(secrets, secret), append(pairs, secret, hidden)
		}
	}
	for _, u := range set.Users {
		hide(u.Password)
	}
	for _, c := range set.Clients {
		hide(c.Secret)
		for _, p := range c.PreviousSecrets {
			hide(p.Secret)
		}
	}
	return scrubber{secrets, strings.NewReplacer(pairs...)}
}

// scrub hides the known secrets, and of every long word all but its beginning.
func (s scrubber) scrub(text string) string {
	text = s.known.Replace(text)
	if len(text) <= wordAtMost {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		n := strings.IndexFunc(text, func(r rune) bool { return !isTokenRune(r) })
		if n < 0 {
			n = len(text)
		}
		if n > wordAtMost {
			out.WriteString(text[:wordKept] + "...")
		} else {
			out.WriteString(text[:n])
		}
		text = text[n:]
		m := strings.IndexFunc(text, isTokenRune)
		if m < 0 {
			m = len(text)
		}
		out.WriteString(text[:m])
		text = text[m:]
	}
	return out.String()
}

// isTokenRune tells what tokens are made of: base64url and the dots of a JWT.
func isTokenRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
}
