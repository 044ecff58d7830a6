package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// words are what the source says of types and their fields, for people who read the
// description and not the source.
type words struct {
	docs   map[string]string // by "package.Type" and "package.Type.Field"
	values map[string]string // of the constants that are text, by "package.Name"
}

func readWords(t *testing.T, folders ...string) words {
	t.Helper()
	w := words{map[string]string{}, map[string]string{}}
	for _, folder := range folders {
		files, err := filepath.Glob(folder + "/*.go")
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			NewWithT(t).Expect(err).NotTo(HaveOccurred())
			for _, decl := range file.Decls { // those of package x_test are x_test's
				if d, ok := decl.(*ast.GenDecl); ok {
					w.declared(file.Name.Name, d)
				}
			}
		}
	}
	return w
}

func (w words) declared(pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					if literal, ok := spec.Values[i].(*ast.BasicLit); ok && literal.Kind == token.STRING {
						w.values[pkg+"."+name.Name], _ = strconv.Unquote(literal.Value)
					}
				}
			}
		case *ast.TypeSpec:
			key := pkg + "." + spec.Name.Name
			w.docs[key] = d.Doc.Text()
			if s, ok := spec.Type.(*ast.StructType); ok {
				w.fields(key, s)
			}
		}
	}
}

// fields takes a comment for that of the next field, too, if it has none and is named in it.
func (w words) fields(key string, s *ast.StructType) {
	shared := ""
	for _, field := range s.Fields.List {
		doc := field.Doc.Text() + field.Comment.Text()
		for _, name := range field.Names {
			if doc == "" && regexp.MustCompile(`\b`+name.Name+`\b`).MatchString(shared) {
				doc = shared
			}
			w.docs[key+"."+name.Name], shared = doc, doc
		}
	}
}

// ofField is what there is to say of a field: its doc tag, which is written for those who
// know no Go, or its comment.
func (w words) ofField(t reflect.Type, f reflect.StructField) string {
	if doc := f.Tag.Get("doc"); doc != "" {
		if left := f.Tag.Get("default"); left != "" {
			doc += " (default: " + left + ")"
		}
		return sentence(doc)
	}
	return w.plain(t, w.docs[nameOfType(t)+"."+f.Name])
}

// ofType is what its comment says, without the name.
func (w words) ofType(t reflect.Type) string {
	paragraph, _, _ := strings.Cut(w.docs[nameOfType(t)], "\n\n")
	paragraph = regexp.MustCompile(`^(An? )?`+t.Name()+` (is|says|has|asks|moves)\b`).ReplaceAllStringFunc(paragraph, func(start string) string {
		verb := start[strings.LastIndexByte(start, ' ')+1:]
		if verb == "is" {
			return ""
		}
		return strings.ToUpper(verb[:1]) + verb[1:]
	})
	return w.plain(t, strings.TrimSpace(paragraph))
}

// plain has no links, constants by their values, and fields by their names in JSON.
func (w words) plain(t reflect.Type, doc string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	doc = regexp.MustCompile(`(; see|, as) \[[\w.]+\]( does)?`).ReplaceAllString(doc, "")
	doc = regexp.MustCompile(`\[[A-Z][\w.]*\]`).ReplaceAllStringFunc(doc, func(link string) string {
		name := strings.Trim(link, "[]")
		if value, ok := w.values[path.Base(t.PkgPath())+"."+name]; ok {
			return value
		}
		return name
	})
	for f := range t.Fields() {
		if name := nameInJSON(f); name != "" {
			doc = regexp.MustCompile(`\b`+f.Name+`\b`).ReplaceAllString(doc, name)
		}
	}
	return sentence(doc)
}

// sentence has no full stop at the end, as the tags have none, unless it is several.
func sentence(doc string) string {
	if strings.Contains(doc, ". ") {
		return doc
	}
	return strings.TrimSuffix(doc, ".")
}

func nameOfType(t reflect.Type) string { return path.Base(t.PkgPath()) + "." + t.Name() }

func nameInJSON(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
