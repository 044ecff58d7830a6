package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/mockoauth/mockoauth/"

// mayImport is the plan of the house: which of our packages each may import.
// Imports go one way, from the command down to the leaves.
func mayImport() map[string][]string {
	return map[string][]string{
		"fixtures":          {},
		"provider/clock":    {},
		"provider/fault":    {},
		"provider/keys":     {},
		"provider/markup":   {},
		"provider/record":   {},
		"provider/store":    {},
		"provider/lint":     {"fixtures", "provider/record"},
		"provider/engine":   {"fixtures", "provider/clock", "provider/fault", "provider/keys", "provider/record", "provider/store"},
		"provider/endpoint": {"fixtures", "provider/clock", "provider/engine", "provider/fault", "provider/keys", "provider/record", "provider/ui"},
		"provider/ui":       {"provider/markup"},
		"provider": {
			"fixtures", "provider/clock", "provider/endpoint", "provider/engine", "provider/fault", "provider/keys",
			"provider/lint", "provider/record", "provider/store",
		},
		"testsuite/check":   {"provider/fault"},
		"testsuite/report":  {"provider/markup", "provider/record"},
		"testsuite/runner":  {"testsuite/check", "testsuite/report"},
		"testsuite/target":  {"fixtures", "testsuite/check"},
		"testsuite":         {"testsuite/check", "testsuite/report", "testsuite/runner"},
		"testsuite/browser": {}, // tests only
		"cmd/mockoauth": {
			"fixtures", "provider", "provider/endpoint", "provider/fault", "provider/keys",
			"testsuite/check", "testsuite/report", "testsuite/runner", "testsuite/target",
		},
	}
}

// guests lists which packages may import which library.
func guests() map[string][]string {
	return map[string][]string{
		"github.com/ory/fosite":                 {"provider/engine"},
		"github.com/go-jose/go-jose":            {"provider/keys", "provider/engine", "fixtures", "testsuite/check", "testsuite/target"},
		"github.com/caarlos0/env":               {"fixtures", "cmd/mockoauth", "testsuite/target"},
		"go.yaml.in/yaml":                       {"fixtures", "testsuite/runner", "testsuite/target"},
		"github.com/spf13/pflag":                {"cmd/mockoauth"},
		"github.com/onsi/ginkgo":                {"testsuite"},
		"github.com/onsi/gomega":                {},
		"github.com/onsi/gomega/types":          {"testsuite/check"},
		"github.com/onsi/gomega/format":         {"testsuite/check"},
		"golang.org/x/net/html":                 {"testsuite/check"},
		"html/template":                         {}, // tests only, like text/template: see provider/markup
		"text/template":                         {},
		"text/template/parse":                   {"provider/markup"},
		"github.com/chromedp":                   {}, // tests only, like the next two
		"github.com/coreos/go-oidc":             {},
		"golang.org/x/oauth2":                   {},
		"github.com/google/jsonschema-go":       {}, // tests only, like the next
		"github.com/santhosh-tekuri/jsonschema": {},
		"github.com/joshdk/go-junit":            {},
		"a variable that the linker writes": {
			"cmd/mockoauth/version.go", "provider/markup/markup.go", "provider/openapi.go", "provider/ui/load.go",
			"testsuite/check/explain.go", "testsuite/report/html.go", "testsuite/report/json.go",
		},
	}
}

// The sizes that nothing may exceed.
const (
	maxFile   = 400 // lines
	maxFunc   = 60  // lines, also of a function literal
	maxParams = 5
)

// source is one parsed file.
type source struct {
	path string // from the module's root
	room string // its folder
	file *ast.File
	set  *token.FileSet
}

// sources parses what is not a test.
func sources(t *testing.T) []source {
	t.Helper()
	const root = "../.."
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || isAnotherModule(root, path)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		all = append(all, source{filepath.ToSlash(rel), filepath.ToSlash(filepath.Dir(rel)), file, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d files were found: this test looks in the wrong place", len(all))
	}
	return all
}

// isAnotherModule tells a folder with a go.mod of its own, which go leaves out too.
func isAnotherModule(root, folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil && folder != root
}

func (s source) lines(n ast.Node) int {
	return s.set.Position(n.End()).Line - s.set.Position(n.Pos()).Line + 1
}

func TestImportPlan(t *testing.T) {
	t.Parallel()
	plan, libraries := mayImport(), guests()
	for _, s := range sources(t) {
		allowed, known := plan[s.room]
		if !known {
			t.Errorf("%s: the package is not on the plan", s.room)
		}
		for _, spec := range s.file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if own, ok := strings.CutPrefix(name, module); ok && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, which is not on its plan", s.path, own)
			}
			library, rooms := "", []string(nil)
			for l, r := range libraries {
				if (name == l || strings.HasPrefix(name, l+"/")) && len(l) > len(library) {
					library, rooms = l, r
				}
			}
			if library != "" && !slices.Contains(rooms, s.room) {
				t.Errorf("%s imports %s, and is not on its guest list", s.path, name)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if n := s.set.File(s.file.Pos()).LineCount(); n > maxFile {
			t.Errorf("%s has %d lines; the most is %d", s.path, n, maxFile)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			var kind *ast.FuncType
			name := "a function literal"
			switch f := n.(type) {
			case *ast.FuncDecl:
				kind, name = f.Type, f.Name.Name
			case *ast.FuncLit:
				kind = f.Type
			default:
				return true
			}
			if lines := s.lines(n); lines > maxFunc {
				t.Errorf("%s: %s has %d lines; the most is %d", s.path, name, lines, maxFunc)
			}
			if kind.Params.NumFields() > maxParams {
				t.Errorf("%s: %s has %d parameters; the most is %d", s.path, name, kind.Params.NumFields(), maxParams)
			}
			return true
		})
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	t.Parallel()
	packageDoc := map[string]bool{}
	for _, s := range sources(t) {
		packageDoc[s.room] = packageDoc[s.room] || s.file.Doc != nil
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && isExported(d) {
					t.Errorf("%s: %s has no doc comment", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					s.documented(t, d, spec)
				}
			}
		}
	}
	for room, ok := range packageDoc {
		if !ok {
			t.Errorf("%s has no package comment", room)
		}
	}
}

// isExported tells a function, or a method of an exported type.
func isExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}

func (s source) documented(t *testing.T, d *ast.GenDecl, spec ast.Spec) {
	t.Helper()
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
			t.Errorf("%s: %s has no doc comment", s.path, spec.Name.Name)
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
				t.Errorf("%s: %s has no doc comment", s.path, name.Name)
			}
		}
	}
}

// No init, and no package variable that a function writes to: two providers in
// one process must not know of each other.
func TestNoHiddenState(t *testing.T) {
	t.Parallel()
	all := sources(t)
	variables := map[string]bool{} // by room and name
	for _, s := range all {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "init" {
				t.Errorf("%s has an init; say it where it is needed", s.path)
			}
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
				for _, spec := range d.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						variables[s.room+" "+name.Name] = true
					}
					if len(spec.(*ast.ValueSpec).Values) == 0 && !slices.Contains(guests()["a variable that the linker writes"], s.path) {
						t.Errorf("%s: %s has no value, so somebody must write to it", s.path, spec.(*ast.ValueSpec).Names[0].Name)
					}
				}
			}
		}
	}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			var written []ast.Expr
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					written = n.Lhs
				}
			case *ast.IncDecStmt:
				written = []ast.Expr{n.X}
			}
			for _, left := range written {
				if name := root(left); name != nil && name.Name != "_" && variables[s.room+" "+name.Name] && (name.Obj == nil || isPackageLevel(s.file, name)) {
					t.Errorf("%s writes to the package variable %s", s.path, name.Name)
				}
			}
			return true
		})
	}
}

// root is the variable that an element, a field or a pointer's target belongs to.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// isPackageLevel tells a name that resolves to the file's own package variable.
func isPackageLevel(file *ast.File, name *ast.Ident) bool {
	return file.Scope.Lookup(name.Name) == name.Obj
}

// The top of the tree stays what a newcomer can take in at a glance.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"provider", "fixtures", "testsuite", "cmd", "go.mod", "go.sum", "Dockerfile", "README.md", "LICENSE"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}
