package check

import "slices"

func refusesClientIDBesideAssertion(t *T) {
	s, main := t.signer(Signer), t.Client(Main)
	t.Expect(s.send(s.assertion().signed(), Param("client_id", s.subject))).To(BeToken(), "client_id names the client of the assertion")
	answer := s.send(s.assertion().signed(), Param("client_id", main.ID))
	t.Expect(answer).To(BeRefusedAs(Refusal{401, "invalid_client"}, Refusal{400, "invalid_client"}, Refusal{400, "invalid_request"}),
		"client_id names another client")
	t.broken = Warned // the request is malformed, too
	t.expectInvalidClient(answer, "client_id names another client, so that the client is not authenticated")
}

func refusesSecretBesideAssertion(t *T) {
	s := t.signer(Signer)
	const secret = "a-secret-beside-the-assertion"
	for _, second := range []Ingredient{Basic(s.subject, secret), InBody(Client{ID: s.subject, Secret: secret})} {
		t.Expect(s.send(s.assertion().signed(), second)).
			To(BeRefused(400, "invalid_request"), "the client authenticates by an assertion and by a secret")
	}
	if main := t.Client(Main); main.Secret != "" {
		t.Expect(s.send(s.assertion().signed(), As(main))).
			To(BeRefused(400, "invalid_request"), "one client authenticates by an assertion, and another by its secret")
	}
}

func refusesIncompleteAssertion(t *T) {
	s := t.signer(Signer)
	refused := []Refusal{{400, "invalid_request"}, {401, "invalid_client"}, {400, "invalid_client"}}
	for what, params := range map[string][]Ingredient{
		"client_assertion without client_assertion_type": {Param("client_assertion", s.assertion().signed())},
		"an empty client_assertion_type":                 {Param("client_assertion", s.assertion().signed()), Param("client_assertion_type", "")},
		"an unknown client_assertion_type":               {Param("client_assertion", s.assertion().signed()), Param("client_assertion_type", assertionType+"-not")},
		"client_assertion_type without client_assertion": {Param("client_assertion_type", assertionType)},
	} {
		t.Expect(t.ClientCredentials(params...)).To(BeRefusedAs(refused...), what)
		named := append(slices.Clone(params), Param("client_id", s.subject))
		t.Expect(t.ClientCredentials(named...)).To(BeRefusedAs(refused...), "%s, beside client_id", what)
	}
	t.Expect(s.send(s.assertion().signed(), Param("client_assertion", s.assertion().signed()))).
		To(BeRefused(400, "invalid_request"), "two client_assertions")
}
