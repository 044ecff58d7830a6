package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Said is an answer on its way to the client. A fault may change all of it.
type Said struct {
	Heard  *Heard // the request, as it was heard in the end
	Status int
	Header http.Header
	Body   []byte
}

// Object is the body read as a JSON object, with its numbers as they were
// written (json.Number); nil when it is no object.
func (s *Said) Object() map[string]any {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(s.Body))
	d.UseNumber()
	if d.Decode(&object) != nil {
		return nil
	}
	return object
}

// SetObject makes object the answer's JSON body.
func (s *Said) SetObject(object map[string]any) {
	body, err := json.Marshal(object)
	if err != nil {
		return // a fault that says what JSON cannot carry changes nothing
	}
	s.Body = body
	s.Header.Set("Content-Type", "application/json")
}

// Edit lets edit change the members of a JSON object; any other body is left alone.
func (s *Said) Edit(edit func(object map[string]any)) {
	if object := s.Object(); object != nil {
		edit(object)
		s.SetObject(object)
	}
}

// Succeeded tells a 2xx status.
func (s *Said) Succeeded() bool { return s.Status >= 200 && s.Status < 300 }

// Refuse makes the answer a refusal (RFC 6749 §5.2), whatever it was.
func (s *Said) Refuse(status int, code string) {
	s.Status = status
	s.Header.Del("WWW-Authenticate")
	if status == http.StatusUnauthorized {
		s.Header.Set("WWW-Authenticate", `Basic realm="fault"`)
	}
	s.Header.Set("Cache-Control", "no-store")
	s.SetObject(map[string]any{"error": code})
}
