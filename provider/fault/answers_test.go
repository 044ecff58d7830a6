package fault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// answered is what a client sees of an answer of an endpoint under a fault; asked tells whether the endpoint was.
func answered(t *testing.T, name, endpoint string, r *http.Request, h http.HandlerFunc) (answer *httptest.ResponseRecorder, asked bool) {
	t.Helper()
	f, ok := fault.Named(name)
	NewWithT(t).Expect(ok).To(BeTrue(), name)
	NewWithT(t).Expect(f.At).To(ContainElement(endpoint), name)
	answer = httptest.NewRecorder()
	draw := fault.NewDraw([]fault.Fault{f}, r, endpoint, known())
	draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw.Hear(r)
		draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = true
			h(w, r)
		}), w, r)
	})).ServeHTTP(answer, r)
	return answer, asked
}

// What faults make of where a browser is sent with a code.
func TestAuthorizationResponses(t *testing.T) {
	t.Parallel()
	const sent = "https://c/cb?code=c&iss=https%3A%2F%2Fi&state=sT"
	for name, want := range map[string]string{
		"state_missing":             "code=c&iss=https%3A%2F%2Fi",
		"state_other":               "code=c&iss=https%3A%2F%2Fi&state=state-of-another-login",
		"state_folded":              "code=c&iss=https%3A%2F%2Fi&state=St",
		"state_twice":               "code=c&iss=https%3A%2F%2Fi&state=sT&state=state-of-another-login",
		"code_missing":              "iss=https%3A%2F%2Fi&state=sT",
		"code_empty":                "code=&iss=https%3A%2F%2Fi&state=sT",
		"code_twice":                "code=c&code=code-of-another-login&iss=https%3A%2F%2Fi&state=sT",
		"error_beside_code":         "code=c&error=access_denied&iss=https%3A%2F%2Fi&state=sT",
		"iss_foreign":               "code=c&iss=https%3A%2F%2Fissuer.example&state=sT",
		"iss_twice":                 "code=c&iss=https%3A%2F%2Fi&iss=https%3A%2F%2Fissuer.example&state=sT",
		"response_with_extras":      "client_id=extra&code=c&iss=https%3A%2F%2Fi&scope=extra&session_state=extra&state=sT&token_type=extra&x%5By%5D=extra",
		"authorization_unavailable": "error=temporarily_unavailable&iss=https%3A%2F%2Fi&state=sT",
		"authorization_fails":       "error=server_error&iss=https%3A%2F%2Fi&state=sT",
		"authorization_denied":      "error=access_denied&iss=https%3A%2F%2Fi&state=sT",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			under := func(location string) string {
				answer, _ := answered(t, name, fault.Authorization, httptest.NewRequest(http.MethodGet, "/authorize?x=y", nil), func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Location", location)
					w.WriteHeader(http.StatusSeeOther)
				})
				return answer.Header().Get("Location")
			}
			g.Expect(under(sent)).To(Equal("https://c/cb?" + want))
			g.Expect(under("https://c/login?next=x")).To(Equal("https://c/login?next=x"), "the provider's own redirects stay")
			if !strings.HasPrefix(name, "iss_") {
				g.Expect(under("https://c/cb?error=e&state=s")).To(Equal("https://c/cb?error=e&state=s"), "an error stays")
			}
		})
	}
}

// A long code is good: the token endpoint hears it as it was granted.
func TestLongCodes(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	answer, _ := answered(t, "code_long", fault.Authorization, httptest.NewRequest(http.MethodGet, "/authorize", nil), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://c/cb?code=c")
		w.WriteHeader(http.StatusSeeOther)
	})
	to, err := url.Parse(answer.Header().Get("Location"))
	g.Expect(err).NotTo(HaveOccurred())
	code := to.Query().Get("code")
	g.Expect(code).To(HavePrefix("c+/=%&~ 0123"))
	g.Expect(len(code)).To(BeNumerically(">", 2048))
	answered(t, "code_long", fault.Token, post(form("code", code).Encode()), func(_ http.ResponseWriter, r *http.Request) {
		g.Expect(r.PostFormValue("code")).To(Equal("c"))
	})
}

func TestResponsePosted(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"response_type=code": "form_post", "response_type=code&response_mode=query": "form_post", "client_id=x": "",
	} {
		answered(t, "response_posted", fault.Authorization, httptest.NewRequest(http.MethodGet, "/authorize?"+query, nil), func(_ http.ResponseWriter, r *http.Request) {
			NewWithT(t).Expect(r.URL.Query().Get("response_mode")).To(Equal(want), query)
		})
	}
}

// Faults that stand in place of an endpoint, which is not asked.
func TestInPlaceOfEndpoints(t *testing.T) {
	t.Parallel()
	const html, json = "text/html; charset=utf-8", "application/json"
	for name, want := range map[string]struct {
		endpoint, method string
		status           int
		contentType      string
		header, value    string
	}{
		"authorization_broken":          {fault.Authorization, "GET", 500, html, "Location", ""},
		"metadata_as_page":              {fault.Metadata, "GET", 200, html, "", ""},
		"metadata_unavailable":          {fault.Discovery, "GET", 503, html, "Retry-After", "2"},
		"metadata_not_found":            {fault.Metadata, "GET", 404, html, "", ""},
		"metadata_redirected":           {fault.Metadata, "GET", 302, "", "Location", "?mockoauth_fault_moved=yes"},
		"metadata_redirected_elsewhere": {fault.Metadata, "GET", 302, "", "Location", "https://elsewhere.example/p"},
		"keys_as_page":                  {fault.JWKS, "GET", 200, html, "", ""},
		"keys_unavailable":              {fault.JWKS, "GET", 503, html, "Retry-After", "2"},
		"keys_internal_error":           {fault.JWKS, "GET", 500, html, "", ""},
		"keys_not_found":                {fault.JWKS, "GET", 404, html, "", ""},
		"keys_redirected":               {fault.JWKS, "GET", 302, "", "Location", "?mockoauth_fault_moved=yes"},
		"keys_redirected_elsewhere":     {fault.JWKS, "GET", 302, "", "Location", "https://elsewhere.example/p"},
		"keys_redirected_plainly":       {fault.JWKS, "GET", 302, "", "Location", "http://example.com/p"},
		"introspection_as_page":         {fault.Introspection, "POST", 200, html, "", ""},
		"introspection_unavailable":     {fault.Introspection, "POST", 503, html, "Retry-After", "2"},
		"introspection_internal_error":  {fault.Introspection, "POST", 500, html, "", ""},
		"introspection_refuses_all":     {fault.Introspection, "POST", 401, json, "WWW-Authenticate", `Basic realm="fault"`},
		"revocation_unavailable":        {fault.Revocation, "POST", 503, html, "Retry-After", "2"},
		"revocation_internal_error":     {fault.Revocation, "POST", 500, html, "", ""},
		"revocation_type_unsupported":   {fault.Revocation, "POST", 400, json, "", ""},
		"userinfo_as_page":              {fault.UserInfo, "GET", 200, html, "", ""},
		"userinfo_unavailable":          {fault.UserInfo, "GET", 503, html, "Retry-After", "2"},
		"userinfo_internal_error":       {fault.UserInfo, "GET", 500, html, "", ""},
		"userinfo_refuses_all":          {fault.UserInfo, "GET", 401, json, "WWW-Authenticate", `Bearer error="invalid_token"`},
		"userinfo_redirected_elsewhere": {fault.UserInfo, "GET", 302, "", "Location", "https://elsewhere.example/p"},
		"bearer_refused":                {fault.Verify, "GET", 401, "", "WWW-Authenticate", `Bearer realm="fault", error="invalid_token", error_description="expired"`},
		"bearer_refused_plainly":        {fault.Resource, "GET", 401, "", "WWW-Authenticate", ""},
		"bearer_refused_oddly":          {fault.Resource, "GET", 401, "", "WWW-Authenticate", `Negotiate, Digest realm="a, \"b\"", nonce=c`},
		"bearer_never_sufficient":       {fault.Resource, "GET", 403, "", "WWW-Authenticate", `Bearer error="insufficient_scope", scope="admin"`},
		"step_up_demanded":              {fault.Resource, "GET", 401, "", "WWW-Authenticate", `Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"`},
		"resource_metadata_of_another":  {fault.Resource, "GET", 401, "", "WWW-Authenticate", `Bearer resource_metadata="https://elsewhere.example/.well-known/oauth-protected-resource"`},
		"resource_redirected_elsewhere": {fault.Resource, "GET", 307, "", "Location", "https://elsewhere.example/p"},
		"resource_throttled":            {fault.Resource, "GET", 429, html, "Retry-After", "2"},
		"resource_unavailable":          {fault.Verify, "GET", 503, html, "Retry-After", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer, asked := answered(t, name, want.endpoint, httptest.NewRequest(want.method, "/p", nil), func(http.ResponseWriter, *http.Request) {})
			g.Expect(asked).To(BeFalse())
			g.Expect(answer.Code).To(Equal(want.status))
			g.Expect(answer.Header().Get("Content-Type")).To(Equal(want.contentType))
			if want.header != "" {
				g.Expect(answer.Header().Get(want.header)).To(Equal(want.value))
			}
		})
	}
}

// Faults of the connection at other endpoints than the token endpoint's.
func TestWireOfOtherEndpoints(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		endpoint string
		asked    bool
	}{
		"metadata_dropped": {fault.Metadata, false}, "keys_dropped": {fault.JWKS, false}, "introspection_dropped": {fault.Introspection, false},
		"revocation_dropped": {fault.Revocation, false}, "userinfo_dropped": {fault.UserInfo, false}, "revocation_answer_lost": {fault.Revocation, true},
		"metadata_truncated": {fault.Metadata, true},
	} {
		asked := false
		g := NewWithT(t)
		g.Expect(func() {
			answered(t, name, want.endpoint, post(""), func(w http.ResponseWriter, _ *http.Request) {
				asked = true
				_, _ = io.WriteString(w, strings.Repeat("x", 200))
			})
		}).To(PanicWith(http.ErrAbortHandler), name)
		g.Expect(asked).To(Equal(want.asked), name)
	}
	for name, endpoint := range map[string]string{
		"metadata_delayed": fault.Metadata, "metadata_drips": fault.Discovery, "keys_delayed": fault.JWKS,
		"introspection_delayed": fault.Introspection, "userinfo_delayed": fault.UserInfo,
	} {
		answer, asked := answered(t, name, endpoint, post(""), answering(200, "application/json", "{}"))
		NewWithT(t).Expect(asked).To(BeTrue(), name)
		NewWithT(t).Expect(answer.Body.String()).To(Equal("{}"), name)
	}
}

// Refreshes are told from other grants.
func TestRefreshAnswers(t *testing.T) {
	t.Parallel()
	const full = `{"access_token":"a","refresh_token":"new","id_token":"i","scope":"read"}`
	for name, want := range map[string]string{
		"refresh_token_unsaid":     `{"access_token":"a","id_token":"i","scope":"read"}`,
		"refresh_scope_widened":    `{"access_token":"a","refresh_token":"new","id_token":"i","scope":"read admin"}`,
		"refresh_without_id_token": `{"access_token":"a","refresh_token":"new","scope":"read"}`,
	} {
		g := NewWithT(t)
		answer, _ := answered(t, name, fault.Token, post("grant_type=refresh_token&refresh_token=old"), answering(200, "application/json", full))
		g.Expect(answer.Body.String()).To(MatchJSON(want), name)
		answer, _ = answered(t, name, fault.Token, post("grant_type=password&username=u&password=p"), answering(200, "application/json", full))
		g.Expect(answer.Body.String()).To(MatchJSON(full), name)
	}

	g := NewWithT(t)
	answer, _ := answered(t, "refresh_token_of_another", fault.Token, post("grant_type=refresh_token&refresh_token=old"), answering(200, "application/json", full))
	g.Expect(answer.Body.String()).To(ContainSubstring(`"refresh_token":"made-up-`))
	answer, asked := answered(t, "refresh_unavailable", fault.Token, post("grant_type=refresh_token&refresh_token=old"), answering(200, "application/json", full))
	g.Expect(answer.Code).To(Equal(503))
	g.Expect(asked).To(BeFalse())
	answer, asked = answered(t, "refresh_unavailable", fault.Token, post("grant_type=password"), answering(200, "application/json", full))
	g.Expect(answer.Code).To(Equal(200))
	g.Expect(asked).To(BeTrue())
	answered(t, "refresh_grant_dropped", fault.Token, post("grant_type=refresh_token&refresh_token=old"), func(_ http.ResponseWriter, r *http.Request) {
		g.Expect(r.PostFormValue("grant_type")).NotTo(Equal("refresh_token"))
	})
}

// A refresh token that is not said again stays good: the provider hears its successor.
func TestRefreshTokenUnsaidStaysGood(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	f, _ := fault.Named("refresh_token_unsaid")
	box := &fault.Box{}
	box.Inject(f)
	heard := []string{}
	for _, successor := range []string{"second", "third"} {
		r := post("grant_type=refresh_token&refresh_token=first")
		draw := fault.NewDraw(box.Draw(fault.Token, ""), r, fault.Token, known())
		draw.Hear(r)
		draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			heard = append(heard, r.PostFormValue("refresh_token"))
			answering(200, "application/json", `{"access_token":"a","refresh_token":"`+successor+`"}`)(w, r)
		}), httptest.NewRecorder(), r)
	}
	g.Expect(heard).To(Equal([]string{"first", "second"}))
}

// What faults make of the answers about tokens and users.
func TestAnswersAboutTokensAndUsers(t *testing.T) {
	t.Parallel()
	const active = `{"active":true,"scope":"read","sub":"s","exp":2000000000}`
	const claims = `{"sub":"s","name":"n"}`
	for name, want := range map[string]struct{ endpoint, served, body string }{
		"introspection_active_missing":   {fault.Introspection, active, `{"scope":"read","sub":"s","exp":2000000000}`},
		"introspection_active_as_number": {fault.Introspection, active, `{"active":1,"scope":"read","sub":"s","exp":2000000000}`},
		"introspection_other_audience":   {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s","exp":2000000000,"aud":"https://elsewhere.example"}`},
		"introspection_other_issuer":     {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s","exp":2000000000,"iss":"https://issuer.example"}`},
		"introspection_long_expired":     {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s","exp":1000000000}`},
		"introspection_not_yet_valid":    {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s","exp":2000000000,"nbf":32503680000}`},
		"introspection_always_inactive":  {fault.Introspection, active, `{"active":false}`},
		"introspection_other_subject":    {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s-other","username":"somebody-else","exp":2000000000}`},
		"introspection_other_client":     {fault.Introspection, active, `{"active":true,"scope":"read","sub":"s","client_id":"another-client","exp":2000000000}`},
		"introspection_scope_widened":    {fault.Introspection, active, `{"active":true,"scope":"read admin","sub":"s","exp":2000000000}`},
		"introspection_as_list":          {fault.Introspection, active, "[" + active + "]"},
		"revocation_talks":               {fault.Revocation, `{}`, `{"error":"invalid_token","revoked":false}`},
		"userinfo_without_subject":       {fault.UserInfo, claims, `{"name":"n"}`},
		"userinfo_subject_is_number":     {fault.UserInfo, claims, `{"sub":248289761001,"name":"n"}`},
		"userinfo_as_list":               {fault.UserInfo, claims, "[" + claims + "]"},
		"email_verified_as_string":       {fault.UserInfo, claims, `{"sub":"s","name":"n","email_verified":"false"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer, _ := answered(t, name, want.endpoint, post("token=t"), answering(200, "application/json", want.served))
			g.Expect(answer.Body.String()).To(MatchJSON(want.body))
			answer, _ = answered(t, name, want.endpoint, post("token=t"), answering(401, "application/json", `{"error":"e"}`))
			g.Expect(answer.Body.String()).To(Equal(`{"error":"e"}`), "a refusal stays")
		})
	}
	for name, want := range map[string]struct{ endpoint, contentType, body string }{
		"introspection_empty":  {fault.Introspection, "application/json", "^$"},
		"introspection_as_jwt": {fault.Introspection, "application/token-introspection+jwt", `^eyJ[\w-]+\.eyJ[\w-]+\.$`},
		"revocation_as_page":   {fault.Revocation, "text/html; charset=utf-8", "^<!DOCTYPE"},
		"userinfo_empty":       {fault.UserInfo, "application/json", "^$"},
		"userinfo_cut_short":   {fault.UserInfo, "application/json", `^\{"sub":"s",$`},
		"userinfo_distributed": {fault.UserInfo, "application/json", `"_claim_sources":\{"bank":\{"endpoint":"https://elsewhere.example/claims"\}`},
		"userinfo_large":       {fault.UserInfo, "application/json", `^\{"groups":\["a group.*`},
	} {
		g := NewWithT(t)
		answer, _ := answered(t, name, want.endpoint, post("token=t"), answering(200, "application/json", claims))
		g.Expect(answer.Header().Get("Content-Type")).To(Equal(want.contentType), name)
		g.Expect(answer.Body.String()).To(MatchRegexp(want.body), name)
	}
}
