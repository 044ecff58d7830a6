package provider

import (
	"cmp"
	"net/http"
	"net/netip"
	"strings"
)

// forwarded is what a proxy says of a request as its client sent it. What is
// empty was not said, or not in a way that could be believed: a broken header is
// as none.
type forwarded struct {
	proto  string // http or https
	host   string // with a port, if it was said beside it
	port   string
	prefix string // the beginning of the path, which the proxy has taken away
}

// readForwarded reads the header of RFC 7239 and its predecessors, which stand in
// for what it leaves out. Of several proxies the first speaks, being the one that
// the client has talked to.
func readForwarded(h http.Header) forwarded {
	element := firstForwarded(strings.Join(h.Values("Forwarded"), ","))
	said := forwarded{
		proto:  cmp.Or(believableProto(element["proto"]), believableProto(first(h, "X-Forwarded-Proto"))),
		host:   believableHost(element["host"]),
		prefix: forwardedPrefix(h),
	}
	if said.host == "" {
		said.host = believableHost(first(h, "X-Forwarded-Host"))
		if port := first(h, "X-Forwarded-Port"); isPort(port) {
			said.port = port
		}
	}
	return said
}

// first is the first element of a header that is a list.
func first(h http.Header, name string) string {
	element, _, _ := strings.Cut(h.Get(name), ",")
	return strings.TrimSpace(element)
}

func believableProto(proto string) string {
	if proto = strings.ToLower(proto); proto == "http" || proto == "https" {
		return proto
	}
	return ""
}

func believableHost(host string) string {
	if _, _, ok := splitHost(host); ok {
		return host
	}
	return ""
}

// hostOf is the host and port of a request's issuer. The port of a scheme is not
// written. X-Forwarded-Port is for a host that was forwarded without one, and for
// the request's own.
func (f forwarded) hostOf(r *http.Request, scheme string) string {
	if f == (forwarded{prefix: f.prefix}) {
		return hostOf(r)
	}
	host := f.host
	if host == "" {
		host = hostOf(r)
	}
	name, port, _ := splitHost(host)
	if f.port != "" && (port == "" || f.host == "") {
		port = f.port
	}
	return joinHost(scheme, name, port)
}

// joinHost is the reverse of splitHost. The port of a scheme is not written.
func joinHost(scheme, name, port string) string {
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return name
	}
	return name + ":" + port
}

// forwardedPrefix is the path that proxies have taken away, the outermost's
// first. One that would not pass for a path is as none.
func forwardedPrefix(h http.Header) string {
	prefix := ""
	for _, line := range h["X-Forwarded-Prefix"] {
		for part := range strings.SplitSeq(line, ",") {
			prefix += strings.TrimSuffix(strings.TrimSpace(part), "/")
		}
	}
	const prefixAtMost = 1024 // bytes
	if len(prefix) > prefixAtMost || prefix == "/" || !isPlainPath(prefix) || strings.ContainsFunc(prefix, func(r rune) bool { return r != '/' && !isHostRune(r) && r != '~' }) {
		return ""
	}
	return prefix
}

// splitHost divides a Host header, and refuses what is none (RFC 9110 §7.2). An
// address of IPv6 keeps its brackets.
func splitHost(host string) (name, port string, ok bool) {
	const nameAtMost = 253 // RFC 1035 §2.3.4, without the dot at the end
	name = host
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		name, port = host[:colon], host[colon+1:]
		if port == "" {
			return "", "", false
		}
	}
	if inner, bracket := strings.CutPrefix(name, "["); bracket {
		address, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		ok = err == nil && strings.HasSuffix(inner, "]") && address.Is6() && address.Zone() == ""
	} else {
		ok = name != "" && len(name) <= nameAtMost && !strings.ContainsFunc(name, func(r rune) bool { return !isHostRune(r) })
	}
	return name, port, ok && isPort(port)
}

// isHostRune tells what names are made of; an underscore is in many a container's.
func isHostRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_'
}

// firstForwarded reads the first element of a Forwarded header (RFC 7239 §4):
// pairs of a token and a token or quoted string, none twice, with semicolons
// between them. White space is let pass around those, as proxies write it there.
func firstForwarded(field string) map[string]string {
	element := map[string]string{}
	for {
		field = strings.TrimLeft(field, " \t")
		if field == "" || field[0] == ',' {
			return element
		}
		if field[0] == ';' {
			field = field[1:]
			continue
		}
		name, rest, _ := strings.Cut(field, "=")
		name = strings.ToLower(name)
		value, rest, ok := forwardedValue(rest)
		if _, twice := element[name]; !ok || twice || !isToken(name) {
			return nil
		}
		element[name] = value
		field = strings.TrimLeft(rest, " \t")
		if field != "" && field[0] != ',' && field[0] != ';' {
			return nil
		}
	}
}

// forwardedValue cuts the value off the beginning of what follows an equals sign.
func forwardedValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";, \t")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:], isToken(s[:end])
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// isToken tells a token (RFC 9110 §5.6.2). Colons and brackets are let pass, since
// proxies put host:port there without the quotes that it needs.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/;<=>?@\{}`, r)
	})
}
