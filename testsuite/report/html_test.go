package report_test

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/mockoauth/mockoauth/provider/markup"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/report"
)

func asHTML(t *testing.T, r *report.Report) string {
	t.Helper()
	var out bytes.Buffer
	NewWithT(t).Expect(r.WriteHTML(&out)).To(Succeed())
	return out.String()
}

func parsed(t *testing.T, r *report.Report) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(asHTML(t, r)))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return doc
}

// all are the elements of these names, in the page's order.
func all(n *html.Node, names ...string) (found []*html.Node) {
	for d := range n.Descendants() {
		for _, name := range names {
			if d.Type == html.ElementNode && d.Data == name {
				found = append(found, d)
			}
		}
	}
	return found
}

func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func texts(nodes []*html.Node) (out []string) {
	for _, n := range nodes {
		out = append(out, text(n))
	}
	return out
}

func TestThePageTellsTheWorstFirst(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := parsed(t, full())
	g.Expect(texts(all(doc, "h1"))).To(Equal([]string{
		"1 check ended in an error, 1 check failed, 2 known failures are none any more and 1 check could not be tried",
	}))
	g.Expect(texts(all(doc, "h2"))).To(Equal([]string{
		"By specification", "Failed 1", "Known no more 2", "Untestable 1", "Errors 1", "Warnings 1", "Known failures 1", "Passed 1", "Skipped 2", "Left out 1",
	}))
	g.Expect(texts(all(doc, "label"))).To(Equal([]string{
		"11 All", "1 Passed", "1 Failed", "2 Known no more", "1 Untestable", "1 Errors", "1 Warnings", "1 Known failures", "2 Skipped", "1 Left out",
	}))
	g.Expect(texts(all(doc, "tbody")[0:1])).To(Equal([]string{"RFC 6749 OAuth 2.0 1 1 1 1 1 1 RFC 9110 HTTP 1 OpenID Connect Core 2 1 1"}))
	page := text(all(doc, "main")[0])
	for _, words := range []string{"https://op.example", "24 November 2026, 20:51 UTC · 1 min 15 s · mockoauth v1.2.3 · profiles oidc-basic · without introspection"} {
		g.Expect(page).To(ContainSubstring(words))
	}
}

func TestAFailureSaysAllThereIsToKnow(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	failure := all(parsed(t, full()), "article")[0]
	g.Expect(text(failure)).To(HavePrefix("TE-02 refuses an unknown grant_type MUST RFC 6749 §5.2 RFC 6749 App. B A Token endpoint, common rules " +
		"Requirement A grant that the server does not know is refused. Sent grant_type=x Expected 400 unsupported_grant_type " +
		"Seen expected 400 <Bad Request>: it is 200 OK | *not* client_secret_basic, see #12 & `that` 5 requests and their answers 3 of them are left out of the middle " +
		"POST /token?a=b 400 Bad Request 4.2 ms Request"))
	var links []string
	for _, a := range all(failure, "a") {
		links = append(links, value(a, "href"))
	}
	g.Expect(links).To(Equal([]string{"#TE-02", "https://www.rfc-editor.org/rfc/rfc6749#section-5.2", "https://www.rfc-editor.org/rfc/rfc6749#appendix-B"}))
	var said []string
	for _, pre := range all(failure, "pre") {
		said = append(said, pre.FirstChild.Data)
	}
	g.Expect(said).To(Equal([]string{
		"POST https://op.example/token?a=b\nAccept: application/json\nAccept: text/plain\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=x&username=alice",
		"400 Bad Request\nContent-Type: application/json\n\n{\n  \"error\": \"invalid_grant\",\n  \"n\": [\n    1\n  ]\n}\n… and more",
		"GET https://op.example", "no answer",
	}))
	g.Expect(text(failure)).To(ContainSubstring("GET / no answer 2.0 s"))
	g.Expect(text(failure)).To(HaveSuffix("EOF \x01"))
}

func TestWhatIsKnownSaysSo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	articles := texts(all(parsed(t, full()), "article"))
	g.Expect(articles).To(ContainElement(And(HavePrefix("OC-01"), ContainSubstring("Known: issue 7 (until 2027-01-31) Seen there is none"))))
	g.Expect(articles).To(ContainElement(And(HavePrefix("OC-02"), ContainSubstring("Seen it passes: remove it from the list of known failures"))))
}

// What passed is a line: results.json has its exchanges.
func TestWhatPassedOrWasSkippedIsALine(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := parsed(t, full())
	g.Expect(texts(all(doc, "li"))).To(Equal([]string{
		"TE-01 answers GET with no token MUST RFC 6749 §3.2",
		"TE-04 is served by https MUST RFC 6749 §3.2 the target does not claim tls",
		"OC-05 does HTTP MAY RFC 9110 §15 OpenID Connect Core §2 no",
		"TE-05 refuses a form of 1 MiB MUST RFC 6749 §3.2 left out by the user",
	}))
	g.Expect(all(doc, "details")).To(HaveLen(6), "three lists, and one failure's two exchanges within one")
}

func TestThePageOfARunThatNeverBegan(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := parsed(t, stopped())
	g.Expect(text(all(doc, "main")[0])).To(HavePrefix("There is no verdict: the run ended early https://op.example dial tcp: connection refused <no_one>"))
	g.Expect(all(doc, "table", "fieldset", "h2")).To(BeEmpty())
}

// A specification that is new in the catalogue needs its address, and a number
// says nothing to most people.
func TestEverySpecificationOfTheCatalogueIsKnown(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := &report.Report{}
	for _, s := range check.Sections() {
		for _, c := range s.Checks {
			r.Results = append(r.Results, report.Result{ID: c.ID, State: report.Pass, Clauses: c.Clauses})
		}
	}
	doc := parsed(t, r)
	for _, row := range all(doc, "tr")[1:] {
		if name := text(row); strings.HasPrefix(name, "RFC") {
			g.Expect(all(row, "span")).NotTo(BeEmpty(), name)
		}
	}
	rows := all(doc, "li")
	g.Expect(len(rows)).To(BeNumerically(">", 300))
	for i, row := range rows {
		g.Expect(texts(all(row, "a"))).To(Equal(r.Results[i].Clauses))
	}
}

// What a run did not come to is a line each, and no error of its own.
func TestARunThatEndedEarlyListsWhatItDidNotTry(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	r.Reason = "the target answered nothing"
	for i := range 4 {
		r.Results[i].State, r.Results[i].Reason = report.Error, r.Reason
	}
	r.Conclude()
	doc := parsed(t, r)
	g.Expect(texts(all(doc, "h2"))).To(ContainElements("Errors 1", "Not tried 4"))
	g.Expect(texts(all(doc, "li"))).To(ContainElement("TE-03 refuses a JSON body SHOULD RFC 6749 §3.2 the target answered nothing"))
	g.Expect(texts(all(doc, "label"))).To(ContainElement("4 Not tried"))
	g.Expect(all(doc, "style")[0].FirstChild.Data).To(ContainSubstring("body:has(#show-untried:checked) .group:not(.untried)"))
	summary := asMarkdown(t, r)
	g.Expect(summary).To(ContainSubstring("| Not tried |"))
	g.Expect(summary).To(ContainSubstring("**TE-06**"))
	g.Expect(summary).NotTo(ContainSubstring("TE-03"))
}

// One file that is whole: it loads nothing, runs nothing, and its policy says so.
func TestThePageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := parsed(t, full())
	style := all(doc, "style")[0].FirstChild.Data
	g.Expect(value(all(doc, "meta")[1], "content")).To(Equal(
		"default-src 'none'; style-src " + markup.Source(style) + "; img-src data:; base-uri 'none'; form-action 'none'"))
	g.Expect(style).NotTo(MatchRegexp(`url\(|@import`))
	g.Expect(all(doc, "script", "img", "iframe", "object", "form", "base")).To(BeEmpty())
	for n := range doc.Descendants() {
		g.Expect(value(n, "src")+value(n, "style")).To(BeEmpty(), n.Data)
		for _, a := range n.Attr {
			g.Expect(a.Key).NotTo(HavePrefix("on"))
		}
	}
	for _, link := range all(doc, "link") {
		g.Expect(value(link, "href")).To(HavePrefix("data:"))
	}
}

// Every choice of what to show has its rule, as there is no script.
func TestEachOutcomeCanBeShownAlone(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := parsed(t, full())
	style, kinds := all(doc, "style")[0].FirstChild.Data, 0
	for _, input := range all(doc, "input") {
		if kind := strings.TrimPrefix(value(input, "id"), "show-"); kind != "all" {
			kinds++
			g.Expect(style).To(ContainSubstring(fmt.Sprintf("body:has(#show-%s:checked) .group:not(.%s)", kind, kind)))
		}
	}
	g.Expect(kinds).To(Equal(9))
}

func TestHeadingsAreInOrder(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	last := 0
	ids := map[string]bool{}
	doc := parsed(t, full())
	for _, h := range all(doc, "h1", "h2", "h3", "h4") {
		level := int(h.Data[1] - '0')
		g.Expect(level).To(BeNumerically("<=", last+1), text(h))
		last = level
	}
	for n := range doc.Descendants() {
		if id := value(n, "id"); n.Type == html.ElementNode && id != "" {
			g.Expect(ids[id]).To(BeFalse(), "%s is there twice", id)
			ids[id] = true
		}
	}
}

// Text needs a contrast of 4.5, what is drawn 3 (WCAG 2.2 §1.4.3, §1.4.11). The
// palette's own are tested in provider/ui.
func TestContrast(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	style := all(parsed(t, full()), "style")[0].FirstChild.Data
	schemes := []map[string]string{{}, {}}
	for i, root := range regexp.MustCompile(`(?s):root\{.*?\}`).FindAllString(style, 4) {
		for _, m := range regexp.MustCompile(`--([a-z-]+):#([0-9a-f]{6})`).FindAllStringSubmatch(root, -1) {
			schemes[i%2][m[1]] = m[2]
		}
	}
	for i, colours := range schemes {
		for pair, least := range map[[2]string]float64{
			{"card", "fail"}: 4.5, {"ground", "soft"}: 4.5, {"ground", "accent"}: 4.5, {"chip", "text"}: 4.5,
			{"card", "pass"}: 3, {"card", "warn"}: 3, {"card", "known"}: 3, {"card", "grey"}: 3,
		} {
			a, b := luminance(t, colours[pair[0]]), luminance(t, colours[pair[1]])
			g.Expect((max(a, b)+0.05)/(min(a, b)+0.05)).To(BeNumerically(">=", least), "scheme %d: %s on %s", i, pair[1], pair[0])
		}
	}
}

// luminance is the relative luminance of an sRGB colour, as WCAG defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c, err := strconv.ParseUint(colour[2*i:2*i+2], 16, 8)
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		v := float64(c) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
