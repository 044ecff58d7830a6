package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// How long the certificates made at the start are good for. Those of servers may
// not be so for more than 825 days, or Apple's systems refuse them.
const (
	caDays     = 3650
	serverDays = 365
)

// transport is how a provider speaks TLS; the zero transport does not.
type transport struct {
	config *tls.Config
	anchor *x509.Certificate // what a client must trust
	ca     []byte            // the same in PEM, when it was made at the start
}

// TLSConfig is what a server of yours needs to speak TLS as [WithTLS] or
// [WithCertificate] has it; nil without them. [Start] and [Listen] need no such help.
func (p *Provider) TLSConfig() *tls.Config {
	if p.shared.transport.config == nil {
		return nil
	}
	return p.shared.transport.config.Clone()
}

// CA is whom a client must trust to reach the provider by TLS; nil without TLS.
func (p *Provider) CA() *x509.CertPool { return p.shared.transport.pool() }

// pool is whom a client must trust; nil without TLS.
func (t transport) pool() *x509.CertPool {
	if t.anchor == nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(t.anchor)
	return pool
}

// HTTPClient is a client that trusts the provider, and nobody else when it speaks
// TLS. It does not follow the environment's proxy.
func (p *Provider) HTTPClient() *http.Client { return p.shared.httpClient() }

// newHTTPClient is what HTTPClient answers, made when first asked for.
func (b *blueprint) newHTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: b.transport.pool(), MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		IdleConnTimeout: idleTimeout,
	}}
}

func (s *settings) servesTLS() bool { return s.selfSigned || s.certificate != nil }

// parseTLS makes or checks the certificate.
func (s *settings) parseTLS(random io.Reader, wrong *Problems) transport {
	switch {
	case s.selfSigned && s.certificate != nil:
		wrong.add("tls", "a certificate cannot be both your own and made at the start")
	case s.certificate != nil:
		return s.ownTransport(wrong)
	case s.selfSigned:
		hosts := s.hosts(wrong)
		if len(*wrong) > 0 { // it will not start anyway
			break
		}
		t, err := selfSigned(random, time.Now(), hosts)
		if err != nil {
			wrong.add("tls", "no certificate can be made: %v", err)
		}
		return t
	}
	return transport{}
}

func (s *settings) ownTransport(wrong *Problems) transport {
	chain := s.certificate.Certificate
	if len(chain) == 0 || s.certificate.PrivateKey == nil {
		wrong.add("tls", "the certificate is empty or has no private key")
		return transport{}
	}
	anchor, err := x509.ParseCertificate(chain[len(chain)-1])
	if err != nil {
		wrong.add("tls", "%v", err)
	}
	return transport{config: tlsConfig(*s.certificate), anchor: anchor}
}

func tlsConfig(certificate tls.Certificate) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
	}
}

// hosts are the names and addresses that the certificate is for: those asked for,
// else all by which the provider is likely to be reached.
func (s *settings) hosts(wrong *Problems) []string {
	for _, host := range s.tlsHosts {
		name := strings.TrimPrefix(host, "*.")
		if _, port, ok := splitHost(name); net.ParseIP(host) == nil && (!ok || port != "" || strings.HasPrefix(name, "[")) {
			wrong.add("tls_hosts", "%q is neither a name nor an address; write it without port, like idp or 192.168.1.5, and names beyond ASCII in Punycode", host)
		}
	}
	if len(s.tlsHosts) > 0 {
		return s.tlsHosts
	}
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	mine, _ := os.Hostname() // it can be done without
	likely := []string{mine, s.listenHost, hostIn(s.issuer), hostIn(s.browserURL)}
	for _, tenant := range s.tenants {
		_, host, _ := strings.Cut(tenant, "=")
		likely = append(likely, host)
	}
	for _, host := range likely {
		ip := net.ParseIP(host)
		_, _, isName := splitHost(host)
		if (isName || ip != nil && !ip.IsUnspecified()) && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// hostIn is the host of a URL, without its port.
func hostIn(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Hostname()
	}
	return ""
}

// selfSigned makes an authority and a certificate that it signs for hosts. The
// authority's key is gone afterwards: a developer who trusts it trusts nothing
// but this one certificate. All is derived from random, so that it repeats with it,
// the certificates within a day.
//
// now is the real present, not the provider's clock, because that is by what TLS
// clients judge; moving the clock must not end the connections.
func selfSigned(random io.Reader, now time.Time, hosts []string) (transport, error) {
	caKey, err := readKey(random)
	if err != nil {
		return transport{}, err
	}
	key, err := readKey(random)
	if err != nil {
		return transport{}, err
	}
	from := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -1) // clocks differ
	ca := &x509.Certificate{
		Subject: subject("CA of this start " + keyName(caKey)), NotBefore: from, NotAfter: from.AddDate(0, 0, caDays),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	if ca, err = sign(ca, ca, caKey, caKey); err != nil {
		return transport{}, err
	}
	leaf := &x509.Certificate{
		Subject: subject("server"), NotBefore: from, NotAfter: from.AddDate(0, 0, serverDays),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, strings.TrimSuffix(strings.ToLower(host), "."))
		}
	}
	if leaf, err = sign(leaf, ca, key, caKey); err != nil {
		return transport{}, err
	}
	return transport{
		config: tlsConfig(tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}),
		anchor: ca, ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}),
	}, nil
}

func subject(name string) pkix.Name {
	return pkix.Name{Organization: []string{"mockoauth, not for production"}, CommonName: name}
}

// keyName tells one start's authority from another's, in a list of them.
func keyName(key *ecdsa.PrivateKey) string {
	public, _ := key.PublicKey.Bytes() // it is of P-256, so it can be encoded
	sum := sha256.Sum256(public)
	return fmt.Sprintf("%x", sum[:4])
}

// readKey reads a key: ecdsa.GenerateKey takes no advice on where chance comes from.
func readKey(random io.Reader) (*ecdsa.PrivateKey, error) {
	for {
		scalar := make([]byte, 32)
		if _, err := io.ReadFull(random, scalar); err != nil {
			return nil, err
		}
		// One that is not below the order is refused, once in 2^32.
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar); err == nil {
			return key, nil
		}
	}
}

// sign makes a certificate for key by a parent's. Its serial number comes from
// what it says, and its signature from no chance (RFC 6979), so both repeat.
func sign(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (*x509.Certificate, error) {
	about := sha256.New()
	fmt.Fprintln(about, keyName(key), template.Subject, template.NotBefore, template.DNSNames, template.IPAddresses)
	template.SerialNumber = new(big.Int).SetBytes(about.Sum(nil)[:16])
	der, err := x509.CreateCertificate(nil, template, parent, &key.PublicKey, by)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
