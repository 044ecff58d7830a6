package engine

import (
	"net/url"
	"slices"
)

// requestedAudience is what a request says its token is for: resource (RFC 8707
// §2) and audience (a vendors' word for the same), each any number of times.
func requestedAudience(form url.Values) ([]string, *Error) {
	var audience []string
	for _, resource := range form["resource"] {
		u, err := url.Parse(resource)
		if err != nil || !u.IsAbs() || u.Fragment != "" {
			return nil, Refuse(InvalidTarget, "The resource "+Quote(resource)+" is no absolute URI without a fragment (RFC 8707 section 2).")
		}
		if !slices.Contains(audience, resource) {
			audience = append(audience, resource)
		}
	}
	for _, a := range form["audience"] {
		if !slices.Contains(audience, a) {
			audience = append(audience, a)
		}
	}
	return audience, nil
}

// checkAudience refuses audiences that the client may not have: without any of
// its own there is the issuer, which its tokens are for anyway.
func checkAudience(client *Client, audience []string, issuer string) *Error {
	allowed := audienceOf(client, nil, issuer)
	for _, a := range audience {
		if !slices.Contains(allowed, a) {
			return Refuse(InvalidTarget, "The client "+Quote(client.GetID())+" may not ask for a token for "+Quote(a)+"; its audiences are "+list(allowed)+".")
		}
	}
	return nil
}

// audienceOf is the aud of a token: what was granted, else the client's
// audiences, else the issuer (RFC 9068 §3: a default is a must).
func audienceOf(client *Client, granted []string, issuer string) []string {
	switch {
	case len(granted) > 0:
		return granted
	case len(client.fixture.Audiences) > 0:
		return client.fixture.Audiences
	}
	return []string{issuer}
}
