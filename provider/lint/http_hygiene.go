package lint

import (
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/provider/record"
)

// mask is what remains of a secret in what was sent.
func mask(secret string) string {
	if secret == "" {
		return ""
	}
	return record.Mask(secret)
}

// hygiene are the rules about HTTP.
func hygiene() []Rule {
	return []Rule{
		{
			ID: "RL-21", Title: "It speaks a version of TLS before 1.2", Severity: Error,
			Clauses: []string{"RFC 9325 §3.1.1"}, Advice: "Speak TLS 1.2 or 1.3",
			at: everywhere, see: func(l *look) sight {
				version := l.x.Request.TLS
				return sawIf(version == "TLS 1.0" || version == "TLS 1.1" || strings.HasPrefix(version, "SSL"), version)
			},
		},
		{
			ID: "RL-23", Title: "It speaks HTTP/1.0, or names no Host", Severity: Warn,
			Clauses: []string{"RFC 9112 §2.3", "RFC 9112 §3.2"}, Advice: "Speak HTTP/1.1 or later, and send Host",
			at: everywhere, see: func(l *look) sight {
				r := &l.x.Request
				return sawIf(r.Proto == "HTTP/1.0" || r.Proto != "" && r.Host == "", r.Proto)
			},
		},
		{
			ID: "RL-24", Title: "It does not say at the token endpoint that it accepts JSON", Severity: Info,
			Clauses: []string{"RFC 9110 §12.5.1"}, Advice: "Send Accept: application/json: some servers answer a form otherwise",
			at: atToken, see: noAccept,
		},
		{
			ID: "RL-25", Title: "It sends no User-Agent", Severity: Info,
			Clauses: []string{"RFC 9110 §10.1.5"}, Advice: "Send the name and version of the program: whoever runs the server wants to know",
			at: atForms | atDocuments, see: func(l *look) sight { return sawIf(l.header("User-Agent") == "", "no User-Agent") },
		},
		{
			ID: "RL-26", Title: "It sends a secret, password or token where it does not belong", Severity: Error,
			Clauses: []string{"RFC 6749 §10.3", "RFC 6750 §5.3", "RFC 9700 §4.2.4"}, Advice: "Send secrets in the body or in Authorization, and nowhere else",
			at: everywhere, see: strayed,
		},
		{
			ID: "RL-27", Title: "Its callback page gives away the code, state or token in Referer", Severity: Error,
			Clauses: []string{"RFC 9700 §4.2.4"}, Advice: "Redirect from the callback at once to a URL without them, and send Referrer-Policy: no-referrer with its answers",
			at: everywhere, see: referred,
		},
	}
}

// connections are the rules about what HTTP libraries do by themselves.
func connections() []Rule {
	return []Rule{
		{
			ID: "RL-28", Title: "It sends a cookie to an endpoint that has no sessions", Severity: Warn,
			Clauses: []string{"RFC 6749 §3.2"}, Advice: "Call the endpoint with an HTTP client that keeps no cookies",
			at: atForms, see: func(l *look) sight {
				cookie := l.header("Cookie")
				name, value, _ := strings.Cut(cookie, "=")
				return sawIf(cookie != "", "Cookie: ", name, "=", mask(value))
			},
		},
		{
			ID: "RL-29", Title: "It waits for 100 Continue before it sends a small body", Severity: Info,
			Clauses: []string{"RFC 9110 §10.1.1"}, Advice: "Leave Expect out for small bodies: some proxies never answer it",
			at: atForms, see: func(l *look) sight {
				expect := l.header("Expect")
				return sawIf(strings.EqualFold(expect, "100-continue") && len(l.x.Request.Body) < smallBody && !l.x.Request.Cut, "Expect: ", expect)
			},
		},
		{
			ID: "RL-30", Title: "A confidential client calls from a web page, where its secret is everybody's", Severity: Error,
			Clauses: []string{"RFC 6749 §2.1", "RFC 9700 §2.5"}, Advice: "Register it as a public client (auth_method none) with PKCE, or call from its server",
			at: atForms, see: fromPage,
		},
		{
			ID: "RL-32", Title: "It makes a new connection for each request", Severity: Info,
			Clauses: []string{"RFC 9112 §9.3"}, Advice: "Keep one HTTP client, and read answers to their end, so that connections are used again",
			at: atBackend, see: func(l *look) sight {
				return sawIf(l.caller.strange+1 == connectionsAtMost, "a new connection for each of 10 requests in a row")
			},
		},
		{
			ID: "RL-34", Title: "It fetches the metadata or the keys anew for each token", Severity: Warn,
			Clauses: []string{"RFC 9111 §4", "OpenID Connect Core §10.1.1"}, Advice: "Keep both while Cache-Control lets you, and fetch keys again for an unknown kid only",
			at: atToken, see: func(l *look) sight {
				before := &l.caller.rounds
				again := l.caller.fetched && before.count+1 == roundsAtMost && before.goes(l.now, roundsWindow)
				return sawIf(again && l.x.Status == 200, "a document fetched before each of 10 token requests")
			},
		},
	}
}

const (
	smallBody         = 1 << 20 // bytes, as curl has it
	connectionsAtMost = 10
	roundsAtMost      = 10
	roundsWindow      = time.Minute
)

func noAccept(l *look) sight {
	accepts := l.x.Request.Header["Accept"]
	if len(accepts) == 0 {
		return saw("no Accept")
	}
	for _, accept := range accepts {
		accept = strings.ToLower(accept)
		if strings.Contains(accept, "application/json") || strings.Contains(accept, "*/*") || strings.Contains(accept, "application/*") {
			return nothing()
		}
	}
	return saw("Accept: " + accepts[0]).rated(Warn)
}

// isPlainHeader tells headers that carry credentials rightly, or that HTTP libraries
// write by themselves.
func isPlainHeader(name string) bool {
	switch name {
	case "Authorization", "Content-Type", "Content-Length", "Accept", "Accept-Encoding", "Accept-Language", "Connection", "Host",
		"Cache-Control", "Pragma", "Origin", "Upgrade-Insecure-Requests":
		return true
	}
	return false
}

// strayed finds known secrets and issued tokens in headers and URLs. Cookies at the
// pages are those of whoever has the same host, whatever its port, so not looked at.
func strayed(l *look) sight {
	for name, values := range l.x.Request.Header {
		if isPlainHeader(name) || name == "Cookie" && l.at&atBrowser != 0 || name == "Referer" && l.isOurs(values[0]) {
			continue
		}
		for _, value := range values {
			if l.gives(value) {
				return saw(name + ": " + mask(value))
			}
		}
	}
	if l.at&(atResources|atForms) != 0 { // where RL-02 and RL-116 are about the URL
		return nothing()
	}
	for _, p := range l.query {
		if p.value != "" && (p.name == "client_secret" || p.name == "password" || p.name == "access_token") || p.name != "id_token_hint" && l.gives(p.value) {
			return saw("?" + p.name + "=" + mask(p.value))
		}
	}
	return nothing()
}

// gives tells a text that has a known secret in it, or is an issued token.
func (l *look) gives(text string) bool {
	if len(text) < needleAtLeast {
		return false
	}
	if l.known.secrets.in(text) {
		return true
	}
	for word := range strings.FieldsFuncSeq(text, endsToken) {
		if len(word) >= tokenAtLeast && l.memory.tokens.find(l.memory.hash("token", word)) != nil {
			return true
		}
	}
	return false
}

const tokenAtLeast = 20 // bytes

// endsToken tells what is in no token.
func endsToken(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~+/", r))
}

func referred(l *look) sight {
	referer := l.header("Referer")
	if !strings.ContainsAny(referer, "?#") || l.isOurs(referer) {
		return nothing()
	}
	page, query, _ := strings.Cut(referer, "?")
	query, _, _ = strings.Cut(query, "#")
	for _, p := range (params{}).read(query) {
		switch p.name {
		case "code", "access_token", "id_token", "refresh_token":
			return saw("Referer: " + page + "?" + p.name + "=" + mask(p.value))
		case "state":
			if strings.Contains(query, "iss=") || strings.Contains(query, "session_state=") || strings.Contains(query, "error=") {
				return saw("Referer: " + page + "?state=" + mask(p.value))
			}
		}
	}
	return nothing()
}

func fromPage(l *look) sight {
	origin := l.header("Origin")
	if origin == "" || !l.confidential() {
		return nothing()
	}
	if l.secret() != "" {
		return saw("Origin: " + origin + ", with the secret")
	}
	return saw("Origin: " + origin).rated(Info)
}
