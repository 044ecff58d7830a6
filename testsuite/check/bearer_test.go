package check_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Our provider's /api/verify answers every refusal with 403, so that the checks
// of RFC 6750's own statuses are skipped there. They are proven here, against a
// small resource that speaks RFC 6750.
func TestBearerChecksBite(t *testing.T) {
	bitten := 0
	for _, section := range check.Sections() {
		if section.Letter != "J" {
			continue
		}
		for _, c := range section.Checks {
			bitten++
			t.Run(c.ID, func(t *testing.T) {
				if v := resourceVerdict(t, c); v.State != check.Passed {
					t.Fatalf("without a fault: %s: %s", v.State, v.Reason)
				}
				for _, f := range c.BrokenBy {
					if v := resourceVerdict(t, c, *f); v.State != check.Failed && v.State != check.Warned {
						t.Errorf("under the fault %s: %s %s", f.Name, v.State, v.Reason)
					}
				}
			})
		}
	}
	if bitten == 0 {
		t.Error("there is no section J")
	}
}

func resourceVerdict(t *testing.T, c check.Check, faults ...fault.Fault) check.Verdict {
	t.Helper()
	resource := &strictResource{scopes: map[string]string{}}
	resource.faults.Inject(faults...)
	server := httptest.NewServer(resource)
	defer server.Close()
	resource.url = server.URL
	return c.Verdict(context.Background(), &check.Target{
		Issuer: server.URL,
		Endpoints: map[string]string{
			"token_endpoint": server.URL + "/token", "revocation_endpoint": server.URL + "/revoke", "resource": server.URL + "/resource",
		},
		Clients: map[check.Role]check.Client{check.Main: {ID: "main", Secret: "secret", Scopes: []string{"write", "read"}}},
		Features: []check.Feature{
			check.ClientCredentials, check.Revocation, check.ProtectedResource, check.BearerErrors, check.ResourceMetadata,
		},
	})
}

// strictResource is a resource that demands the scope read, with as much of an
// authorization server as its checks need. It is fault.Known, too.
type strictResource struct {
	url    string
	faults fault.Box
	mu     sync.Mutex
	scopes map[string]string // by token; a revoked one is not there
	issued int
}

func (s *strictResource) ClientIDs() []string            { return []string{"main"} }
func (s *strictResource) Secret(string) (string, bool)   { return "secret", true }
func (s *strictResource) Usernames() []string            { return nil }
func (s *strictResource) Password(string) (string, bool) { return "", false }

// ServeHTTP lets the faults in force act as a provider does.
func (s *strictResource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, serve := s.room(r.URL.Path)
	draw := fault.NewDraw(s.faults.Draw(name, ""), r, name, s)
	draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw.Hear(r)
		draw.Serve(serve, w, r)
	})).ServeHTTP(w, r)
}

func (s *strictResource) room(path string) (name string, serve http.HandlerFunc) {
	switch path {
	case "/token":
		return fault.Token, s.token
	case "/revoke":
		return fault.Revocation, s.revoke
	case "/resource":
		return fault.Verify, s.resource
	case "/resource/metadata":
		return "", func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"resource":"`+s.url+`/resource"}`) }
	}
	return "", http.NotFound
}

func say(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func (s *strictResource) authenticated(w http.ResponseWriter, r *http.Request) bool {
	id, secret, _ := r.BasicAuth()
	if id == "main" && secret == "secret" {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="clients"`)
	say(w, 401, `{"error":"invalid_client"}`)
	return false
}

func (s *strictResource) token(w http.ResponseWriter, r *http.Request) {
	if !s.authenticated(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued++
	token := "token-" + strconv.Itoa(s.issued)
	s.scopes[token] = r.PostFormValue("scope")
	if s.scopes[token] == "" {
		s.scopes[token] = "read write"
	}
	say(w, 200, `{"access_token":"`+token+`","token_type":"Bearer","expires_in":60}`)
}

func (s *strictResource) revoke(w http.ResponseWriter, r *http.Request) {
	if s.authenticated(w, r) {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.scopes, r.PostFormValue("token"))
		say(w, 200, `{}`)
	}
}

// resource is RFC 6750 §2 and §3. It takes no token in the URI.
func (s *strictResource) resource(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, attributes string) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="resource", resource_metadata="`+s.url+`/resource/metadata"`+attributes)
		say(w, status, `{}`)
	}
	var tokens []string
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		tokens = append(tokens, token)
	}
	_ = r.ParseForm()
	tokens = append(tokens, r.PostForm["access_token"]...)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch len(tokens) {
	case 0:
		refuse(401, "")
		return
	case 1:
	default:
		refuse(400, `, error="invalid_request"`)
		return
	}
	scope, known := s.scopes[tokens[0]]
	switch {
	case !known:
		refuse(401, `, error="invalid_token"`)
	case !slices.Contains(strings.Fields(scope), "read"):
		refuse(403, `, error="insufficient_scope", scope="read"`)
	default:
		say(w, 200, `{"user":"alice"}`)
	}
}
