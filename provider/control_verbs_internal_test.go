package provider

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// A sample is a call of a verb. Its body is the example of the description.
type sample struct {
	path, body string
	before     func(*Provider) // makes what the call is about
}

// samples are by method and path.
func samples() map[string]sample {
	acme := func(p *Provider) { p.Tenant("acme") }
	return map[string]sample{
		"GET /requests":            {path: "/requests?endpoint=token&status=4xx&failed=true&since=0&count=1&wait=1ms&secrets=show", before: refusedRequest},
		"GET /requests.har":        {before: refusedRequest},
		"GET /requests/stream":     {path: "/requests/stream?since=0", before: refusedRequest},
		"DELETE /requests":         {},
		"GET /findings":            {path: "/findings?rule=RL-03&severity=error", before: refusedRequest},
		"GET /findings.sarif":      {before: refusedRequest},
		"DELETE /findings":         {},
		"GET /faults":              {before: func(p *Provider) { p.Inject(fault.WrongIssuer.Once()) }},
		"POST /faults":             {body: `{"at":"token","times":2,"status":503,"headers":{"Retry-After":"1"},"body":{"error":"temporarily_unavailable"},"delay":"1s"}`},
		"DELETE /faults":           {},
		"DELETE /faults/{id}":      {path: "/faults/1", before: func(p *Provider) { p.Inject(fault.WrongIssuer) }},
		"GET /clock":               {},
		"POST /clock":              {body: `{"advance":"1h30m","freeze":true}`},
		"GET /users":               {},
		"POST /users":              {body: `{"username":"bob","password":"secret","claims":{"email":"bob@example.com"}}`},
		"GET /users/{username}":    {path: "/users/alice"},
		"PUT /users/{username}":    {path: "/users/alice", body: `{"password":"secret","status":"locked"}`},
		"PATCH /users/{username}":  {path: "/users/alice", body: `{"status":"locked","claims":{"email":null}}`},
		"DELETE /users/{username}": {path: "/users/alice"},
		"GET /login":               {before: func(p *Provider) { p.Login("alice") }},
		"POST /login":              {body: `{"error":"access_denied","error_description":"not today","client":"demo"}`},
		"DELETE /login":            {},
		"GET /clients":             {},
		"POST /clients":            {body: `{"id":"web","redirect_uris":["http://localhost:3000/callback"],"grants":["authorization_code","refresh_token"],"access_token":{"lifespan":"90s"}}`},
		"GET /clients/{id}":        {path: "/clients/demo"},
		"PUT /clients/{id}":        {path: "/clients/demo", body: `{"secret":"another","grants":["client_credentials"]}`},
		"PATCH /clients/{id}":      {path: "/clients/demo", body: `{"disabled":true,"access_token":{"lifespan":null}}`},
		"DELETE /clients/{id}":     {path: "/clients/demo"},
		"GET /fixtures":            {},
		"POST /tokens":             {body: `{"client":"demo","user":"alice","scope":"read","claims":{"exp":1,"aud":null},"key":"foreign"}`},
		"POST /revoke":             {body: `{"user":"alice"}`},
		"GET /keys":                {},
		"POST /keys":               {body: `{"rotate":true}`},
		"GET /tenants":             {before: acme},
		"POST /tenants":            {body: `{"name":"acme","ttl":"1h","fixtures":{"users":[{"username":"ann","password":"ann"}]},"login":"auto"}`},
		"GET /tenants/{name}":      {path: "/tenants/acme", before: acme},
		"DELETE /tenants/{name}":   {path: "/tenants/acme", before: acme},
		"POST /reset":              {},
		"GET /openapi.json":        {},
	}
}

// refusedRequest has one recorded.
func refusedRequest(p *Provider) {
	if r, err := http.PostForm(p.URL("token"), nil); err == nil {
		_ = r.Body.Close()
	}
}

// dialled is what the control answered.
type dialled struct {
	status int
	header http.Header
	body   []byte
}

func dial(t *testing.T, p *Provider, method, path, body string) dialled {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.Address()+ControlPath+path, strings.NewReader(body))
	g.Expect(err).NotTo(HaveOccurred())
	response, err := http.DefaultClient.Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	a := dialled{response.StatusCode, response.Header, nil}
	if response.Header.Get("Content-Type") == eventStream { // which has no end
		a.body = firstEvent(response.Body)
		return a
	}
	a.body, err = io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	return a
}

// firstEvent is the data of a stream's first event.
func firstEvent(stream io.Reader) []byte {
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return []byte(data)
		}
	}
	return nil
}

// Every verb does what it says, is sent what the description has for it, and answers it.
func TestVerbsAreAsDescribed(t *testing.T) {
	t.Parallel()
	d, list := readDescription(t), samples()
	for _, v := range verbs() {
		name := v.Method + " " + v.Path
		s, ok := list[name]
		NewWithT(t).Expect(ok).To(BeTrue(), "%s is not called here", name)
		delete(list, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d.verify(t, v, s)
		})
	}
	NewWithT(t).Expect(list).To(BeEmpty(), "these are no verbs")
}

func (d *description) verify(t *testing.T, v verb, s sample) {
	t.Helper()
	g := NewWithT(t)
	g.Expect(s.body != "").To(Equal(v.in != nil), "what is sent")
	if s.body != "" {
		g.Expect(d.check(t, d.request(v.Method, v.Path), []byte(s.body))).To(Succeed())
	}
	p := Start(t)
	if s.before != nil {
		s.before(p)
	}
	if s.path == "" {
		s.path = v.Path
	}
	a := dial(t, p, v.Method, s.path, s.body)
	described := d.document.Paths[v.Path][strings.ToLower(v.Method)].Responses
	g.Expect(described).To(HaveLen(2), "the success and the refusals")
	g.Expect(described).To(HaveKey(strconv.Itoa(a.status)), "%s", a.body)
	success := described[strconv.Itoa(a.status)]
	_, hasLocation := success.Headers["Location"]
	g.Expect(a.header.Get("Location") != "").To(Equal(hasLocation), "Location")
	if len(success.Content) == 0 {
		g.Expect(a.body).To(BeEmpty())
		return
	}
	media := a.header.Get("Content-Type")
	g.Expect(success.Content).To(HaveKey(media))
	pointer := pointerTo("paths", v.Path, strings.ToLower(v.Method), "responses", strconv.Itoa(a.status), "content", media, "schema")
	if media == eventStream {
		pointer = schemasPath + "Exchange"
	}
	g.Expect(d.check(t, pointer, a.body)).To(Succeed(), "%s", a.body)
}

// A member that nobody knows is refused with its name, in a problem document as described.
func TestUnknownMembersAreNamed(t *testing.T) {
	t.Parallel()
	d, list := readDescription(t), samples()
	for _, v := range verbs() {
		if v.in == nil {
			continue
		}
		s := list[v.Method+" "+v.Path]
		t.Run(v.Method+" "+v.Path, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			body := strings.TrimSuffix(s.body, "}") + `,"nonesuch":1}`
			g.Expect(d.check(t, d.request(v.Method, v.Path), []byte(body))).NotTo(Succeed(), "the description")
			path := s.path
			if path == "" {
				path = v.Path
			}
			p := Start(t)
			a := dial(t, p, v.Method, path, body)
			g.Expect(a.status).To(Equal(http.StatusUnprocessableEntity))
			g.Expect(a.header.Get("Content-Type")).To(Equal("application/problem+json"))
			g.Expect(d.check(t, pointerTo("components", "responses", "Problem", "content", "application/problem+json", "schema"), a.body)).To(Succeed())
			var refused Refusal
			g.Expect(json.Unmarshal(a.body, &refused)).To(Succeed())
			g.Expect(slices.ContainsFunc(refused.Errors, func(e FieldError) bool { return e.Field == "nonesuch" })).To(BeTrue(), "%s", a.body)
		})
	}
}
