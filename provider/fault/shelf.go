package fault

import (
	"slices"
	"sync/atomic"
)

// A shelf is the faults in force, by the endpoint at which they act. It is
// replaced when one comes or goes, and never changed: only its faults count.
type shelf struct {
	faults    []*injected            // in the order of injection
	at        map[string][]*injected // also in that order
	elsewhere []*injected            // at the endpoints that no fault names
	forClient bool
}

// newShelf is nil when there are no faults.
func newShelf(faults []*injected) *shelf {
	if len(faults) == 0 {
		return nil
	}
	s := &shelf{faults: faults, at: map[string][]*injected{}}
	for _, i := range faults {
		s.forClient = s.forClient || i.fault.Client != ""
		for _, endpoint := range i.fault.At {
			s.at[endpoint] = nil
		}
	}
	for _, i := range faults {
		if len(i.fault.At) == 0 {
			s.elsewhere = append(s.elsewhere, i)
		}
		for endpoint := range s.at {
			if len(i.fault.At) == 0 || slices.Contains(i.fault.At, endpoint) {
				s.at[endpoint] = append(s.at[endpoint], i)
			}
		}
	}
	return s
}

// all is a copy of the list, which may be added to.
func (s *shelf) all() []*injected {
	if s == nil {
		return nil
	}
	return slices.Clone(s.faults)
}

// of is the faults at an endpoint.
func (s *shelf) of(endpoint string) []*injected {
	if there, named := s.at[endpoint]; named {
		return there
	}
	return s.elsewhere
}

// An injected is a fault that is in force, or was.
type injected struct {
	id    uint64
	fault Fault
	acted atomic.Uint64 // the one count: what remains of its times follows from it
}

// spent tells that the fault's times are over.
func (i *injected) spent() bool {
	return i.fault.times > 0 && i.acted.Load() >= uint64(i.fault.times)
}

// spend counts one more request, unless the times are over; last tells that they
// are now.
func (i *injected) spend() (acts, last bool) {
	if i.fault.times == 0 {
		i.acted.Add(1)
		return true, false
	}
	for times := uint64(i.fault.times); ; {
		acted := i.acted.Load()
		if acted >= times {
			return false, false
		}
		if i.acted.CompareAndSwap(acted, acted+1) {
			return true, acted+1 == times
		}
	}
}

// state is what there is to know of the fault.
func (i *injected) state() (state InForce, spent bool) {
	state = InForce{ID: i.id, Fault: i.fault, Acted: i.acted.Load()}
	if i.fault.times > 0 {
		state.Remaining = i.fault.times - int(state.Acted)
		state.Fault.times = state.Remaining
		spent = state.Remaining == 0
	}
	return state, spent
}
