package engine

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/keys"
	"github.com/mockoauth/mockoauth/provider/store"
)

// The kinds of tokens that can be minted.
const (
	KindAccessToken  = "access_token"
	KindIDToken      = "id_token"
	KindRefreshToken = "refresh_token"
)

// What a minted token can be signed by, besides the kid of a published key.
const (
	KeyCurrent = "current" // whatever signs at present
	KeyForeign = "foreign" // one that is published nowhere
	KeyNone    = "none"    // alg none: nothing signs it (RFC 7515 App. A.5)
)

// A Minting says what token to make, valid or not.
type Minting struct {
	// Kind is one of [KindAccessToken], which is meant when it is empty, [KindIDToken]
	// and [KindRefreshToken].
	Kind string `json:"kind,omitempty"`
	// Format is jwt, which is meant when it is empty, or opaque; refresh tokens are opaque.
	Format string `json:"format,omitempty"`
	// Client and User are whose it is: the first client and nobody when empty.
	Client string `json:"client,omitempty"`
	User   string `json:"user,omitempty"`
	// Scope is what is granted by it, separated by spaces.
	Scope string `json:"scope,omitempty"`
	// Claims go over those that such a token has; null takes one away.
	Claims map[string]any `json:"claims,omitempty"`
	// Header goes over alg, typ and kid; null takes one away.
	Header map[string]any `json:"header,omitempty"`
	// Key is what signs it: [KeyCurrent], which is meant when it is empty, [KeyForeign],
	// [KeyNone], or the kid of a published key.
	Key string `json:"key,omitempty"`
	// Register has introspection, userinfo and the resource know it, as long as its exp says.
	Register bool `json:"register,omitempty"`
}

// Mint makes a token for an issuer, whatever it is worth.
func (e *Engine) Mint(issuer string, m Minting) (string, *Error) {
	subject, client, refused := e.whose(&m)
	if refused != nil {
		return "", refused
	}
	now := e.clock.Now().Truncate(time.Second)
	claims := map[string]any{"iss": issuer, "sub": subject, "iat": now.Unix(), "exp": now.Add(client.accessLifespan).Unix()}
	var err error
	switch m.Kind {
	case KindIDToken:
		maps.Copy(claims, map[string]any{"aud": m.Client, "azp": m.Client, "exp": now.Add(e.idTokenLifespan).Unix(), "auth_time": now.Unix(), "acr": acrOf(nil)})
	case KindRefreshToken:
		m.Format = fixtures.FormatOpaque
		claims["exp"] = now.Add(client.refreshLifespan).Unix()
	default:
		if claims["jti"], err = e.tokens.tokenID(); err != nil {
			return "", unpack(err)
		}
		claims["client_id"], claims["aud"] = m.Client, audience(audienceOf(client, nil, issuer))
		if m.Scope != "" {
			claims["scope"] = m.Scope
		}
	}
	overlay(claims, m.Claims)
	token := ""
	if m.Format == fixtures.FormatOpaque {
		if token, err = e.tokens.opaque(); err != nil {
			return "", unpack(err)
		}
	} else if token, refused = e.signMinted(m, claims); refused != nil {
		return "", refused
	}
	if m.Register {
		e.register(token, m, claims)
	}
	return token, nil
}

// whose completes and checks a minting.
func (e *Engine) whose(m *Minting) (subject string, client *Client, refused *Error) {
	d := e.directory.Load()
	if m.Client == "" && len(d.clientIDs) > 0 {
		m.Client = d.clientIDs[0]
	}
	client, known := d.clients[m.Client]
	u, knownUser := d.users[m.User]
	switch {
	case !slices.Contains([]string{"", KindAccessToken, KindIDToken, KindRefreshToken}, m.Kind):
		return "", nil, unmintable("The kind " + Quote(m.Kind) + " is none of access_token, id_token and refresh_token.")
	case !slices.Contains([]string{"", fixtures.FormatJWT, fixtures.FormatOpaque}, m.Format):
		return "", nil, unmintable("The format " + Quote(m.Format) + " is neither jwt nor opaque.")
	case m.Kind == KindIDToken && (m.Format == fixtures.FormatOpaque || m.Register):
		return "", nil, unmintable("An ID token is a JWT, and no endpoint is asked about it: leave out format and register.")
	case m.Kind == KindRefreshToken && m.Format == fixtures.FormatJWT:
		return "", nil, unmintable("Refresh tokens are opaque: leave out format.")
	case !known:
		return "", nil, unmintable("There is no client " + Quote(m.Client) + near(m.Client, d.clientIDs))
	case m.User != "" && !knownUser:
		return "", nil, unmintable("There is no user " + Quote(m.User) + near(m.User, d.usernames))
	case knownUser:
		return subjectFor(client, u), client, nil
	}
	return m.Client, client, nil
}

// near ends a sentence about a name that there is not.
func near(name string, known []string) string {
	if suggestion := fixtures.Suggest(name, known); suggestion != "" {
		return ", did you mean " + Quote(suggestion) + "?"
	}
	return "."
}

func unmintable(description string) *Error {
	return &Error{Status: http.StatusUnprocessableEntity, Code: InvalidRequest, Description: description}
}

// overlay puts values over others; a null takes one away.
func overlay(values, over map[string]any) {
	maps.Copy(values, over)
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == nil })
}

// signMinted makes the JWT of a minting.
func (e *Engine) signMinted(m Minting, claims map[string]any) (string, *Error) {
	key, refused := e.mintingKey(m)
	if refused != nil {
		return "", refused
	}
	header := map[string]any{"alg": key.Alg(), "kid": key.ID(), "typ": "at+jwt"}
	if m.Kind == KindIDToken {
		header["typ"] = "JWT"
	}
	if m.Key == KeyNone {
		header["alg"] = "none"
		delete(header, "kid")
	}
	overlay(header, m.Header)
	head, err := json.Marshal(header)
	if err != nil {
		return "", unmintable("The header cannot be written as JSON: " + err.Error())
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", unmintable("The claims cannot be written as JSON: " + err.Error())
	}
	if m.Key == KeyNone {
		return base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(payload) + ".", nil
	}
	token, err := compact(key, head, payload)
	if err != nil {
		return "", unpack(err)
	}
	return token, nil
}

// mintingKey is what signs: for the algorithm of the header where there is a key for
// it, so that the token is what it says.
func (e *Engine) mintingKey(m Minting) (*keys.Key, *Error) {
	alg, _ := m.Header["alg"].(string)
	if !slices.Contains(e.tokens.keys.Algs(), alg) {
		alg = ""
		if m.Kind == KindIDToken {
			alg = e.directory.Load().clients[m.Client].fixture.IDToken.Alg
		}
	}
	switch m.Key {
	case "", KeyCurrent, KeyNone:
		key, err := e.tokens.keys.Signer(alg)
		if err != nil {
			return nil, unpack(err)
		}
		return key, nil
	case KeyForeign:
		if alg == "" {
			alg = e.tokens.keys.Default()
		}
		key, err := foreignKey(alg)
		if err != nil {
			return nil, unpack(err)
		}
		return key, nil
	}
	if key, known := e.tokens.keys.Key(m.Key); known {
		return key, nil
	}
	return nil, unmintable("The key " + Quote(m.Key) + " is neither current, foreign nor none, nor the kid of a published key.")
}

// register has the store know a minted token, as its claims say.
func (e *Engine) register(token string, m Minting, claims map[string]any) {
	kind := store.Access
	if m.Kind == KindRefreshToken {
		kind = store.Refresh
	}
	subject, _ := claims["sub"].(string)
	issuer, _ := claims["iss"].(string)
	scope, _ := claims["scope"].(string)
	r := store.Record{
		Kind: kind, Family: e.store.NewFamily(), Client: m.Client, Subject: subject, Username: m.User, Issuer: issuer,
		Grant: fixtures.GrantClientCredentials, Scope: strings.Fields(scope), Audience: audiencesIn(claims["aud"]),
		IssuedAt: instantOf(claims["iat"]), ExpiresAt: instantOf(claims["exp"]),
	}
	if m.Kind == KindRefreshToken {
		r.Scope = strings.Fields(m.Scope)
	}
	if m.User != "" {
		r.Grant, r.AuthenticatedAt = fixtures.GrantPassword, r.IssuedAt
	}
	e.store.Put(store.KeyOf(kind, token), r)
}

// audiencesIn is a claim that is a string or a list of them.
func audiencesIn(claim any) (list []string) {
	switch claim := claim.(type) {
	case string:
		return []string{claim}
	case []string:
		return claim
	case []any:
		for _, item := range claim {
			if text, ok := item.(string); ok {
				list = append(list, text)
			}
		}
	}
	return list
}

// instantOf is a NumericDate (RFC 7519 §2); zero for anything else.
func instantOf(claim any) time.Time {
	switch seconds := claim.(type) {
	case int64:
		return time.Unix(seconds, 0)
	case int:
		return time.Unix(int64(seconds), 0)
	case float64:
		return time.Unix(int64(seconds), 0)
	}
	return time.Time{}
}
