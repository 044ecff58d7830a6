package lint

import (
	"encoding/json"
	"strings"
)

// The parts of the format that findings need (SARIF 2.1.0 §3.13 and following).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string            `json:"id"`
		Short   sarifText         `json:"shortDescription"`
		Full    sarifText         `json:"fullDescription"`
		Help    sarifText         `json:"help"`
		Default map[string]string `json:"defaultConfiguration"`
		More    map[string]any    `json:"properties,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string            `json:"ruleId"`
		RuleIndex int               `json:"ruleIndex"`
		Level     string            `json:"level"`
		Message   sarifText         `json:"message"`
		Locations []sarifLocation   `json:"locations"`
		Prints    map[string]string `json:"partialFingerprints"`
		Count     int               `json:"occurrenceCount"`
		More      map[string]any    `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Logical []sarifLogical `json:"logicalLocations"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// SARIF writes findings in the Static Analysis Results Interchange Format 2.1.0. tool is
// the program's name. A finding is where its client is, since nobody knows the file.
func SARIF(findings Findings, tool string) ([]byte, error) {
	driver, index := sarifDriver{Name: tool, Rules: []sarifRule{}}, map[string]int{}
	for i, r := range Rules() {
		index[r.ID] = i
		driver.Rules = append(driver.Rules, sarifRule{
			ID: r.ID, Short: sarifText{r.Title + "."}, Full: sarifText{r.Title + ": " + strings.Join(r.Clauses, ", ") + "."},
			Help: sarifText{r.Advice + "."}, Default: map[string]string{"level": level(r.Severity)}, More: map[string]any{"clauses": r.Clauses},
		})
	}
	results := []sarifResult{}
	for _, f := range findings {
		client := f.Client
		if client == "" {
			client = "unknown client"
		}
		results = append(results, sarifResult{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: level(f.Severity), Count: f.Count,
			Message:   sarifText{f.Title + " (" + strings.Join(f.Clauses, ", ") + "). Sent: " + f.Sent + ". " + f.Instead + "."},
			Locations: []sarifLocation{{[]sarifLogical{{client, client + "/" + f.First.Endpoint, "member"}}}},
			Prints:    map[string]string{"ruleAndClient/v1": f.Rule + "/" + f.Client},
			More:      map[string]any{"first": f.First, "last": f.Last},
		})
	}
	return json.Marshal(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{sarifTool{driver}, results}},
	})
}

// level is a severity in SARIF's words (§3.27.10).
func level(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warn:
		return "warning"
	}
	return "note"
}
