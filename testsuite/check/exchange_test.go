package check_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// parrot answers the body that it gets.
func parrot(t *testing.T) *check.Target {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return &check.Target{Issuer: server.URL, Endpoints: map[string]string{"token": server.URL + "/token"}}
}

func TestVerdictTellsExchanges(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	target := parrot(t)
	v := run(target, func(t *check.T) {
		t.Ask("token", check.Basic("a", "b"), check.Param("n", "1"))
		t.Browse(target.Issuer+"/page", check.User{})
		t.Get(unreachable())
	})
	g.Expect(v.State).To(Equal(check.Failed))
	g.Expect(v.Exchanges).To(HaveLen(3))
	asked, browsed, lost := v.Exchanges[0], v.Exchanges[1], v.Exchanges[2]
	g.Expect(asked.Method + " " + asked.URL).To(Equal("POST " + target.Issuer + "/token"))
	g.Expect(asked.Header.Get("Authorization")).To(Equal("Basic YTpi"))
	g.Expect(string(asked.Body)).To(Equal("n=1"))
	g.Expect(asked.Answer.Status).To(Equal(200))
	g.Expect(string(asked.Answer.Body)).To(Equal("n=1"))
	g.Expect(asked.Took).To(BeNumerically(">", 0))
	g.Expect(asked.At).NotTo(BeZero())
	g.Expect(browsed.Method + " " + browsed.URL).To(Equal("GET " + target.Issuer + "/page"))
	g.Expect(lost.Answer.Status).To(BeZero())
	g.Expect(lost.Error).To(ContainSubstring("no answer to GET"))
}

func TestVerdictBoundsExchanges(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	long := strings.Repeat("x", 100<<10)
	v := run(parrot(t), func(t *check.T) {
		for n := range 100 {
			t.Ask("token", check.Params(url.Values{"n": {strconv.Itoa(n)}}))
		}
		t.Ask("token", check.EncodedForm(long))
	})
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(v.Exchanges).To(HaveLen(40), "the first 10 and the last 30")
	g.Expect(v.Omitted).To(Equal(61))
	g.Expect(string(v.Exchanges[9].Body)).To(Equal("n=9"))
	g.Expect(string(v.Exchanges[10].Body)).To(Equal("n=71"))
	last := v.Exchanges[39]
	g.Expect(last.Cut).To(BeTrue())
	g.Expect(last.Body).To(HaveLen(64 << 10))
	g.Expect(last.Answer.Body).To(HaveLen(64 << 10))
	g.Expect(v.Exchanges[38].Cut).To(BeFalse())
}

// A client that is registered for one method is the client for whom that method is asked.
func TestRegisteredAuthMethod(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	target := parrot(t)
	target.Clients = map[check.Role]check.Client{
		check.Main:  {ID: "m", Secret: "s", AuthMethod: check.AuthPost},
		check.Other: {ID: "o", Secret: "s", AuthMethod: check.AuthBasic},
	}
	v := run(target, func(t *check.T) {
		t.Expect(t.Client(check.PostOnly).ID).To(check.Equal("m"))
		t.Expect(t.Client(check.BasicOnly).ID).To(check.Equal("o"))
		t.Ask("token", check.As(t.Client(check.Main)))
		t.Ask("token", check.As(t.Client(check.Other)))
	})
	g.Expect(v.State).To(Equal(check.Passed), v.Reason)
	g.Expect(string(v.Exchanges[0].Body)).To(Equal("client_id=m&client_secret=s"))
	g.Expect(v.Exchanges[0].Header).NotTo(HaveKey("Authorization"))
	g.Expect(v.Exchanges[1].Header.Get("Authorization")).To(Equal("Basic bzpz"))

	delete(target.Clients, check.Other)
	v = run(target, func(t *check.T) { t.Client(check.BasicOnly) })
	g.Expect(v.State).To(Equal(check.Skipped), v.Reason)
}
