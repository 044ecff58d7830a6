package fault

import (
	"encoding/json"
	"slices"
)

func tokenResponseExpiry() []Fault {
	return slices.Concat(
		advised("takes the lifetime for unknown, and gets a new token when a resource answers 401", &ExpiresInMissing, &ExpiresInNull, &ExpiresInAsDate),
		advised("takes the token for expired, and renews it once for each use and not in a loop", &ExpiresInZero, &ExpiresInNegative),
		advised("reads the number as JSON has it, or refuses the answer", &ExpiresInFractional, &ExpiresInWithExponent),
		advised("bounds the lifetime, so that it does not overflow into the past", &ExpiresInHuge),
		advised("goes by expires_in, and ignores a member that it does not know", &ExpiresAtPast),
	)
}

// saysMember has a token response say value for a member.
func saysMember(name string, value any) func(*Said) {
	return editServed(func(object map[string]any) {
		if object["access_token"] != nil {
			object[name] = value
		}
	})
}

// leavesOutMember leaves a member out of a token response.
func leavesOutMember(name string) func(*Said) {
	return editServed(func(object map[string]any) { delete(object, name) })
}

// ExpiresInMissing does not say how long a token lives.
var ExpiresInMissing = Fault{
	Name: "expires_in_missing", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "leaves out expires_in",
	Say:  leavesOutMember("expires_in"),
}

// ExpiresInNull says null for the lifetime.
var ExpiresInNull = Fault{
	Name: "expires_in_null", Clause: "RFC 6749 App. A.14", At: []string{Token},
	Says: "says null for expires_in",
	Say:  saysMember("expires_in", nil),
}

// ExpiresInAsDate says when a token ends instead of how long it lives.
var ExpiresInAsDate = Fault{
	Name: "expires_in_as_date", Clause: "RFC 6749 App. A.14", At: []string{Token},
	Says: "says a date for expires_in",
	Say:  saysMember("expires_in", "2030-01-01T00:00:00Z"),
}

// ExpiresInZero says that a token is dead as it is born.
var ExpiresInZero = Fault{
	Name: "expires_in_zero", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says an expires_in of 0 for tokens that live longer",
	Say:  saysMember("expires_in", 0),
}

// ExpiresInNegative says that a token died before it was born.
var ExpiresInNegative = Fault{
	Name: "expires_in_negative", Clause: "RFC 6749 App. A.14", At: []string{Token},
	Says: "says an expires_in of -1",
	Say:  saysMember("expires_in", -1),
}

// ExpiresInFractional counts half seconds.
var ExpiresInFractional = Fault{
	Name: "expires_in_fractional", Clause: "RFC 6749 App. A.14", At: []string{Token},
	Says: "says an expires_in of 3600.5",
	Say:  saysMember("expires_in", json.Number("3600.5")),
}

// ExpiresInWithExponent writes a whole number as floating point.
var ExpiresInWithExponent = Fault{
	Name: "expires_in_with_exponent", Clause: "RFC 6749 App. A.14", At: []string{Token},
	Says: "says an expires_in of 3.6e3",
	Say:  saysMember("expires_in", json.Number("3.6e3")),
}

// ExpiresInHuge says a lifetime that overflows 32 bits of seconds and 63 bits of nanoseconds.
var ExpiresInHuge = Fault{
	Name: "expires_in_huge", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says an expires_in of three million years, for tokens that end sooner",
	Say:  saysMember("expires_in", json.Number("99999999999999")),
}

// ExpiresAtPast says in a member of its own that the token has ended.
var ExpiresAtPast = Fault{
	Name: "expires_at_past", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "adds an expires_at that is long past to a right expires_in",
	Say:  saysMember("expires_at", 1000000000),
}
