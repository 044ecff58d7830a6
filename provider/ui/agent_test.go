package ui_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/mockoauth/mockoauth/provider/ui"
)

// A shown page is what a browser gets.
type shown struct {
	*httptest.ResponseRecorder
	doc *html.Node
}

// show lets a page write itself and parses it.
func show(tb testing.TB, write func(http.ResponseWriter) error) shown {
	tb.Helper()
	w := httptest.NewRecorder()
	if err := write(w); err != nil {
		tb.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		tb.Fatal(err)
	}
	return shown{w, doc}
}

// all returns the elements with one of the names, in their order.
func all(in *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range in.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

// attr is an attribute's value, and whether it is there.
func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// value is an attribute's value.
func value(n *html.Node, name string) string {
	v, _ := attr(n, name)
	return v
}

// has tells whether the attribute is there.
func has(n *html.Node, name string) bool {
	_, ok := attr(n, name)
	return ok
}

// text is what an element says, its white space folded.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// fields is what a form sends without the fields of type text and password
// being filled in, when the button is pressed: "name=value", in order.
func fields(form, button *html.Node) []string {
	var sent []string
	for _, n := range all(form, "input", "button") {
		if n.Data == "input" || n == button {
			if name := value(n, "name"); name != "" {
				sent = append(sent, name+"="+value(n, "value"))
			}
		}
	}
	return sent
}

// skeleton is the page without what was filled in: its tags and the names of
// their attributes.
func skeleton(doc *html.Node) string {
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			b.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
			}
			b.WriteString(">")
		}
	}
	return b.String()
}

// A visit is one page to show.
type visit struct {
	name  string
	write func(http.ResponseWriter) error
}

// everyPage is each page with s for everything that others decide.
func everyPage(s string) []visit {
	client := ui.Client{ID: s, Name: s}
	user := ui.User{Username: s, Name: s, Email: s, Note: s}
	hidden := []ui.Field{{Name: "request", Value: s}}
	scopes := []ui.Scope{{Name: s, Description: s}, {Name: s}}
	login := ui.Login{
		Action: "/login", Hidden: hidden, Client: client, Username: s, Problem: s,
		Users: []ui.User{user, {Username: s + "2"}}, Scopes: scopes,
	}
	pick := login
	pick.Pick = true
	return []visit{
		{"login", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, login) }},
		{"pick", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, pick) }},
		{"consent", func(w http.ResponseWriter) error {
			return ui.WriteConsent(w, ui.Consent{Action: "/consent", Hidden: hidden, Client: client, User: user, Scopes: scopes})
		}},
		{"problem", func(w http.ResponseWriter) error {
			return ui.WriteProblem(w, ui.Problem{
				Code: s, Title: s, Description: s, Clause: s, Fix: s, Registered: []string{s, s}, Client: s,
			})
		}},
		{"form post", func(w http.ResponseWriter) error {
			return ui.WriteFormPost(w, ui.FormPost{Action: "https://app.example/cb", Fields: []ui.Field{{Name: "state", Value: s}, {Name: s, Value: s}}})
		}},
		{"logout", func(w http.ResponseWriter) error {
			return ui.WriteLogout(w, ui.Logout{Action: "/logout", Hidden: hidden, Client: &client, User: &user})
		}},
		{"logged in", func(w http.ResponseWriter) error { return ui.WriteLoggedIn(w, ui.LoggedIn{Client: &client}) }},
		{"logged out", func(w http.ResponseWriter) error {
			return ui.WriteLoggedOut(w, ui.LoggedOut{Client: &client, ReturnTo: "https://app.example/"})
		}},
	}
}

// barePages is each page with nothing that may be left out.
func barePages() []visit {
	return []visit{
		{"bare login", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 0, ui.Login{}) }},
		{"bare pick", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 0, ui.Login{Pick: true}) }},
		{"bare consent", func(w http.ResponseWriter) error { return ui.WriteConsent(w, ui.Consent{}) }},
		{"bare problem", func(w http.ResponseWriter) error { return ui.WriteProblem(w, ui.Problem{}) }},
		{"bare form post", func(w http.ResponseWriter) error { return ui.WriteFormPost(w, ui.FormPost{Action: "http://a"}) }},
		{"bare logout", func(w http.ResponseWriter) error { return ui.WriteLogout(w, ui.Logout{}) }},
		{"bare logged in", func(w http.ResponseWriter) error { return ui.WriteLoggedIn(w, ui.LoggedIn{}) }},
		{"bare logged out", func(w http.ResponseWriter) error { return ui.WriteLoggedOut(w, ui.LoggedOut{}) }},
	}
}
