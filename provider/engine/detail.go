package engine

import "encoding/json"

// detail is what a grant that began in a browser remembers beyond a flat record:
// the code until it is redeemed, and its refresh tokens for the ID tokens to come.
type detail struct {
	RedirectURI string        `json:"redirect_uri,omitempty"` // as it was sent; empty when it was not
	Challenge   string        `json:"challenge,omitempty"`    // RFC 7636 §4.3
	Method      string        `json:"method,omitempty"`
	Nonce       string        `json:"nonce,omitempty"`
	SessionID   string        `json:"sid,omitempty"`
	ACR         string        `json:"acr,omitempty"`
	AMR         []string      `json:"amr,omitempty"`
	Claims      ClaimsRequest `json:"claims,omitzero"`
}

// pack writes the detail for a record; nothing for a grant without a browser.
func (d detail) pack() string {
	if d.ACR == "" { // which every login has
		return ""
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return "" // strings and lists of them can be written
	}
	return string(raw)
}

// unpackDetail reads what pack wrote.
func unpackDetail(packed string) (d detail) {
	if packed != "" {
		_ = json.Unmarshal([]byte(packed), &d) // pack wrote it
	}
	return d
}

// afterCode is what is left of the detail once the code is redeemed: the nonce was
// for the first ID token, unless the client wants it again (OpenID Connect Core §12.2).
func (d detail) afterCode(client *Client) detail {
	left := detail{SessionID: d.SessionID, ACR: d.ACR, AMR: d.AMR, Claims: d.Claims}
	if client.fixture.IDToken.NonceOnRefresh {
		left.Nonce = d.Nonce
	}
	return left
}
