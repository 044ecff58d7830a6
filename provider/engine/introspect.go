package engine

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/mockoauth/mockoauth/provider/store"
)

// A Token is what the provider knows of an active token (RFC 7662 §2.2).
type Token struct {
	Active   bool     `json:"active"`
	Scope    string   `json:"scope,omitempty"`
	ClientID string   `json:"client_id"`
	Username string   `json:"username,omitempty"`
	Type     string   `json:"token_type,omitempty"` // of an access token
	Expires  int64    `json:"exp,omitempty"`
	IssuedAt int64    `json:"iat"`
	Subject  string   `json:"sub"`
	Audience any      `json:"aud"` // a string, or a list of them
	Issuer   string   `json:"iss"`
	ID       string   `json:"jti"`
	AuthTime int64    `json:"auth_time,omitempty"` // RFC 9470 §6.2
	ACR      string   `json:"acr,omitempty"`       // RFC 9470 §6.2
	AMR      []string `json:"amr,omitempty"`

	extra []byte // the client's own claims, as members of a JSON object
}

// MarshalJSON writes the token with the claims that its client adds.
func (t *Token) MarshalJSON() ([]byte, error) {
	type plain Token
	body, err := json.Marshal((*plain)(t))
	if err != nil || len(t.extra) == 0 {
		return body, err
	}
	return append(append(body[:len(body)-1], t.extra...), '}'), nil
}

// Introspect answers what an active access or refresh token is worth, or nil
// for any other (RFC 7662 §2.2). hint is which of the two to try first; it only
// saves time.
func (e *Engine) Introspect(ctx context.Context, token, hint string) (*Token, *Error) {
	if err := failing(ctx); err != nil {
		return nil, unavailable(err)
	}
	kinds := []store.Kind{store.Access, store.Refresh}
	if hint == "refresh_token" {
		kinds = []store.Kind{store.Refresh, store.Access}
	}
	for _, kind := range kinds {
		key := store.KeyOf(kind, token)
		r, ok := e.store.Get(key)
		client, known := e.directory.Load().clients[r.Client]
		if !ok || !known || r.Spent {
			continue
		}
		return describe(token, key, r, client), nil
	}
	return nil, nil
}

func describe(token string, key store.Key, r store.Record, client *Client) *Token {
	t := &Token{
		Active: true, Scope: strings.Join(r.Scope, " "), ClientID: r.Client, Username: r.Username,
		IssuedAt: r.IssuedAt.Unix(), Subject: r.Subject, Issuer: r.Issuer,
		Audience: audience(audienceOf(client, r.Audience, r.Issuer)), ID: tokenIDOf(token, key),
	}
	if !r.ExpiresAt.IsZero() {
		t.Expires = r.ExpiresAt.Unix()
	}
	if d := unpackDetail(r.Detail); !r.AuthenticatedAt.IsZero() {
		t.AuthTime, t.AMR = r.AuthenticatedAt.Unix(), methodsOf(r.Grant, d)
		t.ACR = d.ACR
	}
	if r.Kind == store.Access {
		t.Type, t.extra = "Bearer", client.extraClaims
	}
	return t
}

// tokenIDOf is a token's jti: the one it carries, or for an opaque one a name
// that is always the same and gives nothing away.
func tokenIDOf(token string, key store.Key) string {
	if parts := strings.Split(token, "."); len(parts) == 3 {
		var claims struct {
			ID string `json:"jti"`
		}
		if raw, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil && json.Unmarshal(raw, &claims) == nil && claims.ID != "" {
			return claims.ID
		}
	}
	return base64.RawURLEncoding.EncodeToString(key[:])
}
