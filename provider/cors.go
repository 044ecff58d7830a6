package provider

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/record"
)

// DefaultCORSOrigins lets pages of every origin read the answers that are for pages.
const DefaultCORSOrigins = "*"

// What a page may send and read across origins. Browsers take the asterisk for
// every other header, but not for Authorization.
const (
	corsRequestHeaders  = "Authorization, Content-Type, DPoP, *"
	corsResponseHeaders = "WWW-Authenticate, Retry-After, DPoP-Nonce, Allow"
	corsMaxAge          = "7200" // seconds: more than this no browser keeps a preflight
)

// cors is whose pages may read answers (the Fetch standard, §3.2). Credentials are
// never allowed: no endpoint for which this holds knows a client by a cookie.
type cors struct{ origins []string }

// parseCORS checks the origins.
func (s *settings) parseCORS(wrong *Problems) cors {
	for _, origin := range s.corsOrigins {
		if origin == "*" {
			if len(s.corsOrigins) > 1 {
				wrong.add("cors_origins", "* is every origin already; leave out the others, or it")
			}
			continue
		}
		if why := judgeOrigin(origin); why != "" {
			wrong.add("cors_origins", "%q %s", origin, why)
		}
	}
	return cors{s.corsOrigins}
}

// judgeOrigin says what is wrong with an origin: it must be as browsers write it,
// since it is compared with what they send.
func judgeOrigin(origin string) string {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.ContainsAny(origin, "*, ") {
		return "is no origin; write it like https://app.example or http://localhost:3000"
	}
	name, port, ok := splitHost(u.Host)
	if !ok {
		return "has a host that there is not; names beyond ASCII are written in Punycode"
	}
	if written := strings.ToLower(u.Scheme + "://" + joinHost(u.Scheme, name, port)); written != origin {
		return "is not how browsers write an origin, which is " + written
	}
	return ""
}

// all tells that every origin may.
func (c cors) all() bool { return len(c.origins) == 1 && c.origins[0] == "*" }

// allow lets the page that asks read the answer of an endpoint, whatever it will
// be: also a refusal, and also what a fault makes of it.
func (c cors) allow(e endpoint.Endpoint, header http.Header, r *http.Request) {
	if !e.CORS || len(c.origins) == 0 {
		return
	}
	if c.all() {
		values := [...]string{"*", corsResponseHeaders}
		header["Access-Control-Allow-Origin"], header["Access-Control-Expose-Headers"] = values[0:1:1], values[1:2:2]
		return
	}
	header.Add("Vary", "Origin") // or a cache would give one page the answer for another
	if origin := r.Header.Get("Origin"); slices.Contains(c.origins, origin) {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", corsResponseHeaders)
	}
}

// preflight answers a browser that asks what a page may send. No fault acts on
// it, nor is counted by it: pages cannot see what it is answered.
func (p *Provider) preflight(e endpoint.Endpoint, w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || r.Header.Get("Access-Control-Request-Method") == "" || !e.CORS || len(p.shared.cors.origins) == 0 {
		return false
	}
	x := record.From(r.Context())
	header := w.Header()
	if header.Get("Access-Control-Allow-Origin") == "" {
		p.turnAway(w, x, http.StatusForbidden, "Pages of the origin "+engine.Quote(origin)+" may not ask this endpoint; those of MOCKOAUTH_CORS_ORIGINS or WithCORSOrigins may.")
		return true
	}
	x.Detail = "preflight"
	header.Set("Access-Control-Allow-Methods", strings.Join(e.Methods, ", "))
	header.Set("Access-Control-Allow-Headers", corsRequestHeaders)
	header.Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
	return true
}
