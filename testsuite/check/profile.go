package check

import "slices"

// A Profile is a part of the specifications that a provider may be held to as a
// whole. What it declares is taken as claimed; what it demands must be claimed,
// or the checks that need it are untestable.
type Profile struct {
	Name     string // "oidc-basic"
	Says     string // what it is, for lists
	Sections []string
	Declares []Feature
	Demands  []Feature
}

// Profiles lists the profiles.
func Profiles() []Profile {
	core := []string{"A", "B", "C", "D"}
	code := []string{"A", "B", "E", "F", "G", "H", "Q", "Y"}
	return []Profile{
		{
			Name: "core", Says: "the token endpoint, client authentication, and the client credentials and password grants",
			Sections: core, Declares: []Feature{ClientCredentials},
		},
		{
			Name: "code", Says: "the authorization code flow with PKCE, refresh tokens and native apps",
			Sections: code, Demands: []Feature{AuthorizationCode, PKCE},
		},
		{
			Name: "oidc-basic", Says: "OpenID Connect by code: ID tokens, UserInfo, discovery and keys",
			Sections: slices.Concat(code, []string{"P", "AC", "AD", "AE"}),
			Demands:  []Feature{AuthorizationCode, OpenID, OpenIDDiscovery, PublishedKeys, UserInfo},
		},
		{
			Name: "rfc9700", Says: "the best current practice of OAuth 2.0 security",
			Sections: slices.Concat(code, []string{"J", "AB"}),
			Declares: []Feature{RFC9700, PublicPKCE}, Demands: []Feature{AuthorizationCode, PKCE},
		},
		{
			Name: "oauth2.1", Says: "OAuth 2.1: code with PKCE for everyone, no password and no implicit grant",
			Sections: slices.Concat(code, []string{"C", "J", "O", "AB"}),
			Declares: []Feature{RFC9700, OAuth21, PublicPKCE, RequiredPKCE}, Demands: []Feature{AuthorizationCode, PKCE},
		},
	}
}

// Has tells whether a section belongs to the profile.
func (p Profile) Has(s Section) bool { return slices.Contains(p.Sections, s.Letter) }
