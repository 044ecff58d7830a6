package engine

import (
	"context"
	"slices"

	"github.com/ory/fosite"

	"github.com/mockoauth/mockoauth/fixtures"
)

// config answers fosite's questions. The embedded Config is filled when the
// engine is made and only read afterwards: its getters write the fields that
// they find empty, which would be a race.
type config struct {
	*fosite.Config
	grants      map[string]fosite.TokenEndpointHandlers // one for each grant_type
	unsupported fosite.TokenEndpointHandlers
}

var _ fosite.Configurator = (*config)(nil)

// GetTokenEndpointHandlers answers the one grant that a request asks for: fosite
// would try them all, at a quarter of the request's cost, and give an unknown
// grant_type the wrong error. The form is asked, because fosite trims the value.
func (c *config) GetTokenEndpointHandlers(ctx context.Context) fosite.TokenEndpointHandlers {
	request, ok := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester)
	if ok {
		if g, served := c.grants[request.GetRequestForm().Get("grant_type")]; served {
			return g
		}
	}
	return c.unsupported
}

// GetRefreshTokenScopes answers which of the granted scopes earn a refresh
// token: none is needed, but the client must be registered for the grant
// (RFC 9700 §4.14), which fosite does not ask: hence a scope that nobody can have.
func (c *config) GetRefreshTokenScopes(ctx context.Context) []string {
	request, ok := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester)
	if ok && !slices.Contains(request.GetClient().GetGrantTypes(), fixtures.GrantRefreshToken) {
		return []string{"no such scope"}
	}
	return nil
}
