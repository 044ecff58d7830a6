package check

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// proofKey is how a code is bound to who asked for it.
func proofKey() Section {
	return Section{Letter: "H", Title: "PKCE", Checks: []Check{
		Must("PK-01", "redeems a code with the verifier of its S256 challenge", "RFC 7636 §4.6", redeemsWithVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.ChallengeComparedPlainly),
		Must("PK-02", "refuses a wrong verifier", "RFC 7636 §4.6", refusesWrongVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.VerifierNotChecked, &fault.BadCodeMiscoded),
		Must("PK-04", "refuses a code without a verifier, also after a wrong one", "RFC 7636 §4.6; RFC 9700 §4.8", refusesAbsentVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.VerifierForgottenOnFailure, &fault.VerifierOptional),
		May("PK-05", "redeems or refuses a code with the right verifier after a wrong one", "RFC 7636 §4.6; RFC 6749 §5.2", decidesAfterWrongVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.BadCodeMiscoded),
		Must("PK-06", "refuses a verifier for a code without a challenge", "RFC 9700 §2.1.1; RFC 9700 §4.8", refusesVerifierWithoutChallenge).
			If(AuthorizationCode, PKCE).Breaks(&fault.VerifierWithoutChallengeServed),
		Must("PK-07", "sends an unknown code_challenge_method back with invalid_request", "RFC 7636 §4.4.1", refusesUnknownMethod).
			If(AuthorizationCode, PKCE).Breaks(&fault.UnknownMethodServed),
		Should("PK-08", "refuses the method plain, and a missing one, unless it advertises plain", "RFC 7636 §4.2; RFC 9700 §2.1.1", refusesPlain).
			If(AuthorizationCode, PKCE).Breaks(&fault.PlainServed),
		Should("PK-09", "sends a code_challenge_method without a challenge back with invalid_request", "RFC 7636 §4.3", refusesMethodWithoutChallenge).
			If(AuthorizationCode, PKCE).Breaks(&fault.MethodWithoutChallengeServed),
		Should("PK-10", "sends a malformed code_challenge back with invalid_request", "RFC 7636 §4.2", refusesMalformedChallenge).
			If(AuthorizationCode, PKCE).Breaks(&fault.ChallengeFormNotChecked),
		Should("PK-11", "refuses a verifier that is too short, too long or has other characters", "RFC 7636 §4.1", refusesMalformedVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.VerifierFormNotChecked),
		Must("PK-12", "refuses the S256 challenge itself as a verifier", "RFC 7636 §4.6", refusesChallengeAsVerifier).
			If(AuthorizationCode, PKCE).Breaks(&fault.ChallengeComparedPlainly),
		Must("PK-13", "sends a public client without a challenge back with invalid_request", "RFC 9700 §2.1.1; RFC 9700 §2.1", requiresPublicChallenge).
			If(AuthorizationCode, PKCE, PublicClients, PublicPKCE).Breaks(&fault.PKCEOptional, &fault.AuthorizationErrorsAsPages),
		Must("PK-14", "sends a confidential client without a challenge back with invalid_request", "OAuth 2.1 §4.1.1; RFC 9700 §2.1.1", requiresChallenge).
			If(AuthorizationCode, PKCE, RequiredPKCE).Breaks(&fault.PKCEOptional),
		Must("PK-15", "advertises S256 if it verifies it", "RFC 8414 §2; RFC 9700 §2.1.1", advertisesS256).
			If(AuthorizationCode, Discovery).Breaks(&fault.ChallengeMethodsNotAdvertised, &fault.MetadataListsPlainOnly),
		Must("PK-16", "binds the code of a hybrid response to its challenge", "RFC 7636 §4.4", bindsHybridCode).
			If(AuthorizationCode, PKCE, Hybrid).Because(noFrontChannel),
	}}
}

// challenged are the parameters of a challenge by S256.
func challenged(verifier string) url.Values {
	return url.Values{"code_challenge": {S256(verifier)}, "code_challenge_method": {"S256"}}
}

// wrongVerifier is well-formed and nobody's.
const wrongVerifier = "0123456789-mockoauth-conformance-wrong-verifier"

// redeemWith redeems a code with a verifier; empty for without.
func (t *T) redeemWith(c Client, r Redirect, verifier string) Answer {
	r.verifier = verifier
	return t.Redeem(c, r)
}

// proofClients are those whose codes are tried: a confidential and a public one.
func (t *T) proofClients() []Client {
	clients := []Client{t.Client(Main)}
	if t.claims(PublicClients) {
		clients = append(clients, t.Client(Public))
	}
	return clients
}

func redeemsWithVerifier(t *T) {
	for _, client := range t.proofClients() {
		for _, verifier := range []string{Verifier, strings.Repeat("aZ09-._~", 16)} { // of 43 and of 128 characters
			r := t.authorized(client, challenged(verifier))
			t.Expect(t.redeemWith(client, r, verifier)).To(BeToken(), "with the verifier %s", verifier)
		}
	}
}

// expectVerifierRefused expects that verifiers are refused for a challenge, and
// that the right one is good for another code.
func (t *T) expectVerifierRefused(client Client, params url.Values, verifiers ...string) {
	t.Expect(t.redeemWith(client, t.authorized(client, challenged(Verifier)), Verifier)).To(BeToken(), "with the right verifier")
	r := t.authorized(client, params)
	for _, verifier := range verifiers {
		choices := []Refusal{{400, "invalid_grant"}}
		if verifier == "" {
			choices = append(choices, Refusal{400, "invalid_request"}) // a parameter is missing
		}
		t.Expect(t.redeemWith(client, r, verifier)).To(BeRefusedAs(choices...), "the verifiers are %q, this is %q", verifiers, verifier)
	}
}

func refusesWrongVerifier(t *T) {
	for _, client := range t.proofClients() {
		t.expectVerifierRefused(client, challenged(Verifier), wrongVerifier)
		t.expectVerifierRefused(client, challenged(Verifier), strings.ToLower(Verifier))
	}
}

func refusesAbsentVerifier(t *T) {
	for _, client := range t.proofClients() {
		t.Expect(t.redeemWith(client, t.authorized(client, challenged(Verifier)), Verifier)).To(BeToken(), "with the right verifier")
		for _, first := range []string{"", wrongVerifier} {
			r := t.authorized(client, challenged(Verifier))
			if first != "" {
				t.Expect(t.redeemWith(client, r, first)).To(BeRefused(400, "invalid_grant"), "a wrong verifier")
			}
			t.Expect(t.redeemWith(client, r, "")).
				To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "no verifier, after %q", first)
		}
	}
}

func decidesAfterWrongVerifier(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, challenged(Verifier))
	t.Expect(t.redeemWith(main, r, wrongVerifier)).To(BeRefused(400, "invalid_grant"), "a wrong verifier")
	right := t.redeemWith(main, r, Verifier)
	if right.Status == 200 {
		t.Expect(right).To(BeToken())
		return
	}
	t.Expect(right).To(BeRefused(400, "invalid_grant"), "the right verifier after a wrong one")
}

func refusesVerifierWithoutChallenge(t *T) {
	main := t.Client(Main)
	if t.claims(RequiredPKCE) {
		t.Skip("the target issues no code without a challenge")
	}
	without := url.Values{"code_challenge": nil, "code_challenge_method": nil}
	t.Expect(t.redeemWith(main, t.authorized(main, without), "")).To(BeToken(), "neither challenge nor verifier")
	t.Expect(t.redeemWith(main, t.authorized(main, without), Verifier)).
		To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "a verifier, and no challenge") // RFC 9700 §2.1.1 names no code
}

func refusesMalformedVerifier(t *T) {
	main := t.Client(Main)
	t.Expect(t.redeemWith(main, t.authorized(main, challenged(Verifier)), Verifier)).To(BeToken(), "with a well-formed verifier")
	for _, verifier := range []string{strings.Repeat("a", 42), strings.Repeat("a", 129), strings.Repeat("a", 42) + "+", strings.Repeat("a", 42) + "é"} {
		t.Expect(t.redeemWith(main, t.authorized(main, challenged(verifier)), verifier)).
			To(BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "the verifier is %q, and its challenge fits", verifier)
	}
}

func refusesChallengeAsVerifier(t *T) {
	t.expectVerifierRefused(t.Client(Main), challenged(Verifier), S256(Verifier))
}

// expectChallengeRefused expects that an authorization request is sent back for its PKCE.
func (t *T) expectChallengeRefused(client Client, params url.Values) {
	t.Expect(t.Authorize(client, challenged(Verifier))).To(BeGranted(), "with a challenge by S256")
	t.Expect(t.Authorize(client, params)).To(BeSentBack("invalid_request"), "with %v", params)
}

func refusesUnknownMethod(t *T) {
	for _, method := range []string{"foo", "s256", "S512"} {
		t.expectChallengeRefused(t.Client(Main), url.Values{"code_challenge": {S256(Verifier)}, "code_challenge_method": {method}})
	}
}

func refusesPlain(t *T) {
	metadata, err := t.Metadata(t.ctx)
	if err == nil && slices.Contains(texts(metadata["code_challenge_methods_supported"]), "plain") {
		t.Skip("the target advertises plain")
	}
	main := t.Client(Main)
	t.expectChallengeRefused(main, url.Values{"code_challenge": {Verifier}, "code_challenge_method": {"plain"}})
	t.expectChallengeRefused(main, url.Values{"code_challenge": {Verifier}, "code_challenge_method": nil})
}

func refusesMethodWithoutChallenge(t *T) {
	t.expectChallengeRefused(t.Client(Main), url.Values{"code_challenge": nil, "code_challenge_method": {"S256"}})
}

func refusesMalformedChallenge(t *T) {
	good := S256(Verifier)
	for _, challenge := range []string{good[:42], strings.Repeat("a", 129), "+" + good[1:], good[:42] + "é", good + "=", "a"} {
		t.expectChallengeRefused(t.Client(Main), url.Values{"code_challenge": {challenge}, "code_challenge_method": {"S256"}})
	}
}

func requiresPublicChallenge(t *T) {
	t.expectChallengeRefused(t.Client(Public), url.Values{"code_challenge": nil, "code_challenge_method": nil})
}

func requiresChallenge(t *T) {
	t.expectChallengeRefused(t.Client(Main), url.Values{"code_challenge": nil, "code_challenge_method": nil})
}

func advertisesS256(t *T) {
	main := t.Client(Main)
	r := t.authorized(main, challenged(Verifier))
	if t.redeemWith(main, r, wrongVerifier).Status == 200 {
		t.Skip("the target does not look at the verifier")
	}
	t.Expect(texts(t.advertised("code_challenge_methods_supported"))).To(ContainElement("S256"), "code_challenge_methods_supported")
}

func bindsHybridCode(t *T) {
	main := t.Client(Main)
	params := challenged(Verifier)
	params.Set("response_type", "code id_token")
	params.Set("scope", "openid")
	params.Set("nonce", "n-0S6_WzA2Mj")
	t.expectVerifierRefused(main, params, wrongVerifier, "")
	t.Expect(t.redeemWith(main, t.authorized(main, params), Verifier)).To(BeToken())
}
