package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"fmt"
)

// The private keys that the standard library signs with.
type (
	rsaSigner     struct{ *rsa.PrivateKey }
	ecdsaSigner   struct{ *ecdsa.PrivateKey }
	ed25519Signer struct{ ed25519.PrivateKey }
)

func (s rsaSigner) sign(a *algorithm, input []byte) ([]byte, error) {
	var sum [sha512.Size]byte
	digest := a.digest(&sum, input)
	if a.pss {
		return rsa.SignPSS(rand.Reader, s.PrivateKey, a.hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	}
	return rsa.SignPKCS1v15(nil, s.PrivateKey, a.hash, digest)
}

// sign passes no source of randomness, which makes the nonce that of RFC 6979: signatures repeat, and ES256 is a sixth
// quicker.
func (s ecdsaSigner) sign(a *algorithm, input []byte) ([]byte, error) {
	var sum [sha512.Size]byte
	der, err := s.Sign(nil, a.digest(&sum, input), a.hash)
	if err != nil {
		return nil, err
	}
	return fixedWidth(der, (s.Curve.Params().BitSize+7)/8), nil
}

func (s ed25519Signer) sign(_ *algorithm, input []byte) ([]byte, error) {
	return ed25519.Sign(s.PrivateKey, input), nil
}

// fixedWidth turns the SEQUENCE of two INTEGERs that crypto/ecdsa makes into r || s (RFC 7518 §3.4).
func fixedWidth(der []byte, width int) []byte {
	out := make([]byte, 2*width)
	rest := der[2:]
	if der[1] == 0x81 { // P-521 needs the long form of the length
		rest = der[3:]
	}
	for _, half := range [][]byte{out[:width], out[width:]} {
		end := 2 + int(rest[1])
		value := bytes.TrimLeft(rest[2:end], "\x00")
		copy(half[width-len(value):], value)
		rest = rest[end:]
	}
	return out
}

// standardPair publishes a private key of the standard library; an empty id becomes its thumbprint.
func standardPair(id string, algs []algorithm, private crypto.Signer) (*pair, error) {
	s, err := standardSigner(private)
	if err != nil {
		return nil, err
	}
	if id == "" {
		if id, err = thumbprint(private.Public()); err != nil {
			return nil, err
		}
	}
	p := newPair(id, algs, func() signer { return s })
	if k, ok := private.(*rsa.PrivateKey); ok {
		p.bits = k.N.BitLen()
	}
	return p, nil
}

func standardSigner(private crypto.Signer) (signer, error) {
	switch k := private.(type) {
	case *rsa.PrivateKey:
		return rsaSigner{k}, nil
	case *ecdsa.PrivateKey:
		return ecdsaSigner{k}, nil
	case ed25519.PrivateKey:
		return ed25519Signer{k}, nil
	}
	return nil, fmt.Errorf("a %T cannot sign", private)
}

// family returns the family of a private key, or "" when no algorithm of ours uses such keys.
func family(private crypto.Signer) string {
	switch k := private.(type) {
	case *rsa.PrivateKey:
		return familyRSA
	case ed25519.PrivateKey:
		return familyEd25519
	case *ecdsa.PrivateKey:
		if name := k.Curve.Params().Name; curve(name) != nil {
			return name
		}
	}
	return ""
}

// scalarSize returns the length of a private key on a NIST curve.
func scalarSize(family string) int { return (curve(family).Params().BitSize + 7) / 8 }

// scalarKey returns the key of a private scalar, of which it takes the bits that the curve has. One that is zero or not
// below the order is refused, once in 2^32 for P-256.
func scalarKey(family string, scalar []byte) (*ecdsa.PrivateKey, bool) {
	c := curve(family)
	scalar[0] &= 0xff >> (-c.Params().BitSize & 7)
	private, err := ecdsa.ParseRawPrivateKey(c, scalar)
	return private, err == nil
}
