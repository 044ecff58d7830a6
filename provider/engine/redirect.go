package engine

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// matchRedirect finds where an authorization response goes: the redirect_uri that
// was sent, if it is registered, or the only one there is if none was sent (RFC
// 6749 §3.1.2.3). Nothing may be sent to any other.
func matchRedirect(client *Client, sent string, openID bool) (string, *Error) {
	registered := client.fixture.RedirectURIs
	switch {
	case len(registered) == 0:
		e := misdirected(client, "The client "+Quote(client.GetID())+" has no redirect_uri registered.")
		e.Fix = "Put it into redirect_uris of the client, or into MOCKOAUTH_CLIENTS_<n>_REDIRECT_URIS: " + cmp.Or(sent, "http://localhost:3000/callback")
		return "", e
	case sent == "" && openID:
		return "", misdirected(client, "The request has no redirect_uri, which OpenID Connect requires (Core section 3.1.2.1).")
	case sent == "" && len(registered) == 1:
		return registered[0], nil
	case sent == "":
		return "", misdirected(client, "The request has no redirect_uri, and the client "+Quote(client.GetID())+" has several registered.")
	case !slices.ContainsFunc(registered, func(r string) bool { return sameRedirect(r, sent) }):
		return "", misdirected(client, "The redirect_uri "+Quote(sent)+" is not registered for the client "+Quote(client.GetID())+".")
	}
	return sent, nil
}

func misdirected(client *Client, description string) *Error {
	e := Refuse(InvalidRequest, description)
	e.Title, e.Clause = "The redirect URI does not fit", "RFC 6749 §3.1.2, RFC 9700 §2.1"
	e.Fix = "Send one of the registered redirect URIs, character by character, or register this one for the client."
	e.Registered = slices.Clone(client.fixture.RedirectURIs)
	return e
}

// sameRedirect compares exactly (RFC 9700 §2.1), but for the port of a loopback
// address, which a native application cannot know beforehand (RFC 8252 §7.3):
// 127.0.0.1 and [::1] only, http on both sides, not localhost (§8.3).
func sameRedirect(registered, sent string) bool {
	if registered == sent {
		return true
	}
	r, errR := url.Parse(registered)
	s, errS := url.Parse(sent)
	if errR != nil || errS != nil || r.Scheme != "http" || s.Scheme != "http" {
		return false
	}
	host := r.Hostname()
	if host != "127.0.0.1" && host != "::1" || s.Hostname() != host {
		return false
	}
	if port := s.Port(); port != "" || strings.HasSuffix(s.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
	}
	withPort := *r
	withPort.Host = s.Host
	return withPort.String() == sent
}
