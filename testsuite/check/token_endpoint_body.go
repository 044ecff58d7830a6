package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

func refusesJSON(t *T) {
	basic := t.clientBy(AuthBasic) // whose secret is in no body
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	body := map[string]string{"grant_type": "client_credentials"}
	if plain := plainScopes(basic); len(plain) > 0 {
		body["scope"] = plain[0]
	}
	text, _ := json.Marshal(body) // of strings
	expectUnsupportedBody(t, t.Ask("token", InHeader(basic), Body("application/json", string(text))))
}

func refusesMultipart(t *T) {
	basic := t.clientBy(AuthBasic)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", InHeader(basic), Params(form))).To(BeToken())

		form = t.scoped(form, basic)
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name := range form {
			_ = parts.WriteField(name, form.Get(name)) // into memory: cannot fail
		}
		_ = parts.Close()
		expectUnsupportedBody(t, t.Ask("token", InHeader(basic), Body(parts.FormDataContentType(), body.String())))
	}
}

// expectUnsupportedBody expects 415, whose body no specification describes, or invalid_request.
func expectUnsupportedBody(t *T, answer Answer) {
	t.Expect(answer).To(HaveStatus(400, 415))
	t.Expect(answer).To(HaveNoMember("access_token"))
	if answer.Status == http.StatusBadRequest {
		t.Expect(answer).To(BeRefused(400, "invalid_request"))
	}
}

func servesCharset(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())
		answer := t.Ask("token", As(main), Params(form), Header("Content-Type", formType+"; charset=UTF-8"))
		t.Expect(answer).To(BeToken(), "a charset parameter must make no difference")
	}
}

func refusesEmptyBody(t *T) {
	basic := t.clientBy(AuthBasic)
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	t.Expect(t.Ask("token", InHeader(basic), EncodedForm(""))).To(BeRefused(400, "invalid_request"))
}

func refusesQueryParameters(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())
		answer := t.Ask("token", As(main), Query(t.scoped(form, main)))
		t.Expect(answer).To(BeRefused(400, "invalid_request"), "grant_type=%s", form.Get("grant_type"))
	}
}

func refusesBrokenEncoding(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		form = t.scoped(form, main)
		t.Expect(t.Ask("token", As(main), EncodedForm(form.Encode()))).To(BeToken())
		for _, broken := range []string{"scope=%zz", "scope=%", "sc%4=x"} {
			answer := t.Ask("token", As(main), EncodedForm(form.Encode()+"&"+broken))
			t.Expect(answer).To(BeRefused(400, "invalid_request"), "a form that ends with %s cannot be decoded", broken)
		}
	}
}

func decodesForms(t *T) {
	main, odd := t.Client(Main), t.User(OddUser)
	form := t.scoped(url.Values{"grant_type": {"password"}, "username": {odd.Username}, "password": {odd.Password}}, main)
	body := form.Encode()
	t.Expect(t.Ask("token", As(main), EncodedForm(body))).To(BeToken(), "sent as %s", body)

	// a form is decoded with %20 for a space as well, though none is written so
	body = strings.ReplaceAll(body, "+", "%20")
	t.Expect(t.Ask("token", As(main), EncodedForm(body))).To(BeToken(), "sent as %s", body)

	form.Set("password", odd.Password+"+")
	t.expectNoToken(t.Ask("token", As(main), Params(form)), "the password has a character too many")
}

// refusesLargeBody takes a connection that breaks for a refusal: a server may hang up
// before it has read all (RFC 9110 §15.5.14), and the answer is then lost as often as not.
func refusesLargeBody(t *T) {
	main := t.Client(Main)
	const size = 2 << 20 // bytes
	t.Expect(t.ClientCredentials(As(main), Param("padding", "a"))).To(BeToken())

	answer, err := t.attempt("token", Param("grant_type", "client_credentials"), As(main), Param("padding", strings.Repeat("a", size)))
	var late interface{ Timeout() bool }
	if errors.As(err, &late) && late.Timeout() {
		t.Fatalf("%v", err)
	}
	if answer.Status != 0 {
		t.Expect(answer).To(HaveStatus(413, 400))
		t.Expect(answer).To(HaveNoMember("access_token"))
	}
	t.Expect(t.ClientCredentials(As(main))).To(BeToken(), "the next request must be served")
}
