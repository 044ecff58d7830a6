package record_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

const (
	formType  = "application/x-www-form-urlencoded"
	someToken = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhcGl0ZXN0ZXIifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
)

// someTime is when the exchanges of these tests are.
func someTime() time.Time { return time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) }

// posted is a form that was sent to the token endpoint.
func posted(form string) record.Exchange {
	return record.Exchange{
		At: someTime(), Took: 1234 * time.Microsecond, Issuer: "http://localhost:9000", Endpoint: "token", Method: http.MethodPost, Path: "/token",
		Status: http.StatusOK,
		Request: record.Request{
			Proto: "HTTP/1.1", Host: "localhost:9000", Remote: "127.0.0.1:4711", URI: "/token",
			Header: http.Header{"Content-Type": {formType}}, Body: []byte(form),
		},
		Response: record.Response{Header: http.Header{"Content-Type": {"application/json"}}},
	}
}

// granted is a token request of about 3 kB and its answer.
func granted() record.Exchange {
	x := posted("grant_type=password&username=apitester&password=apitester&scope=openid+write&state=" + strings.Repeat("s", 1000))
	x.Client, x.User, x.Grant, x.Scope = "demo", "apitester", "password", "openid write"
	x.Request.Header.Set("Authorization", "Basic ZGVtbzpkZW1vLXNlY3JldA==") // demo:demo-secret
	token := someToken + strings.Repeat("x", 800)
	x.Response.Body = []byte(`{"access_token":"` + token + `","expires_in":3600,"id_token":"` + token + `","scope":"openid write","token_type":"bearer"}`)
	return x
}

// add adds exchanges to these endpoints.
func add(l *record.Log, endpoints ...string) {
	for _, endpoint := range endpoints {
		l.Add(&record.Exchange{Endpoint: endpoint})
	}
}

func ids(xs record.Exchanges) []uint64 {
	out := []uint64{}
	for _, x := range xs {
		out = append(out, x.ID)
	}
	return out
}

// written is what JSON makes of x, read again.
func written(g Gomega, x record.Exchange) map[string]any {
	raw, err := json.Marshal(x)
	g.Expect(err).NotTo(HaveOccurred())
	var out map[string]any
	g.Expect(json.Unmarshal(raw, &out)).To(Succeed())
	return out
}
