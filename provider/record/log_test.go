package record_test

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

func TestLogKeepsTheLast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit, added int
		want         []uint64
		lost         uint64
	}{
		"none":                   {3, 0, []uint64{}, 0},
		"fewer":                  {3, 2, []uint64{1, 2}, 0},
		"as many":                {3, 3, []uint64{1, 2, 3}, 0},
		"more":                   {3, 8, []uint64{6, 7, 8}, 5},
		"one":                    {1, 3, []uint64{3}, 2},
		"beyond the first room":  {20, 19, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, 0},
		"beyond that and around": {9, 20, []uint64{12, 13, 14, 15, 16, 17, 18, 19, 20}, 11},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			l := record.NewLog(c.limit, 1<<20)
			for range c.added {
				add(l, "token")
			}
			g.Expect(ids(l.Select(record.Filter{}))).To(Equal(c.want))
			g.Expect(l.Len()).To(Equal(len(c.want)))
			g.Expect(l.Lost()).To(Equal(c.lost))
			g.Expect(l.LastID()).To(BeEquivalentTo(c.added))
		})
	}
}

func TestLogIsBoundedByBytes(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(500, 1000)
	body := func(n int) *record.Exchange {
		return &record.Exchange{Method: http.MethodPost, Request: record.Request{Body: make([]byte, n)}}
	}
	for range 3 {
		l.Add(body(400))
	}
	g.Expect(ids(l.Select(record.Filter{}))).To(Equal([]uint64{2, 3}))
	l.Add(body(900))
	g.Expect(ids(l.Select(record.Filter{}))).To(Equal([]uint64{4}), "the oldest go until there is room")
	g.Expect(l.Lost()).To(BeEquivalentTo(3))
	for range 500 {
		l.Add(body(1))
	}
	g.Expect(l.Len()).To(Equal(1000/(1+len("POST"))), "what fell out no longer counts")
}

// One that is too large by itself still tells what was decided of it.
func TestLogCutsWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(500, 1000)
	add(l, "jwks")
	l.Add(&record.Exchange{Endpoint: "token", Request: record.Request{Body: make([]byte, 2000), Header: http.Header{"A": {"b"}}}})
	g.Expect(l.Len()).To(Equal(2))
	x := l.Select(record.Filter{}).Last()
	g.Expect(x.Request.Body).To(BeEmpty())
	g.Expect(x.Request.Cut).To(BeTrue())
	g.Expect(x.Response.Cut).To(BeFalse(), "there was nothing to cut")
	g.Expect(x.Request.Header).To(HaveLen(1))

	l.Add(&record.Exchange{Endpoint: "token", Request: record.Request{Proto: "HTTP/1.1", Header: http.Header{"Huge": {strings.Repeat("x", 64<<10)}}}})
	x = l.Select(record.Filter{}).Last()
	g.Expect(x.Request).To(Equal(record.Request{Proto: "HTTP/1.1", Cut: true}))
	g.Expect(l.Len()).To(Equal(3))

	l.Add(&record.Exchange{Reason: strings.Repeat("x", 2000)})
	g.Expect(ids(l.Select(record.Filter{}))).To(Equal([]uint64{4}), "the newest stays")
	add(l, "token")
	g.Expect(ids(l.Select(record.Filter{}))).To(Equal([]uint64{5}))
}

func TestClearForgetsAndCountsOn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(2, 1000)
	add(l, "a", "b")
	l.Add(&record.Exchange{Request: record.Request{Body: make([]byte, 900)}})
	l.Clear()
	g.Expect(l.Select(record.Filter{})).To(BeEmpty())
	g.Expect(l.Len()).To(BeZero())
	g.Expect(l.Lost()).To(BeZero())
	add(l, "c")
	l.Add(&record.Exchange{Request: record.Request{Body: make([]byte, 900)}})
	g.Expect(ids(l.Select(record.Filter{}))).To(Equal([]uint64{4, 5}), "the bytes are forgotten as well")
}

func TestLogThatIsOff(t *testing.T) { // not parallel: it counts allocations
	g := NewWithT(t)
	for _, limit := range []int{0, -1} {
		l := record.NewLog(limit, 1<<20)
		x := &record.Exchange{}
		g.Expect(testing.AllocsPerRun(10, func() { l.Add(x) })).To(BeZero())
		g.Expect(x.ID).To(BeZero())
		g.Expect(l.Select(record.Filter{})).To(BeEmpty())
		_, err := l.Wait(t.Context(), record.Filter{}, 1)
		g.Expect(err).To(MatchError(ContainSubstring("the record is off")))
		_, _, err = l.Follow(record.Filter{}).Next(t.Context())
		g.Expect(err).To(MatchError(ContainSubstring("the record is off")))
	}
}

// A test that keeps what it selected sees no later exchange in it.
func TestSelectedExchangesStay(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l := record.NewLog(1, 1<<20)
	add(l, "token")
	before := l.Select(record.Filter{})
	before[0].Endpoint = "changed"
	g.Expect(l.Select(record.Filter{})[0].Endpoint).To(Equal("token"))
	add(l, "jwks")
	g.Expect(ids(before)).To(Equal([]uint64{1}))
}

// Ten thousand tenants that nobody asks anything cost next to nothing.
func TestIdleLogIsSmall(t *testing.T) { // not parallel: it measures the heap
	const n = 10_000
	g := NewWithT(t)
	logs := make([]*record.Log, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range logs {
		logs[i] = record.NewLog(500, 4<<20)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	g.Expect((int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n).To(BeNumerically("<=", 160))

	one := &record.Exchange{} // in each of them
	for _, l := range logs {
		l.Add(one)
	}
	before = after
	runtime.GC()
	runtime.ReadMemStats(&after)
	g.Expect((int64(after.HeapAlloc)-int64(before.HeapAlloc))/n).To(BeNumerically("<=", 256), "room is made as it is needed")
	runtime.KeepAlive(logs)
}

// Many add, many ask, and none of it disturbs the others.
func TestLogInParallel(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 500
	g := NewWithT(t)
	l := record.NewLog(100, 64<<10)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				x := granted()
				l.Add(&x)
			}
		})
		wg.Go(func() {
			for range each / 10 {
				for _, x := range l.Select(record.Filter{Endpoint: "token"}) {
					if x.Masked().ID != x.ID || !bytes.Contains(x.Request.Body, []byte("grant_type")) {
						t.Error("an exchange changed under its reader")
					}
				}
			}
		})
		wg.Go(func() {
			if _, err := l.Wait(ctx, record.Filter{After: writers*each - 1}, 1); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			seen := uint64(0)
			for c := l.Follow(record.Filter{}); seen < writers*each; {
				_, lost, err := c.Next(ctx)
				if seen += 1 + lost; err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	g.Expect(l.LastID()).To(BeEquivalentTo(writers * each))
	g.Expect(l.Lost()).To(BeEquivalentTo(writers*each - l.Len()))
}
