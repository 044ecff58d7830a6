package lint

import (
	"hash/maphash"
	"sync"
)

// Neighbours are the issuers side by side of one program, and what each has issued: it is
// how a linter knows a code of another issuer. Nil knows nothing.
type Neighbours struct {
	mu     sync.Mutex
	seed   maphash.Seed
	issued table[string]
}

// neighboursAtMost bounds what is remembered of all issuers.
const neighboursAtMost = 4096

// NewNeighbours knows of nobody yet.
func NewNeighbours() *Neighbours {
	return &Neighbours{seed: maphash.MakeSeed(), issued: table[string]{limit: neighboursAtMost}}
}

func (n *Neighbours) tell(issued []byte, by string) {
	if n == nil {
		return
	}
	n.mu.Lock()
	*n.issued.keep(maphash.Bytes(n.seed, issued)) = by
	n.mu.Unlock()
}

// other is the name of another issuer that issued something.
func (n *Neighbours) other(issued, than string) (name string, found bool) {
	if n == nil || issued == "" {
		return "", false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	by := n.issued.find(maphash.String(n.seed, issued))
	if by == nil || *by == than {
		return "", false
	}
	return *by, true
}
