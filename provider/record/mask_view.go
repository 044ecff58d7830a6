package record

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A view is a text with its escapes undone, and where its bytes were before.
type view struct {
	text string
	at   []int // where each byte of text begins in the original, and its end; nil: where it is
}

func plain(s string) view { return view{text: s} }

// original is where the bytes from from to before to were.
func (v view) original(from, to int) (int, int) {
	if v.at == nil {
		return from, to
	}
	for to < len(v.text) && v.at[to] == v.at[to-1] { // the rest of an escape of several bytes
		to++
	}
	return v.at[from], v.at[to]
}

// undo reads the text with step, which is given the rest of a text and returns
// what its first n bytes stand for. Only where mark is can there be an escape.
func (v view) undo(mark byte, step func(rest string) (stands string, n int)) view {
	first := strings.IndexByte(v.text, mark)
	if first < 0 {
		return v
	}
	out := make([]byte, 0, len(v.text))
	at := make([]int, 0, len(v.text)+1)
	for i := 0; i < len(v.text); {
		stands, n := v.text[i:i+1], 1
		if v.text[i] == mark {
			stands, n = step(v.text[i:])
		}
		from, _ := v.original(i, i+1)
		for range len(stands) {
			at = append(at, from)
		}
		out = append(out, stands...)
		i += n
	}
	end := len(v.text)
	if v.at != nil {
		end = v.at[end]
	}
	return view{string(out), append(at, end)}
}

// percent undoes %2F (RFC 3986 §2.1).
func percent(v view) view {
	return v.undo('%', func(rest string) (string, int) {
		if len(rest) >= 3 {
			if b, err := strconv.ParseUint(rest[1:3], 16, 8); err == nil {
				return string([]byte{byte(b)}), 3
			}
		}
		return rest[:1], 1
	})
}

// entity undoes &#34; and &amp;.
func entity(v view) view {
	const longest = 12
	return v.undo('&', func(rest string) (string, int) {
		if n := strings.IndexByte(rest[:min(len(rest), longest)], ';') + 1; n > 0 {
			if stands := html.UnescapeString(rest[:n]); stands != rest[:n] {
				return stands, n
			}
		}
		return rest[:1], 1
	})
}

// backslash undoes \" and \u0022 (RFC 8259 §7).
func backslash(v view) view {
	return v.undo('\\', func(rest string) (string, int) {
		if len(rest) < 2 {
			return rest, len(rest)
		}
		if i := strings.IndexByte(`"\/bfnrt`, rest[1]); i >= 0 {
			return "\"\\/\b\f\n\r\t"[i : i+1], 2
		}
		r, ok := unicodeEscape(rest)
		if !ok {
			return rest[:1], 1
		}
		if utf16.IsSurrogate(r) {
			low, ok := unicodeEscape(rest[6:])
			if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
				return string(pair), 12
			}
		}
		return string(r), 6
	})
}

func unicodeEscape(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 32)
	return rune(n), err == nil
}

// views are the ways to read s, with up to two kinds of escapes inside one another.
func views(s string) []view {
	once := plain(s).undone()
	all := append([]view{plain(s)}, once...)
	for _, v := range once {
		all = append(all, v.undone()...)
	}
	return all
}

// undone is v with each kind of escapes undone that it has.
func (v view) undone() (others []view) {
	for _, other := range [...]view{percent(v), backslash(v), entity(v)} {
		if other.text != v.text {
			others = append(others, other)
		}
	}
	return others
}
