package record

import (
	"html"
	"strings"
)

// An edit puts text in the place of what is from from to before to.
type edit struct {
	from, to int
	text     string
}

// apply makes edits that are in order and do not overlap.
func apply(s string, edits []edit) string {
	if len(edits) == 0 {
		return s
	}
	var out strings.Builder
	done := 0
	for _, e := range edits {
		out.WriteString(s[done:e.from])
		out.WriteString(e.text)
		done = e.to
	}
	out.WriteString(s[done:])
	return out.String()
}

// isTokenByte tells what tokens are made of: base64url and the dots of a JWT.
func isTokenByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.'
}

// pairs hides in name=value. In a form only & ends a value; in other text so
// does all that ends a URL, and a value may be a URL with pairs of its own.
func (m *masker) pairs(s string, form bool) string {
	var edits []edit
	for i := 0; i < len(s); {
		equals := strings.IndexByte(s[i:], '=')
		if equals < 0 {
			break
		}
		equals += i
		name := nameBefore(s[i:equals], form)
		if i = equals + 1; !isSecret(name) && !isName(name) {
			continue
		}
		to := i
		for to < len(s) && s[to] != '&' && (form || !endsURL(s[to])) {
			to++
		}
		if hidden, changed := m.named(name, unescapeForm(s[i:to])); changed {
			edits = append(edits, edit{i, to, hidden})
		}
		i = to
	}
	return apply(s, edits)
}

// nameBefore is the name that ends with s.
func nameBefore(s string, form bool) string {
	if form {
		return unescapeForm(s[strings.LastIndexByte(s, '&')+1:])
	}
	from := len(s)
	for from > 0 && (isTokenByte(s[from-1]) || s[from-1] == '%') {
		from--
	}
	if from > 0 && s[from-1] == '\\' { // JSON's \u0026, which is &
		return strings.TrimPrefix(strings.TrimPrefix(s[from:], "u0026"), "u003f")
	}
	return unescapeForm(s[from:])
}

func endsURL(b byte) bool {
	switch b {
	case '#', '"', '\'', '<', '>', ',', ';', '\\', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}

// unescapeForm leaves broken escapes as they are.
func unescapeForm(s string) string {
	if strings.IndexByte(s, '+') >= 0 {
		s = strings.ReplaceAll(s, "+", " ")
	}
	return percent(plain(s)).text
}

// tokens hides JSON Web Tokens, whose header begins {" in Base64.
func (m *masker) tokens(s string) string {
	const begins, dots, shortest = "eyJ", ".", 32
	var edits []edit
	for i := 0; i < len(s); {
		from := strings.Index(s[i:], begins)
		if from < 0 {
			break
		}
		from += i
		i = from
		for i < len(s) && isTokenByte(s[i]) {
			i++
		}
		if token := s[from:i]; len(token) >= shortest && strings.Contains(token, dots) {
			edits = append(edits, edit{from, i, m.hide(token)})
		}
	}
	return apply(s, edits)
}

// inputs hides the values of a page's inputs, which is where form_post has them.
func (m *masker) inputs(s string) string {
	const begins = "<input"
	var edits []edit
	for i := 0; i+len(begins) <= len(s); i++ {
		if s[i] != '<' || !strings.EqualFold(s[i:i+len(begins)], begins) {
			continue
		}
		i += len(begins)
		name, value := "", edit{}
		for i < len(s) && s[i] != '>' {
			var attribute string
			var at edit
			attribute, at, i = nextAttribute(s, i)
			switch {
			case strings.EqualFold(attribute, "name"):
				name = html.UnescapeString(at.text)
			case strings.EqualFold(attribute, "value"):
				value = at
			}
		}
		if hidden, changed := m.named(name, html.UnescapeString(value.text)); changed {
			edits = append(edits, edit{value.from, value.to, hidden})
		}
	}
	return apply(s, edits)
}

// nextAttribute reads one attribute of a tag and where its value is; the index
// it returns is behind it.
func nextAttribute(s string, i int) (name string, value edit, next int) {
	skip := func(stop string) int {
		n := strings.IndexAny(s[i:], stop)
		if n < 0 {
			n = len(s) - i
		}
		return i + n
	}
	from := i
	i = skip("= \t\r\n>/")
	name = s[from:i]
	i = skipSpace(s, i)
	if i == len(s) || s[i] != '=' {
		if name == "" && i < len(s) && s[i] == '/' {
			i++
		}
		return name, edit{}, i
	}
	i = skipSpace(s, i+1)
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		quote := s[i : i+1]
		i++
		from, i = i, skip(quote)
		return name, edit{from, i, s[from:i]}, min(i+1, len(s))
	}
	from, i = i, skip(" \t\r\n>")
	return name, edit{from, i, s[from:i]}, i
}

func skipSpace(s string, i int) int {
	for i < len(s) && strings.IndexByte(" \t\r\n", s[i]) >= 0 {
		i++
	}
	return i
}

// parts hides in a multipart/form-data body.
func (m *masker) parts(s string) string {
	const named, body, border = `name="`, "\r\n\r\n", "\r\n--"
	var edits []edit
	for i := 0; ; {
		from := strings.Index(s[i:], named)
		if from < 0 {
			return apply(s, edits)
		}
		i += from + len(named)
		name, _, _ := strings.Cut(s[i:], `"`)
		head := strings.Index(s[i:], body)
		if head < 0 {
			return apply(s, edits)
		}
		i += head + len(body)
		value, _, _ := strings.Cut(s[i:], border)
		if hidden, changed := m.named(name, value); changed {
			edits = append(edits, edit{i, i + len(value), hidden})
		}
		i += len(value)
	}
}
