package check

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// clientAuthentication is how a client proves who it is at the token endpoint.
func clientAuthentication() Section {
	return Section{Letter: "B", Title: "Client authentication", Checks: []Check{
		Must("CA-01", "takes HTTP Basic with the right secret", "RFC 6749 §2.3.1", takesBasic).
			If(ClientCredentials).Breaks(&fault.BasicIgnored, &fault.ClientForgotten),
		Must("CA-02", "refuses a wrong secret, with a challenge where it was sent by Basic", "RFC 6749 §5.2", refusesWrongSecret).
			If(ClientCredentials).Breaks(&fault.ChallengeMissing, &fault.AnySecretServed, &fault.InvalidClientWith400),
		Must("CA-03", "refuses an unknown client, with a challenge where it used Basic", "RFC 6749 §5.2", refusesUnknownClient).
			If(ClientCredentials).Breaks(&fault.ChallengeMissing, &fault.AnyClientServed, &fault.UnknownClientUnauthorized),
		Must("CA-04", "refuses a request without client authentication with invalid_client", "RFC 6749 §5.2", refusesNoClient).
			If(ClientCredentials).Breaks(&fault.NoCredentialsInvalidRequest, &fault.AnyClientServed),
		Must("CA-05", "refuses a confidential client that sends its client_id alone", "RFC 6749 §3.2.1", refusesIDAlone).
			If(ClientCredentials).Breaks(&fault.SecretOptional),
		Must("CA-06", "refuses Basic that is no Base64", "RFC 7617 §2; RFC 6749 §5.2", refusesBasicWithoutBase64).
			If(ClientCredentials).Breaks(&fault.ChallengeMissing, &fault.BrokenBasicCrashes),
		Must("CA-07", "refuses Basic without a colon", "RFC 7617 §2; RFC 6749 §5.2", refusesBasicWithoutColon).
			If(ClientCredentials).Breaks(&fault.ChallengeMissing, &fault.BrokenBasicCrashes),
		Must("CA-08", "form-decodes id and secret in Basic", "RFC 6749 §2.3.1; RFC 6749 App. B", decodesBasic).
			If(ClientCredentials).Breaks(&fault.BasicNotDecoded),
		Should("CA-09", "refuses id and secret that were not form-encoded in Basic", "RFC 6749 §2.3.1", refusesRawBasic).
			If(ClientCredentials).Breaks(&fault.RawBasicServed),
		Must("CA-10", "knows the scheme Basic in any case", "RFC 9110 §11.1", ignoresSchemeCase).
			If(ClientCredentials).Breaks(&fault.SchemeCaseSensitive),
		Must("CA-11", "takes a secret in the body if and only if it says so", "RFC 6749 §2.3.1; RFC 8414 §2", takesBodySecretAsAdvertised).
			If(ClientCredentials).Breaks(&fault.PostSecretIgnored),
		Must("CA-12", "refuses Basic together with a secret in the body", "RFC 6749 §2.3; RFC 6749 §5.2", refusesTwoMechanisms).
			If(ClientCredentials).Breaks(&fault.SecondSecretIgnored, &fault.TwoMechanismsInvalidClient),
		Should("CA-13", "refuses Basic of one client with the client_id of another", "RFC 6749 §2.3", refusesForeignClientID).
			If(ClientCredentials).Breaks(&fault.ForeignClientIDIgnored),
		Must("CA-14", "refuses credentials in the query of the URI", "RFC 6749 §2.3.1", refusesQueryCredentials).
			If(ClientCredentials).Breaks(&fault.QueryCredentialsServed, &fault.QueryServed),
		Must("CA-15", "refuses another authentication scheme with a challenge", "RFC 6749 §5.2", refusesOtherScheme).
			If(ClientCredentials).Breaks(&fault.NoCredentialsInvalidRequest, &fault.ChallengeMissing),
		Must("CA-16", "refuses broken percent-encoding within Basic", "RFC 6749 §2.3.1", refusesBrokenBasic).
			If(ClientCredentials).Breaks(&fault.BrokenBasicCrashes, &fault.AnySecretServed),
		Should("CA-17", "holds a client to the method that it is registered for", "OpenID Connect Core §9; RFC 7591 §2", enforcesAuthMethod).
			If(ClientCredentials, PostAuth).Breaks(&fault.UnregisteredBasicServed, &fault.UnregisteredPostServed),
		Must("CA-18", "serves a public client by its client_id", "RFC 6749 §2.1; RFC 6749 §3.2.1", servesPublicClient).
			If(Password, PublicClients).Breaks(&fault.PublicClientRefused),
		Should("CA-19", "refuses a public client that sends a secret", "RFC 7591 §2", refusesPublicSecret).
			If(Password, PublicClients).Breaks(&fault.PublicSecretIgnored),
		Must("CA-20", "refuses a confidential client whose secret is empty", "RFC 6749 §3.2.1", refusesEmptySecret).
			If(ClientCredentials).Breaks(&fault.EmptySecretServed, &fault.AnySecretServed),
		Must("CA-21", "slows down whoever guesses a client's secret", "RFC 6749 §2.3.1; RFC 6749 §10.10", throttlesSecretGuessing).
			If(ClientCredentials, BruteForceLimit).Breaks(&fault.GuessingUnlimited).Destructively(),
		Should("CA-22", "does not tell an unknown client from a wrong secret", "RFC 6749 §5.2", hidesWhichClientsExist).
			If(ClientCredentials).Breaks(&fault.UnknownClientTold, &fault.UnknownClientUnauthorized),
		Must("CA-23", "refuses a secret that has expired", "RFC 7591 §3.2.1", refusesExpiredSecret).
			If(ClientCredentials).Breaks(&fault.RightSecretSuffices),
		May("CA-24", "takes the previous secret for as long as it says, and no longer", "RFC 6749 §2.3.1", endsPreviousSecret).
			If(ClientCredentials).Breaks(&fault.PreviousSecretForever, &fault.PreviousSecretRefused).Slowly(),
		Should("CA-25", "refuses a disabled client", "RFC 6749 §5.2", refusesDisabledClient).
			If(ClientCredentials).Breaks(&fault.RightSecretSuffices),
	}}
}

// haveBasicChallenge matches an answer that challenges the client to use Basic,
// with the realm that RFC 7617 §2 requires.
func haveBasicChallenge() types.GomegaMatcher {
	return onAnswer("WWW-Authenticate: Basic with a realm", func(a Answer) string {
		challenge, _ := challengeFor(a, "Basic")
		if _, has := challenge.Params["realm"]; has {
			return ""
		}
		return fmt.Sprintf("the challenges are %q", a.Challenges())
	})
}

// beUnauthenticated matches the refusal of a client that authenticates by [As].
// RFC 6749 §5.2 demands 401 of who used the Authorization header only.
func beUnauthenticated(c Client) types.GomegaMatcher {
	if c.usesBasic() {
		return BeRefused(401, "invalid_client")
	}
	return BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"})
}

// expectUnauthenticated expects what RFC 6749 §5.2 demands when a client is
// refused, with a challenge where it used the Authorization header.
func expectUnauthenticated(t *T, c Client, answer Answer, words string) {
	t.Expect(answer).To(beUnauthenticated(c), words)
	if c.usesBasic() {
		t.Expect(answer).To(haveBasicChallenge(), words)
	}
}

// wrongSecret is the client with a secret that is not its own.
func wrongSecret(c Client) Client {
	c.Secret += "-wrong"
	return c
}

func takesBasic(t *T) {
	t.Expect(t.ClientCredentials(InHeader(t.clientBy(AuthBasic)))).To(BeToken())
}

func refusesWrongSecret(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	expectUnauthenticated(t, main, t.ClientCredentials(As(wrongSecret(main))), "the secret is wrong")
}

func refusesUnknownClient(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	expectUnauthenticated(t, main, t.ClientCredentials(As(unknownClient(main))), "there is no such client")
}

// unknownClient has the client's secret and the id of nobody.
func unknownClient(c Client) Client {
	c.ID += "-nobody"
	return c
}

func refusesBasicWithoutBase64(t *T) {
	t.expectMalformedBasic(t.clientBy(AuthBasic), "!no*base64!", "Basic is followed by no Base64")
}

func refusesBasicWithoutColon(t *T) {
	basic := t.clientBy(AuthBasic)
	t.expectMalformedBasic(basic, base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(basic.ID))), "Basic has no colon")
}

// expectMalformedBasic expects what RFC 6749 §5.2 has for a failed authentication
// by the header, or for a request that is malformed: such a header is both.
func (t *T) expectMalformedBasic(basic Client, credentials, explain string) {
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	answer := t.ClientCredentials(Header("Authorization", "Basic "+credentials))
	if answer.Status == http.StatusBadRequest {
		t.Expect(answer).To(BeRefused(400, "invalid_request"), explain)
		return
	}
	t.expectChallenged(answer, explain)
}

// expectChallenged expects that who sent an Authorization header which is none of
// a client's is challenged to use Basic.
func (t *T) expectChallenged(answer Answer, words string, args ...any) {
	explain := append([]any{words}, args...)
	t.Expect(answer).To(BeRefused(401, "invalid_client"), explain...)
	t.Expect(answer).To(haveBasicChallenge(), explain...)
}

// oddlyNamed is the client whose id and secret the form encoding changes.
func (t *T) oddlyNamed() Client {
	odd := t.Client(OddlyNamed)
	if !odd.usesBasic() {
		t.Skip("the target's client in the role %q may not authenticate by Basic", OddlyNamed)
	}
	return odd
}

func decodesBasic(t *T) {
	odd := t.oddlyNamed()
	t.Expect(t.ClientCredentials(InHeader(t.clientBy(AuthBasic)))).To(BeToken())
	t.Expect(t.ClientCredentials(As(odd))).To(BeToken(), "id and secret are sent form-encoded in Basic")
}

func refusesRawBasic(t *T) {
	odd := t.oddlyNamed()
	t.Expect(t.ClientCredentials(As(odd))).To(BeToken())

	choices := []Refusal{{401, "invalid_client"}}
	_, errID := url.QueryUnescape(odd.ID)
	if _, err := url.QueryUnescape(odd.Secret); err != nil || errID != nil {
		choices = append(choices, Refusal{400, "invalid_request"}) // it cannot even be decoded: CA-16
	}
	t.Expect(t.ClientCredentials(Basic(odd.ID, odd.Secret))).
		To(BeRefusedAs(choices...), "id and secret are sent in Basic without form-encoding")
}

func ignoresSchemeCase(t *T) {
	basic := t.clientBy(AuthBasic)
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	for _, scheme := range []string{"basic", "BASIC"} {
		respelt := func(a *Ask) {
			_, value, _ := strings.Cut(a.header.Get("Authorization"), " ")
			a.header.Set("Authorization", scheme+" "+value)
		}
		t.Expect(t.ClientCredentials(InHeader(basic), respelt)).To(BeToken(), "the scheme is spelt %s", scheme)
	}
}

func refusesOtherScheme(t *T) {
	basic := t.clientBy(AuthBasic)
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	for _, header := range []string{"Bearer x", fmt.Sprintf("Digest username=%q", basic.ID)} {
		answer := t.ClientCredentials(Header("Authorization", header))
		scheme, _, _ := strings.Cut(header, " ")
		if _, matching := challengeFor(answer, scheme); matching { // the scheme used by the client, as §5.2 has it
			t.Expect(answer).To(BeRefused(401, "invalid_client"), "the request has Authorization: %s", header)
			continue
		}
		t.expectChallenged(answer, "the request has Authorization: %s", header)
	}
}

func refusesBrokenBasic(t *T) {
	basic := t.clientBy(AuthBasic)
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	choices := []Refusal{{401, "invalid_client"}, {400, "invalid_client"}, {400, "invalid_request"}}
	id, secret := url.QueryEscape(basic.ID), url.QueryEscape(basic.Secret)
	t.Expect(t.ClientCredentials(Basic(id, "%zz"))).To(BeRefusedAs(choices...), "the secret is %%zz")
	t.Expect(t.ClientCredentials(Basic("%zz", secret))).To(BeRefusedAs(choices...), "the id is %%zz")
}
