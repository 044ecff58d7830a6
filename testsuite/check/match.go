package check

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/onsi/gomega/types"
)

// matcher makes a Gomega matcher of a function that answers what is wrong with a
// value, or nothing. Gomega's own matchers are not used: the command line runs
// these checks without linking them.
type matcher struct {
	expected string
	wrong    func(actual any) string
}

func (m matcher) Match(actual any) (bool, error) { return m.wrong(actual) == "", nil }

func (m matcher) FailureMessage(actual any) string {
	return fmt.Sprintf("expected %s: %s\n\n%s", m.expected, m.wrong(actual), describe(actual))
}

func (m matcher) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("expected anything but %s\n\n%s", m.expected, describe(actual))
}

func describe(actual any) string {
	if s, ok := actual.(fmt.Stringer); ok {
		return s.String()
	}
	return show(actual)
}

// onAnswer is a matcher of answers.
func onAnswer(expected string, wrong func(Answer) string) types.GomegaMatcher {
	return matcher{expected, func(actual any) string {
		a, ok := actual.(Answer)
		if !ok {
			return fmt.Sprintf("%T is no answer", actual)
		}
		return wrong(a)
	}}
}

// BeToken matches a token response to RFC 6749 §5.1: 200, JSON, access_token and
// token_type, expires_in a whole number when present. Whether caches may keep it
// is the matter of checks of its own, lest a provider that forgets one header
// fail them all.
func BeToken() types.GomegaMatcher {
	return onAnswer("a token response", func(a Answer) string {
		object := a.Object()
		switch {
		case a.Status != 200:
			return fmt.Sprintf("the status is %d, not 200", a.Status)
		case a.MediaType() != "application/json":
			return fmt.Sprintf("the content type is %q, not application/json", a.MediaType())
		case object == nil:
			return "the body is no JSON object"
		case a.Text("access_token") == "":
			return "there is no access_token"
		case !strings.EqualFold(a.Text("token_type"), "Bearer") && !strings.EqualFold(a.Text("token_type"), "DPoP"):
			return fmt.Sprintf("the token_type is %v", object["token_type"])
		}
		if value, told := object["expires_in"]; told {
			if _, whole := wholeNumber(value); !whole {
				return fmt.Sprintf("expires_in is %s, not a whole number of seconds", strings.TrimSpace(show(value)))
			}
		}
		return ""
	})
}

// BeRefused matches an error response to RFC 6749 §5.2: this status, this error
// code, JSON, no token. The challenge of a 401 is judged where it is the matter,
// like caching.
func BeRefused(status int, code string) types.GomegaMatcher {
	return BeRefusedAs(Refusal{status, code})
}

// A Refusal is a status with an error code.
type Refusal struct {
	Status int
	Code   string
}

// BeRefusedAs is [BeRefused] where a specification leaves a choice.
func BeRefusedAs(choices ...Refusal) types.GomegaMatcher {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = fmt.Sprintf("%d %s", c.Status, c.Code)
	}
	return onAnswer("a refusal with "+strings.Join(words, " or "), func(a Answer) string {
		object := a.Object()
		if object == nil {
			return "the body is no JSON object"
		}
		if object["access_token"] != nil || object["refresh_token"] != nil {
			return "the refusal carries a token"
		}
		got := Refusal{a.Status, a.Text("error")}
		for _, c := range choices {
			if c == got {
				return wrongRefusal(a)
			}
		}
		return fmt.Sprintf("got %d %s", got.Status, got.Code)
	})
}

// wrongRefusal tells what every refusal must have and this one lacks.
func wrongRefusal(a Answer) string {
	if a.MediaType() != "application/json" {
		return fmt.Sprintf("the content type is %q, not application/json (RFC 6749 §5.2)", a.MediaType())
	}
	return ""
}

// HaveStatus matches an answer with one of the statuses.
func HaveStatus(statuses ...int) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a status of %v", statuses), func(a Answer) string {
		for _, status := range statuses {
			if a.Status == status {
				return ""
			}
		}
		return fmt.Sprintf("the status is %d", a.Status)
	})
}

// refuseMethod matches an answer to a method that an endpoint does not have.
func refuseMethod() types.GomegaMatcher {
	return onAnswer("a refusal of the method by 4xx or 501", func(a Answer) string {
		if a.Status/100 == 4 || a.Status == http.StatusNotImplemented {
			return ""
		}
		return fmt.Sprintf("the status is %d", a.Status)
	})
}

// HaveMember matches an answer whose JSON body has a member of this value
// (numbers as json.Number).
func HaveMember(name string, value any) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a body with %q: %v", name, value), func(a Answer) string {
		got, ok := a.Object()[name]
		switch {
		case !ok:
			return "it has no such member"
		case !reflect.DeepEqual(got, value):
			return fmt.Sprintf("it is %v", got)
		}
		return ""
	})
}

// HaveNoMember matches an answer whose JSON body lacks a member.
func HaveNoMember(name string) types.GomegaMatcher {
	return onAnswer(fmt.Sprintf("a body without %q", name), func(a Answer) string {
		if got, ok := a.Object()[name]; ok {
			return fmt.Sprintf("it is there: %v", got)
		}
		return ""
	})
}

// BeInactive matches RFC 7662 §2.2's answer for a token that is not active. That
// it says nothing else is a SHOULD, and the matter of checks of its own.
func BeInactive() types.GomegaMatcher {
	return onAnswer(`the answer {"active":false}`, func(a Answer) string {
		if a.Status != 200 || a.Object()["active"] != false {
			return "it is not"
		}
		return ""
	})
}

// BeActive matches RFC 7662 §2.2's answer for an active token.
func BeActive() types.GomegaMatcher {
	return onAnswer("the answer for an active token", func(a Answer) string {
		if a.Status != 200 || a.Object()["active"] != true {
			return "it is not"
		}
		return ""
	})
}

// Equal matches a value that is deeply equal.
func Equal(expected any) types.GomegaMatcher {
	return matcher{"to equal " + show(expected), func(actual any) string {
		if reflect.DeepEqual(actual, expected) {
			return ""
		}
		return "it does not"
	}}
}

// BeTrue matches true. Say in the explanation what it is that must hold.
func BeTrue() types.GomegaMatcher {
	return matcher{"it to hold", func(actual any) string {
		if actual == true {
			return ""
		}
		return "it does not"
	}}
}

// ContainElement matches a list of strings that has the element.
func ContainElement(element string) types.GomegaMatcher {
	return matcher{fmt.Sprintf("a list with %q", element), func(actual any) string {
		list, _ := actual.([]string)
		for _, item := range list {
			if item == element {
				return ""
			}
		}
		return "it lacks it"
	}}
}
