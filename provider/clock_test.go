package provider_test

import (
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/clock"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// moves makes a move from its members' values.
func advance(d time.Duration) clock.Move {
	by := clock.Duration(d)
	return clock.Move{Advance: &by}
}

func freeze() clock.Move {
	yes := true
	return clock.Move{Freeze: &yes}
}

func number(t *testing.T, object map[string]any, member string) int64 {
	t.Helper()
	NewWithT(t).Expect(object[member]).To(BeAssignableToTypeOf(0.0), member)
	return int64(object[member].(float64))
}

// Whatever has a time has it from the clock: what is said of it, and when it ends.
func TestEverythingFollowsTheClock(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		then := time.Date(2042, 1, 2, 3, 4, 5, 0, time.UTC)
		move := freeze()
		move.Set = &then
		g.Expect(d.move(move)).To(Succeed())
		v, authorize := newVisitor(t, p), p.AuthorizationURL(p.Client(), params("scope", "openid offline_access"))
		redeem := func(code string) answer {
			return postForm(t, p.URL("token"), demo("grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI))
		}
		code := sentBack(t, v.logIn(authorize, "alice")).Get("code")
		late := sentBack(t, v.visit(authorize)).Get("code")
		g.Expect(d.move(advance(10*time.Minute - time.Second))).To(Succeed())
		tokens := redeem(code)
		g.Expect(tokens.status).To(Equal(http.StatusOK), tokens.body)
		now := then.Add(10*time.Minute - time.Second).Unix()
		claims := claimsOf(t, tokens.text(t, "id_token"))
		g.Expect(number(t, claims, "auth_time")).To(Equal(then.Unix()))
		g.Expect(number(t, claims, "iat")).To(Equal(now))
		g.Expect(number(t, claims, "exp")).To(Equal(now + 3600))
		g.Expect(number(t, tokens.json(t), "expires_in")).To(Equal(int64(3600)))
		access := claimsOf(t, tokens.text(t, "access_token"))
		g.Expect(number(t, access, "exp")).To(Equal(now + 3600))
		g.Expect(number(t, access, "iat")).To(Equal(now))
		g.Expect(d.move(advance(time.Second))).To(Succeed())
		g.Expect(redeem(late).text(t, "error")).To(Equal("invalid_grant"), "a code lives for ten minutes")

		token := tokens.text(t, "access_token")
		g.Expect(d.move(advance(time.Hour - 2*time.Second))).To(Succeed())
		g.Expect(active(t, p, token)).To(BeTrue())
		g.Expect(d.move(advance(time.Second))).To(Succeed())
		g.Expect(active(t, p, token)).To(BeFalse())
		g.Expect(bearer(t, p, token).status).To(Equal(http.StatusUnauthorized))
		g.Expect(d.move(advance(22 * time.Hour))).To(Succeed())
		g.Expect(sentBack(t, v.visit(authorize+"&prompt=none")).Has("code")).To(BeTrue(), "the session lives for a day")
		g.Expect(d.move(advance(time.Hour))).To(Succeed())
		g.Expect(sentBack(t, v.visit(authorize+"&prompt=none")).Get("error")).To(Equal("login_required"))
		renewed := refresh(t, p, tokens.text(t, "refresh_token"))
		g.Expect(renewed.status).To(Equal(http.StatusOK), renewed.body)
		g.Expect(number(t, claimsOf(t, renewed.text(t, "id_token")), "auth_time")).To(Equal(then.Unix()))
		g.Expect(d.move(advance(720 * time.Hour))).To(Succeed())
		g.Expect(refresh(t, p, renewed.text(t, "refresh_token")).text(t, "error")).To(Equal("invalid_grant"))
	})
}

// A throttle forgets by the clock, and says so.
func TestThrottleFollowsTheClock(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		g.Expect(d.move(freeze())).To(Succeed())
		for range 2 {
			g.Expect(machine(t, p, "demo", "wrong").status).To(Equal(http.StatusUnauthorized))
		}
		over := machine(t, p, "demo", "demo-secret")
		g.Expect(over.status).To(Equal(http.StatusTooManyRequests))
		g.Expect(over.header.Get("Retry-After")).To(Equal("3600"))
		g.Expect(d.move(advance(time.Hour))).To(Succeed())
		g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK))
		for range 2 {
			machine(t, p, "demo", "wrong")
		}
		p.Reset()
		g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK), "a reset forgets it, too")
	}, provider.WithThrottle(2, time.Hour))
}

// A fault's delay passes by the clock: an hour is over at once when it is moved on.
func TestDelayFollowsTheClock(t *testing.T) {
	t.Parallel()
	throughBothDoors(t, func(t *testing.T, p *provider.Provider, d door) {
		g := NewWithT(t)
		_, err := d.order(fault.Order{At: fault.Words{"token"}, Delay: "10m", Times: 1})
		g.Expect(err).NotTo(HaveOccurred())
		answered := make(chan answer, 1)
		go func() { answered <- machine(t, p, "demo", "demo-secret") }()
		a := soon(t, answered, func() { g.Expect(d.move(advance(10 * time.Minute))).To(Succeed()) })
		g.Expect(a.status).To(Equal(http.StatusOK), a.body)
	})
}

// A move is made whole or not at all.
func TestMovesThatCannotBe(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	g.Expect(goDoor{p}.move(freeze())).To(Succeed())
	before := p.Clock().State().Now
	for body, test := range map[string]struct {
		status int
		says   string
	}{
		`{}`:                             {422, "does nothing"},
		``:                               {400, "empty"},
		`{"advance":"1h"`:                {400, "no JSON"},
		`{"advance":"1h"} {}`:            {400, "more in the body"},
		`[]`:                             {422, "array"},
		`{"advance":3600}`:               {422, "1h30m"},
		`{"advance":"soon"}`:             {422, "1h30m"},
		`{"advanec":"1h"}`:               {422, "did you mean advance?"},
		`{"set":"0000-01-01T00:00:00Z"}`: {422, "1970-01-01T00:00:00Z"},
		`{"set":"9999-12-31T23:59:59Z","advance":"1h"}`: {422, "9999-12-31T23:59:59Z"},
		`{"set":"10000-01-01T00:00:00Z"}`:               {422, ""},
		`{"set":"yesterday"}`:                           {422, ""},
		`{"freeze":"yes"}`:                              {422, "freeze"},
		`{"advance":"-1000000h"}`:                       {422, "1970-01-01T00:00:00Z"},
		`{"freeze":false,"advance":"-1000000h"}`:        {422, "1970-01-01T00:00:00Z"},
		`{"advance":"99999999999h"}`:                    {422, "292 years"},
	} {
		a := mock(t, p, http.MethodPost, "/clock", body)
		g.Expect(a.status).To(Equal(test.status), "%s: %s", body, a.body)
		g.Expect(refusal(t, a).Error()).To(ContainSubstring(test.says), body)
		state := p.Clock().State()
		g.Expect(state.Now).To(Equal(before), body)
		g.Expect(state.Frozen).To(BeTrue(), body)
	}
	for _, year := range []string{"1970", "9999"} { // the ends can be had, and tokens with them
		a := mock(t, p, http.MethodPost, "/clock", `{"set":"`+year+`-12-31T23:59:58Z"}`)
		g.Expect(a.status).To(Equal(http.StatusOK), a.body)
		g.Expect(machine(t, p, "demo", "demo-secret").status).To(Equal(http.StatusOK), year)
	}
}

// A fault's delay is over when the provider's clock says so, and not before.
func TestDelayIsNotOverBefore(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p := provider.Start(t)
	p.Clock().Freeze()
	began := p.Clock().Now()
	answered := make(chan time.Time, 1)
	p.Inject(fault.Fault{Name: "late", Wire: fault.Delay(time.Hour)}, fault.Fault{Name: "watch", Say: func(*fault.Said) { answered <- p.Clock().Now() }})
	done := make(chan int, 1)
	go func() { done <- machine(t, p, "demo", "demo-secret").status }()
	g.Eventually(func() uint64 { return p.Faults()[0].Acted }).Should(Equal(uint64(1)))
	p.Clock().Advance(time.Hour)
	g.Eventually(done).Should(Receive(Equal(http.StatusOK)))
	g.Expect(<-answered).To(Equal(began.Add(time.Hour)))
}
