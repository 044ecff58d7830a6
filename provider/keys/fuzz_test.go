package keys_test

import (
	"crypto/x509"
	"strings"
	"testing"

	"github.com/mockoauth/mockoauth/provider/keys"
)

// Whatever Parse accepts must sign so that its own JWKS verifies; whatever it refuses must say so without a panic.
// Fuzz with -fuzzminimizetime=1x: coverage of cryptography is never the same twice, and minimizing would not end.
func FuzzParse(f *testing.F) {
	m, rsa2 := newMaterial(f), newRSA(f, 2048)
	for _, key := range []any{m.rsa, m.p256, m.p384, m.p521, m.ed} {
		f.Add([]byte(m.pkcs8(key)), "")
		f.Add([]byte(jwks(m.jwk(key, nil), m.jwk(rsa2, edit{"kid": "a", "alg": "PS256"}))), "PS256")
	}
	f.Add([]byte(m.sec1(m.p256)+block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(m.rsa))), "RS256")
	f.Add([]byte(m.public(m.rsa.Public())), "ES256")
	f.Add([]byte(m.jwk(m.rsa, edit{"use": "enc", "oth": []any{}})), "")
	f.Add([]byte(`{"keys":[]}`), "RS256")
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AAAA"},null,1]}`), "none")
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n"), "")
	f.Fuzz(func(t *testing.T, data []byte, alg string) {
		r, err := keys.Parse(data, alg)
		if (r == nil) == (err == nil) {
			t.Fatalf("%v, %v", r, err)
		}
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error without words")
			}
			return
		}
		for _, alg := range r.Algs() {
			if err := accept(token(t, signer(t, r, alg), "{}"), r.JWKS()); err != nil {
				t.Fatalf("%s: %v", alg, err)
			}
		}
	})
}
