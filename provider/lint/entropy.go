package lint

import (
	"math"
	"strconv"
)

const (
	bitsAtLeast  = 64 // of what an attacker has to guess; random values have twice as many
	flowsToJudge = 5  // of which values are compared
)

// guess estimates how many bits of a value differ from those before, where there are
// enough to tell; many where there are not.
func guess(value string, before []string) int {
	if len(before)+1 < flowsToJudge {
		return bitsAtLeast
	}
	var digits, small, hex, letters bool
	varying := 0
	for i := range len(value) {
		differs := false
		for _, other := range before {
			differs = differs || i >= len(other) || other[i] != value[i]
		}
		if differs {
			varying++
		}
		for _, s := range append([]string{value}, before...) {
			if i < len(s) {
				digits, small, hex, letters = kinds(s[i], digits, small, hex, letters)
			}
		}
	}
	bits := float64(varying) * math.Log2(alphabet(digits, small, hex, letters))
	if step := spread(value, before); step > 0 {
		bits = math.Min(bits, math.Log2(step)) // a counter, or the time
	}
	return int(bits)
}

// kinds notes what a character is: a digit, a to f, another small letter, anything else.
func kinds(b byte, digits, small, hex, other bool) (bool, bool, bool, bool) {
	switch {
	case b >= '0' && b <= '9':
		digits = true
	case b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F':
		hex = true
	case b >= 'a' && b <= 'z':
		small = true
	case b == '-':
	default:
		other = true
	}
	return digits, small, hex, other
}

// alphabet is of how many characters a value is made.
func alphabet(digits, small, hex, other bool) float64 {
	switch {
	case other:
		return 64
	case small && digits:
		return 36
	case small:
		return 26
	case hex:
		return 16
	}
	return 10
}

// spread is how far numbers lie apart; 0 for values that are none.
func spread(value string, before []string) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range append([]string{value}, before...) {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return 0
		}
		low, high = math.Min(low, float64(n)), math.Max(high, float64(n))
	}
	return math.Max(high-low, 2)
}
