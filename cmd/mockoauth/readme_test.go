package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

const readme = "../../README.md"

// What the READMEs say of variables and show as an example is what there is.
// With UPDATE_README=1 they are written anew.
func TestReadmeIsTrue(t *testing.T) {
	isTrue(t, readme, map[string]string{"variables": settingsTable(), "fixtures": fixturesTable(), "control": controlTable(t), "example": goExample(t)})
	isTrue(t, "../../testsuite/README.md", map[string]string{"conformance": conformanceTable()})
}

// isTrue compares the parts of a document that are made from the code.
func isTrue(t *testing.T, path string, parts map[string]string) {
	t.Helper()
	g := NewWithT(t)
	raw, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	want := string(raw)
	for name, text := range parts {
		begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
		before, rest, found := strings.Cut(want, begin)
		g.Expect(found).To(BeTrue(), "%s has no place for %s", path, name)
		_, after, found := strings.Cut(rest, end)
		g.Expect(found).To(BeTrue(), "%s: the place for %s has no end", path, name)
		want = before + begin + text + end + after
	}
	if os.Getenv("UPDATE_README") != "" {
		g.Expect(os.WriteFile(path, []byte(want), 0o644)).To(Succeed())
		return
	}
	g.Expect(string(raw) == want).To(BeTrue(), "%s has drifted: run UPDATE_README=1 go test ./cmd/...", path)
}

func settingsTable() string {
	var out strings.Builder
	out.WriteString("| variable | default | |\n|---|---|---|\n")
	for _, d := range describe() {
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", d.name, d.byDefault, d.doc)
	}
	return out.String()
}

// conformanceTable lists what conformance provider can be told of its target;
// of three clients who have the same variables, the first.
func conformanceTable() string {
	var out strings.Builder
	out.WriteString("| variable | flag | type | default | |\n|---|---|---|---|---|\n")
	for _, v := range target.Variables() {
		if strings.Contains(v.Name, "_OTHER_CLIENT_") || strings.Contains(v.Name, "_PUBLIC_CLIENT_") {
			continue
		}
		flag := ""
		if v.Flag != "" {
			flag = "`--" + v.Flag + "`"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s |\n", v.Name, flag, v.Type, v.Default, v.Description)
	}
	return out.String()
}

func fixturesTable() string {
	var out strings.Builder
	out.WriteString("| variable | type | default | |\n|---|---|---|---|\n")
	for _, v := range fixtures.Variables() {
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", v.Name, v.Type, v.Default, v.Description)
	}
	return out.String()
}

// controlTable lists what there is below /_mock, as its own description has it.
func controlTable(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../provider/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("| below `/_mock` | |\n|---|---|\n")
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			var operation struct{ Summary string }
			if raw, ok := document.Paths[path][method]; ok && json.Unmarshal(raw, &operation) == nil {
				fmt.Fprintf(&out, "| `%s %s` | %s |\n", strings.ToUpper(method), path, operation.Summary)
			}
		}
	}
	return out.String()
}

// goExample is the body of the front door's example.
func goExample(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../provider/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "func ExampleStart() {\n\tvar t *testing.T // your test's\n\n")
	body, _, found := strings.Cut(rest, "\n}\n")
	if !found {
		t.Fatal("provider/example_test.go has no ExampleStart to show")
	}
	return "```go\nfunc TestLogin(t *testing.T) {\n" + body + "\n}\n```\n"
}

// Each direct dependency earns its line in the README's table.
func TestReadmeNamesEachDependency(t *testing.T) {
	g := NewWithT(t)
	raw, err := os.ReadFile(readme)
	g.Expect(err).NotTo(HaveOccurred())
	mod, err := os.ReadFile("../../go.mod")
	g.Expect(err).NotTo(HaveOccurred())
	_, direct, _ := strings.Cut(string(mod), "require (\n")
	direct, _, _ = strings.Cut(direct, ")")
	found := 0
	for line := range strings.Lines(direct) {
		name := strings.TrimPrefix(strings.Fields(line)[0], "github.com/")
		for _, version := range []string{"/v2", "/v3", "/v4", "/v6", "/v11"} {
			name = strings.TrimSuffix(name, version)
		}
		if name == "chromedp/cdproto" {
			name = "cdproto"
		}
		g.Expect(string(raw)).To(ContainSubstring("`" + name + "`"))
		found++
	}
	g.Expect(found).To(BeNumerically(">", 10))
}

// The variables and faults that the README's text names exist.
func TestReadmeNamesWhatThereIs(t *testing.T) {
	g := NewWithT(t)
	raw, err := os.ReadFile(readme)
	g.Expect(err).NotTo(HaveOccurred())
	for word := range strings.FieldsFuncSeq(string(raw), func(r rune) bool { return !(r == '_' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) {
		if strings.HasPrefix(word, prefix) && word != prefix && word != "MOCKOAUTH_ISUER" && word != "MOCKOAUTH_IMAGE" && !strings.HasSuffix(word, "_") {
			g.Expect(unknown(map[string]string{word: "x"})).To(BeEmpty())
		}
	}
	for _, name := range []string{"any_secret_served", "tampered_signature", "expires_in_quoted"} {
		g.Expect(string(raw)).To(ContainSubstring(name))
		_, ok := fault.Named(name)
		g.Expect(ok).To(BeTrue(), name)
	}
	g.Expect(string(raw)).To(ContainSubstring(fmt.Sprintf("All %d of them", len(fault.Catalog()))))
	checks := 0
	for _, s := range check.Sections() {
		checks += len(s.Checks)
	}
	g.Expect(string(raw)).To(ContainSubstring(fmt.Sprintf("%d checks of an OAuth 2.0", checks)))
}
