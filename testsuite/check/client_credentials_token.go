package check

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// told is what can be learned of an access token: by introspection, which must
// call it active, and else from its claims when it is a JWT. ok is false when
// neither tells.
func (t *T) told(token, member string) (value any, ok bool) {
	if t.claims(Introspection) {
		answer := t.Introspect(token, As(t.Client(Main)))
		t.Expect(answer).To(BeActive())
		if value, ok = answer.Object()[member]; ok {
			return value, true
		}
	}
	if jwt, isJWT := ParseJWT(token); isJWT {
		value, ok = jwt.Claims[member]
	}
	return value, ok
}

// subject is whose an access token is. A target that does not tell cannot be judged by it.
func (t *T) subject(answer Answer) string {
	t.Expect(answer).To(BeToken())
	value, told := t.told(answer.Text("access_token"), "sub")
	if !told {
		t.Skip("neither introspection nor the token itself tells the subject of an access token")
	}
	subject, _ := value.(string)
	t.Expect(subject != "").To(BeTrue(), "sub is a string, not %s", show(value))
	return subject
}

// audience is whom an access token is for, sorted.
func (t *T) audience(answer Answer) []string {
	t.Expect(answer).To(BeToken())
	value, told := t.told(answer.Text("access_token"), "aud")
	if !told {
		t.Skip("neither introspection nor the token itself tells the audience of an access token")
	}
	audience, ok := audienceList(value)
	t.Expect(ok).To(BeTrue(), "aud must be a string or an array of strings, not %v", value)
	return slices.Sorted(slices.Values(audience))
}

// lifetime is expires_in; 0 when it is absent or no whole number of seconds.
func lifetime(answer Answer) time.Duration {
	seconds, _ := wholeNumber(answer.Object()["expires_in"])
	return time.Duration(seconds) * time.Second
}

func namesClientInJWT(t *T) {
	main := t.Client(Main)
	answer := t.ClientCredentials(As(main))
	t.Expect(answer).To(BeToken())
	jwt, ok := ParseJWT(answer.Text("access_token"))
	t.Expect(ok).To(BeTrue(), "the access token is a JWT")
	t.Expect(jwt.Claims["client_id"]).To(Equal(any(main.ID)), "client_id among %s", show(jwt.Claims))
	t.Expect(claimText(jwt, "sub") != "").To(BeTrue(), "sub of a token without a user, among %s", show(jwt.Claims)) // of the client, by whatever identifier
}

func tellsClientTokenWithoutUser(t *T) {
	main := t.Client(Main)
	a, _ := t.twoScopes(main)
	answer := t.ClientCredentials(As(main), Param("scope", a))
	t.expectGranted(answer, a, a)

	told := t.Introspect(answer.Text("access_token"), As(main))
	t.Expect(told).To(BeActive())
	t.Expect(told).To(HaveNoMember("username"))
	object := told.Object()
	if object["client_id"] != nil { // OPTIONAL, like the next
		t.Expect(told).To(HaveMember("client_id", main.ID))
	}
	if object["exp"] != nil {
		_, isNumber := object["exp"].(json.Number)
		t.Expect(isNumber).To(BeTrue(), "exp is a number:\n%s", told)
	}
}

func endsTokenAfterExpiresIn(t *T) {
	client := t.Client(ShortLived)
	answer := t.ClientCredentials(As(client))
	t.Expect(answer).To(BeToken())
	token, lives := answer.Text("access_token"), lifetime(answer)
	if answer.Object()["expires_in"] == nil {
		lives = client.Lifespan // RFC 6749 §5.1: documented otherwise when it is not said
	}
	t.Expect(lives > 0).To(BeTrue(), "expires_in is a whole number of seconds:\n%s", answer)
	t.Expect(t.Introspect(token, As(t.Client(Main)))).To(BeActive())
	t.Wait(lives + time.Second)
	t.Expect(t.Introspect(token, As(t.Client(Main)))).To(BeInactive(), "%s after it was issued", lives+time.Second)
}

func grantsDistinctClientTokens(t *T) {
	main := t.Client(Main)
	t.expectBothGood(t.ClientCredentials(As(main)), t.ClientCredentials(As(main)))
}

// expectBothGood expects two different access tokens, both of them good.
func (t *T) expectBothGood(older, newer Answer) {
	t.Expect(older).To(BeToken())
	t.Expect(newer).To(BeToken())
	t.Expect(newer.Text("access_token") != older.Text("access_token")).To(BeTrue(), "each request has a token of its own")
	if t.claims(Introspection) {
		for _, answer := range []Answer{newer, older} {
			t.Expect(t.Introspect(answer.Text("access_token"), As(t.Client(Main)))).To(BeActive())
		}
	}
}

func issuesTokenForResource(t *T) {
	main := t.Client(Main)
	if len(main.Audiences) < 2 {
		panic(stop{Untestable, "the target names no two audiences of client " + main.ID})
	}
	for _, resource := range main.Audiences[:2] {
		answer := t.ClientCredentials(As(main), Param("resource", resource))
		t.Expect(t.audience(answer)).To(Equal([]string{resource}), "the audience of a token for the resource %s", resource)
	}
	unknown := t.ClientCredentials(As(main), Param("resource", "https://unknown.example/"))
	t.Expect(unknown).To(BeRefused(400, "invalid_target"))
}

func issuesNoTokenForUnknownAudience(t *T) {
	main := t.Client(Main)
	if len(main.Audiences) == 0 {
		panic(stop{Untestable, "the target names no audience of client " + main.ID})
	}
	known := main.Audiences[0]
	usual := t.audience(t.ClientCredentials(As(main)))
	if honoured := t.audience(t.ClientCredentials(As(main), Param("audience", known))); !slices.Equal(honoured, usual) {
		t.Expect(honoured).To(ContainElement(known), "aud, which is another than without audience")
	}

	const unknown = "https://unknown.example/"
	answer := t.ClientCredentials(As(main), Param("audience", unknown))
	if answer.Status == 400 {
		t.Expect(answer).To(BeRefusedAs(Refusal{400, "invalid_target"}, Refusal{400, "invalid_request"}))
		return
	}
	t.Expect(t.audience(answer)).NotTo(ContainElement(unknown))
}

func servesManyClientsAtOnce(t *T) {
	const at, most = 100, 5 * time.Second
	main := t.Client(Main)
	alone := t.ClientCredentials(As(main))
	t.Expect(alone).To(BeToken())

	var mu sync.Mutex
	var took []time.Duration
	answers := Parallel(at, func() Answer {
		start := time.Now()
		answer := t.ClientCredentials(As(main))
		mu.Lock()
		defer mu.Unlock()
		took = append(took, time.Since(start))
		return answer
	})
	tokens := []string{alone.Text("access_token")}
	for _, answer := range answers {
		t.Expect(answer).To(BeToken())
		tokens = append(tokens, answer.Text("access_token"))
	}
	expectDistinct(t, tokens)
	slices.Sort(took)
	slow := took[at*99/100-1]
	t.Expect(slow <= most).To(BeTrue(), "99 of %d requests at once are answered within %s; it took %s", at, most, slow)
}

func saysLifespanOfClient(t *T) {
	client := t.Client(ShortLived)
	if client.Lifespan == 0 {
		panic(stop{Untestable, "the target does not say how long the tokens of client " + client.ID + " live"})
	}
	answer := t.ClientCredentials(As(client))
	t.Expect(answer).To(BeToken())
	said := lifetime(answer)
	const rounding = 2 * time.Second
	t.Expect(said <= client.Lifespan && said >= client.Lifespan-rounding).To(BeTrue(),
		"expires_in is the client's %s:\n%s", client.Lifespan, answer)
	other := t.ClientCredentials(As(t.Client(Main)))
	t.Expect(other).To(BeToken())
	t.Expect(lifetime(other) != said).To(BeTrue(), "the tokens of a client without that override have another lifespan:\n%s", other)
}
