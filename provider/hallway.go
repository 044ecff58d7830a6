package provider

import (
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// headersAtMost bounds the headers of a request, in bytes.
const headersAtMost = 64 << 10

type route struct {
	endpoint endpoint.Endpoint
	handler  http.Handler
}

// ServeHTTP is the hallway that every request walks through: find the endpoint,
// draw the faults that apply, let them change what is heard, serve, let them
// change what is said, and write down what was decided.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now() // how long it takes is no matter of the provider's clock
	x := &record.Exchange{At: p.clock.Now(), Method: r.Method, Path: r.URL.Path}
	p.issuer.address(r, x)
	answer := &statusWriter{ResponseWriter: w}
	defer func() {
		mishap := recover()
		if mishap != nil && mishap != http.ErrAbortHandler { // which a fault throws to drop the connection
			x.Error, x.Reason = engine.ServerError, "a panic: see the line before"
			p.log.Error("panic", "value", mishap, "stack", string(debug.Stack()))
			if answer.status == 0 {
				endpoint.Refuse(answer, &engine.Error{Status: http.StatusInternalServerError, Code: engine.ServerError})
				mishap = nil
			}
		}
		x.Status, x.Dropped = answer.status, mishap != nil
		p.write(r, x, time.Since(began))
		if mishap != nil { // half an answer must not look like a whole one
			panic(http.ErrAbortHandler)
		}
	}()
	p.serve(answer, r.WithContext(record.With(r.Context(), x)), x)
}

// serve finds the endpoint of a request.
func (p *Provider) serve(w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	if tooLarge(r.Header) {
		p.turnAway(w, x, http.StatusRequestHeaderFieldsTooLarge, "The headers are larger than 64 KiB.")
		return
	}
	room, found := p.find(r)
	if !found || strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") { // which is no slash (RFC 3986 §2.2)
		p.turnAway(w, x, http.StatusNotFound, p.lost(r.URL.Path))
		return
	}
	x.Endpoint = room.endpoint.Name
	p.cors.allow(room.endpoint, w.Header(), r)
	if r.Method == http.MethodOptions && p.preflight(room.endpoint, w, r) {
		return
	}
	if p.faults.Empty() {
		p.enter(room, w, r, x)
		return
	}
	p.enterWithFaults(room, w, r, x)
}

// find is what there is at a request's path. A proxy that took away the beginning
// of the path may have taken the issuer's.
func (p *Provider) find(r *http.Request) (room *route, found bool) {
	room, found = p.routes[r.URL.Path]
	if !found && p.issuer.trustProxy {
		room, found = p.routes[forwardedPrefix(r.Header)+r.URL.Path]
	}
	return room, found
}

// enter serves a request whose endpoint is known.
func (p *Provider) enter(room *route, w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	if slices.Contains(room.endpoint.Methods, r.Method) {
		room.handler.ServeHTTP(w, r)
		return
	}
	allowed := strings.Join(room.endpoint.Methods, ", ")
	w.Header().Set("Allow", allowed) // RFC 9110 §15.5.6
	p.turnAway(w, x, http.StatusMethodNotAllowed, "This endpoint takes "+allowed+".")
}

// enterWithFaults lets the faults in force have their way with a request.
func (p *Provider) enterWithFaults(room *route, w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	clientID := ""
	if p.faults.AnyForClient() {
		clientID = (&fault.Heard{Request: r}).ClientID()
	}
	drawn := p.faults.Draw(room.endpoint.Name, clientID)
	if len(drawn) == 0 {
		p.enter(room, w, r, x)
		return
	}
	r = r.WithContext(fault.WithNow(fault.With(r.Context(), drawn), p.clock.Now))
	draw := fault.NewDraw(drawn, r, room.endpoint.Name, p.engine.Directory())
	x.Faults = draw.Names()
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.enter(room, w, r, x) })
	draw.Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw.Hear(r)
		draw.Serve(inner, w, r)
	})).ServeHTTP(w, r)
}

// lost says what to do about a path at which there is nothing.
func (p *Provider) lost(path string) string {
	near := p.issuer.path + path
	if _, ok := p.routes[near]; !ok {
		near = fixtures.Suggest(path, slices.Sorted(maps.Keys(p.routes)))
	}
	if near != "" {
		return "There is no endpoint at this path; did you mean " + near + "?"
	}
	return "There is no endpoint at this path; the metadata at " + p.issuer.path + "/.well-known/openid-configuration lists them."
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

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
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
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
