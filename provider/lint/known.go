package lint

import (
	"github.com/mockoauth/mockoauth/fixtures"
)

// Known is who the provider knows. It never changes: of other fixtures another is made.
type Known struct {
	clients   map[string]*fixtures.Client
	passwords map[string]string // by username
	scopes    map[string]bool
	secrets   needles // what must be found nowhere but in its place
	told      []string
}

// NewKnown is of complete and valid fixtures.
func NewKnown(set fixtures.Set) *Known {
	k := &Known{clients: make(map[string]*fixtures.Client, len(set.Clients)), passwords: make(map[string]string, len(set.Users)), scopes: map[string]bool{}}
	names := map[string]bool{}
	for i := range set.Clients {
		k.clients[set.Clients[i].ID] = &set.Clients[i]
		names[set.Clients[i].ID] = true
	}
	for i := range set.Users {
		k.passwords[set.Users[i].Username] = set.Users[i].Password
		names[set.Users[i].Username] = true
	}
	for _, s := range set.Scopes {
		k.scopes[s.Name] = true
	}
	secret := func(s string) { // one that is a name of something as well is found in the name's place
		if len(s) >= secretAtLeast && !names[s] {
			k.told = append(k.told, s)
		}
	}
	for _, c := range k.clients {
		secret(c.Secret)
		for _, p := range c.PreviousSecrets {
			secret(p.Secret)
		}
	}
	for _, password := range k.passwords {
		secret(password)
	}
	k.secrets.add(k.told)
	return k
}

// secretAtLeast is how long a secret is, in bytes, that is hidden in what was sent.
const secretAtLeast = 4

// needleAtLeast is how long a secret is, in bytes, that is not found by chance.
const needleAtLeast = 8

// needles are secrets to be searched for in text. A look at four bytes tells almost
// always that none begins there, so that it matters little how many they are.
type needles struct {
	heads  [1 << 10 / 64]uint64
	byHead map[uint32][]string
}

func (n *needles) add(secrets []string) {
	n.byHead = map[uint32][]string{}
	for _, s := range secrets {
		if len(s) < needleAtLeast {
			continue
		}
		head := headOf(s)
		n.byHead[head] = append(n.byHead[head], s)
		bit := head * 0x9E3779B1 >> 22
		n.heads[bit>>6] |= 1 << (bit & 63)
	}
}

func headOf(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// in tells whether one of them is in a text.
func (n *needles) in(text string) bool {
	if len(n.byHead) == 0 {
		return false
	}
	for i := 0; i+needleAtLeast <= len(text); i++ {
		head := headOf(text[i:])
		bit := head * 0x9E3779B1 >> 22
		if n.heads[bit>>6]&(1<<(bit&63)) == 0 {
			continue
		}
		for _, s := range n.byHead[head] {
			if len(text)-i >= len(s) && text[i:i+len(s)] == s {
				return true
			}
		}
	}
	return false
}
