package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/record"
)

// The control is the provider's own API for tests, below /_mock: [verbs] is its table,
// made of the same words as the Go API.

// control answers a request to the provider's own API.
func (p *Provider) control(w http.ResponseWriter, r *http.Request, x *record.Exchange) {
	x.Endpoint = "control"
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if refused := p.shared.guard.admit(header, r, p.hosts()); refused != nil {
		p.refuseControl(w, x, refused)
		return
	}
	if r.Method == http.MethodOptions && header.Get("Access-Control-Allow-Origin") != "" {
		header.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
		header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	inner := belowControl(r)
	verb, refused := p.shared.switchboard().connect(inner)
	if refused != nil {
		if allowed := strings.Join(refused.allowed, ", "); allowed != "" {
			header.Set("Allow", allowed)
		}
		p.refuseControl(w, x, refused.Refusal)
		return
	}
	c := &call{Request: inner, w: w, issuer: x.Issuer}
	if err := p.answer(verb, c); err != nil {
		p.refuseControl(w, x, refusalOf(err))
		return
	}
	x.Detail = "controlled"
}

// answer does what a verb is for.
func (p *Provider) answer(v *verb, c *call) error {
	if refused := v.checkQuery(c.URL.Query()); refused != nil {
		return refused
	}
	out, err := v.serve(p, c)
	switch {
	case err != nil:
		return err
	case c.answered:
		return nil
	case out == nil:
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // forms are full of &, and people read this
	if err := encoder.Encode(out); err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(v.status())
	_, _ = c.w.Write(body.Bytes()) // a test that is gone needs no answer
	return nil
}

// refuseControl answers with a problem document (RFC 9457).
func (p *Provider) refuseControl(w http.ResponseWriter, x *record.Exchange, refused *Refusal) {
	x.Error, x.Reason = "problem", strings.ReplaceAll(refused.Error(), "\n", "; ")
	body, _ := json.Marshal(refused) // of strings and lists of them
	w.Header().Set("Content-Type", "application/problem+json")
	if refused.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close") // rather than read the rest
	}
	w.WriteHeader(refused.Status)
	_, _ = w.Write(append(body, '\n')) // a test that is gone needs no answer
}

// refusalOf is the refusal that an error is.
func refusalOf(err error) *Refusal {
	var refused *Refusal
	if errors.As(err, &refused) {
		return refused
	}
	return refuse(http.StatusInternalServerError, "%v", err)
}

// belowControl is a request with what follows /_mock for its path.
func belowControl(r *http.Request) *http.Request {
	u := *r.URL
	_, u.Path, _ = strings.Cut(r.URL.Path, ControlPath)
	_, u.RawPath, _ = strings.Cut(r.URL.EscapedPath(), ControlPath) // a slash in a name is %2F
	inner := r.WithContext(r.Context())
	inner.URL = &u
	return inner
}

// hosts are the names that the provider answers to, besides those that belong to nobody.
func (p *Provider) hosts() []string {
	hosts := []string{p.host}
	for _, address := range []string{p.first.issuer.fixed, p.first.issuer.browser, p.issuer.fixed} {
		if host := hostIn(address); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// checkQuery refuses parameters that the verb does not have, and those given twice.
func (v *verb) checkQuery(query url.Values) *Refusal {
	var names []string
	for _, q := range v.Query {
		names = append(names, q.Name)
	}
	for name, values := range query {
		if !slices.Contains(names, name) {
			return unprocessable("%s", unknown("query parameter", name, names).Detail)
		}
		if len(values) > 1 {
			return unprocessable("The query parameter %s is given more than once.", name)
		}
	}
	return nil
}

// Controlled tells whether tests can control the provider over HTTP, at its own address or another.
func (p *Provider) Controlled() bool { return p.shared.controlled }
