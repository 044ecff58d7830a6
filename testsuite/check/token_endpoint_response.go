package check

import (
	"encoding/json"
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
		t.Expect(answer.Object() != nil && json.Valid(answer.Body)).To(BeTrue(), "the body must be a JSON object, and nothing after it")
		t.Expect(answer.Object()["error"] == nil).To(BeTrue(), "error belongs to refusals (RFC 6749 §5.2)")
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

// elements are what a header that is a list has.
func elements(a Answer, header string) []string {
	var list []string
	for _, value := range a.Header.Values(header) {
		for element := range strings.SplitSeq(value, ",") {
			list = append(list, strings.TrimSpace(element))
		}
	}
	return list
}

// directives are a header's elements in lower case.
func directives(a Answer, header string) []string {
	list := elements(a, header)
	for i, element := range list {
		list[i] = strings.ToLower(element)
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
	judge := func(answer Answer) {
		scope, said := answer.Object()["scope"]
		if !said {
			return
		}
		t.Expect(answer.Text("scope") != "").To(BeTrue(), "scope is %#v: with nothing granted it must be left out", scope)
		t.Expect(answer).To(haveOnly("scope", inErrorText))
	}
	eachToken(t, judge)
	for _, form := range t.tokenForms() { // a refusal of no scope has no scope to judge
		judge(t.Ask("token", As(t.Client(Main)), Params(form), Unscoped))
	}
}

// haveOnly matches an answer whose member, where it has it, is a string of allowed characters.
func haveOnly(member string, allowed func(rune) bool) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a body whose %q, if any, is a string of allowed characters", member), func(a Answer) string {
		value, ok := a.Object()[member]
		if !ok {
			return ""
		}
		text, ok := value.(string)
		if !ok {
			return fmt.Sprintf("it is %v", value)
		}
		for i, r := range text {
			if !allowed(r) {
				return fmt.Sprintf("%q has the character %#U at %d", text, r, i)
			}
		}
		return ""
	})
}

// only tells a text of allowed characters.
func only(text string, allowed func(rune) bool) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !allowed(r) })
}

// inToken tells VSCHAR (RFC 6749 App. A).
func inToken(r rune) bool { return r >= ' ' && r <= '~' }

// inErrorText tells NQSCHAR (RFC 6749 App. A), which RFC 6749 §5.2 and RFC 6750 §3
// allow in error_description.
func inErrorText(r rune) bool { return inToken(r) && r != '"' && r != '\\' }

// inWord tells NQCHAR (RFC 6749 App. A), of which a scope and an error_uri are made.
func inWord(r rune) bool { return inErrorText(r) && r != ' ' }
