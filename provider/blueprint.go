package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/lint"
)

// blueprint is what a provider and its tenants have in common. It never changes.
type blueprint struct {
	settings
	transport   transport
	cors        cors
	plan        []endpoint.Endpoint
	rooms       map[string]place  // what is at a path below an issuer
	subtrees    []place           // those that have all paths below theirs, too
	reserved    map[string]string // the first segments of paths, and such a path: no tenant can be called so
	httpClient  func() *http.Client
	switchboard func() *switchboard // made when first asked for
	neighbours  *lint.Neighbours

	stopping context.Context // done when requests that would not end by themselves are to
	stop     context.CancelFunc
}

func newBlueprint(s settings, t transport, c cors, plan []endpoint.Endpoint) *blueprint {
	b := &blueprint{settings: s, transport: t, cors: c, plan: plan, rooms: map[string]place{}, reserved: map[string]string{}, neighbours: lint.NewNeighbours()}
	b.stopping, b.stop = context.WithCancel(context.Background())
	b.httpClient, b.switchboard = sync.OnceValue(b.newHTTPClient), sync.OnceValue(newSwitchboard)
	for i, e := range b.plan {
		for _, path := range e.Paths {
			b.rooms[path] = place(i)
			first, _, _ := strings.Cut(path[1:], "/")
			b.reserved[first] = path
		}
		if e.Subtree {
			b.subtrees = append(b.subtrees, place(i))
		}
	}
	return b
}

// A place is the number of an endpoint in the plan, or one of these.
type place int

const (
	nowhere place = -1
	control place = -2 // the provider's own, for tests
)

// ControlPath is below which tests control a provider, under its issuer.
const ControlPath = "/_mock"

// placeOf is what there is at a path below an issuer.
func (b *blueprint) placeOf(path string) (at place, found bool) {
	if room, found := b.rooms[path]; found {
		return room, true
	}
	return b.placeBelow(path)
}

// placeBelow is what has a path among all those below its own.
func (b *blueprint) placeBelow(path string) (at place, found bool) {
	for _, at := range b.subtrees {
		if slices.ContainsFunc(b.plan[at].Paths, func(p string) bool { return isBelow(path, p) }) {
			return at, true
		}
	}
	if path == ControlPath || isBelow(path, ControlPath) {
		return control, true
	}
	return nowhere, false
}

func isBelow(path, base string) bool {
	return len(path) > len(base) && path[len(base)] == '/' && path[:len(base)] == base
}

// endpointNamed is an endpoint of the plan.
func (b *blueprint) endpointNamed(name string) (endpoint.Endpoint, bool) {
	i := slices.IndexFunc(b.plan, func(e endpoint.Endpoint) bool { return e.Name == name })
	if i < 0 {
		return endpoint.Endpoint{}, false
	}
	return b.plan[i], true
}
