package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// onlyInGo lists what a Go program can ask of a provider and a test over HTTP cannot,
// each with why there is no verb for it.
func onlyInGo() map[string]string {
	const told = "GET /_mock/tenants and the discovery document tell it"
	return map[string]string{
		"ServeHTTP":        "is the door itself",
		"Issuer":           told,
		"BrowserURL":       told,
		"Address":          "whoever calls by HTTP knows it",
		"URL":              told,
		"Name":             told,
		"Grants":           told,
		"Controlled":       "is asked to know whether there is an HTTP door",
		"Client":           "is the first of GET /_mock/clients",
		"User":             "is the first of GET /_mock/users",
		"HTTPClient":       "is of Go's net/http",
		"TLSConfig":        "is of Go's crypto/tls",
		"CA":               "is of Go's crypto/x509; /_mock/ca.pem has the certificate",
		"SignIn":           "is what a browser does, which any HTTP client can be",
		"AuthorizationURL": "is put together of the discovery document, as a client does",
	}
}

// onlyOverHTTP lists the verbs that have no method, each with why.
func onlyOverHTTP() map[string]string {
	return map[string]string{"GET /openapi.json": "describes the HTTP door"}
}

// doors is what the two doors lack of each other.
func doors(list []verb, provider reflect.Type, goOnly, httpOnly map[string]string) (lacking []string) {
	named := map[string]bool{}
	for _, v := range list {
		name := v.Method + " " + v.Path
		if _, excused := httpOnly[name]; excused == (len(v.Go) > 0) {
			lacking = append(lacking, name+": has a method in Go, or a reason in onlyOverHTTP, and not both")
		}
		for _, method := range v.Go {
			named[method] = true
			if !hasMethod(provider, method) {
				lacking = append(lacking, name+": there is no method "+method)
			}
		}
	}
	for method := range provider.Methods() {
		if _, excused := goOnly[method.Name]; excused == named[method.Name] {
			lacking = append(lacking, method.Name+": has a verb that names it, or a reason in onlyInGo, and not both")
		}
	}
	for method := range goOnly {
		if !hasMethod(provider, method) {
			lacking = append(lacking, method+": is excused in onlyInGo but no more there")
		}
	}
	for name := range httpOnly {
		if !slices.ContainsFunc(list, func(v verb) bool { return v.Method+" "+v.Path == name }) {
			lacking = append(lacking, name+": is excused in onlyOverHTTP but no more there")
		}
	}
	return lacking
}

// hasMethod tells a method, also one of what another hands out: "Clock.Apply".
func hasMethod(t reflect.Type, path string) bool {
	name, rest, more := strings.Cut(path, ".")
	method, ok := t.MethodByName(name)
	if !ok || !more {
		return ok
	}
	return method.Type.NumOut() == 1 && hasMethod(method.Type.Out(0), rest)
}

// What can be done through one door can be done through the other.
func TestDoorsHaveTheSameVerbs(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(doors(verbs(), reflect.TypeFor[*Provider](), onlyInGo(), onlyOverHTTP())).To(BeEmpty())
}

// doorway stands for a provider with two methods.
type doorway struct{}

func (*doorway) Open()           {}
func (*doorway) Clock() *doorway { return nil }

func TestWhatADoorLacksIsNoticed(t *testing.T) {
	t.Parallel()
	both := verb{Method: "GET", Path: "/a", Go: []string{"Open", "Clock.Open"}}
	for name, c := range map[string]struct {
		list             []verb
		goOnly, httpOnly map[string]string
		want             string
	}{
		"nothing":                         {[]verb{both}, map[string]string{"Clock": "why"}, nil, ""},
		"a method without a verb":         {[]verb{both}, nil, nil, "Clock: has a verb that names it, or a reason in onlyInGo, and not both"},
		"a reason that is needed no more": {[]verb{both}, map[string]string{"Clock": "why", "Open": "why"}, nil, "Open: has a verb that names it, or a reason in onlyInGo, and not both"},
		"a reason for a lost method":      {[]verb{both}, map[string]string{"Clock": "why", "Shut": "why"}, nil, "Shut: is excused in onlyInGo but no more there"},
		"a verb without a method":         {[]verb{both, {Method: "GET", Path: "/b"}}, map[string]string{"Clock": "why"}, nil, "GET /b: has a method in Go, or a reason in onlyOverHTTP, and not both"},
		"a verb that needs no reason":     {[]verb{both}, map[string]string{"Clock": "why"}, map[string]string{"GET /a": "why"}, "GET /a: has a method in Go, or a reason in onlyOverHTTP, and not both"},
		"a reason for a lost verb":        {[]verb{both}, map[string]string{"Clock": "why"}, map[string]string{"GET /c": "why"}, "GET /c: is excused in onlyOverHTTP but no more there"},
		"a method that is not there":      {[]verb{both, {Method: "GET", Path: "/b", Go: []string{"Close"}}}, map[string]string{"Clock": "why"}, nil, "GET /b: there is no method Close"},
		"an inner one that is not there":  {[]verb{both, {Method: "GET", Path: "/b", Go: []string{"Clock.Shut"}}}, map[string]string{"Clock": "why"}, nil, "GET /b: there is no method Clock.Shut"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lacking := doors(c.list, reflect.TypeFor[*doorway](), c.goOnly, c.httpOnly)
			NewWithT(t).Expect(strings.Join(lacking, "\n")).To(Equal(c.want))
		})
	}
}
