package check

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// readAtMost bounds, in bytes, what is read of an answer.
const readAtMost = 8 << 20

// An Ask is one request to an endpoint. Its zero value is a POST without a body.
type Ask struct {
	method string
	query  string
	header http.Header
	form   url.Values // sent as the body unless body is set
	body   *string
}

// An Ingredient changes a request before it is sent.
type Ingredient func(*Ask)

// As authenticates as a client, the way every provider must understand: Basic,
// id and secret form-encoded first (RFC 6749 §2.3.1); a client without a secret
// sends client_id in the body.
func As(c Client) Ingredient {
	if c.Secret == "" {
		return Param("client_id", c.ID)
	}
	return Basic(url.QueryEscape(c.ID), url.QueryEscape(c.Secret))
}

// Basic sends user and password by HTTP Basic exactly as they are.
func Basic(user, password string) Ingredient {
	return func(a *Ask) {
		r := http.Request{Header: a.header}
		r.SetBasicAuth(user, password)
	}
}

// InBody authenticates with client_id and client_secret in the body.
func InBody(c Client) Ingredient {
	return func(a *Ask) {
		a.form.Set("client_id", c.ID)
		a.form.Set("client_secret", c.Secret)
	}
}

// Param adds one value of a body parameter, keeping those it has.
func Param(name, value string) Ingredient {
	return func(a *Ask) { a.form.Add(name, value) }
}

// Params adds the parameters of a form.
func Params(form url.Values) Ingredient {
	return func(a *Ask) {
		for name, values := range form {
			a.form[name] = append(a.form[name], values...)
		}
	}
}

// Header sets a header, whatever other ingredients said.
func Header(name, value string) Ingredient {
	return func(a *Ask) { a.header.Set(name, value) }
}

// Method sends the request by another method than POST.
func Method(method string) Ingredient { return func(a *Ask) { a.method = method } }

// Query puts parameters in the URL's query.
func Query(form url.Values) Ingredient { return func(a *Ask) { a.query = form.Encode() } }

// Body sends a body as it is, in a media type; an empty type sends none.
func Body(contentType, body string) Ingredient {
	return func(a *Ask) {
		a.body = &body
		a.header.Set("Content-Type", contentType)
	}
}

// EncodedForm sends a body as it is, as a form.
func EncodedForm(body string) Ingredient { return Body("application/x-www-form-urlencoded", body) }

// Ask sends a request to an endpoint, named by its metadata member without the
// "_endpoint": "token", "introspection", "revocation"; or "resource"; or a URL.
// An endpoint that cannot be reached is an error of the run, not of the target.
func (t *T) Ask(endpoint string, ingredients ...Ingredient) Answer {
	a := &Ask{method: http.MethodPost, header: http.Header{}, form: url.Values{}}
	for _, add := range ingredients {
		add(a)
	}
	address := withQuery(t.URL(endpoint), a.query)
	body := a.form.Encode()
	if a.body != nil {
		body = *a.body
	} else if len(a.form) > 0 || a.method == http.MethodPost {
		if a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	request, err := http.NewRequestWithContext(t.ctx, a.method, address, strings.NewReader(body))
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	maps.Copy(request.Header, a.header)
	if a.header.Get("Content-Type") == "" {
		request.Header.Del("Content-Type")
	}
	return t.send(request)
}

// withQuery is an address with parameters after those that it has.
func withQuery(address, query string) string {
	switch {
	case query == "":
		return address
	case strings.Contains(address, "?"):
		return address + "&" + query
	}
	return address + "?" + query
}

// Get reads a URL.
func (t *T) Get(address string, ingredients ...Ingredient) Answer {
	return t.Ask(address, append([]Ingredient{Method(http.MethodGet)}, ingredients...)...)
}

// send makes the request and reads the answer whole. A connection that breaks is
// the target's doing once the suite has reached it at all.
func (t *T) send(request *http.Request) Answer { return t.sendBy(t.http(), request) }

func (t *T) sendBy(client *http.Client, request *http.Request) Answer {
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("no answer to %s %s: %v", request.Method, request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, readAtMost))
	if err != nil {
		t.Fatalf("the answer to %s %s broke off: %v", request.Method, request.URL, err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}
}

// URL is an endpoint's address: as the target declares it, else as its metadata says.
func (t *T) URL(endpoint string) string {
	if strings.Contains(endpoint, "://") {
		return endpoint
	}
	for _, member := range []string{endpoint, endpoint + "_endpoint"} {
		if address := t.Endpoints[member]; address != "" {
			return address
		}
	}
	for _, member := range []string{endpoint + "_endpoint", endpoint} {
		if address, ok := t.advertised(member).(string); ok {
			return address
		}
	}
	panic(stop{Untestable, "the target names no " + endpoint + " endpoint"})
}

// advertised is what the target's metadata says of a member; nil for nothing.
func (t *T) advertised(member string) any {
	metadata, err := t.Metadata(t.ctx)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return metadata[member]
}
