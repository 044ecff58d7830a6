package endpoint

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/record"
)

// realm is what the challenges protect (RFC 9110 §11.5).
const realm = "mockoauth"

// writeJSON answers with what no cache may keep (RFC 6749 §5.1).
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // the values are ours and can all be written
		status, body = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	writeBody(w, status, "application/json", body)
}

// writeBody answers with what no cache may keep.
func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	header, values := w.Header(), [...]string{contentType, "no-store", "no-cache"}
	header["Content-Type"], header["Cache-Control"], header["Pragma"] = values[0:1:1], values[1:2:2], values[2:3:3]
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// writeDocument answers with JSON that was made before and that caches must ask about.
func writeDocument(w http.ResponseWriter, body []byte) {
	header, values := w.Header(), [...]string{"application/json", "no-cache"}
	header["Content-Type"], header["Cache-Control"] = values[0:1:1], values[1:2:2]
	_, _ = w.Write(body)
}

// refuse answers with an error (RFC 6749 §5.2; RFC 6750 §3) and writes down why.
func refuse(w http.ResponseWriter, r *http.Request, e *engine.Error) {
	note(r, e)
	Refuse(w, e)
}

// note writes down why a request is refused.
func note(r *http.Request, e *engine.Error) {
	x := record.From(r.Context())
	x.Error, x.Reason = e.Code, e.Why()
}

// Refuse answers with an error.
func Refuse(w http.ResponseWriter, e *engine.Error) {
	if e.Scheme != "" {
		w.Header().Set("WWW-Authenticate", challenge(e))
	}
	setRetryAfter(w, e)
	if e.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close") // rather than read the rest
	}
	writeJSON(w, e.Status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{e.Code, printable(e.Description)})
}

// setRetryAfter says when to try again (RFC 9110 §10.2.3), if the error does.
func setRetryAfter(w http.ResponseWriter, e *engine.Error) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter/time.Second)))
	}
}

// challenge is the WWW-Authenticate header of an error (RFC 7617 §2; RFC 6750 §3).
func challenge(e *engine.Error) string {
	if e.Scheme == "Basic" {
		return `Basic realm="` + realm + `", charset="UTF-8"`
	}
	c := e.Scheme + ` realm="` + realm + `"`
	if e.Scope != "" {
		c += `, scope="` + e.Scope + `"`
	}
	if e.ChallengeCode != "" {
		c += `, error="` + e.ChallengeCode + `"`
		if e.Description != "" {
			c += `, error_description="` + printable(e.Description) + `"`
		}
	}
	return c
}

// printable leaves only the characters that an error_description may have (RFC
// 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E).
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == '\\':
			return '/'
		case r < 0x20 || r > 0x7e:
			return '?'
		}
		return r
	}, s)
}
