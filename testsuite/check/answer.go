package check

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// An Answer is what came back, read whole.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Object is the body as a JSON object, with its numbers as they were written
// (json.Number); nil when it is none.
func (a Answer) Object() map[string]any {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if d.Decode(&object) != nil {
		return nil
	}
	return object
}

// Text is a string member of the body; empty when it has no such string.
func (a Answer) Text(member string) string {
	s, _ := a.Object()[member].(string)
	return s
}

// MediaType is the content type without its parameters, in lower case.
func (a Answer) MediaType() string {
	mediaType, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return mediaType
}

// Challenges are the WWW-Authenticate headers.
func (a Answer) Challenges() []string { return a.Header.Values("WWW-Authenticate") }

// String shows the answer to the reader of a failure.
func (a Answer) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s", a.Status, http.StatusText(a.Status))
	for _, name := range []string{"Location", "Content-Type", "Cache-Control", "WWW-Authenticate", "Allow", "Retry-After"} {
		for _, value := range a.Header.Values(name) {
			fmt.Fprintf(&out, "\n%s: %s", name, value)
		}
	}
	body := a.Body
	const most = 2000
	if len(body) > most {
		body = append(bytes.Clone(body[:most]), "…"...)
	}
	fmt.Fprintf(&out, "\n\n%s", body)
	return out.String()
}

// A JWT is a signed token in compact form, taken apart but not verified.
type JWT struct {
	Header, Claims map[string]any
	Signature      []byte
}

// ParseJWT takes a token apart. ok is false when it is no JWT in compact form.
func ParseJWT(token string) (j JWT, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return JWT{}, false
	}
	for i, into := range []*map[string]any{&j.Header, &j.Claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return JWT{}, false
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(into) != nil {
			return JWT{}, false
		}
	}
	var err error
	j.Signature, err = base64.RawURLEncoding.DecodeString(parts[2])
	return j, err == nil
}
