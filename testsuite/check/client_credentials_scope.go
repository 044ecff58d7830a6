package check

import (
	"slices"
	"strings"
)

// unheardOf is a scope that no client may have.
const unheardOf = "unheard-of-scope"

// twoScopes are two scopes that a client may have in every grant: not those of
// OpenID Connect that mean a user or a refresh token.
func (t *T) twoScopes(c Client) (a, b string) {
	plain := plainScopes(c)
	if len(plain) < 2 {
		t.Skip("the client %s has no two scopes that any grant gives", c.ID)
	}
	return plain[0], plain[1]
}

// expectGranted expects that a token has exactly the scopes of a space-separated
// list, in any order: as the answer says, and as introspection or the token
// itself tells. An answer without scope says that all that was asked for is granted.
func (t *T) expectGranted(answer Answer, asked, granted string) {
	t.Expect(answer).To(BeToken())
	said := asked
	if scope, ok := answer.Object()["scope"]; ok {
		said, _ = scope.(string)
		t.Expect(wellFormedScope(said)).To(BeTrue(), "scope has words with one space between them (RFC 6749 App. A.4):\n%s", answer)
	}
	t.Expect(scopeSet(said)).To(Equal(scopeSet(granted)), "the scope said to be granted")
	t.expectCarried(answer, granted)
}

// expectCarried expects that a token is good for exactly the scopes of a
// space-separated list, where introspection or the token itself tells.
func (t *T) expectCarried(answer Answer, granted string) {
	token := answer.Text("access_token")
	value, told := t.told(token, "scope")
	if _, isJWT := ParseJWT(token); !told && !(isJWT && t.claims(JWTAccessTokens)) {
		return // RFC 7662 §2.2 lets introspection leave scope out; the claims of a JWT of RFC 9068 are all there is
	}
	scope, isText := value.(string)
	if !isText {
		scope = strings.Join(texts(value), " ")
	}
	t.Expect(scopeSet(scope)).To(Equal(scopeSet(granted)), "the scope that the token is good for, as against the one in\n%s", answer)
}

// scopeSet is a scope without regard to order (RFC 6749 §3.3).
func scopeSet(scope string) []string {
	words := slices.DeleteFunc(strings.Split(scope, " "), func(word string) bool { return word == "" })
	slices.Sort(words)
	return slices.Compact(words)
}

// wellFormedScope tells a scope to RFC 6749 App. A.4.
func wellFormedScope(scope string) bool {
	for word := range strings.SplitSeq(scope, " ") {
		if word == "" || !only(word, inWord) {
			return false
		}
	}
	return true
}

func grantsAskedScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	for _, scope := range []string{a, b, a + " " + b} {
		t.expectGranted(t.ClientCredentials(As(main), Param("scope", scope)), scope, scope)
	}
}

func refusesForeignScope(t *T) {
	main := t.Client(Main)
	a, _ := t.twoScopes(main)
	t.Expect(t.ClientCredentials(As(main), Param("scope", a))).To(BeToken())
	t.expectNotGranted(t.ClientCredentials(As(main), Param("scope", unheardOf)), unheardOf)
	t.expectNotGranted(t.ClientCredentials(As(main), Param("scope", a+" "+unheardOf)), unheardOf)
}

// expectNotGranted expects invalid_scope, or a token whose scope is said and is
// another (RFC 6749 §3.3 lets a provider ignore a scope, and has it say so).
func (t *T) expectNotGranted(answer Answer, scope string) {
	if answer.Status == 400 {
		t.Expect(answer).To(BeRefused(400, "invalid_scope"))
		return
	}
	t.Expect(answer).To(BeToken())
	said := answer.Text("scope")
	t.Expect(wellFormedScope(said)).To(BeTrue(), "a scope other than the one asked for is said:\n%s", answer)
	t.Expect(scopeSet(said)).NotTo(ContainElement(scope), "the client may not have the scope")
	t.expectCarried(answer, said)
}

func refusesMalformedScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	t.Expect(t.ClientCredentials(As(main), Param("scope", a+" "+b))).To(BeToken())
	for _, scope := range []string{a + "\t" + b, a + "\n" + b, a + ` x"y`, a + ` x\y`, "é", a + " é"} {
		answer := t.ClientCredentials(As(main), Param("scope", scope))
		t.Expect(answer).To(BeRefused(400, "invalid_scope"), "scope %q", scope)
	}
}

func tidiesSpacesInScope(t *T) {
	main := t.Client(Main)
	a, b := t.twoScopes(main)
	both := a + " " + b
	t.expectGranted(t.ClientCredentials(As(main), Param("scope", both)), both, both)
	for _, scope := range []string{a + "  " + b, " " + both, both + " "} {
		answer := t.ClientCredentials(As(main), Param("scope", scope))
		if answer.Status == 400 {
			t.Expect(answer).To(BeRefused(400, "invalid_scope"), "scope %q", scope)
			continue
		}
		t.expectGranted(answer, scope, both)
	}
}

func reportsDefaultScopeOfClient(t *T) {
	t.expectDefaultScope(t.Client(Main), t.ClientCredentials)
}

// expectDefaultScope expects of a request without scope that it is refused, or
// that the answer says what its token is good for.
func (t *T) expectDefaultScope(c Client, ask func(...Ingredient) Answer) {
	a, _ := t.twoScopes(c)
	t.Expect(ask(As(c), Param("scope", a))).To(BeToken())
	answer := ask(As(c), Unscoped)
	if answer.Status == 400 {
		t.Expect(answer).To(BeRefused(400, "invalid_scope"))
		return
	}
	t.Expect(answer).To(BeToken())
	scope, said := answer.Object()["scope"]
	text, _ := scope.(string)
	if said {
		t.Expect(wellFormedScope(text)).To(BeTrue(), "a default scope is said in words, or not at all:\n%s", answer)
	}
	t.expectCarried(answer, text)
}

func comparesScopesExactly(t *T) {
	main := t.Client(Main)
	a, _ := t.twoScopes(main)
	t.expectGranted(t.ClientCredentials(As(main), Param("scope", a)), a, a)
	for _, scope := range []string{a + ".more", a + ":more", a + "*", "*", strings.ToUpper(a)} {
		if !slices.Contains(main.Scopes, scope) {
			t.expectNotGranted(t.ClientCredentials(As(main), Param("scope", scope)), scope)
		}
	}
}
