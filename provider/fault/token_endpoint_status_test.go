package fault_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// A status that comes in place of an answer: the endpoint is not asked.
func TestStatusesInPlaceOfAnswers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		status            int
		header, value     string
		contentType, body string
	}{
		"token_internal_error":            {500, "Retry-After", "", "text/html; charset=utf-8", "<h1>Internal Server Error</h1>"},
		"token_bad_gateway":               {502, "Retry-After", "", "text/html; charset=utf-8", "<h1>Bad Gateway</h1>"},
		"token_gateway_timeout":           {504, "Retry-After", "", "text/html; charset=utf-8", "<h1>Gateway Timeout</h1>"},
		"token_request_timeout":           {408, "Connection", "close", "text/html; charset=utf-8", "<h1>Request Timeout</h1>"},
		"token_throttled":                 {429, "Retry-After", "", "application/json", `{"error":"slow_down"}`},
		"token_throttled_for_seconds":     {429, "Retry-After", "2", "application/json", `{"error":"slow_down"}`},
		"token_unavailable_for_seconds":   {503, "Retry-After", "2", "application/json", `{"error":"temporarily_unavailable"}`},
		"token_unavailable_until":         {503, "Retry-After", "Thu, 01 Jan 1970 00:00:02 GMT", "text/html; charset=utf-8", "<h1>Service Unavailable</h1>"},
		"token_unavailable_retry_garbled": {503, "Retry-After", "soon", "application/json", `{"error":"temporarily_unavailable"}`},
		"token_unavailable_for_year":      {503, "Retry-After", "31536000", "application/json", `{"error":"temporarily_unavailable"}`},
		"token_forbidden":                 {403, "WWW-Authenticate", "", "text/html; charset=utf-8", "<h1>Forbidden</h1>"},
		"token_not_found":                 {404, "Retry-After", "", "text/html; charset=utf-8", "<h1>Not Found</h1>"},
		"token_teapot":                    {418, "Retry-After", "", "text/html; charset=utf-8", "<h1>I'm a teapot</h1>"},
		"token_behind_proxy_login":        {407, "Proxy-Authenticate", `Basic realm="proxy"`, "text/html; charset=utf-8", "<h1>Proxy Authentication Required</h1>"},
		"client_forgotten":                {401, "WWW-Authenticate", `Basic realm="fault"`, "application/json", `{"error":"invalid_client"}`},
		"token_redirected_elsewhere":      {307, "Location", "https://elsewhere.example/token", "", ""},
		"token_redirected_plainly":        {307, "Location", "http://example.com/token", "", ""},
		"token_redirected_nowhere":        {302, "Location", "", "", ""},
		"token_redirected_round":          {307, "Location", "?&again=yes", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			f, ok := fault.Named(name)
			g.Expect(ok).To(BeTrue())
			answer := serve(post("a=b"), func(http.ResponseWriter, *http.Request) { t.Error("the endpoint was asked") }, f)
			g.Expect(answer.Code).To(Equal(want.status))
			g.Expect(answer.Header().Get(want.header)).To(Equal(want.value))
			g.Expect(answer.Header().Get("Content-Type")).To(Equal(want.contentType))
			g.Expect(answer.Header().Get("Cache-Control")).To(Equal("no-store"))
			g.Expect(answer.Body.String()).To(ContainSubstring(want.body))
		})
	}
}

// The date of Retry-After is by the provider's clock, and never too early.
func TestRetryAfterDate(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	f, _ := fault.Named("token_unavailable_until")
	ctx := fault.WithClock(context.Background(), waiter(nil))
	answer := serve(post("").WithContext(ctx), nil, f)
	g.Expect(answer.Header().Get("Retry-After")).To(Equal("Sun, 04 May 2031 03:02:04 GMT"))
}

// A redirect leads to where the request is served, with the method and body that the status keeps (RFC 9110 §15.4).
func TestRedirectsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		status int
		seen   string
	}{
		"token_redirected_302": {302, "GET /t/token "}, "token_redirected_303": {303, "GET /t/token "},
		"token_redirected_307": {307, "POST /t/token a=b"}, "token_redirected_308": {308, "POST /t/token a=b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			f, ok := fault.Named(name)
			g.Expect(ok).To(BeTrue())
			server := httptest.NewServer(f.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, _ = io.WriteString(w, strings.Join([]string{r.Method, r.URL.String(), string(body)}, " "))
			})))
			t.Cleanup(server.Close)
			status := 0
			client := &http.Client{CheckRedirect: func(r *http.Request, via []*http.Request) error {
				status = r.Response.StatusCode
				if len(via) > 1 {
					return errors.New("sent on twice")
				}
				return nil
			}}
			response, err := client.Post(server.URL+"/t/token", formType, strings.NewReader("a=b"))
			g.Expect(err).NotTo(HaveOccurred())
			body, err := io.ReadAll(response.Body)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(response.Body.Close()).To(Succeed())
			g.Expect(status).To(Equal(want.status))
			g.Expect(string(body)).To(Equal(want.seen))
		})
	}
}

// wired is what a client sees, by HTTP/1.1, of a good token response under a fault.
func wired(t *testing.T, name string) (asked bool, response *http.Response, body string, err error) {
	t.Helper()
	f, ok := fault.Named(name)
	NewWithT(t).Expect(ok).To(BeTrue(), name)
	var served atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw := fault.NewDraw([]fault.Fault{f}, r, fault.Token, known())
		draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				served.Store(true)
				answering(200, "application/json", tokenAnswer)(w, r)
			}), w, r)
		})).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err = client.Post(server.URL, formType, strings.NewReader("a=b"))
	if err != nil {
		return served.Load(), nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	return served.Load(), response, string(raw), err
}

// How an answer of the token endpoint gets to the client, or does not.
func TestWireOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		asked, headers, whole bool
		body                  string
	}{
		"token_dropped":            {false, false, false, ""},
		"token_answer_lost":        {true, false, false, ""},
		"token_cut_in_body":        {true, true, false, tokenAnswer[:20]},
		"token_truncated":          {true, true, false, tokenAnswer[:20]},
		"token_length_overstated":  {true, true, false, tokenAnswer},
		"token_length_understated": {true, true, true, tokenAnswer[:len(tokenAnswer)-10]},
		"token_delayed":            {true, true, true, tokenAnswer}, // without a clock no time passes
		"token_drips":              {true, true, true, tokenAnswer},
		"token_in_small_chunks":    {true, true, true, tokenAnswer},
		"token_early_hints":        {true, true, true, tokenAnswer},
		"date_long_past":           {true, true, true, tokenAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			asked, response, body, err := wired(t, name)
			g.Expect(asked).To(Equal(want.asked))
			g.Expect(response != nil).To(Equal(want.headers))
			g.Expect(err == nil).To(Equal(want.whole), "%v", err)
			g.Expect(body).To(Equal(want.body))
			if name == "date_long_past" {
				g.Expect(response.Header.Values("Date")).To(Equal([]string{"Sat, 01 Jan 2000 00:00:00 GMT"}))
			}
		})
	}
}

// The waiting faults wait as long as they say, by the clock that they are given.
func TestWaitsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]time.Duration{"token_delayed": 2 * time.Minute, "token_drips": time.Duration(len(tokenAnswer)-1) * time.Second, "token_in_small_chunks": 0} {
		f, _ := fault.Named(name)
		var waited time.Duration
		ctx := fault.WithClock(context.Background(), waiter(func(_ context.Context, d time.Duration) error { waited += d; return nil }))
		serve(post("").WithContext(ctx), answering(200, "application/json", tokenAnswer), f)
		NewWithT(t).Expect(waited).To(Equal(want), name)
	}
}
