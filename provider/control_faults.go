package provider

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// faultsAtMost bounds how many faults a test can put in force over HTTP.
const faultsAtMost = 10_000

// A FaultList is what GET /_mock/faults answers.
type FaultList struct {
	Active  []fault.Report `json:"active"`            // those in force, in the order in which they are asked
	Catalog []NamedFault   `json:"catalog,omitempty"` // those that can be put in force by their names; left out with catalog=false
}

// A NamedFault is one of the catalogue.
type NamedFault struct {
	Name   string   `json:"name"`         // by which it is put in force
	At     []string `json:"at,omitempty"` // the endpoints at which it acts; each when empty
	Clause string   `json:"clause"`       // which it breaks
	Says   string   `json:"says"`         // what the provider does
	Advice string   `json:"advice"`       // what a careful client does
}

func listFaults(p *Provider, c *call) (FaultList, error) {
	catalog := c.URL.Query().Get("catalog")
	if catalog != "" && catalog != "true" && catalog != "false" {
		return FaultList{}, unprocessable("catalog is %q; it is true, or false to leave the catalogue out.", catalog)
	}
	list := FaultList{Active: []fault.Report{}}
	for _, f := range p.Faults() {
		list.Active = append(list.Active, f.Report())
	}
	if catalog == "false" {
		return list, nil
	}
	for _, f := range fault.Catalog() {
		list.Catalog = append(list.Catalog, NamedFault{f.Name, f.At, f.Clause, f.Says, f.Advice})
	}
	return list, nil
}

func orderFault(p *Provider, c *call, order fault.Order) (fault.Report, error) {
	f, err := order.Fault(fixtures.Suggest)
	var problems fault.Problems
	if errors.As(err, &problems) {
		refused := unprocessable("The fault cannot be as it is asked for.")
		for _, problem := range problems {
			refused.Errors = append(refused.Errors, FieldError{problem.Member, problem.Message})
		}
		return fault.Report{}, refused
	}
	if err != nil {
		return fault.Report{}, err
	}
	if _, known := p.engine.Directory().Secret(f.Client); f.Client != "" && !known {
		return fault.Report{}, unprocessable("%s", unknown("client", f.Client, p.engine.Directory().ClientIDs()).Detail)
	}
	if len(p.Faults()) >= faultsAtMost {
		return fault.Report{}, refuse(http.StatusTooManyRequests, "There are %d faults in force, which is as many as can be; DELETE %s/faults puts them out.", faultsAtMost, ControlPath)
	}
	id := p.Inject(f)[0]
	c.created("/faults/" + strconv.FormatUint(id, 10))
	return fault.InForce{ID: id, Fault: f, Remaining: f.Remaining()}.Report(), nil
}

func removeFault(p *Provider, c *call) error {
	id, err := strconv.ParseUint(c.PathValue("id"), 10, 64)
	if err != nil {
		return unprocessable("%q is no number of a fault in force.", c.PathValue("id"))
	}
	return p.RemoveFault(id)
}

func readClock(p *Provider, _ *call) (clock.State, error) { return p.clock.State(), nil }

func moveClock(p *Provider, _ *call, move clock.Move) (clock.State, error) {
	if err := p.clock.Apply(move); err != nil {
		return clock.State{}, unprocessable("%v.", err)
	}
	return p.clock.State(), nil
}
