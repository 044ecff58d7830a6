package lint

import (
	"slices"
	"strings"
)

// openIDRequests are the rules about what OpenID Connect adds to authorization requests.
func openIDRequests() []Rule {
	return []Rule{
		{
			ID: "RL-102", Title: "It sends parameters of OpenID Connect without the scope openid", Severity: Warn,
			Clauses: []string{"OpenID Connect Core §3.1.2.1"}, Advice: "Add openid to the scope, or leave them out: without it there is no ID token",
			at: atAuthorization, see: func(l *look) sight {
				asked := l.asked()
				if l.ownPage() || hasWord(asked.get("scope"), "openid") {
					return nothing()
				}
				for _, name := range [...]string{"nonce", "claims", "max_age", "id_token_hint"} {
					if asked.has(name) {
						return saw(name + " with scope=" + asked.get("scope"))
					}
				}
				return nothing()
			},
		},
		{
			ID: "RL-103", Title: "It asks for offline_access without asking for consent", Severity: Info,
			Clauses: []string{"OpenID Connect Core §11"}, Advice: "Send prompt=consent with offline_access: other providers ignore the scope otherwise",
			at: atAuthorization, see: func(l *look) sight {
				asked := l.asked()
				return sawIf(!l.ownPage() && hasWord(asked.get("scope"), "offline_access") && !hasWord(asked.get("prompt"), "consent"), "scope=", asked.get("scope"), " without prompt=consent")
			},
		},
		{
			ID: "RL-104", Title: "Its prompt or display contradicts itself, or is unknown", Severity: Error,
			Clauses: []string{"OpenID Connect Core §3.1.2.1"}, Advice: "Send none alone, or any of login, consent and select_account; as display page, popup, touch or wap",
			at: atAuthorization, see: wrongPrompt,
		},
	}
}

func wrongPrompt(l *look) sight {
	if l.ownPage() {
		return nothing()
	}
	prompt, display := l.asked().get("prompt"), l.asked().get("display")
	words := strings.Fields(prompt)
	if len(words) > 1 && slices.Contains(words, "none") {
		return saw("prompt=" + prompt)
	}
	for _, word := range words {
		if !slices.Contains([]string{"none", "login", "consent", "select_account", "create"}, word) {
			return saw("prompt=" + prompt).rated(Info)
		}
	}
	return sawIf(display != "" && !slices.Contains([]string{"page", "popup", "touch", "wap"}, display), "display=", display).rated(Info)
}
