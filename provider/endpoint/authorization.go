package endpoint

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// authorization is the authorization endpoint (RFC 6749 §3.1; OpenID Connect Core
// §3.1.2). Its pages post back to it, with the request and what the user did:
// nothing is kept of a request that is not answered yet.
func authorization() Endpoint {
	return Endpoint{
		Name: fault.Authorization, Paths: []string{"/authorize"}, Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost}, Member: "authorization_endpoint", Browser: true,
		Metadata: func(h House) map[string]any {
			return map[string]any{
				"response_types_supported":                       engine.ResponseTypes(),
				"response_modes_supported":                       engine.ResponseModes(),
				"code_challenge_methods_supported":               []string{"S256"},
				"authorization_response_iss_parameter_supported": true, // RFC 9207 §3
				"prompt_values_supported":                        engine.Prompts(),
				"claims_parameter_supported":                     true,
				"request_parameter_supported":                    false,
				"request_uri_parameter_supported":                false,
			}
		},
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				v := &visit{House: h, w: w, r: r}
				form, refused := readBrowserForm(r)
				if refused == nil && r.Method == http.MethodPost && form.Has("action") {
					refused = ownForm(r)
					restore(form)
					v.action, v.username, v.password = form.Get("action"), form.Get("username"), form.Get("password")
				}
				if refused != nil {
					v.problem(refused)
					return
				}
				if v.action == "" && v.Sessions.again(w, r, form) {
					return
				}
				v.since = v.beginning(form)
				for _, name := range []string{"action", "username", "password", "since"} { // by GET they mean nothing
					form.Del(name)
				}
				v.serve(form)
			})
		},
	}
}

// beginning is when the user came with the request: the pages carry it, so that
// a login for prompt=login or max_age counts if it came after.
func (v *visit) beginning(form url.Values) time.Time {
	if seconds, err := strconv.ParseInt(form.Get("since"), 10, 64); err == nil && v.action != "" {
		return time.Unix(seconds, 0)
	}
	return v.Clock.Now().Truncate(time.Second)
}

// A visit is one request of a browser to the authorization endpoint.
type visit struct {
	House
	w http.ResponseWriter
	r *http.Request

	action, username, password string    // what the user did on the page before
	since                      time.Time // when they came with the request

	a       *engine.Authorization
	session *Session // nil while nobody is logged in
}

// serve takes the request as far as it goes: to a page, or to the client.
func (v *visit) serve(form url.Values) {
	a, refused := v.Engine.ReadAuthorization(v.r.Context(), form)
	switch v.a = a; {
	case refused != nil && a == nil:
		v.problem(refused)
		return
	case refused != nil:
		v.refuse(refused)
		return
	}
	if v.r.Method == http.MethodHead { // which changes nothing
		v.w.WriteHeader(http.StatusOK)
		return
	}
	v.session = v.Sessions.Of(v.r)
	if next, ok := v.Logins.take(OnAuthorization, v.a.Client.GetID()); ok {
		v.actFor(next)
		return
	}
	switch v.action {
	case "deny":
		v.refuse(engine.Refuse(engine.AccessDenied, "The user said no."))
	case "login":
		v.login()
	default:
		v.proceed()
	}
}

// actFor does what a test has said that the user does.
func (v *visit) actFor(next NextLogin) {
	switch {
	case next.Deny:
		v.refuse(engine.Refuse(engine.AccessDenied, "The user said no."))
	case next.Error != "":
		v.refuse(&engine.Error{Status: http.StatusBadRequest, Code: next.Error, Description: next.ErrorDescription, Reason: "a test wants this error"})
	case v.begin(next.User, nil):
		v.grant()
	}
}

// login is the login page sent back.
func (v *visit) login() {
	methods := []string{"pwd"}
	if v.Logins.Mode == LoginForm {
		if refused := v.Engine.CheckPassword(v.r.Context(), v.username, v.password); refused != nil {
			note(v.r, refused)
			status := http.StatusForbidden
			if refused.Status == http.StatusTooManyRequests {
				status = refused.Status
				setRetryAfter(v.w, refused)
			}
			v.loginPage(status, refused.Description)
			return
		}
	} else {
		methods = nil
		if !v.isActive(v.username) {
			v.loginPage(http.StatusForbidden, "This user cannot log in.")
			return
		}
	}
	if v.begin(v.username, methods) {
		v.proceed()
	}
}

// begin makes a session, or fails the request.
func (v *visit) begin(username string, methods []string) bool {
	session, err := v.Sessions.Begin(v.w, v.r, username, methods)
	if err != nil {
		v.problem(&engine.Error{Status: http.StatusInternalServerError, Code: engine.ServerError, Reason: err.Error()})
		return false
	}
	v.session = session
	return true
}

// proceed asks for what is still needed, or grants.
func (v *visit) proceed() {
	needsLogin := v.needsLogin()
	switch {
	case needsLogin && v.a.Asks(engine.PromptNone):
		v.refuse(engine.Refuse("login_required", "Nobody is logged in as the request wants it, and prompt=none forbids to ask."))
		return
	case needsLogin && v.Logins.Mode == LoginAuto:
		username, ok := v.automatic(v.a)
		if !ok {
			v.refuse(engine.Refuse("login_required", "There is no user "+engine.Quote(v.a.LoginHint)+" who can log in."))
			return
		}
		if !v.begin(username, nil) {
			return
		}
	case needsLogin && v.action == "login":
		v.loginPage(http.StatusForbidden, "The client asks for another user.")
		return
	case needsLogin:
		v.loginPage(http.StatusOK, "")
		return
	}
	switch {
	case v.action == "allow":
		v.Sessions.Agree(v.session.Username, v.a.Client.GetID(), v.a.Scope)
	case v.needsConsent() && v.a.Asks(engine.PromptNone):
		v.refuse(engine.Refuse("consent_required", "The user has not agreed to the scope yet, and prompt=none forbids to ask."))
		return
	case v.needsConsent():
		v.consentPage()
		return
	}
	v.grant()
}

// needsLogin tells whether the user must prove who they are (OpenID Connect Core
// §3.1.2.1, §3.1.2.3): nobody is logged in, or not freshly enough, or somebody else.
func (v *visit) needsLogin() bool {
	switch {
	case v.session == nil || !v.isActive(v.session.Username):
		return true
	case (v.a.Asks(engine.PromptLogin) || v.a.Asks(engine.PromptSelectAccount)) && !v.isFresh():
		return true
	case v.a.MaxAge != nil && !v.isFresh() && (*v.a.MaxAge == 0 || v.Clock.Now().Sub(v.session.At) > *v.a.MaxAge):
		return true // max_age=0 is as prompt=login
	}
	if v.Logins.Mode == LoginAuto && v.a.LoginHint != "" && !v.means(v.a.LoginHint, v.session.Username) {
		return true // there, the hint says who it is to be
	}
	return v.a.HintSubject != "" && v.a.HintSubject != v.Engine.SubjectOf(v.a.Client, v.session.Username)
}

// isFresh tells a login that came after the request. A page must have been sent
// back in between, or it would be the session of before, begun in the same second.
func (v *visit) isFresh() bool {
	return v.action != "" && !v.session.At.Before(v.since)
}

// needsConsent tells whether the user must be asked what the client may have.
func (v *visit) needsConsent() bool {
	switch {
	case v.Logins.Mode == LoginAuto && v.Logins.Consent == ConsentSkip:
		return false // no pages, not even where the client asks for one
	case v.a.Asks(engine.PromptConsent):
		return true
	}
	return v.Logins.Consent == ConsentAsk && !v.Sessions.Agreed(v.session.Username, v.a.Client.GetID(), v.a.Scope)
}

// grant answers the client with a code.
func (v *visit) grant() {
	code, refused := v.Engine.GrantCode(v.r, v.a, engine.Login{
		Username: v.session.Username, At: v.session.At, SessionID: v.session.ID, Methods: v.session.Methods,
	})
	if refused != nil {
		v.refuse(refused)
		return
	}
	record.From(v.r.Context()).Detail = "code granted"
	v.answer(url.Values{"code": {code}})
}
