package fault

// Signing is a JWT about to be signed. A fault may change its header and claims,
// and how it is signed.
type Signing struct {
	Kind   string         // "access_token"
	Header map[string]any // alg, typ, kid
	Claims map[string]any

	Unsigned bool                        // leaves the signature empty, whatever alg says
	Foreign  bool                        // signs with a key that is not published
	Tamper   func(compact string) string // changes the signed token
}
