package provider

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

const schemasPath = "#/components/schemas/"

// schemas are made of the Go types: a struct is a component, which others refer to.
type schemas struct {
	words
	byName map[string]*jsonschema.Schema
	refs   map[reflect.Type]*jsonschema.Schema
	typed  map[string]reflect.Type
}

func newSchemas(t *testing.T) *schemas {
	t.Helper()
	ref := func(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: schemasPath + name} }
	return &schemas{
		words:  readWords(t, ".", "../fixtures", "clock", "engine", "endpoint", "fault", "lint"),
		byName: map[string]*jsonschema.Schema{"Duration": durationSchema()},
		typed:  map[string]reflect.Type{},
		refs: map[reflect.Type]*jsonschema.Schema{
			reflect.TypeFor[time.Time]():         {Type: "string", Format: "date-time"},
			reflect.TypeFor[json.RawMessage]():   {},
			reflect.TypeFor[clock.Duration]():    ref("Duration"),
			reflect.TypeFor[fixtures.Duration](): ref("Duration"),
			reflect.TypeFor[fault.Words]():       {AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "array", Items: &jsonschema.Schema{Type: "string"}}}},
		},
	}
}

func durationSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "string", Examples: []any{"1h30m", "-10m", "1.5s"},
		Description: "A time span: numbers, each with its unit of ns, us, ms, s, m or h",
		Pattern:     `^[+-]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`,
	}
}

// componentName tells types apart that have one name in different packages, or one that
// says little outside its package.
func componentName(t reflect.Type) string {
	names := map[reflect.Type]string{
		reflect.TypeFor[fixtures.Set]():   "Fixtures",
		reflect.TypeFor[fault.Order]():    "FaultOrder",
		reflect.TypeFor[fault.Report]():   "FaultInForce",
		reflect.TypeFor[fault.Dripping](): "Drip",
		reflect.TypeFor[clock.Move]():     "ClockMove",
		reflect.TypeFor[clock.State]():    "Clock",
		reflect.TypeFor[Refusal]():        "Problem",
		reflect.TypeFor[Revoked]():        "Ended",
		reflect.TypeFor[TenantView]():     "TenantInForce",
		reflect.TypeFor[exchangeAsked]():  "Asked",
		reflect.TypeFor[exchangeSaid]():   "Said",
	}
	if name := names[t]; name != "" {
		return name
	}
	return t.Name()
}

// of is the schema of a type, in which structs are references to components.
func (s *schemas) of(t *testing.T, typ reflect.Type) *jsonschema.Schema {
	t.Helper()
	s.collect(t, typ)
	made, err := jsonschema.ForType(typ, &jsonschema.ForOptions{TypeSchemas: s.refs})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	withoutNull(made)
	return made
}

// collect makes components of the structs in a type, the innermost first.
func (s *schemas) collect(t *testing.T, typ reflect.Type) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if s.refs[typ] == nil {
			s.collect(t, typ.Elem())
		}
	case reflect.Struct:
		if s.refs[typ] != nil {
			return
		}
		name, form := componentName(typ), typ
		if typ == reflect.TypeFor[record.Exchange]() {
			form = reflect.TypeFor[exchangeForm]()
		}
		NewWithT(t).Expect(s.byName).NotTo(HaveKey(name), "two types are called so")
		var embedded []reflect.Type
		for f := range form.Fields() {
			if f.Anonymous {
				embedded = append(embedded, f.Type)
			}
			s.collect(t, f.Type)
		}
		s.byName[name], s.typed[name] = s.component(t, form, embedded), form
		s.refs[typ] = &jsonschema.Schema{Ref: schemasPath + name}
	}
}

func (s *schemas) component(t *testing.T, typ reflect.Type, embedded []reflect.Type) *jsonschema.Schema {
	t.Helper()
	refs := map[reflect.Type]*jsonschema.Schema{}
	for known, ref := range s.refs {
		if !slices.Contains(embedded, known) {
			refs[known] = ref
		}
	}
	made, err := jsonschema.ForType(typ, &jsonschema.ForOptions{TypeSchemas: refs})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	withoutNull(made)
	s.describe(made, typ)
	made.Description = s.ofType(typ)
	return made
}

// describe says of each property what the source says of its field.
func (s *schemas) describe(made *jsonschema.Schema, typ reflect.Type) {
	for f := range typ.Fields() {
		if f.Anonymous {
			s.describe(made, f.Type)
			continue
		}
		if property := made.Properties[nameInJSON(f)]; property != nil && property.Description == "" {
			property.Description = s.ofField(typ, f)
		}
	}
}

// withoutNull takes away the null that a slice and a pointer could be: answers leave out
// what is empty or write it as an empty list.
func withoutNull(s *jsonschema.Schema) {
	walk(s, func(s *jsonschema.Schema) {
		s.Types = slices.DeleteFunc(s.Types, func(name string) bool { return name == "null" })
		if len(s.Types) == 1 {
			s.Type, s.Types = s.Types[0], nil
		}
		if len(s.Types) == 0 {
			s.Types = nil
		}
	})
}

func walk(s *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	if s == nil {
		return
	}
	visit(s)
	walk(s.Items, visit)
	walk(s.AdditionalProperties, visit)
	for _, property := range s.Properties {
		walk(property, visit)
	}
	for _, one := range s.AnyOf {
		walk(one, visit)
	}
}

// patchOf is a merge patch of a component: every member may be left out, and null takes
// one away (RFC 7396 §2). What the members mean the component says.
func (s *schemas) patchOf(name string) *jsonschema.Schema {
	patch := s.nullable(s.byName[name].CloneSchemas())
	patch.Type, patch.Types = "object", nil // the whole cannot be taken away
	patch.Description = "A JSON Merge Patch (RFC 7396) of " + name + ": what it has is replaced, and null takes a member away"
	return patch
}

// nullable allows null for a schema and for the members of what it refers to.
func (s *schemas) nullable(made *jsonschema.Schema) *jsonschema.Schema {
	if name := cutPath(made.Ref); name != "" {
		if s.byName[name].Type == "object" {
			made = s.byName[name].CloneSchemas()
		} else {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Ref: made.Ref}, {Type: "null"}}}
		}
	}
	made.Description, made.Required = "", nil
	if made.Type != "" {
		made.Types, made.Type = []string{made.Type, "null"}, ""
	}
	if made.Enum != nil {
		made.Enum = append(slices.Clone(made.Enum), nil)
	}
	for name, property := range made.Properties {
		made.Properties[name] = s.nullable(property)
	}
	return made
}

func cutPath(ref string) string {
	if len(ref) > len(schemasPath) {
		return ref[len(schemasPath):]
	}
	return ""
}
