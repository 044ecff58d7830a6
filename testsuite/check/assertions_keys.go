package check

import (
	"maps"
	"slices"
	"strings"
	"time"
)

func refusesBadSignature(t *T) {
	s := t.signer(Signer)
	jwt := s.assertion().signed()
	at := strings.LastIndexByte(jwt, '.') + 1
	t.expectInvalidClient(s.send(flip(jwt, at+4)), "the signature is changed")
	t.expectInvalidClient(s.send(s.assertion().signed()[:at]), "the signature is left out")
	t.expectInvalidClient(s.send(tampered(s.assertion(), s.at("exp", time.Hour))), "a claim was changed after signing")
	forged := s.assertion()
	forged.key = freshKey(forged.alg)
	t.expectInvalidClient(s.send(forged.signed()), "another key signed, and names itself the client's")
	t.expectInvalidClient(s.send("no.jwt"), "what is sent is no JWT")
}

// refusesUnknownKey warns of a provider that finds the right key though kid names
// no key: kid is a hint (RFC 7515 §4.1.4).
func refusesUnknownKey(t *T) {
	s := t.signer(Signer)
	unknown := s.assertion()
	unknown.key, unknown.kid = freshKey(unknown.alg), "mockoauth-conformance-no-such-key"
	t.expectInvalidClient(s.send(unknown.signed()), "a key signed that the provider does not know, and is named so")

	misnamed := s.assertion()
	misnamed.kid = "mockoauth-conformance-no-such-key"
	answer := s.send(misnamed.signed())
	if answer.Status == 200 {
		t.broken = Warned
	}
	t.expectInvalidClient(answer, "kid names a key that the provider does not know")
}

func refusesConfusedAlgorithm(t *T) {
	s := t.signer(Signer)
	for _, alg := range []string{"none", "None", "nOnE"} {
		jwt := s.assertion().unsecured(alg, func([]byte) []byte { return nil })
		t.expectInvalidClient(s.send(jwt), "the assertion has alg "+alg+" and no signature")
	}
	a := s.assertion()
	t.expectInvalidClient(s.send(a.unsecured("HS256", a.withPublicKey())), "the public key was taken for a secret of HS256")
}

// holdsToAlgorithm signs by another algorithm with the registered key, if it can
// by one that the target advertises.
func holdsToAlgorithm(t *T) {
	c := t.Client(Signer)
	if c.Alg == "" {
		t.Skip("the client %s registered no token_endpoint_auth_signing_alg", c.ID)
	}
	s := t.signer(Signer)
	advertised := texts(t.advertised("token_endpoint_auth_signing_alg_values_supported"))
	others := slices.DeleteFunc(algorithmsOf(c.Key), func(alg string) bool { return alg == c.Alg || !slices.Contains(advertised, alg) })
	if len(others) == 0 {
		t.Skip("the key of the client %s fits no other algorithm that the target advertises than %s", c.ID, c.Alg)
	}
	for _, alg := range others {
		a := s.assertion()
		a.alg = alg
		t.expectInvalidClient(s.send(a.signed()), "the client registered "+c.Alg+" and signs by "+alg)
	}
}

func takesKeyWithoutUse(t *T) {
	t.signer(Signer)
	c := t.Client(OtherSigner)
	s := t.signerFor(c)
	t.Expect(s.with()).To(BeToken(), "use is optional")
}

// takesAdvertisedAlgorithms tries those of public keys: HMAC's belong to client_secret_jwt.
func takesAdvertisedAlgorithms(t *T) {
	var missing []string
	advertised := texts(t.advertised("token_endpoint_auth_signing_alg_values_supported"))
	advertised = slices.DeleteFunc(advertised, func(alg string) bool { return strings.HasPrefix(alg, "HS") })
	t.Expect(len(advertised) > 0).To(BeTrue(), "token_endpoint_auth_signing_alg_values_supported is required with private_key_jwt")
	for _, alg := range advertised {
		c, ok := t.clientThatSigns(alg)
		if !ok {
			missing = append(missing, alg)
			continue
		}
		c.Alg = alg
		t.Expect(t.signerFor(c).with()).To(BeToken(), "signed by %s, which is advertised", alg)
	}
	if len(missing) > 0 {
		t.Skip("the target names no client that signs by %s, which it advertises", strings.Join(missing, ", "))
	}
}

// clientThatSigns is a client that authenticates by assertions and may sign them by an algorithm.
func (t *T) clientThatSigns(alg string) (Client, bool) {
	for _, role := range slices.Sorted(maps.Keys(t.Clients)) {
		c := t.Clients[role]
		if c.Key == nil || role == Exchanger {
			continue
		}
		if c.Alg == alg || c.Alg == "" && slices.Contains(algorithmsOf(c.Key), alg) {
			return c, true
		}
	}
	return Client{}, false
}

// readsKeysAnew has the client publish two keys one after the other: the first
// may be the first that the provider reads at all.
func readsKeysAnew(t *T) {
	t.signerFor(t.RotateClientKey())
	if t.Advance != nil { // a provider may bound how often it reads
		t.Wait(time.Hour)
	}
	t.signerFor(t.RotateClientKey())
}
