package lint

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// authorization is what the Authorization header says.
type authorization struct {
	header       string // as it came
	scheme, rest string

	basic          bool   // it is HTTP Basic, and Base64
	rawUser        string // before form decoding (RFC 6749 §2.3.1)
	rawPassword    string
	user, password string // after; as they are when they do not decode
	latin          bool   // they are no UTF-8

	token string // after Bearer, in whatever case
}

func readAuthorization(values []string) (a authorization) {
	if len(values) == 0 {
		return a
	}
	a.header = values[0]
	a.scheme, a.rest, _ = strings.Cut(a.header, " ")
	switch {
	case strings.EqualFold(a.scheme, "Bearer"):
		a.token = a.rest
	case strings.EqualFold(a.scheme, "Basic"):
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(a.rest))
		if err != nil {
			break
		}
		a.rawUser, a.rawPassword, a.basic = strings.Cut(string(raw), ":")
		var brokenUser, brokenPassword bool
		a.user, brokenUser = unescape(a.rawUser)
		a.password, brokenPassword = unescape(a.rawPassword)
		a.latin = !utf8.ValidString(a.user) || !utf8.ValidString(a.password)
		if brokenUser {
			a.user = a.rawUser
		}
		if brokenPassword {
			a.password = a.rawPassword
		}
	}
	return a
}

// style is how the client authenticates, for the comparison of two requests.
func (l *look) style() authStyle {
	switch {
	case l.auth.basic:
		return inHeader
	case l.body.has("client_secret"):
		return inBody
	}
	return byName
}

type authStyle byte

const (
	byName authStyle = iota
	inHeader
	inBody
)

// String is a style in words.
func (s authStyle) String() string {
	switch s {
	case inHeader:
		return "with HTTP Basic"
	case inBody:
		return "with the secret in the body"
	}
	return "without a secret"
}
