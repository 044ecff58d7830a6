// Package lint reads what was recorded of a client's requests and says, clause by
// clause, what is wrong with the client. A [Rule] is one way to be wrong; [Rules]
// lists them, and RULES.md shows them. A [Linter] reads the exchanges of one issuer,
// one by one, remembers of them what rules over several need, and keeps a [Finding]
// for each rule and client. [SARIF] is how findings go to tools that know the format.
//
// To add a rule, put it into the list of its section and write an exchange that
// triggers it, and a near miss that does not, into the table of the tests, which
// demand both.
package lint

import (
	"slices"
	"strings"
	"sync"
)

// A Severity says how bad a finding is.
type Severity string

// The severities, the worst first.
const (
	Error Severity = "error" // a MUST is broken
	Warn  Severity = "warn"  // a SHOULD is broken, or good practice
	Info  Severity = "info"  // worth knowing
)

// Severities lists the severities, the worst first.
func Severities() []string { return []string{string(Error), string(Warn), string(Info)} }

// worse tells whether s is worse than other.
func (s Severity) worse(other Severity) bool {
	return slices.Index(Severities(), string(s)) < slices.Index(Severities(), string(other))
}

// A Rule is one way for a client to be wrong.
type Rule struct {
	ID       string   // "RL-42"; never used again for another
	Title    string   // what is wrong, as a statement about the client, without a full stop
	Clauses  []string // what it breaks: "RFC 6749 §2.3.1"
	Severity Severity // unless what is seen is worse or better than usual
	Advice   string   // what to do instead, without a full stop

	at  place // where it looks
	see func(*look) sight
}

// A Section is rules that belong together.
type Section struct {
	Title string
	Rules []Rule
}

// Sections are the rules in the order of the documentation. The answer is a copy.
func Sections() []Section {
	return []Section{
		{"The form of a request", slices.Concat(requestForm(), wrongParameters())},
		{"HTTP", slices.Concat(hygiene(), connections())},
		{"Client authentication", slices.Concat(clientAuthentication(), wrongCredentials())},
		{"The password grant", passwordGrant()},
		{"The client credentials grant", clientCredentials()},
		{"The authorization request", slices.Concat(authorizationRequest(), stateAndNonce())},
		{"PKCE and the code", slices.Concat(proofKeys(), verifiers(), codeExchange())},
		{"OpenID Connect requests", openIDRequests()},
		{"Refresh", slices.Concat(refreshes(), repeatedRefreshes())},
		{"Tokens at resources", slices.Concat(bearerTokens(), misplacedTokens())},
		{"What comes after an answer", reactions()},
		{"Logout", logout()},
	}
}

// Rules lists all rules in that order. The answer is a copy.
func Rules() []Rule {
	var all []Rule
	for _, s := range Sections() {
		all = append(all, s.Rules...)
	}
	return all
}

// rulesAt are the rules that look at a place, made when first asked for.
var rulesAt = sync.OnceValue(func() map[place][]*Rule {
	all, at := Rules(), map[place][]*Rule{}
	for p := atToken; p <= atDiscovery; p <<= 1 {
		for i := range all {
			if all[i].at&p != 0 {
				at[p] = append(at[p], &all[i])
			}
		}
	}
	return at
})

// A sight is what a rule saw in an exchange; nothing when sent is empty.
type sight struct {
	sent    string   // what was sent; secrets in it need a mask
	as      Severity // when it is another than the rule's
	instead string   // when more is known than the rule's advice says
}

// nothing is wrong.
func nothing() sight { return sight{} }

// saw is what was sent.
func saw(sent string) sight { return sight{sent: sent} }

// sawIf is what was sent if it is wrong, in parts, which are joined only then: nearly
// always nothing is wrong.
func sawIf(wrong bool, sent ...string) sight {
	if !wrong {
		return sight{}
	}
	return sight{sent: strings.Join(sent, "")}
}

func (s sight) rated(as Severity) sight {
	s.as = as
	return s
}

func (s sight) insteadOf(advice string) sight {
	s.instead = advice
	return s
}
