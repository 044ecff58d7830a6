package provider_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/mockoauth/mockoauth/provider"
)

// FuzzRequest sends requests of all kinds to all endpoints. None may panic, be
// answered with a 500, or get a token without the secret.
func FuzzRequest(f *testing.F) {
	const good = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret"
	for _, seed := range []struct{ method, target, contentType, authorization, body string }{
		{"POST", "/token", formType, "", good},
		{"POST", "/token", formType, "Basic ZGVtbzpkZW1vLXNlY3JldA==", "grant_type=password&username=alice&password=alice&scope=read"},
		{"POST", "/oauth2/access_token", formType, "basic !!!", "grant_type=refresh_token&refresh_token=x"},
		{"POST", "/token?client_secret=x", "", "Bearer x", "%zz&&=&a=%00"},
		{"POST", "/introspect", formType, "Basic ZGVtbzpkZW1vLXNlY3JldA==", "token=x&token_type_hint=refresh_token"},
		{"POST", "/introspect", formType, "Bearer eyJ.e30.x", "token=eyJhbGciOiJub25lIn0.e30."},
		{"POST", "/revoke", formType + "; charset=UTF-8", "", "client_id=demo-public&token=x"},
		{"GET", "/api/verify?token=a.b.c&token=%ff", "multipart/form-data", "", ""},
		{"PUT", "/jwks", "application/json", "", "{}"},
		{"OPTIONS", "/.well-known/openid-configuration", "", "", ""},
		{"GET", "/authorize?response_type=code&client_id=demo&redirect_uri=http://localhost:3000/callback&scope=openid&state=%0d%0a", "", "", ""},
		{"POST", "/authorize", formType, "", "response_type=code&client_id=demo&redirect_uri=http://localhost:3000/callback&action=login&username=alice&password=alice&since=x"},
		{"GET", "/authorize?client_id=demo&redirect_uri=http://localhost:3000%5c@evil/callback&claims=%7b%22id_token%22%3anull%7d&max_age=-1&prompt=none+login", "", "", ""},
		{"GET", "/end_session?id_token_hint=a.b.c&post_logout_redirect_uri=http://evil/", "", "", ""},
		{"POST", "/userinfo", formType, "Bearer x", "access_token=y"},
		{"HEAD", "/healthz", "", "", "\xff\xfe"},
	} {
		f.Add(seed.method, seed.target, seed.contentType, seed.authorization, seed.body)
	}
	var log bytes.Buffer
	p, err := provider.New(provider.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, contentType, authorization, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Skip("no request line can carry it")
		}
		log.Reset()
		r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(strings.NewReader(body)))
		r.Method, r.URL = method, u
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code >= 500 || strings.Contains(log.String(), "panic") {
			t.Errorf("%s %s is answered %d %s\n%s", method, target, w.Code, w.Body, log.String())
		}
		if location := w.Header().Get("Location"); strings.HasPrefix(u.Path, "/authorize") && location != "" && !strings.HasPrefix(location, "http://localhost:3000/callback?") &&
			!strings.HasPrefix(location, "http://localhost:3000/callback#") && !isLoopbackCallback(location) && !strings.HasPrefix(location, u.Path+"?") {
			t.Errorf("%s %s is sent to %s, which is not registered", method, target, location)
		}
		knows := strings.Contains(authorization+body, "secret") || strings.Contains(authorization, "ZGVtbz") || strings.Contains(body, "demo-public")
		if strings.Contains(w.Body.String(), "access_token\"") && !knows {
			t.Errorf("%s %s got a token without a secret: %s", method, target, w.Body)
		}
	})
}

// isLoopbackCallback tells the demo clients' other redirect URI, at any port.
func isLoopbackCallback(location string) bool {
	u, err := url.Parse(location)
	return err == nil && u.Scheme == "http" && u.Hostname() == "127.0.0.1" && u.Path == "/callback"
}
