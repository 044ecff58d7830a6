package check

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"
)

// eachToken expects a token by each grant and hands each answer to judge.
func eachToken(t *T, judge func(Answer)) {
	main := t.Client(Main)
	for _, form := range t.tokenForms() {
		answer := t.Ask("token", As(main), Params(form))
		t.Expect(answer).To(HaveStatus(200), "grant_type=%s", form.Get("grant_type"))
		judge(answer)
	}
}

func answersJSON(t *T) {
	eachToken(t, func(answer Answer) {
		t.Expect(answer.MediaType()).To(Equal("application/json"))
		t.Expect(answer.Object() != nil).To(BeTrue(), "the body must be a JSON object")
	})
}

func forbidsCaching(t *T) {
	eachToken(t, func(answer Answer) {
		t.Expect(directives(answer, "Cache-Control")).To(ContainElement("no-store"))
	})
}

func forbidsOldCaching(t *T) {
	main := t.Client(Main)
	eachToken(t, func(answer Answer) {
		t.Expect(directives(answer, "Pragma")).To(ContainElement("no-cache"))
	})
	refused := t.Ask("token", As(main), Param("grant_type", "foo"))
	t.Expect(refused).To(HaveStatus(400))
	t.Expect(directives(refused, "Pragma")).To(ContainElement("no-cache"), "a refusal must not be kept either")
}

// directives are the elements of a header that is a list, in lower case.
func directives(a Answer, header string) []string {
	var list []string
	for _, value := range a.Header.Values(header) {
		for element := range strings.SplitSeq(value, ",") {
			list = append(list, strings.ToLower(strings.TrimSpace(element)))
		}
	}
	return list
}

func answersPrintableToken(t *T) {
	eachToken(t, func(answer Answer) {
		t.Expect(answer.Text("access_token") != "").To(BeTrue(), "access_token must be a string of at least one character")
		t.Expect(answer).To(haveOnly("access_token", inToken))
	})
}

func answersTokenType(t *T) {
	eachToken(t, func(answer Answer) {
		tokenType := answer.Text("token_type")
		t.Expect(strings.EqualFold(tokenType, "Bearer") || strings.EqualFold(tokenType, "DPoP")).
			To(BeTrue(), "token_type must be Bearer or DPoP, in any case, not %q", tokenType)
	})
}

func neverAnswersEmptyScope(t *T) {
	eachToken(t, func(answer Answer) {
		scope, said := answer.Object()["scope"]
		if !said {
			return
		}
		t.Expect(answer.Text("scope") != "").To(BeTrue(), "scope is %#v: with nothing granted it must be left out", scope)
		t.Expect(answer).To(haveOnly("scope", inScope))
	})
}

// haveOnly matches an answer whose member, where it has it, is a string of allowed characters.
func haveOnly(member string, allowed func(byte) bool) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a body whose %q, if any, is a string of allowed characters", member), func(a Answer) string {
		value, ok := a.Object()[member]
		if !ok {
			return ""
		}
		text, ok := value.(string)
		if !ok {
			return fmt.Sprintf("it is %v", value)
		}
		for i := range len(text) {
			if !allowed(text[i]) {
				return fmt.Sprintf("%q has the character %#U at %d", text, []rune(text[i:])[0], i)
			}
		}
		return ""
	})
}

// inToken tells VSCHAR (RFC 6749 App. A).
func inToken(c byte) bool { return c >= 0x20 && c <= 0x7e }

// inErrorText tells what RFC 6749 §5.2 allows in error_description.
func inErrorText(c byte) bool { return inToken(c) && c != '"' && c != '\\' }

// inErrorURI tells what RFC 6749 §5.2 allows in error_uri.
func inErrorURI(c byte) bool { return inErrorText(c) && c != ' ' }

// inScope tells what RFC 6749 §3.3 allows in scope.
func inScope(c byte) bool { return inErrorText(c) }
