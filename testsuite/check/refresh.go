package check

import (
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func refreshGrant() Section {
	return Section{Letter: "E", Title: "Refresh", Checks: []Check{
		Must("RT-01", "answers a refresh token with a new access token", "RFC 6749 §6", grantsNewAccessToken).
			If(Refresh, Password).Breaks(fault.RefreshTokensRefused, fault.AccessTokenRepeated, fault.RefreshUnavailable, fault.RefreshGrantDropped),
		Must("RT-02", "gives a public client a new refresh token at each refresh", "RFC 9700 §2.2.2; RFC 9700 §4.14.2", rotatesForPublicClient).
			If(Refresh, Password, PublicClients).Breaks(fault.RefreshTokenNotRotated, fault.RefreshTokenOfAnother, fault.RefreshTokenUnsaid),
		Should("RT-03", "ends all that came of a refresh token when it is used again", "RFC 9700 §4.14.2", endsFamilyOnReuse).
			If(Refresh, Password).Breaks(fault.RefreshTokenReusable, fault.FamilySurvivesReuse),
		Should("RT-04", "ends access tokens too when a refresh token is used again", "RFC 9700 §4.14.2", endsAccessTokenOnReuse).
			If(Refresh, Password, Introspection).Breaks(fault.FamilySurvivesReuse),
		Must("RT-05", "keeps the granted scope when a refresh names none", "RFC 6749 §6", keepsGrantedScope).
			If(Refresh, Password).Breaks(fault.RefreshScopeNarrowed, fault.RefreshScopeWidened),
		Must("RT-07", "refuses a scope that was not granted at first", "RFC 6749 §6; RFC 6749 §5.2", refusesWiderScope).
			If(Refresh, Password).Breaks(fault.RefreshScopeIgnored),
		Must("RT-09", "refuses a refresh token of another client", "RFC 6749 §6; RFC 6749 §10.4", refusesForeignRefreshToken).
			If(Refresh, Password).Breaks(fault.ForeignRefreshTokenServed, fault.InvalidGrantWith401),
		Must("RT-10", "refuses an unknown refresh token with invalid_grant", "RFC 6749 §5.2", refusesUnknownRefreshToken).
			If(Refresh, Password).Breaks(fault.InvalidGrantWith401, fault.BadRefreshTokenMiscoded),
		Must("RT-11", "refuses a refresh without refresh_token", "RFC 6749 §6; RFC 6749 §5.2", refusesAbsentRefreshToken).
			If(Refresh, Password).Breaks(fault.MissingParameterMiscoded),
		Must("RT-13", "refuses a revoked refresh token", "RFC 6749 §5.2; RFC 7009 §2.1", refusesRevokedRefreshToken).
			If(Refresh, Password, Revocation).Breaks(fault.RevocationIgnored),
		Must("RT-14", "refuses a refresh token that was tampered with", "RFC 6749 §5.2; RFC 6749 §10.4", refusesTamperedRefreshToken).
			If(Refresh, Password).Breaks(fault.RefreshTokenHalfChecked, fault.BadRefreshTokenMiscoded),
		Must("RT-15", "refuses an access token in place of a refresh token", "RFC 6749 §5.2", refusesAccessTokenAsRefreshToken).
			If(Refresh, Password).Breaks(fault.AccessTokenRefreshes),
		Must("RT-16", "refuses refresh_token to a client that is not registered for it", "RFC 6749 §5.2", refusesUnregisteredRefresh).
			If(Refresh, Password).Breaks(fault.UnregisteredGrantServed, fault.UnauthorizedClientMiscoded),
		Must("RT-17", "refuses a refresh by a confidential client that does not authenticate", "RFC 6749 §6; RFC 6749 §5.2", refusesRefreshWithoutClient).
			If(Refresh, Password).Breaks(fault.SecretOptional, fault.NoCredentialsInvalidRequest),
		Should("RT-18", "spends a refresh token once, also when it is used eight times at once", "RFC 9700 §4.14.2", spendsRefreshTokenOnce).
			If(Refresh, Password).Breaks(fault.RefreshTokenReusable),
		Should("RT-19", "answers a refresh with another refresh token than the one that was used", "RFC 6749 §6", changesRefreshToken).
			If(Refresh, Password).Breaks(fault.RefreshTokenNotRotated),
		Should("RT-20", "refuses the refresh token of a user who is gone", "RFC 9700 §4.14.2", refusesRefreshTokenOfRemovedUser).
			If(Refresh, Password, UserRemoval).Breaks(fault.RefreshTokenSurvivesUser),
		Must("RT-22", "refuses a refresh that names two refresh tokens", "RFC 6749 §3.2", refusesTwoRefreshTokens).
			If(Refresh, Password).Breaks(fault.FirstDuplicateWins, fault.LastDuplicateWins, fault.EqualDuplicatesServed),
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

// signInAs logs a user in for a refresh token. Some providers give one for
// offline_access only (OpenID Connect Core §11), so that is asked for when need be.
func (t *T) signInAs(u User, c Client, scope string, ingredients ...Ingredient) login {
	ingredients = append([]Ingredient{As(c)}, ingredients...)
	ask := func(scope string) login {
		asking := slices.Clone(ingredients)
		if scope != "" {
			asking = append(asking, Param("scope", scope))
		}
		return login{Answer: t.Password(u, asking...), asked: scope}
	}
	l := ask(scope)
	if l.Text("refresh_token") == "" && slices.Contains(c.Scopes, "offline_access") {
		l = ask(strings.TrimSpace(scope + " offline_access"))
	}
	t.Expect(l.Answer).To(BeToken())
	l.refreshToken = l.Text("refresh_token")
	if l.refreshToken == "" { // which RFC 6749 §4.3.3 leaves to the provider
		panic(stop{Untestable, "the password grant gives the client " + c.ID + " no refresh token"})
	}
	return l
}
