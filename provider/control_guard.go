package provider

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard keeps the control from pages of other sites: those that a browser tells
// of, and those that have given their own name the provider's address (DNS rebinding).
type guard struct {
	token   string   // what the Authorization header must bear; empty for none
	origins []string // of the pages that may call
	hosts   []string // by which it may be called, besides its own
}

func (g guard) isSet() bool { return g.token != "" || len(g.origins)+len(g.hosts) > 0 }

// check says what is wrong with the lists.
func (g guard) check(wrong *Problems) {
	for _, origin := range g.origins {
		if why := judgeOrigin(origin); why != "" {
			wrong.add("control_origins", "%q %s", origin, why)
		}
	}
	for _, host := range g.hosts {
		if _, port, ok := splitHost(host); !ok || port != "" {
			wrong.add("control_hosts", "%q is no host name; write it without port, like mock.example", host)
		}
	}
}

// admit refuses a request that must not control the provider.
func (g guard) admit(header http.Header, r *http.Request, own []string) *Refusal {
	if !isOwnHost(r.Host, append(slices.Clone(g.hosts), own...)) {
		return refuse(http.StatusMisdirectedRequest, "The Host %q is not known to be this provider's, so a page could have made the browser believe it is (DNS rebinding): use an address, a name without dots, or one of localhost, or list it in MOCKOAUTH_CONTROL_HOSTS or WithControlHosts.", r.Host)
	}
	if origin := r.Header.Get("Origin"); origin != "" && slices.Contains(g.origins, origin) {
		header.Add("Vary", "Origin")
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", "Allow, Location")
		if r.Method == http.MethodOptions { // browsers send no Authorization with it
			return nil
		}
	} else if http.NewCrossOriginProtection().Check(crossOriginView(r)) != nil {
		return refuse(http.StatusForbidden, "Pages of the origin %q may not control the provider; those of MOCKOAUTH_CONTROL_ORIGINS or WithControlOrigins may.", origin)
	}
	return g.authenticate(header, r)
}

// crossOriginView is a request as one that changes something: here a page of
// another origin may not even read.
func crossOriginView(r *http.Request) *http.Request {
	view := *r
	view.Method = http.MethodPost
	return &view
}

// authenticate wants the token, if there is one (RFC 6750 §2.1).
func (g guard) authenticate(header http.Header, r *http.Request) *Refusal {
	if g.token == "" {
		return nil
	}
	scheme, presented, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	want, got := sha256.Sum256([]byte(g.token)), sha256.Sum256([]byte(strings.TrimSpace(presented)))
	if strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(want[:], got[:]) == 1 {
		return nil
	}
	header.Set("WWW-Authenticate", `Bearer realm="mockoauth control"`)
	return refuse(http.StatusUnauthorized, "The control wants the token of MOCKOAUTH_CONTROL_TOKEN or WithControlToken: send Authorization: Bearer and the token.")
}

// specialNames are the domains under which nobody can register a name (RFC 6761
// §6.2 and §6.3, RFC 6762 §3; internal is reserved by ICANN for this).
func specialNames() []string { return []string{"localhost", "test", "local", "internal"} }

// isOwnHost tells a Host that no foreign page can have: an address, a name without
// dots, a special one, or one that is listed.
func isOwnHost(host string, listed []string) bool {
	name, _, ok := splitHost(host)
	if !ok {
		return host == "" // HTTP/1.0, which no browser speaks
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return true
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	return last == name || slices.Contains(specialNames(), last) ||
		slices.ContainsFunc(listed, func(known string) bool { return strings.EqualFold(known, name) })
}
