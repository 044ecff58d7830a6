package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// No goroutine outlives its server.
func TestNoGoroutineIsLeft(t *testing.T) {
	g := NewWithT(t)
	before := goroutines()
	ctx, cancel := context.WithCancel(context.Background())
	server, err := provider.Listen("127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	a := postForm(t, "http://"+server.Addr().String()+"/token", demo("grant_type", "client_credentials"))
	g.Expect(a.status).To(Equal(http.StatusOK))
	http.DefaultClient.CloseIdleConnections()
	cancel()
	g.Expect(<-ended).NotTo(HaveOccurred())
	g.Eventually(goroutines).WithTimeout(5 * time.Second).Should(Equal(before))
}

// goroutines counts those of the provider and of HTTP servers.
func goroutines() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	n := 0
	for _, g := range strings.Split(string(stacks), "\n\n") {
		if strings.Contains(g, "provider.(*Server)") || strings.Contains(g, "store.") {
			n++
		}
	}
	return n
}

// A server that is told to stop lets a request under way end, and does not wait
// for connections that have said nothing.
func TestStoppingLetsRequestsEnd(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	slow := fault.Fault{Name: "slow", At: []string{fault.Token}, Wire: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { close(entered); <-leave; h.ServeHTTP(w, r) })
	}}
	ctx, cancel := context.WithCancel(context.Background())
	server, err := provider.Listen("127.0.0.1:0", provider.WithFaults(slow.Once()))
	g.Expect(err).NotTo(HaveOccurred())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	answered := make(chan int, 1)
	go func() {
		a := postForm(t, "http://"+server.Addr().String()+"/token", demo("grant_type", "client_credentials"))
		answered <- a.status
	}()
	<-entered
	cancel()
	g.Consistently(ended).WithTimeout(50 * time.Millisecond).ShouldNot(Receive())
	close(leave)
	g.Expect(<-answered).To(Equal(http.StatusOK))
	g.Eventually(ended).WithTimeout(3 * time.Second).Should(Receive(BeNil()))
}

// However many tokens are issued, the newest are kept and the memory is bounded.
func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithMaxTokens(3), provider.WithAccessTokenFormat("opaque"))
	var tokens []string
	for range 5 {
		tokens = append(tokens, postForm(t, p.URL("token"), demo("grant_type", "client_credentials")).text(t, "access_token"))
	}
	var got []bool
	for _, token := range tokens {
		got = append(got, active(t, p, token))
	}
	g.Expect(got).To(Equal([]bool{false, false, true, true, true}))
}

// Keys rotate while tokens are issued and verified, and nobody notices.
func TestRotationUnderLoad(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	answers := make(chan answer, 400)
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			for range 50 {
				answers <- postForm(t, p.URL("token"), demo("grant_type", "client_credentials"))
			}
		})
	}
	go func() { done.Wait(); close(answers) }()
	issued := 0
	for a := range answers {
		if issued++; issued%20 == 0 {
			g.Expect(p.Keys().Rotate()).To(Succeed())
		}
		g.Expect(a.status).To(Equal(http.StatusOK), a.body)
		kid := headerOf(t, a.text(t, "access_token"))["kid"].(string)
		g.Expect(get(t, p.URL("jwks")).body).To(ContainSubstring(`"kid":"`+kid+`"`), "or nobody can verify it")
	}
}

// Of many uses of one refresh token at once, one succeeds, and the reuse ends the
// grant (RFC 9700 §4.14.2), whatever its newest token is doing meanwhile.
func TestRefreshTokenIsSpentOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t, provider.WithAccessTokenFormat("opaque"))
	for round := range 30 {
		first := login(t, p).text(t, "refresh_token")
		answers := make(chan answer, 8)
		var done sync.WaitGroup
		for range cap(answers) {
			done.Go(func() {
				answers <- postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", first))
			})
		}
		done.Wait()
		close(answers)
		var second string
		for a := range answers {
			if a.status == http.StatusOK {
				g.Expect(second).To(BeEmpty(), "round %d: spent twice", round)
				second = a.text(t, "refresh_token")
				continue
			}
			g.Expect(a.status).To(Equal(http.StatusBadRequest))
			g.Expect(a.text(t, "error")).To(Equal("invalid_grant"))
		}
		g.Expect(second).NotTo(BeEmpty(), fmt.Sprint("round ", round))
		late := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", second))
		g.Expect(late.text(t, "error")).To(Equal("invalid_grant"), "the grant goes on after a reuse")
	}
}

// Reuse is acted on whatever else is wrong with the request.
func TestReuseEndsTheGrantDespiteOtherErrors(t *testing.T) {
	t.Parallel()
	for _, more := range [][]string{{"scope", "a  b"}, {"resource", "https://unknown.example"}, {"scope", "unknown"}} {
		g := NewWithT(t)
		p := provider.Start(t)
		first := login(t, p).text(t, "refresh_token")
		second := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", first)).text(t, "refresh_token")
		reuse := postForm(t, p.URL("token"), demo(append([]string{"grant_type", "refresh_token", "refresh_token", first}, more...)...))
		g.Expect(reuse.text(t, "error")).To(Equal("invalid_grant"))
		g.Expect(active(t, p, second)).To(BeFalse())
	}
}

// A client that lost the answer to its rotation can log out with the token it has.
func TestRevokingASpentTokenEndsItsGrant(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	first := login(t, p).text(t, "refresh_token")
	lost := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", first))
	g.Expect(postForm(t, p.URL("revocation"), demo("token", first)).status).To(Equal(http.StatusOK))
	g.Expect(active(t, p, lost.text(t, "refresh_token"))).To(BeFalse())
	g.Expect(active(t, p, lost.text(t, "access_token"))).To(BeFalse())
}

// A refresh token that was rotated is active no more, while its grant goes on (RFC 7662 §2.2).
func TestSpentRefreshTokenIsInactive(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	first := login(t, p).text(t, "refresh_token")
	g.Expect(active(t, p, first)).To(BeTrue())
	second := postForm(t, p.URL("token"), demo("grant_type", "refresh_token", "refresh_token", first)).text(t, "refresh_token")
	g.Expect(active(t, p, first)).To(BeFalse())
	g.Expect(active(t, p, second)).To(BeTrue(), "asking about a spent token is no use of it")
}

// A client without a secret is told why it has no client_credentials (RFC 6749 §4.4).
func TestPublicClientIsToldWhyItHasNoClientCredentials(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	a := postForm(t, p.URL("token"), params("grant_type", "client_credentials", "client_id", "demo-public"))
	g.Expect(a.text(t, "error")).To(Equal("unauthorized_client"))
	g.Expect(a.text(t, "error_description")).To(ContainSubstring("is public"))
}
