// Package ui is what people see of the provider: its pages, as HTML.
//
// It knows no protocol. Each page is a plain struct and a function that writes
// it, with the headers that such a page needs; what a button then means is
// decided where the form goes. Every page is whole without JavaScript, loads
// nothing from anywhere, and says that this is a mock.
//
// All forms are sent by POST and name the button in the field "action":
//
//	login       username, password, action=login | action=deny
//	login, pick username, action=login | action=deny
//	consent     action=allow | action=deny
//	logout      action=logout | action=stay
//
// A form also carries the hidden fields it was given, but none that is named
// action, username or password: these are the user's to send. HTML has no way to send
// back a NUL, a lone line feed or a lone carriage return as they came, so a
// value that may hold them belongs on the server, with its key in the form.
package ui

// A Field is a hidden input that goes back with the form.
type Field struct{ Name, Value string }

// A Client is the application that sent the user here. Without a name it goes
// by its id.
type Client struct{ ID, Name string }

// A User is somebody who may log in, or has.
type User struct {
	Username string
	Name     string // optional, as is Email
	Email    string
	Note     string // a word beside the name: "locked"
}

// A Scope is something the client asks for (RFC 6749 §3.3). A scope without a
// description is shown by its name alone.
type Scope struct{ Name, Description string }

// Login asks who it is: by password, or with Pick by one click on a user
// (OpenID Connect Core 1.0 §3.1.2.3, RFC 6749 §3.1). Its form also has a
// button to deny, which works while the fields are empty.
type Login struct {
	Action   string // where the form goes: to the page's own URL when empty
	Hidden   []Field
	Client   Client
	Username string  // filled in already, and with Pick the user under the cursor
	Problem  string  // what was wrong with the last try
	Users    []User  // for Pick
	Pick     bool    // a button per user instead of a password
	Scopes   []Scope // what the client asks for
}

// Consent asks whether the client may have what it asks for (OpenID Connect
// Core 1.0 §3.1.2.4).
type Consent struct {
	Action string // where the form goes, as for Login
	Hidden []Field
	Client Client
	User   User
	Scopes []Scope
}

// A Problem is an answer that must not go to the client, because the client or
// its redirect URI is not proven (RFC 6749 §4.1.2.1). It is written for the
// client's developer: what is wrong, by which rule, and what to do. All of it
// is optional.
type Problem struct {
	Status      int    // 400 when zero
	Code        string // the error code: "invalid_request"
	Title       string // in a few words; the status in words when empty
	Description string
	Clause      string   // "RFC 6749 §3.1.2.4"
	Fix         string   // what to write instead
	Registered  []string // what would have been accepted: the client's redirect URIs
	Client      string   // its id, as it was sent
}

// FormPost is an authorization response that the browser carries to the
// client in a form (OAuth 2.0 Form Post Response Mode §2). The form holds
// Fields in their order and nothing else.
type FormPost struct {
	Action string // the redirect URI; see [ErrFormPostAction]
	Fields []Field
}

// Logout asks whether the user wants to log out (OpenID Connect RP-Initiated
// Logout 1.0 §2).
type Logout struct {
	Action string // where the form goes, as for Login
	Hidden []Field
	Client *Client // who asked, when known
	User   *User   // who is logged in, when known
}

// LoggedIn says that the user chose not to log out.
type LoggedIn struct {
	Client *Client // who asked, when known
}

// LoggedOut says that the user is logged out (OpenID Connect RP-Initiated
// Logout 1.0 §3).
type LoggedOut struct {
	Client *Client // who asked, when known

	// ReturnTo is offered as a link if it is a URL of http, https or a
	// private-use scheme with a period in it (RFC 8252 §7.1), and shown as
	// text if it is any other.
	ReturnTo string
}
