package provider

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/lint"
)

// openAPIDocument is what is used here of OpenAPI 3.1.1 §4.8.
type openAPIDocument struct {
	OpenAPI    string                           `json:"openapi"`
	Info       openAPIInfo                      `json:"info"`
	Servers    []openAPIServer                  `json:"servers"`
	Security   []map[string][]string            `json:"security"`
	Tags       []openAPITag                     `json:"tags"`
	Paths      map[string]map[string]*operation `json:"paths"` // then by method
	Components components                       `json:"components"`
}

type openAPIInfo struct {
	Title       string            `json:"title"`
	Version     string            `json:"version"`
	Description string            `json:"description"`
	License     map[string]string `json:"license"`
}

type openAPIServer struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

type openAPITag struct {
	Name string `json:"name"`
}

type operation struct {
	Tags        []string            `json:"tags"`
	OperationID string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	Parameters  []openAPIParameter  `json:"parameters,omitempty"`
	RequestBody *openAPIBody        `json:"requestBody,omitempty"`
	Responses   map[string]response `json:"responses"` // by status
}

type openAPIParameter struct {
	Name        string             `json:"name"`
	In          string             `json:"in"`
	Required    bool               `json:"required,omitempty"`
	Description string             `json:"description,omitempty"`
	Schema      *jsonschema.Schema `json:"schema"`
}

type openAPIBody struct {
	Required bool               `json:"required"`
	Content  map[string]content `json:"content"`
}

type content struct {
	Schema  *jsonschema.Schema `json:"schema"`
	Example json.RawMessage    `json:"example,omitempty"`
}

type response struct {
	Ref         string             `json:"$ref,omitempty"`
	Description string             `json:"description,omitempty"`
	Headers     map[string]header  `json:"headers,omitempty"`
	Content     map[string]content `json:"content,omitempty"`
}

type header struct {
	Description string             `json:"description"`
	Schema      *jsonschema.Schema `json:"schema"`
}

type components struct {
	Schemas         map[string]*jsonschema.Schema `json:"schemas"`
	Responses       map[string]response           `json:"responses"`
	SecuritySchemes map[string]map[string]string  `json:"securitySchemes"`
}

const aboutControl = "What a test sees and does of one provider: the requests that came, faults, the clock, users and clients, tokens, keys, tenants. " +
	"Each tenant has all of it below its own issuer, and this description is of the one at whose address it was read. " +
	"A query parameter or a member that is not described is refused by its name."

// describeVerbs makes the description of the verbs.
func describeVerbs(t *testing.T) *openAPIDocument {
	t.Helper()
	s := newSchemas(t)
	d := &openAPIDocument{
		OpenAPI: "3.1.1",
		Info: openAPIInfo{
			Title: "mockoauth control", Version: "1", Description: aboutControl,
			License: map[string]string{"name": "Apache 2.0", "identifier": "Apache-2.0"},
		},
		Servers:  []openAPIServer{{"../_mock", "the provider or tenant whose description this is"}},
		Security: []map[string][]string{{}, {"token": {}}},
		Paths:    map[string]map[string]*operation{},
	}
	ids, tags := map[string]bool{}, map[string]bool{}
	for _, v := range verbs() {
		o := s.operation(t, v)
		if ids[o.OperationID] { // one Go method may have several forms over HTTP
			_, form, _ := strings.Cut(v.Path, ".")
			o.OperationID += strings.ToUpper(form[:1]) + form[1:]
		}
		ids[o.OperationID] = true
		if !tags[o.Tags[0]] {
			tags[o.Tags[0]] = true
			d.Tags = append(d.Tags, openAPITag{o.Tags[0]})
		}
		if d.Paths[v.Path] == nil {
			d.Paths[v.Path] = map[string]*operation{}
		}
		d.Paths[v.Path][strings.ToLower(v.Method)] = o
	}
	problem := s.of(t, reflect.TypeFor[Refusal]())
	s.limit(t)
	s.byName["UserPatch"], s.byName["ClientPatch"] = s.patchOf("User"), s.patchOf("Client")
	d.Components = components{
		Schemas:         s.byName,
		Responses:       map[string]response{"Problem": {Description: "Nothing was done, and why (RFC 9457)", Content: map[string]content{"application/problem+json": {Schema: problem}}}},
		SecuritySchemes: map[string]map[string]string{"token": {"type": "http", "scheme": "bearer", "description": "The token of MOCKOAUTH_CONTROL_TOKEN or WithControlToken, where there is one"}},
	}
	return d
}

func (s *schemas) operation(t *testing.T, v verb) *operation {
	t.Helper()
	segment, _, _ := strings.Cut(strings.TrimPrefix(v.Path, "/"), "/")
	noun, _, _ := strings.Cut(segment, ".")
	o := &operation{Tags: []string{noun}, OperationID: noun, Summary: v.Summary, Responses: map[string]response{"4XX": {Ref: "#/components/responses/Problem"}}}
	if len(v.Go) > 0 {
		first, second, _ := strings.Cut(v.Go[0], ".")
		o.OperationID = strings.ToLower(first[:1]) + first[1:] + second
		o.Description = "In Go: " + strings.Join(v.Go, ", ")
	}
	for _, part := range strings.Split(v.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			o.Parameters = append(o.Parameters, openAPIParameter{Name: name, In: "path", Required: true, Schema: parameterSchema(t, v.Path, name)})
		}
	}
	for _, q := range v.Query {
		o.Parameters = append(o.Parameters, openAPIParameter{Name: q.Name, In: "query", Description: q.Doc, Schema: parameterSchema(t, "", q.Name)})
	}
	if v.media == eventStream {
		o.Parameters = append(o.Parameters, openAPIParameter{Name: "Last-Event-ID", In: "header", Description: "goes on after the event of this id", Schema: parameterSchema(t, "", "Last-Event-ID")})
	}
	o.RequestBody = s.body(t, v)
	status, answered := s.answer(t, v)
	o.Responses[strconv.Itoa(status)] = answered
	return o
}

const (
	eventStream = "text/event-stream"
	mergePatch  = "application/merge-patch+json"
)

// body is that of a request.
func (s *schemas) body(t *testing.T, v verb) *openAPIBody {
	t.Helper()
	if v.in == nil {
		return nil
	}
	media, schema := "application/json", s.of(t, v.in)
	switch {
	case v.Method == http.MethodPatch:
		media, schema = mergePatch, &jsonschema.Schema{Ref: schemasPath + componentName(v.out) + "Patch"}
	case v.Path == "/users":
		schema.Required = []string{"username", "password"}
	case v.Path == "/users/{username}":
		schema.Required = []string{"password"}
	}
	return &openAPIBody{true, map[string]content{media: {schema, json.RawMessage(samples()[v.Method+" "+v.Path].body)}}}
}

// answer is that of a success.
func (s *schemas) answer(t *testing.T, v verb) (int, response) {
	t.Helper()
	switch {
	case v.media == eventStream:
		about := "Events of the type request, whose data is an Exchange, and of the type lost, whose data tells in lost how many were forgotten before they could be sent"
		return v.status(), response{Description: about, Content: map[string]content{v.media: {Schema: &jsonschema.Schema{Type: "string"}}}}
	case v.Path == "/requests.har":
		log := &jsonschema.Schema{Type: "object", Required: []string{"log"}, Description: "An HTTP Archive 1.2"}
		return v.status(), response{Description: "The archive", Content: map[string]content{v.media: {Schema: log}}}
	case v.media == sarifType:
		log := &jsonschema.Schema{Type: "object", Required: []string{"version", "runs"}, Description: "A log of SARIF 2.1.0"}
		return v.status(), response{Description: "The findings", Content: map[string]content{v.media: {Schema: log}}}
	case v.media != "":
		return v.status(), response{Description: "The description", Content: map[string]content{v.media: {Schema: &jsonschema.Schema{Type: "object"}}}}
	case v.out == nil:
		return http.StatusNoContent, response{Description: "It is done"}
	}
	answered := response{Description: "It is done", Content: map[string]content{"application/json": {Schema: s.of(t, v.out)}}}
	if v.Method == http.MethodGet {
		answered.Description = "What there is"
	}
	if v.status() == http.StatusCreated && hasOwnPath(v.Path) {
		answered.Headers = map[string]header{"Location": {"where that is which was made", &jsonschema.Schema{Type: "string", Format: "uri"}}}
	}
	return v.status(), answered
}

// hasOwnPath tells a collection whose entries have a path each.
func hasOwnPath(collection string) bool {
	for _, v := range verbs() {
		if strings.HasPrefix(v.Path, collection+"/{") {
			return true
		}
	}
	return false
}

// parameterSchema is that of a parameter of the path, the query or the header.
func parameterSchema(t *testing.T, path, name string) *jsonschema.Schema {
	t.Helper()
	text := &jsonschema.Schema{Type: "string", MinLength: new(1)}
	number := &jsonschema.Schema{Type: "integer", Minimum: new(1.0)}
	known := map[string]*jsonschema.Schema{
		"username": text, "id": text, "name": text, "client": text, "user": text, "grant": text, "error": text,
		"endpoint":      {Type: "string", MinLength: new(1), Examples: enum(fault.Endpoints()[:2])},
		"status":        {Type: "string", Pattern: `^([1-5][0-9][0-9]|[1-5]xx)$`},
		"failed":        {Type: "boolean"},
		"since":         {AnyOf: []*jsonschema.Schema{{Type: "integer", Minimum: new(0.0)}, {Type: "string", Format: "date-time"}}},
		"count":         number,
		"wait":          {Ref: schemasPath + "Duration"},
		"catalog":       {Type: "boolean"},
		"secrets":       {Type: "string", Enum: []any{"show"}},
		"rule":          {Type: "string"},
		"severity":      {Type: "string", Enum: enum(lint.Severities())},
		"Last-Event-ID": {Type: "integer", Minimum: new(0.0)},
	}
	if path == "/faults/{id}" {
		return number
	}
	NewWithT(t).Expect(known).To(HaveKey(name), "say here of what kind the parameter is")
	return known[name]
}
