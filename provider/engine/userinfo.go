package engine

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/mockoauth/mockoauth/provider/record"
	"github.com/mockoauth/mockoauth/provider/store"
)

// UserInfo answers what a client may know of the user of an access token (OpenID
// Connect Core §5.3.2): a JSON object, or where the client asks for it a JWT.
func (e *Engine) UserInfo(ctx context.Context, token string) (body []byte, isJWT bool, refused *Error) {
	if err := failing(ctx); err != nil {
		return nil, false, unavailable(err)
	}
	r, ok := e.store.Get(store.KeyOf(store.Access, token))
	client, known := e.directory.Load().clients[r.Client]
	if !ok || !known {
		return nil, false, BearerRefused(http.StatusUnauthorized, InvalidToken, "The access token is unknown, expired or revoked.")
	}
	x := record.From(ctx)
	x.Client, x.User = r.Client, clip(r.Username)
	u, knownUser := e.directory.Load().users[r.Username]
	switch {
	case r.Username == "":
		return nil, false, BearerRefused(http.StatusForbidden, InsufficientScope, "The access token is a client's own: there is no user to tell about.")
	case !slices.Contains(r.Scope, "openid"):
		refused = BearerRefused(http.StatusForbidden, InsufficientScope, "The access token lacks the scope openid.")
		refused.Scope = "openid"
		return nil, false, refused
	case !knownUser:
		return nil, false, BearerRefused(http.StatusUnauthorized, InvalidToken, "The user of the access token is no more.")
	}
	claims := u.userInfoClaims(r.Scope, unpackDetail(r.Detail).Claims)
	claims["sub"] = r.Subject
	if client.fixture.UserInfo.Alg != "" {
		body, err := e.signedUserInfo(ctx, client, claims, r.Issuer)
		if err != nil {
			return nil, false, unpack(err)
		}
		return body, true, nil
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return nil, false, unpack(err)
	}
	return body, false, nil
}

// signedUserInfo is the answer as a JWT, with iss and aud (OpenID Connect Core §5.3.2).
func (e *Engine) signedUserInfo(ctx context.Context, client *Client, claims map[string]any, issuer string) ([]byte, error) {
	key, err := e.tokens.keys.Signer(client.fixture.UserInfo.Alg)
	if err != nil {
		return nil, err
	}
	claims = maps.Clone(claims)
	claims["iss"], claims["aud"] = issuer, client.GetID()
	payload, err := json.Marshal(claims)
	if err != nil {
		return nil, err
	}
	token, err := sign(ctx, signing{kind: "userinfo", typ: "JWT", key: key, payload: payload})
	return []byte(token), err
}

// BearerRefused is a resource's refusal, with its challenge (RFC 6750 §3.1).
func BearerRefused(status int, code, description string) *Error {
	return &Error{Status: status, Code: code, Description: description, Scheme: "Bearer", ChallengeCode: code}
}
