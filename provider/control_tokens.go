package provider

import (
	"encoding/json"

	"github.com/mockoauth/mockoauth/provider/keys"
)

// A MintedToken is what POST /_mock/tokens answers.
type MintedToken struct {
	Token string `json:"token"` // as a client would present it
}

func mintToken(p *Provider, c *call, m Minting) (MintedToken, error) {
	token, err := p.mint(c.issuer, m)
	return MintedToken{token}, err
}

// A Revoked is what POST /_mock/revoke answers.
type Revoked struct {
	Revoked int `json:"revoked"` // how many tokens and codes ended
}

func revokeGrants(p *Provider, _ *call, what Revocation) (Revoked, error) {
	n, err := p.Revoke(what)
	return Revoked{n}, err
}

// A KeyChange is what to do with the keys: it has one member.
type KeyChange struct {
	// Rotate has new keys sign from now on; the old ones stay published.
	Rotate bool `json:"rotate,omitempty"`
	// Publish has the keys of the next rotation published already.
	Publish bool `json:"publish,omitempty"`
	// Add makes a further key for an algorithm.
	Add string `json:"add,omitempty"`
	// Retire publishes a key no more, by its kid.
	Retire string `json:"retire,omitempty"`
	// Reset goes back to the keys of the start.
	Reset bool `json:"reset,omitempty"`
}

// A PublishedKey is one of the key set.
type PublishedKey struct {
	KeyID string          `json:"kid"`            // by which tokens name it
	Signs []string        `json:"signs"`          // the algorithms by which it signs at present
	Next  bool            `json:"next,omitempty"` // signs from the next rotation on
	JWK   json.RawMessage `json:"jwk"`            // as it is published
}

func listKeys(p *Provider, _ *call) ([]PublishedKey, error) {
	var list []PublishedKey
	for _, k := range p.keys.Published() {
		jwk, err := k.Key.JWK().MarshalJSON()
		if err != nil {
			return nil, err
		}
		list = append(list, PublishedKey{k.Key.ID(), orEmpty(k.Signs), k.Next, jwk})
	}
	return list, nil
}

func changeKeys(p *Provider, c *call, change KeyChange) ([]PublishedKey, error) {
	if err := change.apply(p.keys); err != nil {
		return nil, unprocessable("%v.", err)
	}
	return listKeys(p, c)
}

func (k KeyChange) apply(ring *keys.Ring) error {
	switch k {
	case KeyChange{Rotate: true}:
		return ring.Rotate()
	case KeyChange{Publish: true}:
		return ring.Publish()
	case KeyChange{Reset: true}:
		ring.Reset()
		return nil
	case KeyChange{}:
	case KeyChange{Add: k.Add}:
		_, err := ring.Add(k.Add)
		return err
	case KeyChange{Retire: k.Retire}:
		return ring.Retire(k.Retire)
	}
	return unprocessable("A change of the keys is one of rotate, publish, add, retire and reset")
}
