package record_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

func TestSecretsAreWhatStandsUnderASecretsName(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	xs := record.Exchanges{
		{
			Request: record.Request{
				URI:    "https://op.example/authorize?client_id=web&code=a%2Bcode",
				Header: http.Header{"Authorization": {basic("web:web-secret")}, "Cookie": {"s=0123456789abcdef"}},
				Body:   []byte("username=alice&password=wonderland&token=abc&grant_type=password"),
			},
			Response: record.Response{Body: []byte(`{"access_token":"opaque-token","refresh_token":"alice-2"}`)},
		},
		{Request: record.Request{Body: []byte("username=alice-2&password=wonderland")}},
	}
	g.Expect(xs.Secrets()).To(Equal([]string{"0123456789abcdef", "a+code", "opaque-token", "web-secret", "wonderland"}))
	g.Expect(string(xs[0].Response.Body)).To(ContainSubstring("opaque-token"), "they are only looked at")
	g.Expect(record.Exchanges{}.Secrets()).To(BeEmpty())
}

func TestMaskedText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a URL in a sentence":   {"sent to https://app.example/cb?code=abcdef&state=x, not here", "sent to https://app.example/cb?code=…(6)&state=x, not here"},
		"JSON":                  {"expected\n{\"access_token\":\"abcdefgh\",\"scope\":\"a\"}", "expected\n{\"access_token\":\"…(8)\",\"scope\":\"a\"}"},
		"a value it had before": {`{"code":"abcdefgh"} is not abcdefgh`, `{"code":"…(8)"} is not …(8)`},
		"an input":              {`<input name="code" value="abcdefgh">`, `<input name="code" value="…(8)">`},
		"a given one":           {"the secret hunter22 was taken", "the secret …(8) was taken"},
		"a given one, escaped":  {`p%2B1%22q and "p+1\"q" and p&#43;1&quot;q`, `…(5) and "…(5)" and …(5)`},
		"inside Base64":         {"Basic " + base64.StdEncoding.EncodeToString([]byte("web:hunter22")), "Basic d2ViOm…(10)"},
		"what is no secret":     {"expected 400, not 200 OK", "expected 400, not 200 OK"},
		"masked before":         {"code=…(6) and …(8)", "code=…(6) and …(8)"},
		"not UTF-8":             {"a\xff code=abcdef", "aÿ code=…(6)"},
		"empty":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			NewWithT(t).Expect(record.MaskedText(c.text, "hunter22", `p+1"q`)).To(Equal(c.want))
		})
	}
}
