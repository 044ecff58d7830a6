package lint

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// stateAndNonce are the rules about what ties a response to its request.
func stateAndNonce() []Rule {
	return []Rule{
		{
			ID: "RL-84", Title: "It sends no state", Severity: Error,
			Clauses: []string{"RFC 6749 §10.12", "RFC 9700 §2.1.1", "RFC 9700 §4.7.1"}, Advice: "Send a random state, keep it in the session, and compare it at the callback; PKCE serves as well",
			at: atAuthorization, see: func(l *look) sight {
				asked := l.asked()
				if asked.has("state") || l.ownPage() {
					return nothing()
				}
				if asked.has("code_challenge") || asked.has("nonce") {
					return saw("no state").rated(Info)
				}
				return saw("no state, code_challenge or nonce")
			},
		},
		{
			ID: "RL-85", Title: "Its state can be guessed", Severity: Warn,
			Clauses: []string{"RFC 6749 §10.10"}, Advice: "Send at least 16 random bytes as state, in base64url, new for each request",
			at: atAuthorization, see: weakState,
		},
		{
			ID: "RL-86", Title: "Its state says something to whoever reads it", Severity: Warn,
			Clauses: []string{"RFC 9700 §4.7", "RFC 9700 §4.11"}, Advice: "Send a random state and keep what it stands for in the session: from a state that is a URL comes an open redirect",
			at: atAuthorization, see: func(l *look) sight {
				state := l.asked().get("state")
				return sawIf(state != "" && !l.ownPage() && speaks(state), "state=", state)
			},
		},
		{
			ID: "RL-87", Title: "Its nonce is missing, short, or not new", Severity: Error,
			Clauses: []string{"OpenID Connect Core §3.2.2.1", "OpenID Connect Core §15.5.2"}, Advice: "Send at least 16 random bytes as nonce, other than state, new for each request",
			at: atAuthorization, see: weakNonce,
		},
	}
}

const stateAtLeast = 16 // characters

func weakState(l *look) sight {
	state := l.asked().get("state")
	switch {
	case state == "":
		return nothing()
	case !l.ownPage() && len(state) < stateAtLeast:
		return saw("state=" + state + ", " + strconv.Itoa(len(state)) + " characters")
	case !l.answer.sent:
		return nothing()
	case l.reused("state", state):
		return saw("state=" + state + " in two requests").rated(Error)
	}
	if bits := guess(state, l.of.states.kept); bits < bitsAtLeast {
		return saw("state=" + state + ", of which some " + strconv.Itoa(bits) + " bits differ from request to request")
	}
	return nothing()
}

// reused tells a value that an earlier flow had. The same request again is a browser's
// reload, unless the client has redeemed the code of the first.
func (l *look) reused(kind, value string) bool {
	before := l.memory.once.find(l.memory.hash(kind, value))
	if before == nil {
		return false
	}
	if before.whole != l.whole {
		return true
	}
	f := l.memory.flows.find(before.code)
	return f != nil && f.sent > 0
}

// speaks tells a state that is a URL, a path, JSON, an e-mail address, or one of these in Base64.
func speaks(state string) bool {
	for range 2 {
		switch {
		case strings.HasPrefix(state, "http://"), strings.HasPrefix(state, "https://"), strings.HasPrefix(state, "/"):
			return true
		case strings.HasPrefix(state, "{"), strings.HasPrefix(state, "["):
			return json.Valid([]byte(state))
		case isAddress(state):
			return true
		}
		plain, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(state), "="))
		if err != nil || len(plain) == 0 || !strings.ContainsRune("{[h", rune(plain[0])) {
			return false
		}
		state = string(plain)
	}
	return false
}

func isAddress(s string) bool {
	name, domain, found := strings.Cut(s, "@")
	return found && name != "" && strings.Contains(domain, ".") && !strings.ContainsAny(s, " /")
}

func weakNonce(l *look) sight {
	asked := l.asked()
	nonce := asked.get("nonce")
	switch {
	case nonce == "":
		return sawIf(!l.ownPage() && strings.Contains(asked.get("response_type"), "id_token"), "no nonce with response_type=", asked.get("response_type"))
	case !l.ownPage() && nonce == asked.get("state"):
		return saw("nonce=" + nonce + ", which is the state").rated(Warn)
	case !l.ownPage() && len(nonce) < stateAtLeast:
		return saw("nonce=" + nonce + ", " + strconv.Itoa(len(nonce)) + " characters").rated(Warn)
	}
	return sawIf(l.answer.sent && l.reused("nonce", nonce), "nonce=", nonce, " in two requests")
}
