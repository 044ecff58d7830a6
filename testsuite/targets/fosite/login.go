package main

import (
	"crypto/rand"
	"html/template"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// login is who logged in, and when.
type login struct {
	name string
	at   time.Time
}

// logIn tells who sits at the browser, or has a page that asks. The pages and the
// cookie are the application's part: fosite has none.
func (s *server) logIn(w http.ResponseWriter, r *http.Request) (who *login, page func()) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Frame-Options", "DENY")
	username, password := r.PostForm.Get("username"), r.PostForm.Get("password")
	if username == "" {
		if who = s.loggedIn(r); who != nil && !asksAgain(r, who) {
			return who, nil
		}
		return nil, func() { showLogin(w, r, "") }
	}
	if _, err := s.store.Authenticate(r.Context(), username, password); err != nil {
		return nil, func() { showLogin(w, r, "The name or the password is wrong.") }
	}
	who = &login{username, time.Now()}
	cookie := &http.Cookie{Name: "login", Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	s.logins.Store(cookie.Value, who)
	http.SetCookie(w, cookie)
	return who, nil
}

func (s *server) loggedIn(r *http.Request) *login {
	cookie, err := r.Cookie("login")
	if err != nil {
		return nil
	}
	who, _ := s.logins.Load(cookie.Value)
	known, _ := who.(*login)
	return known
}

// asksAgain tells a request that is not content with the login there is.
func asksAgain(r *http.Request, who *login) bool {
	prompt := strings.Fields(r.Form.Get("prompt"))
	for _, word := range prompt {
		if word != "none" {
			return true
		}
	}
	maxAge, err := strconv.ParseInt(r.Form.Get("max_age"), 10, 64)
	return err == nil && time.Since(who.at) > time.Duration(maxAge)*time.Second
}

func showLogin(w http.ResponseWriter, r *http.Request, failure string) {
	page := template.Must(template.New("login").Parse(`<!DOCTYPE html><title>Log in</title>
<form method="post" action="/oauth2/auth?{{.Query}}">
<p style="color:red">{{.Failure}}</p>
<input name="username"><input name="password" type="password"><button type="submit">Log in</button>
</form>`))
	request := maps.Clone(r.Form)
	request.Del("username")
	request.Del("password")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, map[string]any{"Query": template.URL(request.Encode()), "Failure": failure})
}
