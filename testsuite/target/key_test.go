package target_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// The key of RFC 7517 App. A.2's first example.
const jwk = `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",` +
	`"y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","kid":"1"}`

// A client's key is a JWK or in PEM, in a file or in the settings.
func TestClientKeys(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	public, edwards, err := ed25519.GenerateKey(rand.Reader)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	inPEM := func(kind string, der []byte, err error) string {
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	sec1, errSEC1 := x509.MarshalECPrivateKey(curve)
	pkcs8, errPKCS8 := x509.MarshalPKCS8PrivateKey(edwards)
	spki, errSPKI := x509.MarshalPKIXPublicKey(public)
	for name, c := range map[string]struct {
		variables []string // and the file's
		file      string
		id, alg   string
		wrong     string
	}{
		"a JWK":             {nil, jwk, "1", "", ""},
		"with another kid":  {[]string{"CLIENTS_SIGNER_KID=two", "CLIENTS_SIGNER_ALG=ES256"}, jwk, "two", "ES256", ""},
		"EC in PEM":         {nil, inPEM("EC PRIVATE KEY", sec1, errSEC1), "", "", ""},
		"PKCS #8 in PEM":    {[]string{"CLIENTS_SIGNER_ALG=EdDSA"}, inPEM("PRIVATE KEY", pkcs8, errPKCS8), "", "EdDSA", ""},
		"a public one":      {nil, inPEM("PUBLIC KEY", spki, errSPKI), "", "", `KEY_FILE: the file "FILE" has a PEM block "PUBLIC KEY", which is no private key that can be read`},
		"a secret":          {nil, `{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}`, "", "", `KEY_FILE: the file "FILE" is no private key: the client signs with it`},
		"garbage":           {nil, "secret", "", "", `KEY_FILE: the file "FILE" is no key, neither a JWK nor in PEM: .*`},
		"an alg that is no": {[]string{"CLIENTS_SIGNER_ALG=RS256"}, jwk, "", "", `ALG: unknown algorithm of this key "RS256".*`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			file := write(t, "key", c.file)
			s, err := target.Load(environ(append(c.variables, "ISSUER=https://idp.example", "CLIENTS_SIGNER_ID=s", "CLIENTS_SIGNER_KEY_FILE="+file)...))
			if c.wrong != "" {
				g.Expect(err).To(MatchError(MatchRegexp("^MOCKOAUTH_CONFORMANCE_CLIENTS_SIGNER_" + replaced(c.wrong, "FILE\"", file+"\"") + "$")))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			aim, err := s.Target()
			g.Expect(err).NotTo(HaveOccurred())
			known := aim.Clients[check.Signer]
			g.Expect(known.Key).NotTo(BeNil())
			g.Expect([]string{known.KeyID, known.Alg}).To(Equal([]string{c.id, c.alg}))
		})
	}
}

// A key in the target file itself, and what goes wrong with keys there.
func TestClientKeysInFile(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	file := write(t, "target.yaml", "issuer: https://idp.example\nclients: {exchanger: {id: e, jwk: "+jwk+", issuer: https://sts.example, subject: alice}}")
	s, err := target.Load(environ("TARGET_FILE=" + file))
	g.Expect(err).NotTo(HaveOccurred())
	aim, err := s.Target()
	g.Expect(err).NotTo(HaveOccurred())
	known := aim.Clients[check.Exchanger]
	g.Expect([]string{known.KeyID, known.Issuer, known.Subject}).To(Equal([]string{"1", "https://sts.example", "alice"}))
	g.Expect(known.Key).NotTo(BeNil())

	file = write(t, "target.yaml", "issuer: https://idp.example\nclients:\n  signer: {id: s}\n  main: {id: m, auth_method: private_key_jwt}\n"+
		"  other: {id: o, secret: s, alg: RS256}\n  exchanger: {id: e, key_file: /nowhere/key, jwk: {kty: EC}}\n  other-signer: {id: p, jwk: {kty: EC}}\n")
	_, err = target.Load(environ("TARGET_FILE=" + file))
	golden(t, "keys.txt", replaced(err.Error(), file+":", "target.yaml:")+"\n")
}
