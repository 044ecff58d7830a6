package engine

import "strings"

// quotedAtMost bounds, in bytes, how much of what a client sent is repeated to it
// or written down.
const quotedAtMost = 200

// clip shortens what a client sent to what is worth repeating.
func clip(s string) string {
	if len(s) > quotedAtMost {
		s = s[:quotedAtMost] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}

// Quote puts what a client sent between quotes that may stand in an
// error_description, where neither " nor \ may (RFC 6749 §5.2).
func Quote(s string) string { return "'" + clip(s) + "'" }
