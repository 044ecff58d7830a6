package fault_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func TestBodyStaysReadable(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	h := hear(post("a=1&b=2"))
	for range 2 {
		g.Expect(string(h.Body())).To(Equal("a=1&b=2"))
	}
	g.Expect(left(t, h.Request)).To(Equal("a=1&b=2"))

	none := hear(&http.Request{Method: http.MethodGet, Header: http.Header{}})
	g.Expect(none.Body()).To(BeNil())
	g.Expect(none.Form()).To(BeEmpty())
}

func TestBodyIsBounded(t *testing.T) {
	t.Parallel()
	const most = 4 << 20
	h := hear(post(strings.Repeat("x", most+1)))
	NewWithT(t).Expect(h.Body()).To(HaveLen(most))
}

// A body that breaks off does so for the endpoint, too, whatever the fault makes of it.
func TestBrokenBodyStaysBroken(t *testing.T) {
	t.Parallel()
	gone := errors.New("the client is gone")
	for name, act := range map[string]func(*fault.Heard){
		"read":         func(h *fault.Heard) { h.Body() },
		"read twice":   func(h *fault.Heard) { h.Form(); h.ClientID() },
		"edited":       func(h *fault.Heard) { h.EditForm(func(form url.Values) { form.Set("a", "1") }) },
		"edited twice": func(h *fault.Heard) { h.SetForm(form("b", "2")); h.EditForm(func(f url.Values) { f.Set("a", "1") }) },
		"a stranger":   func(h *fault.Heard) { h.Authenticate("b-web") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := post("")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("a=1"), iotest.ErrReader(gone)))
			h := hear(r)
			h.Body()
			act(h)
			raw, err := io.ReadAll(h.Request.Body)
			g.Expect(err).To(MatchError(gone))
			g.Expect(string(raw)).To(ContainSubstring("a=1"))
		})
	}
}

func TestFormIsReadWithLenience(t *testing.T) {
	t.Parallel()
	h := hear(post("a=1&a=2&b=%zz&c=x+y"))
	NewWithT(t).Expect(h.Form()).To(Equal(form("a", "1", "a", "2", "c", "x y")))
}

func TestSetForm(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	h := hear(httptest.NewRequest(http.MethodGet, "/token", nil))
	h.SetForm(form("grant_type", "client_credentials", "scope", "a b"))
	g.Expect(h.Request.Header.Get("Content-Type")).To(Equal(formType))
	g.Expect(h.Request.ContentLength).To(BeEquivalentTo(len("grant_type=client_credentials&scope=a+b")))
	g.Expect(left(t, h.Request)).To(Equal("grant_type=client_credentials&scope=a+b"))

	h = hear(post("a=1&b=2"))
	h.EditForm(func(form url.Values) { form.Del("a"); form.Add("b", "3") })
	g.Expect(left(t, h.Request)).To(Equal("b=2&b=3"))

	h = hear(post("a=1"))
	h.Form().Set("a", "2")
	g.Expect(left(t, h.Request)).To(Equal("a=1"), "changing what Form answers changes nothing")
}

func TestIsForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, contentType string
		is                  bool
	}{
		{http.MethodPost, formType, true},
		{http.MethodPost, "Application/X-WWW-Form-URLEncoded; charset=UTF-8", true},
		{http.MethodPost, "application/json", false},
		{http.MethodPost, "", false},
		{http.MethodPut, formType, false},
		{http.MethodGet, formType, false},
	} {
		r := httptest.NewRequest(c.method, "/token", nil)
		r.Header.Set("Content-Type", c.contentType)
		NewWithT(t).Expect(hear(r).IsForm()).To(Equal(c.is), "%s %s", c.method, c.contentType)
	}
}

func TestClientID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ user, body, id string }{
		"by Basic":                      {"web", "", "web"},
		"form-encoded in Basic":         {"c+odd%2B", "", "c odd+"},
		"not form-encoded in Basic":     {"100%", "", "100%"},
		"in the body":                   {"", "client_id=web", "web"},
		"in both, where Basic goes":     {"web", "client_id=other", "web"},
		"nowhere":                       {"", "scope=read", ""},
		"in a body that is half broken": {"", "scope=%zz&client_id=web", "web"},
		"twice in the body":             {"", "client_id=a&client_id=b", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := post(c.body)
			if c.user != "" {
				r.SetBasicAuth(c.user, "secret")
			}
			g := NewWithT(t)
			g.Expect(hear(r).ClientID()).To(Equal(c.id))
			g.Expect(left(t, r)).To(Equal(c.body))
		})
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ client, user, password string }{
		"a confidential client":              {"b-web", "b-web", "web-secret"},
		"one whose secret has to be encoded": {"c odd", "c+odd", "p%2541w%2Bd%3Ax%2F%3D%C3%A9"},
		"a public client":                    {"a-public", "", ""},
		"an unknown client":                  {"nobody", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := post("grant_type=password&client_id=x&client_secret=y")
			r.Header.Set("Authorization", "Bearer z")
			h := hear(r)
			h.Authenticate(c.client)
			user, password, _ := r.BasicAuth()
			g.Expect(user).To(Equal(c.user))
			g.Expect(password).To(Equal(c.password))
			if c.user == "" {
				g.Expect(r.Header).NotTo(HaveKey("Authorization"))
			}
			g.Expect(h.Form()).To(Equal(form("grant_type", "password", "client_id", c.client)))
			g.Expect(h.ClientID()).To(Equal(c.client))
		})
	}
}
