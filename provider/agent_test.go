package provider_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// answer is what a provider answered, read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	object := map[string]any{}
	NewWithT(t).Expect(json.Unmarshal([]byte(a.body), &object)).To(Succeed(), a.body)
	return object
}

func (a answer) text(t *testing.T, member string) string {
	t.Helper()
	s, _ := a.json(t)[member].(string)
	return s
}

// send sends a request as it is.
func send(t *testing.T, r *http.Request) answer {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	body := read(t, response, err)
	return answer{response.StatusCode, response.Header, body}
}

// request makes one, with headers as name and value in turn.
func request(t *testing.T, method, address, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

const formType = "application/x-www-form-urlencoded"

// post sends a form to an endpoint of a provider.
func postForm(t *testing.T, address string, form url.Values) answer {
	t.Helper()
	return send(t, request(t, http.MethodPost, address, form.Encode(), "Content-Type", formType))
}

// params makes a form of names and values in turn.
func params(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// demo is a form of the demo client's.
func demo(pairs ...string) url.Values {
	return params(append([]string{"client_id", "demo", "client_secret", "demo-secret"}, pairs...)...)
}

// login gets a user's tokens by the password grant.
func login(t *testing.T, p *provider.Provider, pairs ...string) answer {
	t.Helper()
	a := postForm(t, p.URL("token"), demo(append([]string{"grant_type", "password", "username", "alice", "password", "alice"}, pairs...)...))
	NewWithT(t).Expect(a.status).To(Equal(http.StatusOK), a.body)
	return a
}

// active tells whether a provider holds a token for active.
func active(t *testing.T, p *provider.Provider, token string) bool {
	t.Helper()
	a := postForm(t, p.URL("introspection"), demo("token", token))
	NewWithT(t).Expect(a.status).To(Equal(http.StatusOK), a.body)
	return a.json(t)["active"] == true
}

// syncBuffer is a log that a test reads while it is written to.
type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *syncBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

// read reads a response to its end.
func read(t *testing.T, response *http.Response, err error) string {
	t.Helper()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(body)
}

func newJar(t *testing.T) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return jar
}
