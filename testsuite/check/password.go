package check

import (
	"slices"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func passwordGrant() Section {
	return Section{Letter: "D", Title: "Resource owner password grant", Checks: []Check{
		Must("PW-01", "answers the right password with a token", "RFC 6749 §4.3.3; RFC 6749 §5.1", grantsUserToken).
			If(Password).Breaks(&fault.PasswordGrantDropped, &fault.InteractionDemanded),
		Must("PW-02", "refuses a wrong password with invalid_grant", "RFC 6749 §5.2", refusesWrongPassword).
			If(Password).Breaks(&fault.AnyPasswordServed, &fault.InvalidGrantWith401),
		Should("PW-03", "answers an unknown user exactly like a wrong password", "RFC 6749 §5.2", hidesWhichUsersExist).
			If(Password).Breaks(&fault.UnknownUserTold),
		Must("PW-04", "refuses a login without username", "RFC 6749 §4.3.2; RFC 6749 §5.2", refusesAbsentUsername).
			If(Password).Breaks(&fault.MissingParameterMiscoded),
		Must("PW-05", "refuses a login without password", "RFC 6749 §4.3.2; RFC 6749 §5.2", refusesAbsentPassword).
			If(Password).Breaks(&fault.EmptyPasswordServed, &fault.MissingParameterMiscoded),
		Must("PW-07", "refuses a login through a confidential client that does not authenticate", "RFC 6749 §4.3.2; RFC 6749 §5.2", refusesLoginWithoutClient).
			If(Password).Breaks(&fault.SecretOptional),
		Must("PW-08", "judges the client before the user", "RFC 6749 §4.3.2; RFC 6749 §5.2", judgesClientBeforeUser).
			If(Password).Breaks(&fault.ClientJudgedLast, &fault.ChallengeMissing),
		Must("PW-10", "refuses password to a client that is not registered for it", "RFC 6749 §5.2", refusesUnregisteredPassword).
			If(Password, ClientCredentials).Breaks(&fault.UnregisteredGrantServed, &fault.UnauthorizedClientMiscoded),
		Must("PW-11", "refuses username and password in the query of the URL", "RFC 6749 §4.3.2", refusesLoginInQuery).
			If(Password).Breaks(&fault.QueryServed),
		Must("PW-13", "refuses a login for a scope that the client may not have, or says what it granted instead", "RFC 6749 §3.3; RFC 6749 §5.2", refusesForeignScopeOfUser).
			If(Password).Breaks(&fault.AnyScopeGranted, &fault.ScopeLossUnsaid),
		Must("PW-15", "says what it granted to a login that named no scope", "RFC 6749 §3.3", reportsDefaultScopeOfUser).
			If(Password).Breaks(&fault.EmptyScopeSaid),
		Should("PW-16", "gives no refresh token to a client that may not refresh", "RFC 6749 §6; RFC 9700 §4.14", grantsRefreshTokenToSomeOnly).
			If(Password).Breaks(&fault.RefreshTokenForAll),
		Should("PW-17", "never repeats a password", "RFC 6749 §4.3.3", neverRepeatsPassword).
			If(Password).Breaks(&fault.PasswordEchoed),
		Must("PW-18", "reads username and password as form-encoded UTF-8", "RFC 6749 App. B", readsCredentialsAsUTF8).
			If(Password).Breaks(&fault.Latin1Read, &fault.PlusReadAsSpace),
		Should("PW-19", "takes spaces around a password for a part of it", "RFC 6749 App. A.16", keepsSpacesOfPassword).
			If(Password).Breaks(&fault.PasswordTrimmed),
		Should("PW-20", "compares the whole of a long password", "RFC 6749 §4.3.2", comparesWholePassword).
			If(Password).Breaks(&fault.PasswordTruncated),
		Must("PW-22", "throttles the guessing of a password", "RFC 6749 §4.3.2", throttlesGuessing).
			If(Password, BruteForceLimit).Breaks(&fault.RightPasswordSuffices, &fault.GuessingUnlimited).Destructively(),
		Must("PW-23", "refuses users who may not log in with invalid_grant", "RFC 6749 §5.2", refusesUsersByState).
			If(Password).Breaks(&fault.RightPasswordSuffices, &fault.UserStateTold),
		Must("PW-24", "gives a user the same sub at each login", "RFC 7662 §2.2; OpenID Connect Core §2", keepsSubject).
			If(Password).Breaks(&fault.SubjectPerLogin),
		May("PW-25", "tells user, login name and client of a user's token", "RFC 7662 §2.2", tellsUserOfToken).
			If(Password, Introspection).Breaks(&fault.UsernameUntold),
		Should("PW-26", "answers a login for openid with a good ID token, or none", "OpenID Connect Core §2", grantsGoodIDTokenOrNone).
			If(Password).Breaks(&fault.IDTokenForAnyGrant, &fault.IDTokenUnasked),
		Should("PW-27", "answers two logins with two tokens, both good", "RFC 6749 §5.1", grantsDistinctUserTokens).
			If(Password).Breaks(&fault.AccessTokenRepeated, &fault.NewTokenEndsOlder),
		Must("PW-29", "lists the password grant in its metadata if, and only if, it serves it", "RFC 8414 §2", listsPasswordGrant).
			If(Discovery).Breaks(&fault.PasswordGrantDropped, &fault.MetadataHidesGrant),
		Should("PW-31", "distinguishes USERNAME from username", "RFC 6749 §1.9", comparesParameterNamesExactly).
			If(Password).Breaks(&fault.ParameterNamesFolded),
		Should("PW-32", "names other subjects for users than for clients", "RFC 9700 §4.15", keepsSubjectsApart).
			If(ClientCredentials, Password).Breaks(&fault.SubjectShared),
	}}
}

func grantsUserToken(t *T) {
	t.Expect(t.Password(t.User(Main), As(t.Client(Main)))).To(BeToken())
}

func refusesAbsentUsername(t *T) { t.refusesLoginWithout("username") }

func refusesAbsentPassword(t *T) { t.refusesLoginWithout("password") }

// refusesLoginWithout expects that a parameter is missed, also when it is empty:
// RFC 6749 §3.2 treats that as omitted.
func (t *T) refusesLoginWithout(name string) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	drop := func(a *Ask) { a.form.Del(name) }
	blank := func(a *Ask) { a.form.Set(name, "") }
	t.Expect(t.Password(user, As(main), drop)).To(BeRefused(400, "invalid_request"), "%s is absent", name)
	t.Expect(t.Password(user, As(main), blank)).To(BeRefused(400, "invalid_request"), "%s is empty", name)
}

func refusesLoginWithoutClient(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	t.expectInvalidClient(t.Password(user, Param("client_id", main.ID)), "client_id without its secret")
	t.expectNamelessRefused(t.Password(user))
}

// expectInvalidClient expects the refusal of a client that did not use the
// Authorization header: RFC 6749 §5.2 leaves the status open then.
func (t *T) expectInvalidClient(answer Answer, explain string) {
	t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}), explain)
}

// expectNamelessRefused expects the refusal of a request that names no client. To
// RFC 6749 §5.2 no client authentication is included, or, where a public client
// would be served, its client_id is missing.
func (t *T) expectNamelessRefused(answer Answer) {
	t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}, Refusal{400, "invalid_request"}), "no client at all")
}

func judgesClientBeforeUser(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	wrong := User{Username: user.Username, Password: user.Password + "-not"}
	expectUnauthenticated(t, main, t.Password(wrong, As(wrongSecret(main))), "secret and password are wrong")
}

func refusesUnregisteredPassword(t *T) {
	client, user := t.Client(MachineOnly), t.User(Main)
	t.Expect(t.ClientCredentials(As(client))).To(BeToken(), "the client can authenticate")
	t.Expect(t.Password(user, As(t.Client(Main)))).To(BeToken())
	t.Expect(t.Password(user, As(client))).To(BeRefused(400, "unauthorized_client"))
}

func refusesForeignScopeOfUser(t *T) {
	main, user := t.Client(Main), t.User(Main)
	a, _ := t.twoScopes(main)
	t.Expect(t.Password(user, As(main), Param("scope", a))).To(BeToken())
	t.expectNotGranted(t.Password(user, As(main), Param("scope", unheardOf)), unheardOf)
}

func reportsDefaultScopeOfUser(t *T) {
	user := t.User(Main)
	t.expectDefaultScope(t.Client(Main), func(ingredients ...Ingredient) Answer {
		return t.Password(user, ingredients...)
	})
}

func comparesParameterNamesExactly(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	answer := t.Ask("token", As(main), Param("grant_type", "password"),
		Param("USERNAME", user.Username), Param("password", user.Password))
	t.Expect(answer).To(BeRefused(400, "invalid_request"))
}

func grantsRefreshTokenToSomeOnly(t *T) {
	user := t.User(Main)
	if t.claims(Refresh) {
		t.signIn(t.Client(Main), "")
	}
	client := t.Client(PasswordOnly)
	asking := [][]Ingredient{{As(client)}}
	if slices.Contains(client.Scopes, "offline_access") { // without which some give nobody a refresh token
		asking = append(asking, []Ingredient{As(client), Param("scope", "offline_access")})
	}
	for _, ingredients := range asking {
		answer := t.Password(user, ingredients...)
		if answer.Text("error") == "invalid_scope" {
			continue
		}
		t.Expect(answer).To(BeToken())
		t.Expect(answer).To(HaveNoMember("refresh_token"))
	}
}
