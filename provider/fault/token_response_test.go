package fault_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// tokenAnswer is what the provider of these tests answers.
const tokenAnswer = `{"access_token":"at","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`

// answering is an endpoint with one answer.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// under is what a client sees of an answer of the token endpoint under a fault.
func under(t *testing.T, name string, status int, body string) *httptest.ResponseRecorder {
	t.Helper()
	f, ok := fault.Named(name)
	NewWithT(t).Expect(ok).To(BeTrue(), name)
	return serve(post("grant_type=password&username=u&password=p&scope=write+read"), answering(status, "application/json", body), f)
}

// What faults make of the members of a token response; what they do not name stays.
func TestTokenResponseMembers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"access_token_missing":           `{"token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_null":              `{"access_token":null,"token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_is_number":         `{"access_token":1234567890,"token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_is_object":         `{"access_token":{"value":"at"},"token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_with_space":        `{"access_token":"at \"","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_with_line_break":   `{"access_token":"at\r\nX-Injected: yes","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"access_token_of_all_characters": `{"access_token":"at-._~+/==","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"error_beside_token":             `{"error":"invalid_request","access_token":"at","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_lower":               `{"token_type":"bearer","access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_upper":               `{"token_type":"BEARER","access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_mac":                 `{"token_type":"mac","access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_dpop":                `{"token_type":"DPoP","access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_not_applicable":      `{"token_type":"N_A","access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"token_type_null":                `{"token_type":null,"access_token":"at","expires_in":3600,"scope":"read write","refresh_token":"rt"}`,
		"refresh_token_null":             `{"refresh_token":null,"access_token":"at","token_type":"Bearer","expires_in":3600,"scope":"read write"}`,
		"refresh_token_empty":            `{"refresh_token":"","access_token":"at","token_type":"Bearer","expires_in":3600,"scope":"read write"}`,
		"refresh_token_withheld":         `{"access_token":"at","token_type":"Bearer","expires_in":3600,"scope":"read write"}`,
		"expires_in_missing":             `{"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_in_null":                `{"expires_in":null,"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_in_as_date":             `{"expires_in":"2030-01-01T00:00:00Z","access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_in_zero":                `{"expires_in":0,"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_in_negative":            `{"expires_in":-1,"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_in_huge":                `{"expires_in":99999999999999,"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"expires_at_past":                `{"expires_at":1000000000,"expires_in":3600,"access_token":"at","token_type":"Bearer","scope":"read write","refresh_token":"rt"}`,
		"answered_scope_missing":         `{"access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_null":            `{"scope":null,"access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_empty":           `{"scope":"","access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_narrowed":        `{"scope":"read","access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_widened":         `{"scope":"read write admin","access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_reordered":       `{"scope":"write  read","access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
		"answered_scope_as_list":         `{"scope":["read","write"],"access_token":"at","token_type":"Bearer","expires_in":3600,"refresh_token":"rt"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer := under(t, name, 200, tokenAnswer)
			g.Expect(answer.Code).To(Equal(200))
			g.Expect(answer.Body.String()).To(MatchJSON(want))
			g.Expect(under(t, name, 400, `{"error":"invalid_grant"}`).Body.String()).To(MatchJSON(`{"error":"invalid_grant"}`), "a refusal stays")
		})
	}
}

// Where the answer says no scope, it is the one that was asked for.
func TestAnsweredScopeIsThatOfTheRequest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(under(t, "answered_scope_narrowed", 200, `{"access_token":"at"}`).Body.String()).To(MatchJSON(`{"access_token":"at","scope":"write"}`))
	g.Expect(under(t, "answered_scope_widened", 200, `{"access_token":"at"}`).Body.String()).To(MatchJSON(`{"access_token":"at","scope":"write read admin"}`))
}

// What JSON would not compare: how a number is written, and what else there is.
func TestTokenResponseText(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"expires_in_fractional":    `"expires_in":3600.5`,
		"expires_in_with_exponent": `"expires_in":3.6e3`,
		"members_unknown":          strings.Repeat("[", 100) + `"ground"`,
		"members_poisonous":        `"__proto__":{"access_token":"poison"}`,
		"id_token_unasked":         `"id_token":"eyJ`,
		"garbage_after_json":       `"refresh_token":"rt"}` + "\n<!DOCTYPE html>",
		"json_with_comma":          `"refresh_token":"rt",}`,
		"json_with_bom":            "\xef\xbb\xbf{\"access_token\":\"at\"",
		"access_token_twice":       `{"access_token":"the-first-of-two","access_token":"at"`,
		"charset_latin1":           `"name":"José"`,
		"json_in_utf16":            "\xff\xfe{\x00\"\x00a\x00c\x00",
	} {
		NewWithT(t).Expect(under(t, name, 200, tokenAnswer).Body.String()).To(ContainSubstring(want), name)
	}
}

// What else than a JSON object an answer of the token endpoint can be.
func TestTokenResponseBodies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		status            int
		contentType, body string
	}{
		"html_for_json":             {200, "text/html; charset=utf-8", tokenAnswer},
		"octets_for_json":           {200, "application/octet-stream", tokenAnswer},
		"content_type_missing":      {200, "", tokenAnswer},
		"content_type_folded":       {200, "Application/JSON", tokenAnswer},
		"charset_added":             {200, "application/json;charset=UTF-8", tokenAnswer},
		"form_for_json":             {200, formType, "access_token=at&expires_in=3600&refresh_token=rt&scope=read+write&token_type=Bearer"},
		"token_response_empty":      {200, "application/json", ""},
		"token_response_no_content": {204, "", ""},
		"token_response_null":       {200, "application/json", "null"},
		"token_response_in_list":    {200, "application/json", "[" + tokenAnswer + "]"},
		"token_response_as_string":  {200, "application/json", `"` + strings.ReplaceAll(tokenAnswer, `"`, `\"`) + `"`},
		"token_response_is_number":  {200, "application/json", "42"},
		"token_response_created":    {201, "application/json", tokenAnswer},
		"token_response_accepted":   {202, "application/json", tokenAnswer},
		"json_cut_short":            {200, "application/json", tokenAnswer[:len(tokenAnswer)/2]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer := under(t, name, 200, tokenAnswer)
			g.Expect(answer.Code).To(Equal(want.status))
			g.Expect(answer.Header().Get("Content-Type")).To(Equal(want.contentType))
			g.Expect(answer.Body.String()).To(Equal(want.body))
			g.Expect(under(t, name, 400, `{"error":"e"}`).Code).To(Equal(400), "a refusal stays")
		})
	}
	NewWithT(t).Expect(under(t, "json_escaped", 200, `{"access_token":"a-b/c"}`).Body.String()).To(Equal(`{"access_token":"a\u002db\/c"}`))
}

// A page in place of a token: the endpoint is not asked.
func TestPagesForTokens(t *testing.T) {
	t.Parallel()
	for name, contentType := range map[string]string{"login_page_for_token": "text/html; charset=utf-8", "page_called_json": "application/json"} {
		g := NewWithT(t)
		f, _ := fault.Named(name)
		answer := serve(post(""), func(http.ResponseWriter, *http.Request) { t.Error("the endpoint was asked") }, f)
		g.Expect(answer.Code).To(Equal(200))
		g.Expect(answer.Header().Get("Content-Type")).To(Equal(contentType))
		g.Expect(answer.Body.String()).To(ContainSubstring("<title>Sign in</title>"))
	}
}

func TestCompressedResponses(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	inflated := func(answer *httptest.ResponseRecorder) string {
		g.Expect(answer.Header().Get("Content-Encoding")).To(Equal("gzip"))
		r, err := gzip.NewReader(bytes.NewReader(answer.Body.Bytes()))
		g.Expect(err).NotTo(HaveOccurred())
		body, err := io.ReadAll(r)
		g.Expect(err).NotTo(HaveOccurred())
		return string(body)
	}
	g.Expect(inflated(under(t, "gzip_always", 200, tokenAnswer))).To(Equal(tokenAnswer))
	g.Expect(inflated(under(t, "gzip_always", 400, "no"))).To(Equal("no"))

	bomb := under(t, "gzip_bomb", 200, tokenAnswer)
	g.Expect(bomb.Body.Len()).To(BeNumerically("<", 12<<10), "it is small on the wire")
	body := inflated(bomb)
	g.Expect(len(body)).To(BeNumerically(">", 10<<20))
	g.Expect(body).To(And(HavePrefix(`{"padding":"000`), HaveSuffix(`"expires_in":3600}`)), "it is JSON to its end")

	claimed := under(t, "gzip_claimed", 200, tokenAnswer)
	g.Expect(claimed.Header().Get("Content-Encoding")).To(Equal("gzip"))
	g.Expect(claimed.Body.String()).To(Equal(tokenAnswer))
}

// An endless answer ends with the connection, or else at its bound.
func TestEndlessResponses(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	f, _ := fault.Named("token_response_endless")
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		f.Wire(nil).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	response, err := http.Post(server.URL, formType, strings.NewReader("a=b"))
	g.Expect(err).NotTo(HaveOccurred())
	begin := make([]byte, 1<<20)
	_, err = io.ReadFull(response.Body, begin)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(begin[:20])).To(Equal(`{"padding":"00000000`))
	_ = response.Body.Close()
	g.Eventually(done, "10s").Should(BeClosed(), "it ends when the client goes")

	bounded := &counter{header: http.Header{}}
	g.Expect(func() { f.Wire(nil).ServeHTTP(bounded, post("")) }).To(PanicWith(http.ErrAbortHandler))
	g.Expect(bounded.written).To(BeNumerically("~", 50<<20, 1<<20))
}

// A counter is a client that reads everything.
type counter struct {
	header  http.Header
	written int
}

func (c *counter) Header() http.Header { return c.header }
func (c *counter) WriteHeader(int)     {}
func (c *counter) Write(p []byte) (int, error) {
	c.written += len(p)
	return len(p), nil
}

// Faults of tokens that stay good: the resource knows them as they were issued.
func TestTokensThatStayGood(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	f, _ := fault.Named("access_token_of_all_characters")
	r := post("token=at-._~%2B/%3D%3D")
	r.Header.Set("Authorization", "Bearer at-._~+/==")
	hear := hear(r)
	f.Hear(hear)
	g.Expect(r.Header.Get("Authorization")).To(Equal("Bearer at"))
	g.Expect(hear.Form().Get("token")).To(Equal("at"))

	large, _ := fault.Named("access_token_large")
	signing := &fault.Signing{Kind: "access_token", Claims: map[string]any{"sub": "s"}}
	large.Sign(signing)
	g.Expect(signing.Claims["padding"]).To(HaveLen(12000), "which are 16 kB in base64")
	signing = &fault.Signing{Kind: "id_token", Claims: map[string]any{}}
	large.Sign(signing)
	g.Expect(signing.Claims).To(BeEmpty())
}
