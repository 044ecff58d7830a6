package fault

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func tokenEndpointAnswers() []Fault {
	return slices.Concat(
		advised("reads JSON whatever it is called or refuses the answer, and never takes it for a form", &TextForJSON),
		advised("reports the status, and shows of the body what is safe to show", &ErrorAsText),
		advised("keeps the answer from every cache by itself", &Cacheable, &PragmaMissing),
		advised(refusesToken, &AccessTokenEmpty, &AccessTokenBeyondASCII),
		advised("cannot notice it: tokens are opaque to a client", &AccessTokenRepeated, &AccessTokenGuessable),
		advised(knowsNoType, &TokenTypeMissing, &TokenTypeInvented),
		advised("takes an empty scope for one that is not said", &EmptyScopeSaid),
		advised("takes an answer without an access token for a refusal, whatever its status", &RefusalWith200),
		advised("passes on an error code that it does not know", &ErrorCodeInvented),
		advised(treatsAsData, &RequestEchoed),
		advised("opens no error_uri by itself", &ErrorURIWithSpace),
		advised("has the user log in again: it cannot know better", &StoreFailureBlamedOnGrant),
	)
}

// TextForJSON calls its JSON plain text.
var TextForJSON = Fault{
	Name: "text_for_json", Clause: "RFC 6749 §5.1", At: []string{Token, Introspection, Revocation},
	Says: "calls its JSON text/plain",
	Say: func(s *Said) {
		if s.Object() != nil {
			s.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	},
}

// ErrorAsText answers errors in words.
var ErrorAsText = Fault{
	Name: "error_as_text", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers errors in plain text",
	Say: func(s *Said) {
		if s.Status >= http.StatusBadRequest {
			s.Body = []byte(http.StatusText(s.Status))
			s.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	},
}

// Cacheable does not say that its answers must not be kept.
var Cacheable = Fault{
	Name: "cacheable", Clause: "RFC 6749 §5.1", At: []string{Token, Introspection, Revocation},
	Says: "lets caches keep its answers: no Cache-Control: no-store",
	Say:  func(s *Said) { s.Header.Del("Cache-Control") },
}

// PragmaMissing leaves out the header for caches of HTTP/1.0.
var PragmaMissing = Fault{
	Name: "pragma_missing", Clause: "RFC 6749 §5.1", At: []string{Token, Introspection, Revocation},
	Says: "leaves out Pragma: no-cache",
	Say:  func(s *Said) { s.Header.Del("Pragma") },
}

// AccessTokenEmpty grants a token of no characters.
var AccessTokenEmpty = Fault{
	Name: "access_token_empty", Clause: "RFC 6749 App. A.12", At: []string{Token},
	Says: "answers an empty access_token",
	Say:  func(s *Said) { editToken(s, func(string) string { return "" }) },
}

// AccessTokenBeyondASCII grants a token that fits in no Authorization header.
var AccessTokenBeyondASCII = Fault{
	Name: "access_token_beyond_ascii", Clause: "RFC 6749 App. A.12", At: []string{Token},
	Says: "puts a character outside ASCII in its access tokens",
	Say:  func(s *Said) { editToken(s, func(token string) string { return token + "é" }) },
}

// AccessTokenRepeated grants a client the access token of its first request again and again.
var AccessTokenRepeated = Fault{
	Name: "access_token_repeated", Clause: "RFC 6749 §10.10", At: []string{Token},
	Says: "answers a client's every request with the same access token",
	Hear: func(h *Heard) { h.Notes["client"] = h.ClientID() },
	Say: func(s *Said) {
		editToken(s, func(token string) string {
			if first, ok := s.Heard.Memory.Recall(s.Heard.Notes["client"]); ok {
				return first
			}
			s.Heard.Memory.Remember(s.Heard.Notes["client"], token)
			return token
		})
	},
}

// AccessTokenGuessable grants access tokens of 32 bits.
var AccessTokenGuessable = Fault{
	Name: "access_token_guessable", Clause: "RFC 6749 §10.10", At: []string{Token},
	Says: "makes access tokens of 32 bits, which can be guessed",
	Say: func(s *Said) {
		editToken(s, func(token string) string {
			sum := sha256.Sum256([]byte(token))
			return "at-" + hex.EncodeToString(sum[:4])
		})
	},
}

// editToken changes the access_token of a token response.
func editToken(s *Said, edit func(token string) string) {
	s.Edit(func(object map[string]any) {
		if token, ok := object["access_token"].(string); ok && s.Succeeded() {
			object["access_token"] = edit(token)
		}
	})
}

// TokenTypeMissing does not say how a token is used.
var TokenTypeMissing = Fault{
	Name: "token_type_missing", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "leaves out token_type",
	Say:  func(s *Said) { s.Edit(func(object map[string]any) { delete(object, "token_type") }) },
}

// TokenTypeInvented uses a token type that nobody registered, as Apigee does.
var TokenTypeInvented = Fault{
	Name: "token_type_invented", Clause: "RFC 6749 §7.1", At: []string{Token},
	Says: "answers the token_type BearerToken",
	Say: func(s *Said) {
		s.Edit(func(object map[string]any) {
			if object["token_type"] != nil {
				object["token_type"] = "BearerToken"
			}
		})
	},
}

// EmptyScopeSaid grants nothing and says so by an empty scope, as fosite does.
var EmptyScopeSaid = Fault{
	Name: "empty_scope_said", Clause: "RFC 6749 App. A.4", At: []string{Token},
	Says: `answers "scope":"" to a request without scope`,
	Hear: func(h *Heard) {
		if h.IsForm() && h.Form().Get("scope") == "" {
			h.Notes["no scope"] = "yes"
		}
	},
	Say: func(s *Said) {
		if s.Succeeded() && s.Heard.Notes["no scope"] != "" {
			s.Edit(func(object map[string]any) { object["scope"] = "" })
		}
	},
}

// RefusalWith200 refuses with the status of success, as GitHub does.
var RefusalWith200 = Fault{
	Name: "refusal_with_200", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers a refusal with the status 200",
	Say: func(s *Said) {
		if !s.Succeeded() && s.Object() != nil {
			s.Status = http.StatusOK
		}
	},
}

// ErrorCodeInvented refuses with error codes that no registry knows, as fosite does.
var ErrorCodeInvented = Fault{
	Name: "error_code_invented", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "refuses with error codes of its own: scope_not_granted, token_inactive",
	Say: func(s *Said) {
		s.Edit(func(object map[string]any) {
			switch object["error"] {
			case "invalid_scope":
				object["error"] = "scope_not_granted"
			case "invalid_grant":
				object["error"] = "token_inactive"
			}
		})
	},
}

// RequestEchoed repeats the request in error_description as it came.
var RequestEchoed = Fault{
	Name: "request_echoed", Clause: "RFC 6749 §5.2", At: []string{Token, Authorization},
	Says: "repeats scope, grant_type and response_type in error_description as they came, whatever they contain",
	Hear: func(h *Heard) {
		form := h.Parameters()
		h.Notes["echo"] = strings.ToValidUTF8(form.Get("grant_type")+form.Get("response_type")+" "+form.Get("scope"), "�")
	},
	Say: func(s *Said) {
		if s.Succeeded() {
			return
		}
		words := "cannot serve this: " + s.Heard.Notes["echo"]
		s.EditRedirection(func(parameters url.Values) {
			if parameters.Has("error") {
				parameters.Set("error_description", words)
			}
		})
		s.Edit(func(object map[string]any) { object["error_description"] = words })
	},
}

// ErrorURIWithSpace answers an error_uri that is none.
var ErrorURIWithSpace = Fault{
	Name: "error_uri_with_space", Clause: "RFC 6749 §5.2", At: []string{Token, Introspection, Revocation},
	Says: "answers an error_uri with a space in it",
	Say: func(s *Said) {
		if s.Succeeded() {
			return
		}
		s.Edit(func(object map[string]any) { object["error_uri"] = "https://docs.example/token errors" })
	},
}

// StoreFailureBlamedOnGrant takes a failing store for one in which nothing was found.
var StoreFailureBlamedOnGrant = Fault{
	Name: "store_failure_blamed_on_grant", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers invalid_grant when its storage fails",
	Say: func(s *Said) {
		if s.Status >= http.StatusInternalServerError {
			s.Refuse(http.StatusBadRequest, "invalid_grant")
		}
	},
}
