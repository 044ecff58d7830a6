package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// Known is a failure that is expected, and why. One that does not come fails the
// run: the list would go on excusing what somebody breaks again.
type Known struct {
	ID     string `yaml:"id"`
	Reason string `yaml:"reason"`
	Until  string `yaml:"until"` // the last day on which it is expected, 2006-01-02; empty for good
	Flaky  bool   `yaml:"flaky"` // it fails at times only, as a race does: to pass is no surprise
}

// ParseKnown reads a YAML or JSON list of known failures: id, reason and perhaps
// until and flaky; an empty text is an empty list. Everything that is wrong is told at once.
func ParseKnown(text []byte) ([]Known, error) {
	var list []Known
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	if err := yaml.Load(text, &list, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("known failures are a list of {id, reason, until, flaky}: %w", err)
	}
	return list, nil
}

// wrongKnown is what is wrong with a list.
func wrongKnown(list []Known, all []Case) []error {
	var wrong []error
	seen := map[string]bool{}
	for _, k := range list {
		switch {
		case !slices.ContainsFunc(all, func(c Case) bool { return c.ID == k.ID }):
			wrong = append(wrong, fmt.Errorf("known failure %q: there is no such check", k.ID))
		case seen[k.ID]:
			wrong = append(wrong, fmt.Errorf("known failure %s is listed twice", k.ID))
		case strings.TrimSpace(k.Reason) == "":
			wrong = append(wrong, fmt.Errorf("known failure %s: say in reason why it is expected", k.ID))
		}
		seen[k.ID] = true
		if _, err := k.over(time.Now()); err != nil {
			wrong = append(wrong, err)
		}
	}
	return wrong
}

// over tells whether the day until which it is expected has passed.
func (k Known) over(now time.Time) (bool, error) {
	if k.Until == "" {
		return false, nil
	}
	last, err := time.Parse(time.DateOnly, k.Until)
	if err != nil {
		return false, fmt.Errorf("known failure %s: until is a day like 2026-12-31, not %q", k.ID, k.Until)
	}
	return !now.Before(last.AddDate(0, 0, 1)), nil
}

// known is what the list says of a check, in the light of how it ended.
func (p Plan) known(id string, state report.State) *report.Known {
	i := slices.IndexFunc(p.Known, func(k Known) bool { return k.ID == id })
	if i < 0 {
		return nil
	}
	k := p.Known[i]
	over, _ := k.over(time.Now())
	failed := state == report.Fail || state == report.Untestable || state == report.Warn
	return &report.Known{Reason: k.Reason, Until: k.Until, Stale: state == report.Pass && !k.Flaky || over && failed}
}
