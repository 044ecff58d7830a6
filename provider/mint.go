package provider

import "github.com/mockoauth/mockoauth/provider/engine"

// A Minting says what token to make, valid or not.
type Minting = engine.Minting

// Claims are those of a [Minting].
type Claims = map[string]any

// Mint makes a token, valid or not. It is for the fixed issuer, or where that is taken
// from each request's Host for the address that [Start] has put the provider at; its
// claims may say otherwise. The error is a [Refusal].
func (p *Provider) Mint(m Minting) (string, error) {
	issuer := p.issuer.fixed
	if issuer == "" {
		issuer = p.Address() + p.issuer.path
	}
	return p.mint(issuer, m)
}

func (p *Provider) mint(issuer string, m Minting) (string, error) {
	token, refused := p.engine.Mint(issuer, m)
	if refused != nil {
		return "", refuse(refused.Status, "%s", refused.Description)
	}
	return token, nil
}
