package record_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// FuzzMasked puts a secret everywhere, in all its spellings and between any
// bytes, and finds it nowhere in what is exported.
func FuzzMasked(f *testing.F) {
	for _, secret := range []string{"demo-secret", "p%41w+d:x/=é", `a"b\c<d>&e`, "caf\u00e9", "\xff\xfe\xfd\xfc", "    ", "====", "(12)", "…(4)", someToken, "\r\n\r\n", "password", `\u0041`, "%%%%", "&amp;"} {
		f.Add(secret, "a=1&", "&b=2")
		f.Add(secret, `{"password":"`, `"}`)
		f.Add(secret, `<input name="code" value="`, `">`)
		f.Add(secret, "%", "\\")
	}
	f.Add("demo\x85sesame", "\x82%", "=")         // %de is an escape, too
	f.Add("p\x04\x04\x04%/=\xc3", "\xcd", "\x7f") // what is hidden may be half a character
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len(secret) < 4 {
			t.Skip("too short to be hidden by value")
		}
		spelt := spellings(secret)
		g := NewWithT(t)
		for _, headers := range [][]string{{"Location", "X-Any"}, {"Authorization", "Cookie", "Set-Cookie"}} { // the second alone gives whole words away
			masked := everywhere(spelt, before, after, headers).Masked(secret)
			for _, said := range saidBy(g, masked) {
				for _, spelling := range spelt {
					if strings.Contains(said, spelling) {
						t.Fatalf("%q is in %q", spelling, said)
					}
				}
			}
		}
	})
}

func spellings(secret string) []string {
	escaped := url.QueryEscape(secret)
	return []string{
		secret, escaped, strings.ReplaceAll(escaped, "+", "%20"), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.RawURLEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("id:" + secret)),
		base64.StdEncoding.EncodeToString([]byte("id:" + escaped)),
		base64.RawURLEncoding.EncodeToString([]byte("x:" + secret + "}")),
	}
}

// everywhere has each of the words in each place that a client fills.
func everywhere(words []string, before, after string, headers []string) record.Exchange {
	x := record.Exchange{Status: http.StatusBadRequest, Error: "invalid_request", Request: record.Request{Header: http.Header{}}, Response: record.Response{Header: http.Header{}}}
	for _, word := range words {
		put := before + word + after
		for _, place := range []*string{&x.Issuer, &x.Method, &x.Path, &x.Client, &x.Grant, &x.User, &x.Scope, &x.Detail, &x.Reason, &x.Request.Host, &x.Request.URI} {
			*place += put
		}
		for _, name := range append(headers[:len(headers):len(headers)], put) {
			x.Request.Header[name] = append(x.Request.Header[name], put)
			x.Response.Header[name] = append(x.Response.Header[name], put)
		}
		x.Request.Body = append(x.Request.Body, put...)
		x.Response.Body = append(x.Response.Body, put...)
	}
	return x
}

// saidBy is all that the JSON of x has from outside; its bodies as they are.
func saidBy(g Gomega, x record.Exchange) (said []string) {
	object := written(g, x)
	for _, side := range []string{"request", "response"} {
		half := object[side].(map[string]any)
		body, _ := half["body"].(string)
		if half["body_encoding"] == "base64" {
			raw, err := base64.StdEncoding.DecodeString(body)
			g.Expect(err).NotTo(HaveOccurred())
			body = string(raw)
		}
		said = append(said, body)
		for _, member := range []string{"host", "uri"} {
			word, _ := half[member].(string)
			said = append(said, word)
		}
		header, _ := half["header"].(map[string]any)
		for name, values := range header {
			said = append(said, name)
			for _, value := range values.([]any) {
				said = append(said, value.(string))
			}
		}
	}
	for _, member := range []string{"issuer", "method", "path", "client", "grant", "user", "scope", "detail", "reason", "error"} {
		word, _ := object[member].(string)
		said = append(said, word)
	}
	return said
}

// FuzzExports reads what JSON and HAR make of any bytes.
func FuzzExports(f *testing.F) {
	f.Add("POST", "/token?a=%zz&&b", "Content-Type", "application/x-www-form-urlencoded", []byte("a=1\r\n&b=\xff"))
	f.Add("GET", "http://x/y?q", "Cookie", "a=b; c; =d;;", []byte(nil))
	f.Add("", "*", "Set-Cookie", "a=b; Expires=never; path", []byte("\xe2\x80"))
	f.Fuzz(func(t *testing.T, method, uri, name, value string, body []byte) {
		g := NewWithT(t)
		header := http.Header{name: {value}}
		x := record.Exchange{Method: method, Request: record.Request{URI: uri, Header: header, Body: body, Cut: true}, Response: record.Response{Header: header, Body: body}}
		written(g, x)
		raw, err := record.HAR(record.Exchanges{x, x.Masked(value)}, "mockoauth 1")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(json.Valid(raw)).To(BeTrue())
	})
}
