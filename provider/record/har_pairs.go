package record

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

type harCookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Path     string `json:"path,omitempty"`
	Domain   string `json:"domain,omitempty"`
	Expires  string `json:"expires,omitempty"` // ISO 8601
	HTTPOnly bool   `json:"httpOnly,omitempty"`
	Secure   bool   `json:"secure,omitempty"`
}

func harHeaders(h http.Header) []harPair {
	out := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out = append(out, harPair{text(name), text(value)})
		}
	}
	return out
}

// formPairs are a form's parameters in the order in which they came.
func formPairs(form string) []harPair {
	out := []harPair{}
	for part := range strings.SplitSeq(form, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			out = append(out, harPair{text(unescapeForm(name)), text(unescapeForm(value))})
		}
	}
	return out
}

// requestCookies does without net/http's, which passes over a cookie that it
// would not send itself, as a masked one is.
func requestCookies(h http.Header) []harCookie {
	out := []harCookie{}
	for _, line := range h.Values("Cookie") {
		for part := range strings.SplitSeq(line, ";") {
			if part = strings.Trim(part, " "); part != "" {
				out = append(out, newHARCookie(part))
			}
		}
	}
	return out
}

func responseCookies(h http.Header) []harCookie {
	out := []harCookie{}
	for _, line := range h.Values("Set-Cookie") {
		pair, attributes, _ := strings.Cut(line, ";")
		cookie := newHARCookie(strings.Trim(pair, " "))
		for attribute := range strings.SplitSeq(attributes, ";") {
			cookie.set(strings.Trim(attribute, " "))
		}
		out = append(out, cookie)
	}
	return out
}

func newHARCookie(pair string) harCookie {
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		name, value = "", pair
	}
	return harCookie{Name: text(name), Value: text(value)}
}

func (c *harCookie) set(attribute string) {
	name, value, _ := strings.Cut(attribute, "=")
	switch strings.ToLower(name) {
	case "path":
		c.Path = text(value)
	case "domain":
		c.Domain = text(value)
	case "expires":
		if at, err := http.ParseTime(value); err == nil {
			c.Expires = at.UTC().Format(time.RFC3339)
		}
	case "httponly":
		c.HTTPOnly = true
	case "secure":
		c.Secure = true
	}
}
