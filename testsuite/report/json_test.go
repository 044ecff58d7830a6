package report_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func compiled(t *testing.T) *validator.Schema {
	t.Helper()
	g := NewWithT(t)
	doc, err := validator.UnmarshalJSON(bytes.NewReader(report.Schema()))
	g.Expect(err).NotTo(HaveOccurred())
	c := validator.NewCompiler()
	c.AssertFormat()
	g.Expect(c.AddResource("results.schema.json", doc)).To(Succeed())
	s, err := c.Compile("results.schema.json")
	g.Expect(err).NotTo(HaveOccurred())
	return s
}

func asJSON(t *testing.T, r *report.Report) string {
	t.Helper()
	var out bytes.Buffer
	NewWithT(t).Expect(r.WriteJSON(&out)).To(Succeed())
	return out.String()
}

func valid(s *validator.Schema, text string) error {
	doc, err := validator.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestResultsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	empty := &report.Report{Results: []report.Result{{ID: "TE-01", Level: "MUST", Exchanges: []report.Exchange{{}}}}}
	empty.Results[0].State = report.Pass
	empty.Conclude()
	for name, r := range map[string]*report.Report{"full": full(), "of a run that never began": stopped(), "empty": empty} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			g.Expect(valid(s, asJSON(t, r))).To(Succeed())
			g.Expect(asJSON(t, r)).NotTo(ContainSubstring("null"))
		})
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	t.Parallel()
	s, text := compiled(t), asJSON(t, full())
	for name, c := range map[string]struct{ old, new string }{
		"another version":           {`"version": 1,`, `"version": 2,`},
		"a state of its own":        {`"state": "warn"`, `"state": "warning"`},
		"a result that is partial":  {`"state": "warn"`, `"state": "partial"`},
		"a run that was left out":   {"\n  \"state\": \"error\"", "\n  \"state\": \"disabled\""},
		"a level of its own":        {`"level": "SHOULD"`, `"level": "should"`},
		"a result without a title":  {`"title": "refuses a JSON body",`, ``},
		"an empty id":               {`"id": "TE-03"`, `"id": ""`},
		"fewer than none":           {`"warn": 1`, `"warn": -1`},
		"half a result":             {`"warn": 1`, `"warn": 1.5`},
		"a time that is none":       {`"started": "2026-11-24T20:51:00Z"`, `"started": "yesterday"`},
		"a day that is none":        {`"until": "2027-01-31"`, `"until": "soon"`},
		"one clause instead of all": {`"clauses": [` + "\n        \"RFC 6749 §5.2\",\n        \"RFC 6749 App. B\"\n      ]", `"clauses": "RFC 6749 §5.2"`},
		"one value of a header":     {`"header": {}`, `"header": {"Content-Type": "application/json"}`},
		"a status in words":         {`"status": 400`, `"status": "400 Bad Request"`},
		"a known failure with none": {`"reason": "issue 7",`, ``},
		"no results":                {`"results": [`, `"other": [`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			g.Expect(text).To(ContainSubstring(c.old))
			g.Expect(valid(s, strings.Replace(text, c.old, c.new, 1))).NotTo(Succeed())
		})
	}
	t.Run("but no member that is new", func(t *testing.T) {
		t.Parallel()
		for _, at := range []string{`"id": "TE-03"`, `"version": 1`, `"status": 400`, `"warn": 1`, `"reason": "issue 7"`, `"issuer":`, `"name": "mockoauth"`} {
			NewWithT(t).Expect(valid(s, strings.Replace(text, at, `"new": [1], `+at, 1))).To(Succeed(), at)
		}
	})
}

// definition is one object of the schema.
type definition struct {
	Properties map[string]struct {
		Description string
	}
	Required             []string
	AdditionalProperties any
}

// The schema has the members of the types, each with a word on it, and demands
// those that are always written.
func TestSchemaAndTypesAreTheSame(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var s struct {
		definition
		Defs map[string]definition `json:"$defs"`
	}
	g.Expect(json.Unmarshal(report.Schema(), &s)).To(Succeed())
	for of, d := range map[reflect.Type]definition{
		reflect.TypeFor[report.Report](): s.definition, reflect.TypeFor[report.Tool](): s.Defs["tool"],
		reflect.TypeFor[report.Subject](): s.Defs["subject"], reflect.TypeFor[report.Totals](): s.Defs["totals"],
		reflect.TypeFor[report.Result](): s.Defs["result"], reflect.TypeFor[report.Known](): s.Defs["known"],
		reflect.TypeFor[report.Exchange](): s.Defs["exchange"],
	} {
		var names, always []string
		for i := range of.NumField() {
			name, options, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
			if options != "omitempty" {
				always = append(always, name)
			}
		}
		var described []string
		for name, property := range d.Properties {
			described = append(described, name)
			g.Expect(property.Description).To(MatchRegexp(`^[A-Z].*\.$`), "%s %s", of, name)
		}
		g.Expect(described).To(ConsistOf(names), of.String())
		g.Expect(d.Required).To(ConsistOf(always), of.String())
		g.Expect(d.AdditionalProperties).To(BeTrue(), of.String())
	}
}

func TestResultsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	text := asJSON(t, full())
	r, err := report.Read(strings.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(asJSON(t, r)).To(Equal(text))
	g.Expect(r.ExitCode()).To(Equal(full().ExitCode()))
	g.Expect(text).To(ContainSubstring("400 <Bad Request>"), "people read it as well")

	_, err = report.Read(strings.NewReader(strings.Replace(text, `"version": 1`, `"new": {}, "version": 1`, 1)))
	g.Expect(err).NotTo(HaveOccurred(), "new members may come")
}

func TestWhatIsNotReadSaysWhy(t *testing.T) {
	t.Parallel()
	for text, words := range map[string]string{
		``:                       "no results.json: EOF",
		`<html>`:                 "no results.json: invalid character '<'",
		`{}`:                     "it has no version",
		`{"version":2}`:          "is of version 2, and this program reads version 1",
		`{"version":"1"}`:        "no results.json: json: cannot unmarshal",
		`{"version":1,"results"`: "no results.json: unexpected EOF",
	} {
		_, err := report.Read(strings.NewReader(text))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(words)))
	}
}

func TestNothingOfTheReportIsChangedByWritingIt(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	r.Results[0].Exchanges = []report.Exchange{{}}
	r.Results = slices.Clip(r.Results)
	asJSON(t, r)
	g.Expect(r.Results[0].Exchanges[0].Header).To(BeNil())
	schema := report.Schema()
	schema[0] = 'x'
	g.Expect(report.Schema()[0]).To(Equal(byte('{')))
}
