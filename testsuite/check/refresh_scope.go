package check

func keepsGrantedScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, scope := range []string{a, b, a + " " + b} {
		l := t.signIn(main, scope)
		t.expectGranted(l.Answer, l.asked, l.asked)
		t.expectGranted(t.Refresh(l.refreshToken, As(main)), l.asked, l.asked)
	}
}

func refusesWiderScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, more := range []string{b, unheardOf} {
		l := t.signIn(main, a)
		answer := t.Refresh(l.refreshToken, As(main), Param("scope", a+" "+more))
		t.Expect(answer).To(BeRefused(400, "invalid_scope"), "%q was not granted", more)
		t.expectGranted(t.Refresh(l.refreshToken, As(main), Param("scope", a)), a, a)
	}
}
