package fault

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

func authorizationRedirect() []Fault {
	return slices.Concat(
		advised(lenient,
			&ErrorsSentToUnprovenURI, &RedirectURINotChecked, &RedirectURINormalized, &RedirectURIPrefixMatched, &AnyLoopbackServed,
			&RedirectURIAssumed,
		),
		advised("listens at the registered port, or gives up after a while", &LoopbackPortCompared),
		advised("sends its redirect_uri with every request", &RedirectURIRequired),
		advised("keeps what it must remember in state, and not in its redirect URI", &RedirectQueryDropped, &RedirectQueryDoubled),
	)
}

// askedRedirectURI carries the client's redirect URI through the provider's pages
// while the provider knows only the one that a fault put in its place.
const askedRedirectURI = "mockoauth_fault_redirect_uri"

// asRedirectURI has the provider take the client's redirect URI for the one that it
// knows to be registered, where matches says that it is good enough.
func asRedirectURI(matches func(sent, registered string) bool) func(*Heard) {
	return func(h *Heard) {
		noteAuthorization(h)
		sent, registered := h.Notes["redirect_uri"], recalled(h.Memory, "redirect of "+h.Notes["client_id"])
		if !h.Parameters().Has(askedRedirectURI) && registered != "" && sent != registered && matches(sent, registered) {
			h.EditParameters(func(parameters url.Values) {
				parameters.Set("redirect_uri", registered)
				parameters.Set(askedRedirectURI, sent)
			})
		}
		h.Notes["asked"] = h.Parameters().Get(askedRedirectURI)
	}
}

// toAskedRedirectURI sends the answer where the client wanted it.
func toAskedRedirectURI(s *Said) {
	_, parameters := s.Redirection()
	switch {
	case parameters == nil:
	case s.Heard.Notes["asked"] != "":
		s.Redirect(s.Heard.Notes["asked"], parameters)
	case s.Heard.Notes["redirect_uri"] != "": // which must be registered, then
		s.Heard.Memory.Remember("redirect of "+s.Heard.Notes["client_id"], s.Heard.Notes["redirect_uri"])
	}
}

// ErrorsSentToUnprovenURI is an open redirector.
var ErrorsSentToUnprovenURI = Fault{
	Name: "errors_sent_to_unproven_uri", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "sends every error to the redirect_uri, also one that is not registered",
	Hear: noteAuthorization,
	Say: func(s *Said) {
		if to := s.Heard.Notes["redirect_uri"]; to != "" && s.Status >= 400 && s.Status <= 499 {
			s.Redirect(to, url.Values{"error": {"invalid_request"}})
		}
	},
}

// RedirectURINotChecked sends codes wherever it is asked to.
var RedirectURINotChecked = Fault{
	Name: "redirect_uri_not_checked", Clause: "RFC 6749 §3.1.2.4", At: []string{Authorization},
	Says: "takes any redirect_uri",
	Hear: asRedirectURI(func(_, _ string) bool { return true }),
	Say:  toAskedRedirectURI,
}

// RedirectURINormalized compares redirect URIs as RFC 3986 §6 would, not as strings.
var RedirectURINormalized = Fault{
	Name: "redirect_uri_normalized", Clause: "RFC 9700 §2.1", At: []string{Authorization},
	Says: "takes a redirect_uri that differs in case, encoding, default port, trailing slash or fragment",
	Hear: asRedirectURI(func(sent, registered string) bool { return normal(sent) == normal(registered) }),
	Say:  toAskedRedirectURI,
}

func normal(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	host := strings.TrimSuffix(u.Host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	return strings.ToLower(u.Scheme + "://" + host + path.Clean(u.Path))
}

// RedirectURIPrefixMatched takes what begins like a registered one.
var RedirectURIPrefixMatched = Fault{
	Name: "redirect_uri_prefix_matched", Clause: "RFC 9700 §4.1", At: []string{Authorization},
	Says: "takes a redirect_uri that begins with the registered one",
	Hear: asRedirectURI(strings.HasPrefix),
	Say:  toAskedRedirectURI,
}

// loopback reads a URI on the loopback host; nil for any other.
func loopback(uri string) *url.URL {
	u, err := url.Parse(uri)
	if err != nil || !slices.Contains([]string{"127.0.0.1", "::1", "localhost"}, u.Hostname()) {
		return nil
	}
	return u
}

// AnyLoopbackServed looks at nothing but the host of a loopback redirect; plain fosite does not look at its scheme.
var AnyLoopbackServed = Fault{
	Name: "any_loopback_served", Clause: "RFC 8252 §7.3", At: []string{Authorization},
	Says: "takes any redirect_uri on the loopback host, whatever its scheme, port, path and query",
	Hear: asRedirectURI(func(sent, _ string) bool { return loopback(sent) != nil }),
	Say:  toAskedRedirectURI,
}

// LoopbackPortCompared does not know that native applications get their port from the system.
var LoopbackPortCompared = Fault{
	Name: "loopback_port_compared", Clause: "RFC 8252 §7.3", At: []string{Authorization},
	Says: "takes no other port than the registered one of a loopback redirect_uri",
	Hear: func(h *Heard) {
		if u := loopback(h.Parameters().Get("redirect_uri")); u != nil {
			h.Notes["port"] = u.Port()
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["port"] != "" {
			s.Page(http.StatusBadRequest, "<p>redirect_uri does not match")
		}
	},
}

// RedirectURIRequired wants a redirect_uri also of a client that has only one.
var RedirectURIRequired = Fault{
	Name: "redirect_uri_required", Clause: "RFC 6749 §3.1.2.3", At: []string{Authorization},
	Says: "refuses an authorization request without redirect_uri",
	Hear: noteAuthorization,
	Say: func(s *Said) {
		if s.Heard.Notes["redirect_uri"] == "" {
			s.Page(http.StatusBadRequest, "<p>redirect_uri is missing")
		}
	},
}

// RedirectURIAssumed takes one of several redirect URIs where the client should have said which.
var RedirectURIAssumed = Fault{
	Name: "redirect_uri_assumed", Clause: "RFC 6749 §3.1.2.3", At: []string{Authorization},
	Says: "sends the answer to a request without redirect_uri to the one that the client used before",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if last := recalled(h.Memory, "redirect of "+h.Notes["client_id"]); last != "" && h.Notes["redirect_uri"] == "" {
			h.EditParameters(func(parameters url.Values) { parameters.Set("redirect_uri", last) })
		}
	},
	Say: toAskedRedirectURI,
}

// responseParameters are what an authorization response has.
func responseParameters() []string {
	return []string{"code", "error", "error_description", "state", "iss"}
}

// RedirectQueryDropped overwrites the query of a registered redirect URI.
var RedirectQueryDropped = Fault{
	Name: "redirect_query_dropped", Clause: "RFC 6749 §3.1.2", At: []string{Authorization},
	Says: "drops the query that the redirect_uri has of its own",
	Say: func(s *Said) {
		s.EditRedirection(func(parameters url.Values) {
			for name := range parameters {
				if !slices.Contains(responseParameters(), name) {
					parameters.Del(name)
				}
			}
		})
	},
}

// RedirectQueryDoubled appends to a redirect URI without looking.
var RedirectQueryDoubled = Fault{
	Name: "redirect_query_doubled", Clause: "RFC 6749 §3.1.2", At: []string{Authorization},
	Says: "appends a second question mark to a redirect_uri with a query",
	Hear: noteAuthorization,
	Say: func(s *Said) {
		own := s.Heard.Notes["redirect_uri"]
		if rest, ok := strings.CutPrefix(s.Header.Get("Location"), own+"&"); ok && own != "" {
			s.Header.Set("Location", own+"?"+rest)
		}
	},
}
