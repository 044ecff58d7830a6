package provider

import (
	"fmt"
	"strings"
)

// A Problem is something wrong with an option of [New].
type Problem struct {
	Option  string // "issuer", "signing_alg": the option's name, as in MOCKOAUTH_SIGNING_ALG
	Message string // what is wrong and what to write instead
}

// Error is the problem in a line.
func (p Problem) Error() string { return p.Option + ": " + p.Message }

// Problems is all that is wrong with the options of [New].
type Problems []Problem

// Error is the problems, a line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// add notes a problem.
func (ps *Problems) add(option, format string, args ...any) {
	*ps = append(*ps, Problem{option, fmt.Sprintf(format, args...)})
}
