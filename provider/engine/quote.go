package engine

import "strings"

// quote puts what a client sent between quotes that may stand in an
// error_description, where neither " nor \ may (RFC 6749 §5.2).
func quote(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "..."
	}
	return "'" + strings.ToValidUTF8(s, "?") + "'"
}
