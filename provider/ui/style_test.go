package ui_test

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/ui"
)

// Text needs a contrast of 4.5, the edge of a control 3 (WCAG 2.2 §1.4.3, §1.4.11).
func TestContrast(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := show(t, func(w http.ResponseWriter) error { return ui.WriteLogin(w, 200, ui.Login{}) })
	style := all(p.doc, "style")[0].FirstChild.Data
	schemes := regexp.MustCompile(`(?s):root\{.*?\}`).FindAllString(style, -1)
	g.Expect(schemes).To(HaveLen(2), "light and dark")
	pairs := []struct {
		on, of string
		least  float64
	}{
		{"ground", "text", 4.5},
		{"card", "text", 4.5},
		{"card", "soft", 4.5},
		{"card", "accent", 4.5},
		{"card", "edge", 3},
		{"ground", "accent", 3},
		{"chip", "text", 4.5},
		{"chip", "soft", 4.5},
		{"accent", "on-accent", 4.5},
		{"mock", "on-mock", 4.5},
		{"bad", "on-bad", 4.5},
		{"good", "on-good", 4.5},
	}
	for i, scheme := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+):#([0-9a-f]{6})`).FindAllStringSubmatch(scheme, -1) {
			colours[m[1]] = m[2]
		}
		for _, pair := range pairs {
			t.Run(fmt.Sprintf("scheme %d, %s on %s", i, pair.of, pair.on), func(t *testing.T) {
				g := NewWithT(t)
				g.Expect(colours).To(And(HaveKey(pair.on), HaveKey(pair.of)))
				a, b := luminance(t, colours[pair.on]), luminance(t, colours[pair.of])
				g.Expect((max(a, b) + 0.05) / (min(a, b) + 0.05)).To(BeNumerically(">=", pair.least))
			})
		}
	}
}

// luminance is the relative luminance of an sRGB colour, as WCAG defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c, err := strconv.ParseUint(colour[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(c) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
