package fault_test

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// inForce says the faults in force, as id:name acted/remaining.
func inForce(box *fault.Box) string {
	var all []string
	for _, f := range box.Active() {
		all = append(all, fmt.Sprintf("%d:%s %d/%d", f.ID, f.Fault.Name, f.Acted, f.Remaining))
	}
	return strings.Join(all, ", ")
}

func TestFaultsAreCountedAndRemoved(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a, b := fault.Fault{Name: "a"}, fault.Fault{Name: "b", At: []string{fault.Token, fault.Token}}
	var box fault.Box
	g.Expect(box.Inject(a.Times(3), b)).To(Equal([]uint64{1, 2}))
	g.Expect(box.Inject(a, a.Once())).To(Equal([]uint64{3, 4}))
	g.Expect(box.Inject()).To(BeEmpty())
	g.Expect(inForce(&box)).To(Equal("1:a 0/3, 2:b 0/0, 3:a 0/0, 4:a 0/1"))

	g.Expect(box.Draw(fault.Token, "")).To(HaveLen(4), "a fault acts once on a request, however often it lists the endpoint")
	g.Expect(inForce(&box)).To(Equal("1:a 1/2, 2:b 1/0, 3:a 1/0"), "the fourth is spent")
	g.Expect(box.Draw(fault.JWKS, "")).To(HaveLen(2))
	g.Expect(inForce(&box)).To(Equal("1:a 2/1, 2:b 1/0, 3:a 2/0"))

	g.Expect(box.Remove(4)).To(BeFalse(), "it is spent")
	g.Expect(box.Remove(99)).To(BeFalse())
	g.Expect(box.Remove(2)).To(BeTrue())
	g.Expect(box.Remove(2)).To(BeFalse())
	g.Expect(inForce(&box)).To(Equal("1:a 2/1, 3:a 2/0"))
	g.Expect(box.RemoveNamed("b")).To(Equal(0))
	g.Expect(box.RemoveNamed("a")).To(Equal(2))
	g.Expect(box.Empty()).To(BeTrue())
	g.Expect(box.Remove(1)).To(BeFalse())

	g.Expect(box.Inject(a)).To(Equal([]uint64{5}), "an ID is never used again")
	box.Clear()
	g.Expect(box.Inject(a)).To(Equal([]uint64{6}))
}

// What Active answers can be put in force again: a test that clears the box for a
// while leaves it as it was.
func TestActiveFaultsGoOnWhereTheyWere(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var box fault.Box
	box.Inject(fault.Cacheable.Times(3))
	box.Draw(fault.Token, "")
	before := box.Active()
	box.Clear()
	box.Inject(before[0].Fault)
	g.Expect(box.Active()[0].Remaining).To(Equal(2))
}

// Whatever is removed stays counted for nobody: the rest goes on.
func TestRemovingLeavesTheOthersCounts(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a, b := fault.Fault{Name: "a"}, fault.Fault{Name: "b"}
	var box fault.Box
	ids := box.Inject(a.Times(2), b)
	box.Draw(fault.Token, "")
	box.Remove(ids[1])
	box.Inject(b)
	box.Draw(fault.Token, "")
	g.Expect(inForce(&box)).To(Equal("3:b 1/0"))
}

func TestChance(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]float64{0.5: 0.5, 1: 1, 7: 1, 0: 0, -1: 0, math.NaN(): 0, math.SmallestNonzeroFloat64: math.SmallestNonzeroFloat64} {
		g := NewWithT(t)
		f := fault.Cacheable.WithChance(p)
		g.Expect(f.Chance()).To(Equal(want), "%v", p)
		var box fault.Box
		box.Inject(f)
		if want == 1 {
			g.Expect(box.Draw(fault.Token, "")).To(HaveLen(1), "%v", p)
		}
		if want < 0.1 {
			g.Expect(box.Draw(fault.Token, "")).To(BeEmpty(), "%v", p)
		}
	}
	g := NewWithT(t)
	g.Expect(fault.Cacheable.Chance()).To(Equal(1.0))
	g.Expect(fault.Cacheable.WithChance(0.1).WithChance(1).Chance()).To(Equal(1.0), "the last word counts")
}

// visits says on which of n requests which faults act.
func visits(box *fault.Box, n int) string {
	var said strings.Builder
	for range n {
		for _, f := range box.Draw(fault.Token, "") {
			said.WriteString(f.Name)
		}
		said.WriteString(".")
	}
	return said.String()
}

func TestChanceRepeatsUnderASeed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	seeded := func(seed byte) *fault.Box {
		var box fault.Box
		box.Seed([32]byte{seed})
		box.Inject(fault.Fault{Name: "a"}.WithChance(0.5), fault.Fault{Name: "b"}.WithChance(0.25).Times(5), fault.Fault{Name: "c"}.For("web").WithChance(0.5))
		return &box
	}
	once := visits(seeded(1), 200)
	g.Expect(visits(seeded(1), 200)).To(Equal(once))
	g.Expect(visits(seeded(2), 200)).NotTo(Equal(once))
	g.Expect(strings.Count(once, "a")).To(BeNumerically("~", 100, 25))
	g.Expect(strings.Count(once, "b")).To(Equal(5), "a request that it spares is none of its times")
	g.Expect(strings.Count(once, "c")).To(BeZero())

	again := seeded(1)
	visits(again, 50)
	again.Clear()
	again.Seed([32]byte{1})
	again.Inject(fault.Fault{Name: "a"}.WithChance(0.5))
	fresh := &fault.Box{}
	fresh.Seed([32]byte{1})
	fresh.Inject(fault.Fault{Name: "a"}.WithChance(0.5))
	g.Expect(visits(again, 50)).To(Equal(visits(fresh, 50)), "seeding begins anew")
}

// A draw that needs no chance throws no dice: what else is in force does not
// change what a seed makes of a fault.
func TestOnlyChanceUsesTheSeed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	seeded := func(others ...fault.Fault) string {
		var box fault.Box
		box.Seed([32]byte{7})
		box.Inject(others...)
		box.Inject(fault.Fault{Name: "a"}.WithChance(0.5))
		return strings.ReplaceAll(visits(&box, 100), "x", "")
	}
	x := fault.Fault{Name: "x"}
	g.Expect(seeded(x, x.Once(), x.WithChance(0), x.For("web").WithChance(0.5), x.AtEndpoint(fault.JWKS).WithChance(0.5))).To(Equal(seeded()))
}

func TestUnseededBoxesDiffer(t *testing.T) {
	t.Parallel()
	coin := func() string {
		var box fault.Box
		box.Inject(fault.Fault{Name: "a"}.WithChance(0.5))
		return visits(&box, 128)
	}
	NewWithT(t).Expect(coin()).NotTo(Equal(coin()))
}

// However many ask at once, and while others come and go, a fault acts on as many
// requests as it has times, and is counted on each.
func TestTimesHoldWhileFaultsComeAndGo(t *testing.T) {
	t.Parallel()
	const many, goroutines, each = 500, 8, 400
	g := NewWithT(t)
	var box fault.Box
	box.Inject(fault.Fault{Name: "counted"}.Times(many), fault.Fault{Name: "chancy"}.Times(many).WithChance(0.5), fault.Fault{Name: "always"})
	var counted, chancy, always atomic.Int64
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for i := range each {
				if i%10 == 0 {
					id := box.Inject(fault.Fault{Name: "passing"})[0]
					if i%20 == 0 {
						g.Expect(box.Remove(id)).To(BeTrue())
					}
				}
				for _, f := range box.Draw(fault.Token, "web") {
					switch f.Name {
					case "counted":
						counted.Add(1)
					case "chancy":
						chancy.Add(1)
					case "always":
						always.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	g.Expect(counted.Load()).To(BeEquivalentTo(many))
	g.Expect(chancy.Load()).To(BeEquivalentTo(many))
	g.Expect(always.Load()).To(BeEquivalentTo(goroutines * each))
	g.Expect(box.RemoveNamed("passing")).To(Equal(goroutines * each / 20))
	g.Expect(inForce(&box)).To(Equal(fmt.Sprintf("3:always %d/0", goroutines*each)))
}

// The last of a fault's times is spent by one request, and the dice are seeded
// once, when all begin at the same moment.
func TestTheLastTimeIsOneRequests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for range 500 {
		var box fault.Box
		box.Inject(fault.Fault{Name: "once"}.Once(), fault.Fault{Name: "chancy"}.WithChance(0.999999).Times(2))
		var drawn atomic.Int64
		var all sync.WaitGroup
		begin := make(chan struct{})
		for range 4 {
			all.Go(func() { <-begin; drawn.Add(int64(len(box.Draw(fault.Token, "")))) })
		}
		close(begin)
		all.Wait()
		g.Expect(drawn.Load()).To(BeEquivalentTo(3))
	}
}

// Nothing runs beside this test: what others allocate would be counted.
func TestDrawingNothingAllocatesNothing(t *testing.T) {
	for name, f := range map[string]fault.Fault{
		"elsewhere":  fault.Cacheable.AtEndpoint(fault.Revocation),
		"of another": fault.Cacheable.For("mobile"),
		"spared":     fault.Cacheable.WithChance(math.SmallestNonzeroFloat64),
	} {
		var box fault.Box
		box.Inject(times(100, f)...)
		box.Draw(fault.Token, "web") // seeds the dice
		NewWithT(t).Expect(testing.AllocsPerRun(100, func() { box.Draw(fault.Token, "web") })).To(BeZero(), name)
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(fault.Endpoints()).To(ConsistOf(
		fault.Token, fault.Introspection, fault.Revocation, fault.Verify, fault.Authorization, fault.UserInfo, fault.EndSession,
		fault.JWKS, fault.Discovery, fault.Metadata, fault.Resource,
	))
	fault.Endpoints()[0] = "changed"
	g.Expect(fault.Endpoints()).NotTo(ContainElement("changed"))
}
