package target

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Prefix begins the name of every variable.
const Prefix = "MOCKOAUTH_CONFORMANCE_"

// fileVariable names the file, without the prefix.
const fileVariable = "TARGET_FILE"

// A Variable describes a variable that [Load] reads, and the flag that wins over it.
type Variable struct {
	Name        string // MOCKOAUTH_CONFORMANCE_CLIENT_ID; <ROLE> stands for any role
	Flag        string // client-id; empty for those with a <ROLE>
	Type        string // text, list, pairs, boolean, duration, number or file
	Default     string // in words; empty when there is none
	Description string
}

// A variable is one that may be set, without the prefix.
type variable struct {
	name string
	path string // of what it fills: clients.main.id
	row
	set func(s *Settings, value string) error
}

// A row is one field of a struct, as a variable has it.
type row struct {
	key, name string // CA_FILE, ca_file
	tag       reflect.StructTag
	typ       reflect.Type
	file      bool // it names a file that holds the value
}

// rowsOf lists the fields that variables can fill, those of its structs in their place.
func rowsOf(t reflect.Type, prefix, path string) []row {
	var rows []row
	for f := range t.Fields() {
		name, key := path+f.Tag.Get("json"), prefix+f.Tag.Get("env")
		switch {
		case f.Tag.Get("envPrefix") != "":
			rows = append(rows, rowsOf(f.Type, prefix+f.Tag.Get("envPrefix"), name+".")...)
		case f.Tag.Get("env") != "":
			rows = append(rows, row{key, name, f.Tag, f.Type, false})
			if f.Tag.Get("secret") == "true" {
				rows = append(rows, row{key, name, f.Tag, f.Type, true})
			}
		}
	}
	return rows
}

// variable is the row's for what has a prefix among the variables and a path in a file.
func (r row) variable(prefix, path string, fill func(s *Settings, key, value string) error) variable {
	v := variable{name: prefix + r.key, path: path + r.name, row: r}
	if r.file {
		v.name += "_FILE"
	}
	v.set = func(s *Settings, value string) error {
		if r.file {
			secret, err := fixtures.Secret(value)
			if err != nil {
				return err
			}
			value = secret
		}
		return fill(s, r.key, value)
	}
	return v
}

// A shorthand is the prefix of a role's variables that needs no role's name.
type shorthand struct {
	prefix string
	role   check.Role
}

func clientShorthands() []shorthand {
	return []shorthand{{"CLIENT_", check.Main}, {"OTHER_CLIENT_", check.Other}, {"PUBLIC_CLIENT_", check.Public}}
}

// short are the variables without a role in their names.
func short() []variable {
	var all []variable
	for _, r := range rowsOf(reflect.TypeFor[Settings](), "", "") {
		all = append(all, r.variable("", "", func(s *Settings, key, value string) error { return parse(s, key, value) }))
	}
	for _, c := range clientShorthands() {
		all = append(all, clientVariables(c.prefix, c.role)...)
	}
	return append(all, userVariables("", check.Main)...)
}

// long are those of each role.
func long() []variable {
	var all []variable
	for _, role := range check.ClientRoles() {
		all = append(all, clientVariables("CLIENTS_"+inCapitals(role)+"_", role)...)
	}
	for _, role := range check.UserRoles() {
		all = append(all, userVariables("USERS_"+inCapitals(role)+"_", role)...)
	}
	return all
}

// inCapitals is a role as a variable has it: BASIC_ONLY.
func inCapitals(role check.Role) string {
	return strings.ToUpper(strings.ReplaceAll(string(role), "-", "_"))
}

func clientVariables(prefix string, role check.Role) []variable {
	return entryVariables(prefix, "clients."+string(role)+".", func(s *Settings, key, value string) error {
		return fillEntry(&s.Clients, role, key, value)
	}, reflect.TypeFor[Client]())
}

func userVariables(prefix string, role check.Role) []variable {
	return entryVariables(prefix, "users."+string(role)+".", func(s *Settings, key, value string) error {
		return fillEntry(&s.Users, role, key, value)
	}, reflect.TypeFor[User]())
}

func entryVariables(prefix, path string, fill func(s *Settings, key, value string) error, t reflect.Type) []variable {
	var all []variable
	for _, r := range rowsOf(t, "", "") {
		all = append(all, r.variable(prefix, path, fill))
	}
	return all
}

// fillEntry fills one field of a client or a user.
func fillEntry[T any](entries *map[check.Role]T, role check.Role, key, value string) error {
	if *entries == nil {
		*entries = map[check.Role]T{}
	}
	e := (*entries)[role]
	err := parse(&e, key, value)
	(*entries)[role] = e
	return err
}

// parse has package env fill the field of one variable.
func parse(into any, key, value string) error {
	return env.ParseWithOptions(into, env.Options{
		Environment: map[string]string{key: value},
		FuncMap: map[reflect.Type]env.ParserFunc{
			reflect.TypeFor[[]string]():          func(text string) (any, error) { return items(text), nil },
			reflect.TypeFor[[]check.Feature]():   parseFeatures,
			reflect.TypeFor[map[string]string](): parsePairs,
			reflect.TypeFor[Command]():           func(text string) (any, error) { return Command(strings.Fields(text)), nil },
		},
		DefaultValueTagName: "none", // they are there already
	})
}

// items are what is separated by commas, without the spaces around it.
func items(text string) []string {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func parseFeatures(text string) (any, error) {
	var list []check.Feature
	for _, item := range items(text) {
		list = append(list, check.Feature(item))
	}
	return list, nil
}

func parsePairs(text string) (any, error) {
	pairs := map[string]string{}
	for _, item := range items(text) {
		name, value, found := strings.Cut(item, "=")
		if !found || name == "" {
			return nil, fmt.Errorf("%q is no name=value", item)
		}
		pairs[name] = value
	}
	return pairs, nil
}

// typeName is what people call what a variable holds.
func (r row) typeName() string {
	switch {
	case r.file || strings.HasSuffix(r.key, "_FILE"):
		return "file"
	case r.typ == reflect.TypeFor[time.Duration]():
		return "duration"
	case r.typ.Kind() == reflect.Bool:
		return "boolean"
	case r.typ.Kind() == reflect.Int:
		return "number"
	case r.typ.Kind() == reflect.Slice:
		return "list"
	case r.typ.Kind() == reflect.Map:
		return "pairs"
	}
	return "text"
}
