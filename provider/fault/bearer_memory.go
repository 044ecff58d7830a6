package fault

import "strings"

// What the faults of revocation, introspection and bearer usage remember of a
// token, as the prefixes of their keys in [Memory].
const (
	ownerOf   = "owner "   // the client that it was issued to
	kindOf    = "kind "    // access_token or refresh_token
	siblingOf = "sibling " // the other token of the same answer
	bodyFor   = "body "    // the last good answer about it
	ended     = "ended "   // that it was revoked
)

// rememberGrant keeps whose the tokens of a token answer are, and which belong together.
func rememberGrant(s *Said) {
	if s.Heard.Endpoint != Token || !s.Succeeded() {
		return
	}
	object := s.Object()
	access, _ := object["access_token"].(string)
	refresh, _ := object["refresh_token"].(string)
	memory := s.Heard.Memory
	for _, t := range []struct{ token, kind, sibling string }{{access, "access_token", refresh}, {refresh, "refresh_token", access}} {
		if t.token == "" {
			continue
		}
		memory.Remember(ownerOf+t.token, s.Heard.Notes["client"])
		memory.Remember(kindOf+t.token, t.kind)
		memory.Remember(siblingOf+t.token, t.sibling)
	}
}

// recalled is what was remembered, or nothing.
func recalled(m *Memory, key string) string {
	value, _ := m.Recall(key)
	return value
}

// authenticates tells that the request carries any client authentication but a client_id.
func authenticates(h *Heard) bool {
	form := h.Form()
	return h.Request.Header.Get("Authorization") != "" || form.Get("client_secret") != "" || form.Get("client_assertion") != ""
}

// bearerOf is the token in an Authorization header; empty when it has none.
func bearerOf(h *Heard) string {
	scheme, token, _ := strings.Cut(h.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
