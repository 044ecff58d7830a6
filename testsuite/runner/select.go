package runner

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Sections are the sections of the plan's profiles, or all of them.
func (p Plan) Sections() []check.Section {
	all := check.Sections()
	if len(p.Profiles) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(s check.Section) bool {
		return !slices.ContainsFunc(p.profiles(), func(profile check.Profile) bool { return profile.Has(s) })
	})
}

// profiles are those that the plan names; an unknown name is none.
func (p Plan) profiles() []check.Profile {
	return slices.DeleteFunc(check.Profiles(), func(profile check.Profile) bool { return !slices.Contains(p.Profiles, profile.Name) })
}

// Prepare tells a target what the plan's profiles declare and demand. To do so
// twice changes nothing more.
func (p Plan) Prepare(target *check.Target) {
	for _, profile := range p.profiles() {
		target.Features = union(target.Features, profile.Declares)
		target.Demands = union(target.Demands, profile.Demands)
	}
}

func union(list, more []check.Feature) []check.Feature {
	for _, f := range more {
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

// Selects tells whether the plan has a check tried: whether it matches Only, and
// does not match Skip.
func (p Plan) Selects(c check.Check) bool {
	return (len(p.Only) == 0 || matches(p.Only, c)) && !matches(p.Skip, c)
}

func matches(patterns []string, c check.Check) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(strings.ToUpper(pattern), c.ID)
		return ok || strings.EqualFold(pattern, "slow") && c.Slow
	})
}

// Validate tells everything that is wrong with the plan: profiles that there are
// not, patterns that match no check, and known failures of checks that there are not.
func (p Plan) Validate() error {
	var wrong []error
	var names []string
	for _, profile := range check.Profiles() {
		names = append(names, profile.Name)
	}
	for _, name := range p.Profiles {
		if !slices.Contains(names, name) {
			wrong = append(wrong, fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(names, ", ")))
		}
	}
	all := Plan{}.Cases()
	for _, pattern := range slices.Concat(p.Only, p.Skip) {
		if !slices.ContainsFunc(all, func(c Case) bool { return matches([]string{pattern}, c.Check) }) {
			wrong = append(wrong, fmt.Errorf("the pattern %q matches no check; ids are like TE-12, and * stands for anything", pattern))
		}
	}
	return errors.Join(append(wrong, wrongKnown(p.Known, all)...)...)
}
