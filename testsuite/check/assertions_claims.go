package check

import (
	"crypto/rand"
	"slices"
	"time"

	"github.com/onsi/gomega/types"
)

func takesAssertions(t *T) {
	s := t.signer(Signer)
	t.Expect(s.with()).To(BeToken(), "the next assertion, with a jti of its own")
	t.Expect(s.with(saying("iat", nil))).To(BeToken(), "without iat, which is optional")
	t.Expect(s.send(s.assertion().signed(), Param("client_id", s.subject))).To(BeToken(), "with the client_id, which is needless")
	s.expectTakenBeside("introspection", BeActive())
	s.expectTakenBeside("revocation", HaveStatus(200))
}

// expectTakenBeside tries an assertion at another endpoint that lists private_key_jwt.
func (s signer) expectTakenBeside(endpoint string, served types.GomegaMatcher) {
	t := s.t
	methods := texts(t.advertised(endpoint + "_endpoint_auth_methods_supported"))
	if t.advertised(endpoint+"_endpoint") == nil || !slices.Contains(methods, "private_key_jwt") {
		return
	}
	token := s.with().Text("access_token")
	t.Expect(t.Ask(endpoint, asserting(s.assertion().signed()), Param("token", token))).
		To(served, "%s_endpoint_auth_methods_supported lists private_key_jwt", endpoint)
}

// expectRefused expects that an assertion does not authenticate its client.
func (s signer) expectRefused(explain string, changes ...claim) {
	s.t.expectInvalidClient(s.with(changes...), explain)
}

func refusesAssertionOutsideTime(t *T) {
	s := t.signer(Signer)
	s.expectRefused("exp is ten minutes back", s.at("iat", -12*time.Minute), s.at("exp", -10*time.Minute))
	s.expectRefused("nbf is an hour ahead", s.at("nbf", time.Hour), s.at("exp", time.Hour+assertionLife))
	t.Expect(s.with(s.at("nbf", -time.Minute))).To(BeToken(), "nbf is a minute back")
}

func refusesAssertionWithoutExpiry(t *T) {
	s := t.signer(Signer)
	s.expectRefused("there is no exp", saying("exp", nil))
}

func refusesForeignAudience(t *T) {
	s := t.signer(Signer)
	s.expectRefused("aud is somebody else", saying("aud", "https://attacker.example/token"))
	s.expectRefused("aud is a list of others", saying("aud", []string{"https://attacker.example", "https://other.example"}))
	s.expectRefused("aud only begins like the right one", saying("aud", s.audience+".attacker.example"))
	s.expectRefused("aud is an empty list", saying("aud", []string{}))
	s.expectRefused("there is no aud", saying("aud", nil))
}

func takesIssuerForAudience(t *T) {
	s := t.signer(Signer)
	t.Expect(s.with(saying("aud", t.Issuer))).To(BeToken(), "aud is the issuer")
}

func refusesSharedAudience(t *T) {
	s := t.signer(Signer)
	s.expectRefused("aud is a list of this target and another", saying("aud", []string{s.audience, "https://other.example"}))
}

func refusesForeignSubject(t *T) {
	s := t.signer(Signer)
	strangers := []string{t.Client(Main).ID}
	if other, ok := t.Clients[OtherSigner]; ok {
		strangers = append(strangers, other.ID)
	}
	for _, stranger := range append(strangers, s.subject+"-nobody") {
		s.expectRefused("iss is not the client", saying("iss", stranger))
		s.expectRefused("sub is not the client", saying("sub", stranger))
		s.expectRefused("iss and sub are a client that does not have the key", saying("iss", stranger), saying("sub", stranger))
	}
	s.expectRefused("there is no iss", saying("iss", nil))
	s.expectRefused("there is no sub", saying("sub", nil))
}

// refusesReplay warns where OpenID Connect does not make it a MUST.
func refusesReplay(t *T) {
	s := t.signer(Signer)
	jwt := s.assertion().signed()
	t.Expect(s.send(jwt)).To(BeToken(), "the first time")
	if !t.claims(OpenID) {
		t.broken = Warned // RFC 7523 §3: the provider may see to that
	}
	t.expectInvalidClient(s.send(jwt), "the second time")
}

func refusesAssertionWithoutID(t *T) {
	s := t.signer(Signer)
	s.expectRefused("there is no jti", saying("jti", nil))
}

func burnsNoIDOfRefused(t *T) {
	s := t.signer(Signer)
	jti := saying("jti", rand.Text())
	s.expectRefused("aud is somebody else", jti, saying("aud", "https://attacker.example/token"))
	t.Expect(s.with(jti)).To(BeToken(), "the right aud, with the same jti")
}

func bearsClockSkew(t *T) {
	s := t.signer(Signer)
	for _, name := range []string{"iat", "nbf"} {
		t.Expect(s.with(s.at(name, 8*time.Second))).To(BeToken(), "%s is 8 seconds ahead", name)
		s.expectRefused(name+" is 65 seconds ahead", s.at(name, 65*time.Second))
	}
}

func refusesLongLife(t *T) {
	s := t.signer(Signer)
	s.expectRefused("exp is 1000 hours ahead: the provider must remember the jti for as long", s.at("exp", 1000*time.Hour))
}

func grantsSignerToken(t *T) {
	s := t.signer(Signer)
	for _, scope := range plainScopes(t.Client(Signer)) {
		t.Expect(s.send(s.assertion().signed(), Param("scope", scope))).To(BeToken(), "the scope %q", scope)
	}
	t.expectInvalidClient(t.ClientCredentials(Param("client_id", s.subject)), "the same client without an assertion")
}
