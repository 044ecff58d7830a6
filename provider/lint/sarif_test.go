package lint_test

import (
	"encoding/json"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
)

// sarifDemands is what the schema of SARIF 2.1.0 demands of the parts that are written:
// required members, enumerations, and no members that it does not have.
const sarifDemands = `{
	"type": "object", "required": ["version", "runs"], "additionalProperties": false,
	"properties": {
		"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]},
		"runs": {"type": "array", "items": {
			"type": "object", "required": ["tool"], "additionalProperties": false,
			"properties": {
				"tool": {"type": "object", "required": ["driver"], "additionalProperties": false, "properties": {"driver": {
					"type": "object", "required": ["name"], "additionalProperties": false,
					"properties": {"name": {"type": "string"}, "rules": {"type": "array", "uniqueItems": true, "items": {
						"type": "object", "required": ["id"], "additionalProperties": false,
						"properties": {
							"id": {"type": "string"}, "shortDescription": {"$ref": "#/$defs/text"}, "fullDescription": {"$ref": "#/$defs/text"}, "help": {"$ref": "#/$defs/text"},
							"defaultConfiguration": {"type": "object", "additionalProperties": false, "properties": {"level": {"$ref": "#/$defs/level"}}},
							"properties": {"type": "object"}
						}
					}}}
				}}},
				"results": {"type": "array", "items": {
					"type": "object", "required": ["message"], "additionalProperties": false,
					"properties": {
						"ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": -1}, "level": {"$ref": "#/$defs/level"}, "message": {"$ref": "#/$defs/text"},
						"occurrenceCount": {"type": "integer", "minimum": 1}, "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
						"locations": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {"logicalLocations": {
							"type": "array", "uniqueItems": true, "items": {"type": "object", "additionalProperties": false,
								"properties": {"name": {"type": "string"}, "fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}}}
						}}}},
						"properties": {"type": "object"}
					}
				}}
			}
		}}
	},
	"$defs": {
		"level": {"enum": ["none", "note", "warning", "error"]},
		"text": {"type": "object", "required": ["text"], "additionalProperties": false, "properties": {"text": {"type": "string"}}}
	}
}`

func TestSARIFIsAsItsSchemaDemands(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var schema jsonschema.Schema
	g.Expect(json.Unmarshal([]byte(sarifDemands), &schema)).To(Succeed())
	resolved, err := schema.Resolve(nil)
	g.Expect(err).NotTo(HaveOccurred())
	found := read(exchanges{token(cc, header("Cookie", "a=b")), post("token", cc), token(cc, header("Accept", ""))}).Findings()
	for _, fs := range []lint.Findings{found, nil} {
		raw, err := lint.SARIF(fs, "mockoauth")
		g.Expect(err).NotTo(HaveOccurred())
		var log any
		g.Expect(json.Unmarshal(raw, &log)).To(Succeed())
		g.Expect(resolved.Validate(log)).To(Succeed())
		run := log.(map[string]any)["runs"].([]any)[0].(map[string]any)
		rules := run["tool"].(map[string]any)["driver"].(map[string]any)["rules"].([]any)
		g.Expect(rules).To(HaveLen(len(lint.Rules())))
		results := run["results"].([]any)
		g.Expect(results).To(HaveLen(len(fs)))
		for _, r := range results {
			result := r.(map[string]any)
			g.Expect(rules[int(result["ruleIndex"].(float64))]).To(HaveKeyWithValue("id", result["ruleId"]))
		}
	}
	g.Expect(ids(found.AtLeast(lint.Error))).To(Equal([]string{"RL-48", "RL-72"}), "of the request of nobody")
}
