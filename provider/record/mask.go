package record

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	secretAtLeast = 4  // bytes: a shorter one would be found in every other word
	cookieAtLeast = 16 // bytes: a shorter one is a setting and found in every other word
	longAtLeast   = 32 // bytes: of these a beginning can be shown
	beginning     = 6  // bytes
	foundAtMost   = 64 // by how many of its own secrets an exchange is searched
)

// Masked is a copy to show around. It shares nothing with x, and hides
//
//   - what stands under a secret's name (code, password, client_secret, the
//     tokens, …) in form, query, fragment, JSON, a page's inputs, a multipart
//     body, and in the headers Authorization, Cookie and Set-Cookie;
//   - JSON Web Tokens anywhere;
//   - the values found so (the first 64), and the given secrets, everywhere
//     else: as they are, escaped for a form, JSON or HTML, and inside Base64.
//     For that they need four bytes; a cookie needs sixteen.
//
// What remains of a secret is its length, "…(11)", and of 32 bytes or more the
// beginning as well, "eyJhbG…(912)". An Authorization header keeps its scheme
// and Basic its client_id: "Basic demo:…(11)".
//
// What is not UTF-8 outside the bodies is read as ISO 8859-1, as in JSON.
//
// A value that x also has as a username or client_id ("apitester" is both) is
// hidden by name only. A given one is held to be such a name only when it is
// x.User or x.Client and x did not fail: somebody may have typed it in the wrong
// place. So leave out of secrets what is a name as well.
func (x Exchange) Masked(secrets ...string) Exchange {
	return Exchanges{x}.Masked(secrets...)[0]
}

// Masked is each of them masked, and cheaper than one by one.
func (xs Exchanges) Masked(secrets ...string) Exchanges {
	given := newNeedles(secrets)
	out := make(Exchanges, len(xs))
	for i, x := range xs {
		m := masker{x: &x, names: map[string]bool{}}
		m.byName()
		m.byValue(given)
		out[i] = x
	}
	return out
}

// masker masks x, which is a copy already but for what it refers to.
type masker struct {
	x     *Exchange
	names map[string]bool // usernames and client_ids in x
	found []string        // secrets in x
}

// byName hides what says itself that it is secret, and notes it.
func (m *masker) byName() {
	x := m.x
	for _, word := range x.words() {
		*word = text(*word)
	}
	m.names[x.Client], m.names[x.User] = true, true
	x.Faults = slices.Clone(x.Faults)
	requestType, responseType := x.Request.Header.Get("Content-Type"), x.Response.Header.Get("Content-Type")
	for _, s := range []*string{&x.Path, &x.Detail, &x.Reason, &x.Request.URI} {
		*s = m.words(*s)
	}
	x.Request.Header = m.header(x.Request.Header)
	x.Response.Header = m.header(x.Response.Header)
	x.Request.Body = m.body(x.Request.Body, requestType)
	x.Response.Body = m.body(x.Response.Body, responseType)
}

// words are what of an exchange, beside headers and bodies, comes from outside.
func (x *Exchange) words() []*string {
	return []*string{
		&x.Issuer, &x.BrowserURL, &x.Method, &x.Path, &x.Client, &x.Grant, &x.User, &x.Scope, &x.Detail, &x.Error, &x.Reason,
		&x.Request.Host, &x.Request.URI,
	}
}

// hide notes a secret and is what remains of it. A mask stays as it is, so that
// an exchange can be masked again.
func (m *masker) hide(secret string) string {
	if secret == "" || isMask(secret) {
		return secret
	}
	m.note(secret, secretAtLeast)
	return mask(secret)
}

func (m *masker) note(secret string, atLeast int) {
	if len(secret) >= atLeast && len(m.found) < foundAtMost && !slices.Contains(m.found, secret) {
		m.found = append(m.found, secret)
	}
}

// words hides in free text, such as a header or a URL.
func (m *masker) words(s string) string {
	return m.tokens(m.pairs(s, false))
}

// body hides by what the bytes look like: a fault, or a client that knows no
// better, may have given them another's Content-Type.
func (m *masker) body(b []byte, contentType string) []byte {
	if b == nil {
		return nil
	}
	s := string(b)
	if strings.HasPrefix(strings.ToLower(contentType), "multipart/") {
		s = m.parts(s)
	}
	if begins := strings.TrimLeft(s, "\ufeff \t\r\n"); begins != "" && !strings.ContainsRune(`{[<`, rune(begins[0])) {
		s = m.pairs(s, true)
	}
	return []byte(m.words(m.inputs(m.members(s))))
}

func (m *masker) header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	out := make(http.Header, len(h))
	for name, values := range h {
		hidden := make([]string, len(values))
		for i, value := range values {
			value = text(value)
			switch http.CanonicalHeaderKey(name) {
			case "Authorization", "Proxy-Authorization":
				hidden[i] = m.credentials(value)
			case "Cookie":
				hidden[i] = m.cookies(value)
			case "Set-Cookie":
				cookie, attributes, _ := strings.Cut(value, ";")
				hidden[i] = m.cookie(cookie) + value[len(cookie):len(value)-len(attributes)] + attributes
			default:
				hidden[i] = m.words(value)
			}
		}
		out[text(name)] = append(out[text(name)], hidden...)
	}
	return out
}

// byValue hides the secrets wherever else they are.
func (m *masker) byValue(given *needles) {
	x := m.x
	own := newNeedles(m.own())
	if given.none() && own.none() {
		return
	}
	s := search{sets: []*needles{given, own}}
	if !x.Failed() {
		s.spare = []string{x.User, x.Client}
	}
	for _, word := range x.words() {
		*word = s.hideWord(*word)
	}
	s.header(&x.Request.Header)
	s.header(&x.Response.Header)
	for _, body := range []*[]byte{&x.Request.Body, &x.Response.Body} {
		if len(*body) > 0 {
			*body = []byte(s.hide(string(*body)))
		}
	}
}

// own are the secrets that byName found, without those that are words as well.
func (m *masker) own() []string {
	x := m.x
	return slices.DeleteFunc(m.found, func(s string) bool {
		return m.names[s] || isSecret(s) || isName(s) || s == x.Grant || s == x.Endpoint || s == x.Method || s == x.Error
	})
}

// hideWord hides in what is text even when a secret that is none ends within a
// character.
func (s *search) hideWord(word string) string { return strings.ToValidUTF8(s.hide(word), "…") }

// header hides in names, too, in an order that does not change.
func (s *search) header(h *http.Header) {
	if *h == nil {
		return
	}
	out := make(http.Header, len(*h))
	for _, name := range slices.Sorted(maps.Keys(*h)) {
		hidden := s.hideWord(name)
		for _, value := range (*h)[name] {
			out[hidden] = append(out[hidden], s.hideWord(value))
		}
	}
	*h = out
}

// Mask is what remains of a secret: its length, and of a long one the beginning.
func Mask(secret string) string { return mask(secret) }

// mask is what remains of a secret.
func mask(secret string) string {
	shown := ""
	if len(secret) >= longAtLeast && !strings.ContainsFunc(secret[:beginning], func(r rune) bool { return !isTokenByte(byte(min(r, 0xff))) }) {
		shown = secret[:beginning]
	}
	return shown + "…(" + strconv.Itoa(len(secret)) + ")"
}

func isMask(s string) bool {
	before, after, ok := strings.Cut(s, "…(")
	digits, closed := strings.CutSuffix(after, ")")
	return ok && closed && len(before) <= beginning && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// isSecret tells names under which a secret stands, in requests and answers.
func isSecret(name string) bool {
	switch strings.ToLower(name) {
	case "client_secret", "secret", "password", "new_password", "passwd", "pin", "otp",
		"code", "code_verifier", "device_code", "user_code", "auth_req_id",
		"token", "access_token", "refresh_token", "id_token", "id_token_hint", "logout_token", "subject_token", "actor_token",
		"registration_access_token", "initial_access_token", "registration_token",
		"assertion", "client_assertion", "authorization":
		return true
	}
	return false
}

// isName tells names under which there is a user's or a client's name.
func isName(name string) bool {
	switch name {
	case "username", "client_id", "login_hint", "preferred_username":
		return true
	}
	return false
}

// named hides a value that has a name, or notes it as a name.
func (m *masker) named(name, value string) (hidden string, changed bool) {
	if isSecret(name) {
		hidden = m.hide(value)
		return hidden, hidden != value
	}
	if isName(name) {
		m.names[value] = true
	}
	return value, false
}
