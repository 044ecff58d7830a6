package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
)

// digest stands for a secret or password: comparing digests takes the same time
// whatever is compared (no bcrypt: the fixtures are no secret).
type digest [sha256.Size]byte

func digestOf(secret string) digest { return sha256.Sum256([]byte(secret)) }

// Client is a client of the provider, as fosite and the endpoints see it. It
// never changes; a changed client is another value.
type Client struct {
	fixture  fixtures.Client
	secret   digest
	previous []previousSecret

	opaque          bool
	accessLifespan  time.Duration
	refreshLifespan time.Duration
	extraClaims     []byte // the fixture's access token claims as members of a JSON object, each after a comma
}

type previousSecret struct {
	secret    digest
	expiresAt time.Time // zero means never
}

var _ fosite.Client = (*Client)(nil)

// newClient prepares a client; where it does not choose, its tokens are as usual.
func newClient(f fixtures.Client, usual Tokens) *Client {
	c := &Client{
		fixture: f, secret: digestOf(f.Secret), extraClaims: members(f.AccessToken.Claims),
		opaque:          cmp.Or(f.AccessToken.Format, usual.Format) == fixtures.FormatOpaque,
		accessLifespan:  cmp.Or(time.Duration(f.AccessToken.Lifespan), usual.AccessLifespan),
		refreshLifespan: cmp.Or(time.Duration(f.RefreshToken.Lifespan), usual.RefreshLifespan),
	}
	for _, p := range f.PreviousSecrets {
		c.previous = append(c.previous, previousSecret{digestOf(p.Secret), p.ExpiresAt})
	}
	return c
}

// members writes claims as the members of a JSON object, each after a comma, in
// the order of their names.
func members(claims map[string]any) []byte {
	if len(claims) == 0 {
		return nil
	}
	object, err := json.Marshal(claims)
	if err != nil {
		return nil // fixtures come from JSON and YAML and can be written as JSON
	}
	return slices.Concat([]byte(","), object[1:len(object)-1])
}

// GetID is the client_id.
func (c *Client) GetID() string { return c.fixture.ID }

// Name is what people call it.
func (c *Client) Name() string { return c.fixture.Name }

// PostLogoutRedirectURIs are where a browser may go after logout.
func (c *Client) PostLogoutRedirectURIs() []string {
	return slices.Clone(c.fixture.PostLogoutRedirectURIs)
}

// GetHashedSecret answers nothing: fosite authenticates no client here.
func (c *Client) GetHashedSecret() []byte { return nil }

// GetRedirectURIs are the registered ones.
func (c *Client) GetRedirectURIs() []string { return c.fixture.RedirectURIs }

// GetGrantTypes are the registered ones.
func (c *Client) GetGrantTypes() fosite.Arguments { return c.fixture.Grants }

// GetResponseTypes are the registered ones.
func (c *Client) GetResponseTypes() fosite.Arguments { return c.fixture.ResponseTypes }

// GetScopes are those that the client may ask for.
func (c *Client) GetScopes() fosite.Arguments { return c.fixture.Scopes }

// GetAudience are those that the client may ask for.
func (c *Client) GetAudience() fosite.Arguments { return c.fixture.Audiences }

// IsPublic tells a client without a secret (RFC 6749 §2.1).
func (c *Client) IsPublic() bool { return c.fixture.AuthMethod == fixtures.AuthNone }

// has tells whether the client is registered for a grant.
func (c *Client) has(grant string) bool { return slices.Contains(c.fixture.Grants, grant) }
