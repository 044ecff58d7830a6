package check

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func authorizationRedirects() []Check {
	return []Check{
		Must("AZ-10", "shows a page, and redirects nowhere, for a redirect_uri that is not registered", "RFC 6749 §3.1.2.4", stopsUnregisteredRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURINotChecked, &fault.ErrorsSentToUnprovenURI),
		Must("AZ-11", "takes the only registered redirect URI where none is sent", "RFC 6749 §3.1.2.3", takesOnlyRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURIRequired),
		Must("AZ-12", "shows a page where no redirect_uri is sent and several are registered", "RFC 6749 §3.1.2.3; RFC 6749 §3.1.2.4", stopsUnclearRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURIAssumed),
		Must("AZ-13", "shows a page for a redirect_uri with a fragment", "RFC 6749 §3.1.2", stopsRedirectWithFragment).
			If(AuthorizationCode).Breaks(&fault.RedirectURINormalized, &fault.ErrorsSentToUnprovenURI),
		Must("AZ-14", "compares redirect URIs character by character", "RFC 9700 §2.1; RFC 6749 §3.1.2.3", comparesRedirectExactly).
			If(AuthorizationCode).Breaks(&fault.RedirectURINormalized, &fault.RedirectURIPrefixMatched, &fault.RedirectURINotChecked),
		Must("AZ-15", "is misled by no redirect_uri that looks like the registered one", "RFC 9700 §4.1; RFC 6749 §10.15", stopsMisleadingRedirect).
			If(AuthorizationCode).Breaks(&fault.RedirectURIPrefixMatched, &fault.RedirectURINotChecked, &fault.ErrorsSentToUnprovenURI),
		Must("AZ-16", "keeps the query of a registered redirect URI, and adds to it", "RFC 6749 §3.1.2", keepsRedirectQuery).
			If(AuthorizationCode).Breaks(&fault.RedirectQueryDropped, &fault.RedirectQueryDoubled, &fault.CodeLong, &fault.ResponseWithExtras),
	}
}

// expectOnlyRegistered expects that a registered redirect URI is served and another one is not.
func (t *T) expectOnlyRegistered(client Client, registered, other string) {
	t.Expect(t.Authorize(client, url.Values{"redirect_uri": {registered}})).To(BeGranted(), "redirect_uri %s", registered)
	t.Expect(t.Authorize(client, url.Values{"redirect_uri": {other}})).To(BeStopped(), "redirect_uri %q is not registered", other)
}

// redirectOf is the client's first redirect URI. A target that names none is untestable.
func (t *T) redirectOf(client Client) string {
	return t.authorizationParams(client, nil).Get("redirect_uri")
}

func stopsUnregisteredRedirect(t *T) {
	main := t.Client(Main)
	t.expectOnlyRegistered(main, t.redirectOf(main), "https://attacker.example/callback")
}

func takesOnlyRedirect(t *T) {
	main := t.Client(Main)
	if len(main.RedirectURIs) > 1 {
		t.Skip("the client %s has several redirect URIs", main.ID)
	}
	t.Expect(t.Authorize(main, nil)).To(BeGranted())
	// OpenID Connect Core §3.1.2.1 requires a redirect_uri, so openid is not asked for.
	r := t.Authorize(main, url.Values{"redirect_uri": nil, "scope": {plainScope(t, main)}})
	t.Expect(r).To(BeGranted(), "without redirect_uri")
	t.Expect(strings.HasPrefix(r.To, t.redirectOf(main))).To(BeTrue(), "it goes to the registered one:\n%s", r)
}

func stopsUnclearRedirect(t *T) {
	client := t.Client(TwoRedirects)
	t.Expect(t.Authorize(client, nil)).To(BeGranted())
	t.Expect(t.Authorize(client, url.Values{"redirect_uri": nil})).To(BeStopped(), "without redirect_uri")
}

func stopsRedirectWithFragment(t *T) {
	main := t.Client(Main)
	uri := t.redirectOf(main)
	t.expectOnlyRegistered(main, uri, uri+"#fragment")
	t.expectOnlyRegistered(main, uri, uri+"#")
}

func comparesRedirectExactly(t *T) {
	main := t.Client(Main)
	uri := t.redirectOf(main)
	for _, other := range nearly(uri) {
		t.expectOnlyRegistered(main, uri, other)
	}
}

// nearly are URIs that some would take for the same.
func nearly(uri string) []string {
	u, err := url.Parse(uri)
	if err != nil {
		panic(stop{Broken, "a redirect URI of the target is none: " + err.Error()})
	}
	origin := u.Scheme + "://" + u.Host
	others := []string{uri + "/", uri + "?added=1", strings.ToUpper(u.Scheme) + strings.TrimPrefix(uri, u.Scheme)}
	for _, host := range []string{strings.ToUpper(u.Host), u.Host + map[string]string{"http": ":80", "https": ":443"}[u.Scheme], u.Host + "."} {
		if host != u.Host && u.Port() == "" {
			others = append(others, strings.Replace(uri, origin, u.Scheme+"://"+host, 1))
		}
	}
	if u.Port() == "" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" { // whose port is free (RFC 8252 §7.3)
		others = append(others, strings.Replace(uri, origin, origin+":8443", 1))
	}
	if len(u.Path) > 1 {
		others = append(others,
			strings.Replace(uri, u.Path, strings.ToUpper(u.Path), 1),
			strings.Replace(uri, u.Path, fmt.Sprintf("/%%%02x%s", u.Path[1], u.Path[2:]), 1),
			strings.Replace(uri, u.Path, "/."+u.Path, 1))
	}
	return others
}

func stopsMisleadingRedirect(t *T) {
	main := t.Client(Main)
	uri := t.redirectOf(main)
	u, err := url.Parse(uri)
	if err != nil {
		panic(stop{Broken, "a redirect URI of the target is none: " + err.Error()})
	}
	for _, other := range []string{
		u.Scheme + "://" + u.Host + "@attacker.example" + u.Path, u.Scheme + "://attacker.example@" + u.Host + u.Path,
		u.Scheme + "://" + u.Host + ".attacker.example" + u.Path, u.Scheme + "://" + u.Host + `\@attacker.example` + u.Path,
		u.Scheme + `:\\attacker.example` + u.Path, uri + "/../x", uri + "%2f..%2fx", uri + `\..\x`,
		uri + "@attacker.example", uri + "\r\nLocation: https://attacker.example/", uri + " ", " " + uri,
		"//attacker.example" + u.Path, u.Path, "javascript:alert(1)//" + uri, "data:text/html,x",
	} {
		t.expectOnlyRegistered(main, uri, other)
	}
}

func keepsRedirectQuery(t *T) {
	client := t.Client(QueryRedirect)
	r := t.Authorize(client, nil)
	t.Expect(r).To(BeGranted(), "a redirect URI with a query of its own")
	t.Expect(r.Params.Get("x")).To(Equal("1"), "x of the redirect URI's own query:\n%s", r)
	t.Expect(t.Redeem(client, r)).To(BeToken())
	t.broken = Warned // nothing says where in the query it must stand
	t.Expect(strings.HasPrefix(r.To, t.redirectOf(client)+"&")).To(BeTrue(), "the URI is kept as it is registered, and the parameters follow:\n%s", r)
}
