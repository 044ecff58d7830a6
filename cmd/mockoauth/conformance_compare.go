package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func prepareCompare(*pflag.FlagSet) func(*streams, []string) error { return compareReports }

// compareReports compares reports, each a file or the folder that it is in, and
// called as the folder is, or its file when that has a name of its own.
func compareReports(s *streams, files []string) error {
	if len(files) == 0 {
		return misused(errors.New("say which reports to compare: mockoauth conformance compare reports-a reports-b"))
	}
	var reports []report.Named
	var wrong []error
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			file = filepath.Join(file, "results.json")
		}
		f, err := os.Open(file)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		r, err := report.Read(f)
		f.Close()
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if name == "results" {
			name = filepath.Base(filepath.Dir(file))
		}
		reports = append(reports, report.Named{Name: name, Report: r})
	}
	if wrong != nil {
		return &failure{exitUsage, errors.Join(wrong...)}
	}
	return report.WriteComparison(s.out, reports)
}
