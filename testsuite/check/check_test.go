package check_test

import (
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	server := serve(t, map[string]string{metadataPath: `{"grant_types_supported":["password"]}`})
	here := func() *check.Target { return &check.Target{Issuer: server.URL} }
	gone := func() *check.Target { return &check.Target{Issuer: unreachable()} }
	must := func(run func(*check.T)) check.Check { return check.Must("XX-01", "is", "RFC 6749 §1", run) }
	fail := func(t *check.T) { t.Fatalf("no %s", "luck") }
	for name, c := range map[string]struct {
		check  check.Check
		target *check.Target
		state  check.State
		reason string
	}{
		"a check that holds":             {must(func(*check.T) {}), here(), check.Passed, ""},
		"a broken MUST":                  {must(fail), here(), check.Failed, "no luck"},
		"a broken SHOULD":                {check.Should("XX-01", "is", "RFC 6749 §1", fail), here(), check.Warned, "no luck"},
		"a broken MAY":                   {check.May("XX-01", "is", "RFC 6749 §1", fail), here(), check.Warned, "no luck"},
		"a broken expectation":           {must(func(t *check.T) { t.Expect(1).To(check.Equal(2), "the %s", "sum") }), here(), check.Failed, "the sum\nexpected to equal"},
		"a broken one without words":     {must(func(t *check.T) { t.Expect(1).To(check.Equal(2)) }), here(), check.Failed, "expected to equal"},
		"what should not be":             {must(func(t *check.T) { t.Expect(1).NotTo(check.Equal(1), "the sum") }), here(), check.Failed, "the sum\nexpected anything but"},
		"a kept expectation":             {must(func(t *check.T) { t.Expect(1).To(check.Equal(1)); t.Expect(1).NotTo(check.Equal(2)) }), here(), check.Passed, ""},
		"nothing to judge":               {must(func(t *check.T) { t.Skip("for %d reasons", 2) }), here(), check.Skipped, "for 2 reasons"},
		"a claimed feature":              {must(fail).If(check.Password), here(), check.Failed, "no luck"},
		"a feature that is not":          {must(fail).If(check.Password, check.Revocation), here(), check.Skipped, "the target does not claim revocation"},
		"no such client":                 {must(func(t *check.T) { t.Client(check.Other) }), here(), check.Untestable, `the target names no client in the role "other"`},
		"no such user":                   {must(func(t *check.T) { t.User(check.Main) }), here(), check.Untestable, `the target names no user in the role "main"`},
		"a rare client that is missing":  {must(func(t *check.T) { t.Client(check.Rotated) }), here(), check.Skipped, `the target names no client in the role "rotated"`},
		"a rare user that is missing":    {must(func(t *check.T) { t.User(check.LockedUser) }), here(), check.Skipped, `the target names no user in the role "locked"`},
		"a feature that is exempt":       {must(fail).If(check.Password), &check.Target{Issuer: server.URL, Exempt: []check.Feature{check.Password}}, check.Skipped, "the target is exempt from password"},
		"a feature that is demanded":     {must(fail).If(check.Revocation), &check.Target{Issuer: server.URL, Demands: []check.Feature{check.Revocation}}, check.Untestable, "the profile demands revocation, which the target does not claim"},
		"no such endpoint":               {must(func(t *check.T) { t.Ask("token") }), here(), check.Untestable, "the target names no token endpoint"},
		"a target that is away":          {must(fail).If(check.Password), gone(), check.Broken, "the target cannot be reached"},
		"a target that is away later":    {must(func(t *check.T) { t.Ask("token") }), gone(), check.Broken, "the target cannot be reached"},
		"an endpoint that hangs up":      {must(func(t *check.T) { t.Get(unreachable()) }), here(), check.Failed, "no answer to GET"},
		"a URL that is none":             {must(func(t *check.T) { t.Get("http://[::1") }), here(), check.Broken, "missing ']'"},
		"an issuer that is none":         {must(fail).If(check.Password), &check.Target{Issuer: "http://[::1"}, check.Broken, "the issuer is no URL"},
		"a check that panics":            {must(func(*check.T) { panic("oops") }), here(), check.Broken, "the check panicked: oops"},
		"a check that is out of bounds":  {must(func(t *check.T) { _ = t.Client(check.Main).Scopes[0] }), &check.Target{Clients: map[check.Role]check.Client{check.Main: {}}}, check.Broken, "the check panicked: runtime error: index out of range"},
		"a panic among parallel request": {must(func(t *check.T) { check.Parallel(3, func() check.Answer { t.Skip("enough"); return check.Answer{} }) }), here(), check.Skipped, "enough"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := c.check.Verdict(context.Background(), c.target)
			g := NewWithT(t)
			g.Expect(v.State).To(Equal(c.state), v.Reason)
			g.Expect(v.Reason).To(ContainSubstring(c.reason))
		})
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	wait := check.Must("XX-01", "waits", "RFC 6749 §1", func(t *check.T) { t.Wait(time.Hour) })

	g.Expect(wait.Verdict(context.Background(), &check.Target{})).To(Equal(check.Verdict{State: check.Skipped,
		Reason: "1h0m0s would have to pass, which nobody waits for: the target's clock cannot be moved, and the longest wait is set to 5s"}))

	var moved time.Duration
	v := wait.Verdict(context.Background(), &check.Target{Advance: func(d time.Duration) { moved += d }})
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(moved).To(Equal(time.Hour), "the target's clock is moved")

	over, cancel := context.WithCancel(context.Background())
	cancel()
	v = wait.Verdict(over, &check.Target{WaitAtMost: time.Hour})
	g.Expect(v).To(Equal(check.Verdict{State: check.Broken, Reason: "the time for this check ran out"}))

	soon := check.Must("XX-01", "waits", "RFC 6749 §1", func(t *check.T) { t.Wait(time.Nanosecond) })
	g.Expect(soon.Verdict(context.Background(), &check.Target{}).State).To(Equal(check.Passed))
}

// What every check is: ids are the catalogue's, and reports depend on them.
func TestCheckList(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	id := `^[A-Z]{2}-\d{2}$`
	clause := `^(RFC \d+|OpenID Connect (Core|Discovery|RP-Initiated Logout|Back-Channel Logout)|OAuth 2\.1|FAPI 2\.0 Security Profile|OAuth 2\.0 (Form Post|Multiple Response Types)) (§\d+(\.\d+)*|App\. [A-Z](\.\d+)?)$`
	ids, names, letters := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, section := range check.Sections() {
		g.Expect(section.Letter).To(MatchRegexp(`^[A-Z]{1,2}$`))
		g.Expect(section.Title).NotTo(BeEmpty())
		g.Expect(letters).NotTo(HaveKey(section.Letter))
		letters[section.Letter] = true
		for i, c := range section.Checks {
			g.Expect(c.ID).To(MatchRegexp(id))
			g.Expect(ids).NotTo(HaveKey(c.ID), "two checks have the id")
			ids[c.ID] = true
			g.Expect(c.ID[:2]).To(Equal(section.Checks[0].ID[:2]), "a section has one prefix")
			if i > 0 {
				g.Expect(c.ID > section.Checks[i-1].ID).To(BeTrue(), "%s is out of order", c.ID)
			}
			g.Expect(c.Title).To(MatchRegexp(`^[a-z].*[^.\s]$`), c.ID)
			g.Expect(names).NotTo(HaveKey(c.Title), "two checks have the title")
			names[c.Title] = true
			g.Expect(c.Name()).To(Equal(c.ID + " " + c.Title))
			g.Expect([]check.Level{check.MUST, check.SHOULD, check.MAY}).To(ContainElement(c.Level), c.ID)
			g.Expect(c.Clauses).NotTo(BeEmpty(), c.ID)
			for _, each := range c.Clauses {
				g.Expect(each).To(MatchRegexp(clause), c.ID)
			}
			g.Expect(len(c.BrokenBy) > 0).To(Equal(c.Unproven == ""), "%s: the faults that break it, or why none does", c.ID)
			file, line := c.Location()
			g.Expect(regexp.MustCompile(`^[a-z_]+\.go$`).MatchString(filepath.Base(file)) && line > 0).To(BeTrue(), "%s is at %s:%d", c.ID, file, line)
		}
	}
}

func TestParallel(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	soon, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var arrived atomic.Int32
	together := make(chan struct{})
	answers := check.Parallel(20, func() check.Answer {
		n := arrived.Add(1)
		if n == 20 {
			close(together)
		}
		select {
		case <-together:
			return check.Answer{Status: int(n)}
		case <-soon.Done():
			return check.Answer{} // one after the other
		}
	})
	seen := map[int]bool{}
	for _, a := range answers {
		seen[a.Status] = true
	}
	g.Expect(answers).To(HaveLen(20))
	g.Expect(seen).To(HaveLen(20))
}

func TestTargetsOwnHTTPClient(t *testing.T) {
	t.Parallel()
	asked := ""
	target := &check.Target{Issuer: "https://idp.example", HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return &http.Response{StatusCode: 404, Body: http.NoBody}, nil
	})}}
	v := run(target, func(t *check.T) { t.Expect(t.Get("https://idp.example/x")).To(check.HaveStatus(404)) })
	g := NewWithT(t)
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(asked).To(Equal("https://idp.example/x"))
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
