package keys

import (
	"crypto"
	"crypto/sha512"
)

// encodePKCS1v15 is EMSA-PKCS1-v1_5 (RFC 8017 §9.2) for a 2048-bit modulus.
func encodePKCS1v15(em *[modulusBytes]byte, a *algorithm, input []byte) {
	var sum [sha512.Size]byte
	digest := a.digest(&sum, input)
	prefix := digestInfo(a.hash)
	hashAt := len(em) - len(digest)
	prefixAt := hashAt - len(prefix)
	em[1] = 0x01
	for i := 2; i < prefixAt-1; i++ {
		em[i] = 0xff
	}
	copy(em[prefixAt:], prefix)
	copy(em[hashAt:], digest)
}

// digestInfo is the DER in front of the digest (RFC 8017 §9.2, note 1).
func digestInfo(h crypto.Hash) string {
	switch h {
	case crypto.SHA256:
		return "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	case crypto.SHA384:
		return "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
	default:
		return "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
	}
}
