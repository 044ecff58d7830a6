package check

import (
	"strings"
	"time"
)

// exchangesGoodAssertions warns of a replay that is served: RFC 7523 §3 leaves
// that to the provider.
func exchangesGoodAssertions(t *T) {
	s := t.exchanger()
	expectRefused := func(explain, jwt string) {
		t.Expect(s.send(jwt)).To(BeRefused(400, "invalid_grant"), explain)
	}
	for _, bad := range []struct {
		explain string
		changes []claim
	}{
		{"aud is somebody else", []claim{saying("aud", "https://attacker.example/token")}},
		{"there is no aud", []claim{saying("aud", nil)}},
		{"exp is ten minutes back", []claim{s.at("iat", -12*time.Minute), s.at("exp", -10*time.Minute)}},
		{"there is no exp", []claim{saying("exp", nil)}},
		{"nbf is an hour ahead", []claim{s.at("nbf", time.Hour), s.at("exp", time.Hour+assertionLife)}},
		{"there is no iss", []claim{saying("iss", nil)}},
		{"iss is somebody whom nobody trusts", []claim{saying("iss", "https://attacker.example")}},
		{"there is no sub", []claim{saying("sub", nil)}},
	} {
		expectRefused(bad.explain, s.assertion(bad.changes...).signed())
	}
	forged := s.assertion()
	forged.key = freshKey(forged.alg)
	expectRefused("another key signed, and names itself the issuer's", forged.signed())
	expectRefused("the assertion has alg none", s.assertion().unsecured("none", func([]byte) []byte { return nil }))
	expectRefused("what is sent is no JWT", "no.jwt")

	jwt := s.assertion().signed()
	t.Expect(s.send(jwt)).To(BeToken(), "a good assertion")
	t.broken = Warned
	expectRefused("an assertion that was used already", jwt)
}

func limitsExchangedScope(t *T) {
	s, scopes := t.exchanger(), plainScopes(t.Client(Exchanger))
	if len(scopes) == 0 {
		panic(stop{Untestable, "the client in the role exchanger has no scope"})
	}
	t.Expect(s.send(s.assertion().signed(), Param("scope", scopes[0]))).To(BeToken(), "a scope of the trust")
	for _, beyond := range []string{unheardOf, strings.Join(append(scopes, unheardOf), " ")} {
		t.Expect(s.send(s.assertion().signed(), Param("scope", beyond))).To(BeRefused(400, "invalid_scope"), "the scope %q", beyond)
	}
}
