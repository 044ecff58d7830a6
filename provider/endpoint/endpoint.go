// Package endpoint is every route of the provider, one file each. [Plan] is the
// one table of them: what is served and what the metadata documents advertise
// both come from it, so that they cannot disagree.
//
// To add an endpoint, write its file with its [Endpoint] and put a word into Plan.
package endpoint

import (
	"net/http"
	"strings"

	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// An Endpoint is a route, who serves it, and what it adds to the metadata.
type Endpoint struct {
	Name      string   // "token": the word of faults, records, logs and MOCKOAUTH_PATH_…
	Paths     []string // under the issuer; the first is advertised
	Methods   []string // any other is answered 405 with Allow (RFC 9110 §15.5.6)
	Member    string   // the metadata member with its URL: "token_endpoint"; may be empty
	WellKnown bool     // is also served with the issuer's path after it (RFC 8414 §3.1)
	AtRoot    bool     // is also served outside the issuer's path
	Subtree   bool     // is served at all paths below Paths, too
	Browser   bool     // is visited by a browser, so advertised and served below the browser's URL
	CORS      bool     // its answers may be read by pages of other origins

	Metadata func(House) map[string]any // further members that it answers for; may be nil
	Handler  func(House) http.Handler   // called once, when the provider is made
}

// URL is where an endpoint is: below the issuer, or below the base of what a browser visits.
func (e Endpoint) URL(issuer, browser string) string {
	base := issuer
	if e.Browser {
		base = browser
	}
	return strings.TrimSuffix(base, "/") + e.Paths[0]
}

// House is what a handler may reach for.
type House struct {
	Engine *engine.Engine
	Keys   *keys.Ring
	Plan   []Endpoint // all of this provider's endpoints

	Clock    *clock.Clock
	Logins   *Logins
	Sessions *Sessions
}

// Plan is the standard floor plan, in the order of the documentation.
func Plan() []Endpoint {
	return []Endpoint{
		authorization(), token(), userinfo(), endSession(), introspection(), revocation(), jwks(),
		openIDConfiguration(), authorizationServer(),
		verify(), resource(), healthz(), readyz(),
	}
}
