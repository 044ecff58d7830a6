package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

const (
	tokens = "A Token endpoint, common rules"
	openID = "Y OpenID Connect"
)

// full is a report with a result of every kind.
func full() *report.Report {
	r := &report.Report{
		Tool: report.Tool{Name: "mockoauth", Version: "v1.2.3"}, Subject: report.Subject{Kind: "provider", Issuer: "https://op.example"},
		Profiles: []string{"oidc-basic"}, Features: []string{"code", "refresh_token"}, Exempt: []string{"introspection"},
		Started: time.Date(2026, 11, 24, 20, 51, 0, 0, time.UTC), Seconds: 75.25,
		Results: []report.Result{
			{ID: "TE-01", Title: "answers GET with no token", State: report.Pass, Exchanges: []report.Exchange{refusal()}},
			{
				ID: "TE-02", Title: "refuses an unknown grant_type", Clauses: []string{"RFC 6749 §5.2", "RFC 6749 App. B"}, State: report.Fail,
				Requirement: "A grant that the server does not know is refused.", Sent: "grant_type=x", Expected: "400 unsupported_grant_type",
				Reason:    "expected 400 <Bad Request>: it is\n\n200 OK | *not* client_secret_basic, see #12 & `that`",
				Exchanges: []report.Exchange{refusal(), silence()}, Omitted: 3, Seconds: 0.25,
			},
			{ID: "TE-03", Title: "refuses a JSON body", Level: "SHOULD", State: report.Warn, Reason: "it is taken"},
			{ID: "TE-04", Title: "is served by https", State: report.Skip, Reason: "the target does not claim tls"},
			{ID: "TE-05", Title: "refuses a form of 1 MiB", State: report.Disabled, Reason: "left out by the user"},
			{ID: "TE-06", Title: "limits guesses", State: report.Error, Reason: "the check panicked: oh"},
			{ID: "OC-01", Title: "returns the nonce", State: report.Fail, Reason: "there is none", Known: &report.Known{Reason: "issue 7", Until: "2027-01-31"}},
			{ID: "OC-02", Title: "names the audience", State: report.Pass, Known: &report.Known{Reason: "issue 8", Stale: true}},
			{ID: "OC-03", Title: "signs", State: report.Fail, Reason: "it does not", Known: &report.Known{Reason: "issue 9", Until: "2026-01-31", Stale: true}},
			{ID: "OC-04", Title: "tells one user from another", State: report.Untestable, Reason: `the target names no user in the role "other"`},
			{ID: "OC-05", Title: "does HTTP", Level: "MAY", Clauses: []string{"RFC 9110 §15", "OpenID Connect Core §2"}, State: report.Skip, Reason: "no", Known: &report.Known{Reason: "issue 10"}},
		},
	}
	for i := range r.Results {
		result := &r.Results[i]
		result.Section, result.Seconds = tokens, 0.125
		if result.ID[0] == 'O' {
			result.Section = openID
		}
		if result.Level == "" {
			result.Level = "MUST"
		}
		if result.Clauses == nil {
			result.Clauses = []string{map[string]string{tokens: "RFC 6749 §3.2", openID: "OpenID Connect Core §3.1.3.7"}[result.Section]}
		}
	}
	r.Conclude()
	return r
}

func refusal() report.Exchange {
	return report.Exchange{
		At: time.Date(2026, 11, 24, 20, 51, 1, 0, time.UTC), Seconds: 0.0042, Method: "POST", URL: "https://op.example/token?a=b",
		Header: report.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json", "text/plain"}},
		Body:   "grant_type=x&username=alice", Status: 400,
		AnswerHeader: report.Header{"Content-Type": {"application/json"}}, Answer: `{"error":"invalid_grant","n":[1]}`, Cut: true,
	}
}

func silence() report.Exchange {
	return report.Exchange{
		At: time.Date(2026, 11, 24, 20, 51, 2, 0, time.UTC), Seconds: 2, Method: "GET", URL: "https://op.example", Error: "EOF \x01",
	}
}

// stopped is a report of a run that never began.
func stopped() *report.Report {
	r := full()
	r.Results, r.Profiles, r.Features, r.Exempt = nil, nil, nil, nil
	r.Seconds, r.Reason = 0.0031, "dial tcp: connection refused <no_one>"
	r.Conclude()
	return r
}

// golden compares with a file of testdata. UPDATE_GOLDEN=1 writes it anew.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	g := NewWithT(t)
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		g.Expect(os.WriteFile(path, got, 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(got)).To(Equal(string(want)), "if that is meant: UPDATE_GOLDEN=1 go test ./testsuite/report")
}

// written is each form of a report, by its file's name.
func written(t *testing.T, r *report.Report) map[string]string {
	t.Helper()
	g := NewWithT(t)
	all := map[string]string{}
	dir := filepath.Join(t.TempDir(), "not", "there")
	g.Expect(r.WriteFiles(dir)).To(Succeed())
	files, err := os.ReadDir(dir)
	g.Expect(err).NotTo(HaveOccurred())
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		g.Expect(err).NotTo(HaveOccurred())
		all[file.Name()] = string(content)
	}
	return all
}

func TestFilesAreThereWhole(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(dir, "summary.md"), []byte("of yesterday"), 0o600)).To(Succeed())
	g.Expect(full().WriteFiles(dir)).To(Succeed())
	var names []string
	files, err := os.ReadDir(dir)
	g.Expect(err).NotTo(HaveOccurred())
	for _, file := range files {
		names = append(names, file.Name())
		info, err := file.Info()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o644)), "others read them")
	}
	g.Expect(names).To(Equal([]string{"junit.xml", "report.html", "results.json", "summary.md"}), "and nothing beside them")
	var want bytes.Buffer
	g.Expect(full().WriteMarkdown(&want)).To(Succeed())
	g.Expect(os.ReadFile(filepath.Join(dir, "summary.md"))).To(Equal(want.Bytes()))
}

func TestFilesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "file")
	g.Expect(os.WriteFile(file, nil, 0o600)).To(Succeed())
	g.Expect(full().WriteFiles(file)).To(MatchError(ContainSubstring(file)))
	taken := t.TempDir()
	g.Expect(os.MkdirAll(filepath.Join(taken, "junit.xml", "x"), 0o700)).To(Succeed())
	g.Expect(full().WriteFiles(taken)).To(MatchError(ContainSubstring("junit.xml")))
	g.Expect(filepath.Glob(filepath.Join(taken, ".*"))).To(BeEmpty(), "what was begun is gone")
}
