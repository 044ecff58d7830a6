package check

import "github.com/mockoauth/mockoauth/provider/fault"

func clientCredentials() Section {
	return Section{Letter: "C", Title: "Client credentials grant", Checks: []Check{
		Must("CC-01", "answers client_credentials with a token", "RFC 6749 §4.4.3; RFC 6749 §5.1", grantsClientToken).
			If(ClientCredentials).Breaks(&fault.ClientCredentialsDropped, &fault.ExpiresInQuoted, &fault.ExpiresInZero, &fault.ExpiresInNegative, &fault.ExpiresInNull, &fault.ExpiresInAsDate, &fault.ExpiresInFractional, &fault.ExpiresInWithExponent),
		Must("CC-02", "grants the scope that is asked for", "RFC 6749 §3.3", grantsAskedScope).
			If(ClientCredentials).Breaks(&fault.ScopeIgnored, &fault.AnsweredScopeNarrowed, &fault.AnsweredScopeWidened, &fault.AnsweredScopeReordered, &fault.ScopeRefused),
		Must("CC-03", "refuses a scope that the client may not have, or says what it granted instead", "RFC 6749 §3.3; RFC 6749 §5.2", refusesForeignScope).
			If(ClientCredentials).Breaks(&fault.AnyScopeGranted, &fault.ScopeLossUnsaid),
		Must("CC-04", "refuses a malformed scope with invalid_scope", "RFC 6749 §3.3; RFC 6749 App. A.4", refusesMalformedScope).
			If(ClientCredentials).Breaks(&fault.MalformedScopeDropped, &fault.ScopeSplitAtAnySpace),
		Should("CC-05", "refuses or tidies a scope with needless spaces", "RFC 6749 App. A.4", tidiesSpacesInScope).
			If(ClientCredentials).Breaks(&fault.ScopeEchoed),
		Must("CC-06", "says what it granted to a client that named no scope", "RFC 6749 §3.3", reportsDefaultScopeOfClient).
			If(ClientCredentials).Breaks(&fault.EmptyScopeSaid, &fault.AnsweredScopeMissing),
		Should("CC-07", "answers client_credentials without a refresh token", "RFC 6749 §4.4.3", grantsNoRefreshTokenToClient).
			If(ClientCredentials).Breaks(&fault.ClientCredentialsRefreshToken, &fault.RefreshTokenNull, &fault.RefreshTokenEmpty),
		Should("CC-08", "answers client_credentials without an ID token", "OpenID Connect Core §1", grantsNoIDTokenToClient).
			If(ClientCredentials).Breaks(&fault.IDTokenForAnyGrant),
		Must("CC-09", "refuses client_credentials to a public client", "RFC 6749 §4.4; RFC 6749 §5.2", refusesPublicClientCredentials).
			If(ClientCredentials, PublicClients).Breaks(&fault.PublicClientCredentialsServed, &fault.UnauthorizedClientMiscoded),
		Must("CC-10", "refuses client_credentials to a client that is not registered for it", "RFC 6749 §5.2", refusesUnregisteredClientCredentials).
			If(ClientCredentials, Password).Breaks(&fault.UnregisteredGrantServed, &fault.UnauthorizedClientMiscoded),
		Must("CC-11", "ignores parameters of other grants in client_credentials", "RFC 6749 §3.2", ignoresParametersOfOtherGrants).
			If(ClientCredentials).Breaks(&fault.ForeignParametersRefused),
		Should("CC-12", "judges the client before the scope", "RFC 6749 §5.2", judgesClientBeforeScope).
			If(ClientCredentials).Breaks(&fault.ClientJudgedLast),
		Must("CC-13", "names the client in client_id of its JWT, and has a sub", "RFC 9068 §2.2", namesClientInJWT).
			If(ClientCredentials, JWTAccessTokens).Breaks(&fault.ClientTokenWithoutSubject, &fault.TokenWithoutClientID),
		Must("CC-14", "tells of a client's token that it is active and has no user", "RFC 7662 §2.2", tellsClientTokenWithoutUser).
			If(ClientCredentials, Introspection).Breaks(&fault.UsernameOfClient, &fault.AccessTokenWithSpace, &fault.IntrospectionOtherClient, &fault.IntrospectionOtherSubject),
		Must("CC-15", "ends a token when its expires_in is over", "RFC 6749 §5.1", endsTokenAfterExpiresIn).
			If(ClientCredentials, Introspection).Breaks(&fault.ExpiresInUnderstated).Slowly(),
		Should("CC-16", "answers the same request twice with two tokens, both good", "RFC 6749 §10.10", grantsDistinctClientTokens).
			If(ClientCredentials).Breaks(&fault.AccessTokenRepeated, &fault.NewTokenEndsOlder),
		Must("CC-17", "issues a token for the resource that is asked for, and refuses an unknown one", "RFC 8707 §2", issuesTokenForResource).
			If(ClientCredentials, ResourceIndicators).Breaks(&fault.ResourceIgnored, &fault.IntrospectionOtherAudience),
		May("CC-18", "honours or ignores audience, and issues no token for an unknown one", "RFC 9068 §3", issuesNoTokenForUnknownAudience).
			If(ClientCredentials, ResourceIndicators).Breaks(&fault.AnyAudienceGranted),
		Must("CC-19", "answers a client that authenticates by a signed assertion with a token", "RFC 6749 §2.3.2; RFC 7523 §2.2", grantsSignerToken).
			If(ClientCredentials, JWTClientAuth).Because(provenByAssertions),
		Should("CC-20", "serves 100 client_credentials requests at once", "RFC 6749 §4.4", servesManyClientsAtOnce).
			If(ClientCredentials).Breaks(&fault.AccessTokenRepeated).Destructively(),
		Should("CC-21", "says the lifespan of the client's own tokens in expires_in", "RFC 6749 §5.1", saysLifespanOfClient).
			If(ClientCredentials).Breaks(&fault.ExpiresInUnderstated, &fault.ExpiresInMissing, &fault.ExpiresInHuge),
		Must("CC-22", "compares scopes exactly", "RFC 6749 §3.3", comparesScopesExactly).
			If(ClientCredentials).Breaks(&fault.WildcardScopes, &fault.ScopeCaseFolded),
	}}
}

func grantsClientToken(t *T) {
	answer := t.ClientCredentials(As(t.Client(Main)))
	t.Expect(answer).To(BeToken())
	if answer.Object()["expires_in"] != nil {
		t.Expect(lifetime(answer) > 0).To(BeTrue(), "expires_in is a whole number of seconds:\n%s", answer)
	}
}

func refusesPublicClientCredentials(t *T) {
	t.Expect(t.ClientCredentials(As(t.Client(Main)))).To(BeToken())
	t.Expect(t.ClientCredentials(As(t.Client(Public)))).To(
		BeRefusedAs(Refusal{400, "unauthorized_client"}, Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}))
}

func refusesUnregisteredClientCredentials(t *T) {
	client := t.Client(PasswordOnly)
	t.Expect(t.Password(t.User(Main), As(client))).To(BeToken(), "the client can authenticate")
	t.Expect(t.ClientCredentials(As(t.Client(Main)))).To(BeToken())
	t.Expect(t.ClientCredentials(As(client))).To(BeRefused(400, "unauthorized_client"))
}

func ignoresParametersOfOtherGrants(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	for _, name := range []string{"username", "password", "code", "redirect_uri"} {
		answer := t.ClientCredentials(As(main), Param(name, "https://client.example/"+name))
		t.Expect(answer).To(BeToken(), "%s means nothing to client_credentials", name)
	}
}

func judgesClientBeforeScope(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.ClientCredentials(As(wrongSecret(main)), Param("scope", unheardOf))).To(beUnauthenticated(main))
}

func grantsNoRefreshTokenToClient(t *T) {
	answer := t.ClientCredentials(As(t.Client(Main)))
	t.Expect(answer).To(BeToken())
	t.Expect(answer).To(HaveNoMember("refresh_token"))
}

func grantsNoIDTokenToClient(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	answer := t.ClientCredentials(As(main), Param("scope", "openid"))
	if answer.Status == 400 {
		t.Expect(answer).To(BeRefused(400, "invalid_scope"))
		return
	}
	t.Expect(answer).To(BeToken())
	t.Expect(answer).To(HaveNoMember("id_token"))
}
