package provider

import (
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/provider/endpoint"
)

// issuer is as whom the provider speaks: a fixed URL, or whatever name each
// request came by.
type issuer struct {
	fixed   string // as it stands in iss; empty when each request says
	trimmed string // without a slash at the end, as addresses are made from it
	path    string // below which the endpoints are; empty or "/tenant"
}

// parseIssuer checks an issuer identifier (RFC 8414 §2). http is good enough for tests.
func parseIssuer(fixed string, wrong *Problems) issuer {
	if fixed == "" {
		return issuer{}
	}
	u, err := url.Parse(fixed)
	below := "" // the host, without the slash at the end
	if err == nil {
		below = strings.TrimSuffix(u.Path, "/")
	}
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		wrong.add("issuer", "%q is no http or https URL; write it like http://localhost:9000", fixed)
		return issuer{}
	case strings.ContainsAny(fixed, "?#"):
		wrong.add("issuer", "%q has a query or fragment, which RFC 8414 section 2 forbids", fixed)
	case below == "/" || below != "" && !isPlainPath(below):
		wrong.add("issuer", "%q has a path with spaces, dots or empty parts", fixed)
	case !isPort(u.Port()):
		wrong.add("issuer", "%q has a port that there is not", fixed)
	case u.User != nil:
		wrong.add("issuer", "%q has a username in it", fixed)
	}
	return issuer{fixed, strings.TrimSuffix(fixed, "/"), below}
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

// of is the issuer of a request.
func (i issuer) of(r *http.Request) string {
	if i.fixed != "" {
		return i.fixed
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	if r.Host != "" {
		return scheme + r.Host
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok { // HTTP/1.0 may name no host
		return scheme + local.String()
	}
	return scheme + "localhost"
}

// paths are where an endpoint is served: below the issuer's path, and where RFC
// 8414 §3.1 has it, with the issuer's path after the well-known one.
func (i issuer) paths(e endpoint.Endpoint) []string {
	var paths []string
	for _, p := range e.Paths {
		paths = append(paths, i.path+p)
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
	return paths
}
