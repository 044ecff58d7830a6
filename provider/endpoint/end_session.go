package endpoint

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/ui"
)

// endSession is OpenID Connect RP-Initiated Logout 1.0.
func endSession() Endpoint {
	return Endpoint{
		Name: fault.EndSession, Paths: []string{"/end_session"}, Methods: []string{http.MethodGet, http.MethodHead, http.MethodPost}, Member: "end_session_endpoint", Browser: true,
		Handler: func(h House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				form, refused := readBrowserForm(r)
				if refused == nil && r.Method == http.MethodPost && form.Has("action") {
					refused = ownForm(r)
					restore(form)
				} else {
					form.Del("action") // by GET it means nothing
				}
				if refused == nil && !form.Has("action") && h.Sessions.again(w, r, form) {
					return
				}
				if refused == nil {
					var l *logout
					if l, refused = h.readLogout(r.Context(), form); refused == nil {
						l.serve(w, r)
						return
					}
				}
				refusePage(w, r, refused)
			})
		},
	}
}

// logout is one request to end a session.
type logout struct {
	House
	form     url.Values
	action   string
	hint     engine.IDTokenHint // of whom; empty without an id_token_hint
	client   *ui.Client         // who asks; nil when nobody knows
	returnTo string             // where to go then; empty for nowhere
}

// readLogout judges the request (RP-Initiated Logout §2, §3): a page is never
// sent on to a place that is not registered for a client that is known.
func (h House) readLogout(ctx context.Context, form url.Values) (*logout, *engine.Error) {
	l := &logout{House: h, form: form, action: form.Get("action")}
	form.Del("action")
	for name, values := range form {
		if len(values) > 1 {
			return nil, engine.Refuse(engine.InvalidRequest, "The parameter "+engine.Quote(name)+" is sent more than once.")
		}
	}
	clientID := form.Get("client_id")
	if token := form.Get("id_token_hint"); token != "" {
		var refused *engine.Error
		if l.hint, refused = h.Engine.ReadIDTokenHint(ctx, token); refused != nil {
			return nil, refused
		}
		if clientID != "" && clientID != l.hint.Audience {
			return nil, engine.Refuse(engine.InvalidRequest, "The client_id is not the client of the id_token_hint (RP-Initiated Logout section 2).")
		}
		clientID = l.hint.Audience
	}
	returnTo := form.Get("post_logout_redirect_uri")
	if clientID == "" {
		if returnTo != "" {
			return nil, engine.Refuse(engine.InvalidRequest, "There is a post_logout_redirect_uri, and neither id_token_hint nor client_id to say whose (RP-Initiated Logout section 2).")
		}
		return l, nil
	}
	client, refused := h.Engine.ClientAt(clientID)
	if refused != nil {
		return nil, refused
	}
	record.From(ctx).Client = clientID
	l.client = &ui.Client{ID: client.GetID(), Name: client.Name()}
	if registered := client.PostLogoutRedirectURIs(); returnTo != "" && !slices.Contains(registered, returnTo) {
		refused := engine.Refuse(engine.InvalidRequest, "The post_logout_redirect_uri "+engine.Quote(returnTo)+" is not registered for the client "+engine.Quote(clientID)+".")
		refused.Registered = registered
		refused.Title, refused.Clause = "The address to return to does not fit", "RP-Initiated Logout §3"
		refused.Fix = "Send one of the registered addresses, or put this one into post_logout_redirect_uris of the client."
		return nil, refused
	}
	l.returnTo = returnTo
	return l, nil
}

// serve asks the user unless an ID token shows that they mean it, and logs out.
func (l *logout) serve(w http.ResponseWriter, r *http.Request) {
	session := l.Sessions.Of(r)
	meant := session == nil || l.action == "logout" || l.hint.SessionID == session.ID ||
		l.Logins.Mode == LoginAuto && isVisit(r) // there, nobody is asked anything
	switch {
	case r.Method == http.MethodHead: // which changes nothing
		w.WriteHeader(http.StatusOK)
		return
	case l.action == "stay":
		record.From(r.Context()).Detail = "logout refused by the user"
		_ = ui.WriteLoggedIn(w, ui.LoggedIn{Client: l.client})
		return
	case !meant:
		record.From(r.Context()).Detail = "logout page"
		_ = ui.WriteLogout(w, ui.Logout{Hidden: fieldsOf(l.form), Client: l.client, User: l.userView(session.Username)})
		return
	case session != nil:
		l.Engine.EndSession(session.ID)
	}
	l.Sessions.End(w, r)
	record.From(r.Context()).Detail = "logged out"
	if l.returnTo == "" {
		_ = ui.WriteLoggedOut(w, ui.LoggedOut{Client: l.client})
		return
	}
	location := l.returnTo
	if state := l.form.Get("state"); state != "" {
		location = redirection(location, engine.ModeQuery, url.Values{"state": {state}})
	}
	redirect(w, location)
}
