package report

import (
	_ "embed" // for the schema
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

//go:embed results.schema.json
var schema string

// Schema is the JSON Schema (2020-12) of what [Report.WriteJSON] writes.
func Schema() []byte { return []byte(schema) }

// WriteJSON writes results.json, of which all other forms are made. Nothing is
// hidden: see [Result.Mask].
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // a file, not a part of a page
	encoder.SetIndent("", "  ")
	return encoder.Encode(r.whole())
}

// whole is r with empty lists where it has none: readers in other languages need
// not tell null from [].
func (r *Report) whole() *Report {
	out := *r
	out.Profiles, out.Features, out.Exempt = list(r.Profiles), list(r.Features), list(r.Exempt)
	out.Results = list(slices.Clone(r.Results))
	for i := range out.Results {
		result := &out.Results[i]
		result.Clauses = list(result.Clauses)
		result.Exchanges = slices.Clone(result.Exchanges)
		for j := range result.Exchanges {
			x := &result.Exchanges[j]
			if x.Header == nil {
				x.Header = Header{}
			}
			if x.AnswerHeader == nil {
				x.AnswerHeader = Header{}
			}
		}
	}
	return &out
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Read reads a results.json. It refuses one of another version than [Version],
// and passes over members that it does not know.
func Read(r io.Reader) (*Report, error) {
	var out Report
	if err := json.NewDecoder(r).Decode(&out); err != nil {
		return nil, fmt.Errorf("this is no results.json: %w", err)
	}
	switch {
	case out.Version == 0:
		return nil, fmt.Errorf("this is no results.json: it has no version")
	case out.Version != Version:
		return nil, fmt.Errorf("results.json is of version %d, and this program reads version %d: read it with the program that wrote it", out.Version, Version)
	}
	return &out, nil
}
