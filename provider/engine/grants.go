package engine

import (
	"context"
	"slices"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
)

// A grant wraps one of fosite's grants: what fosite leaves out or gets wrong is
// said before it or after it, and the errors are ours.
type grant struct {
	fosite.TokenEndpointHandler
	name   string
	before func(client *Client, request *fosite.AccessRequest) error
	after  func(client *Client, request *fosite.AccessRequest) error
}

// HandleTokenEndpointRequest decides a request whose client is authenticated.
func (g *grant) HandleTokenEndpointRequest(ctx context.Context, requester fosite.AccessRequester) error {
	request := requester.(*fosite.AccessRequest)
	client := request.Client.(*Client)
	if refused := mayUse(client, g.name); refused != nil {
		return refused
	}
	if err := g.before(client, request); err != nil {
		return err
	}
	if err := g.TokenEndpointHandler.HandleTokenEndpointRequest(ctx, request); err != nil {
		return err
	}
	return g.after(client, request)
}

// mayUse refuses a client that is not registered for a grant (RFC 6749 §5.2).
func mayUse(client *Client, grant string) *Error {
	switch {
	case grant == fixtures.GrantClientCredentials && client.IsPublic(): // RFC 6749 §4.4
		return Refuse(UnauthorizedClient, "The client "+Quote(client.GetID())+" is public; client_credentials is for clients with a secret.")
	case !client.has(grant):
		return Refuse(UnauthorizedClient, "The client "+Quote(client.GetID())+" is not registered for the grant "+Quote(grant)+"; it is for "+list(client.fixture.Grants)+".")
	}
	return nil
}

// newGrants wires fosite's grants.
func (e *Engine) newGrants(config fosite.Configurator) []*grant {
	tokens, storage := e.tokens, e.storage
	e.codes = &oauth2.AuthorizeExplicitGrantHandler{
		AccessTokenStrategy: tokens, RefreshTokenStrategy: tokens, AuthorizeCodeStrategy: tokens,
		CoreStorage: storage, TokenRevocationStorage: storage, Config: config,
	}
	helper := &oauth2.HandleHelper{AccessTokenStrategy: tokens, AccessTokenStorage: storage, Config: config}
	return []*grant{
		{
			name:                 fixtures.GrantClientCredentials,
			TokenEndpointHandler: &oauth2.ClientCredentialsGrantHandler{HandleHelper: helper, Config: config},
			before: func(client *Client, request *fosite.AccessRequest) error {
				return beforeFirst(client, request, fixtures.GrantClientCredentials)
			},
			after: e.afterClientCredentials,
		},
		{
			name: fixtures.GrantPassword,
			//lint:ignore SA1019 the grant is deprecated, and this is where it is tested
			TokenEndpointHandler: &oauth2.ResourceOwnerPasswordCredentialsGrantHandler{
				HandleHelper: helper, ResourceOwnerPasswordCredentialsGrantStorage: storage, RefreshTokenStrategy: tokens, Config: config,
			},
			before: beforePassword,
			after:  e.afterPassword,
		},
		{
			name:                 fixtures.GrantAuthorizationCode,
			TokenEndpointHandler: e.codes,
			before:               beforeCode,
			after:                afterCode,
		},
		{
			name: fixtures.GrantRefreshToken,
			TokenEndpointHandler: &oauth2.RefreshTokenGrantHandler{
				AccessTokenStrategy: tokens, RefreshTokenStrategy: tokens, TokenRevocationStorage: storage, Config: config,
			},
			before: beforeRefresh,
			after:  afterRefresh,
		},
	}
}

// beforeFirst reads what a request that begins a grant asks for.
func beforeFirst(client *Client, request *fosite.AccessRequest, grant string) error {
	scope, refused := parseScope(request.Form.Get("scope"))
	if refused == nil {
		refused = checkScope(client, grant, scope)
	}
	if refused != nil {
		return refused
	}
	audience, refused := requestedAudience(request.Form)
	if refused == nil {
		refused = checkAudience(client, audience, request.Session.(*session).issuer)
	}
	if refused != nil {
		return refused
	}
	request.RequestedScope, request.RequestedAudience = scope, audience
	return nil
}

// beforePassword also wants both credentials (RFC 6749 §4.3.2).
func beforePassword(client *Client, request *fosite.AccessRequest) error {
	for _, name := range []string{"username", "password"} {
		if request.Form.Get(name) == "" {
			return Missing(name)
		}
	}
	return beforeFirst(client, request, fixtures.GrantPassword)
}

// afterClientCredentials makes the client its own subject (RFC 9068 §2.2).
func (e *Engine) afterClientCredentials(client *Client, request *fosite.AccessRequest) error {
	request.Session.(*session).subject = client.GetID()
	e.begin(client, request, fixtures.GrantClientCredentials)
	return nil
}

// afterPassword notes who logged in, and when.
func (e *Engine) afterPassword(client *Client, request *fosite.AccessRequest) error {
	sess := request.Session.(*session)
	sess.username, sess.authenticatedAt = request.Form.Get("username"), e.clock.Now()
	e.begin(client, request, fixtures.GrantPassword)
	return nil
}

// begin grants what was asked for, or the default, to a grant that begins.
func (e *Engine) begin(client *Client, request *fosite.AccessRequest, grant string) {
	scope := request.RequestedScope
	if len(scope) == 0 {
		scope = defaultScope(client, grant)
	}
	sess := request.Session.(*session)
	sess.grant, sess.scope, sess.audience = grant, scope, request.RequestedAudience
	request.GrantedScope, request.GrantedAudience = scope, request.RequestedAudience
	request.SetID(requestID(e.store.NewFamily()))
}

// beforeRefresh wants the token, which fosite would take for an unknown one (RFC 6749 §6).
func beforeRefresh(_ *Client, request *fosite.AccessRequest) error {
	if request.Form.Get("refresh_token") == "" {
		return Missing("refresh_token")
	}
	return nil
}

// afterRefresh narrows the new access token to what the request asks for, which
// must have been granted (RFC 6749 §6; RFC 8707 §2.2). The refresh token keeps it
// all. It comes after fosite's part so that reuse is acted on whatever else is wrong.
func afterRefresh(client *Client, request *fosite.AccessRequest) error {
	sess := request.Session.(*session)
	scope, refused := parseScope(request.Form.Get("scope"))
	if refused != nil {
		return refused
	}
	for _, s := range scope {
		if !slices.Contains(sess.scope, s) {
			return Refuse(InvalidScope, "The scope "+Quote(s)+" was not granted at first, and a refresh cannot widen a grant; granted: "+list(sess.scope)+".")
		}
	}
	if len(scope) > 0 {
		request.GrantedScope = scope
	}
	if refused := narrowAudience(client, request); refused != nil {
		return refused
	}
	return nil
}

// narrowAudience makes the new access token for what the request names, which
// must have been granted (RFC 8707 §2.2).
func narrowAudience(client *Client, request *fosite.AccessRequest) *Error {
	sess := request.Session.(*session)
	audience, refused := requestedAudience(request.Form)
	if refused != nil {
		return refused
	}
	granted := audienceOf(client, sess.audience, sess.issuer)
	for _, a := range audience {
		if !slices.Contains(granted, a) {
			return Refuse(InvalidTarget, "A token for "+Quote(a)+" was not granted at first; granted: "+list(granted)+".")
		}
	}
	if len(audience) > 0 {
		request.GrantedAudience = audience
	}
	return nil
}

// unsupported is the grant of a grant_type that the provider does not serve.
// Fosite asks it after it authenticated the client, as RFC 6749 §5.2 would have it.
type unsupported struct{ served []string }

func (u unsupported) CanHandleTokenEndpointRequest(context.Context, fosite.AccessRequester) bool {
	return true
}

func (u unsupported) CanSkipClientAuth(context.Context, fosite.AccessRequester) bool { return false }

func (u unsupported) HandleTokenEndpointRequest(_ context.Context, request fosite.AccessRequester) error {
	asked := request.GetRequestForm().Get("grant_type")
	refused := Refuse(UnsupportedGrantType, "The grant_type "+Quote(asked)+" is not served here; served: "+list(u.served)+".")
	if near := fixtures.Suggest(asked, u.served); near != "" {
		refused.Description += " Did you mean " + Quote(near) + "?"
	}
	return refused
}

func (u unsupported) PopulateTokenEndpointResponse(context.Context, fosite.AccessRequester, fosite.AccessResponder) error {
	return fosite.ErrUnknownRequest
}

// Missing is the refusal of a request without a parameter that it must have.
func Missing(parameter string) *Error {
	return Refuse(InvalidRequest, "The parameter "+Quote(parameter)+" is missing.")
}
