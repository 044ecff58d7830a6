package fault

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// raw is the fault that an order without a named one describes. The order is a
// good one.
func (o Order) raw() Fault {
	o = o.clone()
	f := Fault{Name: cmp.Or(o.Name, rawName), Says: o.says(), ordered: &o}
	var layers []func(http.Handler) http.Handler // from the answer outwards
	if o.answers() {
		layers = append(layers, o.answer())
	} else if len(o.Headers) > 0 {
		f.Say = func(s *Said) { o.setHeaders(s.Header) }
	}
	if o.Truncate > 0 {
		layers = append(layers, Truncate(o.Truncate))
	}
	if o.Drip != nil {
		every, _ := time.ParseDuration(o.Drip.Every)
		layers = append(layers, Drip(o.Drip.Bytes, every))
	}
	if o.Drop && o.answers() {
		layers = append(layers, Drop())
	} else if o.Drop {
		layers = append(layers, Lose())
	}
	if delay, _ := time.ParseDuration(o.Delay); delay > 0 {
		layers = append(layers, Delay(delay))
	}
	if len(layers) > 0 {
		f.Wire = func(h http.Handler) http.Handler {
			for _, layer := range layers {
				h = layer(h)
			}
			return h
		}
	}
	return f
}

// answer answers in the endpoint's place.
func (o Order) answer() func(http.Handler) http.Handler {
	body, isJSON, _ := o.content()
	status := cmp.Or(o.Status, http.StatusOK)
	return around(func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
		if isJSON {
			w.Header().Set("Content-Type", "application/json")
		}
		if hasContent(status) {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		o.setHeaders(w.Header())
		w.WriteHeader(status)
		_, _ = w.Write(body) // a client that is gone needs no answer
	})
}

func (o Order) setHeaders(header http.Header) {
	for name, values := range o.Headers {
		header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
}

// content is the body as it is sent. ok is false for JSON that is no body.
func (o Order) content() (body []byte, isJSON, ok bool) {
	raw := bytes.TrimSpace(o.Body)
	switch {
	case !o.hasBody():
		return nil, false, true
	case bytes.HasPrefix(raw, []byte("{")) || bytes.HasPrefix(raw, []byte("[")):
		return raw, true, json.Valid(raw)
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return []byte(text), false, err == nil
}

// hasContent tells a status with which HTTP can carry a body (RFC 9110 §6.4.1).
func hasContent(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// says is what a provider does under the order, in one line.
func (o Order) says() string {
	var does []string
	say := func(format string, args ...any) { does = append(does, fmt.Sprintf(format, args...)) }
	if o.Delay != "" {
		say("waits %s", o.Delay)
	}
	switch {
	case o.Drop && o.answers():
		say("cuts the connection and serves nothing")
	case o.Drop:
		say("serves the request and cuts the connection instead of answering")
	case o.answers():
		say("answers %d in the endpoint's place", cmp.Or(o.Status, http.StatusOK))
	case len(o.Headers) > 0:
		say("sets %s", strings.Join(slices.Sorted(maps.Keys(o.Headers)), " and "))
	}
	if o.Drip != nil {
		say("sends %d B of the body each %s", o.Drip.Bytes, o.Drip.Every)
	}
	if o.Truncate > 0 {
		say("cuts the connection after %d B of the body", o.Truncate)
	}
	return strings.Join(does, ", ")
}
