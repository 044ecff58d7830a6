package fault_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// What faults make of the members of the metadata.
func TestMetadataMembers(t *testing.T) {
	t.Parallel()
	const served = `{"issuer":"https://i/t","token_endpoint":"https://i/t/token","authorization_endpoint":"https://i/t/authorize",` +
		`"jwks_uri":"https://i/t/jwks","token_endpoint_auth_methods_supported":["none"],"code_challenge_methods_supported":["S256"]}`
	for name, want := range map[string]struct {
		member string
		value  any
	}{
		"issuer_of_another":                {"issuer", "https://issuer.example"},
		"issuer_missing":                   {"issuer", nil},
		"endpoints_plain_http":             {"token_endpoint", "http://elsewhere.example/t/token"},
		"endpoints_elsewhere":              {"jwks_uri", "https://elsewhere.example/t/jwks"},
		"metadata_without_keys":            {"jwks_uri", nil},
		"metadata_without_authorization":   {"authorization_endpoint", nil},
		"discovery_without_token_endpoint": {"token_endpoint", nil},
		"metadata_with_extras":             {"claim_types_supported", []any{"normal", "urn:example:odd"}},
		"metadata_signed_otherwise":        {"signed_metadata", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL25vYm9keS5leGFtcGxlIiwic3ViIjoibm9ib2R5In0."},
		"metadata_without_auth_methods":    {"token_endpoint_auth_methods_supported", nil},
		"metadata_lists_post_only":         {"token_endpoint_auth_methods_supported", []any{"client_secret_post"}},
		"metadata_lists_jwt_auth_only":     {"token_endpoint_auth_methods_supported", []any{"private_key_jwt"}},
		"metadata_lists_plain_only":        {"code_challenge_methods_supported", []any{"plain"}},
		"metadata_moved":                   {"token_endpoint", "https://issuer.example/t/token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer, _ := answered(t, name, fault.Discovery, httptest.NewRequest(http.MethodGet, "/p", nil), answering(200, "application/json", served))
			var document, before map[string]any
			g.Expect(json.Unmarshal(answer.Body.Bytes(), &document)).To(Succeed())
			g.Expect(json.Unmarshal([]byte(served), &before)).To(Succeed())
			if want.value == nil {
				g.Expect(document).NotTo(HaveKey(want.member))
				delete(before, want.member)
				g.Expect(document).To(Equal(before), "the rest stays")
				return
			}
			g.Expect(document).To(HaveKeyWithValue(want.member, want.value))
		})
	}
	answer, _ := answered(t, "metadata_nulls", fault.Metadata, httptest.NewRequest(http.MethodGet, "/p", nil), answering(200, "application/json", served))
	NewWithT(t).Expect(answer.Body.String()).To(ContainSubstring(`"registration_endpoint":null`))
}

// What else than the document that is served a document can be.
func TestDocumentBodies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ endpoint, body string }{
		"metadata_empty":     {fault.Metadata, "{}"},
		"metadata_garbage":   {fault.Metadata, "{\"issuer\":\x00\xff\xfe not JSON"},
		"metadata_cut_short": {fault.Metadata, `{"issuer":"`},
		"keys_missing":       {fault.JWKS, "{}"},
		"keys_garbage":       {fault.JWKS, "{\"keys\":[\x00\xff\xfe"},
		"keys_cut_short":     {fault.JWKS, `{"issuer":"`},
	} {
		answer, _ := answered(t, name, want.endpoint, httptest.NewRequest(http.MethodGet, "/p", nil), answering(200, "application/json", `{"issuer":"https://i"}`))
		NewWithT(t).Expect(answer.Body.String()).To(Equal(want.body), name)
	}
	answer, _ := answered(t, "keys_uncacheable", fault.JWKS, httptest.NewRequest(http.MethodGet, "/p", nil), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=300")
	})
	NewWithT(t).Expect(answer.Header().Values("Cache-Control")).To(Equal([]string{"no-store"}))
}

// What faults make of a set of two keys.
func TestKeySets(t *testing.T) {
	t.Parallel()
	const a, b = `{"alg":"RS256","e":"AQAB","kid":"a","kty":"RSA","use":"sig"}`, `{"kid":"b","kty":"OKP","use":"sig"}`
	for name, want := range map[string]string{
		"keys_empty":                 `{"keys":[]}`,
		"unknown_key_type_published": `{"keys":[{"kty":"LATTICE","kid":"unknown-type","use":"sig","alg":"LX512","pub":"AQAB"},` + a + `,` + b + `]}`,
		"unknown_curve_published":    `{"keys":[{"kty":"EC","crv":"P-1024","kid":"unknown-curve","use":"sig","x":"AQAB","y":"AQAB"},` + a + `,` + b + `]}`,
		"unknown_use_published":      `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"unknown-use","use":"seal","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},` + a + `,` + b + `]}`,
		"malformed_key_published":    `{"keys":[{"kty":"RSA","kid":"malformed","use":"sig","alg":"RS256","n":"%%%not base64%%%","e":65537},` + a + `,` + b + `]}`,
		"symmetric_key_published":    `{"keys":[{"kty":"oct","kid":"symmetric","use":"sig","alg":"HS256","k":"c2VjcmV0LXRoYXQtaXMtbm9uZS1hdC1hbGwtYW55bW9yZQ"},` + a + `,` + b + `]}`,
		"key_of_number_id":           `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":7,"use":"sig","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},` + a + `,` + b + `]}`,
		"rsa_exponent_one":           `{"keys":[{"alg":"RS256","e":"AQ","kid":"a","kty":"RSA","use":"sig"},` + b + `]}`,
		"keys_bare":                  `{"keys":[{"e":"AQAB","kty":"RSA"},{"kty":"OKP"}]}`,
		"keys_under_other_ids":       `{"keys":[{"alg":"RS256","e":"AQAB","kid":"b","kty":"RSA","use":"sig"},{"kid":"a","kty":"OKP","use":"sig"}]}`,
		"keys_for_encryption_only":   `{"keys":[{"alg":"RS256","e":"AQAB","kid":"a","kty":"RSA","use":"enc"},{"kid":"b","kty":"OKP","use":"enc"}]}`,
		"new_key_published_late":     `{"keys":[{"alg":"RS256","e":"AQAB","kid":"mockoauth-fault-old-key-0","kty":"RSA","use":"sig"},{"kid":"mockoauth-fault-old-key-1","kty":"OKP","use":"sig"}]}`,
		"encryption_key_of_same_id": `{"keys":[` +
			`{"kty":"EC","crv":"P-256","use":"enc","alg":"ECDH-ES","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},` + a + `,` +
			`{"kty":"EC","crv":"P-256","use":"enc","alg":"ECDH-ES","kid":"b","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},` + b + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, _ := answered(t, name, fault.JWKS, httptest.NewRequest(http.MethodGet, "/jwks", nil), answering(200, "application/json", `{"keys":[`+a+`,`+b+`]}`))
			NewWithT(t).Expect(answer.Body.String()).To(MatchJSON(want))
		})
	}
	answer, _ := answered(t, "keys_under_other_ids", fault.JWKS, httptest.NewRequest(http.MethodGet, "/jwks", nil), answering(200, "application/json", `{"keys":[`+b+`]}`))
	NewWithT(t).Expect(answer.Body.String()).To(MatchJSON(`{"keys":[{"kid":"mockoauth-fault-no-such-key","kty":"OKP","use":"sig"}]}`))
}

// The second time that it is asked, the provider publishes what it signs with.
func TestNewKeyIsPublishedInTheEnd(t *testing.T) {
	t.Parallel()
	f, _ := fault.Named("new_key_published_late")
	box := &fault.Box{}
	box.Inject(f)
	var kids []string
	for range 3 {
		r := httptest.NewRequest(http.MethodGet, "/jwks", nil)
		answer := httptest.NewRecorder()
		fault.NewDraw(box.Draw(fault.JWKS, ""), r, fault.JWKS, known()).Serve(answering(200, "application/json", `{"keys":[{"kid":"a"}]}`), answer, r)
		var set struct{ Keys []struct{ Kid string } }
		NewWithT(t).Expect(json.Unmarshal(answer.Body.Bytes(), &set)).To(Succeed())
		kids = append(kids, set.Keys[0].Kid)
	}
	NewWithT(t).Expect(kids).To(Equal([]string{"mockoauth-fault-old-key-0", "a", "a"}))
}
