package engine

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ory/fosite"
)

// The error codes that the provider uses, each registered for its endpoints.
const (
	InvalidRequest         = "invalid_request"         // RFC 6749 §5.2
	InvalidClient          = "invalid_client"          // RFC 6749 §5.2
	InvalidGrant           = "invalid_grant"           // RFC 6749 §5.2
	UnauthorizedClient     = "unauthorized_client"     // RFC 6749 §5.2
	UnsupportedGrantType   = "unsupported_grant_type"  // RFC 6749 §5.2
	InvalidScope           = "invalid_scope"           // RFC 6749 §5.2
	InvalidTarget          = "invalid_target"          // RFC 8707 §2
	InvalidToken           = "invalid_token"           // RFC 6750 §3.1
	InsufficientScope      = "insufficient_scope"      // RFC 6750 §3.1
	AccessDenied           = "access_denied"           // RFC 6749 §4.1.2.1
	ServerError            = "server_error"            // RFC 6749 §4.1.2.1
	TemporarilyUnavailable = "temporarily_unavailable" // RFC 6749 §4.1.2.1
)

// An Error is a refusal: the code that a specification gives for it, the status
// that goes with it, and words for the developer at the other end.
type Error struct {
	Status      int
	Code        string
	Description string        // told to the client
	Reason      string        // for the log only: what the client must not learn; empty means the Description
	Scheme      string        // of the challenge that goes with it, "Basic" or "Bearer"
	RetryAfter  time.Duration // whole seconds; 0 means nothing is said

	// ChallengeCode is the error that a Bearer challenge names; none when the
	// request had no token at all (RFC 6750 §3).
	ChallengeCode string
	Scope         string   // the scope that a Bearer challenge asks for
	Title         string   // of its page; empty for what goes with the status
	Clause        string   // the rule that was broken, for its page
	Fix           string   // what to do instead, for its page
	Registered    []string // the redirect URIs that would have done
}

// Error is the refusal in a line, for logs.
func (e *Error) Error() string { return e.Code + ": " + e.Why() }

// Why is the reason as openly as the provider's owner may read it.
func (e *Error) Why() string {
	if e.Reason != "" {
		return e.Reason
	}
	return e.Description
}

// Refuse makes a refusal with status 400.
func Refuse(code, description string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Description: description}
}

// unavailable is the answer when the storage fails: the request was right and may be repeated.
func unavailable(err error) *Error {
	return &Error{
		Status: http.StatusServiceUnavailable, Code: TemporarilyUnavailable,
		Description: "The request was right but cannot be served now; repeat it later.", Reason: err.Error(),
	}
}

// unpack turns what fosite answers into our refusal. Fosite's own codes that no
// registry knows (IANA OAuth Extensions Error Registry) are replaced here.
func unpack(err error) *Error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	theirs := fosite.ErrorToRFC6749Error(err)
	e := &Error{Status: theirs.CodeField, Code: theirs.ErrorField, Description: theirs.HintField}
	if e.Description == "" {
		e.Description = theirs.DescriptionField
	}
	switch {
	case errors.Is(err, fosite.ErrInactiveToken):
		e.Description = "The refresh token was already used; with it all tokens of its grant are revoked (RFC 9700 section 4.14.2)."
	case e.Code == InvalidGrant && errors.Is(err, fosite.ErrNotFound):
		e.Description = "The refresh token is unknown, expired or revoked, or so old that it had to make room for newer ones."
	}
	switch e.Code {
	case InvalidRequest, InvalidGrant, UnauthorizedClient, UnsupportedGrantType, InvalidScope:
		e.Status = http.StatusBadRequest
	case InvalidClient:
		e.Status, e.Scheme = http.StatusUnauthorized, "Basic"
	case TemporarilyUnavailable:
		return unavailable(err)
	default:
		e.Status, e.Code = http.StatusInternalServerError, ServerError
		e.Description = "The provider met something that it did not expect; its log says what."
		e.Reason = strings.TrimSpace(theirs.ErrorField + " " + theirs.DebugField)
	}
	return e
}
