package browser_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// relyingParty is a web application that people log in to, as small as one can be:
//
//	/               has a link to /login
//	/login          sends the browser to the provider; what is in its query goes along
//	/login-by-form  the same by a form, which another site posts
//	/callback       where it comes back, by query or form; shows #who or #error
//	/logout         sends it to log out, with id_token_hint, or with client_id by ?hint=no
//	/bye            where it comes back from there; shows #bye
//
// It is known as localhost, and so another site to the provider at 127.0.0.1.
type relyingParty struct {
	t       *testing.T
	id, url string
	server  *httptest.Server
	idp     *provider.Provider

	ctx      context.Context // with the client that reaches the provider
	oidc     *oidc.Provider
	config   oauth2.Config
	verifier *oidc.IDTokenVerifier

	mu      sync.Mutex
	pending map[string]login // by state
	last    login            // the latest that succeeded
	back    int              // how often a browser came back
}

// login is one login, from its beginning.
type login struct {
	verifier, nonce string
	idToken         string
	claims          struct {
		SessionID string `json:"sid"`
		AuthTime  int64  `json:"auth_time"`
		Nonce     string
	}
}

const secret = "s3cret" // of every relying party

// newRelyingParty starts one at a host that the browser takes for this machine.
func newRelyingParty(t *testing.T, id, host string) *relyingParty {
	t.Helper()
	rp := &relyingParty{t: t, id: id, pending: map[string]login{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", rp.login)
	mux.HandleFunc("GET /login-by-form", rp.login)
	mux.HandleFunc("/callback", rp.callback)
	mux.HandleFunc("GET /logout", rp.logout)
	mux.HandleFunc("GET /bye", rp.bye)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { writeLink(w, "/login?"+r.URL.RawQuery) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s is asked for %s", id, r.URL)
		http.NotFound(w, r)
	})
	rp.server = httptest.NewServer(mux)
	t.Cleanup(rp.server.Close)
	rp.url = "http://" + host + ":" + portOf(rp.server)
	return rp
}

func portOf(server *httptest.Server) string {
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String()) // which has one
	return port
}

// client is how the provider knows it.
func (rp *relyingParty) client() fixtures.Client {
	return fixtures.Client{
		ID: rp.id, Secret: secret, Name: "The " + rp.id + " application",
		RedirectURIs: []string{rp.url + "/callback"}, PostLogoutRedirectURIs: []string{rp.url + "/bye"},
	}
}

// use learns about the provider, as its server sees it.
func (rp *relyingParty) use(idp *provider.Provider) {
	rp.t.Helper()
	rp.idp = idp
	backend := idp.HTTPClient()
	transport := backend.Transport.(*http.Transport).Clone()
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port) // whatever its name
	}
	rp.t.Cleanup(transport.CloseIdleConnections)
	rp.ctx = oidc.ClientContext(context.Background(), &http.Client{Transport: transport})
	var err error
	if rp.oidc, err = oidc.NewProvider(rp.ctx, idp.Issuer()); err != nil {
		rp.t.Fatal(err)
	}
	rp.verifier = rp.oidc.Verifier(&oidc.Config{ClientID: rp.id})
	rp.config = oauth2.Config{
		ClientID: rp.id, ClientSecret: secret, Endpoint: rp.oidc.Endpoint(),
		RedirectURL: rp.url + "/callback", Scopes: []string{"openid", "profile", "email"},
	}
}

func (rp *relyingParty) login(w http.ResponseWriter, r *http.Request) {
	state, begun := oauth2.GenerateVerifier(), login{verifier: oauth2.GenerateVerifier(), nonce: oauth2.GenerateVerifier()}
	rp.mu.Lock()
	rp.pending[state] = begun
	rp.mu.Unlock()
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(begun.verifier), oidc.Nonce(begun.nonce)}
	for name := range r.URL.Query() {
		options = append(options, oauth2.SetAuthURLParam(name, r.URL.Query().Get(name)))
	}
	request := rp.config.AuthCodeURL(state, options...)
	if r.URL.Path == "/login-by-form" {
		writeForm(w, request)
		return
	}
	http.Redirect(w, r, request, http.StatusSeeOther)
}

func (rp *relyingParty) callback(w http.ResponseWriter, r *http.Request) {
	rp.mu.Lock()
	rp.back++
	rp.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		rp.t.Errorf("callback: %v", err)
	}
	answer := r.Form
	rp.mu.Lock()
	begun, known := rp.pending[answer.Get("state")]
	delete(rp.pending, answer.Get("state"))
	rp.mu.Unlock()
	switch code := answer.Get("error"); {
	case !known:
		rp.t.Errorf("callback: the state %q is not ours", answer.Get("state"))
	case answer.Get("iss") != rp.idp.Issuer(): // RFC 9207 §2.4
		rp.t.Errorf("callback: the answer is of %q", answer.Get("iss"))
	case code != "":
		write(w, "error", code)
		return
	}
	name, err := rp.redeem(r.Context(), answer.Get("code"), begun)
	if err != nil {
		rp.t.Errorf("callback: %v", err)
	}
	write(w, "who", name)
}

// redeem goes from a code to the user's name, and trusts nothing on the way.
func (rp *relyingParty) redeem(_ context.Context, code string, begun login) (name string, err error) {
	token, err := rp.config.Exchange(rp.ctx, code, oauth2.VerifierOption(begun.verifier))
	if err != nil {
		return "", err
	}
	begun.idToken, _ = token.Extra("id_token").(string)
	idToken, err := rp.verifier.Verify(rp.ctx, begun.idToken)
	if err != nil {
		return "", err
	}
	if err := errors.Join(idToken.VerifyAccessToken(token.AccessToken), idToken.Claims(&begun.claims)); err != nil {
		return "", err
	}
	if begun.claims.Nonce != begun.nonce {
		return "", fmt.Errorf("the nonce is %q instead of %q", begun.claims.Nonce, begun.nonce)
	}
	info, err := rp.oidc.UserInfo(rp.ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return "", err
	}
	if info.Subject != idToken.Subject {
		return "", fmt.Errorf("userinfo is about %q, the ID token about %q", info.Subject, idToken.Subject)
	}
	var profile struct{ Name string }
	if err := info.Claims(&profile); err != nil {
		return "", err
	}
	rp.mu.Lock()
	defer rp.mu.Unlock()
	rp.last = begun
	return profile.Name, nil
}

func (rp *relyingParty) logout(w http.ResponseWriter, r *http.Request) {
	var discovered struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := rp.oidc.Claims(&discovered); err != nil {
		rp.t.Errorf("logout: %v", err)
	}
	query := url.Values{"post_logout_redirect_uri": {rp.url + "/bye"}, "state": {"leaving"}}
	if r.URL.Query().Get("hint") == "no" {
		query.Set("client_id", rp.id)
	} else {
		query.Set("id_token_hint", rp.latest().idToken)
	}
	if r.URL.Query().Get("return") == "no" {
		query.Del("post_logout_redirect_uri")
	}
	http.Redirect(w, r, discovered.EndSession+"?"+query.Encode(), http.StatusSeeOther)
}

func (rp *relyingParty) bye(w http.ResponseWriter, r *http.Request) {
	write(w, "bye", r.URL.Query().Get("state"))
}

// latest is the last login that succeeded.
func (rp *relyingParty) latest() login {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	return rp.last
}

// returns counts the browsers that came back from the provider.
func (rp *relyingParty) returns() int {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	return rp.back
}

// write writes a page that shows one thing, with an icon, or browsers ask for one.
func write(w http.ResponseWriter, id, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>%s</title><link rel="icon" href="data:,"><p id="%[1]s">%s</p></html>`,
		id, html.EscapeString(text)) // a browser that is gone needs no page
}

// writeLink writes a page with a link.
func writeLink(w http.ResponseWriter, to string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Home</title><link rel="icon" href="data:,"><a id="go" href="%s">Log in</a></html>`,
		html.EscapeString(to))
}

// writeForm writes a page with a form that posts what the request has in its query.
func writeForm(w http.ResponseWriter, request string) {
	action, query, _ := strings.Cut(request, "?")
	values, _ := url.ParseQuery(query) // which oauth2 has made
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Log in</title><link rel="icon" href="data:,"><form method="post" action="%s">`, action)
	for name := range values {
		_, _ = fmt.Fprintf(w, `<input type="hidden" name="%s" value="%s">`, name, html.EscapeString(values.Get(name)))
	}
	_, _ = fmt.Fprint(w, `<button id="send">Log in</button></form></html>`)
}
