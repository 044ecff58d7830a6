package provider

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/lint"
)

// roster is the users, clients and scopes of a tenant, which change at run time.
type roster struct {
	change  sync.Mutex // held by whoever changes it
	begun   *edition   // as at the start
	current atomic.Pointer[edition]
}

// edition is a roster at one time. It never changes, and tenants share it.
type edition struct {
	set       fixtures.Set
	directory *engine.Directory
	scrub     func() scrubber    // made when first asked for, as is the next
	known     func() *lint.Known // to the linter
}

func newEdition(set fixtures.Set, directory *engine.Directory) *edition {
	return &edition{
		set, directory, sync.OnceValue(func() scrubber { return newScrubber(set) }), sync.OnceValue(func() *lint.Known { return lint.NewKnown(set) }),
	}
}

func (r *roster) begin(e *edition) {
	r.begun = e
	r.current.Store(e)
}

// Fixtures are the users, clients and scopes as they are now, complete with what
// was generated. The answer is a copy.
func (p *Provider) Fixtures() fixtures.Set { return p.set().Clone() }

// Client is the first client that has a secret and is not disabled: in a test
// that says nothing, the demo client. It is the zero Client when there is none.
func (p *Provider) Client() fixtures.Client {
	clients := p.Fixtures().Clients
	i := slices.IndexFunc(clients, func(c fixtures.Client) bool { return c.Secret != "" && !c.Disabled })
	if i < 0 {
		return fixtures.Client{}
	}
	return clients[i]
}

// User is the first user who can log in: in a test that says nothing, apitester.
// It is the zero User when there is none.
func (p *Provider) User() fixtures.User {
	users := p.Fixtures().Users
	i := slices.IndexFunc(users, func(u fixtures.User) bool { return u.Status.Active() })
	if i < 0 {
		return fixtures.User{}
	}
	return users[i]
}

// provideKeys has a key for each algorithm that the clients want. Those of one's
// own are not added to.
func (p *Provider) provideKeys(clients ...fixtures.Client) error {
	for _, c := range clients {
		for _, alg := range []string{c.IDToken.Alg, c.UserInfo.Alg} {
			if alg == "" || slices.Contains(p.keys.Algs(), alg) {
				continue
			}
			if !p.keys.Development() {
				return fmt.Errorf("client %q wants tokens signed by %s, and the keys are for %s only", c.ID, alg, strings.Join(p.keys.Algs(), ", "))
			}
			if _, err := p.keys.Add(alg); err != nil {
				return err
			}
		}
	}
	return nil
}
