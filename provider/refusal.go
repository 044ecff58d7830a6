package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// A Refusal is why a provider does not do what a test asks of it: the error of the
// Go API, and a problem document (RFC 9457 §3) of the HTTP one. Nothing was done then.
type Refusal struct {
	Type   string       `json:"type"`             // always about:blank: the status says which kind it is (RFC 9457 §4.2.1)
	Title  string       `json:"title"`            // the status in words
	Status int          `json:"status"`           // of HTTP
	Detail string       `json:"detail"`           // what was wrong, and what to do instead
	Errors []FieldError `json:"errors,omitempty"` // where several things were wrong
}

// A FieldError is one thing that is wrong with what was sent.
type FieldError struct {
	Field   string `json:"field"`   // "grants[0]"; empty for the whole
	Message string `json:"message"` // what is wrong and what to write instead
}

// Error is the refusal in a line for each thing that is wrong.
func (r *Refusal) Error() string {
	lines := []string{r.Detail}
	for _, e := range r.Errors {
		lines = append(lines, e.String())
	}
	return strings.Join(lines, "\n")
}

// String is the error in a line.
func (e FieldError) String() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

func refuse(status int, format string, args ...any) *Refusal {
	return &Refusal{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

func unprocessable(format string, args ...any) *Refusal {
	return refuse(http.StatusUnprocessableEntity, format, args...)
}

// unknown refuses what there is not, with the nearest that there is.
func unknown(kind, name string, names []string) *Refusal {
	refused := refuse(http.StatusNotFound, "There is no %s %q.", kind, name)
	if near := fixtures.Suggest(name, names); near != "" {
		refused.Detail += " Did you mean " + near + "?"
	} else if len(names) > 0 {
		const listed = 10
		refused.Detail += " There are: " + strings.Join(names[:min(len(names), listed)], ", ") + "."
	}
	return refused
}

// invalid refuses what the fixtures' rules do not allow.
func invalid(what string, err error) *Refusal {
	refused := refuse(http.StatusUnprocessableEntity, "The %s cannot be: %v", what, err)
	var problems fixtures.Problems
	if errors.As(err, &problems) {
		refused.Detail = "The " + what + " breaks the rules of the fixtures."
		for _, p := range problems {
			refused.Errors = append(refused.Errors, FieldError{p.Address, p.Message})
		}
	}
	return refused
}
