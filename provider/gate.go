package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// How patient a gate is.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 5 * time.Second // half of what Docker allows
)

// gate is a port and who answers there.
type gate struct {
	log      *slog.Logger
	listener net.Listener
	server   *http.Server
	silent   silent
	stopping func() // ends the requests that would not end by themselves
}

// A ListenError is an address that [Listen] cannot have.
type ListenError struct {
	Address string // as it was asked for
	Err     error  // what the system says
}

// Error names the address.
func (e *ListenError) Error() string { return "cannot listen on " + e.Address + ": " + e.Err.Error() }

// Unwrap is what the system says.
func (e *ListenError) Unwrap() error { return e.Err }

// open takes an address.
func (p *Provider) open(address string, handler http.Handler) (*gate, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &ListenError{address, err}
	}
	if p.shared.transport.config != nil {
		listener = plainListener{listener}
	}
	g := &gate{log: p.shared.log, listener: listener, stopping: p.shared.stop}
	g.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 2 * headersAtMost, // the provider itself refuses what is over the half, in words
		ErrorLog:       slog.NewLogLogger(g.log.Handler(), slog.LevelWarn),
		ConnState:      g.silent.note,
		TLSConfig:      p.TLSConfig(),
	}
	return g, nil
}

// serve answers requests until ctx is done.
func (g *gate) serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- g.accept() }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	g.log.Info("stopping: requests under way may end")
	g.silent.close()
	g.stopping()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := g.server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		g.log.Warn("stopping: requests were still under way and are cut off")
		err = g.server.Close()
	}
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}

// accept serves connections until the server is closed.
func (g *gate) accept() error {
	if g.server.TLSConfig != nil {
		return g.server.ServeTLS(g.listener, "", "")
	}
	return g.server.Serve(g.listener)
}

// silent is the connections that say nothing: those that have not yet, such as the
// spare ones of browsers and pools, for which net/http would wait five seconds, and
// the idle ones of HTTP/2, for which it waits one.
type silent struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (s *silent) note(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew && (state != http.StateIdle || !speaksHTTP2(c)) {
		delete(s.conns, c)
		return
	}
	if s.conns == nil {
		s.conns = map[net.Conn]bool{}
	}
	s.conns[c] = true
}

func speaksHTTP2(c net.Conn) bool {
	secured, ok := c.(*tls.Conn)
	return ok && secured.ConnectionState().NegotiatedProtocol == "h2"
}

func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close() // it may have gone by itself
	}
}
