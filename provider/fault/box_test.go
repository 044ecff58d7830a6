package fault_test

import (
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// visit is a request's endpoint and client, with the faults that it is to draw.
type visit struct {
	endpoint, client string
	draws            []string
}

func TestDraw(t *testing.T) {
	t.Parallel()
	a, b := fault.Fault{Name: "a"}, fault.Fault{Name: "b"}
	atToken := a.AtEndpoint(fault.Token)
	for name, c := range map[string]struct {
		injected []fault.Fault
		visits   []visit
	}{
		"none": {nil, []visit{{fault.Token, "web", nil}}},
		"everywhere and for everybody": {[]fault.Fault{a}, []visit{
			{fault.Token, "web", []string{"a"}}, {fault.JWKS, "", []string{"a"}}, {"", "", []string{"a"}},
		}},
		"at its endpoints": {[]fault.Fault{a.AtEndpoint(fault.Token, fault.Revocation)}, []visit{
			{fault.Token, "", []string{"a"}}, {fault.Revocation, "", []string{"a"}}, {fault.JWKS, "", nil},
		}},
		"for its client": {[]fault.Fault{a.For("web")}, []visit{
			{fault.Token, "web", []string{"a"}}, {fault.Token, "mobile", nil}, {fault.Token, "", nil},
		}},
		"in the order of injection": {[]fault.Fault{b, a, b}, []visit{{fault.Token, "", []string{"b", "a", "b"}}}},
		"once": {[]fault.Fault{a.Once()}, []visit{
			{fault.Token, "", []string{"a"}}, {fault.Token, "", nil},
		}},
		"twice, each of two": {[]fault.Fault{a.Times(2), b.Once()}, []visit{
			{fault.Token, "", []string{"a", "b"}}, {fault.Token, "", []string{"a"}}, {fault.Token, "", nil},
		}},
		"counted where it acts": {[]fault.Fault{atToken.Once().For("web")}, []visit{
			{fault.Discovery, "web", nil}, {fault.Token, "mobile", nil}, {fault.Token, "web", []string{"a"}}, {fault.Token, "web", nil},
		}},
		"zero times means always":       {[]fault.Fault{a.Times(0)}, []visit{{"", "", []string{"a"}}, {"", "", []string{"a"}}}},
		"fewer than that does too":      {[]fault.Fault{a.Times(-3)}, []visit{{"", "", []string{"a"}}, {"", "", []string{"a"}}}},
		"the last word on times counts": {[]fault.Fault{a.Once().Times(0)}, []visit{{"", "", []string{"a"}}, {"", "", []string{"a"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			var box fault.Box
			box.Inject(c.injected...)
			for i, v := range c.visits {
				var names []string
				for _, f := range box.Draw(v.endpoint, v.client) {
					names = append(names, f.Name)
				}
				g.Expect(names).To(Equal(v.draws), "visit %d", i+1)
			}
		})
	}
}

func TestBoxTellsWhatIsInForce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var box fault.Box
	g.Expect(box.Empty()).To(BeTrue())
	g.Expect(box.Active()).To(BeEmpty())

	box.Inject(fault.Cacheable.Times(2))
	box.Inject(fault.AnySecretServed.For("web"))
	g.Expect(box.Empty()).To(BeFalse())
	g.Expect(box.AnyForClient()).To(BeTrue())
	g.Expect(box.Active()[0].Remaining).To(Equal(2))

	box.Draw(fault.Token, "")
	g.Expect(box.Active()[0].Remaining).To(Equal(1))
	g.Expect(box.Active()[1].Remaining).To(Equal(0), "for all requests")

	box.Draw(fault.Token, "")
	g.Expect(box.Active()).To(HaveLen(1), "the first one's times are over")

	box.Active()[0] = fault.InForce{}
	g.Expect(box.Active()[0].Fault.Name).To(Equal("any_secret_served"), "what Active answers is a copy")

	box.Clear()
	g.Expect(box.Empty()).To(BeTrue())
	g.Expect(box.AnyForClient()).To(BeFalse())
	g.Expect(box.Draw(fault.Token, "web")).To(BeEmpty())
}

func TestFaultIsAValue(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	names := []string{fault.Verify}
	f := fault.Cacheable.Once().For("web").AtEndpoint(names...)
	names[0] = fault.JWKS
	g.Expect(f.At).To(Equal([]string{fault.Verify}))
	g.Expect(f.Client).To(Equal("web"))
	g.Expect(f.Remaining()).To(Equal(1))
	g.Expect(f.Times(-3).Remaining()).To(Equal(0), "fewer than one time means always")
	g.Expect(fault.Cacheable.Client).To(BeEmpty(), "the catalogue's own stays as it is")
	g.Expect(fault.Cacheable.At).To(ContainElement(fault.Token))
	g.Expect(fault.Cacheable.Remaining()).To(Equal(0))
}

func TestTimesAreSpentOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	const times, goroutines, each = 100, 8, 50
	var box fault.Box
	box.Inject(fault.Cacheable.Times(times))
	var drawn atomic.Int64
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for range each {
				drawn.Add(int64(len(box.Draw(fault.Token, "web"))))
			}
		})
	}
	all.Wait()
	g := NewWithT(t)
	g.Expect(drawn.Load()).To(BeEquivalentTo(times))
	g.Expect(box.Empty()).To(BeTrue())
}

func TestBoxIsUsedByManyAtOnce(t *testing.T) {
	t.Parallel()
	var box fault.Box
	var all sync.WaitGroup
	for _, use := range []func(){
		func() { box.Inject(fault.Cacheable.Once(), fault.Cacheable.WithChance(0.5)) },
		func() { box.Seed([32]byte{1}) },
		func() { box.Remove(box.Inject(fault.Cacheable)[0]) },
		func() { box.RemoveNamed("cacheable") },
		func() { box.Draw(fault.Token, "web") },
		func() { box.Active() },
		func() { box.AnyForClient() },
		func() { box.Empty() },
		box.Clear,
	} {
		all.Go(func() {
			for range 200 {
				use()
			}
		})
	}
	all.Wait()
	box.Clear()
	NewWithT(t).Expect(box.Empty()).To(BeTrue())
}

// Each injection remembers for itself, from request to request, and a fault that
// is drawn from no box remembers nothing.
func TestMemoryIsEachInjectionsOwn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var heard []string
	f := fault.Fault{Name: "counting", Hear: func(h *fault.Heard) {
		before, _ := h.Memory.Recall("visits")
		h.Memory.Remember("visits", before+"I")
		heard = append(heard, before+"I")
	}}
	var box fault.Box
	request := func() []string {
		heard = nil
		drawn := box.Draw(fault.Token, "")
		fault.NewDraw(drawn, post(""), fault.Token, known()).Hear(post(""))
		return heard
	}
	box.Inject(f)
	g.Expect(request()).To(Equal([]string{"I"}))
	box.Inject(f.Times(2))
	g.Expect(request()).To(Equal([]string{"II", "I"}))
	g.Expect(request()).To(Equal([]string{"III", "II"}))
	box.Clear()
	box.Inject(f)
	g.Expect(request()).To(Equal([]string{"I"}), "what was cleared is forgotten")

	heard = nil
	for range 2 {
		fault.NewDraw([]fault.Fault{f}, post(""), fault.Token, known()).Hear(post(""))
	}
	g.Expect(heard).To(Equal([]string{"I", "I"}))

	_, ok := (&fault.Memory{}).Recall("visits")
	g.Expect(ok).To(BeFalse())
}
