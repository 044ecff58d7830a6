package provider_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

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

// A visitor is a browser: it keeps cookies, and goes nowhere by itself.
type visitor struct {
	t      *testing.T
	client *http.Client
}

func newVisitor(t *testing.T, p *provider.Provider) visitor {
	t.Helper()
	return visitor{t, browser(t, p)}
}

func (b visitor) do(r *http.Request) answer {
	b.t.Helper()
	response, err := b.client.Do(r)
	body := read(b.t, response, err)
	return answer{response.StatusCode, response.Header, body}
}

func (b visitor) visit(address string) answer {
	b.t.Helper()
	return b.do(request(b.t, http.MethodGet, address, ""))
}

// press sends the form of the page of an authorization request.
func (b visitor) press(authorize string, pairs ...string) answer {
	b.t.Helper()
	page, query, _ := strings.Cut(authorize, "?")
	form, err := url.ParseQuery(query)
	NewWithT(b.t).Expect(err).NotTo(HaveOccurred())
	maps.Copy(form, params(pairs...))
	return b.do(request(b.t, http.MethodPost, page, form.Encode(), "Content-Type", formType))
}

// logIn presses the button of the login page; the demo users' passwords are their names.
func (b visitor) logIn(authorize, username string) answer {
	b.t.Helper()
	return b.press(authorize, "action", "login", "username", username, "password", username)
}

// sentBack is what a redirect tells the client.
func sentBack(t *testing.T, a answer) url.Values {
	t.Helper()
	g := NewWithT(t)
	g.Expect(a.status).To(BeElementOf(http.StatusFound, http.StatusSeeOther), a.body)
	back, err := url.Parse(a.header.Get("Location"))
	g.Expect(err).NotTo(HaveOccurred())
	return back.Query()
}

// soon is what comes once the test has pushed, perhaps more than once: the request that
// waits for it may not have begun to.
func soon(t *testing.T, answered <-chan answer, push func()) (a answer) {
	t.Helper()
	NewWithT(t).Eventually(func() bool {
		push()
		select {
		case a = <-answered:
			return true
		default:
			return false
		}
	}).WithTimeout(10 * time.Second).Should(BeTrue())
	return a
}
