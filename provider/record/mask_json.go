package record

import "strings"

// members hides what stands under a secret's name in JSON, however broken the
// rest is: a fault may have cut it, doubled it or put it into something else.
func (m *masker) members(s string) string {
	var edits []edit
	for i := 0; i < len(s); {
		quote := strings.IndexByte(s[i:], '"')
		if quote < 0 {
			break
		}
		from := i + quote
		i = from + 1
		if from > 0 && s[from-1] == '\\' {
			continue
		}
		end := stringEnd(s, from)
		colon := skipSpace(s, end)
		if colon >= len(s) || s[colon] != ':' {
			continue // this may have been the quote that ends a string: the next begins one
		}
		name, value := unquote(s[from:end]), skipSpace(s, colon+1)
		i = value
		switch {
		case isSecret(name):
			edits, i = m.member(s, value, edits)
		case isName(name) && value < len(s) && s[value] == '"':
			i = stringEnd(s, value)
			m.names[unquote(s[value:i])] = true
		}
	}
	return apply(s, edits)
}

// member hides one value: all that is in it when it is an array or an object.
func (m *masker) member(s string, i int, edits []edit) ([]edit, int) {
	for depth := 0; i < len(s); {
		from := i
		switch b := s[i]; {
		case b == '{' || b == '[':
			depth++
			i++
		case b == '}' || b == ']':
			depth--
			i++
		case strings.IndexByte(" \t\r\n,:", b) >= 0:
			i++
		case b == '"':
			i = stringEnd(s, i)
			if colon := skipSpace(s, i); depth == 0 || colon >= len(s) || s[colon] != ':' {
				edits = m.scalar(edits, edit{from, i, unquote(s[from:i])})
			}
		default:
			for i < len(s) && strings.IndexByte(" \t\r\n,:{}[]\"", s[i]) < 0 {
				i++
			}
			if word := s[from:i]; word != "true" && word != "false" && word != "null" {
				edits = m.scalar(edits, edit{from, i, word})
			}
		}
		if depth <= 0 {
			break
		}
	}
	return edits, i
}

func (m *masker) scalar(edits []edit, value edit) []edit {
	hidden := m.hide(value.text)
	if hidden == value.text {
		return edits
	}
	return append(edits, edit{value.from, value.to, `"` + hidden + `"`})
}

// stringEnd is behind the string that begins at s[from], or the end of s.
func stringEnd(s string, from int) int {
	for i := from + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

func unquote(s string) string {
	return backslash(plain(strings.TrimSuffix(s[1:], `"`))).text
}
