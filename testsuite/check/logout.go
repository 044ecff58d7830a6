package check

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// logout is OpenID Connect RP-Initiated Logout.
func logout() Section {
	return Section{Letter: "AF", Title: "Logout", Checks: []Check{
		Must("LO-01", "logs out by GET and by POST", "OpenID Connect RP-Initiated Logout §2", logsOutByBothMethods).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutByGetOnly, &fault.LogoutWithoutEffect),
		Must("LO-02", "sends the browser back to a registered URI with state, logged out", "OpenID Connect RP-Initiated Logout §2; OpenID Connect RP-Initiated Logout §3", returnsAfterLogout).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutStateDropped, &fault.LogoutWithoutEffect, &fault.LogoutStays),
		Must("LO-03", "sends the browser to no URI that is not registered", "OpenID Connect RP-Initiated Logout §3", staysForUnregisteredURI).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutRedirectsAnywhere, &fault.LogoutQueryOverlooked),
		Must("LO-04", "sends the browser to no URI of which nobody says whose it is", "OpenID Connect RP-Initiated Logout §2", staysForUnclaimedURI).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutRedirectsAnywhere),
		Must("LO-07", "logs out at a page of its own where it is told nothing", "OpenID Connect RP-Initiated Logout §2", logsOutWithoutParameters).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutDemandsHint),
		Must("LO-08", "refuses a logout whose client_id is not that of its id_token_hint", "OpenID Connect RP-Initiated Logout §2", refusesForeignHint).
			If(AuthorizationCode, OpenID, EndSession).Breaks(&fault.LogoutClientIgnored),
		Must("LO-09", "names its end_session_endpoint", "OpenID Connect RP-Initiated Logout §2.1", namesEndSession).
			If(EndSession, OpenIDDiscovery).Breaks(&fault.LogoutUnlisted),
		Should("LO-14", "ends at a logout the refresh tokens that came without offline_access, and no other", "OpenID Connect Back-Channel Logout §2.7", endsRefreshTokensAtLogout).
			If(AuthorizationCode, OpenID, EndSession, Refresh).Breaks(&fault.LogoutWithoutEffect),
	}}
}

// logout sends a browser to the end_session_endpoint.
func (b *Browser) logout(params url.Values) Redirect {
	return b.Open(withQuery(b.t.URL("end_session"), params.Encode()))
}

// loggedIn is a browser at which the main user has logged in for a client, and the ID token.
func (t *T) loggedIn(c Client) (b *Browser, idToken string) {
	b = t.Browser(t.User(Main))
	idToken = t.authenticate(b, c, nil).tokens.Text("id_token")
	t.needMemory(b, c)
	t.Expect(t.isLoggedIn(b, c)).To(BeTrue(), "the user is logged in, and is not asked again")
	return b, idToken
}

// postLogoutURI is where the client wants its users after a logout.
func postLogoutURI(c Client) string {
	if len(c.PostLogoutRedirectURIs) == 0 {
		panic(stop{Untestable, "the target names no post-logout redirect URI of the client " + c.ID})
	}
	return c.PostLogoutRedirectURIs[0]
}

// expectLogoutPage expects that a browser ends at a page of the target.
func expectLogoutPage(t *T, r Redirect, explain string) {
	t.Expect(r.Mode == "" && r.Header.Get("Location") == "").To(BeTrue(), "%s must send the browser nowhere: %s", explain, r)
	t.Expect(r.Answer).To(HaveStatus(200), explain)
	t.Expect(r.MediaType()).To(Equal("text/html"), "the content type of the page")
}

func logsOutByBothMethods(t *T) {
	t.skipLoggedIn()
	main := t.Client(Main)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		b, idToken := t.loggedIn(main)
		params := url.Values{"id_token_hint": {idToken}}
		var r Redirect
		if method == http.MethodPost {
			r = b.Post(t.URL("end_session"), params)
		} else {
			r = b.logout(params)
		}
		expectLogoutPage(t, r, "a logout by "+method)
		t.Expect(t.isLoggedIn(b, main)).NotTo(BeTrue(), "the user is still logged in after a logout by %s", method)
	}
}

// returnTo are the parameters of a logout that wants the browser back.
func returnTo(uri, idToken string) url.Values {
	return url.Values{"post_logout_redirect_uri": {uri}, "id_token_hint": {idToken}, "state": {"a state, & opaque"}}
}

// expectReturned expects that a browser is sent to a URI after a logout, with the state.
func expectReturned(t *T, r Redirect, uri string) {
	to, _, _ := strings.Cut(r.To, "?")
	want, _, _ := strings.Cut(uri, "?")
	t.Expect(r.Mode).To(Equal(ModeQuery), "the browser must be sent to %s: %s", uri, r)
	t.Expect(to).To(Equal(want), "where the browser is sent")
	t.Expect(r.Answer).To(HaveStatus(302, 303))
	t.Expect(r.Params["state"]).To(Equal([]string{"a state, & opaque"}), "the state of the request")
}

func returnsAfterLogout(t *T) {
	t.skipLoggedIn()
	main := t.Client(Main)
	uri := postLogoutURI(main)
	b, idToken := t.loggedIn(main)
	expectReturned(t, b.logout(returnTo(uri, idToken)), uri)
	t.Expect(t.isLoggedIn(b, main)).NotTo(BeTrue(), "the user is still logged in after the logout")
}

func staysForUnregisteredURI(t *T) {
	main := t.Client(Main)
	uri := postLogoutURI(main)
	for range 2 { // the second time at a provider that has seen a good one
		for _, unregistered := range []string{"https://evil.example/", uri + "?x=1", uri + "/", uri + "/../evil", main.RedirectURIs[0]} {
			b, idToken := t.loggedIn(main)
			r := b.logout(returnTo(unregistered, idToken))
			t.Expect(r.Mode == "" && r.Header.Get("Location") == "").To(BeTrue(), "%s is not registered: %s", unregistered, r)
			t.Expect(r.Answer).To(HaveStatus(200, 400), "%s is not registered", unregistered)
		}
		b, idToken := t.loggedIn(main)
		expectReturned(t, b.logout(returnTo(uri, idToken)), uri)
	}
}

// staysForUnclaimedURI: a provider may ask the user whether to go there.
func staysForUnclaimedURI(t *T) {
	main := t.Client(Main)
	uri := postLogoutURI(main)
	for _, loggedIn := range []bool{true, false} {
		b := t.Browser(t.User(Main))
		if loggedIn {
			b, _ = t.loggedIn(main)
		}
		r := b.logout(url.Values{"post_logout_redirect_uri": {uri}, "state": {"xyz"}})
		t.Expect(r.Mode != "" && r.asked() == 0).NotTo(BeTrue(), "nobody says whose URI that is, and nobody was asked: %s", r)
		if r.Mode == "" {
			t.Expect(r.Answer).To(HaveStatus(200, 400), "a URI that is nobody's")
		}
	}
	b, idToken := t.loggedIn(main)
	expectReturned(t, b.logout(returnTo(uri, idToken)), uri)
}

func logsOutWithoutParameters(t *T) {
	t.skipLoggedIn()
	main := t.Client(Main)
	for _, params := range []url.Values{nil, {"state": {"xyz"}}} {
		b, _ := t.loggedIn(main)
		expectLogoutPage(t, b.logout(params), "a logout without more parameters than "+params.Encode())
		t.Expect(t.isLoggedIn(b, main)).NotTo(BeTrue(), "the user is still logged in after they agreed to the logout")
		expectLogoutPage(t, t.Browser(t.User(Main)).logout(params), "a logout of nobody")
	}
}

func refusesForeignHint(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	uri := postLogoutURI(main)
	b, idToken := t.loggedIn(main)
	foreign := returnTo(uri, idToken)
	foreign.Set("client_id", other.ID)
	t.Expect(b.logout(foreign)).To(BeStopped())

	own := returnTo(uri, idToken)
	own.Set("client_id", main.ID)
	expectReturned(t, b.logout(own), uri)
}

func namesEndSession(t *T) {
	_, document := configuration(t)
	expectSecureURL(t, document, "end_session_endpoint")
}

func endsRefreshTokensAtLogout(t *T) {
	main := t.Client(Main)
	session := func(scope string) (end func(), refreshToken string) {
		b := t.Browser(t.User(Main))
		login := t.authenticate(b, main, url.Values{"scope": {scope}, "prompt": {"consent"}})
		end = func() { b.logout(url.Values{"id_token_hint": {login.tokens.Text("id_token")}}) }
		return end, login.tokens.Text("refresh_token")
	}
	_, other := session("openid")
	end, refreshToken := session("openid")
	if refreshToken == "" {
		t.Skip("the target gives no refresh token without offline_access")
	}
	end()
	t.Expect(t.Refresh(refreshToken, As(main))).To(BeRefused(400, "invalid_grant"), "the refresh token of a session that is over")
	t.Expect(t.Refresh(other, As(main))).To(BeToken(), "the refresh token of another session")
	if t.claims(OfflineAccess) {
		end, offline := session("openid offline_access")
		end()
		t.Expect(t.Refresh(offline, As(main))).To(BeToken(), "a refresh token by offline_access, which is to outlive the session")
	}
}
