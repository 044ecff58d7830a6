package keys_test

import (
	"crypto/rsa"
	"crypto/x509"
	"os/exec"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

var rsaAlgs = keys.Algs()[:6]

func TestParseReadsWhatUsersHave(t *testing.T) {
	m := newMaterial(t)
	pkcs1 := block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(m.rsa))
	for name, c := range map[string]struct {
		input, wanted string
		algs          []string
	}{
		"PKCS#8 RSA":                    {m.pkcs8(m.rsa), "", rsaAlgs},
		"PKCS#1":                        {pkcs1, "RS256", rsaAlgs},
		"PEM RSA, PS256 wanted":         {pkcs1, "PS256", []string{"PS256", "RS256", "RS384", "RS512", "PS384", "PS512"}},
		"PKCS#8 P-256":                  {m.pkcs8(m.p256), "", []string{"ES256"}},
		"PKCS#8 Ed25519":                {m.pkcs8(m.ed), "EdDSA", []string{"EdDSA"}},
		"SEC 1 P-384":                   {m.sec1(m.p384), "", []string{"ES384"}},
		"openssl ecparam's":             {block("EC PARAMETERS", []byte{6, 0}) + m.sec1(m.p521), "", []string{"ES512"}},
		"PEM with words around":         {"my key\n" + m.pkcs8(m.ed) + "\nits end\n", "", []string{"EdDSA"}},
		"PEM with CRLF and a mark":      {"\ufeff" + strings.ReplaceAll(m.pkcs8(m.p256), "\n", "\r\n"), "", []string{"ES256"}},
		"several PEM":                   {m.pkcs8(m.p256) + m.pkcs8(m.ed), "", []string{"ES256", "EdDSA"}},
		"several PEM, second wanted":    {m.pkcs8(m.p256) + m.pkcs8(m.ed), "EdDSA", []string{"EdDSA", "ES256"}},
		"JWK RSA":                       {m.jwk(m.rsa, nil), "", rsaAlgs},
		"JWK RSA without dp, dq and qi": {m.jwk(m.rsa, edit{"dp": nil, "dq": nil, "qi": nil}), "", rsaAlgs},
		"JWK RSA for PS384":             {m.jwk(m.rsa, edit{"alg": "PS384"}), "", []string{"PS384"}},
		"JWK P-521":                     {m.jwk(m.p521, edit{"use": "sig", "key_ops": []string{"sign", "verify"}}), "", []string{"ES512"}},
		"JWK Ed25519":                   {m.jwk(m.ed, nil), "", []string{"EdDSA"}},
		"JWKS":                          {jwks(m.jwk(m.p384, nil), m.jwk(m.rsa, edit{"alg": "RS512"})), "RS512", []string{"RS512", "ES384"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, err := keys.Parse([]byte(c.input), c.wanted)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Algs()).To(Equal(c.algs))
			g.Expect(r.Development()).To(BeFalse())
			for _, alg := range c.algs {
				g.Expect(accept(token(t, signer(t, r, alg), "{}"), r.JWKS())).To(Succeed())
			}
		})
	}
}

// The key and thumbprint of RFC 8037 appendix A.1 to A.3.
func TestParsedKeysWithoutKidHaveTheirThumbprint(t *testing.T) {
	g := NewWithT(t)
	r, err := keys.Parse([]byte(`{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
		"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`), "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(kids(r)).To(Equal([]string{"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}))
}

func TestParsedKeysKeepTheirKid(t *testing.T) {
	g := NewWithT(t)
	m := newMaterial(t)
	r, err := keys.Parse([]byte(jwks(m.jwk(m.p256, edit{"kid": "2026-11 %d"}), m.jwk(m.ed, edit{"kid": "b"}))), "EdDSA")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(kids(r)).To(Equal([]string{"b", "2026-11 %d"}), "the default's key comes first")
}

func TestRSAKeyWithoutAlgIsPublishedOnceAndWithoutAlg(t *testing.T) {
	g := NewWithT(t)
	m := newMaterial(t)
	r, err := keys.Parse([]byte(m.pkcs8(m.rsa)), "PS256")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(kids(r)).To(HaveLen(1))
	g.Expect(signer(t, r, "").Alg()).To(Equal("PS256"))
	g.Expect(string(r.JWKS())).NotTo(ContainSubstring(`"alg"`))
	g.Expect(signer(t, r, "RS512").ID()).To(Equal(signer(t, r, "PS256").ID()))
}

func TestFirstKeyOfAnAlgorithmSigns(t *testing.T) {
	m, rsa2 := newMaterial(t), newRSA(t, 2048)
	for name, c := range map[string]struct{ input, rs256, ps256 string }{
		"the first":               {jwks(m.jwk(m.rsa, edit{"kid": "a"}), m.jwk(rsa2, edit{"kid": "b"})), "a", "a"},
		"its own alg wins":        {jwks(m.jwk(m.rsa, edit{"kid": "a"}), m.jwk(rsa2, edit{"kid": "b", "alg": "PS256"})), "a", "b"},
		"one key under two names": {jwks(m.jwk(m.rsa, edit{"kid": "a", "alg": "PS256"}), m.jwk(m.rsa, edit{"kid": "b", "alg": "RS256"})), "b", "a"},
		"the first with its alg":  {jwks(m.jwk(m.rsa, edit{"kid": "a", "alg": "PS256"}), m.jwk(rsa2, edit{"kid": "b"})), "b", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, err := keys.Parse([]byte(c.input), "")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(signer(t, r, "RS256").ID()).To(Equal(c.rs256))
			g.Expect(signer(t, r, "PS256").ID()).To(Equal(c.ps256))
			g.Expect(kids(r)).To(HaveLen(2))
			for _, alg := range r.Algs() {
				g.Expect(accept(token(t, signer(t, r, alg), "{}"), r.JWKS())).To(Succeed())
			}
		})
	}
}

func TestRotationOfParsedKeysMakesTheSameKind(t *testing.T) {
	g := NewWithT(t)
	m := newMaterial(t)
	large := newRSA(t, 2056)
	r, err := keys.Parse([]byte(jwks(m.jwk(large, edit{"kid": "mine"}), m.jwk(m.p384, nil))), "PS512")
	g.Expect(err).NotTo(HaveOccurred())
	algs := r.Algs()
	g.Expect(r.Rotate()).To(Succeed())
	g.Expect(r.Algs()).To(Equal(algs))
	k := signer(t, r, "")
	g.Expect(k.Alg()).To(Equal("PS512"))
	g.Expect(k.ID()).NotTo(Equal("mine"))
	g.Expect(k.Public().(*rsa.PublicKey).N.BitLen()).To(Equal(2056))
	g.Expect(kids(r)).To(HaveLen(4))
	g.Expect(kids(r)).To(ContainElement("mine"))
	for _, alg := range algs {
		g.Expect(accept(token(t, signer(t, r, alg), "{}"), r.JWKS())).To(Succeed())
	}
}

func TestParseReadsWhatOpenSSLWrites(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	for alg, args := range map[string][]string{
		"RS256": {"genrsa", "-traditional", "2048"},
		"PS256": {"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
		"ES256": {"ecparam", "-genkey", "-name", "prime256v1"},
		"ES512": {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"},
		"EdDSA": {"genpkey", "-algorithm", "ed25519"},
	} {
		t.Run(alg, func(t *testing.T) {
			g := NewWithT(t)
			out, err := exec.Command("openssl", args...).Output()
			g.Expect(err).NotTo(HaveOccurred())
			r, err := keys.Parse(out, alg)
			g.Expect(err).NotTo(HaveOccurred(), "%s", out)
			g.Expect(accept(token(t, signer(t, r, ""), "{}"), r.JWKS())).To(Succeed())
		})
	}
}
