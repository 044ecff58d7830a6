package markup_test

import (
	"bytes"
	"html/template"
	"testing"
	"testing/fstest"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/markup"
)

type leaf struct {
	Word  string
	Count int
	Yes   bool
}

type tree struct {
	Word   string
	Leaves []leaf
	First  *leaf
}

// The language is html/template's: what a page says comes out as it would there.
func TestPagesAreThoseOfHTMLTemplate(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"a field":             `<p>{{.Word}}</p>`,
		"a field's field":     `<p>{{.First.Word}}</p>`,
		"a number":            `{{range .Leaves}}<b>{{.Count}}</b>{{end}}`,
		"if and else":         `{{if .First}}{{.First.Count}}{{else}}none{{end}}`,
		"if of a bool":        `{{range .Leaves}}{{if .Yes}}yes{{else}}no{{end}}{{end}}`,
		"with and dollar":     `{{with .First}}{{.Word}}{{$.Word}}{{end}}`,
		"range of nothing":    `{{with .First}}{{else}}x{{end}}{{range .Leaves}}{{.Word}}{{else}}nothing{{end}}`,
		"a variable":          `{{$w := .Word}}{{range .Leaves}}{{$w}}{{end}}`,
		"functions":           `{{if not (or .First .Leaves)}}neither{{end}}{{if eq .Word "a"}}a{{end}}{{printf "%.1s" .Word}}`,
		"a template in it":    `{{define "in"}}<i title="{{.}}">{{.}}</i>{{end}}{{template "in" .Word}}`,
		"a URL":               `<a href="{{.Word}}">x</a>`,
		"an attribute's text": `<p title="{{.Word}}">x</p>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			for _, word := range []string{"", "a", "<b>&'\"+", "javascript:x", "https://a/?b=c d&e", "a\x00\xff"} {
				for _, data := range []tree{{Word: word}, {word, []leaf{{word, 1, true}, {"b", -2, false}}, &leaf{Word: word, Count: 3}}} {
					if data.First == nil && name == "a field's field" {
						continue // an error there, and a mistake here
					}
					var got, want bytes.Buffer
					markup.Parse(fstest.MapFS{"page": {Data: []byte(page)}}, "page").Write(&got, "page", data)
					g.Expect(template.Must(template.New("page").Parse(page)).Execute(&want, data)).To(Succeed())
					g.Expect(got.String()).To(Equal(want.String()))
				}
			}
		})
	}
}

func TestWhatIsOursGoesInAsItIs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out bytes.Buffer
	markup.Parse(fstest.MapFS{"page": {Data: []byte(`<style>{{.Style}}</style><script>{{.Script}}</script><a href="{{.Link}}">`)}}, "page").
		Write(&out, "page", struct {
			Style  markup.CSS
			Script markup.JS
			Link   markup.Address
		}{"a>b{content:'&'}", "f('<')", "com.example.app:/x"})
	g.Expect(out.String()).To(Equal(`<style>a>b{content:'&'}</style><script>f('<')</script><a href="com.example.app:/x">`))
}

func TestAMistakeInAPagePanics(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"a pipe":              `{{.Word | printf "%s"}}`,
		"a field that is not": `{{.Wrod}}`,
		"what cannot be said": `{{.Leaves}}`,
		"a word unknown":      `{{len .Word}}`,
		"what is not closed":  `{{if .Word}}`,
		"break":               `{{range .Leaves}}{{break}}{{end}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			g.Expect(func() {
				markup.Parse(fstest.MapFS{"page": {Data: []byte(page)}}, "page").Write(new(bytes.Buffer), "page", tree{Word: "a", Leaves: []leaf{{}}})
			}).To(Panic())
		})
	}
}

// The hash of Content Security Policy Level 3 §8.3's example.
func TestSource(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(markup.Source(`alert('Hello, world.');`)).To(Equal("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"))
}
