package fault_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

const digits = "0123456789"

// tell answers the digits.
func tell(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Said", "yes")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, digits[:4])
	_, _ = io.WriteString(w, digits[4:])
}

// wrapped is a writer like the provider's, which knows the connection's only by Unwrap.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A crossing is a server whose answers cross a wire with a fault.
type crossing struct {
	server *httptest.Server
	asked  atomic.Int64 // how often the endpoint was
	waited chan time.Duration
}

// cross serves h over HTTP/1.1 or HTTP/2; nothing that waits takes time.
func cross(t *testing.T, http2 bool, wire func(http.Handler) http.Handler, h http.HandlerFunc) *crossing {
	t.Helper()
	c := &crossing{waited: make(chan time.Duration, 100)}
	h = func(inner http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { c.asked.Add(1); inner(w, r) }
	}(h)
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := fault.WithClock(r.Context(), waiter(func(ctx context.Context, d time.Duration) error {
			c.waited <- d
			return ctx.Err()
		}))
		wire(h).ServeHTTP(wrapped{w}, r.WithContext(ctx))
	}))
	if http2 {
		c.server.EnableHTTP2 = true
		c.server.StartTLS()
	} else {
		c.server.Start()
	}
	t.Cleanup(c.server.Close)
	return c
}

// A sight is what a client sees of an answer.
type sight struct {
	status int // 0 when there is no answer
	length int64
	body   string
	cut    bool
}

func (c *crossing) see(t *testing.T, method string) sight {
	t.Helper()
	g := NewWithT(t)
	r, err := http.NewRequest(method, c.server.URL, strings.NewReader("grant_type=password"))
	g.Expect(err).NotTo(HaveOccurred())
	r.Close = true // or the client's log would complain of bytes beyond the end
	response, err := c.server.Client().Do(r)
	if err != nil {
		return sight{cut: true}
	}
	defer response.Body.Close()
	g.Expect(response.Header.Get("X-Said")).To(Equal("yes"))
	body, err := io.ReadAll(response.Body)
	return sight{response.StatusCode, response.ContentLength, string(body), err != nil}
}

func TestWireFaults(t *testing.T) {
	t.Parallel()
	const second = time.Second
	for name, c := range map[string]struct {
		wire   func(http.Handler) http.Handler
		sees   sight
		asked  int
		waited []time.Duration
	}{
		"delay":                             {fault.Delay(2 * time.Hour), sight{202, 10, digits, false}, 1, []time.Duration{2 * time.Hour}},
		"no delay":                          {fault.Delay(0), sight{202, 10, digits, false}, 1, nil},
		"drop":                              {fault.Drop(), sight{cut: true}, 0, nil},
		"lose":                              {fault.Lose(), sight{cut: true}, 1, nil},
		"drop after the headers":            {fault.DropAfter(0), sight{202, -1, "", true}, 1, nil},
		"drop in the body":                  {fault.DropAfter(6), sight{202, -1, "012345", true}, 1, nil},
		"drop at the end":                   {fault.DropAfter(99), sight{202, -1, digits, true}, 1, nil},
		"drop after less than nothing":      {fault.DropAfter(-1), sight{202, -1, "", true}, 1, nil},
		"truncate":                          {fault.Truncate(6), sight{202, 10, "012345", true}, 1, nil},
		"truncate to nothing":               {fault.Truncate(0), sight{202, 10, "", true}, 1, nil},
		"truncate nothing":                  {fault.Truncate(10), sight{202, 10, digits, false}, 1, nil},
		"drip across writes":                {fault.Drip(3, second), sight{202, -1, digits, false}, 1, []time.Duration{second, second, second}},
		"drip in one":                       {fault.Drip(10, second), sight{202, -1, digits, false}, 1, nil},
		"drip by less than a byte":          {fault.Drip(0, second), sight{202, -1, digits, false}, 1, slicesOf(9, second)},
		"longer than said":                  {fault.WrongLength(-4), sight{202, 6, "012345", false}, 1, nil},
		"longer than nothing":               {fault.WrongLength(-99), sight{202, 0, "", false}, 1, nil},
		"shorter than said":                 {fault.WrongLength(3), sight{202, 13, digits, true}, 1, nil},
		"as long as said":                   {fault.WrongLength(0), sight{202, 10, digits, false}, 1, nil},
		"truncated, dripping and delayed":   {wires(fault.Truncate(5), fault.Drip(3, second), fault.Delay(9)), sight{202, 10, "01234", true}, 1, []time.Duration{9, second}},
		"truncated when the length is said": {wires(saying("10"), fault.Truncate(5)), sight{202, 10, "01234", true}, 1, nil},
		"dropped when the length is said":   {wires(saying("10"), fault.DropAfter(5)), sight{202, -1, "01234", true}, 1, nil},
	} {
		for version, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
			t.Run(name+" over "+version, func(t *testing.T) {
				t.Parallel()
				g := NewWithT(t)
				crossing := cross(t, http2, c.wire, tell)
				sees := crossing.see(t, http.MethodPost)
				g.Expect(sees).To(Equal(c.sees))
				g.Expect(crossing.asked.Load()).To(BeEquivalentTo(c.asked))
				close(crossing.waited)
				var waited []time.Duration
				for d := range crossing.waited {
					waited = append(waited, d)
				}
				g.Expect(waited).To(Equal(c.waited))
			})
		}
	}
}

// wires is several seams, from the answer outwards.
func wires(all ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		for _, wire := range all {
			h = wire(h)
		}
		return h
	}
}

// saying says a Content-Length before the endpoint answers.
func saying(length string) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", length)
			h.ServeHTTP(w, r)
		})
	}
}

func slicesOf(n int, d time.Duration) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = d
	}
	return all
}

// A recorder has no connection: a cut is the panic that net/http knows, and
// nothing else panics.
func TestWireFaultsBearARecorder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wire func(http.Handler) http.Handler
		body string
		cut  bool
	}{
		"delay":             {fault.Delay(time.Hour), digits, false},
		"drop":              {fault.Drop(), "", true},
		"lose":              {fault.Lose(), "", true},
		"drop after":        {fault.DropAfter(3), "012", true},
		"truncate":          {fault.Truncate(3), "012", true},
		"drip":              {fault.Drip(3, time.Hour), digits, false},
		"longer than said":  {fault.WrongLength(-3), "0123456", false},
		"shorter than said": {fault.WrongLength(3), digits, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer := httptest.NewRecorder()
			serve := func() { c.wire(http.HandlerFunc(tell)).ServeHTTP(answer, post("")) }
			if c.cut {
				g.Expect(serve).To(PanicWith(http.ErrAbortHandler))
			} else {
				serve()
			}
			g.Expect(answer.Body.String()).To(Equal(c.body))
		})
	}
}

// What cannot have a body is not given one, nor waited for.
func TestWireFaultsOfAnAnswerWithoutBody(t *testing.T) {
	t.Parallel()
	nothing := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Said", "yes")
		w.WriteHeader(http.StatusNoContent)
	}
	for name, wire := range map[string]func(http.Handler) http.Handler{
		"truncate": fault.Truncate(3), "drip": fault.Drip(1, time.Hour), "wrong length": fault.WrongLength(3), "delay": fault.Delay(time.Hour),
	} {
		for _, http2 := range []bool{false, true} {
			g := NewWithT(t)
			g.Expect(cross(t, http2, wire, nothing).see(t, http.MethodGet)).To(Equal(sight{status: 204}), name)
			head := cross(t, http2, wire, tell).see(t, http.MethodHead)
			g.Expect(head.status).To(Equal(202), name)
		}
	}
}

// The answer to HEAD has a length and no body, so that nothing of it is missing.
func TestWrongLengthOfNoBody(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	answer := httptest.NewRecorder()
	fault.WrongLength(3)(http.HandlerFunc(tell)).ServeHTTP(answer, httptest.NewRequest(http.MethodHead, "/", nil))
	g.Expect(answer.Header().Get("Content-Length")).To(Equal("13"))
}

// On HTTP/1.1 the bytes beyond the end are sent, and the connection is closed.
func TestWrongLengthGoesBeyondTheEnd(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	long := strings.Repeat("x", 10_000)
	for delta, want := range map[int]struct{ length, body string }{
		-4:    {"9996", long},
		-5000: {"5904", long}, // no more than 4 KiB beyond
	} {
		c := cross(t, false, fault.WrongLength(delta), func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, long) })
		connection, err := net.Dial("tcp", c.server.Listener.Addr().String())
		g.Expect(err).NotTo(HaveOccurred())
		t.Cleanup(func() { _ = connection.Close() })
		_, err = io.WriteString(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		g.Expect(err).NotTo(HaveOccurred())
		all, err := io.ReadAll(bufio.NewReader(connection))
		g.Expect(err).NotTo(HaveOccurred())
		header, body, _ := strings.Cut(string(all), "\r\n\r\n")
		g.Expect(header).To(ContainSubstring("Content-Length: " + want.length))
		g.Expect(body).To(Equal(want.body))
	}
}

// What is held back is bounded.
func TestWireFaultsHoldLittle(t *testing.T) {
	t.Parallel()
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 5 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	})
	g := NewWithT(t)
	answer := httptest.NewRecorder()
	g.Expect(func() { fault.WrongLength(1)(endless).ServeHTTP(answer, post("")) }).To(PanicWith(http.ErrAbortHandler))
	g.Expect(answer.Header().Get("Content-Length")).To(Equal("4194305"))
	g.Expect(answer.Body.Len()).To(Equal(4 << 20))

	answer = httptest.NewRecorder()
	g.Expect(func() { fault.Truncate(3)(endless).ServeHTTP(answer, post("")) }).To(PanicWith(http.ErrAbortHandler))
	g.Expect(answer.Header().Get("Content-Length")).To(Equal("5242880"), "what is not kept is counted")
	g.Expect(answer.Body.Len()).To(Equal(3))
}

// A status of which more follows is not taken for the answer's.
func TestInformationalStatusIsNotTheAnswers(t *testing.T) {
	t.Parallel()
	early := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusEarlyHints); talk(w, r) }
	g := NewWithT(t)
	g.Expect(serve(post(""), early, noting("!")).Code).To(Equal(http.StatusAccepted))
	g.Expect(serve(post(""), early, fault.Fault{Wire: fault.Truncate(9)}).Code).To(Equal(http.StatusAccepted))
}

// Each piece of a dripping body is on its way before the next is waited for, and
// the rest is not sent once the client is gone.
func TestDripFlushesAndEndsWithTheClient(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		g := NewWithT(t)
		waiting, ended := make(chan struct{}, 10), make(chan any, 1)
		c := cross(t, http2, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() { ended <- recover() }()
				ctx := fault.WithClock(r.Context(), waiter(func(ctx context.Context, _ time.Duration) error {
					waiting <- struct{}{}
					<-ctx.Done()
					return ctx.Err()
				}))
				fault.Drip(3, time.Hour)(h).ServeHTTP(w, r.WithContext(ctx))
			})
		}, tell)
		response, err := c.server.Client().Post(c.server.URL, formType, strings.NewReader("a=b"))
		g.Expect(err).NotTo(HaveOccurred())
		piece := make([]byte, 3)
		_, err = io.ReadFull(response.Body, piece)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(piece)).To(Equal("012"))
		<-waiting
		_ = response.Body.Close()
		g.Eventually(ended).WithTimeout(5 * time.Second).Should(Receive(Equal(http.ErrAbortHandler)))
	}
}

// A client that gives up waiting is noticed, also when the endpoint has not read
// its form yet, and the request is not served any more.
func TestDelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		g := NewWithT(t)
		waiting, ended := make(chan struct{}), make(chan any, 1)
		c := cross(t, http2, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() { ended <- recover() }()
				ctx := fault.WithClock(r.Context(), waiter(func(ctx context.Context, _ time.Duration) error {
					close(waiting)
					<-ctx.Done()
					return ctx.Err()
				}))
				fault.Delay(time.Hour)(h).ServeHTTP(w, r.WithContext(ctx))
			})
		}, tell)
		ctx, giveUp := context.WithCancel(context.Background())
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.URL, strings.NewReader("grant_type=password"))
		g.Expect(err).NotTo(HaveOccurred())
		go func() { <-waiting; giveUp() }()
		_, err = c.server.Client().Do(r)
		g.Expect(err).To(MatchError(context.Canceled))
		g.Eventually(ended).WithTimeout(5 * time.Second).Should(Receive(Equal(http.ErrAbortHandler)))
		g.Expect(c.asked.Load()).To(BeZero())
	}
}

// The form that a delay has read is there for the endpoint.
func TestDelayLeavesTheBody(t *testing.T) {
	t.Parallel()
	answer := httptest.NewRecorder()
	fault.Delay(time.Hour)(http.HandlerFunc(echo)).ServeHTTP(answer, post("client_secret=x"))
	NewWithT(t).Expect(answer.Body.String()).To(Equal("client_secret=x"))
}

func TestWait(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	g.Expect(fault.Wait(context.Background(), time.Hour)).To(Succeed(), "without a clock no time passes")
	g.Expect(fault.Wait(gone, time.Hour)).To(MatchError(context.Canceled))

	var asked []time.Duration
	wait := func(ctx context.Context, d time.Duration) error { asked = append(asked, d); return ctx.Err() }
	g.Expect(fault.Wait(fault.WithClock(context.Background(), waiter(wait)), time.Hour)).To(Succeed())
	g.Expect(fault.Wait(fault.WithClock(gone, waiter(wait)), time.Minute)).To(MatchError(context.Canceled))
	g.Expect(fault.Wait(fault.WithClock(context.Background(), waiter(wait)), -1)).To(Succeed())
	g.Expect(asked).To(Equal([]time.Duration{time.Hour, time.Minute}), "there is no waiting for the past")
}
