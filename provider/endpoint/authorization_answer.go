package endpoint

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/ui"
)

// refuse answers the client with an error (RFC 6749 §4.1.2.1).
func (v *visit) refuse(e *engine.Error) {
	note(v.r, e)
	v.answer(url.Values{"error": {e.Code}, "error_description": {printable(e.Description)}})
}

// answer sends the browser to the client, with state as it came and with iss (RFC
// 9207 §2), by the response mode.
func (v *visit) answer(parameters url.Values) {
	if v.a.State != "" {
		parameters.Set("state", v.a.State)
	}
	parameters.Set("iss", record.From(v.r.Context()).Issuer)
	if v.a.ResponseMode == engine.ModeFormPost {
		page := ui.FormPost{Action: v.a.RedirectURI}
		for _, name := range []string{"code", "error", "error_description", "state", "iss"} {
			if parameters.Has(name) {
				page.Fields = append(page.Fields, ui.Field{Name: name, Value: parameters.Get(name)})
			}
		}
		_ = ui.WriteFormPost(v.w, page) // a browser that is gone needs no page
		return
	}
	redirect(v.w, redirection(v.a.RedirectURI, v.a.ResponseMode, parameters))
}

// redirection adds the parameters to the redirect URI, whose own query stays.
func redirection(uri, mode string, parameters url.Values) string {
	encoded := parameters.Encode()
	switch {
	case mode == engine.ModeFragment:
		return uri + "#" + encoded
	case strings.Contains(uri, "?"):
		return uri + "&" + encoded
	}
	return uri + "?" + encoded
}

// problem tells the user what must not be told to a client that is not proven.
func (v *visit) problem(e *engine.Error) { refusePage(v.w, v.r, e) }

// refusePage answers with the page for a refusal, and writes down why.
func refusePage(w http.ResponseWriter, r *http.Request, e *engine.Error) {
	note(r, e)
	page := ui.Problem{
		Status: e.Status, Code: e.Code, Title: e.Title, Description: e.Description, Clause: e.Clause, Fix: e.Fix,
		Registered: e.Registered, Client: record.From(r.Context()).Client,
	}
	_ = ui.WriteProblem(w, page) // a browser that is gone needs no page
}

// loginPage asks who the user is.
func (v *visit) loginPage(status int, problem string) {
	record.From(v.r.Context()).Detail = "login page"
	page := ui.Login{
		Hidden: v.hidden(), Client: v.clientView(), Scopes: v.scopeViews(), Problem: problem,
		Pick: v.Logins.Mode == LoginPick, Username: v.a.LoginHint,
	}
	if v.username != "" {
		page.Username = v.username
	}
	if page.Pick {
		for _, username := range v.Engine.Directory().Active() {
			page.Users = append(page.Users, *v.userView(username))
		}
	}
	_ = ui.WriteLogin(v.w, status, page)
}

// consentPage asks what the client may have.
func (v *visit) consentPage() {
	record.From(v.r.Context()).Detail = "consent page"
	_ = ui.WriteConsent(v.w, ui.Consent{
		Hidden: v.hidden(), Client: v.clientView(), User: *v.userView(v.session.Username), Scopes: v.scopeViews(),
	})
}

// hidden carries the request through a page.
func (v *visit) hidden() []ui.Field {
	fields := []ui.Field{{Name: "since", Value: strconv.FormatInt(v.since.Unix(), 10)}}
	return append(fields, fieldsOf(v.a.Form)...)
}

func (v *visit) clientView() ui.Client {
	return ui.Client{ID: v.a.Client.GetID(), Name: v.a.Client.Name()}
}

func (h House) userView(username string) *ui.User {
	u, _ := h.Engine.Directory().User(username)
	name, _ := u.Claims["name"].(string)
	email, _ := u.Claims["email"].(string)
	return &ui.User{Username: username, Name: name, Email: email}
}

func (v *visit) scopeViews() []ui.Scope {
	var views []ui.Scope
	for _, scope := range v.a.Scope {
		views = append(views, ui.Scope{Name: scope, Description: v.Engine.Directory().DescriptionOf(scope)})
	}
	return views
}
