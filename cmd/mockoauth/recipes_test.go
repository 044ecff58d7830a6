package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// recipe is a recipe of the README.
type recipe struct{ title, golang, shell string }

// recipes reads the README's section. The first is what all the others begin with.
func recipes(t *testing.T) []recipe {
	t.Helper()
	g := NewWithT(t)
	raw, err := os.ReadFile(readme)
	g.Expect(err).NotTo(HaveOccurred())
	_, section, found := strings.Cut(string(raw), "\n## Recipes\n")
	g.Expect(found).To(BeTrue(), "the README has no recipes")
	section, _, _ = strings.Cut(section, "\n## ")
	var all []recipe
	for part := range strings.SplitSeq(section, "\n### ") {
		title, rest, _ := strings.Cut(strings.TrimSpace(part), "\n")
		all = append(all, recipe{title, fenced(g, rest, "go"), fenced(g, rest, "sh")})
	}
	g.Expect(len(all)).To(BeNumerically(">", 10))
	return all
}

// fenced is the one block of a language in a text.
func fenced(g Gomega, text, language string) string {
	_, block, found := strings.Cut(text, "\n```"+language+"\n")
	block, rest, ended := strings.Cut(block, "```\n")
	if !ended {
		block, ended = strings.CutSuffix(block, "```")
	}
	g.Expect(found && ended).To(BeTrue(), "no block of %s in %s", language, text)
	g.Expect(rest).NotTo(ContainSubstring("```"+language), "more than one block")
	return block
}

// Each recipe in Go is the body of an example, which is run where it is.
func TestRecipesInGoAreExamples(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	bodies := recipeBodies(t)
	for i, r := range recipes(t) {
		g.Expect(bodies).To(ContainElement(r.golang), "%q is no body of provider/recipes_test.go", r.title)
		if i > 0 {
			g.Expect(r.golang).To(ContainSubstring("// Output:"), "the example is not run without an output")
		}
	}
	g.Expect(bodies).To(HaveLen(len(recipes(t))), "an example is no recipe")
}

// recipeBodies are the bodies of the examples and of what they begin with, as the
// README has them: without what stands in for a test.
func recipeBodies(t *testing.T) (bodies []string) {
	t.Helper()
	const name = "../../provider/recipes_test.go"
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, raw, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil {
			continue
		}
		body := string(raw[set.Position(f.Body.Lbrace).Offset+2 : set.Position(f.Body.Rbrace).Offset])
		if strings.HasPrefix(f.Name.Name, "Example") {
			_, body, _ = strings.Cut(body, "\n\n")
		}
		body = strings.TrimSuffix(body, "\treturn idp, client\n")
		bodies = append(bodies, strings.ReplaceAll(strings.TrimPrefix(body, "\t"), "\n\t", "\n"))
	}
	return bodies
}

// started is a line of a recipe that starts the program with variables.
var started = regexp.MustCompile(`(?m)^((?:MOCKOAUTH_\w+=\S+ )+)mockoauth &\n`)

// Each recipe for the shell does what its comments say.
func TestRecipesInTheShell(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the recipes of the README want %s: apt-get install %s", tool, tool)
		}
	}
	all := recipes(t)
	for _, r := range all[1:] {
		t.Run(r.title, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			var environ []string
			if line := started.FindStringSubmatch(r.shell); line != nil {
				environ = strings.Fields(line[1])
			}
			idp := serve(t, environ...)
			script := strings.Replace(all[0].shell, "http://localhost:9000", idp.url, 1) + started.ReplaceAllString(r.shell, "")
			commands, wanted := expectations(script)
			g.Expect(wanted).NotTo(BeEmpty(), "the recipe does not say what comes out")
			command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", commands)
			command.Dir = t.TempDir()
			out, err := command.CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%s", out)
			said := strings.Split(string(out), mark)
			g.Expect(said).To(HaveLen(len(wanted) + 1))
			for i, want := range wanted {
				g.Expect(words(said[i])).To(MatchRegexp(want))
			}
			g.Expect(idp.errors()).To(BeEmpty(), "the recipe shows what the lint calls an error")
		})
	}
}

// mark is put out where a recipe says what has come out.
const mark = "\x1e"

// expectations are the commands of a recipe, and patterns of what comes out of them up
// to each mark. Spaces and line ends are the same, and … is anything.
func expectations(script string) (commands string, wanted []string) {
	for line := range strings.Lines(script) {
		said, ok := strings.CutPrefix(line, "# → ")
		if !ok {
			commands += line
			continue
		}
		commands += "printf '\\x1e'\n"
		pattern := strings.ReplaceAll(regexp.QuoteMeta(words(said)), "…", ".*")
		wanted = append(wanted, "^"+pattern+"$")
	}
	return commands, wanted
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }
