package ui

import (
	"bytes"
	"html/template"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/markup"
)

// said is what others may put into a page.
func said() []string {
	return []string{
		"", "Web application", "<b>&amp;\"'`+</b>", "a\x00b\ufffd\xff\xc3(", "é😀\u2028\u202e", "action", "username",
		"/login?a=1&b=%2f%zz%4", "javascript:alert(1)", "JAVASCRIPT:x", "mailto:a@b", "HTTPS://a/<>'\" ()", "x/y:z", "data:,x", "a:b",
		"%", "%4", "%41", "%z1", "%1z", "é/{}|\\^", "</script></style>", "{{.}}",
	}
}

// pages is each of them with s for all that others decide, and with half of it.
func pages(s string) []page {
	client, user := Client{s, s}, User{s, s, s, s}
	hidden := []Field{{s, s}, {"action", s}, {"request", s}}
	scopes := []Scope{{s, s}, {Name: s}}
	return []page{
		{"login", s, Login{s, hidden, client, s, s, nil, false, scopes}},
		{"login", s, Login{Action: s, Client: Client{ID: s}}},
		{"pick", s, Login{s, hidden, client, s, s, []User{user, {Username: s + "2"}}, true, scopes}},
		{"pick", s, Login{Username: s}},
		{"consent", s, Consent{s, hidden, client, user, scopes}},
		{"consent", s, Consent{User: User{Username: s, Email: s}}},
		{"problem", s, Problem{400, s, s, s, s, s, []string{s, s}, s}},
		{"problem", s, Problem{Status: 503, Registered: []string{s}}},
		{"form_post", s, formPost{FormPost{s, hidden}, s}},
		{"logout", s, Logout{s, hidden, &client, &user}},
		{"logout", s, Logout{}},
		{"logged_in", s, LoggedIn{&client}},
		{"logged_in", s, LoggedIn{}},
		{"logged_out", s, loggedOut{LoggedOut{&client, s}, markup.Address(s)}},
		{"logged_out", s, loggedOut{LoggedOut{nil, s}, ""}},
		{"logged_out", s, loggedOut{}},
	}
}

// What html/template would escape must be escaped here, and nothing else: its
// escaper knows HTML, and ours only these pages.
func TestRenderWritesWhatHTMLTemplateWrites(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	trees := load().pages
	theirs := template.Must(template.ParseFS(files, "pages/*.html"))
	for _, s := range said() {
		for _, p := range pages(s) {
			var got, want bytes.Buffer
			v := view{p.title, "a>b{content:'+&'}", "f('&<+')", p.content}
			trees.Write(&got, p.name, v)
			g.Expect(theirs.ExecuteTemplate(&want, p.name, forTemplate(v))).To(Succeed())
			g.Expect(got.String()).To(Equal(want.String()), "%s with %q", p.name, s)
		}
	}
}

// forTemplate is the view in the types by which html/template knows what is ours.
func forTemplate(v view) any {
	content := v.Page
	if out, ok := content.(loggedOut); ok {
		content = struct {
			LoggedOut
			Link template.URL
		}{out.LoggedOut, template.URL(out.Link)}
	}
	return struct {
		Title  string
		Style  template.CSS
		Script template.JS
		Page   any
	}{v.Title, template.CSS(v.Style), template.JS(v.Script), content}
}

// A new page must be among those above.
func TestEveryPageIsRendered(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	shown := map[string]bool{}
	for _, p := range pages("x") {
		shown[p.name] = true
	}
	names, err := files.ReadDir("pages")
	g.Expect(err).NotTo(HaveOccurred())
	for _, file := range names {
		if name := file.Name(); name != "parts.html" {
			g.Expect(shown).To(HaveKey(name[:len(name)-len(".html")]))
		}
	}
}
