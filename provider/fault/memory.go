package fault

import "sync"

// A Memory is what one injected fault remembers from request to request, such
// as the successor of a refresh token whose reuse it lets pass.
type Memory struct{ m sync.Map }

// Remember keeps value under key.
func (m *Memory) Remember(key, value string) { m.m.Store(key, value) }

// Recall answers what was remembered under key.
func (m *Memory) Recall(key string) (value string, ok bool) {
	v, ok := m.m.Load(key)
	if !ok {
		return "", false
	}
	return v.(string), true
}
