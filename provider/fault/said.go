package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Said is an answer on its way to the client. A fault may change all of it.
type Said struct {
	Heard  *Heard // the request, as it was heard in the end
	Status int
	Header http.Header
	Body   []byte

	endpoint http.Handler
	request  *http.Request // as the endpoint was asked it last
	read     *bytes.Buffer // what it read of its body
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

// serve makes what the endpoint answers the answer.
func (s *Said) serve(r *http.Request) {
	s.request, s.read = r, &bytes.Buffer{}
	if r.Body != nil {
		r.Body = io.NopCloser(io.TeeReader(r.Body, s.read))
	}
	buffer := &bufferedAnswer{header: http.Header{}, most: everything}
	s.endpoint.ServeHTTP(buffer, r)
	buffer.WriteHeader(http.StatusOK) // of an answer without a word
	s.Status, s.Header, s.Body = buffer.status, buffer.header, buffer.body
	s.Header.Del("Content-Length") // which is counted anew, since a fault may change the body
}

// Again has the endpoint answer the request once more, as change leaves it, and
// makes that the answer: so a fault can serve what a strict provider refuses.
func (s *Said) Again(change func(*Heard)) {
	if s.request == nil {
		return // no endpoint made this answer
	}
	r := s.request.Clone(s.request.Context())
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	if r.Body != nil {
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(s.read.Bytes()), r.Body))
	}
	s.Heard.Request = r
	change(s.Heard)
	s.serve(r)
}

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

// refuseNoted refuses the requests of which the fault's own Hear noted something under a name.
func refuseNoted(note string, status int, code string) func(*Said) {
	return func(s *Said) {
		if s.Heard.Notes[note] != "" {
			s.Refuse(status, code)
		}
	}
}

// editServed changes the JSON object of an answer that succeeded.
func editServed(edit func(object map[string]any)) func(*Said) {
	return func(s *Said) {
		if s.Succeeded() {
			s.Edit(edit)
		}
	}
}
