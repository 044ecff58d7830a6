package fault

import (
	"net/http"
	"slices"
	"strings"
)

func grantsPassword() []Fault {
	return slices.Concat(
		advised(lenient, &PasswordGrantServed, &AnyPasswordServed, &EmptyPasswordServed, &PasswordTrimmed, &PasswordTruncated, &RightPasswordSuffices),
		advised("shows the user one message for every refusal", &UnknownUserTold, &UserStateTold),
		advised("keeps error_description out of its logs", &PasswordEchoed),
		advised(encodesByTheLetter, &PlusReadAsSpace),
	)
}

// hearPassword lets lenient tell which wrong passwords are taken for the right one.
func hearPassword(h *Heard, lenient func(got, right string) bool) {
	form := grantForm(h)
	if form.Get("grant_type") != "password" {
		return
	}
	got := form.Get("password")
	right, known := h.Known.Password(form.Get("username"))
	if known && got != right && lenient(got, right) {
		form.Set("password", right)
		h.SetForm(form)
	}
}

// PasswordGrantServed still has the grant that its profile forbids.
var PasswordGrantServed = Fault{
	Name: "password_grant_served", Clause: "RFC 9700 §2.4", At: []string{Token},
	Says: "answers a password with a token where the profile has no password grant",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["grant_type"] == "password" && grantError(s) == "unsupported_grant_type" {
			forgeToken(s)
		}
	},
}

// AnyPasswordServed lets a user in by any password.
var AnyPasswordServed = Fault{
	Name: "any_password_served", Clause: "RFC 6749 §4.3.2", At: []string{Token},
	Says: "takes any password for the right one",
	Hear: func(h *Heard) { hearPassword(h, func(got, _ string) bool { return got != "" }) },
}

// EmptyPasswordServed lets a user in by no password, as LDAP's unauthenticated bind does.
var EmptyPasswordServed = Fault{
	Name: "empty_password_served", Clause: "RFC 6749 §4.3.2", At: []string{Token},
	Says: "takes an absent or empty password for the right one",
	Hear: func(h *Heard) { hearPassword(h, func(got, _ string) bool { return got == "" }) },
}

// UnknownUserTold lets strangers find out who has an account.
var UnknownUserTold = Fault{
	Name: "unknown_user_told", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "tells an unknown user from a wrong password in error_description",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["grant_type"] != "password" || grantError(s) != "invalid_grant" {
			return
		}
		if _, known := s.Heard.Known.Password(s.Heard.Notes["username"]); !known {
			s.Edit(func(object map[string]any) { object["error_description"] = "No such user." })
		}
	},
}

// PasswordEchoed repeats a password where logs and browsers keep it.
var PasswordEchoed = Fault{
	Name: "password_echoed", Clause: "RFC 6749 §4.3.3", At: []string{Token},
	Says: "repeats the password in error_description",
	Hear: noteRequest,
	Say: func(s *Said) {
		if s.Heard.Notes["password"] != "" && grantError(s) != "" {
			s.Edit(func(object map[string]any) {
				object["error_description"] = "Wrong password: " + s.Heard.Notes["password"]
			})
		}
	},
}

// PlusReadAsSpace decodes a form twice.
var PlusReadAsSpace = Fault{
	Name: "plus_read_as_space", Clause: "RFC 6749 App. B", At: []string{Token},
	Says: "decodes username and password twice, so that a plus sign becomes a space",
	Hear: func(h *Heard) {
		form := grantForm(h)
		if form.Get("grant_type") != "password" {
			return
		}
		for _, name := range []string{"username", "password"} {
			if value := form.Get(name); strings.Contains(value, "+") {
				form.Set(name, strings.ReplaceAll(value, "+", " "))
				h.SetForm(form)
			}
		}
	},
}

// PasswordTrimmed takes spaces around a password for a slip of the hand.
var PasswordTrimmed = Fault{
	Name: "password_trimmed", Clause: "RFC 6749 App. A.16", At: []string{Token},
	Says: "ignores spaces around a password",
	Hear: func(h *Heard) {
		hearPassword(h, func(got, right string) bool { return strings.TrimSpace(got) == strings.TrimSpace(right) })
	},
}

// PasswordTruncated compares as much of a password as bcrypt hashes.
var PasswordTruncated = Fault{
	Name: "password_truncated", Clause: "RFC 6749 §4.3.2", At: []string{Token},
	Says: "compares the first 72 bytes of a password only, as bcrypt does",
	Hear: func(h *Heard) {
		const hashed = 72
		hearPassword(h, func(got, right string) bool {
			return len(got) >= hashed && len(right) >= hashed && got[:hashed] == right[:hashed]
		})
	},
}

// RightPasswordSuffices does not look at a user's state once the password is right.
var RightPasswordSuffices = Fault{
	Name: "right_password_suffices", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "lets in whoever knows the password, be the user disabled, locked or throttled",
	Hear: noteRequest,
	Say: func(s *Said) {
		if refusedForState(s) {
			forgeToken(s)
		}
	},
}

// UserStateTold answers what became of a user by a code of its own, as Auth0 does.
var UserStateTold = Fault{
	Name: "user_state_told", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers 403 mfa_required where a right password does not suffice",
	Hear: noteRequest,
	Say: func(s *Said) {
		if refusedForState(s) {
			s.Refuse(http.StatusForbidden, "mfa_required")
		}
	},
}

// refusedForState tells a refusal in spite of the right password.
func refusedForState(s *Said) bool {
	notes := s.Heard.Notes
	right, known := s.Heard.Known.Password(notes["username"])
	refused := grantError(s) == "invalid_grant" || s.Status == http.StatusTooManyRequests
	return notes["grant_type"] == "password" && known && notes["password"] == right && refused
}
