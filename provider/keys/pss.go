package keys

import (
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
)

// encodePSS is EMSA-PSS (RFC 8017 §9.1.1) for a 2048-bit modulus with MGF1, one hash throughout and a salt of its
// length (RFC 7518 §3.5). The salt is the hash of the message's hash, so that the same token has the same signature in
// every run; what a random salt protects, a development key does not have.
func encodePSS(em *[modulusBytes]byte, a *algorithm, input []byte) {
	var sum, saltSum, hashSum [sha512.Size]byte
	digest := a.digest(&sum, input)
	salt := a.digest(&saltSum, digest)
	var padded [8 + 2*sha512.Size]byte // M' begins with eight zero octets
	end := 8 + copy(padded[8:], digest)
	end += copy(padded[end:], salt)
	h := a.digest(&hashSum, padded[:end])

	db := em[:len(em)-len(h)-1]
	db[len(db)-len(salt)-1] = 0x01
	copy(db[len(db)-len(salt):], salt)
	mask(db, a, h)
	db[0] &= 0x7f // emBits is 2047
	copy(em[len(db):], h)
	em[len(em)-1] = 0xbc
}

// mask combines db with MGF1 of seed (RFC 8017 §B.2.1).
func mask(db []byte, a *algorithm, seed []byte) {
	var sum [sha512.Size]byte
	var block [sha512.Size + 4]byte
	n := copy(block[:], seed)
	for counter := uint32(0); len(db) > 0; counter++ {
		binary.BigEndian.PutUint32(block[n:], counter)
		done := subtle.XORBytes(db, db, a.digest(&sum, block[:n+4]))
		db = db[done:]
	}
}
