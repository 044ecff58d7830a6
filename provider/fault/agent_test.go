package fault_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

const formType = "application/x-www-form-urlencoded"

// directory is what the provider of these tests knows: secrets by client,
// passwords by user.
type directory struct{ clients, users map[string]string }

func known() directory {
	return directory{
		clients: map[string]string{"a-public": "", "b-web": "web-secret", "c odd": "p%41w+d:x/=é"},
		users:   map[string]string{"alice": "wonderland"},
	}
}

func (d directory) ClientIDs() []string { return slices.Sorted(maps.Keys(d.clients)) }
func (d directory) Usernames() []string { return slices.Sorted(maps.Keys(d.users)) }

func (d directory) Secret(id string) (string, bool) {
	secret, ok := d.clients[id]
	return secret, ok
}

func (d directory) Password(username string) (string, bool) {
	password, ok := d.users[username]
	return password, ok
}

// post is a request that posts a form.
func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader(body))
	r.Header.Set("Content-Type", formType)
	return r
}

// hear makes a request one that a fault hears.
func hear(r *http.Request) *fault.Heard {
	return &fault.Heard{Request: r, Endpoint: fault.Token, Known: known(), Memory: &fault.Memory{}, Notes: map[string]string{}}
}

// left is the body that is left for the endpoint to read.
func left(t *testing.T, r *http.Request) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(raw)
}

// serve lets a handler answer a request under faults, as a provider does.
func serve(r *http.Request, h http.HandlerFunc, faults ...fault.Fault) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	draw := fault.NewDraw(faults, r, fault.Token, known())
	draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw.Hear(r)
		draw.Serve(h, w, r)
	})).ServeHTTP(answer, r)
	return answer
}

// noting is a fault that says what it does in the answer's body.
func noting(name string) fault.Fault {
	return fault.Fault{Name: name, Say: func(s *fault.Said) { s.Body = append(s.Body, name...) }}
}

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

// waiter is a clock that shows one instant and waits as it likes.
type waiter func(ctx context.Context, d time.Duration) error

func (waiter) Now() time.Time { return time.Date(2031, 5, 4, 3, 2, 1, 1, time.UTC) }

func (w waiter) Wait(ctx context.Context, d time.Duration) error { return w(ctx, d) }
