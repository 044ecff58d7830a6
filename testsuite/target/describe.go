package target

import (
	"reflect"
	"strings"
)

// Variables describes every variable that [Load] reads, in the order of the fields,
// from their tags. A list is separated by commas.
func Variables() []Variable {
	table := []Variable{{Prefix + fileVariable, flagOf(fileVariable), "file", "", "what there is to know of the provider, in YAML or JSON; ${NAME} inside is taken from the environment"}}
	for _, v := range short() {
		table = append(table, v.describe(v.name, flagOf(v.name)))
	}
	for _, v := range entryVariables("CLIENTS_<ROLE>_", "", nil, reflect.TypeFor[Client]()) {
		table = append(table, v.describe(v.name, ""))
	}
	for _, v := range entryVariables("USERS_<ROLE>_", "", nil, reflect.TypeFor[User]()) {
		table = append(table, v.describe(v.name, ""))
	}
	return table
}

func (v variable) describe(name, flag string) Variable {
	d := Variable{Prefix + name, flag, v.typeName(), v.tag.Get("envDefault"), v.tag.Get("doc")}
	if d.Default == "" {
		d.Default = v.tag.Get("default")
	}
	for _, c := range clientShorthands() {
		if strings.HasPrefix(v.path, "clients."+string(c.role)+".") {
			d.Description = "the " + string(c.role) + " client's: " + d.Description
		}
	}
	if strings.HasPrefix(v.path, "users.") {
		d.Description = "the main user's " + d.Description
	}
	if v.file {
		d.Default, d.Description = "", "file that holds it, instead of "+Prefix+strings.TrimSuffix(name, "_FILE")
	}
	return d
}

// flagOf is the flag that wins over a variable: client-id for CLIENT_ID.
func flagOf(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }
