package fault

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Problem is something wrong with an [Order].
type Problem struct {
	Member  string // of the order: "status", "drip.every", "headers.Retry-After"
	Message string // what is wrong and what to write instead
}

// Error is the problem in a line.
func (p Problem) Error() string { return p.Member + ": " + p.Message }

// Problems is all that is wrong with an [Order].
type Problems []Problem

// Error is the problems, a line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// The bounds of an order.
const (
	timesAtMost   = 1_000_000
	waitAtMost    = 10 * time.Minute
	bodyAtMost    = 1 << 20  // bytes
	headersAtMost = 32 << 10 // bytes, of names and values
	labelAtMost   = 100      // bytes
	entriesAtMost = 50       // in a list: nobody reads more problems
)

// checking collects what is wrong with an order.
type checking struct {
	suggest  func(word string, known []string) string
	problems Problems
}

func (c *checking) add(member, format string, args ...any) {
	c.problems = append(c.problems, Problem{member, fmt.Sprintf(format, args...)})
}

func (c *checking) order(o Order) {
	c.name(o)
	for _, endpoint := range o.At[:min(len(o.At), entriesAtMost)] {
		if !slices.Contains(Endpoints(), endpoint) {
			c.unknown("at", "endpoint", endpoint, Endpoints())
		}
	}
	if len(o.At) > entriesAtMost {
		c.add("at", "lists %d endpoints: there are %d", len(o.At), len(Endpoints()))
	}
	if o.Times < 0 || o.Times > timesAtMost {
		c.add("times", "%d is no number of requests: write 1 to %d, or leave it out for all", o.Times, timesAtMost)
	}
	if o.Chance != nil && !(*o.Chance > 0 && *o.Chance <= 1) {
		c.add("chance", "%v is no chance: write a number above 0 and at most 1, or leave it out for each request", *o.Chance)
	}
	if o.Status != 0 && (o.Status < 200 || o.Status > 599) {
		c.add("status", "%d is no status of an answer: write 200 to 599", o.Status)
	}
	c.headers(o.Headers)
	c.body(o)
	if o.Delay != "" {
		c.duration("delay", o.Delay)
	}
	if o.Drip != nil {
		c.size("drip.bytes", o.Drip.Bytes)
		c.duration("drip.every", o.Drip.Every)
	}
	if o.Truncate != 0 {
		c.size("truncate", o.Truncate)
	}
	c.together(o)
}

// name checks which fault is asked for.
func (c *checking) name(o Order) {
	raw := o.rawMembers()
	_, named := Named(o.Name)
	switch {
	case len(raw) == 0 && o.Name == "":
		c.add("name", "nothing is asked for: name a fault of the catalogue, or say what is to go wrong by status, headers, body, delay, drop, truncate or drip")
	case len(raw) == 0 && !named:
		var names []string
		for _, f := range Catalog() {
			names = append(names, f.Name)
		}
		c.unknown("name", "fault", o.Name, names)
	case len(raw) > 0 && named:
		c.add("name", "%s is a fault of the catalogue and knows what it does: leave out %s, or the name", o.Name, strings.Join(raw, ", "))
	case len(o.Name) > labelAtMost || strings.ContainsFunc(o.Name, isControl):
		c.add("name", "a label has at most %d bytes, and no control characters", labelAtMost)
	}
}

// unknown says that there is no such word, and which there is.
func (c *checking) unknown(member, kind, word string, known []string) {
	near := ""
	if c.suggest != nil {
		near = c.suggest(word, known)
	}
	if i := slices.IndexFunc(known, func(k string) bool { return len(word) > 2 && strings.Contains(k, word) }); near == "" && i >= 0 {
		near = known[i]
	}
	switch {
	case near != "":
		c.add(member, "unknown %s %.60q, did you mean %q?", kind, word, near)
	case len(known) <= 20:
		c.add(member, "unknown %s %.60q: there are %s", kind, word, strings.Join(known, ", "))
	default:
		c.add(member, "unknown %s %.60q: the catalogue lists %d", kind, word, len(known))
	}
}

func (c *checking) headers(headers map[string]Words) {
	if len(headers) > entriesAtMost {
		c.add("headers", "are %d: write at most %d", len(headers), entriesAtMost)
		return
	}
	size, seen := 0, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		member, canonical := "headers."+name, http.CanonicalHeaderKey(name)
		switch {
		case !isToken(name):
			c.add("headers", "%.60q is no name of a header (RFC 9110 §5.1)", name)
			continue
		case canonical == "Content-Length" || canonical == "Transfer-Encoding":
			c.add(member, "how long the answer is follows from its body: write truncate to cut it short")
		case seen[canonical] != "":
			c.add(member, "is the same header as %s: write its values as a list", seen[canonical])
		case len(headers[name]) == 0:
			c.add(member, "has no value: write a string or a list of strings")
		}
		seen[canonical] = name
		for _, value := range headers[name] {
			size += len(name) + len(value)
			if strings.ContainsFunc(value, isControl) {
				c.add(member, "a value has no line break and no other control character (RFC 9110 §5.5)")
			}
		}
	}
	if size > headersAtMost {
		c.add("headers", "have %d bytes: write at most %d", size, headersAtMost)
	}
}

// isControl tells what no header may have in it, and no label: a line break above all.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// isToken tells what can be a header's name (RFC 9110 §5.6.2).
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		isAlphanumeric := r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !isAlphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func (c *checking) body(o Order) {
	body, _, ok := o.content()
	switch {
	case !ok:
		c.add("body", "is neither a string, an object nor a list")
	case len(body) > bodyAtMost:
		c.add("body", "has %d bytes: write at most %d", len(body), bodyAtMost)
	case len(body) > 0 && !hasContent(o.Status):
		c.add("body", "an answer with the status %d has none (RFC 9110 §6.4.1)", o.Status)
	}
}

func (c *checking) duration(member, written string) {
	d, err := time.ParseDuration(written)
	switch {
	case err != nil:
		c.add(member, `%.60q is no duration: write "1.5s", "200ms" or "1m30s"`, written)
	case d <= 0 || d > waitAtMost:
		c.add(member, "%s is not above 0 and at most 10m", written)
	}
}

func (c *checking) size(member string, n int) {
	if n < 1 || n > bodyAtMost {
		c.add(member, "%d is no number of bytes: write 1 to %d", n, bodyAtMost)
	}
}

// together checks what is well said, but not beside the rest.
func (c *checking) together(o Order) {
	if o.Drop {
		for _, member := range o.rawMembers() {
			if slices.Contains([]string{"headers", "body", "truncate", "drip"}, member) {
				c.add("drop", "nothing is sent: leave out %s, or drop", member)
			}
		}
		return
	}
	body, _, ok := o.content()
	if !ok || !o.answers() {
		return
	}
	if o.Truncate > 0 && o.Truncate >= len(body) {
		c.add("truncate", "the body has %d bytes: write fewer", len(body))
	}
	if o.Drip != nil && len(body) == 0 {
		c.add("drip", "there is no body to send slowly: write one, or leave out the status for the endpoint's own")
	}
}
