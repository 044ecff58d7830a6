package keys_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

// problem is an input and what the error must say about it.
type problem struct {
	input, alg string
	says       string
}

func expectProblems(t *testing.T, table map[string]problem) {
	t.Helper()
	for name, c := range table {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, err := keys.Parse([]byte(c.input), c.alg)
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
			g.Expect(r).To(BeNil())
			g.Expect(err.Error()).NotTo(ContainSubstring("\n"), "one problem is one line")
		})
	}
}

func TestParseProblemsOfAnyInput(t *testing.T) {
	m := newMaterial(t)
	expectProblems(t, map[string]problem{
		"empty":                {"", "", "the keys are empty: write a JWKS"},
		"blank":                {" \n\t", "", "the keys are empty"},
		"garbage":              {"hello", "", "neither JSON nor PEM"},
		"DER":                  {string(x509.MarshalPKCS1PrivateKey(m.rsa)), "", "openssl pkey -inform DER"},
		"unknown algorithm":    {m.pkcs8(m.ed), "HS256", `signing algorithm "HS256" is unknown: write one of RS256,`},
		"no key for algorithm": {m.pkcs8(m.rsa), "ES256", "signing algorithm ES256: no key for it, the keys are for RS256, RS384, RS512, PS256, PS384, PS512: write one of these, or add a P-256 key"},
		"alg restricts key":    {m.jwk(m.rsa, edit{"alg": "RS256"}), "PS256", "signing algorithm PS256: no key for it, the keys are for RS256: write one of these, or add an RSA key"},
	})
}

func TestParseProblemsOfPEM(t *testing.T) {
	m := newMaterial(t)
	whole := m.pkcs8(m.p256)
	agreement, err := ecdh.X25519().GenerateKey(rand.Reader)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	legacy := strings.Replace(m.sec1(m.p256), "-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1)
	expectProblems(t, map[string]problem{
		"public key":        {m.public(m.rsa.Public()), "", "PEM block 1 (PUBLIC KEY): a public key cannot sign: write the private one"},
		"certificate":       {block("CERTIFICATE", []byte("x")), "", "PEM block 1 (CERTIFICATE): a certificate cannot sign"},
		"key, certificate":  {whole + block("CERTIFICATE", []byte("x")), "", "PEM block 2 (CERTIFICATE): a certificate cannot sign"},
		"encrypted":         {block("ENCRYPTED PRIVATE KEY", []byte("x")), "", "the key is encrypted: write it without password"},
		"encrypted, legacy": {legacy, "", "the key is encrypted"},
		"OpenSSH":           {block("OPENSSH PRIVATE KEY", []byte("x")), "", "ssh-keygen -p -m PKCS8"},
		"something else":    {block("PGP MESSAGE", []byte("x")), "", "(PGP MESSAGE): not a private key"},
		"only parameters":   {block("EC PARAMETERS", []byte("x")), "", "the PEM has no private key"},
		"broken DER":        {block("PRIVATE KEY", []byte("x")), "", "write a PKCS#8, PKCS#1 or SEC 1 key"},
		"cut short":         {whole[:len(whole)-30], "", "PEM block 1: its base64 or END line is broken"},
		"second cut short":  {whole + whole[:len(whole)-30], "", "PEM block 2: its base64 or END line is broken"},
		"twice":             {whole + whole, "", "PEM block 2 (PRIVATE KEY): kid "},
		"short RSA":         {m.pkcs8(newRSA(t, 1024)), "", "an RSA key of 1024 bits is too short: write one of 2048 or more (RFC 7518 §3.3)"},
		"P-224":             {m.pkcs8(m.p224), "", "no signing algorithm uses this type or curve"},
		"X25519":            {m.pkcs8(agreement), "", "a key for key agreement cannot sign"},
	})
}

func TestParseProblemsOfJWK(t *testing.T) {
	m := newMaterial(t)
	other := m.jwk(m.p256, nil)
	expectProblems(t, map[string]problem{
		"broken JSON":      {`{"kty":`, "", "the keys are not valid JSON"},
		"empty object":     {`{}`, "", `the JWK: kty "" is unknown`},
		"no keys":          {`{"keys":[]}`, "", `the JWKS has no keys: write at least one private JWK into "keys"`},
		"keys of strings":  {`{"keys":["a"]}`, "", "keys[0]: not a JWK"},
		"symmetric":        {jwks(other, `{"kty":"oct","k":"AAAA"}`), "", `keys[1]: a symmetric key (kty "oct") cannot be published`},
		"unknown kty":      {`{"kty":"XYZ","d":"AA"}`, "", `kty "XYZ" is unknown: write RSA, EC or OKP`},
		"unknown EC curve": {m.jwk(m.p256, edit{"crv": "secp256k1"}), "", `crv "secp256k1" is unknown for EC: write P-256, P-384 or P-521`},
		"unknown OKP":      {m.jwk(m.ed, edit{"crv": "Ed448"}), "", `crv "Ed448" is unknown for OKP: write Ed25519`},
		"public RSA":       {m.jwk(m.rsa.Public(), edit{"kid": "a"}), "", `the JWK (kid "a"): a public key cannot sign: write the private one, with "d"`},
		"public EC":        {m.jwk(m.p256.Public(), nil), "", "a public key cannot sign"},
		"public Ed25519":   {m.jwk(m.ed.Public(), nil), "", "a public key cannot sign"},
		"use":              {m.jwk(m.rsa, edit{"use": "enc"}), "", `use is "enc": write "sig", or leave it out`},
		"key_ops":          {m.jwk(m.rsa, edit{"key_ops": []string{"verify"}}), "", `key_ops is ["verify"]: write ["sign"], or leave it out`},
		"alg of EC on RSA": {m.jwk(m.rsa, edit{"alg": "ES256"}), "", `alg "ES256" does not fit an RSA key: write RS256, RS384`},
		"alg of a curve":   {m.jwk(m.p256, edit{"alg": "ES384"}), "", `alg "ES384" does not fit a P-256 key: write ES256, or leave alg out`},
		"unknown alg":      {m.jwk(m.ed, edit{"alg": "Ed25519"}), "", `alg "Ed25519" does not fit an Ed25519 key: write EdDSA`},
		"short RSA":        {m.jwk(newRSA(t, 1024), nil), "", "an RSA key of 1024 bits is too short"},
		"duplicate kid":    {jwks(m.jwk(m.rsa, edit{"kid": "a"}), m.jwk(m.ed, edit{"kid": "a"})), "", `keys[1] (kid "a"): kid "a" is that of keys[0] (kid "a") too`},
		"percent in kid":   {m.jwk(m.rsa, edit{"kid": "%d", "alg": "x"}), "", `the JWK (kid "%d"): alg "x"`},
		"newline in kid":   {m.jwk(m.rsa, edit{"kid": "a\nb", "alg": "x"}), "", `the JWK (kid "a\nb"): alg "x"`},
		"no p and q":       {m.jwk(m.rsa, edit{"p": nil, "q": nil}), "", "missing P value(s): write the complete private JWK"},
		"three primes":     {m.jwk(m.rsa, edit{"oth": []any{}}), "", `more than two primes ("oth") are not supported`},
		"foreign p":        {m.jwk(m.rsa, edit{"p": "AQAB"}), "", "the JWK: "},
		"foreign d, EC":    {m.jwk(m.p256, edit{"d": strings.Repeat("A", 42) + "E"}), "", "x and y are not those of d"},
		"zero d, EC":       {m.jwk(m.p256, edit{"d": strings.Repeat("A", 43)}), "", "the JWK: "},
		"foreign d, OKP":   {m.jwk(m.ed, edit{"d": strings.Repeat("A", 43)}), "", "x is not that of d"},
		"short d, OKP":     {m.jwk(m.ed, edit{"d": "AAAA"}), "", "x is not that of d"},
	})
}

func TestParseSaysEverythingAtOnce(t *testing.T) {
	g := NewWithT(t)
	m := newMaterial(t)
	input := jwks(
		m.jwk(m.rsa.Public(), edit{"use": "enc"}),
		`{"kty":"oct","k":"AAAA"}`,
		m.jwk(m.ed, nil),
		m.jwk(m.p256, edit{"alg": "RS256"}),
	)
	_, err := keys.Parse([]byte(input), "HS256")
	g.Expect(err).To(HaveOccurred())
	g.Expect(strings.Split(err.Error(), "\n")).To(HaveExactElements(
		HavePrefix("keys[0]: a public key"),
		HavePrefix("keys[0]: use"),
		HavePrefix("keys[1]: a symmetric key"),
		HavePrefix("keys[3]: alg"),
		HavePrefix(`signing algorithm "HS256" is unknown`),
	))
}

func TestParseDoesNotComplainOfAnAlgorithmWhoseKeyIsBroken(t *testing.T) {
	g := NewWithT(t)
	m := newMaterial(t)
	_, err := keys.Parse([]byte(jwks(m.jwk(m.ed, nil), m.jwk(m.p256, edit{"use": "enc"}))), "ES256")
	g.Expect(err).To(MatchError(HavePrefix("keys[1]: use")))
	g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
}
