package fault

import (
	"net/http"
	"slices"
)

func revocationAnswers() []Fault {
	return slices.Concat(
		advised("takes the token for alive, and asks once more after Retry-After", &RevocationUnavailable),
		advised("takes the token for alive, and asks again later: to revoke twice does no harm",
			&RevocationInternalError, &RevocationDropped, &RevocationAnswerLost),
		advised("takes 200 for done, and reads nothing else", &RevocationAsPage, &RevocationTalks),
		advised("forgets the token, and reports that it cannot be revoked", &RevocationTypeUnsupported),
	)
}

// RevocationUnavailable is down.
var RevocationUnavailable = Fault{
	Name: "revocation_unavailable", Clause: "RFC 7009 §2.2.1", At: []string{Revocation},
	Says: "answers 503 and Retry-After: 2 to a revocation, and revokes nothing",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}

// RevocationInternalError breaks.
var RevocationInternalError = Fault{
	Name: "revocation_internal_error", Clause: "RFC 9110 §15.6.1", At: []string{Revocation},
	Says: "answers 500 to a revocation, and revokes nothing",
	Wire: page(http.StatusInternalServerError),
}

// RevocationDropped hangs up.
var RevocationDropped = Fault{
	Name: "revocation_dropped", Clause: "RFC 9112 §9.6", At: []string{Revocation},
	Says: "closes the connection when it is asked to revoke, and revokes nothing",
	Wire: Drop(),
}

// RevocationAnswerLost revokes, and its answer gets lost.
var RevocationAnswerLost = Fault{
	Name: "revocation_answer_lost", Clause: "RFC 9112 §9.6", At: []string{Revocation},
	Says: "revokes the token, and closes the connection without an answer",
	Wire: Lose(),
}

// RevocationAsPage answers a page, which means nothing.
var RevocationAsPage = Fault{
	Name: "revocation_as_page", Clause: "RFC 7009 §2.2", At: []string{Revocation},
	Says: "revokes the token, and answers 200 and a page",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Page(s.Status, aPage)
		}
	},
}

// RevocationTalks answers an error that is none, which means nothing.
var RevocationTalks = Fault{
	Name: "revocation_talks", Clause: "RFC 7009 §2.2", At: []string{Revocation},
	Says: "revokes the token, and answers 200 with an error in the body",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.SetObject(map[string]any{"error": "invalid_token", "revoked": false})
		}
	},
}

// RevocationTypeUnsupported cannot revoke what it issued.
var RevocationTypeUnsupported = Fault{
	Name: "revocation_type_unsupported", Clause: "RFC 7009 §2.2.1", At: []string{Revocation},
	Says: "refuses every revocation with unsupported_token_type",
	Wire: refusing(http.StatusBadRequest, "unsupported_token_type"),
}
