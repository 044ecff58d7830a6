package fault

import (
	"net/http"
	"slices"
	"time"
)

func tokenEndpointWire() []Fault {
	return slices.Concat(
		advised("ends by a timeout of its own, and reports it", &TokenDelayed, &TokenDrips),
		advised("reports it, and sends no code and no refresh token a second time", &TokenDropped, &TokenAnswerLost),
		advised(refusesAnswer, &TokenCutInBody, &TokenTruncated, &TokenLengthOverstated, &TokenLengthUnderstated),
		advised("reads the whole answer, however it comes", &TokenInSmallChunks),
		advised("waits for the final answer", &TokenEarlyHints),
	)
}

// TokenDelayed takes its time, by the provider's clock.
var TokenDelayed = Fault{
	Name: "token_delayed", Clause: "RFC 9110 §15.6.5", At: []string{Token},
	Says: "answers a token request after two minutes",
	Wire: Delay(2 * time.Minute),
}

// TokenDrips sends its answer a byte a second.
var TokenDrips = Fault{
	Name: "token_drips", Clause: "RFC 9110 §15.6.5", At: []string{Token},
	Says: "answers a token request a byte a second",
	Wire: Drip(1, time.Second),
}

// TokenDropped hangs up on a token request, and does nothing.
var TokenDropped = Fault{
	Name: "token_dropped", Clause: "RFC 9110 §9.2.2", At: []string{Token},
	Says: "closes the connection without an answer, before it grants anything",
	Wire: Drop(),
}

// TokenAnswerLost grants, and its answer gets lost.
var TokenAnswerLost = Fault{
	Name: "token_answer_lost", Clause: "RFC 9700 §4.14.2", At: []string{Token},
	Says: "grants a token, spends what was shown for it, and closes the connection without an answer",
	Wire: Lose(),
}

// TokenCutInBody breaks off in the middle of its answer.
var TokenCutInBody = Fault{
	Name: "token_cut_in_body", Clause: "RFC 9112 §8", At: []string{Token},
	Says: "closes the connection after 20 bytes of a body of unknown length",
	Wire: DropAfter(20),
}

// TokenTruncated breaks off before the length that it said.
var TokenTruncated = Fault{
	Name: "token_truncated", Clause: "RFC 9112 §8", At: []string{Token},
	Says: "closes the connection after 20 bytes of a body whose length it said",
	Wire: Truncate(20),
}

// TokenLengthOverstated says more than it has.
var TokenLengthOverstated = Fault{
	Name: "token_length_overstated", Clause: "RFC 9110 §8.6", At: []string{Token},
	Says: "says a Content-Length of 10 bytes more than it sends",
	Wire: WrongLength(10),
}

// TokenLengthUnderstated says less than it has.
var TokenLengthUnderstated = Fault{
	Name: "token_length_understated", Clause: "RFC 9110 §8.6", At: []string{Token},
	Says: "says a Content-Length of 10 bytes less than it sends",
	Wire: WrongLength(-10),
}

// TokenInSmallChunks sends its answer byte by byte, as it may.
var TokenInSmallChunks = Fault{
	Name: "token_in_small_chunks", Clause: "RFC 9112 §7.1", At: []string{Token},
	Says: "sends its answer in chunks of a byte",
	Wire: Drip(1, 0),
}

// TokenEarlyHints says something before it answers, as it may.
var TokenEarlyHints = Fault{
	Name: "token_early_hints", Clause: "RFC 9110 §15.2", At: []string{Token},
	Says: "sends 103 before its answer",
	Wire: around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload; as=style")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		h.ServeHTTP(w, r)
	}),
}
