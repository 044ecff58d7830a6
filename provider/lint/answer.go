package lint

import (
	"bytes"
	"html"
	"net/url"
	"strconv"
	"strings"
)

// answer is what of the provider's answer matters to rules about what comes after.
type answer struct {
	access, refresh, id []byte // tokens
	expiresIn           int64  // seconds; 0 when it does not say
	scope               string

	code             string // that an authorization response brings
	state, iss, fail string // what else it says
	sent             bool   // to the client
	retryAfter       int64  // seconds; 0 when it does not say
}

func readAnswer(l *look) (a answer) {
	x := l.x
	if value := x.Response.Header["Retry-After"]; len(value) > 0 {
		a.retryAfter, _ = strconv.ParseInt(value[0], 10, 32)
	}
	switch {
	case l.at == atToken && x.Status == 200:
		body := x.Response.Body
		a.access, a.refresh, a.id = member(body, `"access_token":`), member(body, `"refresh_token":`), member(body, `"id_token":`)
		a.scope = x.Scope
		a.expiresIn = number(body, `"expires_in":`)
	case l.at == atAuthorization:
		a.readRedirect(l)
	}
	return a
}

// readRedirect reads an authorization response, in the query, the fragment or a page
// that posts itself (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
func (a *answer) readRedirect(l *look) {
	if location := l.x.Response.Header["Location"]; len(location) > 0 {
		if redirect := l.asked().get("redirect_uri"); !strings.HasPrefix(location[0], redirect) || redirect == "" && l.isOurs(location[0]) {
			return // to a page of the provider's own
		}
		back, fragment, _ := strings.Cut(location[0], "#")
		_, query, _ := strings.Cut(back, "?")
		var said params
		for _, part := range []string{query, fragment} {
			if said = said.read(part); said.has("code") || said.has("error") {
				a.code, a.state, a.iss, a.fail, a.sent = said.get("code"), said.get("state"), said.get("iss"), said.get("error"), true
				return
			}
		}
		return
	}
	if l.x.Detail != "code granted" && l.asked().get("response_mode") != "form_post" {
		return
	}
	page := l.x.Response.Body
	a.code, a.state, a.iss, a.fail = field(page, "code"), field(page, "state"), field(page, "iss"), field(page, "error")
	a.sent = a.code != "" || a.fail != ""
}

// member is the text of a member of a JSON object, without looking at what is around it.
func member(body []byte, name string) []byte {
	i := bytes.Index(body, []byte(name))
	if i < 0 {
		return nil
	}
	rest := bytes.TrimLeft(body[i+len(name):], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' {
		return nil
	}
	rest = rest[1:]
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return nil
	}
	return rest[:end]
}

func number(body []byte, name string) int64 {
	i := bytes.Index(body, []byte(name))
	if i < 0 {
		return 0
	}
	rest := bytes.TrimLeft(body[i+len(name):], " \t\r\n")
	var n int64
	for _, b := range rest {
		if b < '0' || b > '9' || n > 1<<40 {
			break
		}
		n = 10*n + int64(b-'0')
	}
	return n
}

// field is the value of a page's hidden field.
func field(page []byte, name string) string {
	i := bytes.Index(page, []byte(`name="`+name+`"`))
	if i < 0 {
		return ""
	}
	rest := page[i:]
	end := bytes.IndexByte(rest, '>')
	j := bytes.Index(rest, []byte(`value="`))
	if j < 0 || end >= 0 && j > end {
		return ""
	}
	rest = rest[j+len(`value="`):]
	if end = bytes.IndexByte(rest, '"'); end < 0 {
		return ""
	}
	return html.UnescapeString(string(rest[:end]))
}

// isAbsolute tells an absolute URI.
func isAbsolute(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "" || u.Path != "")
}
