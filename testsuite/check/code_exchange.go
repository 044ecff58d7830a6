package check

import (
	"net/url"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// codeExchange is how a code becomes tokens.
func codeExchange() Section {
	return Section{Letter: "G", Title: "Code exchange", Checks: []Check{
		Must("AC-01", "answers a code with a token", "RFC 6749 §4.1.4", redeemsCode).
			If(AuthorizationCode).Breaks(&fault.AuthorizationCodeDropped, &fault.CodesRefused),
		Must("AC-02", "refuses a code that was redeemed already", "RFC 6749 §4.1.2", refusesSpentCode).
			If(AuthorizationCode).Breaks(&fault.CodeReusable, &fault.BadCodeMiscoded),
		Should("AC-03", "ends what a code gave when it is used again", "RFC 6749 §4.1.2; RFC 9700 §4.5", endsTokensOnReplay).
			If(AuthorizationCode, Introspection).Breaks(&fault.TokensSurviveReplay),
		Must("AC-04", "refuses an expired code with invalid_grant", "RFC 6749 §4.1.2; RFC 6749 §5.2", refusesExpiredCode).
			If(AuthorizationCode, MovableClock).Breaks(&fault.BadCodeMiscoded, &fault.CodeLivesTooLong).Slowly(),
		Should("AC-05", "lets a code live for ten minutes at most", "RFC 6749 §4.1.2", limitsCodeLife).
			If(AuthorizationCode, MovableClock).Breaks(&fault.CodeLivesTooLong).Slowly(),
		Must("AC-06", "refuses a code of another client", "RFC 6749 §4.1.3", refusesForeignCode).
			If(AuthorizationCode).Breaks(&fault.ForeignCodeServed, &fault.InvalidGrantWith401),
		Must("AC-07", "refuses a code without the redirect_uri that its request had", "RFC 6749 §4.1.3", refusesAbsentRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURINotCompared),
		Must("AC-08", "refuses a code with another redirect_uri than its request had", "RFC 6749 §4.1.3", refusesOtherRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURINotCompared, &fault.BadCodeMiscoded),
		Must("AC-09", "wants no redirect_uri where the authorization request had none", "RFC 6749 §4.1.3", redeemsWithoutRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURIDemanded),
		Must("AC-11", "refuses an unknown code with invalid_grant", "RFC 6749 §5.2", refusesUnknownCode).
			If(AuthorizationCode).Breaks(&fault.BadCodeMiscoded, &fault.InvalidGrantWith401),
		Must("AC-12", "refuses the code of a public client that does not say who it is", "RFC 6749 §3.2.1; RFC 6749 §4.1.3", refusesCodeOfNobody).
			If(AuthorizationCode, PublicClients).Breaks(&fault.ClientTakenFromCode),
		Must("AC-13", "refuses the code of a confidential client that does not authenticate", "RFC 6749 §4.1.3; RFC 6749 §5.2", refusesCodeWithoutSecret).
			If(AuthorizationCode).Breaks(&fault.SecretOptional, &fault.ClientTakenFromCode),
		Must("AC-15", "spends a code once, also when it is redeemed twenty times at once", "RFC 6749 §4.1.2", spendsCodeOnce).
			If(AuthorizationCode).Breaks(&fault.CodeReusable),
		Must("AC-16", "refuses authorization_code to a client that is not registered for it", "RFC 6749 §5.2", refusesUnregisteredCode).
			If(AuthorizationCode).Breaks(&fault.UnregisteredGrantServed, &fault.UnauthorizedClientMiscoded),
		Must("AC-17", "tells the scope where the user granted a part of it", "RFC 6749 §3.3; RFC 6749 §5.1", tellsPartOfScope).
			If(AuthorizationCode).Because("at mockoauth's pages users grant all or nothing; proven by TestRareChecksBite"),
		May("AC-18", "gives one token for a code, however often others tried it before", "RFC 6749 §4.1.2; RFC 6749 §10.5", grantsOnceAfterFailures).
			If(AuthorizationCode).Breaks(&fault.CodeReusable, &fault.BadCodeMiscoded),
	}}
}

// authorized is a new authorization by the main user for a client.
func (t *T) authorized(client Client, params url.Values) Redirect {
	r := t.Authorize(client, params)
	t.Expect(r).To(BeGranted())
	return r
}

func redeemsCode(t *T) {
	main := t.Client(Main)
	answer := t.Redeem(main, t.authorized(main, nil))
	t.Expect(answer).To(BeToken())
	if t.claims(Introspection) {
		t.Expect(t.Introspect(answer.Text("access_token"), As(main))).To(BeActive())
	}
}

func refusesSpentCode(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, nil)
	t.Expect(t.Redeem(main, r)).To(BeToken())
	t.Expect(t.Redeem(main, r)).To(BeRefused(400, "invalid_grant"), "the second time")
}

func endsTokensOnReplay(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, nil)
	token := t.Redeem(main, r).Text("access_token")
	t.Expect(t.Introspect(token, As(main))).To(BeActive(), "before the replay")
	t.Expect(t.Redeem(main, r)).To(BeRefused(400, "invalid_grant"), "the replay")
	t.Expect(t.Introspect(token, As(main))).To(BeInactive(), "after the replay")
}

// codeLifeAtMost is the maximum that RFC 6749 §4.1.2 recommends.
const codeLifeAtMost = 10 * time.Minute

func refusesExpiredCode(t *T) {
	t.expectCodeOver(24*time.Hour, "the code after a day")
}

func limitsCodeLife(t *T) {
	t.expectCodeOver(codeLifeAtMost+time.Second, "the code after %s", codeLifeAtMost)
}

// expectCodeOver expects that a code is good when it is new, and refused after a time.
func (t *T) expectCodeOver(after time.Duration, explain ...any) {
	main := t.Client(Main)
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken(), "a new code")
	r := t.authorized(main, nil)
	t.Wait(after)
	t.Expect(t.Redeem(main, r)).To(BeRefused(400, "invalid_grant"), explain...)
}

func refusesForeignCode(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	r := t.authorized(main, nil)
	t.Expect(t.Redeem(other, r)).To(BeRefused(400, "invalid_grant"), "by another client")
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken(), "by its own client")
}

// proof is what a code needs besides its client and redirect_uri.
func proof(r Redirect) Ingredient {
	if r.verifier == "" {
		return Params(nil)
	}
	return Param("code_verifier", r.verifier)
}

func refusesAbsentRedirect(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, nil)
	t.Expect(t.RedeemCode(r.Code(), As(main), proof(r))).
		To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "without redirect_uri")
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken(), "with it")
}

func refusesOtherRedirect(t *T) {
	client := t.Client(TwoRedirects)
	uri := t.redirectOf(client)
	for _, other := range append(client.RedirectURIs[1:], uri+"/", uri+"?x", strings.ToUpper(uri), "https://attacker.example/callback") {
		r := t.authorized(client, nil)
		t.Expect(t.RedeemCode(r.Code(), As(client), proof(r), Param("redirect_uri", other))).
			To(BeRefused(400, "invalid_grant"), "with the redirect_uri %s instead of %s", other, uri)
		t.Expect(t.Redeem(client, t.authorized(client, nil))).To(BeToken(), "with its own")
	}
}

func redeemsWithoutRedirect(t *T) {
	main := t.Client(Main)
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken())
	without := url.Values{"redirect_uri": nil, "scope": {plainScope(t, main)}}
	if t.Authorize(main, without).Code() == "" {
		t.Skip("the target wants a redirect_uri in every authorization request")
	}
	t.Expect(t.Redeem(main, t.authorized(main, without))).To(BeToken(), "without redirect_uri in both requests")
}

func refusesUnknownCode(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, nil)
	t.Expect(t.RedeemCode(unknownToken, As(main), proof(r), Param("redirect_uri", t.redirectOf(main)))).To(BeRefused(400, "invalid_grant"))
	t.Expect(t.Redeem(main, r)).To(BeToken(), "the code that was issued")
}

func refusesCodeOfNobody(t *T) {
	public := t.Client(Public)
	r := t.authorized(public, nil)
	t.expectNamelessRefused(t.RedeemCode(r.Code(), proof(r), Param("redirect_uri", t.redirectOf(public))))
	t.Expect(t.Redeem(public, t.authorized(public, nil))).To(BeToken(), "with client_id")
}

func refusesCodeWithoutSecret(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, nil)
	uri := Param("redirect_uri", t.redirectOf(main))
	t.expectInvalidClient(t.RedeemCode(r.Code(), uri, proof(r), Param("client_id", main.ID)), "client_id without its secret")
	t.expectNamelessRefused(t.RedeemCode(r.Code(), uri, proof(r)))
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken(), "with its secret")
}

func spendsCodeOnce(t *T) {
	main := t.Client(Main)
	for range 12 { // a race is not lost every time
		r := t.authorized(main, nil)
		t.expectServedOnce(20, func() Answer { return t.Redeem(main, r) })
	}
}

// expectServedOnce expects that of many uses at once of what is good for one, one
// is served. How the others are refused is a warning: by which code, or by 500.
func (t *T) expectServedOnce(at int, use func() Answer) {
	served := 0
	var refused []Answer
	for _, answer := range Parallel(at, use) {
		if answer.Status != 200 {
			refused = append(refused, answer)
			continue
		}
		t.Expect(answer).To(BeToken())
		served++
	}
	t.Expect(served).To(Equal(1), "how many of %d uses at once were served", at)
	broken := t.broken
	t.broken = Warned
	for _, answer := range refused {
		t.Expect(answer).To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "a use too many")
	}
	t.broken = broken
}

func refusesUnregisteredCode(t *T) {
	main, client := t.Client(Main), t.clientWithoutCodes()
	uri := Param("redirect_uri", t.redirectOf(client))
	t.expectUnauthorized(t.RedeemCode(unknownToken, As(client), uri))
	t.Expect(t.Redeem(main, t.authorized(main, nil))).To(BeToken(), "a client that is registered for it")
}

// expectUnauthorized expects that a client is refused a grant which it may not
// use, with a code or token that is no good either: it is a warning where that is said.
func (t *T) expectUnauthorized(answer Answer) {
	broken := t.broken
	if answer.Text("error") == "invalid_grant" {
		t.broken = Warned
	}
	t.Expect(answer).To(BeRefused(400, "unauthorized_client"))
	t.broken = broken
}

func tellsPartOfScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	user := t.Browser(t.User(Main))
	user.Withholds = b
	r := user.Authorize(main, url.Values{"scope": {a + " " + b}, "prompt": {"consent"}})
	t.Expect(r).To(BeGranted())
	if !user.withheld {
		t.Skip("the target's pages let users grant all or nothing")
	}
	t.expectGranted(t.Redeem(main, r), a+" "+b, a)
}

func grantsOnceAfterFailures(t *T) {
	main := t.Client(Main)
	for _, attempt := range []func(Redirect) Answer{
		func(r Redirect) Answer { return t.Redeem(t.Client(Other), r) },
		func(r Redirect) Answer {
			return t.RedeemCode(r.Code(), As(main), proof(r), Param("redirect_uri", "https://attacker.example/callback"))
		},
	} {
		r := t.authorized(main, nil)
		t.Expect(attempt(r)).To(BeRefused(400, "invalid_grant"), "the attempt")
		if right := t.Redeem(main, r); right.Status == 200 { // or the attempt burnt it
			t.Expect(right).To(BeToken())
		} else {
			t.Expect(right).To(BeRefused(400, "invalid_grant"), "the right request after the attempt")
		}
		t.Expect(t.Redeem(main, r)).To(BeRefused(400, "invalid_grant"), "once more")
	}
}
