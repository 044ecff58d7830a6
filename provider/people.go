package provider

import (
	"errors"
	"net/http"

	"github.com/mockoauth/mockoauth/fixtures"
)

// Users lists the users. The answer is a copy.
func (p *Provider) Users() []fixtures.User { return p.Fixtures().Users }

// UserNamed is a user. The error is a [Refusal].
func (p *Provider) UserNamed(username string) (fixtures.User, error) {
	u, err := p.set().User(username)
	return u, notFound(err)
}

// AddUser makes a user who can log in from now on, and answers them complete. The error
// is a [Refusal]: there is one of that name, or the rules of the fixtures are broken.
func (p *Provider) AddUser(u fixtures.User) (fixtures.User, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.User, error) {
		if _, err := set.User(u.Username); err == nil {
			return nil, u, refuse(http.StatusConflict, "There is a user %q already; replace or patch them, or choose another name.", u.Username)
		}
		return p.withUser(set, u)
	})
}

// ReplaceUser makes a user anew, or for the first time, and answers them complete. Their
// grants stay, unless the subject is another: then no refresh goes on with them. The
// error is a [Refusal].
func (p *Provider) ReplaceUser(u fixtures.User) (fixtures.User, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.User, error) { return p.withUser(set, u) })
}

// PatchUser changes a user by a JSON Merge Patch (RFC 7396): p.PatchUser("alice",
// `{"status":"locked"}`). It answers them complete. The error is a [Refusal].
func (p *Provider) PatchUser(username, patch string) (fixtures.User, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.User, error) {
		u, err := set.User(username)
		if err != nil {
			return nil, u, notFound(err)
		}
		if u, err = fixtures.PatchUser(u, []byte(patch)); err != nil {
			return nil, u, invalid("user", err)
		}
		return p.withUser(set, u)
	})
}

// RemoveUser deletes a user: their grants and sessions end. Clients that they owned
// have no owner then. The error is a [Refusal].
func (p *Provider) RemoveUser(username string) error {
	_, err := changed(p, func(set fixtures.Set) (*edition, any, error) {
		left, err := set.WithoutUser(username)
		if err != nil {
			return nil, nil, notFound(err)
		}
		directory := p.engine.Directory().WithoutUser(username)
		for i, c := range set.Clients {
			if c.User == username {
				directory = directory.WithClient(left.Clients[i])
			}
		}
		return newEdition(left, directory), nil, nil
	})
	if err == nil {
		_, err = p.Revoke(Revocation{User: username})
	}
	return err
}

func (p *Provider) withUser(set fixtures.Set, u fixtures.User) (*edition, fixtures.User, error) {
	set, u, err := set.WithUser(u)
	if err != nil {
		return nil, u, invalid("user", err)
	}
	return newEdition(set, p.engine.Directory().WithUser(u)), u, nil
}

// Clients lists the clients. The answer is a copy.
func (p *Provider) Clients() []fixtures.Client { return p.Fixtures().Clients }

// ClientNamed is a client by its id. The error is a [Refusal].
func (p *Provider) ClientNamed(id string) (fixtures.Client, error) {
	c, err := p.set().Client(id)
	return c, notFound(err)
}

// AddClient makes a client that can ask for tokens from now on, and answers it complete
// with what was left out. The error is a [Refusal]: there is one of that id, or the rules
// of the fixtures are broken.
func (p *Provider) AddClient(c fixtures.Client) (fixtures.Client, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.Client, error) {
		if _, err := set.Client(c.ID); err == nil {
			return nil, c, refuse(http.StatusConflict, "There is a client %q already; replace or patch it, or choose another id.", c.ID)
		}
		return p.withClient(set, c)
	})
}

// ReplaceClient makes a client anew, or for the first time, and answers it complete. Its
// grants stay. The error is a [Refusal].
func (p *Provider) ReplaceClient(c fixtures.Client) (fixtures.Client, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.Client, error) { return p.withClient(set, c) })
}

// PatchClient changes a client by a JSON Merge Patch (RFC 7396):
// p.PatchClient("web", `{"disabled":true}`). It answers it complete. The error is a [Refusal].
func (p *Provider) PatchClient(id, patch string) (fixtures.Client, error) {
	return changed(p, func(set fixtures.Set) (*edition, fixtures.Client, error) {
		c, err := set.Client(id)
		if err != nil {
			return nil, c, notFound(err)
		}
		if c, err = fixtures.PatchClient(c, []byte(patch)); err != nil {
			return nil, c, invalid("client", err)
		}
		return p.withClient(set, c)
	})
}

// RemoveClient deletes a client: its grants end. The error is a [Refusal].
func (p *Provider) RemoveClient(id string) error {
	_, err := changed(p, func(set fixtures.Set) (*edition, any, error) {
		set, err := set.WithoutClient(id)
		if err != nil {
			return nil, nil, notFound(err)
		}
		return newEdition(set, p.engine.Directory().WithoutClient(id)), nil, nil
	})
	if err == nil {
		p.sessions.ForgetClient(id)
		_, err = p.Revoke(Revocation{Client: id})
	}
	return err
}

func (p *Provider) withClient(set fixtures.Set, c fixtures.Client) (*edition, fixtures.Client, error) {
	set, c, err := set.WithClient(c, p.chance)
	if err == nil {
		err = p.provideKeys(c)
	}
	if err != nil {
		return nil, c, invalid("client", err)
	}
	return newEdition(set, p.engine.Directory().WithClient(c)), c, nil
}

func (p *Provider) set() fixtures.Set { return p.roster.current.Load().set }

// changed makes a change to the roster, all of it or nothing.
func changed[T any](p *Provider, change func(fixtures.Set) (*edition, T, error)) (T, error) {
	p.roster.change.Lock()
	defer p.roster.change.Unlock()
	next, value, err := change(p.set())
	if err != nil {
		var none T
		return none, err
	}
	p.roster.current.Store(next)
	p.engine.Know(next.directory)
	return value, nil
}

// notFound is an error of the fixtures as a refusal; nil when there is none.
func notFound(err error) error {
	var missing fixtures.NotFoundError
	if errors.As(err, &missing) {
		return refuse(http.StatusNotFound, "%v", missing)
	}
	return err
}
