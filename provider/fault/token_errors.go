package fault

import (
	"net/http"
	"slices"
	"strings"
)

func tokenErrors() []Fault {
	return slices.Concat(
		advised("reports the status where it finds no error code",
			&ErrorPageCalledJSON, &ErrorAsPage, &ErrorIsObject, &ErrorsInList, &ErrorMissing),
		advised(treatsAsData, &ErrorDescriptionHostile, &ErrorDescriptionLarge),
		advised("opens no error_uri by itself", &ErrorURIOfScript),
		advised("reads the challenges that it knows, and goes by the error code", &ChallengesInList),
		advised("reports the refusal, and leaves nothing out of its request by itself", &ScopeRefused),
		advised("reports the refusal, and does not send the password again", &InteractionDemanded),
		advised("reports invalid_client, and asks only when somebody gave it another secret", &ClientForgotten),
		advised("drops the code, and starts anew when the user asks", &CodesRefused),
	)
}

// editRefusal changes an error of OAuth.
func editRefusal(edit func(object map[string]any)) func(*Said) {
	return func(s *Said) {
		if s.Status >= http.StatusBadRequest {
			s.Edit(edit)
		}
	}
}

// ErrorPageCalledJSON refuses with a page, and calls it JSON.
var ErrorPageCalledJSON = Fault{
	Name: "error_page_called_json", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "refuses with a page, and calls it application/json",
	Say: func(s *Said) {
		if s.Status >= http.StatusBadRequest {
			s.Body = []byte(aPage)
		}
	},
}

// ErrorAsPage refuses with a page.
var ErrorAsPage = Fault{
	Name: "error_as_page", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "refuses with a page",
	Say: func(s *Said) {
		if s.Status >= http.StatusBadRequest {
			s.Page(s.Status, aPage)
		}
	},
}

// ErrorIsObject has the error code in an object, as Facebook has.
var ErrorIsObject = Fault{
	Name: "error_is_object", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "says an object for error",
	Say: editRefusal(func(object map[string]any) {
		object["error"] = map[string]any{"code": object["error"], "message": object["error_description"]}
		delete(object, "error_description")
	}),
}

// ErrorsInList has a list of errors.
var ErrorsInList = Fault{
	Name: "errors_in_list", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "says a list errors, and no error",
	Say: editRefusal(func(object map[string]any) {
		object["errors"] = []any{map[string]any{"code": object["error"]}}
		delete(object, "error")
	}),
}

// ErrorMissing refuses without a word.
var ErrorMissing = Fault{
	Name: "error_missing", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "refuses with an empty object",
	Say:  editRefusal(func(object map[string]any) { clear(object) }),
}

// ErrorDescriptionHostile says what a log or a page should not take as it comes.
var ErrorDescriptionHostile = Fault{
	Name: "error_description_hostile", Clause: "RFC 6749 App. A.8", At: []string{Token, Introspection, Revocation},
	Says: "says a script, quotes, line breaks and an escape of terminals in error_description",
	Say: editRefusal(func(object map[string]any) {
		object["error_description"] = "<script>alert(1)</script>\"'\r\n2026-01-01 INFO login of admin\n\x1b[2Jé\u202e"
	}),
}

// ErrorDescriptionLarge has a lot to say.
var ErrorDescriptionLarge = Fault{
	Name: "error_description_large", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "says an error_description of 64 kB that repeats itself, with a tab between",
	Say: editRefusal(func(object map[string]any) {
		object["error_description"] = strings.Repeat("no, and again no\t", 4096)
	}),
}

// ErrorURIOfScript says a page that is a program.
var ErrorURIOfScript = Fault{
	Name: "error_uri_of_script", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "says a javascript: URI for error_uri, with quotes and spaces in it",
	Say:  editRefusal(func(object map[string]any) { object["error_uri"] = `javascript:alert("read" + 1)` }),
}

// ChallengesInList has several challenges in one header, as it may.
var ChallengesInList = Fault{
	Name: "challenges_in_list", Clause: "RFC 9110 §11.6.1", At: []string{Token, Introspection, Revocation},
	Says: "answers 401 with several challenges in one WWW-Authenticate, and a comma in a realm",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Header.Set("WWW-Authenticate", `Newauth realm="a, b", title="say \"x\"", Basic realm="c", Bearer error="x"`)
		}
	},
}

// ScopeRefused cannot bear a scope.
var ScopeRefused = Fault{
	Name: "scope_refused", Clause: "RFC 6749 §3.3", At: []string{Token},
	Says: "refuses with invalid_request whatever has a scope",
	Hear: noteRequest,
	Say:  refuseNoted("scope", http.StatusBadRequest, "invalid_request"),
}

// InteractionDemanded wants a second factor of a user who came by password.
var InteractionDemanded = Fault{
	Name: "interaction_demanded", Clause: "RFC 6749 §4.3.2", At: []string{Token},
	Says: "refuses every password with interaction_required",
	Hear: noteRequest,
	Say:  refuseNoted("password", http.StatusBadRequest, "interaction_required"),
}

// ClientForgotten knows no client.
var ClientForgotten = Fault{
	Name: "client_forgotten", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "refuses every client with 401 invalid_client",
	Wire: refusing(http.StatusUnauthorized, "invalid_client", "WWW-Authenticate", `Basic realm="fault"`),
}

// CodesRefused redeems no code.
var CodesRefused = Fault{
	Name: "codes_refused", Clause: "RFC 6749 §4.1.4", At: []string{Token},
	Says: "refuses every code with invalid_grant",
	Hear: func(h *Heard) { h.Notes["code"] = grantForm(h).Get("code") },
	Say:  refuseNoted("code", http.StatusBadRequest, "invalid_grant"),
}
