package lint

import (
	"net"
	"net/url"
	"strings"
	"time"
)

// authorizationRequest are the rules about what a client sends a browser away with.
func authorizationRequest() []Rule {
	return []Rule{
		{
			ID: "RL-80", Title: "It asks for no response type, or for one that is no more to be used", Severity: Error,
			Clauses: []string{"RFC 6749 §3.1.1", "RFC 9700 §2.1.2"}, Advice: "Send response_type=code",
			at: atAuthorization, see: responseType,
		},
		{
			ID: "RL-81", Title: "Its redirect_uri is missing, or is one that gives codes away", Severity: Error,
			Clauses: []string{"RFC 6749 §3.1.2", "RFC 8252 §7.1", "RFC 8252 §7.3", "RFC 8252 §8.3", "RFC 9700 §2.1", "RFC 9700 §2.6"},
			Advice:  "Send an absolute https URL; a native application http://127.0.0.1 or a scheme with a dot",
			at:      atAuthorization, see: redirectURI,
		},
		{
			ID: "RL-83", Title: "Its redirect_uri carries what is for state to carry", Severity: Warn,
			Clauses: []string{"RFC 9700 §4.1.3", "RFC 9700 §4.7"}, Advice: "Send the same redirect_uri each time, and keep what differs in state, or in the session",
			at: atAuthorization, see: varyingRedirect,
		},
		{
			ID: "RL-105", Title: "It sends the browser round and round", Severity: Error,
			Clauses: []string{"RFC 6749 §4.1.2.1"}, Advice: "Show the error of the response instead of beginning anew; look whether the session's cookie comes back",
			at: atAuthorization, see: func(l *look) sight {
				cookie := l.header("Cookie")
				if cookie == "" || !l.answer.sent {
					return nothing()
				}
				b := l.memory.loops.find(l.memory.hash(l.id, cookie))
				return sawIf(b != nil && b.count >= loopsAtMost && b.goes(l.now, loopWindow), "more than 5 authorization requests of a session in 10 s")
			},
		},
		{
			ID: "RL-109", Title: "It shows the login page in a web view of its own", Severity: Warn,
			Clauses: []string{"RFC 8252 §8.12"}, Advice: "Open the system's browser, or its tab inside the application: a web view can read the password",
			at: atAuthorization, see: func(l *look) sight {
				agent := l.header("User-Agent")
				apple := strings.Contains(agent, "AppleWebKit/") && (strings.Contains(agent, "iPhone") || strings.Contains(agent, "iPad")) && !strings.Contains(agent, "Safari/")
				return sawIf(strings.Contains(agent, "; wv)") || strings.Contains(agent, "FBAN") || apple, "User-Agent: ", agent)
			},
		},
	}
}

const (
	loopsAtMost = 5
	loopWindow  = 10 * time.Second
)

func responseType(l *look) sight {
	if l.ownPage() {
		return nothing()
	}
	switch sent := l.asked().get("response_type"); sent {
	case "code", "none":
		return nothing()
	case "":
		return saw("no response_type")
	case "token", "id_token", "id_token token", "token id_token", "code token", "code id_token", "code id_token token", "code token id_token":
		return saw("response_type=" + sent).rated(Warn).insteadOf("Send response_type=code with PKCE: tokens in a redirect end up in histories and logs")
	default:
		return saw("response_type=" + sent)
	}
}

func redirectURI(l *look) sight {
	if l.ownPage() {
		return nothing()
	}
	sent := l.asked().get("redirect_uri")
	if sent == "" {
		return saw("no redirect_uri").rated(Warn)
	}
	s := saw("redirect_uri=" + sent)
	u, err := url.Parse(sent)
	switch {
	case err != nil || !u.IsAbs():
		return s.insteadOf("Send an absolute URI (RFC 6749 §3.1.2)")
	case strings.Contains(sent, "#"):
		return s.insteadOf("Leave the fragment out (RFC 6749 §3.1.2)")
	case u.Scheme == "https":
		return nothing()
	case u.Scheme != "http":
		return sawIf(!strings.Contains(u.Scheme, "."), s.sent).insteadOf("Use a scheme with a dot, from a domain that is yours: com.example.app:/callback (RFC 8252 §7.1)")
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	switch {
	case ip != nil && ip.IsLoopback():
		return nothing()
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		// What a web application is developed at; of a public one nobody knows
		// whether it is native.
		return sawIf(l.public(), s.sent).rated(Info).insteadOf("A native application sends http://127.0.0.1 instead: localhost may be another machine (RFC 8252 §8.3)")
	}
	return s.insteadOf("Use https: the code goes over the network in the open (RFC 9700 §2.6)")
}

func varyingRedirect(l *look) sight {
	if !l.answer.sent {
		return nothing()
	}
	sent := l.asked().get("redirect_uri")
	base, query, found := strings.Cut(sent, "?")
	if !found {
		return nothing()
	}
	for _, before := range l.of.redirects.kept {
		if other, otherQuery, found := strings.Cut(before, "?"); found && other == base && otherQuery != query {
			return saw("redirect_uri=" + sent + " after redirect_uri=" + before)
		}
	}
	return nothing()
}
