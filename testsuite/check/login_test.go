package check_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// A login's headers go with each request to the target, and to nobody else.
func TestLoginByHeaders(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	greet := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Header.Get("X-User"), r.Header.Get("X-Proof"))
	}
	foreign := httptest.NewServer(http.HandlerFunc(greet))
	t.Cleanup(foreign.Close)
	headers := func(target *check.Target, b *check.Browser) {
		target.Login.Headers = map[string]string{"X-User": "{username}", "X-Proof": "{password}/{username}"}
	}
	r, v := open(t, map[string]http.HandlerFunc{"/start": moved("/who"), "/who": greet}, headers)
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(string(r.Body)).To(Equal("alice wonder land/alice"))
	v = run(&check.Target{Issuer: "https://idp.example", Endpoints: map[string]string{"authorization_endpoint": "https://idp.example/auth"}, Login: check.Login{Headers: map[string]string{"X-User": "{username}"}}},
		func(t *check.T) { r = t.Browse(foreign.URL, check.User{Username: "alice"}) })
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(string(r.Body)).To(Equal(" "), "what another origin hears")
}

// Which requests are handed over, and what becomes of them.
func TestLoginByHand(t *testing.T) {
	t.Parallel()
	const home = "https://client.example/cb"
	login := form("/in", `<input name=user><input type=password name=pw>`)
	brings := func(to string) func(context.Context, check.Handover) (string, error) {
		return func(context.Context, check.Handover) (string, error) { return to, nil }
	}
	for name, c := range map[string]struct {
		pages  map[string]http.HandlerFunc
		hand   func(context.Context, check.Handover) (string, error)
		handed bool // the hand is asked
		to     string
		params string
		state  check.State
		reason string
	}{
		"at a login page":              {map[string]http.HandlerFunc{"/start": login}, brings(home + "?code=c"), true, home + "?code=c", "code=c", check.Passed, ""},
		"at a login page with 401":     {map[string]http.HandlerFunc{"/start": page(401, `<form><input type=password></form>`)}, brings(home + "?code=c"), true, home + "?code=c", "code=c", check.Passed, ""},
		"at a page behind a redirect":  {map[string]http.HandlerFunc{"/start": moved("/in"), "/in": page(200, "scripts only")}, brings(home + "#code=c"), true, home + "#code=c", "code=c", check.Passed, ""},
		"at a login page elsewhere":    {map[string]http.HandlerFunc{"/start": moved("https://sso.example/in")}, brings(home + "?error=e"), true, home + "?error=e", "error=e", check.Passed, ""},
		"at an error page":             {map[string]http.HandlerFunc{"/start": page(400, "no such client")}, brings("x"), false, "", "", check.Passed, ""},
		"at a redirect with an error":  {map[string]http.HandlerFunc{"/start": moved(home + "?error=e")}, brings("x"), false, home + "?error=e", "error=e", check.Passed, ""},
		"at a form that brings errors": {map[string]http.HandlerFunc{"/start": page(200, `<form method=post action="`+home+`"><input type=hidden name=error value=e></form>`)}, brings("x"), false, home, "error=e", check.Passed, ""},
		"with a hand that fails": {map[string]http.HandlerFunc{"/start": login}, func(context.Context, check.Handover) (string, error) {
			return "", errors.New("the command failed")
		}, true, "", "", check.Failed, "the command failed\nThe request: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			var got *check.Handover
			r, v := open(t, c.pages, func(target *check.Target, _ *check.Browser) {
				target.Login.Hand = func(ctx context.Context, h check.Handover) (string, error) { got = &h; return c.hand(ctx, h) }
			})
			g.Expect(v.State).To(Equal(c.state), v.Reason)
			g.Expect(v.Reason).To(HavePrefix(c.reason))
			g.Expect(got != nil).To(Equal(c.handed), "whether it is handed over")
			if c.handed {
				g.Expect(got.URL).To(HaveSuffix("/start?redirect_uri=" + url.QueryEscape(home)))
				g.Expect([]string{got.RedirectURI, got.User.Username, got.User.Password}).To(Equal([]string{home, "alice", "wonder land"}))
			}
			g.Expect([]string{r.To, r.Params.Encode()}).To(Equal([]string{c.to, c.params}))
			if c.to != "" && c.state == check.Passed && c.params == "code=c" {
				matched, err := check.BeGranted().Match(r)
				g.Expect(matched && err == nil).To(BeTrue(), check.BeGranted().FailureMessage(r))
			}
		})
	}
}

// What a hand cannot do, or keeps to itself, is skipped.
func TestHandsKeepSessions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sit    func(*check.Target, *check.Browser)
		reason string
	}{
		"a denial": {func(_ *check.Target, b *check.Browser) { b.Denies = true }, "it says neither no nor for which scopes"},
		"a scope":  {func(_ *check.Target, b *check.Browser) { b.Withholds = "read" }, "it says neither no nor for which scopes"},
		"a POST":   {func(target *check.Target, b *check.Browser) { b.Post(target.Endpoints["authorization_endpoint"], nil) }, "it takes no request by POST"},
		"form_post": {func(target *check.Target, b *check.Browser) {
			b.Open(target.Endpoints["authorization_endpoint"] + "?response_mode=form_post")
		}, "it hands over a URL, and nothing that is posted"},
		"a session": {func(target *check.Target, b *check.Browser) { b.Open(target.Endpoints["authorization_endpoint"]) }, "what the target shows and sets on the way is not seen"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login := form("/in", `<input name=user><input type=password name=pw>`)
			_, v := open(t, map[string]http.HandlerFunc{"/start": login}, func(target *check.Target, b *check.Browser) {
				target.Login.Hand = func(context.Context, check.Handover) (string, error) { return "https://client.example/cb?code=c", nil }
				c.sit(target, b)
			})
			NewWithT(t).Expect(v.State).To(Equal(check.Skipped))
			NewWithT(t).Expect(v.Reason).To(Equal("a command logs in: " + c.reason))
		})
	}
}
