package engine

import (
	"maps"
	"slices"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
)

// Directory is who the provider knows: users, clients, scopes. It never changes;
// [Directory.WithUser] and its like answer another one.
type Directory struct {
	usual     Tokens
	clients   map[string]*Client
	users     map[string]*user
	scopes    []fixtures.Scope
	clientIDs []string // in the order of the fixtures
	usernames []string
}

type user struct {
	fixture  fixtures.User
	password digest
}

// Tokens are what the tokens of a client are like that does not choose.
type Tokens struct {
	Format          string        // of access tokens: fixtures.FormatJWT or FormatOpaque
	AccessLifespan  time.Duration // whole seconds
	RefreshLifespan time.Duration // whole seconds
}

// NewDirectory prepares a complete and valid set of fixtures.
func NewDirectory(set fixtures.Set, usual Tokens) *Directory {
	d := &Directory{usual: usual, clients: map[string]*Client{}, users: map[string]*user{}}
	for _, c := range set.Clients {
		d.clients[c.ID] = newClient(c, usual)
		d.clientIDs = append(d.clientIDs, c.ID)
	}
	for _, u := range set.Users {
		d.users[u.Username] = &user{u, digestOf(u.Password)}
		d.usernames = append(d.usernames, u.Username)
	}
	d.scopes = slices.Clone(set.Scopes)
	return d
}

// WithUser is d with a user, in the place of one of the same name.
func (d *Directory) WithUser(u fixtures.User) *Directory {
	changed := *d
	changed.users = maps.Clone(d.users)
	changed.users[u.Username] = &user{u, digestOf(u.Password)}
	if _, known := d.users[u.Username]; !known {
		changed.usernames = append(slices.Clip(d.usernames), u.Username)
	}
	return &changed
}

// WithoutUser is d without a user.
func (d *Directory) WithoutUser(username string) *Directory {
	changed := *d
	changed.users = maps.Clone(d.users)
	delete(changed.users, username)
	changed.usernames = without(d.usernames, username)
	return &changed
}

// WithClient is d with a client, in the place of one of the same id.
func (d *Directory) WithClient(c fixtures.Client) *Directory {
	changed := *d
	changed.clients = maps.Clone(d.clients)
	changed.clients[c.ID] = newClient(c, d.usual)
	if _, known := d.clients[c.ID]; !known {
		changed.clientIDs = append(slices.Clip(d.clientIDs), c.ID)
	}
	return &changed
}

// WithoutClient is d without a client.
func (d *Directory) WithoutClient(id string) *Directory {
	changed := *d
	changed.clients = maps.Clone(d.clients)
	delete(changed.clients, id)
	changed.clientIDs = without(d.clientIDs, id)
	return &changed
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
}

// Scopes lists the scopes' names, in the order of the fixtures.
func (d *Directory) Scopes() []string {
	names := make([]string, len(d.scopes))
	for i, s := range d.scopes {
		names[i] = s.Name
	}
	return names
}

// DescriptionOf is what a scope lets a client do, in words; empty when the
// fixtures say nothing.
func (d *Directory) DescriptionOf(scope string) string {
	i := slices.IndexFunc(d.scopes, func(s fixtures.Scope) bool { return s.Name == scope })
	if i < 0 {
		return ""
	}
	return d.scopes[i].Description
}

// User is a user by name.
func (d *Directory) User(username string) (fixtures.User, bool) {
	u, ok := d.users[username]
	if !ok {
		return fixtures.User{}, false
	}
	return u.fixture, true
}

// Active lists the users who can log in, in the order of the fixtures.
func (d *Directory) Active() []string {
	return slices.DeleteFunc(d.Usernames(), func(username string) bool { return !d.users[username].fixture.Status.Active() })
}

// ClientIDs lists the clients, in the order of the fixtures.
func (d *Directory) ClientIDs() []string { return slices.Clone(d.clientIDs) }

// Secret is a client's secret; empty for a public client. ok is false for an unknown one.
func (d *Directory) Secret(clientID string) (secret string, ok bool) {
	c, ok := d.clients[clientID]
	if !ok {
		return "", false
	}
	return c.fixture.Secret, true
}

// Usernames lists the users, in the order of the fixtures.
func (d *Directory) Usernames() []string { return slices.Clone(d.usernames) }

// Password is a user's password. ok is false for an unknown user.
func (d *Directory) Password(username string) (password string, ok bool) {
	u, ok := d.users[username]
	if !ok {
		return "", false
	}
	return u.fixture.Password, true
}
