package fault_test

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// at is the iat of the tokens of these tests.
const at = 1700000000

// aPublicKey is the one that signs them.
func aPublicKey() ed25519.PublicKey { return make(ed25519.PublicKey, ed25519.PublicKeySize) }

// sign has a fault change a token of a kind, for a request, as a provider does.
func sign(t *testing.T, name, kind, request string) *fault.Signing {
	t.Helper()
	f, ok := fault.Named(name)
	NewWithT(t).Expect(ok).To(BeTrue(), name)
	s := &fault.Signing{
		Kind: kind, Public: aPublicKey(), ForeignJWK: func() map[string]any { return map[string]any{"kty": "OKP", "kid": "foreign"} },
		Header: map[string]any{"alg": "ES256", "typ": "JWT", "kid": "k"},
		Claims: map[string]any{
			"iss": "https://i", "sub": "s", "aud": "b-web", "azp": "b-web", "client_id": "b-web", "iat": int64(at), "exp": int64(at + 3600),
			"auth_time": int64(at), "nonce": "N", "at_hash": "h", "acr": "a", "jti": "j", "scope": "read",
		},
	}
	ctx := context.Background()
	r := post(request)
	draw := fault.NewDraw([]fault.Fault{f}, r, fault.Token, known())
	draw.Hear(r)
	draw.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() }), discard{}, r)
	fault.Sign(fault.With(ctx, draw.Faults), s)
	return s
}

// What faults make of one claim of one kind of token; nil is a claim that is left out.
// The other kinds keep theirs.
func TestClaims(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		kind, claim string
		value       any
	}{
		"id_token_without_issuer":         {"id_token", "iss", nil},
		"id_token_issuer_with_slash":      {"id_token", "iss", "https://i/"},
		"id_token_without_audience":       {"id_token", "aud", nil},
		"id_token_for_another":            {"id_token", "aud", "another-client"},
		"id_token_audience_is_number":     {"id_token", "aud", 42},
		"id_token_for_several":            {"id_token", "azp", nil},
		"id_token_for_several_named":      {"id_token", "aud", []any{"b-web", "another-client"}},
		"id_token_without_subject":        {"id_token", "sub", nil},
		"id_token_subject_empty":          {"id_token", "sub", ""},
		"id_token_subject_long":           {"id_token", "sub", "s" + strings.Repeat("-", 255)},
		"id_token_without_expiry":         {"id_token", "exp", nil},
		"id_token_expired":                {"id_token", "exp", int64(at - 600)},
		"id_token_expired_just_now":       {"id_token", "exp", int64(at - 10)},
		"id_token_without_issue_time":     {"id_token", "iat", nil},
		"id_token_from_future":            {"id_token", "iat", int64(at + 3600)},
		"id_token_from_yesterday":         {"id_token", "iat", int64(at - 24*3600)},
		"id_token_not_yet_valid":          {"id_token", "nbf", int64(at + 3600)},
		"wrong_nonce":                     {"id_token", "nonce", "nonce-of-another-login"},
		"access_token_hash_other":         {"id_token", "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"},
		"access_token_hash_omitted":       {"id_token", "at_hash", nil},
		"code_hash_other":                 {"id_token", "c_hash", "AAAAAAAAAAAAAAAAAAAAAA"},
		"login_time_long_past":            {"id_token", "auth_time", int64(at - 7*24*3600)},
		"authentication_class_other":      {"id_token", "acr", "0"},
		"email_verified_as_string":        {"id_token", "email_verified", "false"},
		"access_token_without_issuer":     {"access_token", "iss", nil},
		"access_token_without_subject":    {"access_token", "sub", nil},
		"access_token_without_expiry":     {"access_token", "exp", nil},
		"access_token_without_issue_time": {"access_token", "iat", nil},
		"access_token_without_id":         {"access_token", "jti", nil},
		"access_token_without_scope":      {"access_token", "scope", nil},
		"access_token_for_another":        {"access_token", "aud", "https://elsewhere.example"},
		"access_token_audience_is_number": {"access_token", "aud", 42},
		"access_token_expired":            {"access_token", "exp", int64(at - 600)},
		"access_token_not_yet_valid":      {"access_token", "nbf", int64(at + 3600)},
		"access_token_from_future":        {"access_token", "iat", int64(at + 3600)},
		"userinfo_without_subject":        {"userinfo", "sub", nil},
		"userinfo_of_another_issuer":      {"userinfo", "iss", "https://issuer.example"},
		"userinfo_for_another":            {"userinfo", "aud", "another-client"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			claims := sign(t, name, want.kind, "grant_type=authorization_code").Claims
			if want.value == nil {
				g.Expect(claims).NotTo(HaveKey(want.claim))
			} else {
				g.Expect(claims).To(HaveKeyWithValue(want.claim, want.value))
			}
			if want.kind == "userinfo" {
				return // of which the endpoint has no other
			}
			other := map[string]string{"id_token": "access_token", "access_token": "id_token"}[want.kind]
			untouched := sign(t, "token_drips", other, "")
			g.Expect(sign(t, name, other, "grant_type=authorization_code").Claims).To(Equal(untouched.Claims))
		})
	}
	g := NewWithT(t)
	large, err := json.Marshal(sign(t, "id_token_large", "id_token", "").Claims)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(large)).To(BeNumerically(">", 70000), "which base64 makes 100 kB")
}

// A refresh is told from a login by what the fault heard.
func TestClaimsOfRefreshes(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	const refresh, login = "grant_type=refresh_token&refresh_token=r", "grant_type=authorization_code&code=c"
	g.Expect(sign(t, "refresh_subject_changed", "id_token", refresh).Claims["sub"]).To(Equal("s-other"))
	g.Expect(sign(t, "refresh_subject_changed", "id_token", login).Claims["sub"]).To(Equal("s"))
	g.Expect(sign(t, "refresh_issuer_changed", "id_token", refresh).Claims["iss"]).To(Equal("https://issuer.example"))
	g.Expect(sign(t, "refresh_issuer_changed", "id_token", login).Claims["iss"]).To(Equal("https://i"))
}

// What faults make of the header of a token.
func TestJOSEHeaders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		kind    string
		header  string
		foreign bool
	}{
		"access_token_without_key_id": {"access_token", `{"alg":"ES256","typ":"JWT"}`, false},
		"key_id_is_number":            {"id_token", `{"alg":"ES256","typ":"JWT","kid":1}`, false},
		"critical_header":             {"id_token", `{"alg":"ES256","typ":"JWT","kid":"k","crit":["urn:example:new"],"urn:example:new":true}`, false},
		"algorithm_missing":           {"id_token", `{"typ":"JWT","kid":"k"}`, false},
		"algorithm_folded":            {"id_token", `{"alg":"es256","typ":"JWT","kid":"k"}`, false},
		"algorithm_padded":            {"id_token", `{"alg":"ES256 ","typ":"JWT","kid":"k"}`, false},
		"algorithm_none_folded":       {"id_token", `{"alg":"nOnE","typ":"JWT","kid":"k"}`, false},
		"algorithm_of_another_key":    {"id_token", `{"alg":"RS256","typ":"JWT","kid":"k"}`, false},
		"key_set_url_header":          {"id_token", `{"alg":"ES256","typ":"JWT","kid":"k","jku":"https://elsewhere.example/jwks"}`, true},
		"certificate_url_header":      {"id_token", `{"alg":"ES256","typ":"JWT","kid":"k","x5u":"https://elsewhere.example/cert.pem"}`, true},
		"embedded_key_header":         {"id_token", `{"alg":"ES256","typ":"JWT","kid":"foreign","jwk":{"kty":"OKP","kid":"foreign"}}`, true},
		"access_token_without_type":   {"access_token", `{"alg":"ES256","kid":"k"}`, false},
		"id_token_typed_access_token": {"id_token", `{"alg":"ES256","typ":"at+jwt","kid":"k"}`, false},
		"hmac_with_public_key":        {"id_token", `{"alg":"HS256","typ":"JWT","kid":"k"}`, false},
		"hmac_with_client_secret":     {"id_token", `{"alg":"HS256","typ":"JWT","kid":"k"}`, false},
		"userinfo_unsigned":           {"userinfo", `{"alg":"none","typ":"JWT","kid":"k"}`, false},
		"userinfo_signed_by_stranger": {"userinfo", `{"alg":"ES256","typ":"JWT","kid":"k"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			s := sign(t, name, want.kind, "")
			header, err := json.Marshal(s.Header)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(header).To(MatchJSON(want.header))
			g.Expect(s.Foreign).To(Equal(want.foreign))
		})
	}
	g := NewWithT(t)
	for _, name := range []string{"algorithm_none_folded", "signature_stripped", "userinfo_unsigned"} {
		g.Expect(sign(t, name, "id_token", "").Unsigned).To(BeTrue(), name)
	}
}

// What faults make of a signed token. The signature has zeros at the front of r, and a high bit in s.
func TestSignatures(t *testing.T) {
	t.Parallel()
	b64 := base64.RawURLEncoding
	rs := append(append([]byte{0, 0, 7}, make([]byte, 29)...), append([]byte{0x80}, make([]byte, 31)...)...)
	compact := "aGVhZGVy.Y2xhaW1z." + b64.EncodeToString(rs)
	tamper := func(name string) []string {
		return strings.Split(sign(t, name, "id_token", "").Tamper(compact), ".")
	}
	g := NewWithT(t)
	g.Expect(tamper("signature_left_out")).To(Equal([]string{"aGVhZGVy", "Y2xhaW1z"}))
	g.Expect(tamper("token_of_five_parts")).To(Equal([]string{"aGVhZGVy", "Y2xhaW1z", b64.EncodeToString(rs), "", ""}))
	g.Expect(tamper("signature_of_zeros")[2]).To(Equal(b64.EncodeToString(make([]byte, 64))))
	g.Expect(tamper("token_padded")[2]).To(Equal(base64.URLEncoding.EncodeToString(rs)))

	der, err := b64.DecodeString(tamper("signature_in_der")[2])
	g.Expect(err).NotTo(HaveOccurred())
	var integers struct{ R, S *big.Int }
	_, err = asn1.Unmarshal(der, &integers)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(integers.R).To(Equal(new(big.Int).SetBytes(rs[:32])))
	g.Expect(integers.S).To(Equal(new(big.Int).SetBytes(rs[32:])))

	public, err := x509.MarshalPKIXPublicKey(aPublicKey())
	g.Expect(err).NotTo(HaveOccurred())
	for name, secret := range map[string][]byte{
		"hmac_with_public_key":    pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}),
		"hmac_with_client_secret": []byte("web-secret"),
	} {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte("aGVhZGVy.Y2xhaW1z"))
		g.Expect(tamper(name)[2]).To(Equal(b64.EncodeToString(mac.Sum(nil))), name)
	}
}

// What faults make of the claims' JSON.
func TestPayloads(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(string(sign(t, "claims_in_list", "id_token", "").Payload([]byte(`{"sub":"s"}`)))).To(Equal(`[{"sub":"s"}]`))
	g.Expect(string(sign(t, "subject_twice", "id_token", "").Payload([]byte(`{"sub":"s"}`)))).To(Equal(`{"sub":"the-first-of-two","sub":"s"}`))
}

func TestAccessTokenForIDToken(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(under(t, "access_token_for_id_token", 200, `{"access_token":"a","id_token":"i"}`).Body.String()).To(MatchJSON(`{"access_token":"a","id_token":"a"}`))
	g.Expect(under(t, "access_token_for_id_token", 200, `{"access_token":"a"}`).Body.String()).To(MatchJSON(`{"access_token":"a"}`))
}
