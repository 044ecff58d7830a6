package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// constants are the values that the package gives to the constants of a type.
func constants(t *testing.T, of string) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == of {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, value)
			}
			return true
		})
	}
	return values
}

// What is declared is listed: a target file can name it.
func TestListsAreWhole(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var features, roles []string
	for _, f := range check.Features() {
		features = append(features, string(f))
	}
	g.Expect(features).To(ConsistOf(constants(t, "Feature")))
	for _, role := range slices.Concat(check.ClientRoles(), check.UserRoles()) {
		if !slices.Contains(roles, string(role)) {
			roles = append(roles, string(role))
		}
	}
	g.Expect(roles).To(ConsistOf(constants(t, "Role")))
}
