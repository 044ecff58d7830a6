package provider

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

// descriptionAtMost bounds the description, in bytes: the program carries it.
const descriptionAtMost = 60_000

// The description that the provider answers is made of its verbs. With
// UPDATE_OPENAPI=1 it is written anew.
func TestDescriptionIsMadeOfTheVerbs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var compact bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	g.Expect(encoder.Encode(describeVerbs(t))).To(Succeed())
	want := layOut(compact.Bytes())
	g.Expect(len(want)).To(BeNumerically("<", descriptionAtMost))
	if os.Getenv("UPDATE_OPENAPI") != "" {
		g.Expect(os.WriteFile("openapi.json", want, 0o644)).To(Succeed())
		return
	}
	g.Expect(string(openAPI) == string(want)).To(BeTrue(), "the description has drifted: run UPDATE_OPENAPI=1 go test ./provider")
}

// layOut gives the members of operations and of components a line each: few bytes, and
// changes that can be read.
func layOut(compact []byte) []byte {
	const linesTo = 4 // levels
	var out bytes.Buffer
	var depth, lists int
	var isText, isEscaped bool
	line := func() {
		if depth <= linesTo && lists == 0 {
			out.WriteString("\n" + strings.Repeat(" ", depth))
		}
	}
	for _, c := range compact {
		if isText {
			out.WriteByte(c)
			isText = c != '"' || isEscaped
			isEscaped = c == '\\' && !isEscaped
			continue
		}
		isText = c == '"'
		switch c {
		case '}':
			if depth <= linesTo {
				depth--
				line()
				depth++
			}
			depth--
		case ']':
			lists--
		}
		out.WriteByte(c)
		switch c {
		case '{':
			depth++
			line()
		case '[':
			lists++
		case ',':
			line()
		}
	}
	return out.Bytes()
}

// A relative address of a server is relative to the description's own (OpenAPI 3.1.1
// §4.3), and a path is appended to it (§4.8.8.1).
func TestServerIsTheOneThatAnswersTheDescription(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	for read, want := range map[string]string{
		"http://localhost:9000/_mock/openapi.json":       "http://localhost:9000/_mock/requests",
		"http://localhost:9000/acme/_mock/openapi.json":  "http://localhost:9000/acme/_mock/requests",
		"https://idp.test/sso/acme/_mock/openapi.json":   "https://idp.test/sso/acme/_mock/requests",
		"http://acme.localhost:9000/_mock/openapi.json?": "http://acme.localhost:9000/_mock/requests",
	} {
		g := NewWithT(t)
		base, err := url.Parse(read)
		g.Expect(err).NotTo(HaveOccurred())
		server, err := base.Parse(d.document.Servers[0].URL)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(server.String() + "/requests").To(Equal(want))
	}
}

// description is the one that the provider answers, to check values against.
type description struct {
	mu       sync.Mutex // of the compiler, which remembers what it has compiled
	document openAPIDocument
	compiler *validator.Compiler
}

const descriptionURL = "http://localhost/_mock/openapi.json"

func readDescription(t *testing.T) *description {
	t.Helper()
	g := NewWithT(t)
	d := &description{compiler: validator.NewCompiler()}
	g.Expect(json.Unmarshal(openAPI, &d.document)).To(Succeed())
	whole, err := validator.UnmarshalJSON(bytes.NewReader(openAPI))
	g.Expect(err).NotTo(HaveOccurred())
	d.compiler.DefaultDraft(validator.Draft2020)
	d.compiler.AssertFormat()
	g.Expect(d.compiler.AddResource(descriptionURL, whole)).To(Succeed())
	return d
}

// check is what is wrong with a value by the schema at a pointer into the description.
func (d *description) check(t *testing.T, pointer string, value []byte) error {
	t.Helper()
	g := NewWithT(t)
	d.mu.Lock()
	schema, err := d.compiler.Compile(descriptionURL + pointer)
	d.mu.Unlock()
	g.Expect(err).NotTo(HaveOccurred())
	instance, err := validator.UnmarshalJSON(bytes.NewReader(value))
	g.Expect(err).NotTo(HaveOccurred(), string(value))
	return schema.Validate(instance)
}

// request is the pointer to the schema of a request's body.
func (d *description) request(method, path string) string {
	for media := range d.document.Paths[path][strings.ToLower(method)].RequestBody.Content {
		return pointerTo("paths", path, strings.ToLower(method), "requestBody", "content", media, "schema")
	}
	return ""
}

// pointerTo is a JSON Pointer as a fragment (RFC 6901 §6).
func pointerTo(tokens ...string) string {
	var pointer strings.Builder
	for _, token := range tokens {
		pointer.WriteString("/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(token)))
	}
	return "#" + pointer.String()
}
