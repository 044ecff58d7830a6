package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// written is a file with a content, in a folder of the test's.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// demo are the flags that tell of a mockoauth with the demo set.
func demo(issuer string, more ...string) []string {
	return append([]string{"conformance", "provider", "--issuer", issuer, "--client-id", "demo", "--client-secret", "demo-secret",
		"--username", "apitester", "--password", "apitester"}, more...)
}

func TestConformanceProviderJudges(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, c := range map[string]struct {
		args []string
		code int
		out  []string
		errs []string
	}{
		"as expected": {demo(s.url, "--run", "TE-0*"), 0, []string{"RFC 6749 ", "left out; ", " passed, 0 failed, "}, nil},
		"a failure": {demo(s.url, "--run", "CA-01", "--client-secret", "not-it"), 1,
			[]string{"\nFAIL CA-01 takes HTTP Basic with the right secret\n  MUST, RFC 6749 §2.3.1\n  expected a token response: the status is 401", "0 passed, 1 failed, "}, []string{"fail       CA-01"}},
		"a known one":           {demo(s.url, "--run", "CA-01", "--client-secret", "not-it", "--known-failing", written(t, "k.yaml", "- {id: CA-01, reason: so it is}")), 0, []string{"\nKNOWN CA-01", "  known: so it is\n", "1 known; 0 passed, 1 failed"}, nil},
		"known no more":         {demo(s.url, "--run", "CA-01", "--known-failing", written(t, "k.yaml", "- {id: CA-01, reason: so it was}")), 1, []string{"\nSTALE CA-01", "it passes: remove it from the list", "1 known no more; 1 passed"}, nil},
		"untestable":            {demo(s.url, "--run", "AZ-01,AC-01"), 1, []string{"\nUNTESTABLE the target names no redirect URI of the client demo\n  AZ-01 AC-01\n", "2 untestable, "}, nil},
		"a profile":             {demo(s.url, "--run", "TE-01", "--profiles", "core"), 0, []string{"1 passed, 0 failed, 0 skipped"}, nil},
		"told of every check":   {demo(s.url, "--run", "TE-01", "-v"), 0, nil, []string{"pass       TE-01 answers GET with no token\n", "disabled   CA-01 "}},
		"floods of its own":     {[]string{"conformance", "provider", "--issuer", s.url, "--fixtures", "control", "--run", "TE-36,TE-38"}, 0, []string{"2 passed, 0 failed, 0 skipped"}, nil},
		"clients of its own":    {[]string{"conformance", "provider", "--issuer", s.url, "--fixtures", "control", "--run", "OC-*,AZ-*"}, 0, []string{" passed, 0 failed, 5 skipped"}, nil},
		"patterns from a file":  {demo(s.url, "--run", "@"+written(t, "ids", "TE-01\nTE-02\n")), 0, []string{"2 passed, 0 failed"}, nil},
		"nothing is tried":      {demo(s.url, "--run", "TE-01", "--skip", "TE-*"), 3, []string{"\nERROR no check was tried"}, nil},
		"nobody is there":       {demo("http://127.0.0.1:1"), 3, []string{"\nERROR the target cannot be reached: ", "0 passed, 0 failed, 0 skipped"}, nil},
		"no control is there":   {[]string{"conformance", "provider", "--issuer", "http://127.0.0.1:1", "--fixtures", "control"}, 3, nil, []string{"mockoauth: "}},
		"the same of the other": {demo(s.url, "--run", "TE-01", "--exempt", "password", "--max-wait", "1s", "--parallel", "1", "--timeout", "2s", "--skip", "slow"), 0, []string{"1 passed"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := runs(t, nil, c.args...)
			g.Expect(r.code).To(Equal(c.code), "%s%s", r.out, r.errs)
			for _, words := range c.out {
				g.Expect(r.out).To(ContainSubstring(words))
			}
			for _, words := range c.errs {
				g.Expect(r.errs).To(ContainSubstring(words))
			}
			g.Expect(r.errs).NotTo(ContainSubstring("nil"))
			if c.code < 2 {
				last := strings.Split(strings.TrimSpace(r.out), "\n")
				g.Expect(last[len(last)-1]).To(MatchRegexp(`\d+ passed, \d+ failed, \d+ skipped$`), "it is the last line")
			}
		})
	}
}

// The tenants in which a mockoauth is judged are gone afterwards.
func TestConformanceProviderCleansUp(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	r := runs(t, nil, "conformance", "provider", "--issuer", s.url, "--fixtures", "control", "--run", "TE-01")
	g.Expect(r.code).To(Equal(0), "%s%s", r.out, r.errs)
	response, err := http.Get(s.url + "/_mock/tenants")
	g.Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	left, err := io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(left)).NotTo(ContainSubstring("/tenant-"))
}

// What is wrong with the wish is told all at once, and nothing is sent.
func TestConformanceProviderRefusesMisuse(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	r := runs(t, []string{"MOCKOAUTH_CONFORMANCE_USERNAM=alice"}, "conformance", "provider", "--issuer", server.URL, "--run", "TE-99", "--profiles", "fast", "--fixtures", "none",
		"--known-failing", written(t, "k.yaml", "- {id: ZZ-01, reason: x}"), "--skip", "@/no/such/file", "--timeout", "soon")
	g.Expect(r.code).To(Equal(2))
	for _, words := range []string{
		`MOCKOAUTH_CONFORMANCE_USERNAM: unknown variable, did you mean "MOCKOAUTH_CONFORMANCE_USERNAME"?`, `--timeout`, `"fast"`,
		`the pattern "TE-99" matches no check`, `known failure "ZZ-01": there is no such check`, `--fixtures: "none" is not control`, "/no/such/file",
	} {
		g.Expect(r.errs).To(ContainSubstring(words))
	}
	g.Expect(asked).To(BeFalse())
	for _, args := range [][]string{{"conformance"}, {"conformance", "provider"}, {"conformance", "provider", "--no-such-flag"}, {"conformance", "provider", "extra"}, {"conformance", "explain"},
		{"conformance", "explain", "TE-99"}, {"conformance", "list", "TE-99"}, {"conformance", "compare"}, {"conformance", "compare", "/no/such/file"}} {
		r := runs(t, nil, args...)
		g.Expect(r.code).To(Equal(2), "%v", args)
		g.Expect(r.errs).NotTo(BeEmpty())
	}
}

// Flags win over variables, and these over the file.
func TestConformanceProviderOrderOfSettings(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	file := written(t, "target.yaml", "issuer: http://127.0.0.1:1\nclients: {main: {id: nobody, secret: demo-secret, scopes: [read, write]}}\nusers: {main: {username: apitester, password: apitester}}\n")
	environ := []string{"MOCKOAUTH_CONFORMANCE_TARGET_FILE=" + file, "MOCKOAUTH_CONFORMANCE_ISSUER=" + s.url, "MOCKOAUTH_CONFORMANCE_CLIENT_ID=somebody"}
	r := runs(t, environ, "conformance", "provider", "--client-id", "demo", "--run", "CA-01")
	g.Expect(r.code).To(Equal(0), "%s%s", r.out, r.errs)
	r = runs(t, environ, "conformance", "provider", "--run", "CA-01")
	g.Expect(r.code).To(Equal(1), "somebody is no client")
	r = runs(t, environ[:2], "conformance", "provider", "--run", "CA-01")
	g.Expect(r.code).To(Equal(1), "nobody is no client")
}

func TestConformanceProviderWritesReports(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t)
	dir := filepath.Join(t.TempDir(), "a", "reports")
	r := runs(t, nil, demo(s.url, "--run", "TE-*,CA-01", "--report-dir", dir, "--client-redirect-uris", "http://localhost:3000/callback")...)
	g.Expect(r.code).To(Equal(0), "%s%s", r.out, r.errs)
	g.Expect(r.out).To(ContainSubstring("Reports: " + dir))
	for _, name := range []string{"results.json", "junit.xml", "report.html", "summary.md"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(len(text)).To(BeNumerically(">", 300), name)
		g.Expect(string(text)).NotTo(ContainSubstring("demo-secret"), name)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "results.json"))
	g.Expect(err).NotTo(HaveOccurred())
	var document report.Report
	g.Expect(json.Unmarshal(raw, &document)).To(Succeed())
	g.Expect(document.Tool).To(Equal(report.Tool{Name: "mockoauth", Version: buildVersion()}))
	g.Expect(document.Subject.Issuer).To(Equal(s.url))

	r = runs(t, nil, "conformance", "compare", filepath.Join(dir, "results.json"))
	g.Expect(r.code).To(Equal(0), r.errs)
	g.Expect(r.out).To(HavePrefix("| | reports |\n|---|--:|\n| RFC 6749, OAuth 2.0 | "))
	g.Expect(r.out).To(ContainSubstring("\n### reports\n\n"))
}

func TestConformanceListAndExplain(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := runs(t, nil, "conformance", "list")
	g.Expect(r.code).To(Equal(0))
	g.Expect(strings.Count(r.out, "\nTE-")).To(BeNumerically(">", 30))
	g.Expect(r.out).To(ContainSubstring("\nTE-12 MUST   refuses a second grant_type with invalid_request (RFC 6749 §3.2; RFC 6749 §5.2) [client_credentials]\n"))
	g.Expect(r.out).To(ContainSubstring("\n# Profiles\ncore       the token endpoint"))
	r = runs(t, nil, "conformance", "list", "pk-0*")
	g.Expect(r.out).To(HavePrefix("\n# H PKCE\nPK-01 MUST"))
	g.Expect(r.out).NotTo(ContainSubstring("Profiles"))

	r = runs(t, nil, "conformance", "explain", "te-12", "JA-01")
	g.Expect(r.code).To(Equal(0))
	g.Expect(r.out).To(HavePrefix("TE-12 refuses a second grant_type with invalid_request\nMUST, RFC 6749 §3.2; RFC 6749 §5.2 [client_credentials]\n\nA client that names two grants"))
	g.Expect(r.out).To(ContainSubstring("\nSent: grant_type=client_credentials and grant_type=password"))
	g.Expect(r.out).To(ContainSubstring("\nExpected: 400 invalid_request"))
	g.Expect(r.out).To(ContainSubstring("\nIt is seen to fail under:\n  first_duplicate_wins: takes the first value"))
	g.Expect(r.out).To(ContainSubstring("\n\nJA-01 "))
	g.Expect(r.out).To(ContainSubstring("\nNo fault of mockoauth breaks it: mockoauth takes no JWT assertions yet"))
	for line := range strings.SplitSeq(r.out, "\n") {
		if !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "JA-") && !strings.HasPrefix(line, "MUST") {
			g.Expect(len([]rune(line))).To(BeNumerically("<=", 80), line)
		}
	}
}

// A provider that exports the suite's variables in a pipeline starts nevertheless.
func TestServeIgnoresTheSuitesVariables(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(unknown(map[string]string{"MOCKOAUTH_CONFORMANCE_ISSUER": "x"})).To(BeEmpty())
	g.Expect(unknown(map[string]string{"MOCKOAUTH_CONFORMANC_ISSUER": "x"})).NotTo(BeEmpty())
}
