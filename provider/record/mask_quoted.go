package record

import (
	"maps"
	"slices"
)

// Secrets are the values in xs that stand under a secret's name, or are JSON Web
// Tokens, each once and as it was before it was escaped: what to give
// [MaskedText] and other exchanges when they may repeat what was said in these.
// A value that one of them has as a username or client_id is none, nor is one of
// less than four bytes.
func (xs Exchanges) Secrets() []string {
	all, names := map[string]bool{}, map[string]bool{}
	for _, x := range xs {
		m := masker{x: &x, names: map[string]bool{}}
		m.byName()
		for _, secret := range m.own() {
			all[secret] = true
		}
		maps.Copy(names, m.names)
	}
	maps.DeleteFunc(all, func(secret string, _ bool) bool { return names[secret] })
	return slices.Sorted(maps.Keys(all))
}

// MaskedText is a text that quotes exchanges, such as a test's failure, without
// secrets. It hides what [Exchange.Masked] would: what stands under a secret's
// name in URLs, forms, JSON and a page's inputs; JSON Web Tokens; and the given
// secrets, however they are written.
func MaskedText(s string, secrets ...string) string {
	m := masker{x: &Exchange{}, names: map[string]bool{}}
	s = m.words(m.inputs(m.members(text(s))))
	find := search{sets: []*needles{newNeedles(secrets), newNeedles(m.own())}}
	return find.hideWord(s)
}
