package fault

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Some of these need a resource that refuses with RFC 6750's own statuses: of
// ours, userinfo does, and /api/verify answers every refusal with 403.
func bearer() []Fault {
	return slices.Concat(
		advised("spells the scheme Bearer", &BearerSchemeCaseSensitive),
		advised(oneNewToken, &ChallengeNamesError, &InsufficientScopeUnnamed),
		advised(lenient, &BearerVerdictCached, &BearerFormByGetServed, &QueryBearerCacheable, &TwoBearersServed, &BearerTwiceServed),
		advised("reads what it can of the challenge, and goes by the status", &ChallengeUnquoted, &ChallengeAttributeTwice, &ChallengeDescriptionOdd),
		advised("looks for the resource's metadata at its well-known place", &ResourceMetadataUnnamed),
	)
}

// BearerSchemeCaseSensitive knows the scheme Bearer in this spelling only.
var BearerSchemeCaseSensitive = Fault{
	Name: "bearer_scheme_case_sensitive", Clause: "RFC 9110 §11.1", At: []string{Verify, Introspection},
	Says: "knows the scheme Bearer in this spelling only",
	Hear: func(h *Heard) {
		scheme, _, _ := strings.Cut(h.Request.Header.Get("Authorization"), " ")
		if scheme != "Bearer" && strings.EqualFold(scheme, "Bearer") {
			h.Request.Header.Del("Authorization")
		}
	},
}

// noteCredentials notes whether a request carries any token, for a fault's own Say.
func noteCredentials(h *Heard) {
	query, form := h.Request.URL.Query(), h.Form()
	for _, name := range []string{"access_token", "token"} {
		if query.Get(name) != "" || form.Get(name) != "" {
			h.Notes["credentials"] = "yes"
		}
	}
	if h.Request.Header.Get("Authorization") != "" {
		h.Notes["credentials"] = "yes"
	}
}

// ChallengeNamesError names an error in the challenge to a request that made none.
var ChallengeNamesError = Fault{
	Name: "challenge_names_error", Clause: "RFC 6750 §3.1", At: []string{Verify, UserInfo},
	Says: "calls the token invalid in the challenge to a request that has none",
	Hear: noteCredentials,
	Say: func(s *Said) {
		challenge := s.Header.Get("WWW-Authenticate")
		if s.Heard.Notes["credentials"] == "" && challenge != "" && !strings.Contains(challenge, "error=") {
			s.Header.Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
		}
	},
}

// BearerVerdictCached serves a token for ever once it was good.
var BearerVerdictCached = Fault{
	Name: "bearer_verdict_cached", Clause: "RFC 6750 §3.1", At: []string{Verify},
	Says: "serves a token for ever once it was found good",
	Hear: func(h *Heard) { h.Notes["bearer"] = bearerOf(h) },
	Say: func(s *Said) {
		token := s.Heard.Notes["bearer"]
		if token == "" {
			return
		}
		if s.Succeeded() {
			s.Heard.Memory.Remember(bodyFor+token, string(s.Body))
			return
		}
		if body, known := s.Heard.Memory.Recall(bodyFor + token); known {
			s.Status, s.Body = http.StatusOK, []byte(body)
			s.Header.Del("WWW-Authenticate")
		}
	},
}

// InsufficientScopeUnnamed calls a token that lacks the scope invalid.
var InsufficientScopeUnnamed = Fault{
	Name: "insufficient_scope_unnamed", Clause: "RFC 6750 §3.1", At: []string{Verify, UserInfo},
	Says: "calls a token that lacks the scope invalid, by 401",
	Say: func(s *Said) {
		if strings.Contains(s.Header.Get("WWW-Authenticate"), "insufficient_scope") {
			s.Status = http.StatusUnauthorized
			s.Header.Set("WWW-Authenticate", `Bearer realm="api", error="invalid_token"`)
		}
	},
}

// BearerFormByGetServed reads a form where the method gives a body no meaning.
var BearerFormByGetServed = Fault{
	Name: "bearer_form_by_get_served", Clause: "RFC 6750 §2.2", At: []string{Verify},
	Says: "takes the token from the form of a GET",
	Hear: func(h *Heard) {
		if h.Request.Method != http.MethodGet || h.Request.Header.Get("Authorization") != "" {
			return
		}
		if token := h.Form().Get("access_token"); token != "" {
			h.Request.Header.Set("Authorization", "Bearer "+token)
		}
	},
}

// QueryBearerCacheable serves a token from the URI and lets every cache keep the answer.
var QueryBearerCacheable = Fault{
	Name: "query_bearer_cacheable", Clause: "RFC 6750 §2.3", At: []string{Verify, Introspection},
	Says: "takes the bearer token from the URI query and lets every cache keep the answer",
	Hear: func(h *Heard) {
		query := h.Request.URL.Query()
		token := query.Get("access_token")
		if token == "" || authenticates(h) {
			return
		}
		h.Notes["by query"] = "yes"
		query.Del("access_token")
		h.Request.URL.RawQuery = query.Encode()
		h.Request.Header.Set("Authorization", "Bearer "+token)
	},
	Say: func(s *Said) {
		if s.Heard.Notes["by query"] != "" && s.Succeeded() {
			s.Header.Set("Cache-Control", "public, max-age=60")
		}
	},
}

// TwoBearersServed takes the token in the header and overlooks that in the body.
var TwoBearersServed = Fault{
	Name: "two_bearers_served", Clause: "RFC 6750 §2", At: []string{Verify, UserInfo},
	Says: "takes the token in the header and overlooks another in the body",
	Hear: func(h *Heard) {
		if bearerOf(h) != "" && h.Form().Has("access_token") {
			h.EditForm(func(form url.Values) { form.Del("access_token") })
		}
	},
}

// BearerTwiceServed takes the first of several access_token parameters.
var BearerTwiceServed = Fault{
	Name: "bearer_twice_served", Clause: "RFC 6750 §3.1", At: []string{Verify, UserInfo},
	Says: "takes the first of several access_token parameters",
	Hear: func(h *Heard) {
		if len(h.Form()["access_token"]) > 1 {
			h.EditForm(func(form url.Values) { form.Set("access_token", form.Get("access_token")) })
		}
	},
}

// editChallenges changes each WWW-Authenticate header.
func editChallenges(edit func(string) string) func(*Said) {
	return func(s *Said) {
		challenges := s.Header.Values("WWW-Authenticate")
		for i, challenge := range challenges {
			challenges[i] = edit(challenge)
		}
	}
}

// ChallengeUnquoted leaves the quotes out of its challenges.
var ChallengeUnquoted = Fault{
	Name: "challenge_unquoted", Clause: "RFC 9110 §11.6.1",
	Says: "leaves the quotes out of its challenges",
	Say:  editChallenges(func(c string) string { return strings.ReplaceAll(c, `"`, "") }),
}

// ChallengeAttributeTwice says the realm twice in a challenge.
var ChallengeAttributeTwice = Fault{
	Name: "challenge_attribute_twice", Clause: "RFC 6750 §3",
	Says: "says realm twice in a challenge",
	Say:  editChallenges(func(c string) string { return c + `, realm="first", realm="second"` }),
}

// ChallengeDescriptionOdd puts characters in error_description that it may not have.
var ChallengeDescriptionOdd = Fault{
	Name: "challenge_description_odd", Clause: "RFC 6750 §3",
	Says: "quotes the request in the error_description of a challenge, backslashes and all",
	Say:  editChallenges(func(c string) string { return c + `, error_description="no \"token\" in C:\\requests"` }),
}

// ResourceMetadataUnnamed leaves resource_metadata out of its challenges.
var ResourceMetadataUnnamed = Fault{
	Name: "resource_metadata_unnamed", Clause: "RFC 9728 §5.1", At: []string{Verify},
	Says: "leaves resource_metadata out of its challenges",
	Say:  editChallenges(func(c string) string { return strings.ReplaceAll(c, "resource_metadata=", "resource_meta=") }),
}
