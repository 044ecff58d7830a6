package check

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func refreshGrant() Section {
	return Section{Letter: "E", Title: "Refresh", Checks: []Check{
		Must("RT-01", "answers a refresh token with a new access token", "RFC 6749 §6", grantsNewAccessToken).
			If(Refresh).Breaks(&fault.RefreshTokensRefused, &fault.AccessTokenRepeated, &fault.RefreshUnavailable, &fault.RefreshGrantDropped),
		Must("RT-02", "gives a public client a new refresh token at each refresh", "RFC 9700 §2.2.2; RFC 9700 §4.14.2", rotatesForPublicClient).
			If(Refresh, PublicClients).Breaks(&fault.RefreshTokenNotRotated, &fault.RefreshTokenOfAnother, &fault.RefreshTokenUnsaid),
		Should("RT-03", "ends all that came of a refresh token when it is used again", "RFC 9700 §4.14.2", endsFamilyOnReuse).
			If(Refresh).Breaks(&fault.RefreshTokenReusable, &fault.FamilySurvivesReuse),
		Should("RT-04", "ends access tokens too when a refresh token is used again", "RFC 9700 §4.14.2", endsAccessTokenOnReuse).
			If(Refresh, Introspection).Breaks(&fault.FamilySurvivesReuse),
		Must("RT-05", "keeps the granted scope when a refresh names none", "RFC 6749 §6", keepsGrantedScope).
			If(Refresh).Breaks(&fault.RefreshScopeNarrowed, &fault.RefreshScopeWidened),
		Must("RT-07", "refuses a scope that was not granted at first", "RFC 6749 §6; RFC 6749 §5.2", refusesWiderScope).
			If(Refresh).Breaks(&fault.RefreshScopeIgnored),
		Must("RT-09", "refuses a refresh token of another client", "RFC 6749 §6; RFC 6749 §10.4", refusesForeignRefreshToken).
			If(Refresh).Breaks(&fault.ForeignRefreshTokenServed, &fault.InvalidGrantWith401),
		Must("RT-10", "refuses an unknown refresh token with invalid_grant", "RFC 6749 §5.2", refusesUnknownRefreshToken).
			If(Refresh).Breaks(&fault.InvalidGrantWith401, &fault.BadRefreshTokenMiscoded),
		Must("RT-11", "refuses a refresh without refresh_token", "RFC 6749 §6; RFC 6749 §5.2", refusesAbsentRefreshToken).
			If(Refresh).Breaks(&fault.MissingParameterMiscoded),
		Must("RT-13", "refuses a revoked refresh token", "RFC 6749 §5.2; RFC 7009 §2.1", refusesRevokedRefreshToken).
			If(Refresh, Revocation).Breaks(&fault.RevocationIgnored),
		Must("RT-14", "refuses a refresh token that was tampered with", "RFC 6749 §5.2; RFC 6749 §10.4", refusesTamperedRefreshToken).
			If(Refresh).Breaks(&fault.RefreshTokenHalfChecked, &fault.BadRefreshTokenMiscoded),
		Must("RT-15", "refuses an access token in place of a refresh token", "RFC 6749 §5.2", refusesAccessTokenAsRefreshToken).
			If(Refresh).Breaks(&fault.AccessTokenRefreshes),
		Must("RT-16", "refuses refresh_token to a client that is not registered for it", "RFC 6749 §5.2", refusesUnregisteredRefresh).
			If(Refresh).Breaks(&fault.UnregisteredGrantServed, &fault.UnauthorizedClientMiscoded),
		Must("RT-17", "refuses a refresh by a confidential client that does not authenticate", "RFC 6749 §6; RFC 6749 §5.2", refusesRefreshWithoutClient).
			If(Refresh).Breaks(&fault.SecretOptional),
		Should("RT-18", "spends a refresh token once, also when it is used eight times at once", "RFC 9700 §4.14.2", spendsRefreshTokenOnce).
			If(Refresh).Breaks(&fault.RefreshTokenReusable),
		May("RT-19", "answers a refresh with another refresh token than the one that was used", "RFC 6749 §6", changesRefreshToken).
			If(Refresh).Breaks(&fault.RefreshTokenNotRotated),
		Should("RT-20", "refuses the refresh token of a user who is gone", "RFC 9700 §4.14.2", refusesRefreshTokenOfRemovedUser).
			If(Refresh, UserRemoval).Breaks(&fault.RefreshTokenSurvivesUser),
		Must("RT-22", "refuses a refresh that names two refresh tokens", "RFC 6749 §3.2", refusesTwoRefreshTokens).
			If(Refresh).Breaks(&fault.FirstDuplicateWins, &fault.LastDuplicateWins, &fault.EqualDuplicatesServed),
	}}
}

// A login is a user's token with its refresh token.
type login struct {
	Answer
	refreshToken string
	asked        string // the scope that was asked for
}

// signIn logs the main user in for a refresh token.
func (t *T) signIn(c Client, scope string) login { return t.signInAs(t.User(Main), c, scope) }

// signInAs logs a user in for a refresh token: by the password grant where there
// is one, else by a code. Some providers give one for offline_access only (OpenID
// Connect Core §11), or for that with openid, so those are asked for when need be.
func (t *T) signInAs(u User, c Client, scope string, resources ...string) login {
	way := t.signInByPassword
	switch {
	case t.claims(Password):
	case t.claims(AuthorizationCode):
		way = t.signInAtPages
		if scope == "" && len(c.Scopes) > 0 {
			scope = c.Scopes[0]
		}
	default:
		t.Skip("the target claims neither the password grant nor codes, by which users log in")
	}
	l := way(u, c, scope, resources)
	for _, offline := range []string{"offline_access", "openid offline_access"} {
		if l.Text("refresh_token") == "" && slices.Contains(c.Scopes, "offline_access") {
			l = way(u, c, strings.TrimSpace(scope+" "+offline), resources)
		}
	}
	t.Expect(l.Answer).To(BeToken())
	l.refreshToken = l.Text("refresh_token")
	if l.refreshToken == "" { // which RFC 6749 §4.1.4 and §4.3.3 leave to the provider
		panic(stop{Untestable, "no login gives the client " + c.ID + " a refresh token"})
	}
	return l
}

func (t *T) signInByPassword(u User, c Client, scope string, resources []string) login {
	asking := []Ingredient{As(c), Params(url.Values{"resource": resources})}
	if scope != "" {
		asking = append(asking, Param("scope", scope))
	}
	return login{Answer: t.Password(u, asking...), asked: scope}
}

// signInAtPages logs in by a code. OpenID Connect Core §11 has users asked about
// offline_access, to which openid belongs.
func (t *T) signInAtPages(u User, c Client, scope string, resources []string) login {
	params := url.Values{"resource": resources}
	if scope != "" {
		params.Set("scope", scope)
	}
	if strings.Contains(scope, "offline_access") {
		params.Set("prompt", "consent")
	}
	r := t.Browser(u).Authorize(c, params)
	t.Expect(r).To(BeGranted())
	return login{Answer: t.Redeem(c, r), asked: r.sent.Get("scope")}
}

// logsIn tells whether the target has a grant by which users log in.
func (t *T) logsIn() bool { return t.claims(Password) || t.claims(AuthorizationCode) }
