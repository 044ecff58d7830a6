package report

import (
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/record"
)

// Mask replaces secrets in the exchanges and the reason, so that the result can
// be shown around: the given ones, and what says itself that it is secret, as
// [record.Exchange.Masked] and [record.MaskedText] find it. What the exchanges
// show to be secret is hidden in all of the result.
//
// Give it the secrets and passwords of the target, but leave out what is a
// username or client_id as well: those stay readable, and such a secret is still
// hidden where it stands under its name. A secret needs four bytes to be found.
func (r *Result) Mask(given ...string) {
	said := make(record.Exchanges, len(r.Exchanges))
	for i, x := range r.Exchanges {
		said[i] = x.recorded()
	}
	secrets := slices.Concat(given, slices.DeleteFunc(said.Secrets(), isWord))
	for i, x := range said.Masked(secrets...) {
		r.Exchanges[i].take(x)
	}
	r.Reason = record.MaskedText(r.Reason, secrets...)
	if r.Known != nil {
		known := *r.Known
		known.Reason = record.MaskedText(known.Reason, secrets...)
		r.Known = &known
	}
}

// isWord tells what a check may have made up, "a-code", and a reason says in
// another sense. A password of this kind is among those that are given.
func isWord(secret string) bool {
	const longest = 7 // bytes
	return len(secret) <= longest && !strings.ContainsAny(secret, "0123456789")
}

// recorded is the exchange as package record knows one.
func (x Exchange) recorded() record.Exchange {
	return record.Exchange{
		Method: x.Method, Status: x.Status, Reason: x.Error,
		Request:  record.Request{URI: x.URL, Header: x.Header, Body: []byte(x.Body)},
		Response: record.Response{Header: x.AnswerHeader, Body: []byte(x.Answer)},
	}
}

// take takes over what is left of it.
func (x *Exchange) take(masked record.Exchange) {
	x.Method, x.URL, x.Error = masked.Method, masked.Request.URI, masked.Reason
	x.Header, x.Body = masked.Request.Header, string(masked.Request.Body)
	x.AnswerHeader, x.Answer = masked.Response.Header, string(masked.Response.Body)
}
