package ui_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/mockoauth/mockoauth/provider/ui"
)

func TestEveryPage(t *testing.T) {
	t.Parallel()
	for _, page := range append(everyPage("value"), barePages()...) {
		t.Run(page.name, func(t *testing.T) {
			t.Parallel()
			p := show(t, page.write)
			t.Run("has the headers of a page that nobody may keep, frame or be told of", func(t *testing.T) { headers(t, p) })
			t.Run("allows its own style and script and nothing else", func(t *testing.T) { policy(t, p) })
			t.Run("loads nothing", func(t *testing.T) { loadsNothing(t, p) })
			t.Run("can be read aloud", func(t *testing.T) { accessible(t, p) })
			t.Run("is small and says that it is a mock", func(t *testing.T) {
				g := NewWithT(t)
				g.Expect(p.Body.Len()).To(BeNumerically("<", 15<<10))
				g.Expect(p.Body.String()).NotTo(ContainSubstring("ZgotmplZ"))
				g.Expect(text(all(p.doc, "header")[0])).To(Equal("mockoauth Mock provider for tests — not a real login"))
			})
		})
	}
}

func headers(t *testing.T, p shown) {
	g := NewWithT(t)
	for name, want := range map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-store",
		"Pragma":                 "no-cache",
		"Referrer-Policy":        "same-origin",
		"X-Frame-Options":        "DENY",
		"X-Content-Type-Options": "nosniff",
		"Content-Length":         strconv.Itoa(p.Body.Len()),
	} {
		g.Expect(p.Header().Values(name)).To(Equal([]string{want}), name)
	}
}

func policy(t *testing.T, p shown) {
	g := NewWithT(t)
	styles, scripts := all(p.doc, "style"), all(p.doc, "script")
	g.Expect(styles).To(HaveLen(1))
	want := []string{
		"default-src 'none'", "style-src " + hash(styles[0]), "img-src data:",
		"base-uri 'none'", "frame-ancestors 'none'",
	}
	if len(scripts) > 0 {
		g.Expect(scripts).To(HaveLen(1))
		g.Expect(p.Body.String()).To(ContainSubstring("Returning to"), "only a form post has a script")
		want = append(want, "script-src "+hash(scripts[0]))
	}
	g.Expect(strings.Split(p.Header().Get("Content-Security-Policy"), "; ")).To(ConsistOf(want))
	for n := range p.doc.Descendants() {
		for _, a := range n.Attr {
			g.Expect(a.Key).NotTo(Or(HavePrefix("on"), Equal("style")), "the policy refuses it")
		}
	}
}

// hash is the source expression of an inline element, from what a browser sees.
func hash(n *html.Node) string {
	sum := sha256.Sum256([]byte(n.FirstChild.Data))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func loadsNothing(t *testing.T, p shown) {
	g := NewWithT(t)
	g.Expect(all(p.doc, "img", "iframe", "object", "embed", "audio", "video", "source", "base")).To(BeEmpty())
	g.Expect(all(p.doc, "style")[0].FirstChild.Data).NotTo(Or(ContainSubstring("url("), ContainSubstring("@import")))
	g.Expect(all(p.doc, "link")).To(HaveLen(1))
	g.Expect(value(all(p.doc, "link")[0], "href")).To(HavePrefix("data:"))
	for n := range p.doc.Descendants() {
		g.Expect(has(n, "src")).To(BeFalse())
		g.Expect(has(n, "srcset")).To(BeFalse())
	}
}

func accessible(t *testing.T, p shown) {
	g := NewWithT(t)
	g.Expect(value(all(p.doc, "html")[0], "lang")).To(Equal("en"))
	g.Expect(text(all(p.doc, "title")[0])).To(HaveSuffix(" · mockoauth"))
	g.Expect(all(p.doc, "h1")).To(HaveLen(1))
	g.Expect(text(all(p.doc, "h1")[0])).NotTo(BeEmpty())
	g.Expect(all(p.doc, "main")).To(HaveLen(1))

	ids, labels, focused := map[string]bool{}, map[string]string{}, 0
	for n := range p.doc.Descendants() {
		if id, ok := attr(n, "id"); ok {
			g.Expect(ids).NotTo(HaveKey(id), "an id is used twice")
			ids[id] = true
		}
		if has(n, "autofocus") {
			focused++
		}
	}
	g.Expect(focused).To(BeNumerically("<=", 1))
	for _, l := range all(p.doc, "label") {
		labels[value(l, "for")] = text(l)
	}
	for _, n := range all(p.doc, "input") {
		if value(n, "type") != "hidden" {
			g.Expect(labels[value(n, "id")]).NotTo(BeEmpty(), "an input without a label")
		}
	}
	for _, b := range all(p.doc, "button", "a", "summary") {
		g.Expect(text(b)).NotTo(BeEmpty(), "a control without a name")
	}
	for n := range p.doc.Descendants() {
		for _, reference := range []string{"aria-describedby", "aria-labelledby", "for"} {
			if id, ok := attr(n, reference); ok {
				g.Expect(ids).To(HaveKey(id))
			}
		}
	}
	for _, f := range all(p.doc, "form") {
		g.Expect(value(f, "method")).To(Equal("post"))
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		write func(http.ResponseWriter) error
		want  int
	}{
		{"a login is 200 unless told", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 0, ui.Login{}) }, 200},
		{"a login has the status it is given", func(w http.ResponseWriter) error { return ui.WriteLogin(w, 401, ui.Login{}) }, 401},
		{"a problem is 400 unless told", func(w http.ResponseWriter) error { return ui.WriteProblem(w, ui.Problem{}) }, 400},
		{"a problem has its own status", func(w http.ResponseWriter) error { return ui.WriteProblem(w, ui.Problem{Status: 503}) }, 503},
		{"a problem may have a status without a name", func(w http.ResponseWriter) error { return ui.WriteProblem(w, ui.Problem{Status: 499}) }, 499},
		{"a consent is 200", func(w http.ResponseWriter) error { return ui.WriteConsent(w, ui.Consent{}) }, 200},
		{"a form post is 200", func(w http.ResponseWriter) error { return ui.WriteFormPost(w, ui.FormPost{Action: "http://a/"}) }, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			NewWithT(t).Expect(show(t, test.write).Code).To(Equal(test.want))
		})
	}
}

func TestFirstPagesAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 8 {
		for _, page := range everyPage("at once") {
			all.Go(func() { show(t, page.write) })
		}
	}
	all.Wait()
}

func TestABrokenConnectionIsTold(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	broken := errors.New("broken pipe")
	g.Expect(ui.WriteConsent(brokenWriter{httptest.NewRecorder(), broken}, ui.Consent{})).To(MatchError(broken))
}

type brokenWriter struct {
	http.ResponseWriter
	err error
}

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }
