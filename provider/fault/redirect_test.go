package fault_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// An authorization response can be read and changed wherever its parameters travel.
func TestRedirection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status               int
		location             string
		to, parameters, then string // then is the Location after an edit
	}{
		"in the query":             {303, "https://c/cb?code=a+b", "https://c/cb", "code=a+b", "https://c/cb?code=a+b&iss=i"},
		"after a query of its own": {302, "https://c/cb?x=1&code=c", "https://c/cb", "code=c&x=1", "https://c/cb?code=c&iss=i&x=1"},
		"in the fragment":          {303, "https://c/cb?x=1#code=c", "https://c/cb?x=1", "code=c", "https://c/cb?x=1#code=c&iss=i"},
		"nowhere":                  {303, "https://c/cb", "https://c/cb", "", "https://c/cb?iss=i"},
		"not a redirect":           {200, "https://c/cb?code=c", "", "", "https://c/cb?code=c"},
		"without Location":         {304, "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			s := &fault.Said{Status: c.status, Header: http.Header{}}
			if c.location != "" {
				s.Header.Set("Location", c.location)
			}
			to, parameters := s.Redirection()
			g.Expect(to).To(Equal(c.to))
			g.Expect(parameters.Encode()).To(Equal(c.parameters))
			s.EditRedirection(func(parameters url.Values) { parameters.Set("iss", "i") })
			g.Expect(s.Header.Get("Location")).To(Equal(c.then))
		})
	}
}

func TestAnswersForBrowsers(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := &fault.Said{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte("x")}
	s.Redirect("https://c/cb?x=1", url.Values{"error": {"e"}})
	g.Expect(s.Status).To(Equal(303))
	g.Expect(s.Header).To(Equal(http.Header{"Location": {"https://c/cb?x=1&error=e"}, "Cache-Control": {"no-store"}}))
	g.Expect(s.Body).To(BeEmpty())
	s.Page(400, "<p>no")
	g.Expect(s.Status).To(Equal(400))
	g.Expect(s.Header).NotTo(HaveKey("Location"))
	g.Expect(string(s.Body)).To(Equal("<p>no"))
}

// What a browser brings is in the query of a GET and in the form of a POST.
func TestParameters(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	edit := func(parameters url.Values) { parameters.Set("b", "2") }
	for _, r := range []*http.Request{httptest.NewRequest(http.MethodGet, "/authorize?client_id=c&a=1&z=%zz", nil), post("client_id=c&a=1")} {
		h := &fault.Heard{Request: r}
		g.Expect(h.ClientID()).To(Equal("c"))
		g.Expect(h.Parameters().Get("a")).To(Equal("1"))
		h.EditParameters(edit)
		g.Expect(h.Parameters()).To(Equal(url.Values{"a": {"1"}, "b": {"2"}, "client_id": {"c"}}))
		g.Expect(r.URL.RawQuery).To(Or(Equal("a=1&b=2&client_id=c"), BeEmpty()))
	}
}

// No fault of the catalogue chokes on what a browser brings, or on where it is sent.
func TestFaultsBearBrowsers(t *testing.T) {
	t.Parallel()
	queries := []string{
		"", "x", "%zz", "redirect_uri=%00", "client_id=b-web&client_id=c&redirect_uri=https://c/cb&redirect_uri=x&state=s",
		"client_id=b-web&redirect_uri=http://%5b::1&code_challenge=x&response_mode=form_post&scope=",
		"client_id=nobody&redirect_uri=http://localhost:1/&code_challenge_method=plain&state=%22%3E",
	}
	locations := []string{"", "/", "https://c/cb?code=c&state=s&iss=i", "https://c/cb#error=unauthorized_client", "%zz?%zz"}
	for _, f := range fault.Catalog() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			for _, query := range queries {
				for _, location := range locations {
					r := httptest.NewRequest(http.MethodGet, "/authorize?"+url.PathEscape(query), nil)
					r.URL.RawQuery = query
					draw := fault.NewDraw([]fault.Fault{f}, r, fault.Authorization, known())
					draw.Hear(r)
					draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Location", location)
						w.Header().Set("Content-Type", "text/html")
						w.WriteHeader([]int{http.StatusOK, http.StatusSeeOther}[min(len(location), 1)])
					}), httptest.NewRecorder(), r)
				}
			}
		})
	}
}
