package report

import (
	"maps"
	"slices"
	"strings"
)

// A clause is a place in a specification: "RFC 6749 §5.2", "RFC 6749 App. B".
type clause struct {
	of   string // the specification: "RFC 6749"
	kind string // "section" or "appendix"; empty for all of it
	at   string // "5.2"
}

func readClause(s string) clause {
	if of, at, ok := strings.Cut(s, " §"); ok {
		return clause{of, "section", at}
	}
	if of, at, ok := strings.Cut(s, " App. "); ok {
		return clause{of, "appendix", at}
	}
	return clause{of: s}
}

// link is where the clause can be read; empty when that is not known.
func (c clause) link() string {
	page, anchor := "", c.kind+"-"+c.at
	if number, ok := strings.CutPrefix(c.of, "RFC "); ok {
		page = "https://www.rfc-editor.org/rfc/rfc" + number
	} else if name := openIDPage(c.of); name != "" {
		page, anchor = "https://openid.net/specs/"+name+".html", "rfc."+c.kind+"."+c.at
	} else if c.of == "OAuth 2.1" {
		page = "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1"
	} else if c.of == "FAPI 2.0 Security Profile" {
		page = "https://openid.net/specs/fapi-security-profile-2_0-final.html"
	}
	if page == "" || c.kind == "" {
		return page
	}
	return page + "#" + anchor
}

// openIDPage is the name of a page of the OpenID Foundation that numbers its
// sections as its older ones do.
func openIDPage(name string) string {
	switch name {
	case "OpenID Connect Core":
		return "openid-connect-core-1_0"
	case "OpenID Connect Discovery":
		return "openid-connect-discovery-1_0"
	case "OpenID Connect Registration":
		return "openid-connect-registration-1_0"
	case "OpenID Connect RP-Initiated Logout":
		return "openid-connect-rpinitiated-1_0"
	case "OpenID Connect Back-Channel Logout":
		return "openid-connect-backchannel-1_0"
	case "OpenID Connect Front-Channel Logout":
		return "openid-connect-frontchannel-1_0"
	case "OAuth 2.0 Multiple Response Types":
		return "oauth-v2-multiple-response-types-1_0"
	case "OAuth 2.0 Form Post":
		return "oauth-v2-form-post-response-mode-1_0"
	}
	return ""
}

// subject is what a specification that goes by its number is about.
func subject(specification string) string {
	switch specification {
	case "RFC 6749":
		return "OAuth 2.0"
	case "RFC 6750":
		return "bearer tokens"
	case "RFC 7009":
		return "revocation"
	case "RFC 7515":
		return "JSON Web Signature"
	case "RFC 7517":
		return "JSON Web Key"
	case "RFC 7518":
		return "JSON Web Algorithms"
	case "RFC 7519":
		return "JSON Web Token"
	case "RFC 7521":
		return "assertions"
	case "RFC 7523":
		return "JWT assertions"
	case "RFC 7591":
		return "client registration"
	case "RFC 7617":
		return "Basic authentication"
	case "RFC 7636":
		return "PKCE"
	case "RFC 7662":
		return "introspection"
	}
	return newerSubject(specification)
}

func newerSubject(specification string) string {
	switch specification {
	case "RFC 8252":
		return "native apps"
	case "RFC 8414":
		return "server metadata"
	case "RFC 8615":
		return "well-known URIs"
	case "RFC 8628":
		return "device authorization"
	case "RFC 8705":
		return "mutual TLS"
	case "RFC 8707":
		return "resource indicators"
	case "RFC 8725":
		return "JWT best practice"
	case "RFC 9068":
		return "JWT access tokens"
	case "RFC 9110":
		return "HTTP"
	case "RFC 9126":
		return "pushed requests"
	case "RFC 9207":
		return "issuer identification"
	case "RFC 9449":
		return "DPoP"
	case "RFC 9470":
		return "step-up"
	case "RFC 9700":
		return "security best practice"
	case "RFC 9728":
		return "resource metadata"
	}
	return ""
}

// A share is what came of the checks of one specification.
type share struct {
	name  string
	tally tally
}

// bySpecification counts each result once, under the specification of its first
// clause: those that go by a number, then the others. One of which everything
// was left out has no share.
func (r *Report) bySpecification() (all []share) {
	tallies := map[string]tally{}
	for _, result := range r.Results {
		name := "No specification"
		if len(result.Clauses) > 0 {
			name = readClause(result.Clauses[0]).of
		}
		if tallies[name] == nil {
			tallies[name] = tally{}
		}
		tallies[name][r.outcome(result)]++
	}
	for _, numbered := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(tallies)) {
			isOut := len(tallies[name]) == 1 && tallies[name][leftOut] > 0
			if strings.HasPrefix(name, "RFC ") == numbered && !isOut {
				all = append(all, share{name, tallies[name]})
			}
		}
	}
	return all
}
