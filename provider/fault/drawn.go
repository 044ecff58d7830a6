package fault

import (
	"context"
	"maps"
	"math"
	"net/http"
	"slices"
)

type contextKey struct{}

// A Draw is the faults drawn for one request, with what each noted of it.
type Draw struct {
	Faults []Fault
	heard  []*Heard
}

// With carries the faults drawn for a request to whoever signs and stores for it.
func With(ctx context.Context, drawn []Fault) context.Context {
	return context.WithValue(ctx, contextKey{}, drawn)
}

// From answers the faults drawn for the request that ctx belongs to.
func From(ctx context.Context) []Fault {
	drawn, _ := ctx.Value(contextKey{}).([]Fault)
	return drawn
}

// NewDraw prepares the faults drawn for a request at an endpoint.
func NewDraw(drawn []Fault, r *http.Request, endpoint string, known Known) *Draw {
	d := &Draw{Faults: drawn}
	for _, f := range drawn {
		memory := f.memory
		if memory == nil { // drawn from no box
			memory = &Memory{}
		}
		d.heard = append(d.heard, &Heard{Request: r, Endpoint: endpoint, Known: known, Memory: memory, Notes: map[string]string{}})
	}
	return d
}

// Hear lets each fault change the request, in order.
func (d *Draw) Hear(r *http.Request) {
	for i, f := range d.Faults {
		d.heard[i].Request = r
		if f.Hear != nil {
			f.Hear(d.heard[i])
		}
	}
}

// Serve lets h answer the request, and each fault change the answer, in order.
func (d *Draw) Serve(h http.Handler, w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithValue(r.Context(), heardKey{}, d.heard)) // for [Sign]
	if !d.says() {
		h.ServeHTTP(w, r)
		return
	}
	said := &Said{endpoint: h}
	said.serve(r)
	for i, f := range d.Faults {
		if f.Say != nil {
			said.Heard = d.heard[i]
			f.Say(said)
		}
	}
	maps.Copy(w.Header(), said.Header)
	w.WriteHeader(said.Status)
	_, _ = w.Write(said.Body) // a client that is gone needs no answer
}

func (d *Draw) says() bool {
	return slices.ContainsFunc(d.Faults, func(f Fault) bool { return f.Say != nil })
}

// Wire wraps h in each fault's connection.
func (d *Draw) Wire(h http.Handler) http.Handler {
	for _, f := range d.Faults {
		if f.Wire != nil {
			h = f.Wire(h)
		}
	}
	return h
}

// Names lists the faults' names.
func (d *Draw) Names() []string {
	names := make([]string, len(d.Faults))
	for i, f := range d.Faults {
		names[i] = f.Name
	}
	return names
}

// everything is how much of a body is kept when it is to be changed.
const everything = math.MaxInt

// bufferedAnswer is an answer that waits for the faults.
type bufferedAnswer struct {
	status int
	header http.Header
	body   []byte
	most   int // how many bytes of the body it keeps; the rest it only counts
	length int // of the whole body
}

// Header is the answer's headers.
func (b *bufferedAnswer) Header() http.Header { return b.header }

// WriteHeader notes the status; the first counts, and 103 and the like, which more
// follows, do not.
func (b *bufferedAnswer) WriteHeader(status int) {
	if b.status == 0 && status >= http.StatusOK {
		b.status = status
	}
}

// Write adds to the body.
func (b *bufferedAnswer) Write(p []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	b.body = append(b.body, p[:min(len(p), b.most-len(b.body))]...)
	b.length += len(p)
	return len(p), nil
}
