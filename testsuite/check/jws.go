package check

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // for crypto.Hash
	_ "crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// PublicKey reads a JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2): RSA, EC or OKP.
// A point that is not on its curve is an error.
func PublicKey(jwk map[string]any) (crypto.PublicKey, error) {
	switch jwk["kty"] {
	case "RSA":
		n, e := jwkBytes(jwk, "n"), new(big.Int).SetBytes(jwkBytes(jwk, "e"))
		if len(n) == 0 || e.BitLen() < 2 || e.BitLen() > 31 {
			return nil, errors.New("an RSA key without n or a usable e")
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(e.Int64())}, nil
	case "EC":
		curve, ok := curves()[jwkText(jwk, "crv")]
		if !ok {
			return nil, fmt.Errorf("the curve %v is unknown", jwk["crv"])
		}
		point := append([]byte{4}, jwkBytes(jwk, "x")...)
		return ecdsa.ParseUncompressedPublicKey(curve, append(point, jwkBytes(jwk, "y")...))
	case "OKP":
		x := jwkBytes(jwk, "x")
		if jwk["crv"] != "Ed25519" || len(x) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("no Ed25519 key of %d bytes: crv %v", ed25519.PublicKeySize, jwk["crv"])
		}
		return ed25519.PublicKey(x), nil
	}
	return nil, fmt.Errorf("the key type %v is unknown", jwk["kty"])
}

func curves() map[string]elliptic.Curve {
	return map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}
}

func jwkText(jwk map[string]any, member string) string {
	s, _ := jwk[member].(string)
	return s
}

func jwkBytes(jwk map[string]any, member string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(jwkText(jwk, member))
	if err != nil {
		return nil
	}
	return raw
}

// VerifyJWS verifies a token in compact form with the published key that its
// header names, or with the only one there is, and answers that key.
func VerifyJWS(token string, keys []map[string]any) (jwk map[string]any, err error) {
	jwt, ok := ParseJWT(token)
	if !ok {
		return nil, errors.New("it is no JWT in compact form")
	}
	kid, named := jwt.Header["kid"].(string)
	i := slices.IndexFunc(keys, func(key map[string]any) bool { return key["kid"] == kid })
	switch {
	case named && i >= 0:
		jwk = keys[i]
	case !named && len(keys) == 1:
		jwk = keys[0]
	default:
		return nil, fmt.Errorf("its kid %v is not among the %d published keys", jwt.Header["kid"], len(keys))
	}
	key, err := PublicKey(jwk)
	if err != nil {
		return jwk, err
	}
	alg, _ := jwt.Header["alg"].(string)
	return jwk, verifySignature(alg, key, []byte(token[:strings.LastIndexByte(token, '.')]), jwt.Signature)
}

// verifySignature takes the key type from the key, and so refuses an alg of
// another type (RFC 8725 §3.1).
func verifySignature(alg string, key crypto.PublicKey, signed, signature []byte) error {
	if edwards, ok := key.(ed25519.PublicKey); ok {
		if (alg == "EdDSA" || alg == "Ed25519") && ed25519.Verify(edwards, signed, signature) {
			return nil
		}
		return fmt.Errorf("the %s signature does not fit the Ed25519 key", alg)
	}
	if len(alg) != 5 {
		return fmt.Errorf("the algorithm %q is unknown", alg)
	}
	hash, ok := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[alg[2:]]
	if !ok {
		return fmt.Errorf("the algorithm %q is unknown", alg)
	}
	h := hash.New()
	h.Write(signed)
	digest := h.Sum(nil)
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch alg[:2] {
		case "RS":
			return rsa.VerifyPKCS1v15(k, hash, digest, signature)
		case "PS":
			return rsa.VerifyPSS(k, hash, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
	case *ecdsa.PublicKey:
		if alg == ecdsaAlgorithm(k) && verifyECDSA(k, digest, signature) {
			return nil
		}
	}
	return fmt.Errorf("the %s signature does not fit the key", alg)
}

// ecdsaAlgorithm is the one algorithm that RFC 7518 §3.4 has for a curve.
func ecdsaAlgorithm(key *ecdsa.PublicKey) string {
	return map[elliptic.Curve]string{elliptic.P256(): "ES256", elliptic.P384(): "ES384", elliptic.P521(): "ES512"}[key.Curve]
}

// verifyECDSA takes R and S side by side, each as long as the curve's order (RFC 7518 §3.4).
func verifyECDSA(key *ecdsa.PublicKey, digest, signature []byte) bool {
	size := (key.Curve.Params().BitSize + 7) / 8
	if len(signature) != 2*size {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
	return ecdsa.Verify(key, digest, r, s)
}
