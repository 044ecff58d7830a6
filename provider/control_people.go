package provider

import (
	"encoding/json"
	"net/url"

	"github.com/mockoauth/mockoauth/fixtures"
)

func listUsers(p *Provider, _ *call) ([]fixtures.User, error) { return orEmpty(p.Users()), nil }

func readUser(p *Provider, c *call) (fixtures.User, error) {
	return p.UserNamed(c.PathValue("username"))
}

func addUser(p *Provider, c *call, u fixtures.User) (fixtures.User, error) {
	u, err := p.AddUser(u)
	if err == nil {
		c.created("/users/" + url.PathEscape(u.Username))
	}
	return u, err
}

func replaceUser(p *Provider, c *call, u fixtures.User) (fixtures.User, error) {
	name := c.PathValue("username")
	if u.Username == "" {
		u.Username = name
	}
	if u.Username != name {
		return u, unprocessable("The username is %q in the path and %q in the body; it says which user it is, so they must be the same.", name, u.Username)
	}
	return p.ReplaceUser(u)
}

func patchUser(p *Provider, c *call, patch json.RawMessage) (fixtures.User, error) {
	return p.PatchUser(c.PathValue("username"), string(patch))
}

func removeUser(p *Provider, c *call) error { return p.RemoveUser(c.PathValue("username")) }

func listClients(p *Provider, _ *call) ([]fixtures.Client, error) { return orEmpty(p.Clients()), nil }

func readClient(p *Provider, c *call) (fixtures.Client, error) {
	return p.ClientNamed(c.PathValue("id"))
}

func addClient(p *Provider, c *call, client fixtures.Client) (fixtures.Client, error) {
	client, err := p.AddClient(client)
	if err == nil {
		c.created("/clients/" + url.PathEscape(client.ID))
	}
	return client, err
}

func replaceClient(p *Provider, c *call, client fixtures.Client) (fixtures.Client, error) {
	id := c.PathValue("id")
	if client.ID == "" {
		client.ID = id
	}
	if client.ID != id {
		return client, unprocessable("The id is %q in the path and %q in the body; it says which client it is, so they must be the same.", id, client.ID)
	}
	return p.ReplaceClient(client)
}

func patchClient(p *Provider, c *call, patch json.RawMessage) (fixtures.Client, error) {
	return p.PatchClient(c.PathValue("id"), string(patch))
}

func removeClient(p *Provider, c *call) error { return p.RemoveClient(c.PathValue("id")) }

func readFixtures(p *Provider, _ *call) (fixtures.Set, error) { return p.Fixtures(), nil }

func listLogins(p *Provider, _ *call) ([]NextLogin, error) { return orEmpty(p.QueuedLogins()), nil }

func queueLogin(p *Provider, _ *call, next NextLogin) ([]NextLogin, error) {
	err := p.QueueLogin(next)
	return p.QueuedLogins(), err
}

// orEmpty is a list that JSON writes as one, also when there is nothing in it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
