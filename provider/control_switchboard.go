package provider

import (
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
)

// A verb is something that a test can have the provider do, through either door.
type verb struct {
	Method  string
	Path    string      // below /_mock, as [http.ServeMux] has it
	Go      []string    // the methods of Provider, or of what it hands out, that do the same
	Summary string      // what it does, in a sentence without a full stop
	Query   []parameter // may be left out, all of them
	Status  int         // of success, where it is not 200, or 204 for what answers nothing
	service
}

// A parameter is one of a query.
type parameter struct{ Name, Doc string }

// A service is how a verb is done, with the types of what is sent and answered.
type service struct {
	in, out reflect.Type // nil for nothing
	media   string       // of the answer, where it is no JSON
	serve   func(*Provider, *call) (any, error)
}

// takes is a service that is sent something and answers something.
func takes[In, Out any](serve func(p *Provider, c *call, in In) (Out, error)) service {
	return service{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), serve: func(p *Provider, c *call) (any, error) {
		body, refused := c.body()
		if refused != nil {
			return nil, refused
		}
		in, err := decode[In](body)
		if err != nil {
			return nil, err
		}
		return serve(p, c, in)
	}}
}

// answers is a service that answers something.
func answers[Out any](serve func(p *Provider, c *call) (Out, error)) service {
	return service{out: reflect.TypeFor[Out](), serve: func(p *Provider, c *call) (any, error) { return serve(p, c) }}
}

// acts is a service that answers nothing.
func acts(serve func(p *Provider, c *call) error) service {
	return service{serve: func(p *Provider, c *call) (any, error) { return nil, serve(p, c) }}
}

// writes is a service that writes its answer itself.
func writes(media string, serve func(p *Provider, c *call) error) service {
	return service{media: media, serve: func(p *Provider, c *call) (any, error) {
		c.answered = true
		return nil, serve(p, c)
	}}
}

func (v *verb) status() int {
	if v.Status == 0 {
		return http.StatusOK
	}
	return v.Status
}

// switchboard finds the verb of a request.
type switchboard struct {
	mux   *http.ServeMux
	verbs map[string]*verb // by pattern
}

func newSwitchboard() *switchboard {
	s := &switchboard{http.NewServeMux(), map[string]*verb{}}
	for _, v := range verbs() {
		pattern := v.Method + " " + v.Path
		s.mux.Handle(pattern, http.NotFoundHandler())
		s.verbs[pattern] = &v
	}
	return s
}

// misdialled is a request that no verb takes.
type misdialled struct {
	*Refusal
	allowed []string // the methods that others take at its path
}

// connect finds the verb of a request, and gives the request its path's values.
func (s *switchboard) connect(r *http.Request) (*verb, *misdialled) {
	if v := s.verbs[s.pattern(r, r.Method)]; v != nil {
		s.name(r, v)
		return v, nil
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if s.verbs[s.pattern(r, method)] != nil {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return nil, &misdialled{refuse(http.StatusMethodNotAllowed, "%s takes %s.", ControlPath+r.URL.Path, strings.Join(allowed, ", ")), allowed}
	}
	var paths []string
	for _, v := range verbs() {
		if !slices.Contains(paths, ControlPath+v.Path) {
			paths = append(paths, ControlPath+v.Path)
		}
	}
	refused := unknown("path", ControlPath+r.URL.Path, paths)
	if !strings.Contains(refused.Detail, "Did you mean") {
		refused.Detail = "There is nothing at " + ControlPath + r.URL.Path + "; " + ControlPath + "/openapi.json lists what there is."
	}
	return nil, &misdialled{Refusal: refused}
}

// pattern is what a request would match with a method. The mux would send a path with
// empty parts or dots to what it may have meant; here it is nothing.
func (s *switchboard) pattern(r *http.Request, method string) string {
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped {
		return ""
	}
	asked := *r
	asked.Method = method
	_, pattern := s.mux.Handler(&asked)
	return pattern
}

// name sets the path's values, which the mux does only as it serves.
func (s *switchboard) name(r *http.Request, v *verb) {
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for i, part := range strings.Split(v.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			r.SetPathValue(strings.TrimSuffix(name, "}"), unescaped(segments[i]))
		}
	}
}
