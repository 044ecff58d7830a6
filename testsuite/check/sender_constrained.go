package check

import (
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"reflect"

	"github.com/go-jose/go-jose/v3"
)

// SenderConstrained is a feature: the target binds access tokens to who got them.
// Metadata: dpop_signing_alg_values_supported, tls_client_certificate_bound_access_tokens.
const SenderConstrained Feature = "sender_constrained"

// tellsConfirmation gets a token by DPoP where the target has that. A token that
// is bound to a TLS certificate is known by its own cnf only, so that there it
// must be a JWT, and the target's HTTP client must have the certificate.
func tellsConfirmation(t *T) {
	main := t.Client(Main)
	if algs := texts(t.advertised("dpop_signing_alg_values_supported")); len(algs) > 0 {
		alg := t.proofAlgorithm(algs)
		key := freshKey(alg)
		answer := t.proven(key, alg)
		t.Expect(answer).To(BeToken(), "with a DPoP proof")
		seen := t.Introspect(answer.Text("access_token"), As(main))
		t.Expect(seen).To(BeActive())
		cnf, _ := seen.Object()["cnf"].(map[string]any)
		t.Expect(cnf["jkt"]).To(Equal(any(thumbprint(key))), "cnf.jkt, the thumbprint of the proof's key (RFC 9449 §6.2):\n%s", seen)
		return
	}
	token := freshToken(t, main)
	jwt, ok := ParseJWT(token)
	if !ok || jwt.Claims["cnf"] == nil {
		t.Skip("the token of the main client does not say that it is bound to a certificate")
	}
	seen := t.Introspect(token, As(main))
	t.Expect(seen).To(BeActive())
	t.Expect(reflect.DeepEqual(seen.Object()["cnf"], jwt.Claims["cnf"])).
		To(BeTrue(), "cnf is that of the token, %v (RFC 8705 §3.2):\n%s", jwt.Claims["cnf"], seen)
}

// proofAlgorithm is one of those that a target takes proofs by.
func (t *T) proofAlgorithm(advertised []string) string {
	for _, alg := range []string{"ES256", "EdDSA", "PS256", "RS256"} {
		for _, other := range advertised {
			if alg == other {
				return alg
			}
		}
	}
	t.Skip("the target takes DPoP proofs by %v only, none of which the checks sign by", advertised)
	return ""
}

// proven asks for a token with a DPoP proof (RFC 9449 §5), again when the target
// wants a nonce of its own in it (§8).
func (t *T) proven(key crypto.Signer, alg string) Answer {
	claims := map[string]any{"htm": "POST", "htu": t.URL("token")}
	var answer Answer
	for range 2 {
		claims["jti"], claims["iat"] = rand.Text(), t.now().Unix()
		options := (&jose.SignerOptions{}).WithType("dpop+jwt").WithHeader("jwk", jose.JSONWebKey{Key: key.Public()})
		answer = t.ClientCredentials(As(t.Client(Main)), Header("DPoP", signJWT(key, alg, options, claims)))
		if answer.Text("error") != "use_dpop_nonce" {
			break
		}
		claims["nonce"] = answer.Header.Get("DPoP-Nonce")
	}
	return answer
}

// thumbprint is a key's of RFC 7638, by SHA-256.
func thumbprint(key crypto.Signer) string {
	sum, err := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}
