package fault

import (
	"context"
	"crypto"
)

// Signing is a JWT about to be signed. A fault may change its header and claims,
// and how it is signed.
type Signing struct {
	Kind   string           // "access_token", "id_token" or "userinfo"
	Heard  *Heard           // the request for which it is signed, with what this fault noted of it; may be nil
	Public crypto.PublicKey // of the key that signs; may be nil
	Header map[string]any   // alg, typ, kid
	Claims map[string]any

	Unsigned bool                        // leaves the signature empty, whatever alg says
	Foreign  bool                        // signs with a key that is not published
	Payload  func(claims []byte) []byte  // changes the claims' JSON before it is signed
	Tamper   func(compact string) string // changes the signed token

	// ForeignJWK makes the public half of the key that Foreign signs with, as a
	// member of a JWK set; may be nil.
	ForeignJWK func() map[string]any
}

type heardKey struct{}

// Sign lets the faults drawn for the request of ctx change a token, in order.
func Sign(ctx context.Context, s *Signing) {
	heard, _ := ctx.Value(heardKey{}).([]*Heard)
	for i, f := range From(ctx) {
		if f.Sign == nil {
			continue
		}
		s.Heard = nil
		if i < len(heard) {
			s.Heard = heard[i]
		}
		f.Sign(s)
	}
}

// noted is what the fault noted of the request; empty without one.
func (s *Signing) noted(name string) string {
	if s.Heard == nil {
		return ""
	}
	return s.Heard.Notes[name]
}
