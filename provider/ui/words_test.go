package ui_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/ui"
)

func TestWhatAPageSays(t *testing.T) {
	t.Parallel()
	web := ui.Client{ID: "web", Name: "Web application"}
	alice := ui.User{Username: "alice", Name: "Alice Example", Email: "alice@example.com"}
	scopes := []ui.Scope{{Name: "read", Description: "Read your data"}, {Name: "openid"}}
	tests := []struct {
		name  string
		write func(http.ResponseWriter) error
		title string
		says  []string
	}{
		{
			"login names the client and what it asks for",
			func(w http.ResponseWriter) error {
				return ui.WriteLogin(w, 200, ui.Login{Client: web, Scopes: scopes})
			},
			"Log in to Web application · mockoauth",
			[]string{"Log in to Web application", "Client web", "Asks for read openid", "Read your data read"},
		},
		{
			"a client without a name goes by its id",
			func(w http.ResponseWriter) error {
				return ui.WriteLogin(w, 200, ui.Login{Client: ui.Client{ID: "web"}})
			},
			"Log in to web · mockoauth",
			[]string{"Log in to web Client web"},
		},
		{
			"consent names the client, the user and each scope",
			func(w http.ResponseWriter) error {
				return ui.WriteConsent(w, ui.Consent{Client: web, User: alice, Scopes: scopes})
			},
			"Allow Web application? · mockoauth",
			[]string{"Client web", "Alice Example alice alice@example.com", "Read your data read openid"},
		},
		{
			"a problem names the rule, the fix and what is registered",
			func(w http.ResponseWriter) error {
				return ui.WriteProblem(w, ui.Problem{
					Code: "invalid_request", Title: "The redirect URI is not registered", Clause: "RFC 6749 §3.1.2.4",
					Description: "redirect_uri http://localhost:3001/cb is not registered for client web.", Client: "web",
					Fix: "Register it.", Registered: []string{"http://localhost:3000/cb", "http://[::1]:3000/cb"},
				})
			},
			"The redirect URI is not registered · mockoauth",
			[]string{
				"invalid_request · HTTP 400", "redirect_uri http://localhost:3001/cb is not registered for client web.",
				"How to fix it Register it.", "Registered http://localhost:3000/cb http://[::1]:3000/cb", "Client web", "Rule RFC 6749 §3.1.2.4",
			},
		},
		{
			"a problem without a title is its status in words",
			func(w http.ResponseWriter) error { return ui.WriteProblem(w, ui.Problem{Status: 404}) },
			"Not Found · mockoauth",
			[]string{"Not Found HTTP 404"},
		},
		{
			"a form post names where it goes",
			func(w http.ResponseWriter) error {
				return ui.WriteFormPost(w, ui.FormPost{Action: "http://localhost:3000/cb?x=1&y=2"})
			},
			"Returning to localhost:3000 · mockoauth",
			[]string{"Returning to localhost:3000 If nothing happens, press the button. Continue"},
		},
		{
			"logout names who asks and who is logged in",
			func(w http.ResponseWriter) error { return ui.WriteLogout(w, ui.Logout{Client: &web, User: &alice}) },
			"Log out? · mockoauth",
			[]string{"Web application asks you to log out.", "Alice Example"},
		},
		{
			"logged out offers the way back",
			func(w http.ResponseWriter) error {
				return ui.WriteLoggedOut(w, ui.LoggedOut{Client: &web, ReturnTo: "http://localhost:3000/"})
			},
			"You are logged out · mockoauth",
			[]string{"Return to Web application"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p := show(t, test.write)
			g.Expect(text(all(p.doc, "title")[0])).To(Equal(test.title))
			for _, words := range test.says {
				g.Expect(text(all(p.doc, "main")[0])).To(ContainSubstring(words))
			}
		})
	}
}
