package provider

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
)

// A Server is a provider with a port, and another for its control if it is to have one.
type Server struct {
	*Provider
	main    *gate
	control *gate // nil when the main one leads there, too
}

// Listen makes a provider and takes a TCP address for it, such as ":9000"; with
// port 0 the system picks one. Requests wait until [Server.Serve] is called.
func Listen(address string, options ...Option) (*Server, error) {
	host, _, _ := net.SplitHostPort(address) // which net.Listen judges
	p, err := New(append(slices.Clip(options), func(s *settings) { s.listenHost = host })...)
	if err != nil {
		return nil, err
	}
	s := &Server{Provider: p}
	if s.main, err = p.open(address, p); err != nil {
		return nil, err
	}
	if at := p.shared.controlAddr; at != "" {
		onlyControl := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.pass(door{control: true}, w, r) })
		if s.control, err = p.open(at, onlyControl); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Addr is what the server listens on.
func (s *Server) Addr() net.Addr { return s.main.listener.Addr() }

// ControlAddr is what it listens on for its control; nil when there is no such address.
func (s *Server) ControlAddr() net.Addr {
	if s.control == nil {
		return nil
	}
	return s.control.listener.Addr()
}

// Close gives the ports back at once, for a server that is never to serve.
func (s *Server) Close() error {
	var err error
	for _, g := range s.gates() {
		err = errors.Join(err, g.server.Close(), g.listener.Close())
	}
	return err
}

func (s *Server) gates() []*gate {
	if s.control == nil {
		return []*gate{s.main}
	}
	return []*gate{s.main, s.control}
}

// Serve answers requests until ctx is done, then lets those under way end,
// within five seconds.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	gates := s.gates()
	ends := make(chan error, len(gates))
	for _, g := range gates {
		go func() {
			defer cancel() // with one of them, the other ends
			ends <- g.serve(ctx)
		}()
	}
	var err error
	for range gates {
		err = errors.Join(err, <-ends)
	}
	return err
}
