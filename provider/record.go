package provider

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"

	"github.com/mockoauth/mockoauth/provider/record"
)

// What is kept of an exchange, in bytes of each body, and of all together.
const (
	recordedBodyAtMost = 64 << 10
	recordedAtMost     = 4 << 20
)

// Requests are the exchanges that the provider keeps, oldest first:
// idp.Requests().To("token"). They have all that came and went, secrets included.
func (p *Provider) Requests() record.Exchanges { return p.record.Select(record.Filter{}) }

// RequestsWith are the exchanges that match.
func (p *Provider) RequestsWith(f record.Filter) record.Exchanges { return p.record.Select(f) }

// WaitForRequests waits until count exchanges match, of those that are kept already as well.
// When ctx ends before, it answers those that there are, with ctx's error.
func (p *Provider) WaitForRequests(ctx context.Context, f record.Filter, count int) (record.Exchanges, error) {
	return p.record.Wait(ctx, f, count)
}

// FollowRequests reads the exchanges that match, one by one, as they come.
func (p *Provider) FollowRequests(f record.Filter) *record.Cursor { return p.record.Follow(f) }

// ClearRequests forgets the exchanges kept so far.
func (p *Provider) ClearRequests() { p.record.Clear() }

// listen has what comes with a request be kept in x, its body as heard reads it.
func listen(r *http.Request, x *record.Exchange, heard *heardBody) {
	x.Request = record.Request{Proto: r.Proto, Host: r.Host, Remote: r.RemoteAddr, URI: r.RequestURI, Header: r.Header}
	if r.TLS != nil {
		x.Request.TLS = tls.VersionName(r.TLS.Version)
	}
	if r.Body != nil && r.Body != http.NoBody {
		*heard = heardBody{r.Body, &x.Request}
		r.Body = heard
	}
}

// heardBody is a request's body that is kept as it is read.
type heardBody struct {
	io.ReadCloser
	kept *record.Request
}

// Read reads a part of the body.
func (b *heardBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.kept.Body, b.kept.Cut = gather(b.kept.Body, p[:n], b.kept.Cut)
	return n, err
}

// gather adds to what is kept of a body.
func gather(kept, more []byte, wasCut bool) ([]byte, bool) {
	room := recordedBodyAtMost - len(kept)
	if len(more) > room {
		return append(kept, more[:room]...), true
	}
	return append(kept, more...), wasCut
}

// keep records an exchange that is over.
func (p *Provider) keep(r *http.Request, answered http.Header, x *record.Exchange) {
	if r.ContentLength > 0 && r.ContentLength <= recordedBodyAtMost && r.Header.Get("Expect") == "" {
		_, _ = io.Copy(io.Discard, r.Body) // what nobody wanted of a small body; net/http would read it anyway
	}
	x.Response.Header = answered // net/http goes on with a copy that it made of it
	p.record.Add(x)
	if p.lint != nil {
		p.judge(x)
	}
}
