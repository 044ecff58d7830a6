package endpoint

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mockoauth/mockoauth/provider/engine"
)

// What a form may be at most.
const (
	bodyAtMost       = 1 << 20 // bytes
	parametersAtMost = 1000
)

// repeatable are the parameters that may be sent more than once (RFC 8707 §2,
// RFC 8693 §2.1).
func repeatable(name string) bool { return name == "resource" || name == "audience" }

// bodyOnly are the parameters that have no place in a URL (RFC 6749 §2.3.1, §3.2).
func bodyOnly() []string {
	return []string{
		"grant_type", "client_id", "client_secret", "client_assertion", "username", "password",
		"refresh_token", "code", "code_verifier", "scope", "token", "token_type_hint",
	}
}

// readForm reads the parameters of a request to an endpoint that takes them from
// the body alone (RFC 6749 §3.2; RFC 7009 §2.1; RFC 7662 §2.1).
func readForm(r *http.Request) (url.Values, *engine.Error) {
	if r.URL.RawQuery != "" {
		query, refused := parseForm(r.URL.RawQuery, repeatable)
		if refused != nil {
			return nil, refused
		}
		for _, name := range bodyOnly() {
			if query.Has(name) {
				return nil, engine.Refuse(engine.InvalidRequest, "The parameter '"+name+"' is in the URL, where it does not belong and ends up in logs: send it in the body.")
			}
		}
	}
	form, refused := readBody(r)
	if refused == nil && len(form) == 0 {
		refused = engine.Refuse(engine.InvalidRequest, "The body has no parameters.")
	}
	return form, refused
}

// readBrowserForm reads the parameters of a request that a browser brings: from
// the query, or the body of a POST. What is sent twice is for the endpoint to
// judge, which knows where to say so.
func readBrowserForm(r *http.Request) (url.Values, *engine.Error) {
	always := func(string) bool { return true }
	switch {
	case r.Method != http.MethodPost:
		return parseForm(r.URL.RawQuery, always)
	case r.ContentLength == 0: // a form without fields needs no type
		return url.Values{}, nil
	}
	return readEncoded(r, always)
}

// readBody reads a form (RFC 6749 App. B): UTF-8, nothing twice. Parameters
// without a value are left out (§3.2).
func readBody(r *http.Request) (url.Values, *engine.Error) { return readEncoded(r, repeatable) }

func readEncoded(r *http.Request, mayRepeat func(name string) bool) (url.Values, *engine.Error) {
	if refused := checkMediaType(r.Header); refused != nil {
		return nil, refused
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyAtMost+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		refused := engine.Refuse(engine.InvalidRequest, "The body did not arrive in time.")
		refused.Status = http.StatusRequestTimeout
		return nil, refused
	case err != nil:
		return nil, engine.Refuse(engine.InvalidRequest, "The body broke off or is wrongly chunked.")
	case len(body) > bodyAtMost:
		refused := engine.Refuse(engine.InvalidRequest, "The body is larger than 1 MiB.")
		refused.Status = http.StatusRequestEntityTooLarge
		return nil, refused
	}
	return parseForm(string(body), mayRepeat)
}

func checkMediaType(header http.Header) *engine.Error {
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		refused := engine.Refuse(engine.InvalidRequest, "The body is encoded, by the Content-Encoding header; send it as it is.")
		refused.Status = http.StatusUnsupportedMediaType
		return refused
	}
	sent := header.Get("Content-Type")
	if sent == formType { // nearly always
		return nil
	}
	mediaType, parameters, err := mime.ParseMediaType(sent)
	switch {
	case sent == "":
		return engine.Refuse(engine.InvalidRequest, "The Content-Type is missing; it must be "+formType+".")
	case err != nil || mediaType != formType:
		return engine.Refuse(engine.InvalidRequest, "The Content-Type is "+engine.Quote(sent)+"; it must be "+formType+".")
	case parameters["charset"] != "" && !strings.EqualFold(parameters["charset"], "utf-8"):
		return engine.Refuse(engine.InvalidRequest, "The charset is "+engine.Quote(parameters["charset"])+"; it must be UTF-8 (RFC 6749 appendix B).")
	}
	return nil
}

// formType is the media type of every form.
const formType = "application/x-www-form-urlencoded"

// parseForm decodes a form strictly. Go's own parser drops what it cannot
// decode and refuses a raw semicolon, which is a character like others here.
func parseForm(encoded string, mayRepeat func(name string) bool) (url.Values, *engine.Error) {
	form := make(url.Values, 8)
	if strings.Count(encoded, "&") >= parametersAtMost {
		return nil, engine.Refuse(engine.InvalidRequest, fmt.Sprintf("There are more than %d parameters.", parametersAtMost))
	}
	for pair := range strings.SplitSeq(encoded, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(rawName)
		value, errValue := url.QueryUnescape(rawValue)
		switch {
		case errName != nil || errValue != nil:
			return nil, engine.Refuse(engine.InvalidRequest, called(name)+" has a broken percent-encoding.")
		case !isText(name) || !isText(value):
			return nil, engine.Refuse(engine.InvalidRequest, called(name)+" is not UTF-8 without NUL (RFC 6749 appendix B).")
		case form[name] != nil && !mayRepeat(name):
			return nil, engine.Refuse(engine.InvalidRequest, called(name)+" is sent more than once (RFC 6749 section 3.2).")
		}
		form[name] = append(form[name], value)
	}
	for name, values := range form {
		if form[name] = slices.DeleteFunc(values, func(s string) bool { return s == "" }); len(form[name]) == 0 {
			delete(form, name)
		}
	}
	return form, nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// called names a parameter in a description, if it looks like a name: of a body
// that is no form at all, the whole would be one name, with the password in it.
func called(name string) string {
	const nameAtMost = 64
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.'
	}
	if name == "" || len(name) > nameAtMost || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return "A parameter"
	}
	return "The parameter '" + name + "'"
}
