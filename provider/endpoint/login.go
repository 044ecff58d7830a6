package endpoint

import (
	"github.com/mockoauth/mockoauth/provider/engine"
)

// How users log in.
const (
	LoginForm = "form" // by username and password
	LoginPick = "pick" // by one click on a user
	LoginAuto = "auto" // without a page: as login_hint says, or as the first user
)

// Whether users are asked what a client may have.
const (
	ConsentSkip = "skip" // no, unless the client asks with prompt=consent
	ConsentAsk  = "ask"  // yes, once for each client and scope
)

// LoginModes lists the ways to log in.
func LoginModes() []string { return []string{LoginForm, LoginPick, LoginAuto} }

// ConsentModes lists the ways to consent.
func ConsentModes() []string { return []string{ConsentSkip, ConsentAsk} }

// automatic is who logs in without a page: the user whom id_token_hint or
// login_hint means, else the first who can.
func (h House) automatic(a *engine.Authorization) (username string, ok bool) {
	users := h.Engine.Directory().Active()
	for _, username := range users {
		switch {
		case a.HintSubject != "" && a.HintSubject != h.Engine.SubjectOf(a.Client, username):
		case a.LoginHint != "" && !h.means(a.LoginHint, username):
		default:
			return username, true
		}
	}
	return "", false
}

// isActive tells a user who can log in.
func (h House) isActive(username string) bool {
	u, known := h.Engine.Directory().User(username)
	return known && u.Status.Active()
}

// means tells whether a login_hint is a user's name or email address (OpenID
// Connect Core §3.1.2.1).
func (h House) means(hint, username string) bool {
	u, _ := h.Engine.Directory().User(username)
	email, _ := u.Claims["email"].(string)
	return hint == username || hint == email
}
