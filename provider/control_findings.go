package provider

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/lint"
)

// sarifType is the media type of SARIF 2.1.0, as IANA has it.
const sarifType = "application/sarif+json"

// A FindingList is what GET /_mock/findings answers.
type FindingList struct {
	Findings lint.Findings `json:"findings"` // in the order in which they were first seen
}

func findingVerbs() []verb {
	filter := []parameter{
		{"client", "only those about a client"}, {"rule", "only those of a rule, such as RL-42"}, {"severity", "only those of a severity: error, warn or info"},
	}
	return []verb{
		{
			Method: http.MethodGet, Path: "/findings", Go: []string{"Findings"},
			Summary: "Tells what is wrong with the clients, by what they sent; as SARIF, when Accept asks for application/sarif+json",
			Query:   filter, service: answers(listFindings),
		},
		{
			Method: http.MethodGet, Path: "/findings.sarif", Go: []string{"Findings"},
			Summary: "Exports the findings as SARIF 2.1.0, which code hosts and editors show",
			Query:   filter, service: writes(sarifType, exportFindings),
		},
		{
			Method: http.MethodDelete, Path: "/findings", Go: []string{"ClearFindings"},
			Summary: "Forgets the findings so far", service: acts(func(p *Provider, _ *call) error { p.ClearFindings(); return nil }),
		},
	}
}

func listFindings(p *Provider, c *call) (FindingList, error) {
	if strings.Contains(c.Header.Get("Accept"), sarifType) {
		c.answered = true
		return FindingList{}, exportFindings(p, c)
	}
	found, refused := p.findings(c)
	if refused != nil {
		return FindingList{}, refused
	}
	return FindingList{found}, nil
}

func exportFindings(p *Provider, c *call) error {
	found, refused := p.findings(c)
	if refused != nil {
		return refused
	}
	log, err := lint.SARIF(found, "mockoauth")
	if err != nil {
		return err
	}
	header := c.w.Header()
	header.Set("Content-Type", sarifType)
	header.Set("Content-Disposition", `attachment; filename="mockoauth.sarif"`)
	_, _ = c.w.Write(log) // a test that is gone needs no answer
	return nil
}

// findings are those that a call asks for.
func (p *Provider) findings(c *call) (lint.Findings, *Refusal) {
	query := c.URL.Query()
	f := lint.Filter{Client: query.Get("client"), Rule: query.Get("rule"), Severity: lint.Severity(query.Get("severity"))}
	if query.Has("severity") && !slices.Contains(lint.Severities(), string(f.Severity)) {
		return nil, unprocessable("severity is %q; it is one of %s.", f.Severity, strings.Join(lint.Severities(), ", "))
	}
	if query.Has("rule") {
		var ids []string
		for _, r := range lint.Rules() {
			ids = append(ids, r.ID)
		}
		if !slices.Contains(ids, f.Rule) {
			return nil, unprocessable("%s", unknown("rule", f.Rule, ids).Detail)
		}
	}
	return p.Findings().Select(f), nil
}
