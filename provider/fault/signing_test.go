package fault_test

import (
	"context"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// discard is a client that does not listen.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(p []byte) (int, error) { return len(p), nil }

// Each fault signs with what it noted itself, and one that noted nothing bears it.
func TestSignIsToldWhatWasHeard(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var seen []string
	remark := func(name string) fault.Fault {
		return fault.Fault{
			Name: name,
			Hear: func(h *fault.Heard) { h.Notes["name"] = name },
			Sign: func(s *fault.Signing) { seen = append(seen, s.Heard.Notes["name"]) },
		}
	}
	faults := []fault.Fault{remark("a"), {Name: "deaf"}, remark("b")}
	r := post("")
	draw := fault.NewDraw(faults, r, fault.Token, known())
	draw.Hear(r)
	draw.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fault.Sign(fault.With(r.Context(), faults), &fault.Signing{})
	}), discard{}, r)
	g.Expect(seen).To(Equal([]string{"a", "b"}))

	heard := true
	fault.Sign(fault.With(context.Background(), []fault.Fault{{Sign: func(s *fault.Signing) { heard = s.Heard != nil }}}), &fault.Signing{})
	g.Expect(heard).To(BeFalse())
}
