package check

// ClientCredentials asks for a token of the client's own (RFC 6749 §4.4.2).
func (t *T) ClientCredentials(ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{Param("grant_type", "client_credentials")}, ingredients...)...)
}

// Password asks for a user's token (RFC 6749 §4.3.2).
func (t *T) Password(u User, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{
		Param("grant_type", "password"), Param("username", u.Username), Param("password", u.Password),
	}, ingredients...)...)
}

// Refresh asks for a new token by a refresh token (RFC 6749 §6).
func (t *T) Refresh(refreshToken string, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{
		Param("grant_type", "refresh_token"), Param("refresh_token", refreshToken),
	}, ingredients...)...)
}

// Introspect asks about a token (RFC 7662 §2.1).
func (t *T) Introspect(token string, ingredients ...Ingredient) Answer {
	return t.Ask("introspection", append([]Ingredient{Param("token", token)}, ingredients...)...)
}

// Revoke asks for a token's end (RFC 7009 §2.1).
func (t *T) Revoke(token string, ingredients ...Ingredient) Answer {
	return t.Ask("revocation", append([]Ingredient{Param("token", token)}, ingredients...)...)
}

// Redeem asks for the tokens of a code, the way that its request needs: with the
// client's authentication, redirect_uri and code_verifier (RFC 6749 §4.1.3).
func (t *T) Redeem(c Client, r Redirect, ingredients ...Ingredient) Answer {
	all := []Ingredient{As(c), proof(r)}
	if uri := r.sent.Get("redirect_uri"); uri != "" {
		all = append(all, Param("redirect_uri", uri))
	}
	return t.RedeemCode(r.Code(), append(all, ingredients...)...)
}

// RedeemCode asks for the tokens of a code, with nothing else than the ingredients.
func (t *T) RedeemCode(code string, ingredients ...Ingredient) Answer {
	return t.Ask("token", append([]Ingredient{Param("grant_type", "authorization_code"), Param("code", code)}, ingredients...)...)
}
