package check

import (
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// nativeApps is OAuth for applications on a user's device.
func nativeApps() Section {
	return Section{Letter: "Q", Title: "Native apps", Checks: []Check{
		Must("NA-01", "takes any port of a redirect to 127.0.0.1", "RFC 8252 §7.3", takesLoopbackPort).
			If(AuthorizationCode, PublicClients).Breaks(&fault.LoopbackPortCompared),
		Must("NA-02", "takes any port of a redirect to [::1]", "RFC 8252 §7.3", takesLoopbackPortOfIPv6).
			If(AuthorizationCode, PublicClients).Breaks(&fault.LoopbackPortCompared),
		Must("NA-03", "compares path and query of a loopback redirect", "RFC 8252 §7.3; RFC 9700 §2.1", comparesLoopbackPath).
			If(AuthorizationCode, PublicClients).Breaks(&fault.AnyLoopbackServed),
		Must("NA-04", "compares path and query of a redirect to localhost", "RFC 9700 §2.1; RFC 9700 §4.1.3", comparesLocalhostPath).
			If(AuthorizationCode, PublicClients).Breaks(&fault.AnyLoopbackServed),
		Must("NA-05", "takes no http where https was registered, not on the loopback address either", "RFC 8252 §7.3; RFC 9700 §2.1", comparesLoopbackScheme).
			If(AuthorizationCode).Breaks(&fault.AnyLoopbackServed),
		Must("NA-07", "serves no native client without PKCE", "RFC 8252 §8.1", requiresNativeChallenge).
			If(AuthorizationCode, PKCE, PublicClients, PublicPKCE).Breaks(&fault.PKCEOptional),
		Must("NA-08", "neither wants a secret of a native client nor trusts one", "RFC 8252 §8.4; RFC 8252 §8.5", trustsNoNativeSecret).
			If(AuthorizationCode, PKCE, PublicClients).Breaks(&fault.PublicClientRefused, &fault.SecretForVerifier),
	}}
}

// nativeRedirect is the native client's redirect URI on a host.
func (t *T) nativeRedirect(client Client, host string) (uri string) {
	for _, uri := range client.RedirectURIs {
		if strings.HasPrefix(uri, "http://"+host+"/") {
			return uri
		}
	}
	panic(stop{Untestable, "the target names no redirect URI of the client " + client.ID + " that begins with http://" + host + "/"})
}

// atPort is a redirect URI of a host without a port, at one.
func atPort(uri, host string) string {
	return strings.Replace(uri, "//"+host+"/", "//"+host+":5555/", 1)
}

func (t *T) expectPortTaken(host string) {
	native := t.Client(Native)
	uri := t.nativeRedirect(native, host)
	for _, redirect := range []string{uri, atPort(uri, host)} {
		r := t.authorized(native, url.Values{"redirect_uri": {redirect}})
		t.Expect(t.Redeem(native, r)).To(BeToken(), "redirect_uri %s", redirect)
	}
}

func takesLoopbackPort(t *T) { t.expectPortTaken("127.0.0.1") }

func takesLoopbackPortOfIPv6(t *T) { t.expectPortTaken("[::1]") }

func comparesLoopbackPath(t *T) {
	const host = "127.0.0.1"
	native := t.Client(Native)
	uri := t.nativeRedirect(native, host)
	for _, other := range []string{uri + "/", uri + "?x=1", uri + "-other", uri + "/../x"} {
		t.expectOnlyRegistered(native, uri, atPort(other, host))
	}
}

// comparesLocalhostPath leaves the port alone: RFC 8252 §7.3 frees that of the
// loopback addresses, RFC 9700 §2.1 that of localhost too.
func comparesLocalhostPath(t *T) {
	const host = "localhost"
	native := t.Client(Native)
	uri := t.nativeRedirect(native, host)
	for _, other := range []string{uri + "/", uri + "?x=1", uri + "-other"} {
		t.expectOnlyRegistered(native, uri, other)
		t.expectOnlyRegistered(native, uri, atPort(other, host))
	}
}

func comparesLoopbackScheme(t *T) {
	client := t.Client(TLSLoopback)
	uri := t.redirectOf(client)
	plain := strings.Replace(uri, "https:", "http:", 1)
	t.expectOnlyRegistered(client, uri, plain)
	t.expectOnlyRegistered(client, uri, atPort(plain, "127.0.0.1"))
}

func requiresNativeChallenge(t *T) {
	t.expectChallengeRefused(t.Client(Native), url.Values{"code_challenge": nil, "code_challenge_method": nil})
}

func trustsNoNativeSecret(t *T) {
	native := t.Client(Native)
	t.Expect(t.Redeem(native, t.authorized(native, nil))).To(BeToken(), "without a secret")
	r := t.authorized(native, nil)
	r.verifier = wrongVerifier
	t.Expect(t.Redeem(native, r, Param("client_secret", "a-secret-in-every-copy"))).
		To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}), "a secret in place of the verifier")
}
