package check

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func makesUnguessableTokens(t *T) {
	client := t.Client(Main)
	if opaque, ok := t.Clients[OpaqueTokens]; ok {
		client = opaque
	}
	form := Params(t.tokenForms()[0])
	const many = 500
	tokens := make([]string, 0, many)
	for range many {
		answer := t.Ask("token", As(client), form)
		t.Expect(answer).To(BeToken())
		tokens = append(tokens, answer.Text("access_token"))
	}
	if _, signed := ParseJWT(tokens[0]); signed {
		t.broken = Warned // what cannot be guessed of a JWT is its signature, which is no matter of chance
		expectDistinct(t, tokens)
		return
	}
	expectDistinct(t, tokens)
	const enough = 127 // bits: the 128 of RFC 6749 §10.10, less the estimate's error
	bits := entropy(tokens)
	t.Expect(bits >= enough).To(BeTrue(), "an access token like %q has about %.0f bits of chance in it, not 128", tokens[0], bits)
}

func expectDistinct(t *T, tokens []string) {
	sorted := slices.Sorted(slices.Values(tokens))
	t.Expect(len(slices.Compact(sorted))).To(Equal(len(tokens)), "no access token may be given out twice")
}

// entropy estimates the bits of chance in a token from many: the sum over its
// positions of Shannon's entropy with the Miller-Madow correction. The digits of
// a counter that do not move, and a common prefix, count nothing.
func entropy(tokens []string) (bits float64) {
	shortest := len(slices.MinFunc(tokens, func(a, b string) int { return len(a) - len(b) }))
	n := float64(len(tokens))
	for position := range shortest {
		seen := map[byte]float64{}
		for _, token := range tokens {
			seen[token[position]]++
		}
		for _, count := range seen {
			bits -= count / n * math.Log2(count/n)
		}
		bits += float64(len(seen)-1) / (2 * n * math.Ln2)
	}
	return bits
}

func servesParallelRequests(t *T) {
	main := t.Client(Main)
	const many = 50
	for _, form := range t.tokenForms() {
		alone := t.Ask("token", As(main), Params(form))
		t.Expect(alone).To(BeToken())
		tokens := []string{alone.Text("access_token")}
		for _, answer := range Parallel(many, func() Answer { return t.Ask("token", As(main), Params(form)) }) {
			t.Expect(answer).To(BeToken(), "grant_type=%s, one of %d at once", form.Get("grant_type"), many)
			tokens = append(tokens, answer.Text("access_token"))
		}
		expectDistinct(t, tokens)
	}
}

func ownsUpToFailingStore(t *T) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken())

		answer := withFailingStore(t, func() Answer { return t.Ask("token", As(main), Params(form)) })
		t.Expect(answer).To(HaveStatus(500, 503), "grant_type=%s", form.Get("grant_type"))
		t.Expect(directives(answer, "Cache-Control")).To(ContainElement("no-store"))
		t.Expect(answer).To(HaveNoMember("access_token"))
		if answer.Status == http.StatusInternalServerError {
			t.Expect(answer).To(HaveMember("error", "server_error"))
		}
		t.Expect(t.Ask("token", As(main), Params(form))).To(BeToken(), "the store is mended")
	}
}

// withFailingStore asks while the target's storage fails, and mends it whatever happens.
func withFailingStore(t *T, ask func() Answer) Answer {
	mend := t.FailStore()
	defer mend()
	return ask()
}

func refusesPlainHTTP(t *T) {
	t.Expect(t.ClientCredentials(As(t.Client(Main)))).To(BeToken())
	t.expectNothingOverPlainHTTP(url.Values{"grant_type": {"client_credentials"}})
}

// expectNothingOverPlainHTTP sends made-up credentials only: whoever answers that they
// are wrong has processed the request, and whoever listens on the way learns nothing.
func (t *T) expectNothingOverPlainHTTP(form url.Values) {
	plain, err := url.Parse(t.URL("token"))
	if err != nil || plain.Scheme != "https" {
		t.Fatalf("the issuer is https, its token endpoint is not: %s", t.URL("token"))
	}
	plain.Scheme = "http"
	form.Set("client_id", "no-such-client")
	form.Set("client_secret", "guess")
	request, err := http.NewRequestWithContext(t.ctx, http.MethodPost, plain.String(), strings.NewReader(form.Encode()))
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := t.http().Do(request)
	if err != nil {
		return // nobody listens, or hangs up
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, readAtMost))
	answer := Answer{Status: response.StatusCode, Header: response.Header, Body: body}
	t.Expect(answer.Status).NotTo(Equal(http.StatusOK))
	t.Expect(answer.Text("error")).NotTo(Equal("invalid_client"), "the request was processed")
}
