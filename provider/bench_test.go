package provider_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// wire is one keep-alive connection that sends the same bytes again and again:
// what is measured beside the server is as little as can be.
type wire struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
}

func connect(b *testing.B, server *httptest.Server, request string) *wire {
	b.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return &wire{conn, bufio.NewReader(conn), []byte(request)}
}

func (w *wire) ask(b *testing.B) {
	if response := w.answer(b); response.StatusCode != http.StatusOK {
		b.Fatal(response.Status)
	}
}

// answer is what came back, its body thrown away.
func (w *wire) answer(b *testing.B) *http.Response {
	if _, err := w.conn.Write(w.request); err != nil {
		b.Fatal(err)
	}
	response, err := http.ReadResponse(w.reader, nil)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		b.Fatal(err)
	}
	return response
}

func getRequest(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n" }

func post(path string, form url.Values) string {
	body := form.Encode()
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
}

func machineForm() url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {"demo"}, "client_secret": {"demo-secret"}}
}

// measure benchmarks a request to a handler, and beside it the same request
// answered with the same bytes by bare net/http.
func measure(b *testing.B, handler http.Handler, request string) {
	b.Helper()
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	sample := httptest.NewRecorder()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request)))
	if err != nil {
		b.Fatal(err)
	}
	handler.ServeHTTP(sample, r)
	answer := sample.Body.Bytes()
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(answer)
	}))
	b.Cleanup(bare.Close)
	for name, s := range map[string]*httptest.Server{"mockoauth": server, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			w := connect(b, s, request)
			b.ReportAllocs()
			for b.Loop() {
				w.ask(b)
			}
		})
	}
}

func newProvider(b *testing.B, options ...provider.Option) *provider.Provider {
	b.Helper()
	p, err := provider.New(append([]provider.Option{provider.WithIssuer("http://localhost")}, options...)...)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func ownRSA(b *testing.B) *keys.Ring {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		b.Fatal(err)
	}
	ring, err := keys.Parse(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), "RS256")
	if err != nil {
		b.Fatal(err)
	}
	return ring
}

func BenchmarkClientCredentials(b *testing.B) {
	for name, options := range map[string][]provider.Option{
		"opaque":            {provider.WithAccessTokenFormat("opaque")},
		"RS256-development": nil,
		"RS256-own":         {provider.WithKeys(ownRSA(b))},
		"ES256":             {provider.WithSigningAlg("ES256")},
		"EdDSA":             {provider.WithSigningAlg("EdDSA")},
	} {
		b.Run(name, func(b *testing.B) { measure(b, newProvider(b, options...), post("/token", machineForm())) })
	}
}

func BenchmarkPassword(b *testing.B) {
	form := url.Values{
		"grant_type": {"password"}, "client_id": {"demo"}, "client_secret": {"demo-secret"},
		"username": {"apitester"}, "password": {"apitester"}, "scope": {"write"},
	}
	measure(b, newProvider(b, provider.WithAccessTokenFormat("opaque")), post("/token", form))
}

// BenchmarkLogin is a whole login without a page, its two requests with an ID
// token and an access token by ES256, beside two requests answered by nothing much.
func BenchmarkLogin(b *testing.B) {
	p := newProvider(b, provider.WithLogin("auto"), provider.WithSigningAlg("ES256"))
	server := httptest.NewServer(p)
	b.Cleanup(server.Close)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Location", "http://localhost:3000/callback?code=x&iss=y")
		_, _ = w.Write(bytes.Repeat([]byte("x"), 1500))
	}))
	b.Cleanup(bare.Close)
	authorize := getRequest("/authorize?response_type=code&client_id=demo&redirect_uri=http://localhost:3000/callback&scope=openid&nonce=n")
	redeem := func(code string) string {
		return post("/token", url.Values{
			"grant_type": {"authorization_code"}, "client_id": {"demo"}, "client_secret": {"demo-secret"},
			"redirect_uri": {"http://localhost:3000/callback"}, "code": {code},
		})
	}
	for name, s := range map[string]*httptest.Server{"mockoauth": server, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			w := connect(b, s, "")
			b.ReportAllocs()
			for b.Loop() {
				w.request = []byte(authorize)
				back, err := url.Parse(w.answer(b).Header.Get("Location"))
				if err != nil {
					b.Fatal(err)
				}
				w.request = []byte(redeem(back.Query().Get("code")))
				w.ask(b)
			}
		})
	}
}

func BenchmarkDocuments(b *testing.B) {
	for name, path := range map[string]string{"jwks": "/jwks", "metadata": "/.well-known/openid-configuration"} {
		b.Run(name, func(b *testing.B) { measure(b, newProvider(b), getRequest(path)) })
	}
}

// BenchmarkRecord is an opaque token with the record on and off, without a server, so
// that their difference is not lost in it.
func BenchmarkRecord(b *testing.B) {
	for name, n := range map[string]int{"on": provider.DefaultRecorded, "off": 0} {
		b.Run(name, func(b *testing.B) {
			p := newProvider(b, provider.WithAccessTokenFormat("opaque"), provider.WithRecord(n))
			body := machineForm().Encode()
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader(body))
				r.Header.Set("Content-Type", formType)
				w := httptest.NewRecorder()
				if p.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

// BenchmarkLint is an opaque token with the reading of exchanges on and off, of a client
// that does all well, without a server, so that the difference is not lost in it.
func BenchmarkLint(b *testing.B) {
	for name, options := range map[string][]provider.Option{"on": nil, "off": {provider.WithoutLint()}} {
		b.Run(name, func(b *testing.B) {
			p := newProvider(b, append(options, provider.WithAccessTokenFormat("opaque"))...)
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader("grant_type=client_credentials&scope=read"))
				r.Header = http.Header{"Content-Type": {formType}, "Accept": {"application/json"}, "User-Agent": {"bench/1.0"}}
				r.SetBasicAuth("demo", "demo-secret")
				w := httptest.NewRecorder()
				if p.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

// BenchmarkTenant makes a tenant, has it grant a token or none, and tells what one keeps.
func BenchmarkTenant(b *testing.B) {
	for name, used := range map[string]bool{"idle": false, "used": true} {
		b.Run(name, func(b *testing.B) {
			const tenants = 10_000
			var kept uint64
			for b.Loop() {
				p := newProvider(b)
				p.Tenant("first") // what all have in common is made with it
				before := heap()
				for i := range tenants {
					t := p.Tenant("t" + strconv.Itoa(i))
					if !used {
						continue
					}
					r := httptest.NewRequest(http.MethodPost, t.URL("token"), strings.NewReader(machineForm().Encode()))
					r.Header.Set("Content-Type", formType)
					w := httptest.NewRecorder()
					if p.ServeHTTP(w, r); w.Code != http.StatusOK {
						b.Fatal(w.Body)
					}
				}
				kept = heap() - before
				runtime.KeepAlive(p)
			}
			b.ReportMetric(float64(kept)/tenants, "B/tenant")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tenants, "ns/tenant")
		})
	}
}

// heap is what is alive.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what the pools of the first have let go
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
