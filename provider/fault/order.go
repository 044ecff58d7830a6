package fault

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// An Order asks from outside for a fault, in the JSON that POST /_mock/faults takes.
// It is of one of two kinds: a named fault of the catalogue,
//
//	{"name":"wrong_issuer","client":"web","at":"token","times":1,"chance":0.5}
//
// or a raw one, which says itself what is to go wrong:
//
//	{"at":"token","times":2,"status":503,"headers":{"Retry-After":"1"},"body":"…"}
//	{"at":["token","userinfo"],"delay":"2s","drip":{"bytes":1,"every":"100ms"}}
//
// A raw fault with a status or a body answers in the endpoint's place: the
// request has no effect, and no token is issued. Without them the endpoint
// answers, and the rest says how its answer is changed on its way.
type Order struct {
	Name   string   `json:"name,omitempty"`   // the catalogue's; with a raw fault a label of your own, "raw" when left out
	Client string   `json:"client,omitempty"` // acts for this client_id only
	At     Words    `json:"at,omitempty"`     // acts at these [Endpoints] only; left out, where the named one does, or at each
	Times  int      `json:"times,omitempty"`  // for so many requests, at most a million; 0 is for all
	Chance *float64 `json:"chance,omitempty"` // the probability that it acts, above 0 and at most 1, which it is when left out

	Status   int              `json:"status,omitempty"`   // 200 to 599; 200 when there is only a body
	Headers  map[string]Words `json:"headers,omitempty"`  // set in the answer, the endpoint's too, in place of what it says under the name
	Body     json.RawMessage  `json:"body,omitempty"`     // a string, or an object or a list, which is sent as JSON; at most 1 MiB
	Delay    string           `json:"delay,omitempty"`    // waits before all else: "1.5s", at most "10m", by the provider's clock
	Drop     bool             `json:"drop,omitempty"`     // cuts the connection in place of the answer: when all is done or, with a status, when nothing is
	Truncate int              `json:"truncate,omitempty"` // cuts the connection after so many bytes of the body; 0 does not
	Drip     *Dripping        `json:"drip,omitempty"`     // sends the body slowly
}

// Words is one string or a list of them in JSON; it is written as a list.
type Words []string

// UnmarshalJSON reads either.
func (w *Words) UnmarshalJSON(raw []byte) error {
	var word string
	if json.Unmarshal(raw, &word) == nil && string(raw) != "null" {
		*w = Words{word}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(w))
}

// Dripping says how slowly a body is sent.
type Dripping struct {
	Bytes int    `json:"bytes"` // at a time
	Every string `json:"every"` // the time from one to the next: "100ms", at most "10m"
}

// rawName is the name of a raw fault that is given none.
const rawName = "raw"

// Fault is the fault that o asks for. The error is [Problems]: everything that is
// wrong with o. suggest answers the word of known that is nearest to word, or "";
// nil suggests nothing.
func (o Order) Fault(suggest func(word string, known []string) string) (Fault, error) {
	wrong := checking{suggest: suggest}
	wrong.order(o)
	if len(wrong.problems) > 0 {
		return Fault{}, wrong.problems
	}
	f, _ := Named(o.Name)
	if len(o.rawMembers()) > 0 {
		f = o.raw()
	}
	if len(o.At) > 0 {
		f = f.AtEndpoint(o.At...)
	}
	if o.Chance != nil {
		f = f.WithChance(*o.Chance)
	}
	return f.For(o.Client).Times(o.Times), nil
}

// rawMembers names the members of o that a named fault does not have.
func (o Order) rawMembers() []string {
	var members []string
	for _, m := range []struct {
		name string
		said bool
	}{
		{"status", o.Status != 0}, {"headers", len(o.Headers) > 0}, {"body", o.hasBody()},
		{"delay", o.Delay != ""}, {"drop", o.Drop}, {"truncate", o.Truncate != 0}, {"drip", o.Drip != nil},
	} {
		if m.said {
			members = append(members, m.name)
		}
	}
	return members
}

// hasBody tells that there is a body, if an empty one.
func (o Order) hasBody() bool { return len(o.Body) > 0 && string(o.Body) != "null" }

// answers tells that o answers in the endpoint's place.
func (o Order) answers() bool { return o.Status != 0 || o.hasBody() }

// clone shares nothing with o.
func (o Order) clone() Order {
	o.Headers, o.Body = maps.Clone(o.Headers), bytes.Clone(o.Body)
	for name, values := range o.Headers {
		o.Headers[name] = slices.Clone(values)
	}
	if o.Drip != nil {
		drip := *o.Drip
		o.Drip = &drip
	}
	return o
}

// A Report is a fault in force, in the JSON that GET /_mock/faults answers.
type Report struct {
	ID uint64 `json:"id"` // by which it is put out of force
	Order
	Acted  uint64 `json:"acted"`            // on how many requests
	Clause string `json:"clause,omitempty"` // which it breaks
	Says   string `json:"says,omitempty"`   // what the provider does
	Advice string `json:"advice,omitempty"` // what a careful client does
}

// Report is i as it would be ordered now: with as many times as remain, and with
// the members of a raw fault as they were ordered.
func (i InForce) Report() Report {
	var o Order
	if i.Fault.ordered != nil {
		o = i.Fault.ordered.clone()
	}
	o.Name, o.Client, o.At, o.Times, o.Chance = i.Fault.Name, i.Fault.Client, slices.Clone(i.Fault.At), i.Remaining, nil
	if p := i.Fault.Chance(); p != 1 {
		o.Chance = &p
	}
	return Report{ID: i.ID, Order: o, Acted: i.Acted, Clause: i.Fault.Clause, Says: i.Fault.Says, Advice: i.Fault.Advice}
}
