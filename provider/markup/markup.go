// Package markup writes pages of HTML: those of package ui, and a report of the
// conformance suite. Its [Pages] are written in the language of html/template, of
// which they need a small part, and come out as the same bytes; a test compares.
// html/template itself can call any method by its name, so with it the linker
// keeps every exported method of every type in the program: 3.9 MB, a fifth of
// the image. Fields alone cost nothing.
//
// Known are fields, "." and $variables, if, with, range, template, and the
// functions or, not, and of strings eq and printf. What a page says is escaped
// unless its type says that it is ours.
package markup

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the palette
	"encoding/base64"
	"io/fs"
	"maps"
	"reflect"
	"text/template/parse"
)

// Pages are templates by the names of their definitions.
type Pages map[string]*parse.Tree

// Text that is ours, and goes into a page as it is.
type (
	CSS string // a style sheet
	JS  string // a script
)

// An Address may be followed whatever its scheme is. Any other URL in an action
// or href must be of http, https or mailto, or it leads nowhere.
type Address string

// Parse reads the templates in files. It panics at a mistake in them: they are
// embedded.
func Parse(files fs.FS, pattern string) Pages {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	all := Pages{}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		trees, err := parse.Parse(name, string(content), "", "", functions())
		if err != nil {
			panic(err)
		}
		maps.Copy(all, trees)
	}
	return all
}

// Write writes the named template for data, a struct. It panics at what it does
// not know, which could only be a mistake in the pages.
func (p Pages) Write(out *bytes.Buffer, name string, data any) {
	render(out, p, name, reflect.ValueOf(data))
}

// Source is the source expression that allows one inline style or script
// (Content Security Policy Level 3 §2.3.1).
func Source(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

//go:embed palette.css
var palette string

// Palette is the colours of every page, light and dark, as variables. It comes
// before the page's own style.
func Palette() CSS { return CSS(palette) }
