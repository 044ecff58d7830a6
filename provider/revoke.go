package provider

// A Revocation says whose tokens are to end: it has one of User, Client and Token.
type Revocation struct {
	// User is whose grants end, and whose sessions at browsers.
	User string `json:"user,omitempty"`
	// Client is whose grants end.
	Client string `json:"client,omitempty"`
	// Token is an access token, refresh token or code, whose grant ends.
	Token string `json:"token,omitempty"`
}

// Revoke ends grants as from outside, and answers how many tokens and codes that
// were. Unknown names are no error: there is nothing to end then. The error is a [Refusal].
func (p *Provider) Revoke(what Revocation) (int, error) {
	switch what {
	case Revocation{User: what.User}:
		if what.User != "" {
			p.sessions.Forget(what.User)
			return p.engine.RevokeUser(what.User), nil
		}
	case Revocation{Client: what.Client}:
		return p.engine.RevokeClient(what.Client), nil
	case Revocation{Token: what.Token}:
		return p.engine.RevokeToken(what.Token), nil
	}
	return 0, unprocessable("What is to be revoked is one of user, client and token.")
}
