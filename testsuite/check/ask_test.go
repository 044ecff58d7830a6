package check_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// What goes over the wire is what the ingredients say, and no more.
func TestAsk(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	odd := check.Client{ID: "odd id", Secret: "p%:+/"}
	public := check.Client{ID: "public"}
	for name, c := range map[string]struct {
		ingredients              []check.Ingredient
		method, query, mediaType string
		user, password, body     string
	}{
		"nothing":              {nil, "POST", "", form, "", "", ""},
		"a client":             {[]check.Ingredient{check.As(odd)}, "POST", "", form, "odd+id", "p%25%3A%2B%2F", ""},
		"a public client":      {[]check.Ingredient{check.As(public)}, "POST", "", form, "", "", "client_id=public"},
		"a client, as it is":   {[]check.Ingredient{check.Basic("odd id", "p%+/")}, "POST", "", form, "odd id", "p%+/", ""},
		"a client in the body": {[]check.Ingredient{check.InBody(odd)}, "POST", "", form, "", "", "client_id=odd+id&client_secret=p%25%3A%2B%2F"},
		"a parameter twice":    {[]check.Ingredient{check.Param("a", "1"), check.Param("a", "2")}, "POST", "", form, "", "", "a=1&a=2"},
		"parameters":           {[]check.Ingredient{check.Param("a", "1"), check.Params(url.Values{"a": {"2"}, "b": {"3"}})}, "POST", "", form, "", "", "a=1&a=2&b=3"},
		"a query":              {[]check.Ingredient{check.Query(url.Values{"a": {"1 2"}})}, "POST", "a=1+2", form, "", "", ""},
		"GET":                  {[]check.Ingredient{check.Method("GET")}, "GET", "", "", "", "", ""},
		"GET with a form":      {[]check.Ingredient{check.Method("GET"), check.Param("a", "1")}, "GET", "", form, "", "", "a=1"},
		"another body":         {[]check.Ingredient{check.Param("a", "1"), check.Body("application/json", "{}")}, "POST", "", "application/json", "", "", "{}"},
		"a body of no type":    {[]check.Ingredient{check.Body("", "{}")}, "POST", "", "", "", "", "{}"},
		"a form as it is":      {[]check.Ingredient{check.EncodedForm("a=%zz")}, "POST", "", form, "", "", "a=%zz"},
		"a header":             {[]check.Ingredient{check.As(odd), check.Header("Content-Type", "text/plain")}, "POST", "", "text/plain", "odd+id", "p%25%3A%2B%2F", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				user, password, _ := r.BasicAuth()
				g.Expect(r.Method).To(Equal(c.method))
				g.Expect(r.URL.RawQuery).To(Equal(c.query))
				g.Expect(r.Header.Get("Content-Type")).To(Equal(c.mediaType))
				g.Expect([]string{user, password, string(body)}).To(Equal([]string{c.user, c.password, c.body}))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(http.StatusFound)
			}))
			defer server.Close()
			v := run(&check.Target{}, func(t *check.T) {
				t.Expect(t.Ask(server.URL, c.ingredients...)).To(check.HaveStatus(302), "no redirect is followed")
			})
			g.Expect(v.State).To(Equal(check.Passed), v.Reason)
		})
	}
}

func TestQueryIsAddedToAQuery(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.RawQuery)) }))
	defer server.Close()
	v := run(&check.Target{}, func(t *check.T) {
		answer := t.Get(server.URL+"?tenant=1", check.Query(url.Values{"a": {"2"}}))
		t.Expect(string(answer.Body)).To(check.Equal("tenant=1&a=2"))
	})
	NewWithT(t).Expect(v.State).To(Equal(check.Passed), v.Reason)
}

// The requests of the grants are what the specifications say.
func TestGrants(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write([]byte(r.URL.Path + " " + string(body)))
	}))
	defer server.Close()
	target := &check.Target{Endpoints: map[string]string{
		"token_endpoint": server.URL + "/t", "introspection_endpoint": server.URL + "/i", "revocation_endpoint": server.URL + "/r",
	}}
	v := run(target, func(t *check.T) {
		for _, c := range []struct {
			answer check.Answer
			want   string
		}{
			{t.ClientCredentials(check.Param("scope", "a")), "/t grant_type=client_credentials&scope=a"},
			{t.Password(check.User{Username: "u", Password: "p"}), "/t grant_type=password&password=p&username=u"},
			{t.Refresh("x"), "/t grant_type=refresh_token&refresh_token=x"},
			{t.Introspect("x"), "/i token=x"},
			{t.Revoke("x"), "/r token=x"},
		} {
			t.Expect(string(c.answer.Body)).To(check.Equal(c.want))
		}
	})
	NewWithT(t).Expect(v.State).To(Equal(check.Passed), v.Reason)
}

func TestAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("half"))
	}))
	defer server.Close()
	v := run(&check.Target{}, func(t *check.T) { t.Get(server.URL) })
	g := NewWithT(t)
	g.Expect(v.State).To(Equal(check.Failed))
	g.Expect(v.Reason).To(ContainSubstring("broke off"))
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a := answer(200, `{"s":"x","n":1}`, "Content-Type", "Application/JSON; charset=UTF-8")
	g.Expect(a.Text("s")).To(Equal("x"))
	g.Expect(a.Text("n")).To(BeEmpty())
	g.Expect(a.Text("none")).To(BeEmpty())
	g.Expect(a.MediaType()).To(Equal("application/json"))
	g.Expect(answer(200, "[]").Object()).To(BeNil())
	g.Expect(answer(200, "null").Text("s")).To(BeEmpty())
	g.Expect(len(answer(200, strings.Repeat("x", 1<<20)).String())).To(BeNumerically("<", 3000), "a long body is cut")
}

func TestParseJWT(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	jwt, ok := check.ParseJWT("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.AAE")
	g.Expect(ok).To(BeTrue())
	g.Expect(jwt.Header).To(HaveKeyWithValue("alg", "none"))
	g.Expect(jwt.Claims).To(HaveKeyWithValue("sub", "alice"))
	g.Expect(jwt.Signature).To(Equal([]byte{0, 1}))
	for _, token := range []string{"", "a.b", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9", "e30.e30.e30.e30", "!.e30.", "e30.!.", "e30.e30.!", "W10.e30.", "e30.bm8.", "e30=.e30."} {
		_, ok := check.ParseJWT(token)
		g.Expect(ok).To(BeFalse(), token)
	}
}

func TestParseChallenges(t *testing.T) {
	t.Parallel()
	type challenges = []check.Challenge
	one := func(scheme string, params map[string]string, odd ...string) challenges {
		return challenges{{Scheme: scheme, Params: params, Odd: odd}}
	}
	for name, c := range map[string]struct {
		headers []string
		want    challenges
		err     string
	}{
		"none":                     {nil, nil, ""},
		"a scheme alone":           {[]string{"Negotiate"}, one("Negotiate", map[string]string{}), ""},
		"parameters":               {[]string{`Bearer Realm="a b", error="c"`}, one("Bearer", map[string]string{"realm": "a b", "error": "c"}), ""},
		"spaces around the sign":   {[]string{`Bearer realm = "a"`}, one("Bearer", map[string]string{"realm": "a"}), ""},
		"a quotation in quotes":    {[]string{`Bearer realm="a \"b\" \\, c=d"`}, one("Bearer", map[string]string{"realm": `a "b" \, c=d`}), ""},
		"a value without quotes":   {[]string{`Bearer realm=a`}, one("Bearer", map[string]string{"realm": "a"}, "the value of realm is not quoted"), ""},
		"a token without quotes":   {[]string{`Bearer error=invalid_token, realm="a"`}, one("Bearer", map[string]string{"error": "invalid_token", "realm": "a"}), ""},
		"no token without quotes":  {[]string{`Bearer uri=a:b`}, one("Bearer", map[string]string{"uri": "a:b"}, "the value of uri is not quoted"), ""},
		"a value left out":         {[]string{`Bearer error=, realm="a"`}, one("Bearer", map[string]string{"error": "", "realm": "a"}, "the value of error is not quoted"), ""},
		"a parameter twice":        {[]string{`Bearer realm="a", REALM="b"`}, one("Bearer", map[string]string{"realm": "a"}, "realm comes twice"), ""},
		"two in a header":          {[]string{`Basic realm="a", Bearer realm="b"`}, append(one("Basic", map[string]string{"realm": "a"}), one("Bearer", map[string]string{"realm": "b"})...), ""},
		"two headers":              {[]string{`Basic`, `Bearer`}, append(one("Basic", map[string]string{}), one("Bearer", map[string]string{})...), ""},
		"quotes that do not close": {[]string{`Bearer realm="a`}, nil, "the quotes of realm do not close"},
		"a parameter of nothing":   {[]string{`realm="a"`}, nil, "the parameter realm belongs to no scheme"},
		"a value of nothing":       {[]string{`Bearer realm="b" "a"`}, nil, `no name before`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			got, err := check.ParseChallenges(c.headers)
			if c.err != "" {
				g.Expect(err).To(MatchError(ContainSubstring(c.err)))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(Equal(c.want))
		})
	}
}
