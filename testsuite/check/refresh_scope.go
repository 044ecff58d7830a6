package check

import "strings"

func keepsGrantedScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, scope := range []string{a, b, a + " " + b} {
		l := t.signIn(main, scope)
		granted := scopesGranted(l.asked, l.Answer) // offline_access may, and may not, be among them
		for _, word := range scopeSet(scope) {
			t.Expect(granted).To(ContainElement(word), "the scope said to be granted")
		}
		t.expectGranted(t.Refresh(l.refreshToken, As(main)), strings.Join(granted, " "), strings.Join(granted, " "))
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
