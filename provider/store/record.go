package store

import (
	"crypto/sha256"
	"time"
)

// A Kind is what a record stands for. Each kind has its own bound and its own
// keys. The zero Kind is none, and to put what is not one of these panics.
type Kind uint8

const (
	Access  Kind = iota + 1 // access token (RFC 6749 §1.4)
	Refresh                 // refresh token (RFC 6749 §1.5)
	Code                    // authorization code (RFC 6749 §1.3.1)
	kinds                   // one more than the last
)

// A Key names a record: the first half of the SHA-256 digest of a kind and a
// token. It cannot be turned back into the token, so neither a dump of memory
// nor a log of keys gives a token away.
type Key [16]byte

// KeyOf returns the key of a token of kind k. It does not allocate.
func KeyOf(k Kind, token string) Key {
	digest := sha256.New()
	var block [256]byte // a []byte(token) would allocate
	block[0] = byte(k)
	n := 1 + copy(block[1:], token)
	digest.Write(block[:n])
	for token = token[n-1:]; token != ""; token = token[n:] {
		n = copy(block[:], token)
		digest.Write(block[:n])
	}
	var sum [sha256.Size]byte
	return Key(digest.Sum(sum[:0])[:len(Key{})])
}

// A Record is what is known of one token. Strings and lists may be of any
// length, but each distinct one is kept only once, so that many records may
// name the same client, issuer or scopes at a cost of four bytes.
type Record struct {
	Kind Kind
	// Family is the grant: all that came of one authorization has the number
	// that [Store.NewFamily] gave it, and can be revoked together. Zero means
	// that the record belongs to none.
	Family uint64

	Client   string // client_id
	Subject  string // sub
	Username string // what the user logged in with; empty when no user did
	Grant    string // the grant_type that began the family
	Issuer   string // iss

	Scope    []string // as granted
	Audience []string // as granted

	Detail string // whatever else the grant must remember, such as the code's redirect URI

	// Instants are kept in whole seconds, as tokens carry them; fractions are
	// cut off, and they are returned in UTC.
	IssuedAt        time.Time
	ExpiresAt       time.Time // the first instant at which it is dead; zero means never
	AuthenticatedAt time.Time // auth_time; zero when no user logged in

	// Spent marks a refresh token that was rotated or a code that was
	// redeemed. It is kept until it expires, so that its reuse is noticed
	// (RFC 6749 §10.5, RFC 9700 §4.14.2).
	Spent bool
}
