package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// How patient a [Server] is.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second
)

// A Server is a provider with a port.
type Server struct {
	*Provider
	listener net.Listener
	server   *http.Server
}

// Listen makes a provider and takes a TCP address for it, such as ":9000"; with
// port 0 the system picks one. Requests wait until [Server.Serve] is called.
func Listen(address string, options ...Option) (*Server, error) {
	p, err := New(options...)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return &Server{p, listener, &http.Server{
		Handler: p, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 2 * headersAtMost, // the provider itself refuses what is over the half, in words
	}}, nil
}

// Addr is what the server listens on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Close gives the port back at once, for a server that is never to serve.
func (s *Server) Close() error { return s.server.Close() }

// Serve answers requests until ctx is done, then lets those under way end,
// within ten seconds.
func (s *Server) Serve(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.Serve(s.listener) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := s.server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close()
	}
	if served := <-stopped; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
