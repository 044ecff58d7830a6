package target

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v3"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// keyRoles are the roles of the clients that sign assertions.
func keyRoles() []check.Role { return []check.Role{check.Signer, check.OtherSigner, check.Exchanger} }

// A key is what signs a client's assertions. Its zero value is none.
type key struct {
	signer  crypto.Signer
	id, alg string // as a JWK says
}

// key is the client's, from its file or from the settings themselves.
func (c Client) key() (key, error) {
	if c.KeyFile == "" {
		if c.JWK == nil {
			return key{}, nil
		}
		text, err := json.Marshal(c.JWK)
		if err != nil {
			return key{}, err
		}
		return parseJWK(text)
	}
	text, err := os.ReadFile(c.KeyFile)
	if err != nil {
		return key{}, fmt.Errorf("cannot read the file %q: %w", c.KeyFile, reasonOf(err))
	}
	k, err := parseKey(text)
	if err != nil {
		return key{}, fmt.Errorf("the file %q %w", c.KeyFile, err)
	}
	return k, nil
}

func parseKey(text []byte) (key, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return parseJWK(text)
	}
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey,
		func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
		func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
	} {
		if parsed, err := parse(block.Bytes); err == nil {
			return usable(key{}, parsed)
		}
	}
	return key{}, fmt.Errorf("has a PEM block %q, which is no private key that can be read", block.Type)
}

func parseJWK(text []byte) (key, error) {
	var k jose.JSONWebKey
	if err := k.UnmarshalJSON(text); err != nil {
		return key{}, fmt.Errorf("is no key, neither a JWK nor in PEM: %s", strings.TrimPrefix(err.Error(), "go-jose/go-jose: "))
	}
	return usable(key{id: k.KeyID, alg: k.Algorithm}, k.Key)
}

// usable is k with a private key that can sign.
func usable(k key, parsed any) (key, error) {
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return key{}, errors.New("is no private key: the client signs with it")
	}
	k.signer = signer
	if len(algorithms(signer)) == 0 {
		return key{}, errors.New("is a key of another kind than RSA, P-256, P-384, P-521 and Ed25519")
	}
	return k, nil
}

// algorithms are those of JWS that a key fits (RFC 7518 §3.1, RFC 8037 §3.1).
func algorithms(signer crypto.Signer) []string {
	switch public := signer.Public().(type) {
	case *rsa.PublicKey:
		return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
	case ed25519.PublicKey:
		return []string{"EdDSA"}
	case *ecdsa.PublicKey:
		switch public.Curve {
		case elliptic.P256():
			return []string{"ES256"}
		case elliptic.P384():
			return []string{"ES384"}
		case elliptic.P521():
			return []string{"ES512"}
		}
	}
	return nil
}

// key judges the key of a client, whose path ends in a dot.
func (j *judgement) key(path string, role check.Role, c Client) {
	k, err := c.key()
	at := path + "key_file"
	if c.KeyFile == "" && c.JWK != nil {
		at = path + "jwk"
	}
	switch {
	case c.KeyFile != "" && c.JWK != nil:
		j.add(path+"jwk", "key_file is given as well; there can be one of them")
	case err != nil:
		j.check(at, err)
	case k.signer == nil && (c.AuthMethod == authKey || slices.Contains(keyRoles(), role)):
		j.add(at, "is missing; the client signs assertions with it, or with the key in jwk")
	case k.signer == nil && c.Alg != "":
		j.add(path+"alg", "is for a key, and there is neither key_file nor jwk")
	case k.signer != nil && c.Alg != "":
		j.known(path+"alg", "algorithm of this key", c.Alg, algorithms(k.signer))
	}
}
