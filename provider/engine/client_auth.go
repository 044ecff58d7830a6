package engine

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// ClientAuthMethods lists the methods (RFC 7591 §2) in the order in which they are advertised.
func ClientAuthMethods() []string {
	return []string{fixtures.AuthBasic, fixtures.AuthPost, fixtures.AuthNone}
}

// credentials are how a request says which client it comes from.
type credentials struct {
	method, id, secret string
}

// Authenticate finds out which client a request to the token, introspection or
// revocation endpoint comes from (RFC 6749 §2.3, §3.2.1). form is the body's.
// An unknown client and a wrong secret are the same to the client, not to the log.
func (e *Engine) Authenticate(ctx context.Context, r *http.Request, form url.Values) (*Client, *Error) {
	presented, refused := present(r, form)
	if refused != nil {
		return nil, refused
	}
	record.From(ctx).Client = clip(presented.id)
	if refused := e.throttle.refuse("client", presented.id, InvalidClient); refused != nil {
		return nil, refused
	}
	if err := failing(ctx); err != nil {
		return nil, unavailable(err)
	}
	client, reason := e.match(presented)
	if reason != "" {
		e.throttle.failed("client", presented.id)
		if reason == notEncoded { // whoever sent it has the right secret, and may know
			return nil, unauthenticated("Client authentication failed: id and secret were not form-encoded before Base64 (RFC 6749 section 2.3.1).", "")
		}
		return nil, unauthenticated("", reason)
	}
	e.throttle.succeeded("client", presented.id)
	return client, nil
}

// present reads the credentials off a request, which must use one mechanism (RFC 6749 §2.3).
func present(r *http.Request, form url.Values) (credentials, *Error) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	headers := r.Header.Values("Authorization")
	switch {
	case len(headers) > 1:
		return credentials{}, Refuse(InvalidRequest, "The request has more than one Authorization header.")
	case form.Get("client_assertion") != "" || form.Get("client_assertion_type") != "":
		if len(headers) > 0 || secret != "" {
			return credentials{}, twoMechanisms()
		}
		return credentials{}, unauthenticated("Client assertions are not supported here; use client_secret_basic or client_secret_post.", "")
	case len(headers) == 1 && secret != "":
		return credentials{}, twoMechanisms()
	case len(headers) == 1:
		c, refused := fromHeader(headers[0])
		if refused == nil && id != "" && id != c.id {
			return credentials{}, Refuse(InvalidRequest, "The client_id in the body is not the client of the Authorization header.")
		}
		return c, refused
	case id == "":
		return credentials{}, unauthenticated("The request has no client authentication: send HTTP Basic, or client_id and client_secret in the body.", "")
	case secret != "":
		return credentials{fixtures.AuthPost, id, secret}, nil
	}
	return credentials{fixtures.AuthNone, id, ""}, nil
}

// fromHeader reads HTTP Basic (RFC 7617 §2) with the parts form-encoded (RFC 6749 §2.3.1).
func fromHeader(header string) (credentials, *Error) {
	scheme, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") { // RFC 9110 §11.1: schemes have no case
		return credentials{}, unauthenticated("The Authorization header's scheme is not Basic.", "")
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return credentials{}, unauthenticated("The Authorization header is not Base64 after Basic.", "")
	}
	user, password, ok := strings.Cut(string(raw), ":")
	if !ok {
		return credentials{}, unauthenticated("The Authorization header has no colon between client_id and secret.", "")
	}
	id, errID := url.QueryUnescape(user)
	secret, errSecret := url.QueryUnescape(password)
	if errID != nil || errSecret != nil {
		return credentials{}, unauthenticated("client_id or secret in the Authorization header are not form-encoded (RFC 6749 section 2.3.1): encode each before Base64.", "")
	}
	return credentials{fixtures.AuthBasic, id, secret}, nil
}

// match finds the client that the credentials belong to, or says why there is none.
func (e *Engine) match(presented credentials) (*Client, string) {
	client, known := e.directory.Load().clients[presented.id]
	digest := digestOf(presented.secret)
	if !known {
		if other := e.secretOf(presented.id); other != "" {
			return nil, "the client_id is the secret of client " + Quote(other) + ": client_id and secret are swapped"
		}
		reason := "unknown client " + Quote(presented.id)
		if near := fixtures.Suggest(presented.id, e.directory.Load().clientIDs); near != "" {
			reason += ", did you mean " + Quote(near) + "?"
		}
		return nil, reason
	}
	right := subtle.ConstantTimeCompare(digest[:], client.secret[:]) == 1
	method := client.fixture.AuthMethod
	now := e.clock.Now()
	switch {
	case client.fixture.Disabled:
		return nil, "the client is disabled"
	case method == fixtures.AuthNone && presented.method != fixtures.AuthNone:
		return nil, "a public client (auth_method none) sent a secret or a Basic header; it has only its client_id to send"
	case method == fixtures.AuthNone:
		return client, ""
	case presented.method == fixtures.AuthNone:
		return nil, "a confidential client sent no secret"
	case method != "" && method != presented.method:
		return nil, "the client is registered for " + method + " and used " + presented.method
	case right && client.fixture.SecretExpiresAt.IsZero(), right && now.Before(client.fixture.SecretExpiresAt):
		return client, ""
	case right:
		return nil, "the client's secret expired at " + client.fixture.SecretExpiresAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, p := range client.previous {
		if subtle.ConstantTimeCompare(digest[:], p.secret[:]) == 1 && (p.expiresAt.IsZero() || now.Before(p.expiresAt)) {
			return client, ""
		}
	}
	return nil, wrongSecret(client, presented)
}

// secretOf is the client that has a secret.
func (e *Engine) secretOf(secret string) (clientID string) {
	digest := digestOf(secret)
	for id, c := range e.directory.Load().clients {
		if c.fixture.Secret != "" && c.secret == digest {
			return id
		}
	}
	return ""
}

const notEncoded = "the secret was sent in Basic without form-encoding it first (RFC 6749 section 2.3.1)"

// wrongSecret says what is known about a secret that is not the client's.
func wrongSecret(c *Client, presented credentials) string {
	encoded := url.QueryEscape(c.fixture.Secret)
	decoded, err := url.QueryUnescape(c.fixture.Secret)
	presentedDigest := digestOf(presented.secret)
	switch {
	case encoded == c.fixture.Secret:
		return "wrong secret"
	case err == nil && presented.method == fixtures.AuthBasic && presentedDigest == digestOf(decoded):
		return notEncoded
	case presentedDigest == digestOf(encoded):
		return "the secret was form-encoded twice"
	}
	return "wrong secret"
}

// unauthenticated is invalid_client (RFC 6749 §5.2). With a reason the client is
// told no more than that it failed.
func unauthenticated(description, reason string) *Error {
	if description == "" {
		description = "Client authentication failed: the client is unknown, its secret is wrong, or it uses another method than it is registered for."
	}
	return &Error{Status: http.StatusUnauthorized, Code: InvalidClient, Scheme: "Basic", Description: description, Reason: reason}
}

func twoMechanisms() *Error {
	return Refuse(InvalidRequest, "The request authenticates the client by more than one mechanism (RFC 6749 section 2.3): use the Authorization header or the body, not both.")
}

// authenticateForFosite is Authenticate in the shape that fosite calls.
func (e *Engine) authenticateForFosite(ctx context.Context, r *http.Request, form url.Values) (fosite.Client, error) {
	client, refused := e.Authenticate(ctx, r, form)
	if refused != nil {
		return nil, refused
	}
	return client, nil
}
