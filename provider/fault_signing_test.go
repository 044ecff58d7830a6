package provider_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// jwk is an RSA key as it is published.
type jwk struct{ Kid, N, E string }

func (k jwk) public(t *testing.T) *rsa.PublicKey {
	t.Helper()
	n, errN := base64.RawURLEncoding.DecodeString(k.N)
	e, errE := base64.RawURLEncoding.DecodeString(k.E)
	NewWithT(t).Expect([]error{errN, errE}).To(Equal([]error{nil, nil}))
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}

// forged is an access token made under a fault, in its parts, with its header.
func forged(t *testing.T, p *provider.Provider, f fault.Fault) (input string, signature []byte, header struct {
	Alg, Kid string
	JWK      jwk
}) {
	t.Helper()
	g := NewWithT(t)
	p.Inject(f.Once())
	token := postForm(t, p.URL("token"), demo("grant_type", "client_credentials")).text(t, "access_token")
	parts := strings.Split(token, ".")
	g.Expect(parts).To(HaveLen(3))
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(json.Unmarshal(raw, &header)).To(Succeed())
	signature, err = base64.RawURLEncoding.DecodeString(parts[2])
	g.Expect(err).NotTo(HaveOccurred())
	return parts[0] + "." + parts[1], signature, header
}

// What an attacker would send is what the faults send: the signatures are good by
// the key that the attack has the client use (RFC 8725 §2.1, §3.10).
func TestForgedTokensVerifyByTheWrongKey(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	var published struct{ Keys []jwk }
	set := send(t, request(t, http.MethodGet, p.URL("jwks"), ""))
	g.Expect(json.Unmarshal([]byte(set.body), &published)).To(Succeed())

	input, signature, header := forged(t, p, fault.EmbeddedKeyHeader)
	digest := sha256.Sum256([]byte(input))
	g.Expect(rsa.VerifyPKCS1v15(header.JWK.public(t), crypto.SHA256, digest[:], signature)).To(Succeed())
	for _, key := range published.Keys {
		g.Expect(key.N).NotTo(Equal(header.JWK.N), "the embedded key is not published")
	}

	input, signature, header = forged(t, p, fault.HMACWithPublicKey)
	g.Expect(header.Alg).To(Equal("HS256"))
	for _, key := range published.Keys {
		if key.Kid != header.Kid {
			continue
		}
		der, err := x509.MarshalPKIXPublicKey(key.public(t))
		g.Expect(err).NotTo(HaveOccurred())
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write([]byte(input))
		g.Expect(signature).To(Equal(mac.Sum(nil)))
		return
	}
	t.Errorf("no published key is called %q", header.Kid)
}
