package fault

import (
	"net/url"
	"slices"
	"strings"
)

func authorizationState() []Fault {
	return slices.Concat(
		advised("sends a long and random state with every request", &StateRequired, &ShortStateRefused, &EmptyStateReturned),
		advised(stateIsItsOwn, &StateCut),
		advised(lenient, &RepeatedAuthorizationServed),
	)
}

// StateRequired refuses a request without state; plain fosite does.
var StateRequired = Fault{
	Name: "state_required", Clause: "RFC 6749 §4.1.1", At: []string{Authorization},
	Says: "refuses an authorization request without state",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if h.Notes["state"] == "" {
			h.Notes["stateless"] = "yes"
		}
	},
	Say: refuseBack("stateless", "invalid_state"),
}

// ShortStateRefused wants eight characters of state; plain fosite does.
var ShortStateRefused = Fault{
	Name: "short_state_refused", Clause: "RFC 6749 §4.1.1", At: []string{Authorization},
	Says: "refuses a state of fewer than eight characters",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if state := h.Notes["state"]; state != "" && len(state) < 8 {
			h.Notes["short"] = state
		}
	},
	Say: refuseBack("short", "invalid_state"),
}

// StateCut has a column for state, and it is too narrow.
var StateCut = Fault{
	Name: "state_cut", Clause: "RFC 6749 §4.1.2", At: []string{Authorization},
	Says: "returns the first 64 bytes of state",
	Say: func(s *Said) {
		const width = 64
		s.EditRedirection(func(parameters url.Values) {
			if state := parameters.Get("state"); len(state) > width {
				parameters.Set("state", strings.ToValidUTF8(state[:width], ""))
			}
		})
	},
}

// EmptyStateReturned returns state also where there was none; plain fosite does.
var EmptyStateReturned = Fault{
	Name: "empty_state_returned", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "answers an authorization request without state with an empty one",
	Say: func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if !parameters.Has("state") {
				parameters.Set("state", "")
			}
		})
	},
}

// RepeatedAuthorizationServed takes the first of the values of a parameter; plain fosite does.
var RepeatedAuthorizationServed = Fault{
	Name: "repeated_authorization_served", Clause: "RFC 6749 §3.1", At: []string{Authorization},
	Says: "serves an authorization request with a parameter that is sent twice",
	Hear: func(h *Heard) {
		for name, values := range h.Parameters() {
			if len(values) > 1 && name != "resource" && name != "audience" {
				h.EditParameters(func(parameters url.Values) { parameters.Set(name, values[0]) })
			}
		}
	},
}
