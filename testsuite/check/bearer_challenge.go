package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// A Challenge is one challenge of a WWW-Authenticate header (RFC 9110 §11.6.1).
type Challenge struct {
	Scheme string
	Params map[string]string // by name in lower case; of a name that comes twice, the first
	Odd    []string          // what is wrong with its form: a value without the quotes that it needs, a name that comes twice
}

// ParseChallenges takes WWW-Authenticate headers apart. One header may hold
// several challenges, and a comma separates challenges as well as parameters.
func ParseChallenges(headers []string) ([]Challenge, error) {
	var all []Challenge
	for _, header := range headers {
		p := challengeParser{rest: header}
		for p.skip(" \t,"); p.rest != ""; p.skip(" \t,") {
			if err := p.element(); err != nil {
				return nil, fmt.Errorf("%w in %q", err, header)
			}
		}
		all = append(all, p.found...)
	}
	return all, nil
}

// challengeParser reads one header from left to right.
type challengeParser struct {
	rest  string
	found []Challenge
}

func (p *challengeParser) skip(set string) { p.rest = strings.TrimLeft(p.rest, set) }

// word takes a token (RFC 9110 §5.6.2), with the characters of token68.
func (p *challengeParser) word() string {
	end := strings.IndexAny(p.rest, " \t,=\"")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

// element takes a scheme, or a parameter of the scheme before it.
func (p *challengeParser) element() error {
	name := p.word()
	if name == "" {
		return fmt.Errorf("no name before %q", p.rest)
	}
	if !strings.HasPrefix(strings.TrimLeft(p.rest, " \t"), "=") {
		p.found = append(p.found, Challenge{Scheme: name, Params: map[string]string{}})
		return nil
	}
	if len(p.found) == 0 {
		return fmt.Errorf("the parameter %s belongs to no scheme", name)
	}
	p.skip(" \t")
	p.rest = p.rest[1:]
	p.skip(" \t")
	return p.value(&p.found[len(p.found)-1], strings.ToLower(name))
}

func (p *challengeParser) value(c *Challenge, name string) error {
	value := ""
	if strings.HasPrefix(p.rest, `"`) {
		var closed bool
		if value, closed = p.quoted(); !closed {
			return fmt.Errorf("the quotes of %s do not close", name)
		}
	} else {
		value = p.word()
		if name == "realm" || value == "" || !only(value, inHTTPToken) { // RFC 9110 §11.5 wants realm in quotes
			c.Odd = append(c.Odd, fmt.Sprintf("the value of %s is not quoted", name))
		}
	}
	if _, twice := c.Params[name]; twice {
		c.Odd = append(c.Odd, fmt.Sprintf("%s comes twice", name))
		return nil
	}
	c.Params[name] = value
	return nil
}

// inHTTPToken tells tchar (RFC 9110 §5.6.2), of which a value without quotes is made (§11.2).
func inHTTPToken(r rune) bool {
	return r > ' ' && r <= '~' && !strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
}

// quoted takes a quoted-string (RFC 9110 §5.6.4).
func (p *challengeParser) quoted() (value string, closed bool) {
	var out strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; c {
		case '"':
			p.rest = p.rest[i+1:]
			return out.String(), true
		case '\\':
			if i++; i < len(p.rest) {
				out.WriteByte(p.rest[i])
			}
		default:
			out.WriteByte(c)
		}
	}
	return "", false
}

// challengeFor is the answer's challenge for a scheme.
func challengeFor(a Answer, scheme string) (Challenge, bool) {
	challenges, err := ParseChallenges(a.Challenges())
	if err != nil {
		return Challenge{}, false
	}
	i := slices.IndexFunc(challenges, func(c Challenge) bool { return strings.EqualFold(c.Scheme, scheme) })
	if i < 0 {
		return Challenge{}, false
	}
	return challenges[i], true
}

// HaveChallenge matches an answer that asks for a scheme in WWW-Authenticate.
func HaveChallenge(scheme string) types.GomegaMatcher {
	return onAnswer("a challenge for "+scheme, func(a Answer) string {
		if _, ok := challengeFor(a, scheme); !ok {
			return fmt.Sprintf("WWW-Authenticate is %q", a.Challenges())
		}
		return ""
	})
}

// BeRefusedBearer matches RFC 6750 §3's refusal of a request at a resource: this
// status and a Bearer challenge with this error code.
func BeRefusedBearer(status int, code string) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a refusal with %d and a Bearer challenge that says %q", status, code), func(a Answer) string {
		challenge, ok := challengeFor(a, "Bearer")
		switch {
		case a.Status != status:
			return fmt.Sprintf("the status is %d", a.Status)
		case !ok:
			return fmt.Sprintf("no Bearer challenge in %q", a.Challenges())
		case challenge.Params["error"] != code:
			return fmt.Sprintf("its error is %q", challenge.Params["error"])
		}
		return ""
	})
}
