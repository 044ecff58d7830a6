package main

import (
	"slices"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is the example's, with what the example leaves no way to say.
type client struct {
	*storage.Client
	secret     string
	auth       oidc.AuthMethod
	grants     []oidc.GrantType
	types      []oidc.ResponseType
	postLogout []string
}

// AuthMethod is how the client authenticates.
func (c client) AuthMethod() oidc.AuthMethod { return c.auth }

// GrantTypes are the grants that the client may use.
func (c client) GrantTypes() []oidc.GrantType { return c.grants }

// ResponseTypes are what the client may ask for at the authorization endpoint.
func (c client) ResponseTypes() []oidc.ResponseType { return c.types }

// PostLogoutRedirectURIs are where the client may want its users after a logout.
func (c client) PostLogoutRedirectURIs() []string { return c.postLogout }

// IsScopeAllowed names the scopes that are not OpenID Connect's.
func (c client) IsScopeAllowed(scope string) bool {
	return slices.Contains([]string{"read", "write"}, scope)
}

func clients() []client {
	post := confidential("post-only")
	post.auth = oidc.AuthMethodPost
	odd := confidential("odd id", "https://odd.example/callback")
	odd.secret = "p%40:ss+w rd/"
	machine := confidential("machine-only")
	machine.grants, machine.types = []oidc.GrantType{oidc.GrantTypeClientCredentials}, nil
	return []client{
		confidential("main"), confidential("other"), public("public"), confidential("basic-only"), post, odd, machine,
		confidential("two-redirects", "https://two-redirects.example/callback", "https://two-redirects.example/other"),
		confidential("query-redirect", "https://query-redirect.example/callback?x=1"),
		confidential("tls-loopback", "https://127.0.0.1/cb"),
		public("native", "http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"),
	}
}

func confidential(id string, redirects ...string) client {
	web := storage.WebClient(id, "", or(id, redirects)...)
	return client{
		Client: web, types: web.ResponseTypes(), secret: "secret-of-" + id, auth: oidc.AuthMethodBasic,
		grants: []oidc.GrantType{
			oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeImplicit, oidc.GrantTypeClientCredentials, oidc.GrantTypeTokenExchange,
		},
		postLogout: []string{"https://" + id + ".example/bye"},
	}
}

func public(id string, redirects ...string) client {
	native := storage.NativeClient(id, or(id, redirects)...)
	return client{
		Client: native, types: native.ResponseTypes(), auth: oidc.AuthMethodNone,
		grants: []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken},
	}
}

func or(id string, redirects []string) []string {
	if len(redirects) > 0 {
		return redirects
	}
	return []string{"https://" + id + ".example/callback"}
}

var _ op.Client = client{}
