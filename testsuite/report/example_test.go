package report_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// A report of one check, as a runner makes it.
func ExampleReport_WriteMarkdown() {
	result := report.Result{
		ID: "TE-09", Title: "refuses an unknown grant_type", Level: "MUST", Clauses: []string{"RFC 6749 §5.2"},
		State: report.Fail, Reason: "sent code=Gq8mZ2xK, and got 200 OK",
	}
	result.Mask()
	r := &report.Report{Results: []report.Result{result}}
	r.Conclude()
	var summary strings.Builder
	if err := r.WriteMarkdown(&summary); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	fmt.Println(summary.String()[strings.Index(summary.String(), "###"):])
	fmt.Println(r.Summary(), "- exit", r.ExitCode())
	// Output:
	// ### Failed
	//
	// - **TE-09** refuses an unknown grant_type ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2))<br>sent code=…(8), and got 200 OK
	//
	// 0 passed, 1 failed, 0 skipped - exit 1
}

// A results.json that another program looks into.
func ExampleRead() {
	r, err := report.Read(strings.NewReader(`{"version": 1, "results": [{"id": "TE-09", "title": "refuses an unknown grant_type", "state": "pass"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range r.Results {
		fmt.Println(result.State, result.Name())
	}
	// Output: pass TE-09 refuses an unknown grant_type
}
