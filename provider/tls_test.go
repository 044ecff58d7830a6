package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// trusting is a client of an authority, by one version of HTTP.
func trusting(t *testing.T, pool *x509.CertPool, http2 bool) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: http2}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// In a test, one word makes it https, with a client that trusts it.
func TestStartWithTLS(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithTLS())
	g.Expect(p.Issuer()).To(HavePrefix("https://127.0.0.1:"))
	g.Expect(p.Address()).To(Equal(p.Issuer()))
	response, err := p.HTTPClient().PostForm(p.URL("token"), demo("grant_type", "client_credentials"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.ProtoMajor).To(Equal(2))
	g.Expect(response.TLS.Version).To(BeNumerically(">=", tls.VersionTLS12))
	g.Expect(claimsOf(t, answer{body: read(t, response, err)}.text(t, "access_token"))["iss"]).To(Equal(p.Issuer()))

	response, err = trusting(t, p.CA(), false).Get(p.URL("jwks"))
	g.Expect(read(t, response, err)).To(ContainSubstring(`"keys"`))
	g.Expect(response.ProtoMajor).To(Equal(1))

	_, err = http.Get(p.URL("jwks"))
	g.Expect(err).To(MatchError(ContainSubstring("certificate")), "who does not know the authority does not trust it")
	g.Expect(p.HTTPClient()).To(BeIdenticalTo(p.HTTPClient()))
}

// Without TLS there is nothing to trust, and HTTPClient works all the same.
func TestStartWithoutTLS(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	g.Expect(p.CA()).To(BeNil())
	g.Expect(p.TLSConfig()).To(BeNil())
	response, err := p.HTTPClient().Get(p.URL("jwks"))
	g.Expect(read(t, response, err)).To(ContainSubstring(`"keys"`))
	g.Expect(get(t, p.Address()+"/_mock/ca.pem").status).To(Equal(http.StatusNotFound))
}

// The authority is served at the root and below the issuer, and vouches for the
// names that were asked for, now, whatever the provider's clock says.
func TestCertificate(t *testing.T) {
	t.Parallel()
	mine, err := os.Hostname()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for name, test := range map[string]struct {
		options []provider.Option
		paths   []string
		good    []string
		bad     []string
	}{
		"by default": {
			[]provider.Option{provider.WithTLS()}, []string{"/_mock/ca.pem"},
			[]string{"localhost", "127.0.0.1", "::1", mine}, []string{"idp", "127.0.0.2", "example.com"},
		},
		"with an issuer": {
			[]provider.Option{provider.WithTLS(), provider.WithIssuer("https://idp:9000/t1"), provider.WithBrowserURL("https://10.0.0.1:9000")}, []string{"/_mock/ca.pem", "/t1/_mock/ca.pem"},
			[]string{"localhost", "idp", "10.0.0.1"}, []string{"idp.example"},
		},
		"with names of one's own": {
			[]provider.Option{provider.WithTLS("IDP.example", "*.idp.example", "192.168.1.5", "fd00::5")}, []string{"/_mock/ca.pem"},
			[]string{"idp.example", "a.idp.example", "192.168.1.5", "fd00::5"}, []string{"localhost", "127.0.0.1", "a.b.idp.example"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p, err := provider.New(test.options...)
			g.Expect(err).NotTo(HaveOccurred())
			p.Clock().Advance(50 * 365 * 24 * time.Hour)
			var served string
			for _, path := range test.paths {
				a := ask(p, http.MethodGet, "https://localhost"+path, nil)
				g.Expect(a.status).To(Equal(http.StatusOK))
				g.Expect(a.header.Get("Content-Type")).To(Equal("application/pem-certificate-chain"))
				served = a.body
			}
			block, rest := pem.Decode([]byte(served))
			g.Expect(rest).To(BeEmpty())
			g.Expect(block.Type).To(Equal("CERTIFICATE"))
			ca, err := x509.ParseCertificate(block.Bytes)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(ca.IsCA).To(BeTrue())
			pool := x509.NewCertPool()
			g.Expect(pool.AppendCertsFromPEM([]byte(served))).To(BeTrue())
			g.Expect(pool.Equal(p.CA())).To(BeTrue())
			leaf := p.TLSConfig().Certificates[0].Leaf
			g.Expect(leaf.NotAfter.Sub(leaf.NotBefore)).To(BeNumerically("<=", 825*24*time.Hour), "longer ones are refused by Apple's systems")
			for _, host := range test.good {
				_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: pool})
				g.Expect(err).NotTo(HaveOccurred(), host)
			}
			for _, host := range test.bad {
				_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: pool})
				g.Expect(err).To(HaveOccurred(), host)
			}
			other, err := provider.New(test.options...)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(pool.Equal(other.CA())).To(BeFalse(), "each start has an authority of its own")
		})
	}
}

// listen runs a server until the test ends.
func listen(t *testing.T, options ...provider.Option) *provider.Server {
	t.Helper()
	server, err := provider.Listen("127.0.0.1:0", options...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		NewWithT(t).Expect(<-ended).NotTo(HaveOccurred())
	})
	return server
}

// Who speaks plain http to the port is told the URL to use, whatever they send.
func TestPlainHTTPAtTheTLSPort(t *testing.T) {
	t.Parallel()
	server := listen(t, provider.WithTLS())
	for name, address := range map[string]string{
		"listening": server.Addr().String(),
		"started":   strings.TrimPrefix(provider.Start(t, provider.WithTLS()).Issuer(), "https://"),
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			want := "This port speaks TLS: use https://" + address + " instead of http://" + address + "."
			for _, a := range []answer{
				get(t, "http://"+address+"/jwks"),
				postForm(t, "http://"+address+"/token", url.Values{"x": {strings.Repeat("y", 50_000)}}),
				send(t, request(t, "BREW", "http://"+address+"/", "")),
			} {
				g.Expect(a.status).To(Equal(http.StatusBadRequest))
				g.Expect(a.text(t, "error_description")).To(Equal(want))
			}
			for _, rubbish := range []string{"GET\r\n\r\n", "SSH-2.0-x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n", "\x00\x01\x02\x03\x04\x05", "G"} {
				conn, err := net.Dial("tcp", address)
				g.Expect(err).NotTo(HaveOccurred())
				_, err = conn.Write([]byte(rubbish))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(conn.(*net.TCPConn).CloseWrite()).To(Succeed())
				said, _ := io.ReadAll(conn)
				g.Expect(string(said)).NotTo(ContainSubstring("200 OK"))
				g.Expect(conn.Close()).To(Succeed())
			}
			pool := server.CA()
			if name == "listening" {
				response, err := trusting(t, pool, true).Get("https://" + address + "/jwks")
				g.Expect(read(t, response, err)).To(ContainSubstring("keys"), "the next client is served")
			}
		})
	}
}

// TLS older than 1.2 is refused (RFC 8996), and a server with idle connections of
// HTTP/2 stops at once.
func TestListenWithTLS(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(context.Background())
	server, err := provider.Listen("127.0.0.1:0", provider.WithTLS())
	g.Expect(err).NotTo(HaveOccurred())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	address := server.Addr().String()

	_, err = tls.Dial("tcp", address, &tls.Config{RootCAs: server.CA(), MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	g.Expect(err).To(MatchError(ContainSubstring("protocol version")))
	response, err := trusting(t, server.CA(), true).Get("https://" + address + "/.well-known/openid-configuration")
	g.Expect(answer{body: read(t, response, err)}.text(t, "issuer")).To(Equal("https://" + address))
	g.Expect(response.ProtoMajor).To(Equal(2))
	cancel()
	g.Eventually(ended).WithTimeout(700 * time.Millisecond).Should(Receive(BeNil()))
}

// The address that is listened at is a name for it, too.
func TestListenAddressIsInTheCertificate(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	server, err := provider.Listen("127.0.0.7:0", provider.WithTLS())
	if err != nil {
		t.Skip("this system has 127.0.0.1 alone")
	}
	g.Expect(server.TLSConfig().Certificates[0].Leaf.VerifyHostname("127.0.0.7")).To(Succeed())
	g.Expect(server.Close()).To(Succeed())
}

// ownCertificate is one that nobody else vouches for.
func ownCertificate(t *testing.T, host string) tls.Certificate {
	t.Helper()
	g := NewWithT(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	g.Expect(err).NotTo(HaveOccurred())
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestOwnCertificate(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithCertificate(ownCertificate(t, "idp.example")))
	response, err := p.HTTPClient().Get(p.URL("jwks"))
	g.Expect(read(t, response, err)).To(ContainSubstring("keys"))
	g.Expect(response.TLS.PeerCertificates[0].DNSNames).To(Equal([]string{"idp.example"}))
	response, err = p.HTTPClient().Get(p.Address() + "/_mock/ca.pem")
	g.Expect(read(t, response, err)).To(ContainSubstring("Not Found"), "there is no authority to serve")

	_, err = provider.New(provider.WithCertificate(tls.Certificate{}))
	g.Expect(err).To(MatchError(ContainSubstring("tls: the certificate is empty")))
	_, err = provider.New(provider.WithCertificate(ownCertificate(t, "x")), provider.WithTLS())
	g.Expect(err).To(MatchError(ContainSubstring("tls: a certificate cannot be both")))
}

// In a server of one's own the provider is a handler, and says how to speak TLS.
func TestTLSConfigForAServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := newProviderOf(t, provider.WithTLS())
	server := httptest.NewUnstartedServer(p)
	server.TLS = p.TLSConfig()
	server.StartTLS()
	t.Cleanup(server.Close)
	response, err := p.HTTPClient().Get(server.URL + "/.well-known/openid-configuration")
	g.Expect(answer{body: read(t, response, err)}.text(t, "issuer")).To(Equal(server.URL))
	p.HTTPClient().CloseIdleConnections()
}

// BenchmarkSelfSigned is what TLS adds to a start.
func BenchmarkSelfSigned(b *testing.B) {
	for name, options := range map[string][]provider.Option{"off": nil, "self-signed": {provider.WithTLS()}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := provider.New(options...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The certificate is for the hosts of the tenants, too, that there are from the start.
func TestCertificateIsForTenants(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p, err := provider.New(provider.WithTLS(), provider.WithTenants("red=red.example", "blue"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.TLSConfig().Certificates[0].Leaf.DNSNames).To(ContainElement("red.example"))
}
