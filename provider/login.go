package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
)

// Login has a user log in at the next authorization request, without a page and
// whatever the mode; several calls are for several requests, in order.
func (p *Provider) Login(username string) {
	p.logins.Queue(endpoint.NextLogin{Username: username})
}

// Deny has the user say no at the next authorization request.
func (p *Provider) Deny() { p.logins.Queue(endpoint.NextLogin{Denies: true}) }

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
