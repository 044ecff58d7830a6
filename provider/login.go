package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
)

// Login has a user log in at the next authorization request, without a page and
// whatever the mode; several calls are for several requests, in order.
func (p *Provider) Login(username string) { p.logins.Queue(NextLogin{User: username}) }

// Deny has the user say no at the next authorization request.
func (p *Provider) Deny() { p.logins.Queue(NextLogin{Deny: true}) }

// A NextLogin is what a user does next without being asked.
type NextLogin = endpoint.NextLogin

// QueueLogin has the users of the next requests do as said, in order: log in, say no,
// fail with an error of the test's choice, or at a refresh turn into somebody else.
// The error is a [Refusal].
func (p *Provider) QueueLogin(next ...NextLogin) error {
	for _, n := range next {
		if refused := p.checkLogin(n); refused != nil {
			return refused
		}
	}
	for _, n := range next {
		p.logins.Queue(n)
	}
	return nil
}

// QueuedLogins lists what users are to do next.
func (p *Provider) QueuedLogins() []NextLogin { return p.logins.Next() }

// ClearLogins drops what users were to do next.
func (p *Provider) ClearLogins() { p.logins.Clear() }

// errorCode is what an error code is made of (RFC 6749 §4.1.2.1).
var errorCode = regexp.MustCompile(`^[\x20-\x21\x23-\x5B\x5D-\x7E]+$`)

func (p *Provider) checkLogin(n NextLogin) *Refusal {
	known := p.engine.Directory()
	_, isUser := known.User(n.User)
	_, isClient := known.Secret(n.Client)
	asked := 0
	for _, given := range []bool{n.User != "", n.Deny, n.Error != ""} {
		if given {
			asked++
		}
	}
	switch {
	case asked != 1:
		return unprocessable("A login is one of user, deny and error.")
	case n.On != "" && n.On != endpoint.OnAuthorization && n.On != endpoint.OnRefresh:
		return unprocessable("on is %q; it is authorization, which is meant when it is left out, or refresh.", n.On)
	case n.On == endpoint.OnRefresh && n.User == "":
		return unprocessable("At a refresh there is nobody to ask: only user can be, who takes the place of whoever it was.")
	case n.Error != "" && !errorCode.MatchString(n.Error+n.ErrorDescription):
		return unprocessable("An error and its description are made of printable ASCII without quotation marks and backslashes (RFC 6749 section 4.1.2.1).")
	case n.Error == "" && n.ErrorDescription != "":
		return unprocessable("error_description goes with error.")
	case n.User != "" && !isUser:
		return unprocessable("%s", unknown("user", n.User, known.Usernames()).Detail)
	case n.Client != "" && !isClient:
		return unprocessable("%s", unknown("client", n.Client, known.ClientIDs()).Detail)
	}
	return nil
}

// ErrPage is what [Provider.SignIn] answers when a person would have been asked.
var ErrPage = errors.New("the provider shows a page; say with Login who logs in, or start it with WithLogin(\"auto\")")

// SignIn goes where a client sends the browser, and answers where the provider
// sends it then: the client's redirect URI with code or error. It is a finished
// login without a browser, for a test of a client that has its own callback.
func (p *Provider) SignIn(ctx context.Context, authorizationURL string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, authorizationURL, nil)
	if err != nil {
		return nil, fmt.Errorf("the authorization URL: %w", err)
	}
	client := *p.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Jar, err = cookiejar.New(nil); err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // its body is of no interest
	if response.StatusCode == http.StatusOK {
		return nil, ErrPage
	}
	callback, err := response.Location()
	if err != nil {
		return nil, fmt.Errorf("the provider answers %s and sends the browser nowhere", response.Status)
	}
	return callback, nil
}

// defaultRedirect is where a client's browser goes when the test does not care.
func defaultRedirect(c fixtures.Client) string {
	if len(c.RedirectURIs) == 0 {
		return ""
	}
	return c.RedirectURIs[0]
}

// AuthorizationURL makes the URL of an authorization request of a client's, with
// response_type=code, its first redirect URI, and further parameters.
func (p *Provider) AuthorizationURL(c fixtures.Client, more url.Values) string {
	query := url.Values{"response_type": {"code"}, "client_id": {c.ID}, "redirect_uri": {defaultRedirect(c)}}
	for name, values := range more {
		query[name] = values
	}
	return p.URL("authorization") + "?" + query.Encode()
}
