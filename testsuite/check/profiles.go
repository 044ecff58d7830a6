package check

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// DynamicRegistration is a feature: the target registers clients (RFC 7591).
// Metadata: registration_endpoint.
const DynamicRegistration Feature = "registration"

// profiles is what a provider promises that keeps to RFC 9700 or OAuth 2.1. Much
// of it the other sections have too, where a provider promises nothing: there it
// may be a SHOULD, or apply only to what the provider claims.
func profiles() Section {
	return Section{Letter: "AB", Title: "Profiles", Checks: []Check{
		Must("BC-01", "serves no password grant, and lists none", "RFC 9700 §2.4", servesNoPasswordGrant).
			If(RFC9700).Breaks(&fault.PasswordGrantServed),
		Must("BC-02", "supports PKCE by S256, says so, and resists a downgrade", "RFC 9700 §2.1.1; RFC 9700 §4.8", resistsDowngrade).
			If(RFC9700, AuthorizationCode).
			Breaks(&fault.VerifierNotChecked, &fault.VerifierOptional, &fault.VerifierForgottenOnFailure, &fault.ChallengeMethodsNotAdvertised),
		Must("BC-03", "compares redirect URIs exactly, but for the port of a loopback address", "RFC 9700 §2.1; RFC 9700 §4.1.3", comparesRedirectsOfProfile).
			If(RFC9700, AuthorizationCode).
			Breaks(&fault.RedirectURINormalized, &fault.RedirectURIPrefixMatched, &fault.RedirectURINotChecked, &fault.LoopbackPortCompared),
		Should("BC-04", "lets a client see who answers it, against mix-up", "RFC 9700 §4.4.2; RFC 9207 §2", defendsAgainstMixUp).
			If(RFC9700, AuthorizationCode).Breaks(&fault.IssMissing, &fault.IssOfAnother, &fault.IssNotAdvertised),
		Must("BC-05", "is no open redirector, not for silent requests and errors either", "RFC 9700 §4.11.2", isNoOpenRedirector).
			If(RFC9700, AuthorizationCode).Breaks(&fault.ErrorsSentToUnprovenURI, &fault.RedirectURINotChecked),
		Must("BC-06", "replaces a public client's refresh token, or binds it to its sender", "RFC 9700 §2.2.2", protectsPublicRefreshTokens).
			If(RFC9700, Refresh, PublicClients).Breaks(&fault.RefreshTokenNotRotated),
		Must("BC-07", "has nothing that OAuth 2.1 left out", "OAuth 2.1 §4.1.1; OAuth 2.1 §10", leavesOutWhatOAuth21Does).
			If(OAuth21, AuthorizationCode).
			Breaks(&fault.PKCEOptional, &fault.PasswordGrantServed, at(&fault.QueryBearerCacheable, fault.UserInfo)),
		Must("BC-08", "refuses a client that authenticates in two ways", "OAuth 2.1 §2.4", refusesTwoWaysOfOAuth21).
			If(OAuth21, ClientCredentials).Breaks(&fault.SecondSecretIgnored, &fault.TwoMechanismsInvalidClient),
		Should("BC-09", "lets no client choose its client_id", "RFC 9700 §4.15.1", choosesClientIDs).
			If(RFC9700, DynamicRegistration).Because("mockoauth has no dynamic registration yet; proven by TestAssertionChecksBite"),
	}}
}

// expectOtherGrant expects that a client gets a token, and by no password.
func (t *T) expectOtherGrant(c Client) {
	if t.claims(ClientCredentials) && c.Secret != "" {
		t.Expect(t.ClientCredentials(As(c))).To(BeToken(), "by client credentials")
		return
	}
	t.Expect(t.Redeem(c, t.authorized(c, nil))).To(BeToken(), "by a code")
}

func servesNoPasswordGrant(t *T) {
	clients := []Client{t.Client(Main)}
	if public, ok := t.Clients[Public]; ok && t.claims(AuthorizationCode) {
		clients = append(clients, public)
	}
	for _, c := range clients {
		t.expectOtherGrant(c)
		t.Expect(t.Password(t.User(Main), As(c))).
			To(BeRefusedAs(Refusal{400, "unsupported_grant_type"}, Refusal{400, "unauthorized_client"}), "username and password")
	}
	t.Expect(t.claims(Password)).NotTo(BeTrue(), "grant_types_supported lists password")
}

func resistsDowngrade(t *T) {
	t.Expect(t.claims(PKCE)).To(BeTrue(), "code_challenge_methods_supported must list S256")
	redeemsWithVerifier(t)
	refusesWrongVerifier(t)
	refusesAbsentVerifier(t)
	if !t.claims(RequiredPKCE) { // else no code is without a challenge
		refusesVerifierWithoutChallenge(t)
	}
}

func comparesRedirectsOfProfile(t *T) {
	comparesRedirectExactly(t)
	if _, ok := t.Clients[Native]; ok {
		takesLoopbackPort(t)
	}
}

// defendsAgainstMixUp cannot see the other defence, that clients have a redirect
// URI of their own for each provider.
func defendsAgainstMixUp(t *T) {
	sendsIssuer(t)
	advertisesIssuerTruly(t)
}

func isNoOpenRedirector(t *T) {
	main := t.Client(Main)
	requests := []url.Values{{"scope": {unheardOf}}, {"response_type": {"foo"}}}
	if t.claims(OpenID) {
		requests = append(requests, openIDParams(url.Values{"prompt": {"none"}}))
	}
	for _, params := range requests {
		r := t.Authorize(main, params) // an error, or a code: RFC 6749 §3.3 lets a scope be ignored
		t.Expect(r.Mode != "").To(BeTrue(), "with %s the client is answered, where it is a registered one:\n%s", params.Encode(), r)
		for _, unproven := range []url.Values{
			{"redirect_uri": {"https://attacker.example/callback"}},
			{"redirect_uri": {"https://attacker.example/callback"}, "client_id": {unknownClient(main).ID}},
			{"client_id": {unknownClient(main).ID}},
			{"client_id": nil},
		} {
			all := maps.Clone(params)
			maps.Copy(all, unproven)
			t.Expect(t.Authorize(main, all)).To(BeStopped(), "with %s", all.Encode())
		}
	}
}

// protectsPublicRefreshTokens logs in by code where there is one: a profile has no password grant.
func protectsPublicRefreshTokens(t *T) {
	public := t.Client(Public)
	if !t.claims(AuthorizationCode) {
		t.expectRotation(public, t.signIn(public, "").refreshToken)
		return
	}
	answer := t.Redeem(public, t.authorized(public, nil))
	if answer.Text("refresh_token") == "" && t.claims(OfflineAccess) {
		params := url.Values{"scope": {"openid offline_access"}, "prompt": {"consent"}}
		answer = t.Redeem(public, t.authorized(public, params))
	}
	t.Expect(answer).To(BeToken())
	refreshToken := answer.Text("refresh_token")
	if refreshToken == "" {
		t.Skip("a code gives the public client no refresh token")
	}
	t.expectRotation(public, refreshToken)
}

func leavesOutWhatOAuth21Does(t *T) {
	requiresChallenge(t)
	if _, ok := t.Clients[Public]; ok && t.claims(PublicClients) {
		requiresPublicChallenge(t)
	}
	for _, responseType := range []string{"token", "code token"} {
		t.Expect(t.Authorize(t.Client(Main), url.Values{"response_type": {responseType}})).
			To(BeSentBack("unsupported_response_type", "unauthorized_client", "invalid_request"), "an access token in the front channel")
	}
	servesNoPasswordGrant(t)
	if t.claims(StrictBearer) {
		resource := strictResource(t)
		token := resource.token("")
		t.Expect(resource.visit(asBearer(token))).To(HaveStatus(200), "the token in the header")
		t.Expect(resource.visit(Query(url.Values{"access_token": {token}}))).To(HaveStatus(400, 401, 403), "the token in the query")
	}
}

func refusesTwoWaysOfOAuth21(t *T) {
	refusesTwoMechanisms(t)
	if _, ok := t.Clients[Signer]; ok && t.claims(JWTClientAuth) {
		refusesSecretBesideAssertion(t)
	}
}

// register asks for a new client, and leaves none behind (RFC 7591 §3.1, RFC 7592 §2.3).
func (t *T) register(metadata map[string]any) Answer {
	body, err := json.Marshal(metadata)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	answer := t.Ask("registration", Body("application/json", string(body)))
	if address := answer.Text("registration_client_uri"); strings.Contains(address, "://") {
		t.Ask(address, Method(http.MethodDelete), asBearer(answer.Text("registration_access_token")))
	}
	return answer
}

func choosesClientIDs(t *T) {
	metadata := map[string]any{"redirect_uris": []string{"https://registered.example/callback"}}
	answer := t.register(metadata)
	if answer.Status == 401 || answer.Status == 403 {
		t.Skip("the target registers nobody without an initial access token, and none is known")
	}
	t.Expect(answer).To(HaveStatus(201), "a registration that names no client_id")
	t.Expect(answer.Text("client_id") != "").To(BeTrue(), "the answer tells the client_id:\n%s", answer)
	for _, wish := range []string{"mockoauth-" + rand.Text(), t.Client(Main).ID} {
		metadata["client_id"] = wish
		answer = t.register(metadata)
		if answer.Status == 400 {
			continue // refused outright
		}
		t.Expect(answer).To(HaveStatus(201), "a registration that names the client_id %q", wish)
		t.Expect(answer.Text("client_id") != wish).To(BeTrue(), "the client got the client_id that it wished for, %q", wish)
	}
}
