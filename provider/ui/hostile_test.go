package ui_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/ui"
)

func hostile() map[string]string {
	return map[string]string{
		"a script":                   `"><script>alert(1)</script>`,
		"a script in single quotes":  `'><script>alert(1)</script>`,
		"the end of the title":       `</title></style></script><img src=x onerror=alert(1)>`,
		"the end of a comment":       `--><svg onload=alert(1)>`,
		"an attribute":               `x" autofocus onfocus="alert(1)`,
		"a template":                 `{{.Page}} {{template "top"}} ${1}`,
		"an entity":                  `&lt;b&gt; &#0; &amp`,
		"a NUL":                      "a\x00b",
		"bytes that are not UTF-8":   "a\xff\xfe\xc3(",
		"control characters":         "a\x1b[2J\x7f\u0085",
		"right to left":              "تطبيق דנה",
		"an override of direction":   "evil\u202egnp.exe",
		"emoji of several runes":     "👩🏽‍🚀🇺🇳",
		"a combining mark alone":     "\u0301",
		"a very long word":           strings.Repeat("long", 20_000),
		"a javascript URL":           "javascript:alert(1)",
		"a percent and a plus":       "100%+%2f%",
		"a line separator":           "a\u2028b\u2029c",
		"a half of a surrogate pair": "\xed\xa0\xbd",
	}
}

func TestHostileValuesChangeNothingButText(t *testing.T) {
	t.Parallel()
	plain := everyPage("x")
	for name, s := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, page := range everyPage(s) {
				harmless(t, page, show(t, plain[i].write), s)
			}
		})
	}
}

func FuzzHostileValuesChangeNothingButText(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		// Not empty, for an empty value may leave its element out.
		for i, page := range everyPage("x" + s) {
			harmless(t, page, show(t, everyPage("x")[i].write), "x"+s)
		}
	})
}

// harmless compares the page with one that was filled with a harmless value.
func harmless(t *testing.T, page visit, plain shown, s string) {
	t.Helper()
	g := NewWithT(t)
	p := show(t, page.write)
	g.Expect(skeleton(p.doc)).To(Equal(skeleton(plain.doc)), page.name)
	g.Expect(p.Header()["Content-Security-Policy"]).To(Equal(plain.Header()["Content-Security-Policy"]))
	g.Expect(p.Body.String()).NotTo(ContainSubstring("\x00"))
	for _, n := range all(p.doc, "input") {
		if value(n, "name") == "request" || value(n, "name") == "state" {
			g.Expect(value(n, "value")).To(Equal(received(s)), page.name)
		}
	}
}

// received is the value of an input after its way through HTML, which has no
// NUL and only one kind of line end.
func received(s string) string {
	return strings.NewReplacer("\x00", "\ufffd", "\r\n", "\n", "\r", "\n").Replace(s)
}

func TestFormPostAction(t *testing.T) {
	t.Parallel()
	for action, ok := range map[string]bool{
		"https://app.example/cb":             true,
		"http://127.0.0.1:3000/cb?a=b&c=%2F": true,
		"http://[::1]:3000/cb":               true,
		"http://idp/käse":                    true,
		"HTTPS://app.example/cb":             true,
		"javascript:alert(1)":                false,
		"JavaScript://app.example/%0aalert":  false,
		"data:text/html,x":                   false,
		"com.example.app:/cb":                false,
		"//app.example/cb":                   false,
		"/cb":                                false,
		"":                                   false,
		"http:///cb":                         false,
		"http:app.example":                   false,
		"http://app.example\\@evil.example":  false,
		"http://a b/":                        false,
		"http://app.example/\x00":            false,
		"http://app.example/\r\nX: y":        false,
		"http://app.example:port/":           false,
		" https://app.example/":              false,
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			w := httptest.NewRecorder()
			err := ui.WriteFormPost(w, ui.FormPost{Action: action, Fields: []ui.Field{{"code", "secret"}}})
			if !ok {
				g.Expect(err).To(MatchError(ui.ErrFormPostAction))
				g.Expect(w.Body.Len()).To(BeZero())
				g.Expect(w.Header()).To(BeEmpty(), "another page can still be written")
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			p := show(t, func(w http.ResponseWriter) error { return ui.WriteFormPost(w, ui.FormPost{Action: action}) })
			g.Expect(value(all(p.doc, "form")[0], "action")).To(Or(Equal(action), Equal("http://idp/k%c3%a4se")))
		})
	}
}

func TestReturnTo(t *testing.T) {
	t.Parallel()
	for to, link := range map[string]bool{
		"https://app.example/?a=b&c=d": true,
		"http://localhost:3000":        true,
		"com.example.app:/logged-out":  true,
		"javascript:alert(1)":          false,
		"JAVASCRIPT:alert(1)":          false,
		" javascript:alert(1)":         false,
		"data:text/html,x":             false,
		"vbscript:x":                   false,
		"myapp://logged-out":           false,
		"/relative":                    false,
		"http:":                        false,
	} {
		t.Run(to, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p := show(t, func(w http.ResponseWriter) error { return ui.WriteLoggedOut(w, ui.LoggedOut{ReturnTo: to}) })
			links := all(p.doc, "a")
			if !link {
				g.Expect(links).To(BeEmpty())
				g.Expect(text(all(p.doc, "code")[0])).To(Equal(strings.TrimSpace(to)))
				return
			}
			g.Expect(links).To(HaveLen(1))
			g.Expect(value(links[0], "href")).To(Equal(to))
		})
	}
}

func TestAnActionThatRunsAScriptGoesNowhere(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := show(t, func(w http.ResponseWriter) error {
		return ui.WriteLogin(w, 200, ui.Login{Action: "javascript:alert(1)"})
	})
	g.Expect(value(all(p.doc, "form")[0], "action")).To(HavePrefix("#"))
}
