package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// How patient a [Server] is.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 5 * time.Second // half of what Docker allows
)

// A Server is a provider with a port.
type Server struct {
	*Provider
	listener net.Listener
	server   *http.Server
	silent   silent
}

// Listen makes a provider and takes a TCP address for it, such as ":9000"; with
// port 0 the system picks one. Requests wait until [Server.Serve] is called.
func Listen(address string, options ...Option) (*Server, error) {
	host, _, _ := net.SplitHostPort(address) // which net.Listen judges
	p, err := New(append(slices.Clip(options), func(s *settings) { s.listenHost = host })...)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	if p.transport.config != nil {
		listener = plainListener{listener}
	}
	s := &Server{Provider: p, listener: listener}
	s.server = &http.Server{
		Handler: p, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 2 * headersAtMost, // the provider itself refuses what is over the half, in words
		ErrorLog:       slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
		ConnState:      s.silent.note,
		TLSConfig:      p.TLSConfig(),
	}
	return s, nil
}

// Addr is what the server listens on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Close gives the port back at once, for a server that is never to serve.
func (s *Server) Close() error { return errors.Join(s.server.Close(), s.listener.Close()) }

// Serve answers requests until ctx is done, then lets those under way end,
// within five seconds.
func (s *Server) Serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- s.accept() }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	s.log.Info("stopping: requests under way may end")
	s.silent.close()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := s.server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("stopping: requests were still under way and are cut off")
		err = s.server.Close()
	}
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}

// accept serves connections until the server is closed.
func (s *Server) accept() error {
	if s.server.TLSConfig != nil {
		return s.server.ServeTLS(s.listener, "", "")
	}
	return s.server.Serve(s.listener)
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
