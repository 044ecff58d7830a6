package check

import (
	"net/http"
	"slices"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// resourceIndicators is RFC 8707 at the token endpoint.
func resourceIndicators() Section {
	return Section{Letter: "U", Title: "Resource indicators", Checks: []Check{
		Must("RI-02", "takes several resources, each in a parameter of its own, or says that it cannot", "RFC 8707 §2", takesSeveralResources).
			If(ResourceIndicators).Breaks(&fault.FirstResourceOnly),
		Should("RI-03", "narrows a token's audience to the resource that is asked for", "RFC 8707 §2.2", narrowsToResource).
			If(ResourceIndicators).Breaks(&fault.ResourceIgnored),
		Should("RI-05", "narrows the audience of a refreshed token within the grant", "RFC 8707 §2.2", narrowsRefreshToResource).
			If(ResourceIndicators, Refresh).Breaks(&fault.ResourceIgnoredAtRefresh),
	}}
}

// twoResources are two of the client's audiences, in order.
func twoResources(t *T, c Client) (first, second string) {
	if len(c.Audiences) < 2 {
		panic(stop{Untestable, "the client has no two audiences"})
	}
	two := slices.Sorted(slices.Values(c.Audiences))
	return two[0], two[1]
}

func takesSeveralResources(t *T) {
	main := t.Client(Main)
	first, second := twoResources(t, main)
	for _, form := range t.tokenForms() {
		one := t.Ask("token", As(main), Params(form), Param("resource", first))
		t.Expect(one).To(BeToken(), "one resource")
		answer := t.Ask("token", As(main), Params(form), Param("resource", first), Param("resource", second))
		if answer.Status == http.StatusBadRequest { // one at a time, as RFC 8707 §3 would have it
			t.Expect(answer).To(BeRefused(400, "invalid_target"), "two resources")
			continue
		}
		t.Expect(t.audience(answer)).To(Equal([]string{first, second}), "the audience")
	}
	expectNoSuchResource(t, main)
}

func narrowsToResource(t *T) {
	main := t.Client(Main)
	first, second := twoResources(t, main)
	for _, resource := range []string{first, second} {
		for _, grant := range freshGrants(t, main, Param("resource", resource)) {
			t.Expect(t.audience(grant)).To(Equal([]string{resource}), "the audience")
		}
	}
	expectNoSuchResource(t, main)
}

// expectNoSuchResource sees that a resource nobody knows is refused (RFC 8707 §2).
func expectNoSuchResource(t *T, c Client) {
	unknown := Param("resource", "https://mockoauth-no-such-resource.example/")
	if t.claims(ClientCredentials) {
		t.Expect(t.ClientCredentials(As(c), unknown)).To(BeRefused(400, "invalid_target"), "an unknown resource")
		return
	}
	t.Expect(t.Password(t.User(Main), As(c), unknown)).To(BeRefused(400, "invalid_target"), "an unknown resource")
}

// narrowsRefreshToResource ends with a resource that the client may have, but the
// grant does not: no refresh may add it.
func narrowsRefreshToResource(t *T) {
	main := t.Client(Main)
	first, second := twoResources(t, main)
	grant := userGrant(t, main, first, second)
	answer := t.Refresh(grant.Text("refresh_token"), As(main), Param("resource", first))
	t.Expect(answer).To(BeToken())
	t.Expect(t.audience(answer)).To(Equal([]string{first}), "the audience, narrowed by the refresh")

	grant = userGrant(t, main, first)
	answer = t.Refresh(grant.Text("refresh_token"), As(main), Param("resource", second))
	t.Expect(answer).To(BeRefused(400, "invalid_target"), "a resource outside the grant")
}
