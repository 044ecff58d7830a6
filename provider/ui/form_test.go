package ui_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/mockoauth/mockoauth/provider/ui"
)

func TestButtons(t *testing.T) {
	t.Parallel()
	hidden := []ui.Field{{Name: "request", Value: "r1"}, {Name: "token", Value: "t1"}}
	users := []ui.User{{Username: "alice", Name: "Alice"}, {Username: "bob", Note: "locked"}}
	tests := []struct {
		name  string
		write func(http.ResponseWriter) error
		want  map[string][]string // what each button sends
	}{
		{
			"login sends the hidden fields, the two fields and the button",
			func(w http.ResponseWriter) error {
				return ui.WriteLogin(w, 200, ui.Login{Action: "/here", Hidden: hidden})
			},
			map[string][]string{
				"Log in": {"request=r1", "token=t1", "username=", "password=", "action=login"},
				"Deny":   {"request=r1", "token=t1", "username=", "password=", "action=deny"},
			},
		},
		{
			"pick logs in by one click, and denies with one action",
			func(w http.ResponseWriter) error {
				return ui.WriteLogin(w, 200, ui.Login{Action: "/here", Hidden: hidden, Pick: true, Users: users})
			},
			map[string][]string{
				"A Alice alice": {"request=r1", "token=t1", "action=login", "username=alice"},
				"b bob locked":  {"request=r1", "token=t1", "action=login", "username=bob"},
				"Deny":          {"request=r1", "token=t1", "action=deny"},
			},
		},
		{
			"pick without users can still deny",
			func(w http.ResponseWriter) error {
				return ui.WriteLogin(w, 200, ui.Login{Action: "/here", Hidden: hidden, Pick: true})
			},
			map[string][]string{"Deny": {"request=r1", "token=t1", "action=deny"}},
		},
		{
			"consent allows or denies",
			func(w http.ResponseWriter) error {
				return ui.WriteConsent(w, ui.Consent{Action: "/here", Hidden: hidden})
			},
			map[string][]string{
				"Allow": {"request=r1", "token=t1", "action=allow"},
				"Deny":  {"request=r1", "token=t1", "action=deny"},
			},
		},
		{
			"logout logs out or stays",
			func(w http.ResponseWriter) error {
				return ui.WriteLogout(w, ui.Logout{Action: "/here", Hidden: hidden})
			},
			map[string][]string{
				"Log out":        {"request=r1", "token=t1", "action=logout"},
				"Stay logged in": {"request=r1", "token=t1", "action=stay"},
			},
		},
		{
			"a form post sends its fields in order and nothing else",
			func(w http.ResponseWriter) error {
				return ui.WriteFormPost(w, ui.FormPost{Action: "http://here", Fields: []ui.Field{{"state", "s"}, {"code", "c"}, {"a", ""}}})
			},
			map[string][]string{"Continue": {"state=s", "code=c", "a="}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			got := map[string][]string{}
			for _, form := range all(show(t, test.write).doc, "form") {
				g.Expect(value(form, "action")).To(HaveSuffix("/here"))
				for _, b := range all(form, "button") {
					got[text(b)] = fields(form, b)
				}
			}
			g.Expect(got).To(Equal(test.want))
		})
	}
}

// A request may carry any parameter, and all of them may come back as hidden fields.
func TestARequestCannotPressAButton(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	hidden := []ui.Field{{"action", "allow"}, {"username", "mallory"}, {"password", "x"}, {"state", "s"}}
	for _, write := range []func(http.ResponseWriter) error{
		func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, ui.Login{Hidden: hidden}) },
		func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, ui.Login{Hidden: hidden, Pick: true}) },
		func(w http.ResponseWriter) error { return ui.WriteConsent(w, ui.Consent{Hidden: hidden}) },
		func(w http.ResponseWriter) error { return ui.WriteLogout(w, ui.Logout{Hidden: hidden}) },
	} {
		for _, n := range all(show(t, write).doc, "input") {
			if value(n, "type") == "hidden" {
				g.Expect(value(n, "name")).To(Equal("state"))
			}
		}
	}
	p := show(t, func(w http.ResponseWriter) error {
		return ui.WriteFormPost(w, ui.FormPost{Action: "http://app", Fields: hidden})
	})
	g.Expect(all(p.doc, "input")).To(HaveLen(4), "an answer is the client's to read")
}

func TestWhereAFormGoes(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for action, want := range map[string]string{"": "", "/t/login?a=b&c=d": "/t/login?a=b&c=d", "http://localhost:9000/login": "http://localhost:9000/login"} {
		p := show(t, func(w http.ResponseWriter) error { return ui.WriteConsent(w, ui.Consent{Action: action}) })
		g.Expect(value(all(p.doc, "form")[0], "action")).To(Equal(want))
		g.Expect(has(all(p.doc, "form")[0], "action")).To(Equal(want != ""), "an empty action is not HTML")
	}
}

// Enter presses the first button of a form.
func TestEnterGoesOn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for _, page := range everyPage("x") {
		for _, form := range all(show(t, page.write).doc, "form") {
			if buttons := all(form, "button"); len(buttons) > 1 {
				g.Expect(value(buttons[0], "value")).NotTo(Or(Equal("deny"), Equal("stay")), page.name)
			}
		}
	}
}

func TestLoginForm(t *testing.T) {
	t.Parallel()
	input := func(p shown, id string) *html.Node {
		for _, n := range all(p.doc, "input") {
			if value(n, "id") == id {
				return n
			}
		}
		return nil
	}
	login := func(p ui.Login) shown {
		return show(t, func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, p) })
	}
	t.Run("the cursor is in the first empty field", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		fresh, known := login(ui.Login{}), login(ui.Login{Username: "alice"})
		g.Expect(has(input(fresh, "username"), "autofocus")).To(BeTrue())
		g.Expect(has(input(fresh, "password"), "autofocus")).To(BeFalse())
		g.Expect(has(input(known, "username"), "autofocus")).To(BeFalse())
		g.Expect(has(input(known, "password"), "autofocus")).To(BeTrue())
		g.Expect(value(input(known, "username"), "value")).To(Equal("alice"))
	})
	t.Run("a password manager knows the fields", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		p := login(ui.Login{})
		g.Expect(value(input(p, "username"), "autocomplete")).To(Equal("username"))
		g.Expect(value(input(p, "password"), "autocomplete")).To(Equal("current-password"))
		g.Expect(value(input(p, "password"), "type")).To(Equal("password"))
		g.Expect(input(p, "password").Attr).NotTo(ContainElement(HaveField("Key", "value")))
	})
	t.Run("both fields are required, but not to deny", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		p := login(ui.Login{})
		g.Expect(has(input(p, "username"), "required") && has(input(p, "password"), "required")).To(BeTrue())
		for _, b := range all(p.doc, "button") {
			g.Expect(has(b, "formnovalidate")).To(Equal(value(b, "value") == "deny"))
		}
	})
	t.Run("a problem is an alert that the fields refer to", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		g.Expect(login(ui.Login{}).Body.String()).NotTo(ContainSubstring(`role="alert"`))
		p := login(ui.Login{Problem: "Wrong password."})
		var alerts []string
		for n := range p.doc.Descendants() {
			if value(n, "role") == "alert" {
				alerts = append(alerts, text(n))
				g.Expect(value(input(p, "username"), "aria-describedby")).To(Equal(value(n, "id")))
			}
		}
		g.Expect(alerts).To(Equal([]string{"Wrong password."}))
	})
	t.Run("the hinted user is under the cursor", func(t *testing.T) {
		t.Parallel()
		g := NewWithT(t)
		p := login(ui.Login{Pick: true, Username: "bob", Users: []ui.User{{Username: "alice"}, {Username: "bob"}}})
		for _, b := range all(p.doc, "button") {
			g.Expect(has(b, "autofocus")).To(Equal(value(b, "value") == "bob"))
		}
	})
}
