package check_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// page answers HTML.
func page(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func form(action, inputs string) http.HandlerFunc {
	return page(200, `<form method="POST" action="`+action+`"><input type=hidden name=csrf value="a&amp;b">`+inputs+`</form>`)
}

func moved(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// echo sends what was posted to the client.
func echo(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "s"})
	moved("https://client.example/cb?"+r.PostForm.Encode())(w, r)
}

// open has a user open /start of a target with these pages.
func open(t *testing.T, pages map[string]http.HandlerFunc, sit func(*check.Target, *check.Browser)) (r check.Redirect, v check.Verdict) {
	t.Helper()
	mux := http.NewServeMux()
	for path, handler := range pages {
		mux.Handle(path, handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	target := &check.Target{Issuer: server.URL, Endpoints: map[string]string{"authorization_endpoint": server.URL + "/start"}}
	v = check.Must("XX-01", "browses", "RFC 6749 §1", func(t *check.T) {
		b := t.Browser(check.User{Username: "alice", Password: "wonder land"})
		if sit != nil {
			sit(target, b)
		}
		r = b.Open(server.URL + "/start?redirect_uri=" + url.QueryEscape("https://client.example/cb"))
	}).Verdict(context.Background(), target)
	return r, v
}

// A browser goes through the pages that providers have.
func TestBrowser(t *testing.T) {
	t.Parallel()
	const password = `<input name=remember type=checkbox value=1 checked><input name=no type=checkbox value=1><input name=user><input type=password name=pw>`
	const buttons = `<button name=do value=cancel>Cancel</button><input type=submit name=do value=go>`
	login := form("/in", password+buttons)
	for name, c := range map[string]struct {
		pages  map[string]http.HandlerFunc
		sit    func(*check.Target, *check.Browser)
		brings string
	}{
		"a login page":            {map[string]http.HandlerFunc{"/start": login, "/in": echo}, nil, "csrf=a%26b&do=go&pw=wonder+land&remember=1&user=alice"},
		"a login page with 401":   {map[string]http.HandlerFunc{"/start": page(401, `<form method=post action=/in><input type=email name=e><input type=password name=p></form>`), "/in": echo}, nil, "e=alice&p=wonder+land"},
		"behind a redirect":       {map[string]http.HandlerFunc{"/start": moved("login"), "/login": login, "/in": echo}, nil, "csrf=a%26b&do=go&pw=wonder+land&remember=1&user=alice"},
		"name first, then secret": {map[string]http.HandlerFunc{"/start": form("/who", `<input type=email name=e>`), "/who": login, "/in": echo}, nil, "csrf=a%26b&do=go&pw=wonder+land&remember=1&user=alice"},
		"names that are told": {map[string]http.HandlerFunc{"/start": form("/in", `<input name=search><input name=login><input type=password name=p>`), "/in": echo}, func(target *check.Target, _ *check.Browser) {
			target.Login = check.Login{Username: "login", Password: "p", Fields: url.Values{"realm": {"r"}}}
		}, "csrf=a%26b&login=alice&p=wonder+land&realm=r&search="},
		"login and consent": {map[string]http.HandlerFunc{"/start": login, "/in": form("/yes", buttons), "/yes": echo}, nil, "csrf=a%26b&do=go"},
		"a denial":          {map[string]http.HandlerFunc{"/start": login, "/in": echo}, func(_ *check.Target, b *check.Browser) { b.Denies = true }, "csrf=a%26b&do=cancel&pw=wonder+land&remember=1&user=alice"},
		"a list of users":   {map[string]http.HandlerFunc{"/start": form("/in", `<button name=u value=bob>Bob</button><button name=u value=alice>Alice</button>`), "/in": echo}, nil, "csrf=a%26b&u=alice"},
		"a scope withheld": {map[string]http.HandlerFunc{"/start": form("/in", `<input type=checkbox name=s value=read checked><input type=checkbox name=s value=write checked>`), "/in": echo},
			func(_ *check.Target, b *check.Browser) { b.Withholds = "write" }, "csrf=a%26b&s=read"},
		"a form by GET": {map[string]http.HandlerFunc{"/start": page(200, `<form action=/in><textarea name=t>x</textarea></form>`), "/in": func(w http.ResponseWriter, r *http.Request) {
			moved("https://client.example/cb?"+r.URL.RawQuery)(w, r)
		}}, nil, "t=x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r, v := open(t, c.pages, c.sit)
			g.Expect(v.State).To(Equal(check.Passed), v.Reason)
			g.Expect(r.Mode).To(Equal(check.ModeQuery), r.String())
			g.Expect(r.Params.Encode()).To(Equal(c.brings))
		})
	}
}

// Where a browser stops, and what it has then.
func TestBrowserStops(t *testing.T) {
	t.Parallel()
	wrong := form("/start", `<input name=user><input type=password name=pw>`)
	for name, c := range map[string]struct {
		start              http.HandlerFunc
		mode, to, brings   string
		granted, back, out bool // which matcher it satisfies
	}{
		"with a code":              {moved("https://client.example/cb?code=c"), "query", "https://client.example/cb?code=c", "code=c", true, false, false},
		"with a code by fragment":  {moved("https://client.example/cb#code=c"), "fragment", "https://client.example/cb#code=c", "code=c", true, false, false},
		"with a code by form_post": {page(200, `<form method=post action="https://client.example/cb"><input type=hidden name=code value=c></form>`), "form_post", "https://client.example/cb", "code=c", true, false, false},
		"with an error":            {moved("https://client.example/cb?error=e"), "query", "https://client.example/cb?error=e", "error=e", false, true, false},
		"with error and code":      {moved("https://client.example/cb?error=e&code=c"), "query", "https://client.example/cb?error=e&code=c", "code=c&error=e", false, false, false},
		"with a code twice":        {moved("https://client.example/cb?code=c&code=d"), "query", "https://client.example/cb?code=c&code=d", "code=c&code=d", false, false, false},
		"with a state of nobody":   {moved("https://client.example/cb?code=c&state="), "query", "https://client.example/cb?code=c&state=", "code=c&state=", true, false, false},
		"at another address":       {moved("https://client.example/cbx?code=c"), "query", "https://client.example/cbx?code=c", "code=c", false, false, false},
		"at an address of an app":  {moved("app:/cb?code=c"), "query", "app:/cb?code=c", "code=c", false, false, false},
		"at an error page":         {page(400, `<p>no<form method=post action=/><button>Home</button></form>`), "", "", "", false, false, true},
		"at a 401 of no challenge": {page(401, `no`), "", "", "", false, false, true},
		"at a page":                {page(200, `hello`), "", "", "", false, false, false},
		"at the login page again":  {wrong, "", "", "", false, false, false},
		"at something else":        {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, "", "", "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r, v := open(t, map[string]http.HandlerFunc{"/start": c.start}, nil)
			g.Expect(v.State).To(Equal(check.Passed), v.Reason)
			g.Expect([]string{r.Mode, r.To, r.Params.Encode()}).To(Equal([]string{c.mode, c.to, c.brings}))
			for i, matcher := range []interface{ Match(any) (bool, error) }{check.BeGranted(), check.BeSentBack("e"), check.BeStopped()} {
				matched, err := matcher.Match(r)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(matched).To(Equal([]bool{c.granted, c.back, c.out}[i]), "matcher %d", i)
			}
		})
	}
	r, v := open(t, map[string]http.HandlerFunc{"/start": moved("/start")}, nil)
	NewWithT(t).Expect(v.State).To(Equal(check.Failed), r.String())
	NewWithT(t).Expect(v.Reason).To(ContainSubstring("sent on and on"))
}

// A failure shows the page's words, not its markup.
func TestRedirectString(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r, _ := open(t, map[string]http.HandlerFunc{"/start": page(400, `<style>p{}</style><p>No  such <b>client</b>`)}, nil)
	g.Expect(r.String()).To(HavePrefix("the browser stays at\n400 Bad Request\n"))
	g.Expect(r.String()).To(HaveSuffix("\n\nNo such client"))
	g.Expect(check.BeGranted().FailureMessage("x")).To(ContainSubstring("string is no redirect"))
	r, _ = open(t, map[string]http.HandlerFunc{"/start": moved("https://client.example/cb?error=e")}, nil)
	g.Expect(check.BeGranted().FailureMessage(r)).To(ContainSubstring(`it has the error "e"`))
	g.Expect(check.BeStopped().FailureMessage(r)).To(ContainSubstring("the browser is sent away"))
}

// What an authorization request has unless the check says otherwise.
func TestAuthorizationURL(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	target := &check.Target{Issuer: "https://idp", Endpoints: map[string]string{"authorization_endpoint": "https://idp/auth?tenant=1"}, Features: []check.Feature{check.PKCE}}
	client := check.Client{ID: "c", Scopes: []string{"read", "write"}, RedirectURIs: []string{"https://c/cb"}}
	v := check.Must("XX-01", "makes URLs", "RFC 6749 §1", func(t *check.T) {
		u, err := url.Parse(t.AuthorizationURL(client, url.Values{"state": nil, "scope": {"a b"}, "nonce": {"n"}}))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(u.Query()).To(Equal(url.Values{
			"tenant": {"1"}, "response_type": {"code"}, "client_id": {"c"}, "redirect_uri": {"https://c/cb"}, "scope": {"a b"}, "nonce": {"n"},
			"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}, // RFC 7636 App. B
		}))
	}).Verdict(context.Background(), target)
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	v = check.Must("XX-01", "makes URLs", "RFC 6749 §1", func(t *check.T) { t.Authorize(check.Client{ID: "c"}, nil) }).
		Verdict(context.Background(), &check.Target{Endpoints: target.Endpoints, Users: map[check.Role]check.User{check.Main: {}}})
	g.Expect(v).To(Equal(check.Verdict{State: check.Untestable, Reason: "the target names no redirect URI of the client c"}))
}
