package provider

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// issuer is as whom the provider speaks: a fixed URL, or whatever name each
// request came by.
type issuer struct {
	fixed string // as it stands in iss; empty when each request says
	path  string // below which the endpoints are; empty or "/tenant"

	browser     string // the base of what a browser visits; without a slash at the end
	browserPath string
	trustProxy  bool // believes what a proxy says of each request
}

// tenant is the issuer of a tenant below this one.
func (i issuer) tenant(name string) issuer {
	below := "/" + name
	t := issuer{path: i.path + below, browserPath: i.browserPath + below, trustProxy: i.trustProxy}
	if i.fixed != "" {
		t.fixed, t.browser = strings.TrimSuffix(i.fixed, "/")+below, i.browser+below
	}
	return t
}

// at is the issuer of a tenant at a host name of its own, with the port that the
// first is reached by.
func (i issuer) at(host string) issuer {
	t := issuer{trustProxy: i.trustProxy}
	if u, err := url.Parse(i.fixed); err == nil && i.fixed != "" {
		t.fixed = u.Scheme + "://" + joinHost(u.Scheme, host, u.Port())
		t.browser = t.fixed
	}
	return t
}

// bases are the paths below which the endpoints are: the issuer's, and the browsers'.
func (i issuer) bases() []string {
	if i.path == i.browserPath {
		return []string{i.path}
	}
	return []string{i.path, i.browserPath}
}

// base is the issuer, or what stands for it in a relative URL while it is not fixed.
func (i issuer) base() string { return cmp.Or(i.fixed, i.path) }

// browserBase is the same for what a browser visits.
func (i issuer) browserBase() string { return cmp.Or(i.browser, i.browserPath) }

// parseIssuer checks an issuer identifier (RFC 8414 §2), and the URL by which
// browsers know it. http is good enough for tests.
func (s *settings) parseIssuer(wrong *Problems) issuer {
	i := issuer{trustProxy: s.trustProxy}
	if s.issuer != "" {
		i.fixed, i.path = s.issuer, parseBase("issuer", s.issuer, wrong)
		i.browser, i.browserPath = strings.TrimSuffix(s.issuer, "/"), i.path
	}
	if s.servesTLS() && strings.HasPrefix(s.issuer, "http:") {
		wrong.add("issuer", "%q is not https, but the port speaks TLS", s.issuer)
	}
	switch {
	case s.browserURL != "" && s.issuer == "":
		wrong.add("browser_url", "it needs an issuer beside it; without one, the issuer is whatever name each request came by, and so not the same for browsers and servers")
	case s.browserURL != "":
		i.browserPath = parseBase("browser_url", s.browserURL, wrong)
		i.browser = strings.TrimSuffix(s.browserURL, "/")
	}
	return i
}

// parseBase checks the URL below which endpoints are, and answers its path
// without the slash at the end.
func parseBase(option, base string, wrong *Problems) string {
	u, err := url.Parse(base)
	below := ""
	if err == nil {
		below = strings.TrimSuffix(u.Path, "/")
	}
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		wrong.add(option, "%q is no http or https URL; write it like http://localhost:9000", base)
	case strings.ContainsAny(base, "?#"):
		wrong.add(option, "%q has a query or fragment, which RFC 8414 section 2 forbids", base)
	case below == "/" || below != "" && !isPlainPath(below):
		wrong.add(option, "%q has a path with spaces, dots or empty parts", base)
	case !isPort(u.Port()):
		wrong.add(option, "%q has a port that there is not", base)
	case u.User != nil:
		wrong.add(option, "%q has a username in it", base)
	}
	return below
}

// isPlainPath tells a path that reaches the provider as it is written.
func isPlainPath(p string) bool {
	return strings.HasPrefix(p, "/") && path.Clean(p) == p && !strings.ContainsAny(p, "?#% \t\\")
}

// isPort tells a port, or none.
func isPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// address writes down under which names the provider answers a request.
func (i issuer) address(r *http.Request, x *record.Exchange) {
	var said forwarded
	if i.trustProxy {
		said = readForwarded(r.Header)
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	scheme = cmp.Or(said.proto, scheme)
	x.Issuer, x.BrowserURL = i.fixed, i.browser
	if i.fixed == "" {
		x.Issuer = scheme + "://" + said.hostOf(r, scheme) + said.prefix + i.path
		x.BrowserURL = x.Issuer
	}
	x.Secure = scheme == "https" || strings.HasPrefix(i.browser, "https:")
}

// hostOf is the host and port of a request's issuer.
func hostOf(r *http.Request) string {
	if _, _, ok := splitHost(r.Host); ok {
		return r.Host
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok { // HTTP/1.0 may name no host
		return local.String()
	}
	return "localhost"
}

// paths are where an endpoint is served: below the issuer's path, or the path
// that browsers know, and where RFC 8414 §3.1 has it, with the issuer's path
// after the well-known one.
func (i issuer) paths(e endpoint.Endpoint) []string {
	var paths []string
	for _, p := range e.Paths {
		paths = append(paths, i.path+p)
		if e.Browser {
			paths = append(paths, i.browserPath+p)
		}
		if i.path == "" {
			continue
		}
		if e.WellKnown {
			paths = append(paths, p+i.path)
		}
		if e.AtRoot {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// checkPaths wants of a path that browsers know that no other endpoint is there.
func (i issuer) checkPaths(plan []endpoint.Endpoint, wrong *Problems) {
	taken := map[string]string{}
	for _, e := range plan {
		for _, p := range i.paths(e) {
			if other, both := taken[p]; both {
				wrong.add("browser_url", "with its path, %s and %s would both be at %s", other, e.Name, p)
			}
			taken[p] = e.Name
		}
	}
}
