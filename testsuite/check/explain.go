package check

import (
	"bytes"
	"embed"
	"strings"
)

//go:embed explain
var explanations embed.FS

// An Explanation tells a provider's author in words what a check asks. It is in
// our own words; the clauses are in [Check.Clauses].
type Explanation struct {
	Requirement string // what must hold, and whom it hurts when it does not
	Sent        string // the requests that the check makes
	Expected    string // the answers that it takes, and what the same request without the mistake gets
}

// Explain is the check in words, as explain/a.md and its neighbours have them,
// one for each section. A check that is not in [Sections] has none: its
// Explanation is zero.
func (c Check) Explain() Explanation {
	_, entry, _ := strings.Cut("\n"+explanationsBeside(c.ID), "\n## "+c.ID+"\n")
	entry, _, _ = strings.Cut(entry, "\n## ")
	requirement, rest, _ := strings.Cut(entry, "\nSent: ")
	sent, expected, _ := strings.Cut(rest, "\nExpected: ")
	return Explanation{requirement, sent, strings.TrimSpace(expected)}
}

// explanationsBeside is the file with the explanations of a check's section:
// the one whose first id has the same prefix, as all of a section have. Looking
// it up in [Sections] instead would make every check anew for each of them.
func explanationsBeside(id string) string {
	prefix, _, _ := strings.Cut(id, "-")
	files, _ := explanations.ReadDir("explain") // it was embedded
	for _, file := range files {
		text, _ := explanations.ReadFile("explain/" + file.Name())
		if bytes.HasPrefix(text, []byte("## "+prefix+"-")) {
			return string(text)
		}
	}
	return ""
}
