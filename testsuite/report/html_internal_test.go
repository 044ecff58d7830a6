package report

import (
	"bytes"
	"encoding/xml"
	"html/template"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/markup"
)

// hostile is a report whose every word is s, with a result of each outcome.
func hostile(s string) *Report {
	r := &Report{
		Tool: Tool{s, s}, Subject: Subject{s, s}, Profiles: []string{s}, Exempt: []string{s}, Started: time.Unix(0, 0), Reason: "it ended: " + s,
	}
	x := Exchange{Method: s, URL: s, Header: Header{s: {s}}, Body: s, Status: 200, AnswerHeader: Header{s: {s, s}}, Answer: s, Error: s, Cut: true}
	for _, state := range []State{Pass, Fail, Warn, Skip, Untestable, Disabled, Error, State(s)} {
		for _, known := range []*Known{nil, {Reason: s, Until: s}, {Reason: s, Until: s, Stale: true}} {
			r.Results = append(r.Results, Result{
				ID: s, Title: s, Section: s, Level: s, Clauses: []string{s, "RFC " + s + " §" + s}, Requirement: s, Sent: s, Expected: s,
				State: state, Reason: s, Known: known, Exchanges: []Exchange{x, {}}, Omitted: 1,
			})
		}
	}
	return r
}

// Whoever is judged decides much of what is said, and changes nothing but text:
// html/template, whose escaper knows HTML, writes the same page, and the JUnit is
// XML.
func FuzzHostileWordsChangeNothingButText(f *testing.F) {
	for _, s := range []string{
		"", "x", `"><script>alert(1)</script>`, `' onload='alert(1)`, "</style></pre></title>", "javascript:alert(1)", "<!-- {{.}} `${1}`",
		"a\x00b\xff\ufffd", "+ADw-", "https://a.example/?a=b&c=d#e f", "é😀\u202e", strings.Repeat("long", 5000), `[{"a":"<b>"}]`, "]]>\uffff\r",
	} {
		f.Add(s)
	}
	theirs := template.Must(template.ParseFS(page, "page.html"))
	f.Fuzz(func(t *testing.T, s string) {
		g := NewWithT(t)
		r := hostile(s)
		v := r.view()
		v.Style, v.Policy = "a>b{}", "'none'"
		var got, want, junit bytes.Buffer
		markup.Parse(page, "page.html").Write(&got, "report", v)
		type with struct {
			reportView
			Style template.CSS
		}
		g.Expect(theirs.ExecuteTemplate(&want, "report", with{v, template.CSS(v.Style)})).To(Succeed())
		g.Expect(got.String()).To(Equal(want.String()))

		g.Expect(r.WriteJUnit(&junit)).To(Succeed())
		var all struct {
			Suites []struct {
				Cases []struct {
					Name string `xml:"name,attr"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		g.Expect(xml.Unmarshal(junit.Bytes(), &all)).To(Succeed())
		g.Expect(all.Suites[1].Cases).To(HaveLen(len(r.Results)))
	})
}

// Where each specification of the catalogue can be read.
func TestClausesAreLinked(t *testing.T) {
	t.Parallel()
	for clause, want := range map[string]string{
		"RFC 6749 §5.2":                          "https://www.rfc-editor.org/rfc/rfc6749#section-5.2",
		"RFC 6749 App. A.4":                      "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4",
		"RFC 6749":                               "https://www.rfc-editor.org/rfc/rfc6749",
		"OpenID Connect Core §3.1.2.1":           "https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.2.1",
		"OpenID Connect RP-Initiated Logout §2":  "https://openid.net/specs/openid-connect-rpinitiated-1_0.html#rfc.section.2",
		"OAuth 2.0 Multiple Response Types §2.1": "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#rfc.section.2.1",
		"OAuth 2.1 §4.1.1":                       "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1#section-4.1.1",
		"a house rule §1":                        "",
	} {
		NewWithT(t).Expect(readClause(clause).link()).To(Equal(want), clause)
	}
}
