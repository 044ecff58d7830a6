package report_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/report"
)

// The secrets of a target, and those that it gave away in the course of a check.
const (
	clientSecret = `s3cr+t/of "the" <client>`
	password     = "wönder&land=7é"
	code         = "code/of+a-login~1"
	access       = "opaque-access-token-that-is-long-enough"
	refresh      = "refresh.of+1"
	session      = "0123456789abcdef-session"
	oneTime      = "918273"
)

// secretive is a result in which they are wherever a secret can be.
func secretive() *report.Report {
	basic := base64.StdEncoding.EncodeToString([]byte("web:" + url.QueryEscape(clientSecret)))
	quoted, _ := json.Marshal(clientSecret)
	r := full()
	r.Results[1].Exchanges = []report.Exchange{
		{
			Method: "POST", URL: "https://op.example/authorize?client_id=web&login_hint=alice&code=" + url.QueryEscape(code),
			Header: report.Header{"Authorization": {"Basic " + basic}, "Cookie": {"session=" + session}, "X-Copy": {basic, clientSecret}},
			Body:   "username=alice&password=" + url.QueryEscape(password) + "&client_secret=" + url.QueryEscape(clientSecret) + "&other=" + url.PathEscape(password),
			Status: 302,
			AnswerHeader: report.Header{
				"Location":   {"https://app.example/cb?state=s&code=" + url.QueryEscape(code) + "#access_token=" + access},
				"Set-Cookie": {"session=" + session + "; HttpOnly"},
			},
			Answer: `<form><input type="hidden" name="code" value="` + html.EscapeString(code) + `"><p>` + html.EscapeString(clientSecret) + `</p></form>`,
		},
		{
			Method: "POST", URL: "https://op.example/token", Body: "otp=" + oneTime + "&username=alice", Status: 200,
			Answer: `{"access_token":"` + access + `","refresh_token":"` + refresh + `","echo":` + string(quoted) + `,"client_id":"web"}`,
		},
		{ // under no name
			Method: "GET", URL: "https://op.example/" + access + "/" + url.PathEscape(code), Header: report.Header{"X-Token": {refresh}}, Status: 200,
			Answer: "it was " + access + " and " + oneTime + " and " + base64.RawURLEncoding.EncodeToString([]byte("--"+access)),
			Error:  `Get "https://op.example/?code=` + url.QueryEscape(code) + `": EOF`,
		},
	}
	r.Results[1].Reason = "alice of web: expected " + access + ", " + url.QueryEscape(password) + " or\n    <string>: " + `{\"refresh_token\":\"` + refresh + `\"}` +
		"\nLocation: https://app.example/cb?code=" + url.QueryEscape(code) + "\nAuthorization: Basic " + basic + "\n" + oneTime + ` {"id_token":"another-one-of-its-own"}`
	r.Results[6].Known.Reason = "the password " + password + " is taken"
	return r
}

// mask masks every result.
func mask(r *report.Report, secrets ...string) {
	for i := range r.Results {
		r.Results[i].Mask(secrets...)
	}
}

func TestNoFormOfAMaskedReportHoldsASecret(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	open := written(t, secretive())
	masked := secretive()
	mask(masked, clientSecret, password)
	hidden := written(t, masked)
	g.Expect(hidden).To(HaveLen(4))
	for _, secret := range []string{clientSecret, password, code, access, refresh, session, oneTime, "another-one-of-its-own"} {
		quoted, _ := json.Marshal(secret)
		escaped := url.QueryEscape(secret)
		for _, written := range []string{
			secret, escaped, url.PathEscape(secret), html.EscapeString(secret), string(quoted[1 : len(quoted)-1]), strings.ReplaceAll(escaped, "%", "&#37;"),
			strings.ReplaceAll(html.EscapeString(secret), "+", "&#43;"), base64.StdEncoding.EncodeToString([]byte("web:" + escaped)),
			base64.RawURLEncoding.EncodeToString([]byte("--" + secret)),
		} {
			for file, text := range hidden {
				g.Expect(strings.Contains(text, written)).To(BeFalse(), "%s has %s as %s", file, secret, written)
			}
		}
		g.Expect(open["report.html"]+open["results.json"]).To(ContainSubstring(strings.ReplaceAll(html.EscapeString(secret), "+", "&#43;")), "the test looks for what is there")
	}
	for file, text := range hidden {
		g.Expect(text).To(ContainSubstring("alice of web"), "%s: a name is no secret", file)
	}
	for _, file := range []string{"results.json", "report.html", "junit.xml"} {
		g.Expect(hidden[file]).To(ContainSubstring("username=alice"))
		g.Expect(hidden[file]).To(ContainSubstring("Basic web:…("))
		g.Expect(hidden[file]).To(ContainSubstring("opaque…(39)"))
	}
}

// A word that a check made up stays to be read where a reason says it in
// another sense.
func TestAShortWordIsHiddenByNameOnly(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	r.Results[1].Exchanges = []report.Exchange{{Body: "password=guess&code=a-code"}}
	r.Results[1].Reason = "a guess got a-code"
	mask(r)
	g.Expect(r.Results[1].Reason).To(Equal("a guess got a-code"))
	g.Expect(r.Results[1].Exchanges[0].Body).To(Equal("password=…(5)&code=…(6)"))
	mask(r, "guess")
	g.Expect(r.Results[1].Reason).To(Equal("a …(5) got a-code"))
}

func TestMaskingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := secretive()
	mask(r, clientSecret, password)
	once := asJSON(t, r)
	mask(r, clientSecret, password)
	g.Expect(asJSON(t, r)).To(Equal(once))
}

func TestMaskingKeepsWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := full()
	mask(r, clientSecret)
	g.Expect(asJSON(t, r)).To(Equal(asJSON(t, full())))
}
