package check

import (
	"net/url"
	"slices"
	"time"
)

func refusesSilentLogin(t *T) {
	t.skipLoggedIn()
	main, b := t.Client(Main), t.Browser(t.User(Main))
	silent := openIDParams(url.Values{"prompt": {"none"}})
	r := b.Authorize(main, silent)
	t.Expect(r).To(BeSentBack("login_required", "interaction_required"))
	t.Expect(r.asked()).To(Equal(0), "how many pages prompt=none shows")
	t.Expect(b.Authorize(main, openIDParams(nil))).To(BeGranted(), "without prompt=none")
}

func servesSilently(t *T) {
	main, b := t.Client(Main), t.Browser(t.User(Main))
	first := t.authenticate(b, main, nil)
	loud := t.needMemory(b, main)
	silent := b.Authorize(main, openIDParams(url.Values{"prompt": {"none"}}))
	t.Expect(silent.asked()).To(Equal(0), "how many pages prompt=none shows")
	if silent.Code() == "" && loud.asked() > 0 {
		t.Expect(silent).To(BeSentBack("consent_required", "interaction_required"), "prompt=none of a user who is asked each time")
		t.Skip(asksEachTime)
	}
	second := t.authenticated(main, silent)
	t.Expect(second.id.Claims["sub"]).To(Equal(first.id.Claims["sub"]), "sub of the silent login")
}

// needMemory skips a check of logins that last where none does: a provider may ask
// for the password at every request. It answers the request of who is logged in.
func (t *T) needMemory(b *Browser, c Client) Redirect {
	r := b.Authorize(c, openIDParams(nil))
	if r.Code() != "" && slices.ContainsFunc(r.Pages, asksPassword) {
		t.Skip("the target keeps no login: it asks for the password at every request")
	}
	return r
}

// asksEachTime is why a check of silent answers does not apply: a provider need
// not remember a consent.
const asksEachTime = "the target asks a user who is logged in at every request, for consent say"

// expectLoginAgain expects that a request asks for a login of the user who is
// logged in already, and that the ID token tells of the new one.
func expectLoginAgain(t *T, params url.Values, age time.Duration) {
	t.skipLoggedIn()
	main, b := t.Client(Main), t.Browser(t.User(Main))
	first := t.authenticate(b, main, url.Values{"max_age": {"10000"}})
	t.Wait(age)
	again := t.authenticate(b, main, params)
	t.Expect(again.redirect.asked() > 0).To(BeTrue(), "%s must have the user log in again", params.Encode())
	before, after := first.id.Claims["auth_time"], again.id.Claims["auth_time"]
	if after == nil {
		return // whether it must be told is another check's matter
	}
	t.Expect(seconds(after) > seconds(before)).To(BeTrue(), "auth_time must be when the user logged in again: %v, and %v before", after, before)
	t.Expect(again.id.Claims["sub"]).To(Equal(first.id.Claims["sub"]), "sub of the second login")
}

func asksLoginAgain(t *T) {
	expectLoginAgain(t, url.Values{"prompt": {"login"}}, 2*time.Second)
}

func renewsOldLogin(t *T) { expectLoginAgain(t, url.Values{"max_age": {"1"}}, 3*time.Second) }

func takesZeroAgeForLogin(t *T) { expectLoginAgain(t, url.Values{"max_age": {"0"}}, 2*time.Second) }

func asksAsPrompted(t *T) {
	t.skipLoggedIn()
	main, b := t.Client(Main), t.Browser(t.User(Main))
	t.authenticate(b, main, nil)
	second := t.needMemory(b, main)
	t.Expect(second).To(BeGranted())
	if second.asked() > 0 {
		t.Skip(asksEachTime)
	}
	for _, c := range []struct{ prompt, refusal string }{
		{"consent", "consent_required"}, {"select_account", "account_selection_required"},
	} {
		r := b.Authorize(main, openIDParams(url.Values{"prompt": {c.prompt}}))
		if r.Code() == "" {
			t.Expect(r).To(BeSentBack(c.refusal, "interaction_required", "invalid_request"), "prompt=%s", c.prompt) // §3.1.2.1 says which is typical, no more
			continue
		}
		t.Expect(r).To(BeGranted())
		t.Expect(r.asked() > 0).To(BeTrue(), "prompt=%s must ask the user, or be refused", c.prompt)
	}
}

func keepsYoungLogin(t *T) {
	t.skipLoggedIn()
	main, b := t.Client(Main), t.Browser(t.User(Main))
	login := func() authentication {
		again := t.authenticate(b, main, url.Values{"max_age": {"10000"}})
		at := seconds(again.id.Claims["auth_time"])
		t.Expect(at > 0 && at <= seconds(again.id.Claims["iat"])).To(BeTrue(),
			"a request with max_age must be told auth_time, a time before iat: %v", again.id.Claims)
		return again
	}
	first := login()
	loud := t.needMemory(b, main)
	t.Wait(2 * time.Second)
	second := login()
	t.Expect(slices.ContainsFunc(second.redirect.Pages, asksPassword)).NotTo(BeTrue(), "max_age=10000 asks for the password after a login just now")
	t.Expect(second.redirect.asked() <= loud.asked()).To(BeTrue(),
		"max_age=10000 shows %d pages after a login just now, and a request without it %d", second.redirect.asked(), loud.asked())
	t.Expect(second.id.Claims["auth_time"]).To(Equal(first.id.Claims["auth_time"]), "auth_time, while there is no new login")
}

func refusesOddAge(t *T) {
	main := t.Client(Main)
	for _, age := range []string{"-1", "abc", "1.5"} {
		t.Expect(t.Authorize(main, openIDParams(url.Values{"max_age": {age}}))).To(BeSentBack("invalid_request"), "max_age=%s", age)
	}
	t.Expect(t.Authorize(main, openIDParams(url.Values{"max_age": {"60"}}))).To(BeGranted(), "max_age=60")
}

func toleratesPreferences(t *T) {
	for _, params := range []url.Values{
		{"display": {"page"}}, {"display": {"popup"}}, {"display": {"touch"}}, {"display": {"wap"}}, {"display": {"hologram"}},
		{"ui_locales": {"de fr-CA en"}}, {"ui_locales": {"tlh"}}, {"claims_locales": {"de fr-CA en"}}, {"claims_locales": {"tlh"}},
	} {
		r := t.Authorize(t.Client(Main), openIDParams(params))
		t.Expect(r).To(BeGranted(), "%s", params.Encode())
	}
}

func toleratesLoginHint(t *T) {
	user := t.User(Main)
	for _, hint := range []string{user.Username, "nobody@mockoauth-conformance.example"} {
		r := t.Authorize(t.Client(Main), openIDParams(url.Values{"login_hint": {hint}}))
		t.Expect(r).To(BeGranted(), "login_hint=%s", hint)
	}
}

// tellsTrueAuthenticationClass: a password is no hardware, and resists no
// phishing (OpenID Connect Extended Authentication Profile ACR Values §2).
func tellsTrueAuthenticationClass(t *T) {
	id := t.authenticateMain(url.Values{"acr_values": {"phrh phr"}}).id
	acr, told := id.Claims["acr"]
	if !told {
		return
	}
	text, isText := acr.(string)
	t.Expect(isText && text != "").To(BeTrue(), "acr must be a string: %#v", acr)
	t.Expect(text == "phr" || text == "phrh").NotTo(BeTrue(), "a login by password is called resistant to phishing: %q", text)
}

func heedsIDTokenHint(t *T) {
	main := t.Client(Main)
	own := t.Browser(t.User(Main))
	hint := t.authenticate(own, main, nil).tokens.Text("id_token")
	other := t.Browser(t.User(OddUser))
	t.authenticate(other, main, nil)
	if t.needMemory(own, main).asked() > 0 {
		t.Skip(asksEachTime)
	}

	silent := openIDParams(url.Values{"prompt": {"none"}, "id_token_hint": {hint}})
	t.Expect(other.Authorize(main, silent)).To(BeSentBack("login_required", "interaction_required", "account_selection_required"),
		"the ID token of a user, where another is logged in")
	t.Expect(own.Authorize(main, silent)).To(BeGranted(), "the ID token of the user who is logged in")
}

func demandsRedirectURI(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, openIDParams(nil))).To(BeGranted())
	for range 2 { // the second time at a provider that has seen the first
		t.Expect(t.Authorize(main, openIDParams(url.Values{"redirect_uri": nil}))).To(BeStopped())
	}
}

// supports tells whether the metadata says that a parameter is understood.
// request_uri is by default (OpenID Connect Discovery §3).
func (t *T) supports(parameter string) bool {
	flag, told := t.advertised(parameter + "_parameter_supported").(bool)
	return flag || !told && parameter == "request_uri"
}

func refusesUnsupportedParameters(t *T) {
	main := t.Client(Main)
	t.Expect(t.Authorize(main, openIDParams(nil))).To(BeGranted())
	for _, p := range []struct{ name, value string }{
		{"request", "eyJhbGciOiJub25lIn0.eyJyZXNwb25zZV90eXBlIjoiY29kZSJ9."},
		{"request_uri", "https://client.example/request.jwt"},
		{"registration", `{"client_name":"none"}`}, // for self-issued providers (§7)
	} {
		if p.name == "registration" || !t.supports(p.name) {
			r := t.Authorize(main, openIDParams(url.Values{p.name: {p.value}}))
			if p.name == "registration" { // §6.1 and §6.2 demand it of the others; of this, §3.1.2.6 only has the code
				t.broken = Warned
			}
			t.Expect(r).To(BeSentBack(p.name+"_not_supported"), p.name)
		}
	}
}

func bringsErrorsInQuery(t *T) {
	t.skipLoggedIn()
	main := t.Client(Main)
	granted := t.Authorize(main, openIDParams(nil))
	t.Expect(granted).To(BeGranted())
	t.Expect(granted.Mode).To(Equal(ModeQuery), "how a code travels")
	seen := 0
	for _, params := range []url.Values{{"prompt": {"none"}}, {"prompt": {"none login"}}} {
		refused := t.Authorize(main, openIDParams(params))
		if refused.Code() != "" {
			continue // is prompt ignored? That is another check's matter
		}
		t.Expect(refused).To(BeSentBack("login_required", "interaction_required", "invalid_request"), "%s", params.Encode())
		t.Expect(refused.Mode).To(Equal(ModeQuery), "how an error of the code flow travels")
		seen++
	}
	if seen == 0 {
		t.Skip("the target makes no error of prompt=none where nobody is logged in")
	}
}

func redeemsNothingOverPlainHTTP(t *T) {
	t.authenticateMain(nil)
	t.expectNothingOverPlainHTTP(url.Values{
		"grant_type": {"authorization_code"}, "code": {unknownToken}, "redirect_uri": {"https://client.example/"},
	})
}

// ignoresOfflineAccessUnasked: a provider may have other reasons to give a refresh
// token, such as what the client is registered for. Then it gives one without
// offline_access too.
func ignoresOfflineAccessUnasked(t *T) {
	main := t.Client(Main)
	without := t.authenticateMain(nil)
	if without.tokens.Text("refresh_token") != "" {
		with := t.authenticateMain(url.Values{"scope": {"openid offline_access"}})
		t.Expect(with.tokens.Text("refresh_token") != "").To(BeTrue(), "what comes without offline_access comes with it:\n%s", with.tokens)
		return
	}
	b := t.Browser(t.User(Main))
	t.authenticate(b, main, nil)
	with := t.authenticate(b, main, url.Values{"scope": {"openid offline_access"}})
	t.Expect(with.redirect.asked() == 0 && with.tokens.Text("refresh_token") != "").NotTo(BeTrue(),
		"offline_access gives a refresh token that is given to nobody else, and the user was not asked:\n%s", with.tokens)
}
