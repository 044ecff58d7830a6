package engine

import (
	"net/url"
	"slices"
)

// requestedAudience is what a request says its token is for: resource (RFC 8707
// §2) and audience (a vendors' word for the same), each any number of times.
func requestedAudience(client *Client, form url.Values) ([]string, *Error) {
	var audience []string
	for _, resource := range form["resource"] {
		u, err := url.Parse(resource)
		if err != nil || !u.IsAbs() || u.Fragment != "" {
			return nil, Refuse(InvalidTarget, "The resource "+quote(resource)+" is no absolute URI without a fragment (RFC 8707 section 2).")
		}
		audience = append(audience, resource)
	}
	audience = append(audience, form["audience"]...)
	for _, a := range audience {
		if !slices.Contains(client.fixture.Audiences, a) {
			return nil, Refuse(InvalidTarget, "The client "+quote(client.GetID())+" may not ask for a token for "+quote(a)+"; its audiences are "+list(client.fixture.Audiences)+".")
		}
	}
	return audience, nil
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
