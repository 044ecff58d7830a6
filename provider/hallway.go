package provider

import (
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// headersAtMost bounds the headers of a request, in bytes.
const headersAtMost = 64 << 10

// A door is what a request can get to by the address that it came to.
type door struct{ endpoints, control bool }

// ServeHTTP is the door to everything, unless the control has one of its own.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.first.pass(door{endpoints: true, control: p.shared.controlled && p.shared.controlAddr == ""}, w, r)
}

// pass is the hallway that every request walks through: find the endpoint, draw the
// faults that apply, let them change what is heard, serve, let them change what
// is said, and write down what was decided.
func (p *Provider) pass(through door, w http.ResponseWriter, r *http.Request) {
	began := time.Now() // how long it takes is no matter of the provider's clock
	p, at := p.locate(r)
	if at == control && !through.control || at != control && !through.endpoints {
		at = nowhere
	}
	x := &record.Exchange{At: p.clock.Now(), Method: r.Method, Path: r.URL.Path}
	p.issuer.address(r, x)
	answer := &statusWriter{ResponseWriter: w}
	if p.shared.recorded > 0 && at != control {
		listen(r, x, &answer.heard)
		answer.kept = &x.Response
	}
	defer func() {
		mishap := recover()
		if mishap != nil && mishap != http.ErrAbortHandler { // which a fault throws to drop the connection
			x.Error, x.Reason = engine.ServerError, "a panic: see the line before"
			p.shared.log.Error("panic", "value", mishap, "stack", string(debug.Stack()))
			if answer.status == 0 {
				endpoint.Refuse(answer, &engine.Error{Status: http.StatusInternalServerError, Code: engine.ServerError})
				mishap = nil
			}
		}
		x.Status, x.Dropped, x.Took = answer.status, mishap != nil, time.Since(began)
		p.write(r, x)
		if answer.kept != nil {
			p.keep(r, w.Header(), x)
		}
		if mishap != nil { // half an answer must not look like a whole one
			panic(http.ErrAbortHandler)
		}
	}()
	p.serve(at, answer, r.WithContext(record.With(r.Context(), x)), x)
}

// serve answers a request at a place.
func (p *Provider) serve(at place, w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	if tooLarge(r.Header) {
		p.turnAway(w, x, http.StatusRequestHeaderFieldsTooLarge, "The headers are larger than 64 KiB.")
		return
	}
	if at == control {
		p.control(w, r, x)
		return
	}
	if at == nowhere {
		if refused := p.controlOfNobody(r.URL.Path); refused != nil {
			p.refuseControl(w, x, refused)
			return
		}
	}
	if at == nowhere || strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") { // which is no slash (RFC 3986 §2.2)
		p.turnAway(w, x, http.StatusNotFound, p.lost(r.URL.Path))
		return
	}
	e := p.shared.plan[at]
	x.Endpoint = e.Name
	p.shared.cors.allow(e, w.Header(), r)
	if r.Method == http.MethodOptions && p.preflight(e, w, r) {
		return
	}
	if p.faults.Empty() {
		p.enter(at, w, r, x)
		return
	}
	p.enterWithFaults(at, w, r, x)
}

// enter serves a request whose endpoint is known.
func (p *Provider) enter(at place, w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	methods := p.shared.plan[at].Methods
	if slices.Contains(methods, r.Method) {
		p.handlers[at].ServeHTTP(w, r)
		return
	}
	allowed := strings.Join(methods, ", ")
	w.Header().Set("Allow", allowed) // RFC 9110 §15.5.6
	p.turnAway(w, x, http.StatusMethodNotAllowed, "This endpoint takes "+allowed+".")
}

// enterWithFaults lets the faults in force have their way with a request.
func (p *Provider) enterWithFaults(at place, w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	clientID, name := "", p.shared.plan[at].Name
	if p.faults.AnyForClient() {
		clientID = (&fault.Heard{Request: r}).ClientID()
	}
	drawn := p.faults.Draw(name, clientID)
	if len(drawn) == 0 {
		p.enter(at, w, r, x)
		return
	}
	r = r.WithContext(fault.WithClock(fault.With(r.Context(), drawn), p.clock))
	draw := fault.NewDraw(drawn, r, name, p.engine.Directory())
	x.Faults = draw.Names()
	asked := &fault.Heard{Request: r}
	x.Client, x.Grant = asked.ClientID(), asked.Parameters().Get("grant_type") // where a fault answers, no endpoint notes them
	x.Request.Header = x.Request.Header.Clone()                                // faults change what is heard
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.enter(at, w, r, x) })
	draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw.Hear(r)
		draw.Serve(inner, w, r)
	})).ServeHTTP(w, r)
}

// turnAway answers a request that no endpoint takes.
func (p *Provider) turnAway(w http.ResponseWriter, x *record.Exchange, status int, why string) {
	x.Error, x.Reason = engine.InvalidRequest, why
	endpoint.Refuse(w, &engine.Error{Status: status, Code: engine.InvalidRequest, Description: why})
}

// tooLarge tells headers beyond the bound.
func tooLarge(header http.Header) bool {
	size := 0
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size > headersAtMost
}

// statusWriter remembers the status, and the body if somebody wants it.
type statusWriter struct {
	http.ResponseWriter
	status int
	kept   *record.Response
	heard  heardBody // of the request; here because the two are made together
}

// WriteHeader writes the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // not 103 and the like, which more follows
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the body.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	if w.kept != nil {
		w.kept.Body, w.kept.Cut = gather(w.kept.Body, b[:n], w.kept.Cut)
	}
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
