package fault_test

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// What faults make of a refusal; a token response stays.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	const refused = `{"error":"invalid_grant","error_description":"no"}`
	for name, want := range map[string]struct{ contentType, body string }{
		"error_page_called_json":    {"application/json", "<title>Sign in</title>"},
		"error_as_page":             {"text/html; charset=utf-8", "<title>Sign in</title>"},
		"error_is_object":           {"application/json", `{"error":{"code":"invalid_grant","message":"no"}}`},
		"errors_in_list":            {"application/json", `"errors":[{"code":"invalid_grant"}]`},
		"error_missing":             {"application/json", `{}`},
		"error_description_hostile": {"application/json", `\r\n2026-01-01 INFO login of admin\n\u001b[2J`},
		"error_description_large":   {"application/json", `no, and again no\tno, and again no\t`},
		"error_uri_of_script":       {"application/json", `"error_uri":"javascript:alert(`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			answer := under(t, name, 400, refused)
			g.Expect(answer.Code).To(Equal(400))
			g.Expect(answer.Header().Get("Content-Type")).To(Equal(want.contentType))
			g.Expect(answer.Body.String()).To(ContainSubstring(want.body))
			g.Expect(under(t, name, 200, tokenAnswer).Body.String()).To(Equal(tokenAnswer))
		})
	}
	NewWithT(t).Expect(under(t, "error_description_large", 400, refused).Body.Len()).To(BeNumerically(">", 64<<10))
	NewWithT(t).Expect(under(t, "errors_in_list", 400, refused).Body.String()).NotTo(ContainSubstring(`"error":`))
}

func TestChallengesInList(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	g.Expect(under(t, "challenges_in_list", 401, `{"error":"invalid_client"}`).Header().Values("WWW-Authenticate")).
		To(ConsistOf(And(ContainSubstring(`realm="a, b"`), ContainSubstring(`, Basic realm="c", Bearer`))))
	g.Expect(under(t, "challenges_in_list", 400, `{"error":"invalid_grant"}`).Header()).NotTo(HaveKey("Www-Authenticate"))
}

// Refusals of what a strict provider serves.
func TestRefusedForOnePart(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ with, without, code string }{
		"scope_refused":        {"grant_type=client_credentials&scope=read", "grant_type=client_credentials", "invalid_request"},
		"interaction_demanded": {"grant_type=password&username=u&password=p", "grant_type=client_credentials", "interaction_required"},
		"codes_refused":        {"grant_type=authorization_code&code=c", "grant_type=client_credentials", "invalid_grant"},
	} {
		g := NewWithT(t)
		f, ok := fault.Named(name)
		g.Expect(ok).To(BeTrue(), name)
		answer := serve(post(want.with), answering(200, "application/json", tokenAnswer), f)
		g.Expect(answer.Code).To(Equal(http.StatusBadRequest), name)
		g.Expect(answer.Body.String()).To(MatchJSON(`{"error":"`+want.code+`"}`), name)
		g.Expect(serve(post(want.without), answering(200, "application/json", tokenAnswer), f).Body.String()).To(Equal(tokenAnswer), name)
	}
}
