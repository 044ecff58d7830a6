package provider_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/keys"
)

// Under a seed the keys of rotations repeat, whatever other tenants do, and after a reset again.
func TestRotationsRepeatUnderASeed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	begin := func() *provider.Provider {
		ring, err := keys.Random("EdDSA")
		g.Expect(err).NotTo(HaveOccurred())
		return provider.Start(t, provider.WithSeed("seed"), provider.WithKeys(ring))
	}
	rotated := func(p *provider.Provider) string {
		g.Expect(p.Keys().Rotate()).To(Succeed())
		return p.Keys().Published()[0].Key.ID()
	}
	p, q := begin(), begin()
	other := rotated(p.Tenant("other"))
	first := rotated(p)
	g.Expect(other).NotTo(Equal(first))
	g.Expect(rotated(q)).To(Equal(first))
	g.Expect(rotated(q.Tenant("other"))).To(Equal(other))
	p.Reset()
	g.Expect(rotated(p)).To(Equal(first))
}
