package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v3"
	. "github.com/onsi/gomega"
)

// material is what a user may bring, made anew for each test: private keys in a repository alarm scanners.
type material struct {
	rsa        *rsa.PrivateKey
	p224, p256 *ecdsa.PrivateKey
	p384, p521 *ecdsa.PrivateKey
	ed         ed25519.PrivateKey
	t          testing.TB
}

func newMaterial(t testing.TB) *material {
	t.Helper()
	m := &material{t: t, rsa: newRSA(t, 2048)}
	for curve, k := range map[elliptic.Curve]**ecdsa.PrivateKey{
		elliptic.P224(): &m.p224, elliptic.P256(): &m.p256, elliptic.P384(): &m.p384, elliptic.P521(): &m.p521,
	} {
		made, err := ecdsa.GenerateKey(curve, rand.Reader)
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		*k = made
	}
	_, m.ed, _ = ed25519.GenerateKey(rand.Reader)
	return m
}

func newRSA(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return k
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func (m *material) pkcs8(key any) string {
	m.t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	NewWithT(m.t).Expect(err).NotTo(HaveOccurred())
	return block("PRIVATE KEY", der)
}

func (m *material) sec1(key *ecdsa.PrivateKey) string {
	m.t.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	NewWithT(m.t).Expect(err).NotTo(HaveOccurred())
	return block("EC PRIVATE KEY", der)
}

func (m *material) public(key crypto.PublicKey) string {
	m.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	NewWithT(m.t).Expect(err).NotTo(HaveOccurred())
	return block("PUBLIC KEY", der)
}

// edit is what a test changes in a JWK; nil takes a member away.
type edit map[string]any

func (m *material) jwk(key any, changes edit) string {
	m.t.Helper()
	g := NewWithT(m.t)
	data, err := jose.JSONWebKey{Key: key}.MarshalJSON()
	g.Expect(err).NotTo(HaveOccurred())
	var members map[string]any
	g.Expect(json.Unmarshal(data, &members)).To(Succeed())
	for name, value := range changes {
		members[name] = value
		if value == nil {
			delete(members, name)
		}
	}
	data, err = json.Marshal(members)
	g.Expect(err).NotTo(HaveOccurred())
	return string(data)
}

func jwks(list ...string) string { return `{"keys":[` + strings.Join(list, ",") + `]}` }
