package engine

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// accessClaims are the claims of a JWT access token (RFC 9068 §2.2). What is
// known of the user beyond sub stays out of it (§6).
type accessClaims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience any      `json:"aud"` // see [audience]
	ClientID string   `json:"client_id"`
	Scope    string   `json:"scope,omitempty"`
	IssuedAt int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	ID       string   `json:"jti"`
	AuthTime int64    `json:"auth_time,omitempty"` // §2.2.1
	ACR      string   `json:"acr,omitempty"`       // §2.2.1
	AMR      []string `json:"amr,omitempty"`       // §2.2.1, RFC 8176
}

// audience is a list as aud has it: a string when it is one (RFC 7519 §4.1.3).
func audience(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// methodsOf is the amr of a user who came by a grant (RFC 8176 §2).
func methodsOf(grant string, d detail) []string {
	if grant == fixtures.GrantPassword {
		return []string{"pwd"}
	}
	return d.AMR
}

// jwt makes a signed access token.
func (t *tokens) jwt(ctx context.Context, request fosite.Requester) (string, error) {
	key, err := t.keys.Signer("")
	if err != nil {
		return "", err
	}
	id, err := t.tokenID()
	if err != nil {
		return "", err
	}
	client, sess := request.GetClient().(*Client), request.GetSession().(*session)
	claims := accessClaims{
		Issuer: sess.issuer, Subject: sess.subject, ClientID: client.GetID(),
		Audience: audience(audienceOf(client, request.GetGrantedAudience(), sess.issuer)),
		Scope:    strings.Join(request.GetGrantedScopes(), " "),
		IssuedAt: sess.issuedAt.Unix(), Expires: sess.accessExpiresAt.Unix(), ID: id,
	}
	if !sess.authenticatedAt.IsZero() {
		claims.ACR = sess.detail.ACR
		claims.AuthTime, claims.AMR = sess.authenticatedAt.Unix(), methodsOf(sess.grant, sess.detail)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	if len(client.extraClaims) > 0 {
		payload = append(append(payload[:len(payload)-1], client.extraClaims...), '}')
	}
	return sign(ctx, signing{kind: "access_token", typ: "at+jwt", key: key, payload: payload})
}

// signing is a token about to be signed.
type signing struct {
	kind    string // for faults: "access_token", "id_token", "userinfo"
	typ     string // of the header: tells one kind from another (RFC 8725 §3.11)
	key     *keys.Key
	payload []byte
}

// sign makes the compact form (RFC 7515 §7.1), unless a fault has other ideas.
func sign(ctx context.Context, s signing) (string, error) {
	header := `{"alg":"` + s.key.Alg() + `","typ":"` + s.typ + `","kid":"` + s.key.ID() + `"}`
	for _, f := range fault.From(ctx) {
		if f.Sign != nil {
			return signWrongly(ctx, s, []byte(header))
		}
	}
	return compact(s.key, []byte(header), s.payload)
}

// compact signs header and payload in one buffer.
func compact(key *keys.Key, header, payload []byte) (string, error) {
	b64 := base64.RawURLEncoding
	const signatureRoom = 700 // of a 4096 bit RSA signature
	token := make([]byte, 0, b64.EncodedLen(len(header))+b64.EncodedLen(len(payload))+signatureRoom)
	token = b64.AppendEncode(token, header)
	token = append(token, '.')
	token = b64.AppendEncode(token, payload)
	signature, err := key.Sign(token)
	if err != nil {
		return "", err
	}
	token = append(token, '.')
	return string(b64.AppendEncode(token, signature)), nil
}

// signWrongly lets the drawn faults change a token on its way through the signer.
func signWrongly(ctx context.Context, s signing, header []byte) (string, error) {
	key := s.key
	signing := &fault.Signing{Kind: s.kind, Public: key.Public(), ForeignJWK: func() map[string]any { return foreignJWK(key.Alg()) }}
	if err := errors.Join(json.Unmarshal(header, &signing.Header), json.Unmarshal(s.payload, &signing.Claims)); err != nil {
		return "", err
	}
	for _, name := range []string{"iat", "exp", "auth_time"} { // whole numbers, as faults expect them
		if at, ok := signing.Claims[name].(float64); ok {
			signing.Claims[name] = int64(at)
		}
	}
	fault.Sign(ctx, signing)
	header, errHeader := json.Marshal(signing.Header)
	payload, errPayload := json.Marshal(signing.Claims)
	if err := errors.Join(errHeader, errPayload); err != nil {
		return "", err
	}
	if signing.Payload != nil {
		payload = signing.Payload(payload)
	}
	if signing.Foreign {
		var err error
		if key, err = foreignKey(key.Alg()); err != nil {
			return "", err
		}
	}
	token, err := compact(key, header, payload)
	if err != nil {
		return "", err
	}
	if signing.Unsigned {
		token = token[:strings.LastIndexByte(token, '.')+1]
	}
	if signing.Tamper != nil {
		token = signing.Tamper(token)
	}
	return token, nil
}

// foreignKey is a key that no set of the provider's ever has.
func foreignKey(alg string) (*keys.Key, error) {
	ring, err := keys.Foreign(alg)
	if err != nil {
		return nil, err
	}
	return ring.Signer(alg)
}

// foreignJWK is the public half of that key as a JWK (RFC 7517 §4); nil when there is none.
func foreignJWK(alg string) map[string]any {
	key, err := foreignKey(alg)
	if err != nil {
		return nil
	}
	var jwk map[string]any
	raw, err := json.Marshal(key.JWK())
	if err != nil || json.Unmarshal(raw, &jwk) != nil {
		return nil
	}
	return jwk
}

// tokenID makes a jti (RFC 7519 §4.1.7) of 128 bits of chance.
func (t *tokens) tokenID() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(t.random, raw[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
