package engine

import (
	"encoding/json"
	"maps"
	"slices"
)

// A ClaimsRequest is the claims parameter (OpenID Connect Core §5.5): names of
// claims for the ID token and for userinfo. Of what is asked of their values, it
// keeps what decides who may log in and how; the others have the fixtures' values.
type ClaimsRequest struct {
	IDToken  []string `json:"id_token,omitempty"`
	UserInfo []string `json:"userinfo,omitempty"`

	Subject string   `json:"-"` // the only sub that will do; empty for any
	ACR     []string `json:"-"` // the only acr values that will do; none for any
}

// asked is what a claims parameter asks of one claim (§5.5.1).
type asked struct {
	Essential bool  `json:"essential"`
	Value     any   `json:"value"`
	Values    []any `json:"values"`
}

// parseClaims reads a claims parameter.
func parseClaims(value string) (ClaimsRequest, *Error) {
	if value == "" {
		return ClaimsRequest{}, nil
	}
	malformed := Refuse(InvalidRequest, "The claims parameter is no JSON object of id_token and userinfo, whose members are null or objects (OpenID Connect Core section 5.5).")
	var members *struct {
		IDToken  map[string]*asked `json:"id_token"`
		UserInfo map[string]*asked `json:"userinfo"`
	}
	if err := json.Unmarshal([]byte(value), &members); err != nil || members == nil {
		return ClaimsRequest{}, malformed
	}
	request := ClaimsRequest{IDToken: slices.Sorted(maps.Keys(members.IDToken)), UserInfo: slices.Sorted(maps.Keys(members.UserInfo))}
	if sub := members.IDToken["sub"]; sub != nil {
		request.Subject, _ = sub.Value.(string)
	}
	if acr := members.IDToken["acr"]; acr != nil && acr.Essential {
		for _, value := range append(acr.Values, acr.Value) {
			if text, ok := value.(string); ok {
				request.ACR = append(request.ACR, text)
			}
		}
	}
	return request, nil
}

// scopeClaims are the claims that a scope asks for (OpenID Connect Core §5.4).
func scopeClaims(scope string) []string {
	switch scope {
	case "profile":
		return []string{
			"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
			"website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
		}
	case "email":
		return []string{"email", "email_verified"}
	case "address":
		return []string{"address"}
	case "phone":
		return []string{"phone_number", "phone_number_verified"}
	}
	return nil
}

// standardClaims are those that need a scope, or a claims parameter, to be told.
func standardClaims() []string {
	return slices.Concat(scopeClaims("profile"), scopeClaims("email"), scopeClaims("address"), scopeClaims("phone"))
}

// ClaimNames lists the claims that the users of the directory may have, for the metadata.
func (d *Directory) ClaimNames() []string {
	names := append([]string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"}, standardClaims()...)
	for _, name := range d.usernames {
		for claim := range d.users[name].fixture.Claims {
			if !slices.Contains(names, claim) {
				names = append(names, claim)
			}
		}
	}
	slices.Sort(names)
	return names
}

// own are the user's claims that no specification ties to a scope, such as
// groups: they are told to whoever asks for openid.
func (u *user) own() map[string]any {
	claims, standard := map[string]any{}, standardClaims()
	for name, value := range u.fixture.Claims {
		if !slices.Contains(standard, name) {
			claims[name] = value
		}
	}
	return claims
}

// told are the user's claims of the given names; nothing is made up for those
// that the fixture lacks, but the username.
func (u *user) told(names []string) map[string]any {
	claims := map[string]any{}
	for _, name := range names {
		if value, ok := u.fixture.Claims[name]; ok && value != nil {
			claims[name] = value
		} else if name == "preferred_username" {
			claims[name] = u.fixture.Username
		}
	}
	return claims
}

// userInfoClaims is what userinfo tells of a user: by scope, by request, and the
// user's own.
func (u *user) userInfoClaims(scope []string, asked ClaimsRequest) map[string]any {
	names := slices.Clone(asked.UserInfo)
	for _, s := range scope {
		names = append(names, scopeClaims(s)...)
	}
	claims := u.own()
	maps.Copy(claims, u.told(names))
	return claims
}
