package check

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Login is how users log in at the target's pages. Its zero value guesses: the
// first form with a password input, and the text input before that.
type Login struct {
	Username, Password string     // the names of the inputs
	Fields             url.Values // what is to be sent besides

	// Headers go with each request of a browser to the target, as a proxy before it
	// that knows the user would send them: {username} and {password} in their values
	// are the user's. Whoever sits at a browser is then logged in from the start.
	Headers map[string]string

	// Hand takes an authorization request at which the target wants the user to do
	// something, and answers the URL to which the target sent them in the end. What
	// the target shows and sets on the way is not seen, so that checks of it, and of
	// sessions, are skipped. nil means that the browser goes through the pages.
	Hand func(context.Context, Handover) (string, error)
}

// A Handover is an authorization request for somebody else to take to its end.
type Handover struct {
	URL         string // of the request
	RedirectURI string // where it wants the user back; empty when it does not say
	User        User   // who is to log in
}

// The reasons why a check does not apply where users do not log in at pages.
const (
	commandLogsIn = "a command logs in: what the target shows and sets on the way is not seen"
	headersLogIn  = "headers log in: nobody is ever logged out, or asked who they are"
)

// skipUnseen ends a check that looks at what the target shows and sets while a user logs in.
func (t *T) skipUnseen(r Redirect) {
	if r.handed {
		t.Skip(commandLogsIn)
	}
}

// skipLoggedIn ends a check that needs a user whom the target does not know.
func (t *T) skipLoggedIn() {
	if len(t.Login.Headers) > 0 {
		t.Skip(headersLogIn)
	}
}

// identify sends the login's headers with a request to the target.
func (b *Browser) identify(request *http.Request) {
	if len(b.t.Login.Headers) == 0 || !slices.Contains(b.origins(), originOf(request.URL.String())) {
		return
	}
	is := strings.NewReplacer("{username}", b.User.Username, "{password}", b.User.Password)
	for name, value := range b.t.Login.Headers {
		request.Header.Set(name, is.Replace(value))
	}
}

// origins are those of the target's pages.
func (b *Browser) origins() []string {
	return []string{originOf(b.t.Issuer), originOf(b.t.URL("authorization"))}
}

// handOver has a login's hand finish a journey that ended at a page of the target.
// What the target refuses by itself needs nobody.
func (b *Browser) handOver(journey Redirect, request *http.Request) Redirect {
	home := journey.sent.Get("redirect_uri")
	atHome := journey.Mode != "" && strings.HasPrefix(journey.To, home) && (home != "" || journey.Params.Has("code") || journey.Params.Has("error"))
	refused := journey.Mode == "" && journey.Status >= http.StatusBadRequest && !asksPassword(journey.Answer)
	authorization, _, _ := strings.Cut(b.t.URL("authorization"), "?")
	asked, _, _ := strings.Cut(request.URL.String(), "?")
	switch {
	case atHome || refused || asked != authorization:
		return journey
	case request.Method != http.MethodGet:
		b.t.Skip("a command logs in: it takes no request by POST")
	case journey.sent.Get("response_mode") == ModeFormPost:
		b.t.Skip("a command logs in: it hands over a URL, and nothing that is posted")
	case b.Denies || b.Withholds != "":
		b.t.Skip("a command logs in: it says neither no nor for which scopes")
	}
	to, err := b.t.Login.Hand(b.t.ctx, Handover{URL: request.URL.String(), RedirectURI: home, User: b.User})
	if err != nil {
		b.t.Fatalf("%v\nThe request: %s", err, request.URL)
	}
	b.handed = true
	end := Redirect{Params: url.Values{}, Pages: append(journey.Pages, journey.Answer), sent: journey.sent, verifier: journey.verifier, handed: true}
	return end.away(to)
}
