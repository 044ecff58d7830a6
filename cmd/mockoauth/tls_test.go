package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// write makes a file of a test's.
func write(t *testing.T, name string, blocks ...*pem.Block) string {
	t.Helper()
	var text bytes.Buffer
	for _, b := range blocks {
		NewWithT(t).Expect(pem.Encode(&text, b)).To(Succeed())
	}
	file := filepath.Join(t.TempDir(), name)
	NewWithT(t).Expect(os.WriteFile(file, text.Bytes(), 0o600)).To(Succeed())
	return file
}

// pair makes a certificate for localhost and its key, as PEM blocks.
func pair(t *testing.T) (certificate, key *pem.Block) {
	t.Helper()
	g := NewWithT(t)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	g.Expect(err).NotTo(HaveOccurred())
	der, err := x509.MarshalPKCS8PrivateKey(private)
	g.Expect(err).NotTo(HaveOccurred())
	return &pem.Block{Type: "CERTIFICATE", Bytes: signed}, &pem.Block{Type: "PRIVATE KEY", Bytes: der}
}

// askTLS gets a URL, trusting whom pool has; nobody is asked to prove it without one.
func askTLS(t *testing.T, pool *x509.CertPool, address string) (*http.Response, string) {
	t.Helper()
	g := NewWithT(t)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, InsecureSkipVerify: pool == nil}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(address)
	g.Expect(err).NotTo(HaveOccurred())
	body, err := io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(response.Body.Close()).To(Succeed())
	return response, string(body)
}

func bannerOf(t *testing.T, s serving) banner {
	t.Helper()
	var b banner
	NewWithT(t).Expect(json.Unmarshal([]byte(s.out.String()), &b)).To(Succeed())
	return b
}

// portOf is the listen address of one that serves.
func portOf(url string) string { return "127.0.0.1" + url[strings.LastIndex(url, ":"):] }

// The banner says how to trust the certificate that was made, and it works.
func TestServeSelfSigned(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t, "MOCKOAUTH_TLS=self-signed", "MOCKOAUTH_TLS_HOSTS=localhost, 10.0.0.1")
	b := bannerOf(t, s)
	g.Expect(b.URL).To(HavePrefix("https://localhost:"))
	g.Expect(b.CA).To(Equal(b.URL + "/_mock/ca.pem"))
	g.Expect(b.Try).To(HaveLen(3))
	g.Expect(b.Try[0]).To(Equal("curl -ks -o ca.pem " + b.CA))
	g.Expect(b.Try[1]).To(MatchRegexp(`^curl --cacert ca\.pem -d "client_id=.* https://localhost:\d+/token$`))
	var text bytes.Buffer
	g.Expect(b.write(&text)).To(Succeed())
	g.Expect(text.String()).To(ContainSubstring("CA        " + b.CA))

	_, ca := askTLS(t, nil, b.CA)
	pool := x509.NewCertPool()
	g.Expect(pool.AppendCertsFromPEM([]byte(ca))).To(BeTrue())
	response, metadata := askTLS(t, pool, b.Metadata)
	g.Expect(response.ProtoMajor).To(Equal(2))
	g.Expect(metadata).To(ContainSubstring(`"issuer":"` + b.URL + `"`))

	environ := []string{"MOCKOAUTH_TLS=self-signed", "MOCKOAUTH_ADDR=" + portOf(s.url)}
	g.Expect(runs(t, environ, "healthcheck")).To(Equal(result{exitOK, "healthy\n", ""}))
	g.Expect(runs(t, nil, "healthcheck", "--url", b.URL+"/healthz").code).To(Equal(exitOK), "this machine needs no proof")
	wrong := runs(t, []string{"MOCKOAUTH_ADDR=" + portOf(s.url)}, "healthcheck")
	g.Expect(wrong.code).To(Equal(exitFailed))
	g.Expect(wrong.errs).To(ContainSubstring("400"), "plain http to the port of TLS")
	g.Expect(s.stop()).To(Equal(exitOK))
}

func TestServeOwnCertificate(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	certificate, key := pair(t)
	s := serve(t, "MOCKOAUTH_TLS_CERT_FILE="+write(t, "cert.pem", certificate), "MOCKOAUTH_TLS_KEY_FILE="+write(t, "key.pem", key))
	b := bannerOf(t, s)
	g.Expect(b.URL).To(HavePrefix("https://"))
	g.Expect(b.CA).To(BeEmpty())
	g.Expect(b.Try[0]).To(HavePrefix("curl -k -d "))
	pool := x509.NewCertPool()
	g.Expect(pool.AppendCertsFromPEM(pem.EncodeToMemory(certificate))).To(BeTrue())
	_, metadata := askTLS(t, pool, b.Metadata)
	g.Expect(metadata).To(ContainSubstring(b.URL))
	response, _ := askTLS(t, pool, b.URL+"/_mock/ca.pem")
	g.Expect(response.StatusCode).To(Equal(http.StatusNotFound))
}

// What is wrong with the names and with TLS is told with the variable's name.
func TestWrongTLSIsTold(t *testing.T) {
	t.Parallel()
	certificate, key := pair(t)
	_, otherKey := pair(t)
	certFile, keyFile, otherFile := write(t, "cert.pem", certificate), write(t, "key.pem", key), write(t, "other.pem", otherKey)
	broken := write(t, "broken.pem", &pem.Block{Type: "CERTIFICATE", Bytes: []byte("no certificate")})
	for name, test := range map[string]struct {
		environ []string
		says    []string
	}{
		"an unknown value":              {[]string{"MOCKOAUTH_TLS=on"}, []string{`MOCKOAUTH_TLS: "on" is neither off nor self-signed; a certificate of your own goes into MOCKOAUTH_TLS_CERT_FILE`}},
		"a certificate without key":     {[]string{"MOCKOAUTH_TLS_CERT_FILE=" + certFile}, []string{"MOCKOAUTH_TLS_KEY_FILE: it is missing"}},
		"a key without certificate":     {[]string{"MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"MOCKOAUTH_TLS_CERT_FILE: it is missing"}},
		"files that are not there":      {[]string{"MOCKOAUTH_TLS_CERT_FILE=/no/cert", "MOCKOAUTH_TLS_KEY_FILE=/no/key"}, []string{"2 things are wrong", "MOCKOAUTH_TLS_CERT_FILE: open /no/cert: no such file", "MOCKOAUTH_TLS_KEY_FILE: open /no/key: no such file"}},
		"a key in the certificate's":    {[]string{"MOCKOAUTH_TLS_CERT_FILE=" + keyFile, "MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"MOCKOAUTH_TLS_CERT_FILE: " + keyFile + ": there is no certificate in it"}},
		"a broken certificate":          {[]string{"MOCKOAUTH_TLS_CERT_FILE=" + broken, "MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"MOCKOAUTH_TLS_CERT_FILE: " + broken + ": x509: "}},
		"another certificate's key":     {[]string{"MOCKOAUTH_TLS_CERT_FILE=" + certFile, "MOCKOAUTH_TLS_KEY_FILE=" + otherFile}, []string{"MOCKOAUTH_TLS_KEY_FILE: " + otherFile + ": tls: private key does not match public key"}},
		"no key in the key's file":      {[]string{"MOCKOAUTH_TLS_CERT_FILE=" + certFile, "MOCKOAUTH_TLS_KEY_FILE=" + certFile}, []string{"MOCKOAUTH_TLS_KEY_FILE: " + certFile + ": tls: "}},
		"self-signed and files":         {[]string{"MOCKOAUTH_TLS=self-signed", "MOCKOAUTH_TLS_CERT_FILE=" + certFile, "MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"one thing is wrong", "MOCKOAUTH_TLS: self-signed cannot go together with MOCKOAUTH_TLS_CERT_FILE"}},
		"off and files":                 {[]string{"MOCKOAUTH_TLS=off", "MOCKOAUTH_TLS_CERT_FILE=" + certFile, "MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"one thing is wrong", "MOCKOAUTH_TLS: off cannot go together"}},
		"names for nothing":             {[]string{"MOCKOAUTH_TLS_HOSTS=idp"}, []string{"MOCKOAUTH_TLS_HOSTS: it is for a certificate made at the start; set MOCKOAUTH_TLS=self-signed, too"}},
		"names that are none":           {[]string{"MOCKOAUTH_TLS=self-signed", "MOCKOAUTH_TLS_HOSTS=localhost,idp:9000"}, []string{`MOCKOAUTH_TLS_HOSTS: "idp:9000" is neither a name nor an address`}},
		"an issuer of plain http":       {[]string{"MOCKOAUTH_TLS=self-signed", "MOCKOAUTH_ISSUER=http://idp:9000"}, []string{`MOCKOAUTH_ISSUER: "http://idp:9000" is not https, but the port speaks TLS`}},
		"the same with files":           {[]string{"MOCKOAUTH_ISSUER=http://idp:9000", "MOCKOAUTH_TLS_CERT_FILE=" + certFile, "MOCKOAUTH_TLS_KEY_FILE=" + keyFile}, []string{"MOCKOAUTH_ISSUER: "}},
		"a browser's URL by itself":     {[]string{"MOCKOAUTH_BROWSER_URL=http://localhost:9000"}, []string{"MOCKOAUTH_BROWSER_URL: it needs an issuer"}},
		"a browser's URL that is none":  {[]string{"MOCKOAUTH_ISSUER=http://idp", "MOCKOAUTH_BROWSER_URL=localhost"}, []string{`MOCKOAUTH_BROWSER_URL: "localhost" is no http or https URL`}},
		"a proxy that is maybe trusted": {[]string{"MOCKOAUTH_TRUST_PROXY=maybe"}, []string{`MOCKOAUTH_TRUST_PROXY: "maybe" is not true or false`}},
		"origins that are none":         {[]string{"MOCKOAUTH_CORS_ORIGINS=none,https://app.example/"}, []string{"2 things are wrong", `MOCKOAUTH_CORS_ORIGINS: "none" is no origin`, `"https://app.example/" is not how browsers write`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r := runs(t, append(test.environ, "MOCKOAUTH_ADDR=127.0.0.1:0"))
			g.Expect(r.code).To(Equal(exitUsage), r.errs)
			g.Expect(r.out).To(BeEmpty())
			for _, line := range test.says {
				g.Expect(r.errs).To(ContainSubstring(line))
			}
		})
	}
}

// With two names, whoever reads the banner is told theirs; the issuer is the other.
func TestServeWithTwoNames(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	b := bannerOf(t, serve(t, "MOCKOAUTH_ISSUER=http://idp:9000", "MOCKOAUTH_BROWSER_URL=http://localhost:9000/"))
	g.Expect(b.Issuer).To(Equal("http://idp:9000"))
	g.Expect(b.Browser).To(Equal("http://localhost:9000"))
	g.Expect(b.Metadata).To(Equal("http://localhost:9000/.well-known/openid-configuration"))
	g.Expect(b.Try[0]).To(HaveSuffix(" http://localhost:9000/token"))
	var text bytes.Buffer
	g.Expect(b.write(&text)).To(Succeed())
	g.Expect(text.String()).To(MatchRegexp(`(?m)^issuer +http://idp:9000\nbrowsers +http://localhost:9000$`))

	b = bannerOf(t, serve(t, "MOCKOAUTH_ISSUER=http://idp:9000/", "MOCKOAUTH_BROWSER_URL=http://localhost:9000/sso"))
	g.Expect(b.Try[0]).To(HaveSuffix(" http://idp:9000/token"), "below the browser's path there is no token endpoint")
}

// The variables for proxies and pages reach the provider.
func TestServeBehindAProxyForPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environ         []string
		issuer, allowed string
	}{
		{[]string{"MOCKOAUTH_TRUST_PROXY=true"}, "https://idp.example/auth", "*"},
		{[]string{"MOCKOAUTH_TRUST_PROXY=false", "MOCKOAUTH_CORS_ORIGINS=none"}, "", ""},
		{[]string{"MOCKOAUTH_CORS_ORIGINS=http://localhost:3000, https://app.example"}, "", "https://app.example"},
	} {
		g := NewWithT(t)
		s := serve(t, test.environ...)
		r, err := http.NewRequest(http.MethodGet, s.url+"/.well-known/openid-configuration", nil)
		g.Expect(err).NotTo(HaveOccurred())
		for name, value := range map[string]string{"Origin": "https://app.example", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "idp.example", "X-Forwarded-Prefix": "/auth"} {
			r.Header.Set(name, value)
		}
		response, err := http.DefaultClient.Do(r)
		g.Expect(err).NotTo(HaveOccurred())
		var metadata struct{ Issuer string }
		g.Expect(json.NewDecoder(response.Body).Decode(&metadata)).To(Succeed())
		g.Expect(response.Body.Close()).To(Succeed())
		if test.issuer == "" {
			test.issuer = s.url
		}
		g.Expect(metadata.Issuer).To(Equal(test.issuer))
		g.Expect(response.Header.Get("Access-Control-Allow-Origin")).To(Equal(test.allowed))
	}
}
