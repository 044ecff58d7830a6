package fault

import (
	"net/url"
	"regexp"
	"slices"
)

func authorizationIssuer() []Fault {
	return slices.Concat(
		advised(sendsCodeNowhere, &IssMissing, &IssMissingInErrors, &IssOfAnother, &IssInQueryOnly),
		advised("compares iss also where none was promised", &IssNotAdvertised),
	)
}

// issField is iss in the form of form_post.
var issField = regexp.MustCompile(`<input [^>]*name="iss"[^>]*>`)

// IssMissing advertises iss in authorization responses and sends none.
var IssMissing = Fault{
	Name: "iss_missing", Clause: "RFC 9207 §2", At: []string{Authorization},
	Says: "sends no iss to the client",
	Say: func(s *Said) {
		s.EditRedirection(func(parameters url.Values) { parameters.Del("iss") })
		s.Body = issField.ReplaceAll(s.Body, nil)
	},
}

// IssMissingInErrors forgets that errors are authorization responses too.
var IssMissingInErrors = Fault{
	Name: "iss_missing_in_errors", Clause: "RFC 9207 §2", At: []string{Authorization},
	Says: "sends no iss with an error",
	Say: func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Has("error") {
				parameters.Del("iss")
			}
		})
	},
}

// IssOfAnother sends an iss that is not quite the issuer.
var IssOfAnother = Fault{
	Name: "iss_of_another", Clause: "RFC 9207 §2.4", At: []string{Authorization},
	Says: "sends an iss with a slash more than the issuer",
	Say: func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Has("iss") {
				parameters.Set("iss", parameters.Get("iss")+"/")
			}
		})
	},
}

// IssInQueryOnly knows one response mode only.
var IssInQueryOnly = Fault{
	Name: "iss_in_query_only", Clause: "RFC 9207 §2", At: []string{Authorization},
	Says: "sends no iss in the fragment and by form_post",
	Hear: noteAuthorization,
	Say: func(s *Said) {
		s.Body = issField.ReplaceAll(s.Body, nil)
		if s.Heard.Notes["response_mode"] == "fragment" {
			s.EditRedirection(func(parameters url.Values) { parameters.Del("iss") })
		}
	},
}

// IssNotAdvertised sends iss and does not say so, whereupon clients discard it.
var IssNotAdvertised = Fault{
	Name: "iss_not_advertised", Clause: "RFC 9207 §3", At: []string{Metadata, Discovery},
	Says: "sends iss to the client and does not advertise it",
	Say: editServed(func(document map[string]any) {
		delete(document, "authorization_response_iss_parameter_supported")
	}),
}
