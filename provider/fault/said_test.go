package fault_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func said(status int, body string) *fault.Said {
	return &fault.Said{Status: status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(body)}
}

func TestObject(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(said(200, `{"n":3600,"s":"x","big":12345678901234567890}`).Object()).To(Equal(map[string]any{
		"n": json.Number("3600"), "s": "x", "big": json.Number("12345678901234567890"),
	}))
	for _, body := range []string{"", "no JSON", "[1]", `"text"`, "null", `{"half":`} {
		g.Expect(said(200, body).Object()).To(BeNil(), body)
	}
}

func TestSetObject(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := said(200, "old")
	s.SetObject(map[string]any{"a": 1})
	g.Expect(string(s.Body)).To(Equal(`{"a":1}`))
	g.Expect(s.Header.Get("Content-Type")).To(Equal("application/json"))

	s = said(200, "old")
	s.SetObject(map[string]any{"a": func() {}})
	g.Expect(string(s.Body)).To(Equal("old"), "what JSON cannot carry changes nothing")
	g.Expect(s.Header.Get("Content-Type")).To(Equal("text/plain"))
}

func TestEdit(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	add := func(object map[string]any) { object["b"] = true }
	s := said(200, `{"a":12345678901234567890}`)
	s.Edit(add)
	g.Expect(string(s.Body)).To(Equal(`{"a":12345678901234567890,"b":true}`), "numbers stay as they were written")

	s = said(200, "[]")
	s.Edit(add)
	g.Expect(string(s.Body)).To(Equal("[]"))
	g.Expect(s.Header.Get("Content-Type")).To(Equal("text/plain"))
}

func TestSucceeded(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{200: true, 204: true, 302: false, 400: false, 503: false} {
		NewWithT(t).Expect(said(status, "").Succeeded()).To(Equal(want), "%d", status)
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	for status, challenge := range map[int]string{400: "", 401: `Basic realm="fault"`, 403: "", 500: ""} {
		g := NewWithT(t)
		s := said(200, `{"access_token":"x"}`)
		s.Header.Set("WWW-Authenticate", "Bearer")
		s.Refuse(status, "invalid_client")
		g.Expect(s.Status).To(Equal(status))
		g.Expect(string(s.Body)).To(Equal(`{"error":"invalid_client"}`))
		g.Expect(s.Header.Get("WWW-Authenticate")).To(Equal(challenge))
		g.Expect(s.Header.Get("Cache-Control")).To(Equal("no-store"))
		g.Expect(s.Header.Get("Content-Type")).To(Equal("application/json"))
	}
}

// echo answers the form that it is sent: 401 without a secret.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("client_secret") == "" {
		w.Header().Set("X-Refused", "yes")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(r.PostForm.Encode()))
}

func TestAgain(t *testing.T) {
	t.Parallel()
	withSecret := fault.Fault{Name: "lenient", Say: func(s *fault.Said) {
		if s.Status == http.StatusUnauthorized {
			s.Again(func(h *fault.Heard) {
				f := h.Form()
				f.Set("client_secret", "x")
				h.SetForm(f)
			})
		}
	}}
	g := NewWithT(t)
	answer := serve(post("scope=a+b"), echo, withSecret, noting("!"))
	g.Expect(answer.Code).To(Equal(http.StatusOK))
	g.Expect(answer.Body.String()).To(Equal("client_secret=x&scope=a+b!"), "the next fault changes the new answer")
	g.Expect(answer.Header()).NotTo(HaveKey("X-Refused"), "nothing is left of the old one")

	answer = serve(httptest.NewRequest(http.MethodPost, "/token", nil), echo, withSecret)
	g.Expect(answer.Body.String()).To(Equal("client_secret=x"), "a request without a body")

	said(401, "").Again(func(*fault.Heard) { t.Error("no endpoint made this answer") })
}

// What the endpoint left unread is there when it is asked again, and again.
func TestAgainHasTheWholeBody(t *testing.T) {
	t.Parallel()
	reads := 0
	half := func(w http.ResponseWriter, r *http.Request) {
		reads++
		buffer := make([]byte, reads)
		_, _ = io.ReadFull(r.Body, buffer)
		_, _ = w.Write(buffer)
	}
	again := fault.Fault{Name: "again", Say: func(s *fault.Said) { s.Again(func(*fault.Heard) {}) }}
	answer := serve(post("abcdef"), half, again, again, again)
	NewWithT(t).Expect(answer.Body.String()).To(Equal("abcd"))
}
