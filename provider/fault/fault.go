// Package fault describes the ways in which a provider can be told to be wrong.
//
// A [Fault] is a value with a name, the clause that it breaks and up to four
// seams: what the provider hears, signs, says, and how its connection behaves.
// The provider itself stays strict: even leniency is a fault, in which a strict
// provider is told what it would have liked to hear. Nothing is registered and
// nothing here imports the provider. [Catalog] lists the named ones, [Box] holds
// those in force.
package fault

import (
	"net/http"
	"slices"
)

// The endpoints' names, as faults, logs and records use them.
const (
	Token         = "token"
	Introspection = "introspection"
	Revocation    = "revocation"
	Verify        = "verify"
	Authorization = "authorization"
	UserInfo      = "userinfo"
	EndSession    = "end_session"
	JWKS          = "jwks"
	Discovery     = "openid-configuration"
	Metadata      = "oauth-authorization-server"
	Resource      = "resource" // the resource server at /_mock/resource
)

// Endpoints lists the endpoints at which a fault can act, in reading order.
func Endpoints() []string {
	return []string{
		Authorization, Token, UserInfo, Introspection, Revocation, EndSession, JWKS, Discovery, Metadata, Verify, Resource,
	}
}

// A Fault is one way to be wrong. Set the seams you need and leave the rest nil.
// A Fault is a value: [Fault.Once] and its like answer a changed copy.
type Fault struct {
	Name   string   // "wrong_audience": unique, snake_case, never reused
	Clause string   // the clause that a provider breaks by it: "RFC 9068 §4"
	Says   string   // what the provider does, in one line
	Advice string   // what a careful client does when it meets it, in one line: see [Catalog]
	At     []string // the endpoints at which it acts and is counted; none means each
	Client string   // acts for this client_id only; empty means for all

	Hear func(*Heard)                    // changes what the provider is told
	Sign func(*Signing)                  // changes a token before, or as, it is signed
	Say  func(*Said)                     // changes the answer before it leaves
	Wire func(http.Handler) http.Handler // changes how the connection behaves

	// Store, when set, is what every call to the storage answers.
	Store error

	times   int     // how many requests it is still good for; 0 means all
	chance  float64 // the probability with which it acts; 0 means always, less than that never
	ordered *Order  // as what it was ordered, when it is no fault of Go's or the catalogue's
	memory  *Memory // what it remembers since it was injected
}

// Once is f for one request.
func (f Fault) Once() Fault { return f.Times(1) }

// Times is f for n requests; fewer than one means for all.
func (f Fault) Times(n int) Fault { f.times = max(n, 0); return f }

// For is f for the requests of one client.
func (f Fault) For(clientID string) Fault { f.Client = clientID; return f }

// AtEndpoint is f at the named endpoints only, counted there.
func (f Fault) AtEndpoint(names ...string) Fault { f.At = slices.Clone(names); return f }

// Remaining is how many requests f is still good for; 0 means all.
func (f Fault) Remaining() int { return f.times }

// WithChance is f acting, with probability p, on a request on which it would act:
// 1 is always, as without it, and 0 is never. A request that it spares is not
// counted as one of its [Fault.Times].
func (f Fault) WithChance(p float64) Fault {
	switch {
	case p >= 1:
		f.chance = 0
	case p > 0:
		f.chance = p
	default: // also not a number
		f.chance = -1
	}
	return f
}

// Chance is the probability with which f acts, from 0 to 1; 1 unless [Fault.WithChance] says otherwise.
func (f Fault) Chance() float64 {
	if f.chance == 0 {
		return 1
	}
	return max(f.chance, 0)
}
