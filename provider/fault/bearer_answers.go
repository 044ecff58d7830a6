package fault

import (
	"net/http"
	"slices"
)

func bearerAnswers() []Fault {
	return slices.Concat(
		advised(oneNewToken, &BearerRefused, &BearerRefusedPlainly, &BearerRefusedOddly),
		advised("asks for the missing scope once, then reports the refusal", &BearerNeverSufficient),
		advised("has the user log in with the acr and max_age that the challenge names", &StepUpDemanded),
		advised("asks no authorization server for a token for another resource", &ResourceMetadataOfAnother),
		advised("sends its token to no other host", &ResourceRedirectedElsewhere),
		advised("waits as long as Retry-After says, asks once more, then reports the status", &ResourceThrottled, &ResourceUnavailable),
	)
}

// resources are the endpoints that take access tokens as a resource does.
func resources() []string { return []string{Verify, Resource} }

// challenging answers every request with a challenge and no more (RFC 6750 §3).
func challenging(status int, challenges ...string) func(http.Handler) http.Handler {
	return around(func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
		for _, challenge := range challenges {
			w.Header().Add("WWW-Authenticate", challenge)
		}
		w.WriteHeader(status)
	})
}

// BearerRefused finds no token good.
var BearerRefused = Fault{
	Name: "bearer_refused", Clause: "RFC 6750 §3.1", At: resources(),
	Says: "refuses every token at a resource with 401 invalid_token",
	Wire: challenging(http.StatusUnauthorized, `Bearer realm="fault", error="invalid_token", error_description="expired"`),
}

// BearerRefusedPlainly finds no token good, and does not say what it wants.
var BearerRefusedPlainly = Fault{
	Name: "bearer_refused_plainly", Clause: "RFC 9110 §15.5.2", At: resources(),
	Says: "refuses every token at a resource with 401 and no challenge",
	Wire: challenging(http.StatusUnauthorized),
}

// BearerRefusedOddly finds no token good, and says so in ways that are allowed and seldom read.
var BearerRefusedOddly = Fault{
	Name: "bearer_refused_oddly", Clause: "RFC 9110 §11.6.1", At: resources(),
	Says: "refuses every token at a resource with a challenge behind another, in lower case and without quotes",
	Wire: challenging(http.StatusUnauthorized, `Negotiate, Digest realm="a, \"b\"", nonce=c`, `bearer error=invalid_token , realm = x`),
}

// BearerNeverSufficient finds every scope too narrow.
var BearerNeverSufficient = Fault{
	Name: "bearer_never_sufficient", Clause: "RFC 6750 §3.1", At: resources(),
	Says: "refuses every token at a resource with 403 insufficient_scope, and names the scope admin",
	Wire: challenging(http.StatusForbidden, `Bearer error="insufficient_scope", scope="admin"`),
}

// StepUpDemanded wants a better login.
var StepUpDemanded = Fault{
	Name: "step_up_demanded", Clause: "RFC 9470 §3", At: resources(),
	Says: "refuses every token at a resource with insufficient_user_authentication, and names acr_values and max_age",
	Wire: challenging(http.StatusUnauthorized, `Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"`),
}

// ResourceMetadataOfAnother points a client at the metadata of another resource.
var ResourceMetadataOfAnother = Fault{
	Name: "resource_metadata_of_another", Clause: "RFC 9728 §3.3", At: resources(),
	Says: "refuses every token at a resource, and names the metadata of another resource",
	Wire: challenging(http.StatusUnauthorized, `Bearer resource_metadata="https://elsewhere.example/.well-known/oauth-protected-resource"`),
}

// ResourceRedirectedElsewhere sends a token to another host.
var ResourceRedirectedElsewhere = Fault{
	Name: "resource_redirected_elsewhere", Clause: "RFC 6750 §5.3", At: resources(),
	Says: "answers 307 at a resource, to https://elsewhere.example",
	Wire: redirectedTo(http.StatusTemporaryRedirect, elsewhere),
}

// ResourceThrottled has had enough.
var ResourceThrottled = Fault{
	Name: "resource_throttled", Clause: "RFC 6585 §4", At: resources(),
	Says: "answers 429 and Retry-After: 2 at a resource",
	Wire: page(http.StatusTooManyRequests, "Retry-After", "2"),
}

// ResourceUnavailable is down.
var ResourceUnavailable = Fault{
	Name: "resource_unavailable", Clause: "RFC 9110 §15.6.4", At: resources(),
	Says: "answers 503 and Retry-After: 2 at a resource",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}
