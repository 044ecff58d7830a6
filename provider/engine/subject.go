package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/mockoauth/mockoauth/fixtures"
)

// subjectFor is the sub under which a client knows a user: the same for all
// clients, or one for each sector, which is the host of the client's redirect
// URIs (OpenID Connect Core §8.1).
func subjectFor(client *Client, u *user) string {
	if client.fixture.SubjectType != fixtures.SubjectPairwise {
		return u.fixture.Subject
	}
	sum := sha256.Sum256([]byte("mockoauth pairwise:" + sectorOf(client) + "\x00" + u.fixture.Subject))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// sectorOf is the client's sector identifier; its id when it has no redirect URI.
func sectorOf(client *Client) string {
	for _, redirect := range client.fixture.RedirectURIs {
		if u, err := url.Parse(redirect); err == nil && u.Hostname() != "" {
			return u.Hostname()
		}
	}
	return client.GetID()
}
