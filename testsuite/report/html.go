package report

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"strings"

	"github.com/mockoauth/mockoauth/provider/markup"
)

//go:embed page.html page.css
var page embed.FS

// WriteHTML writes a page for people: the verdict, a table by specification, then
// all that did not simply pass, with what was sent and what came back, and the
// rest in lists. It is one file that loads nothing and runs nothing.
func (r *Report) WriteHTML(w io.Writer) error {
	css, err := page.ReadFile("page.css")
	if err != nil {
		return err
	}
	v := r.view()
	v.Style = markup.Palette() + markup.CSS(css)
	v.Policy = "default-src 'none'; style-src " + markup.Source(string(v.Style)) + "; img-src data:; base-uri 'none'; form-action 'none'"
	var out bytes.Buffer
	markup.Parse(page, "page.html").Write(&out, "report", v)
	_, err = w.Write(out.Bytes())
	return err
}

// reportView is what the page shows. Its parts are views as well: plain text that
// the page has only to put in its place.
type reportView struct {
	Policy string
	Style  markup.CSS

	Verdict, Tone, Reason  string
	Issuer, Tool, When     string
	Took, Profiles, Exempt string
	Totals                 []countView // every column, and how many there are in all
	All                    int
	Specifications         []specificationView
	Groups                 []groupView
}

type countView struct {
	Kind  string // the outcome
	Title string
	Label string // the title within a sentence
	N     int
}

type specificationView struct {
	Name, About, Link string
	Bars              []barView
	Counts            []countView
}

// A barView is one part of a bar that is 100 wide.
type barView struct{ Kind, From, Width string }

type groupView struct {
	Kind, Title, Means string
	N                  int
	Folded             bool // a list that is opened when somebody wants it
	Results            []resultView
}

func (r *Report) view() reportView {
	v := reportView{
		Verdict: r.verdict(), Tone: string(r.tone()), Reason: r.Reason, Issuer: r.Subject.Issuer,
		Tool: strings.TrimSpace(r.Tool.Name + " " + r.Tool.Version), When: r.Started.UTC().Format("2 January 2006, 15:04 UTC"), Took: lasted(r.Seconds),
		Profiles: strings.Join(r.Profiles, ", "), Exempt: strings.Join(r.Exempt, ", "), All: len(r.Results),
	}
	columns := r.columns()
	v.Totals = counts(columns, r.tally())
	for _, s := range r.bySpecification() {
		about := subject(s.name)
		v.Specifications = append(v.Specifications, specificationView{
			s.name, strings.ToUpper(about[:min(1, len(about))]) + about[min(1, len(about)):], readClause(s.name).link(), bars(columns, s.tally), counts(columns, s.tally),
		})
	}
	for _, o := range outcomes() {
		if g := r.group(o); g.N > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

func counts(columns []outcome, t tally) (all []countView) {
	for _, o := range columns {
		all = append(all, countView{string(o), o.title(), strings.ToLower(o.title()), t[o]})
	}
	return all
}

func bars(columns []outcome, t tally) (all []barView) {
	sum, done := 0, 0
	for _, n := range t {
		sum += n
	}
	for _, o := range columns {
		if n := t[o]; n > 0 {
			share := func(n int) string { return fmt.Sprintf("%.2f", float64(n)*100/float64(sum)) }
			all = append(all, barView{string(o), share(done), share(n)})
			done += n
		}
	}
	return all
}

func (r *Report) group(o outcome) groupView {
	g := groupView{Kind: string(o), Title: o.title(), Means: o.means(), N: r.tally()[o], Folded: o.folded()}
	for _, result := range r.Results {
		if r.outcome(result) == o {
			g.Results = append(g.Results, result.view(!g.Folded))
		}
	}
	return g
}
