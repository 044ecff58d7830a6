package record

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// needles are secrets in the forms in which a text is searched for them. A look
// at four bytes tells almost always that none begins there, so that it matters
// little how many they are.
type needles struct {
	heads  []uint64            // a bit for the hash of each first four bytes
	byHead map[uint32][]needle // the longest first
}

type needle struct {
	text    string
	secret  string
	encoded bool // text is what Base64 makes of the secret
}

func newNeedles(secrets []string) *needles {
	var all []needle
	for _, secret := range secrets {
		if len(secret) < secretAtLeast {
			continue
		}
		if latin, ok := latin1(secret); ok {
			all = append(all, needle{text: latin, secret: secret})
		}
		if wide := asLatin1(secret); wide != secret {
			all = append(all, needle{text: wide, secret: secret}) // as text makes of it beside what is not UTF-8
		}
		for _, written := range spellings(secret) { // itself among them
			all = append(all, needle{text: written, secret: secret})
			for _, inside := range insideBase64(written) {
				all = append(all, needle{text: inside, secret: secret, encoded: true})
			}
		}
	}
	n := &needles{byHead: make(map[uint32][]needle, len(all))}
	if len(all) > 0 {
		n.heads = make([]uint64, 1<<16/64)
	}
	// Not by slices, here and below, which would make the program 28 kB larger.
	sort.SliceStable(all, func(i, j int) bool { return len(all[i].text) > len(all[j].text) })
	for _, a := range all {
		n.add(a)
	}
	return n
}

func (n *needles) none() bool { return len(n.byHead) == 0 }

func (n *needles) add(a needle) {
	a.text = plusless(a.text)
	head := headOf(a.text)
	n.byHead[head] = append(n.byHead[head], a)
	bit := hash(head)
	n.heads[bit>>6] |= 1 << (bit & 63)
}

func headOf(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// hash is one of 65,536 bits.
func hash(head uint32) uint32 { return head * 0x9E3779B1 >> 16 }

// plusless takes + for the space that it is in a form, in secrets and in texts
// alike: nobody can tell which was meant.
func plusless(s string) string { return strings.ReplaceAll(s, "+", " ") }

// latin1 is a text as headers may have it (RFC 9110 §5.5), if that differs.
func latin1(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return "", false
		}
		out = append(out, byte(r))
	}
	return string(out), len(out) != len(s) && len(out) >= secretAtLeast
}

// spellings are how a secret is written most often. Views find any spelling, but
// not inside Base64, which Basic makes of one for a form (RFC 6749 §2.3.1) and a
// JWT of JSON; and not behind a stray % or \, which takes away its beginning.
func spellings(secret string) []string {
	escaped := url.QueryEscape(secret)
	all := []string{secret, escaped, strings.ReplaceAll(escaped, "+", "%20"), lowerEscapes(escaped), url.PathEscape(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func lowerEscapes(escaped string) string {
	b := []byte(escaped)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToLower(escaped[i:i+3]))
		}
	}
	return string(b)
}

// insideBase64 is what s is sure to become inside Base64: three bytes become four
// characters, so it depends on where among three s begins.
func insideBase64(s string) (all []string) {
	for before, first := range [...]int{0, 2, 3} {
		whole := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + s))
		inside := whole[first : (before+len(s))*8/6]
		all = append(all, inside)
		if other := strings.NewReplacer("+", "-", "/", "_").Replace(inside); other != inside {
			all = append(all, other)
		}
	}
	return all
}

// search looks for secrets in the texts of one exchange.
type search struct {
	sets  []*needles
	spare []string // not to be hidden
}

// A hit is where in a text a secret is.
type hit struct {
	from, to int
	needle   needle
}

// hide hides all secrets in a text, overlapping ones as well. What remains of one
// may make another with what is beside it, so it looks again.
func (s *search) hide(text string) string {
	const often = 4
	for range often {
		hits := s.find(text)
		if len(hits) == 0 {
			return text
		}
		text = apply(text, masks(hits))
	}
	if len(s.find(text)) == 0 {
		return text
	}
	return "…"
}

func (s *search) find(text string) (hits []hit) {
	if len(text) < secretAtLeast {
		return nil
	}
	for _, v := range views(text) {
		read := plusless(v.text)
		for _, set := range s.sets {
			if !set.none() {
				hits = s.findIn(set, v, read, hits)
			}
		}
	}
	return hits
}

func (s *search) findIn(set *needles, v view, read string, hits []hit) []hit {
	for i := 0; i+secretAtLeast <= len(read); i++ {
		head := headOf(read[i:])
		if bit := hash(head); set.heads[bit>>6]&(1<<(bit&63)) == 0 {
			continue
		}
		for _, n := range set.byHead[head] {
			if strings.HasPrefix(read[i:], n.text) && !slices.Contains(s.spare, n.secret) {
				from, to := v.original(i, i+len(n.text))
				hits = append(hits, hit{from, to, n})
				break // the others are shorter
			}
		}
	}
	return hits
}

// masks makes one mask of the hits that overlap: the longest secret's.
func masks(hits []hit) (edits []edit) {
	sort.Slice(hits, func(i, j int) bool { return hits[i].from < hits[j].from })
	for i := 0; i < len(hits); {
		all := hits[i]
		for i++; i < len(hits) && hits[i].from < all.to; i++ {
			if len(hits[i].needle.secret) > len(all.needle.secret) || all.needle.encoded && !hits[i].needle.encoded {
				all.needle = hits[i].needle
			}
			all.to = max(all.to, hits[i].to)
		}
		shown := mask(all.needle.secret)
		if all.needle.encoded {
			shown = "…(" + strconv.Itoa(all.to-all.from) + ")"
		}
		edits = append(edits, edit{all.from, all.to, shown})
	}
	return edits
}
