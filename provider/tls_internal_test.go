package provider

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// What is made from the same randomness is the same, all day, and an authority's
// earlier certificate vouches for the same key later.
func TestSelfSignedRepeats(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	morning := time.Date(2030, 5, 6, 0, 0, 1, 0, time.UTC)
	made := func(seed byte, now time.Time) transport {
		made, err := selfSigned(rand.NewChaCha8([32]byte{seed}), now, []string{"localhost", "127.0.0.1"})
		g.Expect(err).NotTo(HaveOccurred())
		return made
	}
	first, again := made(1, morning), made(1, morning.Add(23*time.Hour))
	g.Expect(again.ca).To(Equal(first.ca))
	g.Expect(again.config.Certificates[0].Certificate).To(Equal(first.config.Certificates[0].Certificate))
	later := made(1, morning.AddDate(0, 1, 0))
	g.Expect(later.config.Certificates[0].Leaf.CheckSignatureFrom(first.anchor)).To(Succeed())
	g.Expect(later.anchor.SerialNumber).NotTo(Equal(first.anchor.SerialNumber))
	other := made(2, morning)
	g.Expect(other.ca).NotTo(Equal(first.ca))
	g.Expect(other.config.Certificates[0].Leaf.CheckSignatureFrom(first.anchor)).NotTo(Succeed())
	_, err := selfSigned(bytes.NewReader(nil), morning, []string{"localhost"})
	g.Expect(err).To(HaveOccurred())
}
