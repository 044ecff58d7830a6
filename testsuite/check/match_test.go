package check_test

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

const (
	goodToken = `{"access_token":"x","token_type":"bearer","expires_in":3600}`
	challenge = `Basic realm="x"`
)

// Each matcher matches what it should; of the rest it says what is wrong, in
// words that tell the reader where to look.
func TestMatchers(t *testing.T) {
	t.Parallel()
	invalidGrant := check.BeRefused(400, "invalid_grant")
	for name, c := range map[string]struct {
		matcher types.GomegaMatcher
		actual  any
		wrong   string // empty: it matches
	}{
		"a token":                  {check.BeToken(), answer(200, goodToken), ""},
		"a token of DPoP":          {check.BeToken(), answer(200, `{"access_token":"x","token_type":"DPoP"}`), ""},
		"a token among others":     {check.BeToken(), answer(200, goodToken, "Cache-Control", "private, No-Store"), ""},
		"a token with 201":         {check.BeToken(), answer(201, goodToken), "the status is 201, not 200"},
		"a token as text":          {check.BeToken(), answer(200, goodToken, "Content-Type", "text/plain"), `the content type is "text/plain", not application/json`},
		"a token in a list":        {check.BeToken(), answer(200, "["+goodToken+"]"), "the body is no JSON object"},
		"no token":                 {check.BeToken(), answer(200, `{"token_type":"Bearer"}`), "there is no access_token"},
		"a token that is none":     {check.BeToken(), answer(200, `{"access_token":7,"token_type":"Bearer"}`), "there is no access_token"},
		"a token of no type":       {check.BeToken(), answer(200, `{"access_token":"x"}`), "the token_type is <nil>"},
		"a token to keep":          {check.BeToken(), answer(200, goodToken, "Cache-Control", "no-cache"), ""},
		"expires_in as a string":   {check.BeToken(), answer(200, `{"access_token":"x","token_type":"Bearer","expires_in":"3600"}`), `expires_in is <string>: 3600, not a whole number of seconds`},
		"expires_in as a float":    {check.BeToken(), answer(200, `{"access_token":"x","token_type":"Bearer","expires_in":3600.5}`), `expires_in is <json.Number>: 3600.5, not a whole number of seconds`},
		"expires_in null":          {check.BeToken(), answer(200, `{"access_token":"x","token_type":"Bearer","expires_in":null}`), `expires_in is <nil>: nil, not a whole number of seconds`},
		"no answer at all":         {check.BeToken(), "x", "string is no answer"},
		"a refusal":                {invalidGrant, answer(400, `{"error":"invalid_grant"}`), ""},
		"another status":           {invalidGrant, answer(401, `{"error":"invalid_grant"}`), "expected a refusal with 400 invalid_grant: got 401 invalid_grant"},
		"another code":             {invalidGrant, answer(400, `{"error":"invalid_request"}`), "got 400 invalid_request"},
		"a refusal as text":        {invalidGrant, answer(400, `{"error":"invalid_grant"}`, "Content-Type", "text/html"), `the content type is "text/html"`},
		"a refusal in words":       {invalidGrant, answer(400, `sorry`), "the body is no JSON object"},
		"a refusal to keep":        {invalidGrant, answer(400, `{"error":"invalid_grant"}`, "Cache-Control", "x-no-store"), ""},
		"a refusal with a token":   {invalidGrant, answer(400, `{"error":"invalid_grant","access_token":"x"}`), "the refusal carries a token"},
		"401 with a challenge":     {check.BeRefused(401, "invalid_client"), answer(401, `{"error":"invalid_client"}`, "WWW-Authenticate", challenge), ""},
		"401 without one":          {check.BeRefused(401, "invalid_client"), answer(401, `{"error":"invalid_client"}`), ""},
		"one of two refusals":      {check.BeRefusedAs(check.Refusal{400, "a"}, check.Refusal{403, "b"}), answer(403, `{"error":"b"}`), ""},
		"a mixture of the two":     {check.BeRefusedAs(check.Refusal{400, "a"}, check.Refusal{403, "b"}), answer(403, `{"error":"a"}`), "expected a refusal with 400 a or 403 b: got 403 a"},
		"a status":                 {check.HaveStatus(200, 204), answer(204, ""), ""},
		"another one":              {check.HaveStatus(200, 204), answer(500, ""), "expected a status of [200 204]: the status is 500"},
		"a member":                 {check.HaveMember("n", json.Number("1")), answer(200, `{"n":1}`), ""},
		"a member of another kind": {check.HaveMember("n", "1"), answer(200, `{"n":1}`), `expected a body with "n": 1: it is 1`},
		"a member that lacks":      {check.HaveMember("n", "1"), answer(200, `{}`), "it has no such member"},
		"no member":                {check.HaveNoMember("n"), answer(200, `{}`), ""},
		"no member of no object":   {check.HaveNoMember("n"), answer(200, ``), ""},
		"a member too many":        {check.HaveNoMember("n"), answer(200, `{"n":null}`), `expected a body without "n": it is there: <nil>`},
		"inactive":                 {check.BeInactive(), answer(200, `{"active":false}`), ""},
		"inactive and more":        {check.BeInactive(), answer(200, `{"active":false,"sub":"x"}`), ""},
		"inactive in words":        {check.BeInactive(), answer(200, `{"active":"false"}`), "it is not"},
		"inactive by 404":          {check.BeInactive(), answer(404, `{"active":false}`), "it is not"},
		"active":                   {check.BeActive(), answer(200, `{"active":true,"sub":"x"}`), ""},
		"active in words":          {check.BeActive(), answer(200, `{"active":"true"}`), "expected the answer for an active token: it is not"},
		"equal":                    {check.Equal([]string{"a"}), []string{"a"}, ""},
		"not equal":                {check.Equal([]string{"a"}), []string{"b"}, "it does not"},
		"true":                     {check.BeTrue(), true, ""},
		"false":                    {check.BeTrue(), false, "expected it to hold: it does not"},
		"something else":           {check.BeTrue(), "true", "it does not"},
		"an element":               {check.ContainElement("a"), []string{"b", "a"}, ""},
		"an element that lacks":    {check.ContainElement("a"), []string{"b"}, `expected a list with "a": it lacks it`},
		"an element of no list":    {check.ContainElement("a"), "a", "it lacks it"},
		"a challenge":              {check.HaveChallenge("basic"), answer(401, "", "WWW-Authenticate", `Bearer realm="y", Basic realm="x"`), ""},
		"another challenge":        {check.HaveChallenge("Bearer"), answer(401, "", "WWW-Authenticate", challenge), `expected a challenge for Bearer: WWW-Authenticate is ["Basic realm=\"x\""]`},
		"a bearer's refusal":       {check.BeRefusedBearer(401, "invalid_token"), answer(401, "", "WWW-Authenticate", `Bearer error="invalid_token"`), ""},
		"of another status":        {check.BeRefusedBearer(401, "invalid_token"), answer(403, "", "WWW-Authenticate", `Bearer error="invalid_token"`), "the status is 403"},
		"without a challenge":      {check.BeRefusedBearer(401, "invalid_token"), answer(401, ""), "no Bearer challenge in []"},
		"of another error":         {check.BeRefusedBearer(401, "invalid_token"), answer(401, "", "WWW-Authenticate", `Bearer error="x"`), `its error is "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			matched, err := c.matcher.Match(c.actual)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(matched).To(Equal(c.wrong == ""))
			if matched {
				g.Expect(c.matcher.NegatedFailureMessage(c.actual)).To(HavePrefix("expected anything but "))
				return
			}
			g.Expect(c.matcher.FailureMessage(c.actual)).To(ContainSubstring(c.wrong))
		})
	}
}

// A failure shows the whole answer.
func TestFailureShowsTheAnswer(t *testing.T) {
	t.Parallel()
	a := answer(401, `{"error":"invalid_client"}`, "WWW-Authenticate", challenge, "X-Other", "y")
	NewWithT(t).Expect(check.BeRefused(400, "invalid_grant").FailureMessage(a)).To(Equal(
		"expected a refusal with 400 invalid_grant: got 401 invalid_client\n\n" +
			"401 Unauthorized\nContent-Type: application/json\nCache-Control: no-store\nWWW-Authenticate: " + challenge +
			"\n\n" + `{"error":"invalid_client"}`))
}
