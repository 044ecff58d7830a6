package check

import "net/url"

func refusesNoClient(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.expectInvalidClient(t.ClientCredentials(), "the request names no client")
}

func refusesIDAlone(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.expectInvalidClient(t.ClientCredentials(Param("client_id", main.ID)), "a confidential client sends no secret")
}

func refusesEmptySecret(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.ClientCredentials(InBody(Client{ID: main.ID}))).
		To(BeRefused(401, "invalid_client"), "client_secret is sent and is empty")
}

func takesBodySecretAsAdvertised(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	if !t.claims(PostAuth) {
		if !t.claims(BasicAuth) {
			t.Skip("the target does not say how clients may authenticate")
		}
		t.expectInvalidClient(t.ClientCredentials(InBody(main)), "client_secret_post is not advertised")
		return
	}
	t.Expect(t.ClientCredentials(InBody(main))).To(BeToken(), "client_secret_post is advertised")
	t.expectInvalidClient(t.ClientCredentials(InBody(wrongSecret(main))), "client_secret is wrong")
}

func refusesTwoMechanisms(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main), Param("client_id", main.ID))).To(BeToken())
	for _, second := range []Client{main, wrongSecret(main)} {
		t.Expect(t.ClientCredentials(As(main), InBody(second))).
			To(BeRefused(400, "invalid_request"), "the client authenticates by Basic and in the body")
	}
}

func refusesForeignClientID(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	t.Expect(t.ClientCredentials(As(main), Param("client_id", main.ID))).To(BeToken())
	t.Expect(t.ClientCredentials(As(main), Param("client_id", other.ID))).
		To(BeRefusedAs(Refusal{400, "invalid_request"}, Refusal{401, "invalid_client"}), "Basic and client_id name two clients")
}

func refusesQueryCredentials(t *T) {
	main := t.Client(Main)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	query := url.Values{"client_id": {main.ID}, "client_secret": {main.Secret}}
	t.Expect(t.ClientCredentials(Query(query))).
		To(BeRefusedAs(Refusal{400, "invalid_request"}, Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}),
			"id and secret are in the URI")
}

func enforcesAuthMethod(t *T) {
	basic, post := t.Client(BasicOnly), t.Client(PostOnly)
	t.Expect(t.ClientCredentials(As(basic))).To(BeToken())
	t.Expect(t.ClientCredentials(InBody(basic))).To(BeRefused(401, "invalid_client"), "the client is registered for client_secret_basic")

	t.Expect(t.ClientCredentials(InBody(post))).To(BeToken())
	expectUnauthenticated(t, t.ClientCredentials(As(post)), "the client is registered for client_secret_post")
}

func servesPublicClient(t *T) {
	public, user := t.Client(Public), t.User(Main)
	t.Expect(t.Password(user, Param("client_id", public.ID))).To(BeToken())
}

func refusesPublicSecret(t *T) {
	public, user := t.Client(Public), t.User(Main)
	t.Expect(t.Password(user, Param("client_id", public.ID))).To(BeToken())
	t.Expect(t.Password(user, InBody(Client{ID: public.ID, Secret: "guess"}))).
		To(BeRefused(401, "invalid_client"), "a public client has no secret to send")
}
