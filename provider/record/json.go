package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// asJSON is an exchange's form in JSON.
type asJSON struct {
	ID       uint64       `json:"id"`
	At       string       `json:"at"`
	Issuer   string       `json:"issuer,omitempty"`
	Endpoint string       `json:"endpoint,omitempty"`
	Method   string       `json:"method"`
	Path     string       `json:"path"`
	Client   string       `json:"client,omitempty"`
	Grant    string       `json:"grant,omitempty"`
	User     string       `json:"user,omitempty"`
	Scope    string       `json:"scope,omitempty"`
	Status   int          `json:"status"`
	Dropped  bool         `json:"dropped,omitempty"`
	Error    string       `json:"error,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	Detail   string       `json:"detail,omitempty"`
	Faults   []string     `json:"faults,omitempty"`
	TookUS   int64        `json:"took_us"`
	Request  requestJSON  `json:"request"`
	Response responseJSON `json:"response"`
}

type requestJSON struct {
	Proto  string      `json:"proto,omitempty"`
	Host   string      `json:"host,omitempty"`
	Remote string      `json:"remote,omitempty"`
	URI    string      `json:"uri,omitempty"`
	TLS    string      `json:"tls,omitempty"`
	Header http.Header `json:"header,omitempty"`
	bodyJSON
}

type responseJSON struct {
	Header http.Header `json:"header,omitempty"`
	bodyJSON
}

type bodyJSON struct {
	Body     string `json:"body,omitempty"`
	Encoding string `json:"body_encoding,omitempty"` // "base64", or none: the body is text
	Cut      bool   `json:"cut,omitempty"`
}

// MarshalJSON writes snake_case members, at as of RFC 3339, took_us in
// microseconds, and what is empty not at all. A body is text when it is UTF-8;
// otherwise it is Base64, and body_encoding beside it says "base64". Other bytes
// that are not UTF-8 are read as ISO 8859-1. Nothing is hidden: see Masked.
func (x Exchange) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // which is for whoever asked for this to decide
	err := encoder.Encode(asJSON{
		ID: x.ID, At: stamp(x.At), Issuer: text(x.Issuer), Endpoint: x.Endpoint, Method: text(x.Method), Path: text(x.Path),
		Client: text(x.Client), Grant: text(x.Grant), User: text(x.User), Scope: text(x.Scope), Status: x.Status,
		Dropped: x.Dropped, Error: text(x.Error), Reason: text(x.Reason), Detail: text(x.Detail), Faults: x.Faults,
		TookUS: x.Took.Microseconds(),
		Request: requestJSON{
			Proto: x.Request.Proto, Host: text(x.Request.Host), Remote: x.Request.Remote, URI: text(x.Request.URI), TLS: x.Request.TLS,
			Header: headerText(x.Request.Header), bodyJSON: newBodyJSON(x.Request.Body, x.Request.Cut),
		},
		Response: responseJSON{headerText(x.Response.Header), newBodyJSON(x.Response.Body, x.Response.Cut)},
	})
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

func newBodyJSON(body []byte, wasCut bool) bodyJSON {
	words, encoding := bodyText(body, wasCut)
	return bodyJSON{words, encoding, wasCut}
}

// bodyText is a body as a string of Unicode, and how it is encoded when it is
// none. The part of a character that a cut left at the end is left out.
func bodyText(body []byte, wasCut bool) (words, encoding string) {
	for n := 1; wasCut && n < utf8.UTFMax && n <= len(body); n++ {
		if last := body[len(body)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				body = body[:len(body)-n]
			}
			break
		}
	}
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

// text is s itself, or s as ISO 8859-1 when it is not UTF-8 (RFC 9110 §5.5): a
// JSON string has no room for such bytes, and each stays to be told this way.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return asLatin1(s)
}

func asLatin1(s string) string {
	var out strings.Builder
	for i := range len(s) {
		out.WriteRune(rune(s[i]))
	}
	return out.String()
}

func headerText(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		words := make([]string, len(values))
		for i, value := range values {
			words[i] = text(value)
		}
		out[text(name)] = words
	}
	return out
}

// stamp is a time of RFC 3339, whose years end at 9999; a clock may be moved beyond.
func stamp(at time.Time) string {
	at = at.UTC()
	switch {
	case at.Year() > 9999:
		at = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	case at.Year() < 0:
		at = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return at.Format(time.RFC3339Nano)
}
