package engine

import (
	"context"
	"net/url"
	"slices"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A grant wraps one of fosite's grants: what fosite leaves out or gets wrong is
// said before it or after it, and the errors are ours.
type grant struct {
	fosite.TokenEndpointHandler
	name   string
	before func(ctx context.Context, client *Client, request *fosite.AccessRequest) error
	after  func(client *Client, request *fosite.AccessRequest, asked asked) error
}

// asked is what the request itself asks for, before a refresh replaces it by
// what was granted first.
type asked struct{ scope, audience []string }

// HandleTokenEndpointRequest decides a request whose client is authenticated.
func (g *grant) HandleTokenEndpointRequest(ctx context.Context, requester fosite.AccessRequester) error {
	request := requester.(*fosite.AccessRequest)
	client := request.Client.(*Client)
	if refused := mayUse(client, g.name); refused != nil {
		return refused
	}
	scope, refused := parseScope(request.Form.Get("scope"))
	if refused != nil {
		return refused
	}
	audience, refused := requestedAudience(client, request.Form)
	if refused != nil {
		return refused
	}
	request.SetRequestedScopes(scope)
	request.SetRequestedAudience(audience)
	if err := g.before(ctx, client, request); err != nil {
		return err
	}
	if err := g.TokenEndpointHandler.HandleTokenEndpointRequest(ctx, request); err != nil {
		return err
	}
	return g.after(client, request, asked{scope, audience})
}

// mayUse refuses a client that is not registered for a grant (RFC 6749 §5.2).
func mayUse(client *Client, grant string) *Error {
	switch {
	case grant == fixtures.GrantClientCredentials && client.IsPublic(): // RFC 6749 §4.4
		return Refuse(UnauthorizedClient, "The client "+quote(client.GetID())+" is public; client_credentials is for clients with a secret.")
	case !client.has(grant):
		return Refuse(UnauthorizedClient, "The client "+quote(client.GetID())+" is not registered for the grant "+quote(grant)+"; it has "+list(client.fixture.Grants)+".")
	}
	return nil
}

// newGrants wires fosite's grants, by their grant_type.
func (e *Engine) newGrants(tokens *tokens, storage *storage, config fosite.Configurator) map[string]*grant {
	helper := &oauth2.HandleHelper{AccessTokenStrategy: tokens, AccessTokenStorage: storage, Config: config}
	return map[string]*grant{
		fixtures.GrantClientCredentials: {
			name:                 fixtures.GrantClientCredentials,
			TokenEndpointHandler: &oauth2.ClientCredentialsGrantHandler{HandleHelper: helper, Config: config},
			before:               e.beforeFirst(fixtures.GrantClientCredentials),
			after:                e.afterFirst,
		},
		fixtures.GrantPassword: {
			name: fixtures.GrantPassword,
			TokenEndpointHandler: &oauth2.ResourceOwnerPasswordCredentialsGrantHandler{
				HandleHelper: helper, ResourceOwnerPasswordCredentialsGrantStorage: storage, RefreshTokenStrategy: tokens, Config: config,
			},
			before: e.beforePassword,
			after:  e.afterFirst,
		},
		fixtures.GrantRefreshToken: {
			name: fixtures.GrantRefreshToken,
			TokenEndpointHandler: &oauth2.RefreshTokenGrantHandler{
				AccessTokenStrategy: tokens, RefreshTokenStrategy: tokens, TokenRevocationStorage: storage, Config: config,
			},
			before: beforeRefresh,
			after:  e.afterRefresh,
		},
	}
}

// beforeFirst checks the scope of a request that begins a grant.
func (e *Engine) beforeFirst(grant string) func(context.Context, *Client, *fosite.AccessRequest) error {
	return func(_ context.Context, client *Client, request *fosite.AccessRequest) error {
		if refused := e.checkScope(client, grant, request.RequestedScope); refused != nil {
			return refused
		}
		return nil
	}
}

// beforePassword also wants both credentials (RFC 6749 §4.3.2).
func (e *Engine) beforePassword(ctx context.Context, client *Client, request *fosite.AccessRequest) error {
	for _, name := range []string{"username", "password"} {
		if request.Form.Get(name) == "" {
			return missing(name)
		}
	}
	return e.beforeFirst(fixtures.GrantPassword)(ctx, client, request)
}

// afterFirst grants what was asked for, or the default, to a grant that begins.
func (e *Engine) afterFirst(client *Client, request *fosite.AccessRequest, asked asked) error {
	sess := request.Session.(*session)
	sess.grant = request.GrantTypes[0]
	scope := asked.scope
	if len(scope) == 0 {
		scope = defaultScope(client, sess.grant)
	}
	sess.scope, sess.audience = scope, asked.audience
	request.GrantedScope, request.GrantedAudience = scope, asked.audience
	if sess.grant == fixtures.GrantPassword {
		sess.username = request.Form.Get("username")
		sess.authenticatedAt = e.clock.Now()
	} else {
		sess.subject = client.GetID() // RFC 9068 §2.2
	}
	request.SetID(requestID(e.store.NewFamily()))
	return nil
}

// beforeRefresh wants the token, which fosite would take for an unknown one (RFC 6749 §6).
func beforeRefresh(_ context.Context, _ *Client, request *fosite.AccessRequest) error {
	if request.Form.Get("refresh_token") == "" {
		return missing("refresh_token")
	}
	return nil
}

// afterRefresh narrows the new access token to what the request asks for, which
// must have been granted (RFC 6749 §6; RFC 8707 §2.2). The refresh token keeps it all.
func (e *Engine) afterRefresh(client *Client, request *fosite.AccessRequest, asked asked) error {
	sess := request.Session.(*session)
	if len(asked.scope) > 0 {
		for _, scope := range asked.scope {
			if !slices.Contains(sess.scope, scope) {
				return Refuse(InvalidScope, "The scope "+quote(scope)+" was not granted at first, and a refresh cannot widen a grant; granted: "+list(sess.scope)+".")
			}
		}
		request.GrantedScope = asked.scope
	}
	if len(asked.audience) > 0 {
		granted := audienceOf(client, sess.audience, sess.issuer)
		for _, a := range asked.audience {
			if !slices.Contains(granted, a) {
				return Refuse(InvalidTarget, "A token for "+quote(a)+" was not granted at first, and a refresh cannot widen a grant; granted: "+list(granted)+".")
			}
		}
		request.GrantedAudience = asked.audience
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
	refused := Refuse(UnsupportedGrantType, "The grant_type "+quote(asked)+" is not served here; served: "+list(u.served)+".")
	if near := fixtures.Suggest(asked, u.served); near != "" {
		refused.Description += " Did you mean " + quote(near) + "?"
	}
	return refused
}

func (u unsupported) PopulateTokenEndpointResponse(context.Context, fosite.AccessRequester, fosite.AccessResponder) error {
	return fosite.ErrUnknownRequest
}

// missing is the refusal of a request without a parameter that it must have.
func missing(parameter string) *Error {
	return Refuse(InvalidRequest, "The parameter "+quote(parameter)+" is missing from the body.")
}

// note writes down what a token request says it wants.
func note(ctx context.Context, form url.Values) {
	record.From(ctx).Grant = form.Get("grant_type")
}
