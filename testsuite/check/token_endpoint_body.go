package check

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

func refusesJSON(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	expectUnsupportedBody(t, t.Ask("token", As(main), Body("application/json", `{"grant_type":"client_credentials"}`)))
}

func refusesMultipart(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())

		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name := range form {
			_ = parts.WriteField(name, form.Get(name)) // into memory: cannot fail
		}
		_ = parts.Close()
		expectUnsupportedBody(t, t.Ask("token", As(main), Body(parts.FormDataContentType(), body.String())))
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
		answer := t.Ask("token", As(main), Body("application/x-www-form-urlencoded; charset=UTF-8", form.Encode()))
		t.Expect(answer).To(BeToken(), "a charset parameter must make no difference")
	}
}

func refusesEmptyBody(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.Ask("token", As(main), EncodedForm(""))).To(BeRefused(400, "invalid_request"))
}

func refusesQueryParameters(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())
		answer := t.Ask("token", As(main), Query(form), EncodedForm(""))
		t.Expect(answer).To(BeRefused(400, "invalid_request"), "grant_type=%s", form.Get("grant_type"))
	}
}

func refusesBrokenEncoding(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), EncodedForm(form.Encode()))).To(BeToken())
		for _, broken := range []string{"scope=%zz", "scope=%", "sc%4=x"} {
			answer := t.Ask("token", As(main), EncodedForm(form.Encode()+"&"+broken))
			t.Expect(answer).To(BeRefused(400, "invalid_request"), "a form that ends with %s cannot be decoded", broken)
		}
	}
}

func decodesForms(t *T) {
	main, odd := t.Client(Main), t.User(OddUser)
	form := url.Values{"grant_type": {"password"}, "username": {odd.Username}, "password": {odd.Password}}
	body := form.Encode()
	t.Expect(t.Ask("token", As(main), EncodedForm(body))).To(BeToken(), "sent as %s", body)

	// a form is decoded with %20 for a space as well, though none is written so
	body = strings.ReplaceAll(body, "+", "%20")
	t.Expect(t.Ask("token", As(main), EncodedForm(body))).To(BeToken(), "sent as %s", body)

	form.Set("password", odd.Password+"+")
	t.Expect(t.Ask("token", As(main), Params(form))).To(BeRefused(400, "invalid_grant"), "the password has a character too many")
}

func refusesLargeBody(t *T) {
	main := t.Client(Main)
	const size = 2 << 20 // bytes
	t.Expect(t.ClientCredentials(As(main), Param("padding", "a"))).To(BeToken())

	answer := t.ClientCredentials(As(main), Param("padding", strings.Repeat("a", size)))
	t.Expect(answer).To(HaveStatus(413, 400))
	t.Expect(answer).To(HaveNoMember("access_token"))
	t.Expect(t.ClientCredentials(As(main))).To(BeToken(), "the next request must be served")
}
