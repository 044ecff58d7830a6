package check

import "strings"

func grantsNewAccessToken(t *T) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	answer := t.Refresh(l.refreshToken, As(main))
	t.Expect(answer).To(BeToken())
	token := answer.Text("access_token")
	t.Expect(token != l.Text("access_token")).To(BeTrue(), "the access token is a new one")
	if t.claims(Introspection) {
		t.Expect(t.Introspect(token, As(main))).To(BeActive())
	}
}

func rotatesForPublicClient(t *T) {
	public := t.Client(Public)
	t.expectRotation(public, t.signIn(public, "").refreshToken)
}

// expectRotation expects that a refresh token of a public client is replaced when
// it is used, unless it is bound to its sender.
func (t *T) expectRotation(public Client, refreshToken string) {
	answer := t.Refresh(refreshToken, As(public))
	t.Expect(answer).To(BeToken())
	if strings.EqualFold(answer.Text("token_type"), "DPoP") {
		return // bound to its sender: the other way that RFC 9700 §2.2.2 allows
	}
	rotated := answer.Text("refresh_token")
	t.Expect(rotated != "" && rotated != refreshToken).To(BeTrue(), "a public client's refresh token is replaced:\n%s", answer)
	t.Expect(t.Refresh(rotated, As(public))).To(BeToken(), "by the new refresh token")
}

func changesRefreshToken(t *T) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	answer := t.Refresh(l.refreshToken, As(main))
	t.Expect(answer).To(BeToken())
	rotated := answer.Text("refresh_token")
	if rotated == "" {
		t.Skip("the target does not rotate a confidential client's refresh tokens")
	}
	t.Expect(rotated != l.refreshToken).To(BeTrue(), "the refresh token is another one:\n%s", answer)
	t.Expect(t.Refresh(rotated, As(main))).To(BeToken(), "by the new refresh token")
}

// reuse refreshes twice, then uses the first refresh token again, which must
// fail. It answers the last good refresh.
func (t *T) reuse() (last Answer) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	first := t.Refresh(l.refreshToken, As(main))
	t.Expect(first).To(BeToken())
	rotated := first.Text("refresh_token")
	if rotated == "" || rotated == l.refreshToken {
		t.Skip("the target does not rotate a confidential client's refresh tokens")
	}
	last = t.Refresh(rotated, As(main))
	t.Expect(last).To(BeToken(), "by the rotated refresh token")
	if t.claims(Introspection) {
		t.Expect(t.Introspect(last.Text("access_token"), As(main))).To(BeActive(), "before the reuse")
	}
	t.Expect(t.Refresh(l.refreshToken, As(main))).To(
		BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}), "a refresh token that is used again")
	return last
}

func endsFamilyOnReuse(t *T) {
	last := t.reuse()
	t.Expect(t.Refresh(last.Text("refresh_token"), As(t.Client(Main)))).To(
		BeRefusedAs(Refusal{400, "invalid_grant"}, Refusal{400, "invalid_request"}),
		"the newest refresh token after an older one was used again")
}

func endsAccessTokenOnReuse(t *T) {
	last := t.reuse()
	t.Expect(t.Introspect(last.Text("access_token"), As(t.Client(Main)))).To(BeInactive(),
		"the newest access token after an older refresh token was used again")
}

func refusesForeignRefreshToken(t *T) {
	main := t.Client(Main)
	own := t.signIn(main, "")
	t.Expect(t.Refresh(own.refreshToken, As(main))).To(BeToken())

	l := t.signIn(main, "")
	t.Expect(t.Refresh(l.refreshToken, As(t.Client(Other)))).To(BeRefused(400, "invalid_grant"))
	after := t.Refresh(l.refreshToken, As(main))
	if after.Status != 200 { // a provider may take the attempt for a theft
		t.Expect(after).To(BeRefused(400, "invalid_grant"), "its own client, after the attempt")
		return
	}
	t.Expect(after).To(BeToken(), "its own client, after the attempt")
}

// expectOnlyGenuine expects that a refresh token is refused which is not one,
// and that the genuine one is good afterwards.
func (t *T) expectOnlyGenuine(l login, other, explain string) {
	main := t.Client(Main)
	t.Expect(t.Refresh(other, As(main))).To(BeRefused(400, "invalid_grant"), explain)
	t.Expect(t.Refresh(l.refreshToken, As(main))).To(BeToken(), "the genuine refresh token")
}

func refusesUnknownRefreshToken(t *T) {
	t.expectOnlyGenuine(t.signIn(t.Client(Main), ""), unknownToken, "a refresh token that was never issued")
}

func refusesAccessTokenAsRefreshToken(t *T) {
	l := t.signIn(t.Client(Main), "")
	t.expectOnlyGenuine(l, l.Text("access_token"), "an access token in place of the refresh token")
}

func refusesTamperedRefreshToken(t *T) {
	for _, tamper := range []func(head string) string{flipFirst, flipMiddle} {
		l := t.signIn(t.Client(Main), "")
		head, tail := cutRefreshToken(l.refreshToken)
		t.expectOnlyGenuine(l, tamper(head)+tail, "a refresh token with one character changed")
	}
}

// cutRefreshToken parts a refresh token before its last dot, where a signature
// stands, or else in the middle.
func cutRefreshToken(token string) (head, tail string) {
	at := strings.LastIndexByte(token, '.')
	if at <= 0 {
		at = len(token) / 2
	}
	return token[:at], token[at:]
}

func flipFirst(head string) string { return flip(head, 0) }

func flipMiddle(head string) string { return flip(head, len(head)/2) }

// flip changes one character.
func flip(text string, at int) string {
	other := "A"
	if text[at] == 'A' {
		other = "B"
	}
	return text[:at] + other + text[at+1:]
}

func refusesRevokedRefreshToken(t *T) {
	main := t.Client(Main)
	kept, revoked := t.signIn(main, ""), t.signIn(main, "")
	t.Expect(t.Revoke(revoked.refreshToken, As(main))).To(HaveStatus(200))
	t.Expect(t.Refresh(revoked.refreshToken, As(main))).To(BeRefused(400, "invalid_grant"))
	t.Expect(t.Refresh(kept.refreshToken, As(main))).To(BeToken(), "a refresh token that was not revoked")
}

func refusesAbsentRefreshToken(t *T) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	absent := t.Ask("token", As(main), Param("grant_type", "refresh_token"))
	t.Expect(absent).To(BeRefused(400, "invalid_request"), "refresh_token is absent")
	t.Expect(t.Refresh("", As(main))).To(BeRefused(400, "invalid_request"), "refresh_token is empty")
	t.Expect(t.Refresh(l.refreshToken, As(main))).To(BeToken())
}

func refusesUnregisteredRefresh(t *T) {
	main, client := t.Client(Main), t.clientWithoutCodes()
	l := t.signIn(main, "")
	t.expectUnauthorized(t.Refresh(unknownToken, As(client)))
	t.Expect(t.Refresh(l.refreshToken, As(main))).To(BeToken(), "a client that is registered for it")
}

func refusesRefreshWithoutClient(t *T) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	t.expectInvalidClient(t.Refresh(l.refreshToken, Param("client_id", main.ID)), "client_id without its secret")
	t.expectNamelessRefused(t.Refresh(l.refreshToken))
	t.Expect(t.Refresh(l.refreshToken, As(main))).To(BeToken(), "the same refresh by its client")
}

func refusesTwoRefreshTokens(t *T) {
	main := t.Client(Main)
	for _, other := range []func(own string) string{
		func(own string) string { return own },
		func(string) string { return unknownToken },
	} {
		l := t.signIn(main, "")
		second := Param("refresh_token", other(l.refreshToken))
		t.Expect(t.Refresh(l.refreshToken, As(main), second)).To(BeRefused(400, "invalid_request"))
		t.Expect(t.Refresh(l.refreshToken, As(main))).To(BeToken(), "with one refresh token")
	}
}

func spendsRefreshTokenOnce(t *T) {
	main := t.Client(Main)
	l := t.signIn(main, "")
	rotated := t.Refresh(l.refreshToken, As(main)).Text("refresh_token")
	if rotated == "" || rotated == l.refreshToken {
		t.Skip("the target does not rotate a confidential client's refresh tokens")
	}
	l = t.signIn(main, "")
	t.expectServedOnce(8, func() Answer { return t.Refresh(l.refreshToken, As(main)) })
}

func refusesRefreshTokenOfRemovedUser(t *T) {
	main := t.Client(Main)
	user, remove := t.NewUser()
	l := t.signInAs(user, main, "")
	refreshed := t.Refresh(l.refreshToken, As(main))
	t.Expect(refreshed).To(BeToken(), "while the user is there")
	remove()
	last := l.refreshToken
	if rotated := refreshed.Text("refresh_token"); rotated != "" {
		last = rotated
	}
	t.Expect(t.Refresh(last, As(main))).To(BeRefused(400, "invalid_grant"), "the user is removed")
}
