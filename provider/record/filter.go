package record

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Filter tells which exchanges are meant: those to which all that is set
// applies. The zero value means every one.
type Filter struct {
	Endpoint string // "token"
	Client   string
	User     string
	Grant    string
	Error    string    // the error code
	Status   int       // a status; a single digit is a class: 4 is any from 400 to 499
	Failed   bool      // only what [Exchange.Failed] tells
	After    uint64    // only greater IDs
	Since    time.Time // not before, by the provider's clock
}

// matches leaves After to the log, which finds it without asking each.
func (f *Filter) matches(x *Exchange) bool {
	return (f.Endpoint == "" || f.Endpoint == x.Endpoint) &&
		(f.Client == "" || f.Client == x.Client) &&
		(f.User == "" || f.User == x.User) &&
		(f.Grant == "" || f.Grant == x.Grant) &&
		(f.Error == "" || f.Error == x.Error) &&
		(f.Status == 0 || f.Status == x.Status || f.Status < 10 && f.Status == x.Status/100) &&
		(!f.Failed || x.Failed()) &&
		(f.Since.IsZero() || !x.At.Before(f.Since))
}

// FilterNames are the parameters that [ParseFilter] reads, for whoever has to
// refuse all others.
func FilterNames() []string {
	return []string{"endpoint", "client", "user", "grant", "error", "status", "failed", "since"}
}

// ParseFilter reads a filter from a query: endpoint, client, user, grant and
// error as they are; status as 400 or 4xx; failed as true or false; since as an
// ID, beyond which it looks, or as a time of RFC 3339 by the provider's clock.
// It leaves other parameters alone. The error says which parameter is wrong and
// what to write instead.
func ParseFilter(query url.Values) (f Filter, err error) {
	for _, name := range FilterNames() {
		values := query[name]
		switch {
		case len(values) == 0:
			continue
		case len(values) > 1:
			return Filter{}, fmt.Errorf("%s is there %d times: give it once", name, len(values))
		case values[0] == "":
			return Filter{}, fmt.Errorf("%s is empty: give it a value or leave it out", name)
		}
		if err := f.set(name, values[0]); err != nil {
			return Filter{}, err
		}
	}
	return f, nil
}

func (f *Filter) set(name, value string) (err error) {
	switch name {
	case "endpoint":
		f.Endpoint = value
	case "client":
		f.Client = value
	case "user":
		f.User = value
	case "grant":
		f.Grant = value
	case "error":
		f.Error = value
	case "status":
		f.Status, err = parseStatus(value)
	case "failed":
		if !slices.Contains([]string{"true", "false"}, value) {
			return fmt.Errorf("failed is %q: write true or false", value)
		}
		f.Failed = value == "true"
	case "since":
		return f.setSince(value)
	}
	return err
}

func parseStatus(value string) (int, error) {
	digits, class := value, strings.HasSuffix(value, "xx")
	if class {
		digits = strings.TrimSuffix(value, "xx")
	}
	status, err := strconv.Atoi(digits)
	if err != nil || class && (status < 1 || status > 5) || !class && (status < 100 || status > 599) {
		return 0, fmt.Errorf("status is %q: write one, 400, or a class, 4xx", value)
	}
	return status, nil
}

func (f *Filter) setSince(value string) error {
	if id, err := strconv.ParseUint(value, 10, 64); err == nil {
		f.After = id
		return nil
	}
	// A + that was not escaped is a space by the time it comes here.
	at, err := time.Parse(time.RFC3339, strings.Replace(value, " ", "+", 1))
	if err != nil {
		return fmt.Errorf("since is %q: write an exchange's id, 17, or a time of RFC 3339, 2026-11-24T18:00:00Z", value)
	}
	f.Since = at
	return nil
}
