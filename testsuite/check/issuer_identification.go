package check

import (
	"net/url"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// issuerIdentification is how a client knows who answers it.
func issuerIdentification() Section {
	return Section{Letter: "Y", Title: "Issuer identification", Checks: []Check{
		Must("IS-01", "sends its issuer with a code", "RFC 9207 §2; RFC 9207 §2.4", sendsIssuer).
			If(AuthorizationCode, IssParameter).Breaks(&fault.IssMissing, &fault.IssOfAnother, &fault.IssForeign),
		Must("IS-02", "sends its issuer with an error", "RFC 9207 §2", sendsIssuerWithError).
			If(AuthorizationCode, IssParameter).Breaks(&fault.IssMissingInErrors, &fault.IssOfAnother),
		Must("IS-03", "advertises iss in responses if and only if it sends it", "RFC 9207 §3; RFC 9207 §2.4", advertisesIssuerTruly).
			If(AuthorizationCode, Discovery).Breaks(&fault.IssNotAdvertised, &fault.IssMissing),
		Must("IS-04", "sends its issuer in the fragment and by form_post too", "RFC 9207 §2", sendsIssuerInEveryMode).
			If(AuthorizationCode, IssParameter).Breaks(&fault.IssInQueryOnly),
	}}
}

func sendsIssuer(t *T) {
	r := t.authorized(t.Client(Main), nil)
	t.Expect(r.Params["iss"]).To(Equal([]string{t.Issuer}), "iss:\n%s", r)
}

func sendsIssuerWithError(t *T) {
	main := t.Client(Main)
	t.authorized(main, nil)
	r := t.Authorize(main, url.Values{"response_type": {"foo"}})
	t.Expect(r).To(BeSentBackForResponseType())
	t.Expect(r.Params["iss"]).To(Equal([]string{t.Issuer}), "iss:\n%s", r)
}

func advertisesIssuerTruly(t *T) {
	r := t.authorized(t.Client(Main), nil)
	t.Expect(r.Params.Has("iss")).To(Equal(t.claims(IssParameter)),
		"whether iss is there, which authorization_response_iss_parameter_supported must tell:\n%s", r)
}

func sendsIssuerInEveryMode(t *T) {
	main := t.Client(Main)
	tried := 0
	for mode, feature := range map[string]Feature{ModeFragment: FragmentMode, ModeFormPost: FormPost} {
		if !t.claims(feature) {
			continue
		}
		r := t.authorized(main, url.Values{"response_mode": {mode}})
		t.Expect(r.Mode).To(Equal(mode), "how the client is answered:\n%s", r)
		t.Expect(r.Params["iss"]).To(Equal([]string{t.Issuer}), "iss by %s:\n%s", mode, r)
		tried++
	}
	if tried == 0 {
		t.Skip("the target advertises neither fragment nor form_post in response_modes_supported")
	}
}
