package check

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func authorizationResponses() []Check {
	return []Check{
		Must("AZ-27", "never redirects with 307 after the user has logged in", "RFC 9700 §4.12", redirectsWithoutPosting).
			If(AuthorizationCode).Breaks(&fault.RedirectedBy307),
		Must("AZ-28", "lets not every site frame its pages", "RFC 9700 §4.16", forbidsFraming).
			If(AuthorizationCode).Breaks(&fault.PagesFramable),
		Should("AZ-29", "lets pages and redirects tell nobody their address, and no cache keep them", "RFC 9700 §4.2.4", leaksNoRequest).
			If(AuthorizationCode).Breaks(&fault.PagesLeakReferrer, &fault.AuthorizationCacheable),
		Must("AZ-33", "answers by form_post in a page that submits itself, whatever state says", "OAuth 2.0 Form Post §2", answersByFormPost).
			If(AuthorizationCode, FormPost).Breaks(&fault.FormPostIgnored, &fault.FormPostUnescaped),
		Should("AZ-34", "refuses an unknown response_mode with invalid_request", "OAuth 2.0 Multiple Response Types §2.1; RFC 6749 §4.1.2.1", refusesUnknownResponseMode).
			If(AuthorizationCode).Breaks(&fault.UnknownResponseModeServed, &fault.UnknownResponseModeMiscoded),
		Should("AZ-36", "shows a login page to who is not logged in, and grants nothing before", "RFC 6749 §3.1; RFC 9110 §15.5.2", asksForLogin).
			If(AuthorizationCode).Breaks(&fault.LoginSkipped, &fault.LoginPageWith401),
	}
}

// throughLogin is a login with the pages that it takes.
func (t *T) throughLogin() Redirect {
	r := t.Authorize(t.Client(Main), nil)
	t.Expect(r).To(BeGranted())
	t.skipUnseen(r)
	if !slices.ContainsFunc(r.Pages, asksPassword) {
		t.Skip("the target asks for no password")
	}
	return r
}

func asksPassword(a Answer) bool {
	return slices.ContainsFunc(formsOf(a.Body), func(f form) bool { return f.has("password") })
}

func redirectsWithoutPosting(t *T) {
	r := t.throughLogin()
	for _, answer := range append(r.Pages, r.Answer) {
		t.Expect(answer).NotTo(HaveStatus(http.StatusTemporaryRedirect, http.StatusPermanentRedirect))
	}
}

// pagesOf are the pages with a form among a login's answers: not its redirects.
func pagesOf(r Redirect) []Answer {
	return slices.DeleteFunc(slices.Clone(r.Pages), func(a Answer) bool { return len(formsOf(a.Body)) == 0 })
}

func forbidsFraming(t *T) {
	for _, page := range pagesOf(t.throughLogin()) {
		policies := strings.Split(strings.Join(page.Header.Values("Content-Security-Policy"), ","), ",")
		old := strings.ToUpper(page.Header.Get("X-Frame-Options"))
		t.Expect(slices.ContainsFunc(policies, restrictsFraming) || old == "DENY" || old == "SAMEORIGIN").To(BeTrue(),
			"Content-Security-Policy with frame-ancestors of 'none', 'self' or named origins, or X-Frame-Options: DENY or SAMEORIGIN, in %v", page.Header)
	}
}

// restrictsFraming tells a content security policy by which not every site may frame
// a page: whom it names is the provider's choice (RFC 9700 §4.16). Of a directive that
// comes twice the first counts (CSP Level 3 §2.2.1).
func restrictsFraming(policy string) bool {
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(strings.ToLower(directive))
		if len(words) > 0 && words[0] == "frame-ancestors" {
			return !slices.ContainsFunc(words[1:], isAnySite)
		}
	}
	return false
}

// isAnySite tells a source of a policy that names no host: *, https:, https://*:443.
func isAnySite(source string) bool {
	_, rest, schemed := strings.Cut(source, "://")
	if !schemed {
		rest = source
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	return host == "*" || !schemed && strings.HasSuffix(source, ":")
}

func leaksNoRequest(t *T) {
	r := t.throughLogin()
	for _, answer := range append(pagesOf(r), r.Answer) {
		policy := strings.ToLower(answer.Header.Get("Referrer-Policy"))
		t.Expect(slices.Contains([]string{"no-referrer", "same-origin", "origin", "strict-origin", "strict-origin-when-cross-origin"}, policy)).
			To(BeTrue(), "Referrer-Policy: no-referrer, or another that keeps the query from other sites, in %v", answer.Header)
		t.Expect(directives(answer, "Cache-Control")).To(ContainElement("no-store"), "Cache-Control")
	}
}

func answersByFormPost(t *T) {
	const script = `"><script>alert(1)</script>`
	main := t.Client(Main)
	for _, state := range []string{"af0ifjsldkj", `it's "é" & <b>`, script} {
		r := t.Authorize(main, url.Values{"response_mode": {ModeFormPost}, "state": {state}})
		t.Expect(r.Mode).To(Equal(ModeFormPost), "how the client is answered:\n%s", r)
		t.Expect(r).To(BeGranted())
		t.Expect(r.To).To(Equal(t.redirectOf(main)), "where the form goes, with nothing in the URL")
		t.Expect(r.Answer).To(HaveStatus(200))
		t.Expect(bytes.Contains(r.Body, []byte(script))).To(Equal(false), "state stands in the page unescaped")
		t.Expect(bytes.Contains(r.Body, []byte("submit"))).To(BeTrue(), "the page submits its form by itself")
		t.Expect(t.Redeem(main, r)).To(BeToken())
	}
}

func refusesUnknownResponseMode(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	r := t.Authorize(main, url.Values{"response_mode": {"unheard-of"}})
	if r.Mode == "" { // nobody knows how to answer the client
		t.Expect(r).To(BeStopped())
		return
	}
	t.Expect(r).To(BeSentBack("invalid_request"))
}

func asksForLogin(t *T) {
	t.skipLoggedIn()
	r := t.Authorize(t.Client(Main), nil)
	t.Expect(r).To(BeGranted())
	t.skipUnseen(r)
	pages := pagesOf(r)
	t.Expect(len(pages) > 0).To(BeTrue(), "a page comes first:\n%s", r)
	t.Expect(pages[0]).To(HaveStatus(200), "the login page")
	if !asksPassword(pages[0]) {
		return // by one click, say
	}
	user := t.User(Main)
	user.Password += "-not"
	r = t.Browse(t.AuthorizationURL(t.Client(Main), nil), user)
	t.Expect(r.Code()).To(Equal(""), "the code of who does not know the password")
}
