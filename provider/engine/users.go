package engine

import (
	"crypto/subtle"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/store"
)

// wrongLogin is the same whether the user or the password is wrong (RFC 6749 §10.10).
const wrongLogin = "The username or the password is wrong."

// login checks a password and that its user may log in.
func (d *Directory) login(username, password string) (*user, *Error) {
	digest := digestOf(password)
	u, known := d.users[username]
	if !known {
		refused := Refuse(InvalidGrant, wrongLogin)
		refused.Reason = "unknown user " + Quote(username)
		if near := fixtures.Suggest(username, d.usernames); near != "" {
			refused.Reason += ", did you mean " + Quote(near) + "?"
		}
		return nil, refused
	}
	if subtle.ConstantTimeCompare(digest[:], u.password[:]) != 1 {
		refused := Refuse(InvalidGrant, wrongLogin)
		refused.Reason = "wrong password of user " + Quote(username)
		return nil, refused
	}
	if refused := u.mayLogIn(); refused != nil {
		return nil, refused
	}
	return u, nil
}

// mayLogIn refuses the users whose status stands against it. RFC 6749 §5.2 has
// one code for all of them.
func (u *user) mayLogIn() *Error {
	switch u.fixture.Status {
	case fixtures.StatusDisabled:
		return Refuse(InvalidGrant, "The user is disabled.")
	case fixtures.StatusLocked:
		return Refuse(InvalidGrant, "The user is locked.")
	case fixtures.StatusPasswordExpired:
		return Refuse(InvalidGrant, "The user's password has expired.")
	case fixtures.StatusMFARequired:
		return Refuse(InvalidGrant, "The user must log in with a second factor, which there is none of here.")
	}
	return nil
}

// mayGoOn tells whether the user of a grant still stands as they did (RFC 9700 §4.14.2).
func (d *Directory) mayGoOn(r store.Record) *Error {
	if r.Username == "" {
		return nil
	}
	u, known := d.users[r.Username]
	client, knownClient := d.clients[r.Client]
	if !known || !knownClient || subjectFor(client, u) != r.Subject {
		return Refuse(InvalidGrant, "The user of this grant is no more.")
	}
	return u.mayLogIn()
}

// present finds a user who has logged in before and still may.
func (d *Directory) present(username string) (*user, *Error) {
	u, known := d.users[username]
	if !known {
		return nil, Refuse(AccessDenied, "There is no user "+Quote(username)+" here.")
	}
	if refused := u.mayLogIn(); refused != nil {
		refused.Code = AccessDenied
		return nil, refused
	}
	return u, nil
}
