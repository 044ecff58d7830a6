package check

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// readAtMost bounds, in bytes, what is read of an answer.
const readAtMost = 8 << 20

// An Ask is one request to an endpoint. Its zero value is a POST without a body.
type Ask struct {
	method string
	query  string
	header http.Header
	form   url.Values // sent as the body, and before it where body is a form of its own
	body   *string
	asker  Client // who authenticates, right or wrong; zero where nobody does by name
	bare   bool   // no scope is to be added
}

// An Ingredient changes a request before it is sent.
type Ingredient func(*Ask)

// As authenticates as a client, the way every provider must understand: Basic,
// id and secret form-encoded first (RFC 6749 §2.3.1), unless the client is
// registered for its secret in the body; a client without a secret sends
// client_id in the body.
func As(c Client) Ingredient {
	switch {
	case c.Secret == "":
		return func(a *Ask) {
			a.asker = c
			a.form.Add("client_id", c.ID)
		}
	case !c.usesBasic():
		return InBody(c)
	}
	return InHeader(c)
}

// usesBasic tells whether [As] authenticates a client by the Authorization header.
func (c Client) usesBasic() bool { return c.Secret != "" && c.AuthMethod != AuthPost }

// InHeader authenticates by Basic with id and secret form-encoded, whatever the
// client is registered for.
func InHeader(c Client) Ingredient {
	return func(a *Ask) {
		a.asker = c
		Basic(url.QueryEscape(c.ID), url.QueryEscape(c.Secret))(a)
	}
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
		a.asker = c
		a.form.Set("client_id", c.ID)
		a.form.Set("client_secret", c.Secret)
	}
}

// Named sends client_id once, beside whatever authenticates.
func Named(c Client) Ingredient { return func(a *Ask) { a.form.Set("client_id", c.ID) } }

// Unscoped keeps a request as it is, where one without scope is the matter.
func Unscoped(a *Ask) { a.bare = true }

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

// formType is the media type of a form.
const formType = "application/x-www-form-urlencoded"

// EncodedForm sends a form as it is, after the parameters of other ingredients.
func EncodedForm(body string) Ingredient { return Body(formType, body) }

// Ask sends a request to an endpoint, named by its metadata member without the
// "_endpoint": "token", "introspection", "revocation"; or "resource"; or a URL.
// An endpoint that cannot be reached is an error of the run, not of the target.
func (t *T) Ask(endpoint string, ingredients ...Ingredient) Answer {
	answer, err := t.attempt(endpoint, ingredients...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return answer
}

// attempt is [T.Ask] where a connection that breaks may be an answer as well.
func (t *T) attempt(endpoint string, ingredients ...Ingredient) (Answer, error) {
	a := &Ask{method: http.MethodPost, header: http.Header{}, form: url.Values{}}
	for _, add := range ingredients {
		add(a)
	}
	if endpoint == "token" {
		t.addScope(a)
	}
	address := withQuery(t.URL(endpoint), a.query)
	body := a.encode()
	request, err := http.NewRequestWithContext(t.ctx, a.method, address, strings.NewReader(body))
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	maps.Copy(request.Header, a.header)
	if a.header.Get("Content-Type") == "" {
		request.Header.Del("Content-Type")
	}
	return t.try(t.http(), request)
}

// encode is the body, of the Content-Type that it sets.
func (a *Ask) encode() string {
	form := a.form.Encode()
	switch {
	case a.body == nil:
		if (len(a.form) > 0 || a.method == http.MethodPost) && a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", formType)
		}
		return form
	case a.header.Get("Content-Type") != formType:
		return *a.body
	case form != "" && *a.body != "":
		return form + "&" + *a.body
	}
	return form + *a.body
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

// sendBy makes the request and reads the answer whole. A connection that breaks is
// the target's doing once the suite has reached it at all.
func (t *T) sendBy(client *http.Client, request *http.Request) Answer {
	answer, err := t.try(client, request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return answer
}

// try makes the request, and puts on record what came of it.
func (t *T) try(client *http.Client, request *http.Request) (Answer, error) {
	x := Exchange{At: time.Now(), Method: request.Method, URL: request.URL.String(), Header: request.Header.Clone(), Body: bodyOf(request)}
	answer, err := exchange(client, request)
	if x.Answer, x.Took = answer, time.Since(x.At); err != nil {
		x.Error = err.Error()
	}
	t.said.add(x)
	return answer, err
}

// exchange makes the request and reads the answer.
func exchange(client *http.Client, request *http.Request) (Answer, error) {
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("no answer to %s %s: %w", request.Method, request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, readAtMost))
	answer := Answer{Status: response.StatusCode, Header: response.Header, Body: body}
	if err != nil {
		return answer, fmt.Errorf("the answer to %s %s broke off: %w", request.Method, request.URL, err)
	}
	return answer, nil
}

// bodyOf is what a request is about to send.
func bodyOf(request *http.Request) []byte {
	if request.GetBody == nil {
		return nil
	}
	again, err := request.GetBody()
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(again)
	return body
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
