// Package record is what the provider writes down of a request and of what it
// decided. Whoever serves a request finds its [Exchange] with [From] and notes
// the decision there. A [Log] keeps the last of them, to be asked by [Filter],
// waited for and followed; [HAR] and JSON are how they leave the house, and
// [Exchange.Masked] is what to call before they do: a log keeps the bytes as
// they came, secrets included.
package record

import (
	"context"
	"net/http"
	"time"
)

// An Exchange is one request and how it was answered. It belongs to the
// goroutine that serves the request until it is added to a [Log]; from then on
// nobody writes to it. Secrets, passwords and tokens have no place in it but in
// Request and Response.
type Exchange struct {
	ID         uint64        // its number in its log, from 1; 0 in none
	At         time.Time     // by the provider's clock
	Took       time.Duration // by the real clock
	Issuer     string        // as whom the provider answers this request
	BrowserURL string        // below which a browser finds the provider's pages; no slash at its end
	Secure     bool          // the browser speaks https, so that a cookie may be Secure
	Endpoint   string        // "token"; empty when there is none at Path
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

	Request  Request
	Response Response
}

// Request is what came, byte by byte. Method is in the [Exchange].
type Request struct {
	Proto  string // "HTTP/1.1"
	Host   string // which http.Request keeps out of its Header
	Remote string // address and port of the peer
	URI    string // the target as it came: path and query, nothing decoded
	TLS    string // the version, "TLS 1.3"; empty without TLS
	Header http.Header
	Body   []byte
	Cut    bool // more came than Body keeps
}

// Response is what was answered. Its status is in the [Exchange].
type Response struct {
	Header http.Header
	Body   []byte
	Cut    bool // more was written than Body keeps
}

// Failed tells a request that was refused, answered with a status of 400 or
// more, or whose connection was cut.
func (x Exchange) Failed() bool { return x.Error != "" || x.Status >= 400 || x.Dropped }

// size is about how many bytes the exchange holds, beside itself.
func (x *Exchange) size() int {
	n := cap(x.Request.Body) + cap(x.Response.Body) + headerSize(x.Request.Header) + headerSize(x.Response.Header)
	for _, s := range [...]string{
		x.Issuer, x.BrowserURL, x.Method, x.Path, x.Client, x.User, x.Scope, x.Detail, x.Reason, x.Request.Host, x.Request.URI,
	} {
		n += len(s)
	}
	return n
}

func headerSize(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return n
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
