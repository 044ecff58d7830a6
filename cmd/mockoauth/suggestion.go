package main

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
)

// suggestion finds a first request that works with a set, by the grants served.
type suggestion struct {
	set    fixtures.Set
	grants []string
}

// lines are commands to get a token and to verify it; none when nobody can.
func (s suggestion) lines(token, verify string) []string {
	for _, c := range s.set.Clients {
		grant, ok := s.grantOf(c)
		if !ok {
			continue
		}
		if n := len(c.DefaultScopes); n > 0 {
			grant += "&scope=" + url.QueryEscape(c.DefaultScopes[n-1])
		}
		id, secret := url.QueryEscape(c.ID), url.QueryEscape(c.Secret)
		line := fmt.Sprintf(`curl -d "client_id=%s&client_secret=%s&%s" %s`, id, secret, grant, token)
		switch c.AuthMethod {
		case fixtures.AuthBasic:
			line = fmt.Sprintf(`curl -u "%s:%s" -d "%s" %s`, id, secret, grant, token)
		case fixtures.AuthNone:
			line = fmt.Sprintf(`curl -d "client_id=%s&%s" %s`, id, grant, token)
		}
		return []string{line, fmt.Sprintf(`curl -d "token=TOKEN" %s`, verify)}
	}
	return nil
}

// grantOf is the part of the form that says how a client gets a token.
func (s suggestion) grantOf(c fixtures.Client) (form string, ok bool) {
	can := func(grant string) bool { return slices.Contains(s.grants, grant) && slices.Contains(c.Grants, grant) }
	if c.Disabled || !c.SecretExpiresAt.IsZero() && c.SecretExpiresAt.Before(time.Now()) {
		return "", false
	}
	i := slices.IndexFunc(s.set.Users, func(u fixtures.User) bool { return u.Status.Active() })
	switch {
	case can(fixtures.GrantPassword) && i >= 0:
		u := s.set.Users[i]
		return "grant_type=password&username=" + url.QueryEscape(u.Username) + "&password=" + url.QueryEscape(u.Password), true
	case can(fixtures.GrantClientCredentials):
		return "grant_type=client_credentials", true
	}
	return "", false
}
