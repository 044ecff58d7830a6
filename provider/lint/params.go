package lint

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// params are the parameters of a form or a query, in their order.
type params []param

type param struct {
	name, value string
	raw         string // the value as it came
	broken      bool   // it does not decode, or not to UTF-8
}

// read decodes s, and keeps what does not decode as it is.
func (p params) read(s string) params {
	p = p[:0]
	for len(s) > 0 && len(p) < paramsAtMost {
		pair := s
		if i := strings.IndexByte(s, '&'); i >= 0 {
			pair, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		if pair == "" {
			continue
		}
		name, raw, _ := strings.Cut(pair, "=")
		q := param{raw: raw}
		var broken bool
		q.name, q.broken = unescape(name)
		q.value, broken = unescape(raw)
		q.broken = q.broken || broken
		p = append(p, q)
	}
	return p
}

// paramsAtMost bounds how many parameters are looked at.
const paramsAtMost = 64

// unescape decodes a part of a form (RFC 6749 App. B).
func unescape(s string) (plain string, broken bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, !utf8.ValidString(s)
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out = append(out, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, nibble(s[i+1])<<4|nibble(s[i+2]))
			i += 2
		default:
			broken = broken || s[i] == '%'
			out = append(out, s[i])
		}
	}
	plain = string(out)
	return plain, broken || !utf8.ValidString(plain)
}

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

func nibble(b byte) byte {
	switch {
	case b <= '9':
		return b - '0'
	case b <= 'F':
		return b - 'A' + 10
	}
	return b - 'a' + 10
}

// get is the value of the first of a name that has one.
func (p params) get(name string) string {
	for i := range p {
		if p[i].name == name && p[i].value != "" {
			return p[i].value
		}
	}
	return ""
}

// has tells whether there is a value of a name.
func (p params) has(name string) bool { return p.get(name) != "" }

// isCredential tells the parameters that give something away wherever they are read.
func isCredential(name string) bool {
	switch name {
	case "client_secret", "password", "code", "code_verifier", "token", "access_token", "refresh_token", "id_token",
		"assertion", "client_assertion", "device_code", "subject_token", "actor_token":
		return true
	}
	return false
}

// oauthNames are the parameters of the specifications that the provider serves, by
// what remains of them without case and separators.
var oauthNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{
		"grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "username", "password",
		"refresh_token", "code", "code_verifier", "redirect_uri", "scope", "token", "token_type_hint", "resource", "assertion",
		"response_type", "response_mode", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age",
		"login_hint", "id_token_hint", "acr_values", "ui_locales", "claims", "display",
	} {
		names[bare(name)] = name
	}
	return names
})

// bare is a name without case and separators: clientId and client_id are the same.
func bare(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// isOAuthName tells a parameter of the specifications.
func isOAuthName(name string) bool { return exactNames()[name] }

var exactNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range oauthNames() {
		names[name] = true
	}
	return names
})
