package engine

import (
	"context"
	"crypto"
	_ "crypto/sha512" // for crypto.SHA384 and SHA512
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v3"

	"github.com/mockoauth/mockoauth/provider/record"
)

// idToken makes the ID token beside an access token (OpenID Connect Core §2); empty
// when the grant is none of authentication.
func (e *Engine) idToken(ctx context.Context, client *Client, sess *session, accessToken string) (string, error) {
	if sess.authenticatedAt.IsZero() || !slices.Contains(sess.scope, "openid") || sess.detail.ACR == "" {
		return "", nil
	}
	u, known := e.directory.Load().users[sess.username]
	if !known {
		return "", errors.New("the user is no more")
	}
	key, err := e.tokens.keys.Signer(client.fixture.IDToken.Alg)
	if err != nil {
		return "", err
	}
	claims := u.own()
	maps.Copy(claims, u.told(sess.detail.Claims.IDToken))
	maps.Copy(claims, map[string]any{
		"iss": sess.issuer, "sub": sess.subject, "aud": client.GetID(), "azp": client.GetID(),
		"iat": sess.issuedAt.Unix(), "exp": sess.issuedAt.Add(e.idTokenLifespan).Unix(),
		"auth_time": sess.authenticatedAt.Unix(), "acr": sess.detail.ACR, "at_hash": halfHash(key.Alg(), accessToken),
	})
	if len(sess.detail.AMR) > 0 {
		claims["amr"] = sess.detail.AMR
	}
	if sess.detail.SessionID != "" {
		claims["sid"] = sess.detail.SessionID
	}
	if sess.detail.Nonce != "" {
		claims["nonce"] = sess.detail.Nonce
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return sign(ctx, signing{kind: "id_token", typ: "JWT", key: key, payload: payload})
}

// halfHash is at_hash (OpenID Connect Core §3.1.3.6): the left half of the hash
// that goes with the algorithm; SHA-512 with Ed25519.
func halfHash(alg, token string) string {
	hash := crypto.SHA256
	switch {
	case strings.HasSuffix(alg, "384"):
		hash = crypto.SHA384
	case strings.HasSuffix(alg, "512"), alg == "EdDSA":
		hash = crypto.SHA512
	}
	h := hash.New()
	h.Write([]byte(token))
	sum := h.Sum(nil)
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// IDTokenHint is what an ID token says that a client shows as a hint.
type IDTokenHint struct {
	Issuer    string `json:"iss"`
	Expires   int64  `json:"exp"`
	Subject   string `json:"sub"`
	Audience  string `json:"aud"`
	SessionID string `json:"sid"`
}

// readIDToken verifies an ID token of the provider's. An expired one is as good
// as a hint as any (OpenID Connect Core §3.1.2.1).
func (e *Engine) readIDToken(ctx context.Context, token string) (hint IDTokenHint, err error) {
	signed, err := jose.ParseSigned(token)
	if err != nil || len(signed.Signatures) != 1 {
		return hint, errors.New("it is no signed JWT")
	}
	header := signed.Signatures[0].Header
	key, known := e.tokens.keys.Public(header.KeyID)
	if !known {
		return hint, errors.New("its kid is none of the published keys")
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return hint, errors.New("its signature is wrong")
	}
	if typ, _ := header.ExtraHeaders[jose.HeaderType].(string); typ != "JWT" {
		return hint, errors.New("it is a token of another type")
	}
	if err := json.Unmarshal(payload, &hint); err != nil {
		return hint, errors.New("it is no ID token")
	}
	switch {
	case hint.Expires == 0: // which a signed userinfo answer has not
		return hint, errors.New("it is no ID token")
	case hint.Issuer != record.From(ctx).Issuer:
		return hint, errors.New("its iss is " + Quote(hint.Issuer))
	}
	return hint, nil
}

// ReadIDTokenHint verifies the id_token_hint of a logout (OpenID Connect
// RP-Initiated Logout §2).
func (e *Engine) ReadIDTokenHint(ctx context.Context, token string) (IDTokenHint, *Error) {
	hint, err := e.readIDToken(ctx, token)
	if err != nil {
		return hint, Refuse(InvalidRequest, "The id_token_hint is no ID token of this provider: "+err.Error()+".")
	}
	return hint, nil
}
