package check

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// joseAndKeys is what JWTs and the published keys must be, whatever they are for.
// The tokens at hand are JWT access tokens.
func joseAndKeys() Section {
	return Section{Letter: "P", Title: "JOSE and published keys", Checks: []Check{
		Must("JW-01", "publishes its keys as a JWK set", "RFC 7517 §5; RFC 7517 §8.5", publishesKeySet).
			If(PublishedKeys).Breaks(&fault.KeysAsList, &fault.KeysAsText, &fault.EncryptionKeyOfSameID).Breaks(noKeySet()...),
		Must("JW-02", "publishes no private member of a key", "RFC 7517 §4; RFC 7517 §9.2", publishesNoPrivateKey).
			If(PublishedKeys).Breaks(&fault.PrivateKeyPublished, &fault.KeysEmpty, &fault.SymmetricKeyPublished),
		Must("JW-04", "publishes RSA keys of 2048 bits or more, and points on their curves", "RFC 7518 §3.3; RFC 7518 §3.4", publishesSoundKeys).
			If(PublishedKeys).Breaks(&fault.ShortRSAKey, &fault.PointOffCurve, &fault.MalformedKeyPublished, &fault.RSAExponentOne),
		Must("JW-05", "signs with the published key that the token names", "RFC 7515 §4.1.4; OpenID Connect Core §10.1", signsWithPublishedKey).
			If(PublishedKeys, JWTAccessTokens).Breaks(&fault.UnknownKeyID, &fault.ForeignKey, &fault.TamperedSignature).Breaks(noVerification()...),
		Must("JW-07", "writes times as numbers of seconds", "RFC 7519 §2", writesTimesInSeconds).
			If(JWTAccessTokens).Breaks(&fault.TimesAsStrings, &fault.TimesInMilliseconds),
		Must("JW-08", "neither issues nor takes a token with alg none", "RFC 8725 §3.1; RFC 7518 §3.6", neverUnsigned).
			If(JWTAccessTokens).Breaks(&fault.UnsignedTokens, &fault.UnsignedTokensAccepted, at(&fault.UnsignedTokensAccepted, fault.Token, fault.Verify)),
		Should("JW-09", "publishes a new key with its first use, and keeps the old one", "OpenID Connect Core §10.1.1", rotatesKeysGently).
			If(PublishedKeys, JWTAccessTokens, KeyRotation).Breaks(&fault.OldKeyWithdrawn, &fault.KeysStale),
		Should("JW-10", "types its tokens and takes none for one of another kind", "RFC 8725 §3.11; RFC 8725 §3.12", tellsKindsApart).
			If(JWTAccessTokens).Breaks(&fault.GenericTokenType, &fault.AccessTokenRefreshes, &fault.RefreshTokenAsBearer),
	}}
}

// publishedKeys reads the JWK set anew.
func publishedKeys(t *T) (Answer, []map[string]any) {
	answer := t.Get(t.URL("jwks_uri"))
	t.Expect(answer).To(HaveStatus(200))
	list, isList := answer.Object()["keys"].([]any)
	t.Expect(isList).To(BeTrue(), "a JWK set is an object with the array keys\n%s", answer)
	keys := make([]map[string]any, len(list))
	for i, item := range list {
		key, isObject := item.(map[string]any)
		t.Expect(isObject && jwkText(key, "kty") != "").To(BeTrue(), "each key is an object with kty (RFC 7517 §4.1)\n%s", answer)
		keys[i] = key
	}
	return answer, keys
}

func publishesKeySet(t *T) {
	answer, keys := publishedKeys(t)
	mediaType := answer.MediaType()
	t.Expect(mediaType == "application/jwk-set+json" || mediaType == "application/json").
		To(BeTrue(), "the content type must be application/jwk-set+json or application/json, not %q", mediaType)
	named := map[string]bool{}
	t.broken = Warned // RFC 7517 §4.5 says SHOULD
	for _, key := range keys {
		if kid := jwkText(key, "kid"); kid != "" {
			t.Expect(named[kid]).NotTo(BeTrue(), "two keys are named %q (RFC 7517 §4.5)", kid)
			named[kid] = true
		}
	}
}

func publishesNoPrivateKey(t *T) {
	answer, keys := publishedKeys(t)
	t.Expect(len(keys) > 0).To(BeTrue(), "there must be a key\n%s", answer)
	for _, key := range keys {
		t.Expect(key["kty"] == "oct").NotTo(BeTrue(), "a symmetric key is published")
		for _, member := range []string{"d", "p", "q", "dp", "dq", "qi", "k", "oth"} {
			_, leaked := key[member]
			t.Expect(leaked).NotTo(BeTrue(), "the private member %q of the key %q is published", member, jwkText(key, "kid"))
		}
	}
}

func publishesSoundKeys(t *T) {
	answer, keys := publishedKeys(t)
	t.Expect(len(keys) > 0).To(BeTrue(), "there must be a key\n%s", answer)
	for _, jwk := range keys {
		if kty := jwk["kty"]; kty != "RSA" && kty != "EC" && kty != "OKP" {
			continue // a reader must ignore what it does not know (RFC 7517 §5)
		}
		if crv := jwkText(jwk, "crv"); crv != "" && crv != "Ed25519" && !slices.Contains(slices.Collect(maps.Keys(curves())), crv) {
			continue
		}
		key, err := PublicKey(jwk)
		if err != nil {
			t.Fatalf("the key %q is unsound: %v\n%s", jwkText(jwk, "kid"), err, answer)
		}
		if k, isRSA := key.(*rsa.PublicKey); isRSA {
			t.Expect(k.N.BitLen() >= 2048).To(BeTrue(), "the RSA key %q has %d bits", jwkText(jwk, "kid"), k.N.BitLen())
		}
	}
}

// expectSigned verifies a token with the published keys, and that the key is meant for it.
func expectSigned(t *T, token string, keys []map[string]any, what string) {
	jwk, err := VerifyJWS(token, keys)
	if err != nil {
		t.Fatalf("%s cannot be verified: %v\n%s", what, err, token)
	}
	jwt, _ := ParseJWT(token)
	if alg, told := jwk["alg"]; told {
		t.Expect(jwt.Header["alg"]).To(Equal(alg), "the alg of %s, by its key's", what)
	}
	if use, told := jwk["use"]; told {
		t.Expect(use).To(Equal(any("sig")), "the use of the key of %s", what)
	}
}

// verified is a JWT, signed by a published key and taken apart. explain says
// where it should have been, for when it is none.
func verified(t *T, token, what string, explain ...any) JWT {
	jwt, ok := ParseJWT(token)
	t.Expect(ok).To(BeTrue(), explain...)
	_, keys := publishedKeys(t)
	expectSigned(t, token, keys, what)
	return jwt
}

func signsWithPublishedKey(t *T) {
	_, keys := publishedKeys(t)
	for _, grant := range freshGrants(t, t.Client(Main)) {
		accessJWT(t, grant)
		expectSigned(t, grant.Text("access_token"), keys, "an access token")
	}
}

// writesTimesInSeconds sees milliseconds by the distance between iat and exp,
// since the target's clock may be anywhere.
func writesTimesInSeconds(t *T) {
	for _, grant := range freshGrants(t, t.Client(Main)) {
		claims := accessJWT(t, grant).Claims
		for _, name := range []string{"exp", "iat", "nbf", "auth_time"} {
			if value, told := claims[name]; told {
				_, isNumber := value.(json.Number)
				t.Expect(isNumber).To(BeTrue(), "%s must be a JSON number, not %#v", name, value)
			}
		}
		expires, told := wholeNumber(grant.Object()["expires_in"])
		if !told {
			continue
		}
		t.broken = Warned // no clause says that a token lives for expires_in to the second
		lives := seconds(claims["exp"]) - seconds(claims["iat"])
		t.Expect(math.Abs(lives-float64(expires)) <= 2).
			To(BeTrue(), "exp is %v after iat, in seconds that should be expires_in, %d", lives, expires)
	}
}

// seconds reads a NumericDate, which may have a fraction.
func seconds(v any) float64 {
	number, _ := v.(json.Number)
	f, err := strconv.ParseFloat(number.String(), 64)
	if err != nil {
		return 0
	}
	return f
}

func neverUnsigned(t *T) {
	main := t.Client(Main)
	for _, grant := range freshGrants(t, main, everyScope(main)) {
		token := grant.Text("access_token")
		jwt := accessJWT(t, grant)
		alg, _ := jwt.Header["alg"].(string)
		t.Expect(alg == "" || strings.EqualFold(alg, "none") || len(jwt.Signature) == 0).
			NotTo(BeTrue(), "an access token is not signed: %v", jwt.Header)
		if t.claims(Introspection) {
			t.Expect(t.Introspect(token, As(main))).To(BeActive(), "the token as it was issued")
			for _, alg := range []string{"none", "None", "nOnE"} {
				t.Expect(t.Introspect(unsigned(token, alg), As(main))).To(BeInactive(), "the token with alg %s and no signature", alg)
			}
		}
		if t.claims(ProtectedResource) {
			t.Expect(t.visit(asBearer(token))).To(HaveStatus(200), "the token as it was issued")
			t.Expect(t.visit(asBearer(unsigned(token, "none")))).To(HaveStatus(401, 403), "the token with alg none and no signature")
		}
	}
}

// unsigned is a JWT's claims under a header that says they need no signature.
func unsigned(token, alg string) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + alg + `","typ":"at+jwt"}`))
	return header + "." + strings.Split(token, ".")[1] + "."
}
