// Package record is what the provider writes down of a request and of what it
// decided. Whoever serves a request finds its [Exchange] with [From] and notes
// the decision there; secrets, passwords and tokens have no place in it.
package record

import (
	"context"
	"time"
)

// An Exchange is one request and how it was answered. It belongs to the
// goroutine that serves the request.
type Exchange struct {
	At         time.Time // by the provider's clock
	Issuer     string    // as whom the provider answers this request
	BrowserURL string    // below which a browser finds the provider's pages; no slash at its end
	Secure     bool      // the browser speaks https, so that a cookie may be Secure
	Endpoint   string    // "token"; empty when there is none at Path
	Method     string
	Path       string

	Client string // the client that the request names; authenticated unless Error is invalid_client
	Grant  string // grant_type
	User   string // the username
	Scope  string // what was granted
	Detail string // further words on a decision in the client's favour

	Status  int      // 0 when nothing was answered
	Dropped bool     // the connection was cut, before or in the middle of the answer
	Error   string   // the error code; empty when the request was granted
	Reason  string   // why it was refused, more openly than the client is told
	Faults  []string // the faults that acted
}

type contextKey struct{}

// With carries the exchange to whoever serves it.
func With(ctx context.Context, x *Exchange) context.Context {
	return context.WithValue(ctx, contextKey{}, x)
}

// From is the exchange that ctx belongs to; one that nobody reads when there is none.
func From(ctx context.Context) *Exchange {
	if x, ok := ctx.Value(contextKey{}).(*Exchange); ok {
		return x
	}
	return &Exchange{}
}
