package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

func asJUnit(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	NewWithT(t).Expect(r.WriteJUnit(&out)).To(Succeed())
	return out.Bytes()
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	golden(t, "junit.xml", asJUnit(t, full()))
}

func TestJUnitIsReadByAParser(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suites, err := junit.Ingest(asJUnit(t, full()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(suites).To(HaveLen(2))
	g.Expect(suites[0].Name).To(Equal(tokens))
	g.Expect(suites[1].Name).To(Equal(openID))
	g.Expect(suites[0].Totals.Tests).To(Equal(6))

	type seen struct {
		status  junit.Status
		message string
		out     string
	}
	got := map[string]seen{}
	for _, suite := range suites {
		for _, test := range suite.Tests {
			g.Expect(test.Classname).To(Equal(suite.Name))
			message := test.Message
			if test.Error != nil && message == "" {
				message = test.Error.Error()
			}
			got[test.Name] = seen{test.Status, message, test.SystemOut}
		}
	}
	for name, want := range map[string]struct {
		status       junit.Status
		message, out string
	}{
		"TE-01 answers GET with no token":     {junit.StatusPassed, "", ""},
		"TE-02 refuses an unknown grant_type": {junit.StatusFailed, "expected 400 <Bad Request>: it is 200 OK | *not* client_secret_basic, see #12 & `that`", "\"error\": \"invalid_grant\""},
		"TE-03 refuses a JSON body":           {junit.StatusPassed, "", "warning: it is taken"},
		"TE-04 is served by https":            {junit.StatusSkipped, "the target does not claim tls", ""},
		"TE-05 refuses a form of 1 MiB":       {junit.StatusSkipped, "left out by the user", ""},
		"TE-06 limits guesses":                {junit.StatusError, "the check panicked: oh", ""},
		"OC-01 returns the nonce":             {junit.StatusSkipped, "known: issue 7", "there is none"},
		"OC-02 names the audience":            {junit.StatusFailed, "remove it from the list", ""},
		"OC-03 signs":                         {junit.StatusFailed, "it was expected to fail until 2026-01-31 only", ""},
		"OC-04 tells one user from another":   {junit.StatusFailed, "the target names no user", ""},
		"OC-05 does HTTP":                     {junit.StatusSkipped, "no", ""},
	} {
		g.Expect(got).To(HaveKey(name))
		g.Expect(got[name].status).To(Equal(want.status), name)
		g.Expect(got[name].message).To(ContainSubstring(want.message), name)
		g.Expect(got[name].out).To(ContainSubstring(want.out), name)
		if want.out == "" {
			g.Expect(got[name].out).To(BeEmpty(), name)
		}
	}
	g.Expect(got).To(HaveLen(11))
}

// A CI system that is shown no test at all takes that for a pass.
func TestJUnitOfARunThatNeverBeganHasAnError(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suites, err := junit.Ingest(asJUnit(t, stopped()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(suites).To(HaveLen(1))
	g.Expect(suites[0].Totals.Error).To(Equal(1))
	g.Expect(suites[0].Tests[0].Error).To(MatchError("dial tcp: connection refused <no_one>"))
}

// XML 1.0 §2.2 has no room for most control characters.
func TestJUnitHoldsWhateverAServerSays(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := &report.Report{Results: []report.Result{{ID: "X", State: report.Fail, Reason: "a\x00\x1b[1m\xff\ufffe\uffff\r\n]]><&\"'é😀\u2028\t"}}}
	suites, err := junit.Ingest(asJUnit(t, r))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(suites[0].Tests[0].Error.Error()).To(HavePrefix("a\ufffd\ufffd[1m\ufffd\ufffd\ufffd\r\n]]><&\"'é😀\u2028\t"))
}

func TestJUnitKeepsToTheBeginningOfALongBody(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	r.Results[1].Exchanges = r.Results[1].Exchanges[:1]
	r.Results[1].Exchanges[0].Answer = "x" + strings.Repeat("é", 100_000)
	g.Expect(len(asJUnit(t, r))).To(BeNumerically("<", 20_000))
	g.Expect(string(asJUnit(t, r))).To(And(ContainSubstring("é\n…\n"), Not(ContainSubstring("\ufffd"))), "no half of a character")
}
