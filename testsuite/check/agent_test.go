package check_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// documents serves JSON bodies by path, and counts the visits to each.
type documents struct {
	*httptest.Server
	mu     sync.Mutex
	visits map[string]int
}

func serve(t *testing.T, bodies map[string]string) *documents {
	t.Helper()
	d := &documents{visits: map[string]int{}}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.visits[r.URL.Path]++
		body, ok := bodies[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(d.Close)
	return d
}

const (
	metadataPath = "/.well-known/oauth-authorization-server"
	openIDPath   = "/.well-known/openid-configuration"
)

// run is the verdict of a MUST with this body.
func run(target *check.Target, body func(*check.T)) check.Verdict {
	return check.Must("XX-01", "does as it is told", "RFC 6749 §5.1", body).Verdict(context.Background(), target)
}

// unreachable is a server that is gone.
func unreachable() string {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	return gone.URL
}

// answer is an answer in JSON that may not be stored, with further headers as name and value in turn.
func answer(status int, body string, headers ...string) check.Answer {
	a := check.Answer{Status: status, Body: []byte(body), Header: http.Header{
		"Content-Type": {"application/json"}, "Cache-Control": {"no-store"},
	}}
	for i := 0; i < len(headers); i += 2 {
		a.Header.Set(headers[i], headers[i+1])
	}
	return a
}
