package ui

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/provider/markup"
)

// ErrFormPostAction is what [WriteFormPost] says of an action that a browser
// cannot post a form to, or should not: anything but an absolute URL of http
// or https. A native app's private-use scheme is one of these (RFC 8252 §7.1).
var ErrFormPostAction = errors.New("ui: form_post needs an absolute http or https URL")

// WriteLogin writes the login page; a status of zero is 200.
func WriteLogin(w http.ResponseWriter, status int, p Login) error {
	name := "login"
	if p.Pick {
		name = "pick"
	}
	return write(w, cmp.Or(status, http.StatusOK), page{name, "Log in to " + p.Client.label(), p})
}

// WriteConsent writes the consent page.
func WriteConsent(w http.ResponseWriter, p Consent) error {
	return write(w, http.StatusOK, page{"consent", "Allow " + p.Client.label() + "?", p})
}

// WriteProblem writes the error page with the status it names.
func WriteProblem(w http.ResponseWriter, p Problem) error {
	p.Status = cmp.Or(p.Status, http.StatusBadRequest)
	p.Title = cmp.Or(p.Title, http.StatusText(p.Status), "Something is wrong")
	return write(w, p.Status, page{"problem", p.Title, p})
}

// WriteFormPost writes the page that posts an authorization response to the
// client: at once, or at the press of a button in a browser without
// JavaScript (OAuth 2.0 Form Post Response Mode §2). It writes nothing and
// returns [ErrFormPostAction] if the action cannot be posted to.
func WriteFormPost(w http.ResponseWriter, p FormPost) error {
	u, err := url.Parse(p.Action)
	if err != nil || !isWeb(u) {
		return ErrFormPostAction
	}
	return write(w, http.StatusOK, page{"form_post", "Returning to " + u.Host, formPost{p, u.Host}})
}

// WriteLogout writes the page that asks whether to log out.
func WriteLogout(w http.ResponseWriter, p Logout) error {
	return write(w, http.StatusOK, page{"logout", "Log out?", p})
}

// WriteLoggedIn writes the page for who chose to stay.
func WriteLoggedIn(w http.ResponseWriter, p LoggedIn) error {
	return write(w, http.StatusOK, page{"logged_in", "You are still logged in", p})
}

// WriteLoggedOut writes the page that ends a logout.
func WriteLoggedOut(w http.ResponseWriter, p LoggedOut) error {
	return write(w, http.StatusOK, page{"logged_out", "You are logged out", loggedOut{p, link(p.ReturnTo)}})
}

func (c Client) label() string { return cmp.Or(c.Name, c.ID) }

// A page is one of the templates and what it shows.
type page struct {
	name, title string
	content     any
}

type formPost struct {
	FormPost
	Host string
}

type loggedOut struct {
	LoggedOut
	Link markup.Address // empty if ReturnTo is not to be followed
}

// A view is what a template gets.
type view struct {
	Title  string
	Style  markup.CSS
	Script markup.JS
	Page   any
}

// write sends a page, all of it at once.
func write(w http.ResponseWriter, status int, p page) error {
	a := loaded()
	var body bytes.Buffer
	body.Grow(len(a.style) + 4096)
	a.pages.Write(&body, p.name, view{p.title, a.style, a.script, p.content})
	h := w.Header()
	setHeaders(h, a.policy)
	if p.name == "form_post" {
		h.Set("Content-Security-Policy", a.scriptPolicy)
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, err := w.Write(body.Bytes())
	return err
}

// setHeaders sets what every page is sent with (RFC 9700 §4.2.4 on referrers,
// §4.16 on frames; RFC 6749 §10.13).
func setHeaders(h http.Header, policy string) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	// Nothing to other sites. With no-referrer a browser would also send "Origin:
	// null" with the page's own form, which then looked like a forged one.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", policy)
}

// link returns the URL if following it does no harm.
func link(s string) markup.Address {
	u, err := url.Parse(s)
	if err != nil || !isWeb(u) && !strings.Contains(u.Scheme, ".") {
		return ""
	}
	return markup.Address(s)
}

func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
