package fault_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func TestServe(t *testing.T) {
	t.Parallel()
	status := fault.Fault{Name: "teapot", Say: func(s *fault.Said) { s.Status = http.StatusTeapot }}
	drop := fault.Fault{Name: "drop", Say: func(s *fault.Said) { s.Header.Del("X-Said") }}
	deaf := fault.Fault{Name: "deaf", Hear: func(*fault.Heard) {}}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		faults  []fault.Fault
		status  int
		header  string
		body    string
	}{
		"without a fault":       {talk, nil, 202, "yes", "well"},
		"with none that speaks": {talk, []fault.Fault{deaf}, 202, "yes", "well"},
		"in order":              {talk, []fault.Fault{noting("a"), status, noting("b")}, 418, "yes", "wellab"},
		"less than was said":    {talk, []fault.Fault{drop}, 202, "", "well"},
		"nothing was said":      {func(http.ResponseWriter, *http.Request) {}, []fault.Fault{noting("a")}, 200, "", "a"},
		"no body was said":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, []fault.Fault{drop}, 204, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer := serve(post(""), c.handler, c.faults...)
			g.Expect(answer.Code).To(Equal(c.status))
			g.Expect(answer.Header().Get("X-Said")).To(Equal(c.header))
			g.Expect(answer.Body.String()).To(Equal(c.body))
		})
	}
}

// talk says its status twice, of which the first counts.
func talk(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Said", "yes")
	w.WriteHeader(http.StatusAccepted)
	w.WriteHeader(http.StatusTeapot)
	_, _ = w.Write([]byte("we"))
	_, _ = w.Write([]byte("ll"))
}

// Without a fault that speaks, an answer is not held back.
func TestServeKeepsTheWriter(t *testing.T) {
	t.Parallel()
	answer := httptest.NewRecorder()
	var writer http.ResponseWriter
	fault.NewDraw([]fault.Fault{{Name: "deaf"}}, post(""), fault.Token, known()).Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writer = w
	}), answer, post(""))
	NewWithT(t).Expect(writer).To(BeIdenticalTo(answer))
}

// What a fault notes of a request is for itself, and its Say sees the request as
// the last fault left it.
func TestNotesAndRequest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	noteful := func(name string) fault.Fault {
		return fault.Fault{
			Name: name,
			Hear: func(h *fault.Heard) {
				g.Expect(h.Notes).To(BeEmpty())
				g.Expect(h.Endpoint).To(Equal(fault.Token))
				g.Expect(h.Known.ClientIDs()).NotTo(BeEmpty())
				h.Notes["name"] = name
				h.Request.Header.Add("X-Heard", name)
			},
			Say: func(s *fault.Said) {
				g.Expect(s.Heard.Notes).To(Equal(map[string]string{"name": name}))
				g.Expect(s.Heard.Request.Header.Values("X-Heard")).To(Equal([]string{"a", "b"}))
			},
		}
	}
	answer := serve(post(""), func(w http.ResponseWriter, r *http.Request) {
		g.Expect(r.Header.Values("X-Heard")).To(Equal([]string{"a", "b"}))
		talk(w, r)
	}, noteful("a"), noteful("b"))
	g.Expect(answer.Code).To(Equal(http.StatusAccepted))
}

func TestWire(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	wrap := func(name string) fault.Fault {
		return fault.Fault{Name: name, Wire: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = w.Write([]byte(name + "("))
				h.ServeHTTP(w, r)
				_, _ = w.Write([]byte(")"))
			})
		}}
	}
	g.Expect(serve(post(""), talk, wrap("a"), fault.Fault{Name: "none"}, wrap("b")).Body.String()).To(Equal("b(a(well))"))

	cut := fault.Fault{Name: "cut", Wire: func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	}}
	g.Expect(func() { serve(post(""), talk, cut) }).To(PanicWith(http.ErrAbortHandler))
}

func TestNamesAndContext(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	drawn := []fault.Fault{fault.Cacheable, fault.StoreUnavailable}
	g.Expect(fault.NewDraw(drawn, post(""), fault.Token, known()).Names()).To(Equal([]string{"cacheable", "store_unavailable"}))
	g.Expect(fault.From(context.Background())).To(BeEmpty())
	g.Expect(fault.From(fault.With(context.Background(), drawn))).To(HaveLen(2))
}

// A page says how long it is; a fault that changes it must not break the connection.
func TestFaultsChangeTheLength(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	f := fault.Fault{Say: func(s *fault.Said) { s.Body = append(s.Body, " and more"...) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw := fault.NewDraw([]fault.Fault{f}, r, fault.Authorization, directory{})
		draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "6")
			_, _ = w.Write([]byte("a page"))
		}), w, r)
	}))
	t.Cleanup(server.Close)
	response, err := http.Get(server.URL)
	g.Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(body)).To(Equal("a page and more"))
}
