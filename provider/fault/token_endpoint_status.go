package fault

import (
	"net/http"
	"slices"
	"time"
)

func tokenEndpointStatus() []Fault {
	return slices.Concat(
		advised(asksLater, &TokenInternalError, &TokenBadGateway, &TokenGatewayTimeout, &TokenRequestTimeout),
		advised("waits as long as Retry-After says, asks once more, then reports the status",
			&TokenThrottledForSeconds, &TokenUnavailableForSeconds, &TokenUnavailableUntil),
		advised("reports the status, and does not ask again at once", &TokenThrottled, &TokenUnavailableRetryGarbled),
		advised("bounds how long it waits: reports the status instead", &TokenUnavailableForYear),
		advised("reports the status, and does not ask again", &TokenForbidden, &TokenNotFound, &TokenTeapot, &TokenBehindProxyLogin),
		advised("follows no redirect with its credentials, and reports the status",
			&TokenRedirected302, &TokenRedirected303, &TokenRedirected307, &TokenRedirected308, &TokenRedirectedElsewhere, &TokenRedirectedPlainly,
			&TokenRedirectedNowhere),
		advised("follows at most a few redirects, and reports that it gave up", &TokenRedirectedRound),
		advised("counts a lifetime from when the answer came, and not from Date", &DateLongPast),
	)
}

// TokenInternalError breaks.
var TokenInternalError = Fault{
	Name: "token_internal_error", Clause: "RFC 9110 §15.6.1", At: []string{Token},
	Says: "answers every token request with 500 and a page",
	Wire: page(http.StatusInternalServerError),
}

// TokenBadGateway stands behind a proxy that cannot reach it.
var TokenBadGateway = Fault{
	Name: "token_bad_gateway", Clause: "RFC 9110 §15.6.3", At: []string{Token},
	Says: "answers every token request with 502 and a page",
	Wire: page(http.StatusBadGateway),
}

// TokenGatewayTimeout stands behind a proxy that got tired of waiting.
var TokenGatewayTimeout = Fault{
	Name: "token_gateway_timeout", Clause: "RFC 9110 §15.6.5", At: []string{Token},
	Says: "answers every token request with 504 and a page",
	Wire: page(http.StatusGatewayTimeout),
}

// TokenRequestTimeout says that the client was too slow.
var TokenRequestTimeout = Fault{
	Name: "token_request_timeout", Clause: "RFC 9110 §15.5.9", At: []string{Token},
	Says: "answers every token request with 408, and closes the connection",
	Wire: page(http.StatusRequestTimeout, "Connection", "close"),
}

// TokenThrottled has had enough, and does not say for how long.
var TokenThrottled = Fault{
	Name: "token_throttled", Clause: "RFC 6585 §4", At: []string{Token},
	Says: "answers every token request with 429 and no Retry-After",
	Wire: refusing(http.StatusTooManyRequests, "slow_down"),
}

// TokenThrottledForSeconds has had enough for two seconds.
var TokenThrottledForSeconds = Fault{
	Name: "token_throttled_for_seconds", Clause: "RFC 6585 §4", At: []string{Token},
	Says: "answers every token request with 429 and Retry-After: 2",
	Wire: refusing(http.StatusTooManyRequests, "slow_down", "Retry-After", "2"),
}

// TokenUnavailableForSeconds is down for two seconds.
var TokenUnavailableForSeconds = Fault{
	Name: "token_unavailable_for_seconds", Clause: "RFC 9110 §15.6.4", At: []string{Token},
	Says: "answers every token request with 503, Retry-After: 2 and temporarily_unavailable",
	Wire: refusing(http.StatusServiceUnavailable, "temporarily_unavailable", "Retry-After", "2"),
}

// TokenUnavailableUntil is down until two seconds from now, by the provider's clock.
var TokenUnavailableUntil = Fault{
	Name: "token_unavailable_until", Clause: "RFC 9110 §10.2.3", At: []string{Token},
	Says: "answers every token request with 503, a page and the date in two seconds as Retry-After",
	Wire: around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		at := now(r.Context()).Add(2*time.Second + time.Second - 1).UTC() // HTTP dates have whole seconds
		page(http.StatusServiceUnavailable, "Retry-After", at.Format(http.TimeFormat))(h).ServeHTTP(w, r)
	}),
}

// TokenUnavailableRetryGarbled says when to come back in words of its own.
var TokenUnavailableRetryGarbled = Fault{
	Name: "token_unavailable_retry_garbled", Clause: "RFC 9110 §10.2.3", At: []string{Token},
	Says: "answers every token request with 503 and Retry-After: soon",
	Wire: refusing(http.StatusServiceUnavailable, "temporarily_unavailable", "Retry-After", "soon"),
}

// TokenUnavailableForYear is down for a year.
var TokenUnavailableForYear = Fault{
	Name: "token_unavailable_for_year", Clause: "RFC 9110 §10.2.3", At: []string{Token},
	Says: "answers every token request with 503 and a Retry-After of a year",
	Wire: refusing(http.StatusServiceUnavailable, "temporarily_unavailable", "Retry-After", "31536000"),
}

// TokenForbidden is what a firewall answers.
var TokenForbidden = Fault{
	Name: "token_forbidden", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers every token request with 403 and a page",
	Wire: page(http.StatusForbidden),
}

// TokenNotFound has moved without saying where.
var TokenNotFound = Fault{
	Name: "token_not_found", Clause: "RFC 8414 §2", At: []string{Token},
	Says: "answers every token request with 404 and a page",
	Wire: page(http.StatusNotFound),
}

// TokenTeapot answers a status that the client has no case for.
var TokenTeapot = Fault{
	Name: "token_teapot", Clause: "RFC 9110 §15.5", At: []string{Token},
	Says: "answers every token request with 418",
	Wire: page(http.StatusTeapot),
}

// TokenBehindProxyLogin stands behind a proxy that wants a password of its own.
var TokenBehindProxyLogin = Fault{
	Name: "token_behind_proxy_login", Clause: "RFC 9110 §15.5.8", At: []string{Token},
	Says: "answers every token request with 407",
	Wire: page(http.StatusProxyAuthRequired, "Proxy-Authenticate", `Basic realm="proxy"`),
}

// TokenRedirected302 sends a token request on, as browsers do by GET.
var TokenRedirected302 = Fault{
	Name: "token_redirected_302", Clause: "RFC 9110 §15.4.3", At: []string{Token},
	Says: "sends a token request on with 302, to where a POST is served",
	Wire: redirected(http.StatusFound),
}

// TokenRedirected303 sends a token request on, by GET.
var TokenRedirected303 = Fault{
	Name: "token_redirected_303", Clause: "RFC 9110 §15.4.4", At: []string{Token},
	Says: "sends a token request on with 303, to where a POST is served",
	Wire: redirected(http.StatusSeeOther),
}

// TokenRedirected307 sends a token request on, by POST and with its body.
var TokenRedirected307 = Fault{
	Name: "token_redirected_307", Clause: "RFC 9110 §15.4.8", At: []string{Token},
	Says: "sends a token request on with 307, to where it is served",
	Wire: redirected(http.StatusTemporaryRedirect),
}

// TokenRedirected308 sends a token request on for good.
var TokenRedirected308 = Fault{
	Name: "token_redirected_308", Clause: "RFC 9110 §15.4.9", At: []string{Token},
	Says: "sends a token request on with 308, to where it is served",
	Wire: redirected(http.StatusPermanentRedirect),
}

// TokenRedirectedElsewhere sends a secret to another host.
var TokenRedirectedElsewhere = Fault{
	Name: "token_redirected_elsewhere", Clause: "RFC 9700 §4.12", At: []string{Token},
	Says: "sends a token request on with 307 to https://elsewhere.example",
	Wire: redirectedTo(http.StatusTemporaryRedirect, elsewhere),
}

// TokenRedirectedPlainly sends a secret on without TLS.
var TokenRedirectedPlainly = Fault{
	Name: "token_redirected_plainly", Clause: "RFC 6749 §3.2", At: []string{Token},
	Says: "sends a token request on with 307 to the same host by http",
	Wire: redirectedTo(http.StatusTemporaryRedirect, plainly),
}

// TokenRedirectedNowhere forgets to say where.
var TokenRedirectedNowhere = Fault{
	Name: "token_redirected_nowhere", Clause: "RFC 9110 §15.4", At: []string{Token},
	Says: "answers every token request with 302 and no Location",
	Wire: redirectedTo(http.StatusFound, nowhere),
}

// TokenRedirectedRound sends a token request on for ever.
var TokenRedirectedRound = Fault{
	Name: "token_redirected_round", Clause: "RFC 9110 §15.4", At: []string{Token},
	Says: "sends a token request on with 307, again and again",
	Wire: redirectedTo(http.StatusTemporaryRedirect, round),
}

// DateLongPast has a clock that stopped long ago.
var DateLongPast = Fault{
	Name: "date_long_past", Clause: "RFC 9110 §6.6.1", At: []string{Token},
	Says: "says in Date that it is the year 2000",
	Say:  func(s *Said) { s.Header.Set("Date", "Sat, 01 Jan 2000 00:00:00 GMT") },
}
