package target

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// A Flag is one that was given on a command line, by the name that [Variables] has
// for it.
type Flag struct {
	Name, Value string
}

// Load reads the settings: from the file of MOCKOAUTH_CONFORMANCE_TARGET_FILE, over it
// the variables that [Variables] lists, and over both the flags. What is given of a
// client or a user goes over what was said of it before, field by field; a list or
// an object is replaced as a whole. An empty variable is as none.
//
// The error is [fixtures.Problems]: all there are, each with the line, the variable or
// the flag that it came from. A variable that begins with [Prefix] and is not known is
// one of them: whoever has more of these takes them out of environ first.
func Load(environ []string, flags ...Flag) (Settings, error) {
	l := &loading{environ: environ, given: map[string]source{}, from: map[string]string{}}
	if err := env.ParseWithOptions(&l.settings, env.Options{Environment: map[string]string{}}); err != nil {
		return Settings{}, err // a default that is wrong
	}
	l.collect(environ, flags)
	l.file()
	l.variables()
	if l.settings.Parallel == 0 { // nobody would try anything
		l.place(fixtures.Problem{Address: "parallel", Message: "is 0; 1 tries one check after the other"})
	}
	for _, p := range l.settings.judge().found {
		l.place(p)
	}
	if len(l.problems) > 0 {
		return Settings{}, l.problems
	}
	return l.settings, nil
}

// A source is a value and where it came from.
type source struct {
	value, address string
}

// A loading is a Load under way.
type loading struct {
	environ  []string
	given    map[string]source // by the variable's name without the prefix
	settings Settings
	from     map[string]string // addresses of what variables filled, by path
	path     string            // of the file, if there is one
	places   fixtures.Places
	lost     bool // the file could not be read
	problems fixtures.Problems
}

func (l *loading) problem(address, format string, args ...any) {
	l.problems = append(l.problems, fixtures.Problem{Address: address, Message: oneLine(fmt.Sprintf(format, args...))})
}

// oneLine has a problem stay one line, whatever it quotes.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// collect takes the flags over the variables. A flag for a secret goes over the
// variable for its file, too, and the other way round.
func (l *loading) collect(environ []string, flags []Flag) {
	for _, assignment := range environ {
		name, value, _ := strings.Cut(assignment, "=")
		if bare, ok := strings.CutPrefix(name, Prefix); ok {
			if delete(l.given, bare); value != "" {
				l.given[bare] = source{value, name}
			}
		}
	}
	for _, f := range flags {
		name := strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		bare := strings.TrimSuffix(name, "_FILE")
		delete(l.given, bare)
		delete(l.given, bare+"_FILE")
		if f.Value != "" {
			l.given[name] = source{f.Value, "--" + f.Name}
		}
	}
}

// file reads the file that is named.
func (l *loading) file() {
	named, ok := l.given[fileVariable]
	if !ok {
		return
	}
	delete(l.given, fileVariable)
	content, err := os.ReadFile(named.value)
	if err != nil {
		l.problem(named.address, "cannot read the file %q: %v", named.value, reasonOf(err))
		l.lost = true
		return
	}
	l.path = named.value
	l.places, err = fixtures.Fill(&l.settings, named.value, content, l.environ)
	var wrong fixtures.Problems
	if errors.As(err, &wrong) {
		l.problems = append(l.problems, wrong...)
	}
}

// variables puts the variables and flags over what the file says.
func (l *loading) variables() {
	known := map[string]variable{}
	var names []string
	for _, v := range slices.Concat(short(), long()) {
		known[v.name] = v
		names = append(names, v.name)
	}
	filled := map[string]string{} // by path, the address
	for _, name := range slices.Sorted(maps.Keys(l.given)) {
		s := l.given[name]
		v, ok := known[name]
		if !ok {
			l.unknown(name, s.address, names)
			continue
		}
		if other, both := filled[v.path]; both {
			l.problem(s.address, "%s is set as well; there can be one of them", other)
			continue
		}
		filled[v.path] = s.address
		l.from[v.path] = s.address
		if err := v.set(&l.settings, s.value); err != nil {
			l.problem(s.address, "%s", v.wrong(s.value, err))
		}
	}
}

// unknown refuses a variable or a flag that there is not.
func (l *loading) unknown(name, address string, names []string) {
	problem := "unknown variable"
	isFlag := strings.HasPrefix(address, "--")
	if isFlag {
		problem = "unknown flag"
	}
	if near := fixtures.Suggest(name, append(names, fileVariable)); near != "" && isFlag {
		problem += fmt.Sprintf(", did you mean \"--%s\"?", flagOf(near))
	} else if near != "" {
		problem += fmt.Sprintf(", did you mean %q?", Prefix+near)
	}
	l.problem(address, "%s", problem)
}

// wrong says how a variable is written.
func (v variable) wrong(value string, err error) string {
	switch v.typeName() {
	case "duration":
		return fmt.Sprintf("%q is not a duration such as 90s, 10m or 1h", value)
	case "boolean":
		return fmt.Sprintf("%q is not true or false", value)
	case "number":
		return fmt.Sprintf("%q is not a whole number", value)
	case "pairs":
		return fmt.Sprintf("%q is not a list like name=value,other=value", value)
	}
	return err.Error()
}

// place gives a problem with the settings the address that the value came from,
// unless it only follows from another.
func (l *loading) place(p fixtures.Problem) {
	if l.lost || l.places.Fails(p.Address) {
		return
	}
	address := l.address(p.Address)
	if !slices.ContainsFunc(l.problems, func(known fixtures.Problem) bool { return known.Address == address }) {
		l.problem(address, "%s", p.Message)
	}
}

// address is where the value at a path came from. One that nobody gave belongs into
// the file, where there is one that has what is around it, or into a variable.
func (l *loading) address(path string) string {
	list, _, _ := strings.Cut(path, "[")
	for _, at := range []string{l.from[path], l.from[list], l.places.Of(path)} {
		if at != "" {
			return at
		}
	}
	for around := path; strings.Contains(around, "."); {
		around = around[:strings.LastIndexByte(around, '.')]
		if at := l.from[around]; at != "" {
			return at
		}
		if at := l.places.Of(around); at != "" {
			return strings.TrimSuffix(at, around) + path
		}
	}
	for _, v := range slices.Concat(short(), long()) {
		if v.path == list && !v.file {
			return Prefix + v.name
		}
	}
	return path
}

// sortedRoles are the roles of a map, in the order of their names.
func sortedRoles[T any](entries map[check.Role]T) []check.Role {
	return slices.Sorted(maps.Keys(entries))
}
