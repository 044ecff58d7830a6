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
	t.expectInvalidClient(t.ClientCredentials(InBody(Client{ID: main.ID})), "client_secret is sent and is empty")
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
	post := t.clientBy(AuthPost)
	t.Expect(t.ClientCredentials(InBody(post))).To(BeToken(), "client_secret_post is advertised")
	t.expectInvalidClient(t.ClientCredentials(InBody(wrongSecret(post))), "client_secret is wrong")
}

func refusesTwoMechanisms(t *T) {
	basic := t.clientBy(AuthBasic)
	t.Expect(t.ClientCredentials(InHeader(basic), Named(basic))).To(BeToken())
	for _, second := range []Client{basic, wrongSecret(basic)} {
		t.Expect(t.ClientCredentials(InHeader(basic), InBody(second))).
			To(BeRefused(400, "invalid_request"), "the client authenticates by Basic and in the body")
	}
}

func refusesForeignClientID(t *T) {
	basic, other := t.clientBy(AuthBasic), t.Client(Other)
	if other.ID == basic.ID {
		other = t.Client(Main)
	}
	t.Expect(t.ClientCredentials(InHeader(basic), Named(basic))).To(BeToken())
	t.Expect(t.ClientCredentials(InHeader(basic), Named(other))).
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
	t.Expect(t.ClientCredentials(InHeader(basic))).To(BeToken())
	t.expectInvalidClient(t.ClientCredentials(InBody(basic)), "the client is registered for client_secret_basic")

	t.Expect(t.ClientCredentials(InBody(post))).To(BeToken())
	t.Expect(t.ClientCredentials(InHeader(post))).To(BeRefused(401, "invalid_client"), "the client is registered for client_secret_post")
}

func servesPublicClient(t *T) {
	public, user := t.Client(Public), t.User(Main)
	t.Expect(t.Password(user, As(public))).To(BeToken())
}

func refusesPublicSecret(t *T) {
	public, user := t.Client(Public), t.User(Main)
	t.Expect(t.Password(user, As(public))).To(BeToken())
	t.expectInvalidClient(t.Password(user, InBody(wrongSecret(public))), "a public client has no secret to send")
}
