package provider

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/mockoauth/mockoauth/provider/engine"
)

// errPlainHTTP ends the handshake with a client that speaks no TLS.
var errPlainHTTP = errors.New("the client speaks plain http to a port of https, and was told so")

// plainListener is beneath TLS. A client that speaks plain http is told which URL
// to use, where net/http would say that it is wrong and no more.
type plainListener struct{ net.Listener }

// Accept waits for the next connection.
func (l plainListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &plainConn{Conn: conn}, nil
}

// plainConn looks at what the client says first.
type plainConn struct {
	net.Conn
	spoken bool
}

// Read reads, and answers by itself when a request comes where TLS should begin.
func (c *plainConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.spoken || n == 0 {
		return n, err
	}
	c.spoken = true
	if letter := b[0]; letter < 'A' || letter > 'Z' { // a handshake begins with 22 (RFC 8446 §5.1), a request with its method
		return n, err
	}
	c.tell(io.MultiReader(bytes.NewReader(bytes.Clone(b[:n])), c.Conn))
	return 0, errPlainHTTP
}

// tell answers a request. net/http has set the connection's deadlines.
func (c *plainConn) tell(said io.Reader) {
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(said, headersAtMost)))
	if err != nil {
		return
	}
	host := r.Host
	if _, _, ok := splitHost(host); !ok {
		host = c.LocalAddr().String()
	}
	why := "This port speaks TLS: use https://" + host + " instead of http://" + host + "."
	body, _ := json.Marshal(map[string]string{"error": engine.InvalidRequest, "error_description": why}) // of strings
	answer := http.Response{
		StatusCode: http.StatusBadRequest, ProtoMajor: 1, ProtoMinor: 1, Request: r, Close: true,
		Header:        http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}},
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
	if answer.Write(c.Conn) != nil {
		return
	}
	if tcp, ok := c.Conn.(*net.TCPConn); ok { // closed with something unread, it would take the answer with it
		_ = tcp.CloseWrite()
		_, _ = io.Copy(io.Discard, io.LimitReader(tcp, headersAtMost))
	}
}
