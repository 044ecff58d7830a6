package record

import (
	"encoding/base64"
	"strings"
)

// credentials hides in an Authorization header all but the scheme and the
// client_id (RFC 7617 §2, RFC 6749 §2.3.1).
func (m *masker) credentials(value string) string {
	scheme, rest, spaced := strings.Cut(value, " ")
	rest = strings.Trim(rest, " ")
	if !isScheme(scheme) || !spaced && !strings.EqualFold(scheme, "Basic") && !strings.EqualFold(scheme, "Bearer") {
		return m.hide(value)
	}
	if rest == "" {
		return value
	}
	if pair, ok := fromBase64(rest); ok && strings.EqualFold(scheme, "Basic") {
		if id, secret, ok := strings.Cut(pair, ":"); ok {
			m.names[id], m.names[unescapeForm(id)] = true, true
			m.note(unescapeForm(secret), secretAtLeast)
			return scheme + " " + id + ":" + m.hide(secret)
		}
	}
	if id, secret, ok := strings.Cut(rest, ":"); ok && (secret == "" || isMask(secret)) { // masked before
		m.names[id] = true
		return value
	}
	return scheme + " " + m.hide(rest)
}

// isScheme tells the name of a scheme from a secret that stands there alone.
func isScheme(s string) bool {
	const longest = 16
	return s != "" && len(s) <= longest && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") == ""
}

func fromBase64(s string) (string, bool) {
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(s), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	return string(b), err == nil
}

// cookies hides the values in a Cookie header.
func (m *masker) cookies(value string) string {
	all := strings.Split(value, ";")
	for i, cookie := range all {
		all[i] = m.cookie(cookie)
	}
	return strings.Join(all, ";")
}

// cookie hides the value of name=value. Where there is no name it is all value
// (RFC 6265bis §5.6).
func (m *masker) cookie(cookie string) string {
	name, value, ok := strings.Cut(cookie, "=")
	if !ok {
		name, value = "", cookie
	}
	value = strings.Trim(value, " ")
	if value == "" || isMask(value) {
		return cookie
	}
	m.note(value, cookieAtLeast)
	if !ok {
		return mask(value)
	}
	return name + "=" + mask(value)
}
