package lint

import (
	"strconv"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// requestForm are the rules about how parameters are sent.
func requestForm() []Rule {
	return []Rule{
		{
			ID: "RL-01", Title: "It calls an endpoint that takes a form by another method than POST", Severity: Error,
			Clauses: []string{"RFC 6749 §3.2", "RFC 7009 §2.1", "RFC 7662 §2.1"}, Advice: "Send POST, with the parameters in the body",
			at: atForms, see: func(l *look) sight { return sawIf(l.x.Method != "POST", l.x.Method, " ", l.x.Path) },
		},
		{
			ID: "RL-02", Title: "It sends parameters in the URL of an endpoint that takes them in the body", Severity: Error,
			Clauses: []string{"RFC 6749 §2.3.1", "RFC 6749 §3.2"}, Advice: "Send them in the body: URLs end up in logs and histories",
			at: atForms, see: inURL,
		},
		{
			ID: "RL-03", Title: "It sends a form with the wrong Content-Type, or none", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.2", "RFC 6749 §4.4.2", "RFC 6749 App. B"}, Advice: "Send Content-Type: application/x-www-form-urlencoded, and such a body",
			at: atForms, see: wrongType,
		},
		{
			ID: "RL-04", Title: "It says that its form is in another charset than UTF-8", Severity: Warn,
			Clauses: []string{"RFC 6749 App. B"}, Advice: "Encode as UTF-8, and leave the charset out",
			at: atForms, see: wrongCharset,
		},
		{
			ID: "RL-06", Title: "It sends a parameter without a value", Severity: Warn,
			Clauses: []string{"RFC 6749 §3.1", "RFC 6749 §3.2"}, Advice: "Leave the parameter out: an empty one is as none",
			at: atForms | atAuthorization, see: emptyValue,
		},
		{
			ID: "RL-07", Title: "It sends a form that does not decode to UTF-8", Severity: Error,
			Clauses: []string{"RFC 6749 App. B"}, Advice: "Encode each name and value as UTF-8, then percent-encode it, % itself as %25",
			at: atForms | atAuthorization, see: undecodable,
		},
		{
			ID: "RL-08", Title: "It form-encodes a value twice", Severity: Error,
			Clauses: []string{"RFC 6749 App. B"}, Advice: "Encode each value once; a library that takes a map or a list encodes by itself",
			at: atForms | atAuthorization, see: encodedTwice,
		},
		{
			ID: "RL-09", Title: "It sends a plus sign as it is, which is a space in a form", Severity: Error,
			Clauses: []string{"RFC 6749 App. B"}, Advice: "Percent-encode + as %2B",
			at: atForms | atAuthorization, see: rawPlus,
		},
	}
}

// wrongParameters are the rules about what parameters say.
func wrongParameters() []Rule {
	return []Rule{
		{
			ID: "RL-11", Title: "It sends a parameter of some vendor that no specification served here has", Severity: Info,
			Clauses: []string{"RFC 6749 §8.2"}, Advice: "Leave it out unless it is for that vendor; the standard's word for an audience is resource (RFC 8707)",
			at: atToken | atAuthorization, see: vendorParameter,
		},
		{
			ID: "RL-12", Title: "It sends a scope that is not words with one space between each two", Severity: Error,
			Clauses: []string{"RFC 6749 §3.3"}, Advice: "Separate the words by single spaces, and name each once",
			at: atToken | atAuthorization, see: wrongScope,
		},
		{
			ID: "RL-13", Title: "It spells the name of a parameter wrongly", Severity: Error,
			Clauses: []string{"RFC 6749 App. A"}, Advice: "Names are in lower case with underscores: client_id",
			at: atForms | atAuthorization, see: wrongName,
		},
		{
			ID: "RL-14", Title: "It asks for a grant_type that there is not", Severity: Error,
			Clauses: []string{"RFC 6749 §4.3.2", "RFC 6749 §4.4.2", "RFC 6749 §4.5"}, Advice: "Send a grant_type that the metadata lists, in lower case",
			at: atToken, see: wrongGrant,
		},
		{
			ID: "RL-15", Title: "It names a resource that is no absolute URI without a fragment", Severity: Error,
			Clauses: []string{"RFC 8707 §2"}, Advice: "Send the absolute URI of the resource server, without a fragment",
			at: atToken | atAuthorization, see: wrongResource,
		},
	}
}

func inURL(l *look) sight {
	if len(l.query) == 0 {
		return nothing()
	}
	found := nothing()
	for _, p := range l.query {
		switch {
		case isCredential(p.name) && p.value != "":
			return saw("?" + p.name + "=" + p.raw)
		case isOAuthName(p.name) && found.sent == "":
			found = saw("?" + p.name + "=" + p.raw).rated(Warn)
		}
	}
	return found
}

func wrongType(l *look) sight {
	sent := l.header("Content-Type")
	if sent == formType || l.x.Method != "POST" {
		return nothing()
	}
	mediaType, _, _ := strings.Cut(strings.ToLower(sent), ";")
	switch mediaType = strings.TrimSpace(mediaType); {
	case mediaType == formType:
		return nothing()
	case mediaType == "" && len(l.x.Request.Body) == 0:
		return saw("no body")
	case mediaType == "":
		return saw("no Content-Type")
	case strings.HasSuffix(mediaType, "json"):
		return saw("Content-Type: " + sent).insteadOf("Send the parameters as a form, not as JSON: application/x-www-form-urlencoded, a=1&b=2")
	case strings.HasPrefix(mediaType, "multipart/"):
		return saw("Content-Type: " + sent).insteadOf("Send a plain form, not multipart: with curl -d instead of -F, in a browser URLSearchParams instead of FormData")
	case mediaType == "text/plain":
		return saw("Content-Type: " + sent).insteadOf("Say that the body is a form: Content-Type: application/x-www-form-urlencoded; fetch does it for a URLSearchParams")
	}
	return saw("Content-Type: " + sent)
}

func wrongCharset(l *look) sight {
	sent := l.header("Content-Type")
	if sent == formType {
		return nothing()
	}
	_, charset, found := strings.Cut(strings.ToLower(sent), "charset=")
	charset, _, _ = strings.Cut(charset, ";")
	charset = strings.Trim(charset, `" `)
	return sawIf(found && strings.HasPrefix(strings.ToLower(sent), formType) && charset != "utf-8" && charset != "utf8", "Content-Type: ", sent)
}

func emptyValue(l *look) sight {
	if l.ownPage() {
		return nothing()
	}
	for _, list := range [...]params{l.body, l.query} {
		for _, p := range list {
			switch {
			case p.value != "" || !isOAuthName(p.name):
			case p.name == "client_secret" && (l.client == nil || l.client.Secret == ""): // §2.3.1 lets it be left out, or be empty
				return saw("client_secret=").rated(Info)
			default:
				return saw(p.name + "=")
			}
		}
	}
	return nothing()
}

func undecodable(l *look) sight {
	for _, list := range [...]params{l.body, l.query} {
		for _, p := range list {
			if !p.broken || !isOAuthName(p.name) {
				continue
			}
			if isCredential(p.name) {
				return saw(p.name + "=" + mask(p.raw))
			}
			return saw(p.name + "=" + p.raw)
		}
	}
	return nothing()
}

// A told is a value that is known beforehand, and what was sent in its place.
type told struct{ name, sent, known string }

// tolds are the values in the request that can be held against known ones; nearly always
// they are equal, so equal ones are left out.
func (l *look) tolds() (list [4]told) {
	n := 0
	compare := func(name, sent, known string) {
		if n < len(list) && sent != "" && known != "" && sent != known {
			list[n] = told{name, sent, known}
			n++
		}
	}
	if l.client != nil {
		compare("client_secret", l.body.get("client_secret"), l.client.Secret)
		if l.auth.basic {
			compare("client_secret", l.auth.password, l.client.Secret)
		}
		if sent := l.redirectSent(); sent != "" {
			for _, registered := range l.client.RedirectURIs {
				compare("redirect_uri", sent, registered)
			}
		}
	}
	if name := l.body.get("username"); name != "" && l.at == atToken {
		compare("password", l.body.get("password"), l.known.passwords[name])
	}
	return list
}

// redirectSent is the redirect_uri that was sent, unless it is one that is registered.
func (l *look) redirectSent() string {
	sent := l.body.get("redirect_uri")
	if sent == "" {
		sent = l.query.get("redirect_uri")
	}
	for _, registered := range l.client.RedirectURIs {
		if sent == registered {
			return ""
		}
	}
	return sent
}

func encodedTwice(l *look) sight {
	for _, t := range l.tolds() {
		if !strings.ContainsAny(t.sent, "%+") {
			continue
		}
		if once, broken := unescape(t.sent); !broken && once == t.known {
			return saw(t.name + "=" + t.masked())
		}
	}
	return nothing()
}

func rawPlus(l *look) sight {
	for _, t := range l.tolds() {
		if strings.Contains(t.known, "+") && strings.ReplaceAll(t.known, "+", " ") == t.sent {
			return saw(t.name + "=" + t.masked())
		}
	}
	return nothing()
}

func (t told) masked() string {
	if isCredential(t.name) {
		return mask(t.sent)
	}
	return t.sent
}

func vendorParameter(l *look) sight {
	for _, list := range [...]params{l.body, l.query} {
		for _, p := range list {
			switch p.name {
			case "audience", "client_info", "login", "domain_hint", "access_type", "approval_prompt", "include_granted_scopes", "organization", "connection":
				return saw(p.name + "=" + p.value)
			}
		}
	}
	return nothing()
}

// scopeSent is the scope as it was sent.
func (l *look) scopeSent() string {
	if scope := l.body.get("scope"); scope != "" || l.at == atToken {
		return scope
	}
	return l.query.get("scope")
}

func wrongScope(l *look) sight {
	scope := l.scopeSent()
	if scope == "" || l.ownPage() {
		return nothing()
	}
	if strings.Contains(scope, "  ") || scope[0] == ' ' || scope[len(scope)-1] == ' ' {
		return saw("scope=" + strconv.Quote(scope)) // a space too many
	}
	for i := range len(scope) {
		if b := scope[i]; b < 0x20 || b > 0x7e || b == '"' || b == '\\' {
			return saw("scope=" + strconv.Quote(scope))
		}
	}
	if strings.Contains(scope, ",") && l.namesKnown(scope) {
		return saw("scope=" + scope).insteadOf("Separate the words by spaces, not by commas")
	}
	if repeats(scope) {
		return saw("scope=" + scope).rated(Warn)
	}
	return nothing()
}

// namesKnown tells a list with commas of which a part is a scope that there is.
func (l *look) namesKnown(list string) bool {
	for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if l.known.scopes[word] {
			return true
		}
	}
	return false
}

func repeats(scope string) bool {
	for rest := scope; ; {
		word, more, found := strings.Cut(rest, " ")
		if !found {
			return false
		}
		if hasWord(more, word) {
			return true
		}
		rest = more
	}
}

// hasWord tells whether a list with spaces has a word.
func hasWord(list, word string) bool {
	for list != "" {
		first, rest, _ := strings.Cut(list, " ")
		if first == word {
			return true
		}
		list = rest
	}
	return false
}

func wrongName(l *look) sight {
	for _, list := range [...]params{l.body, l.query} {
		for _, p := range list {
			if isOAuthName(p.name) {
				continue
			}
			if right := oauthNames()[bare(p.name)]; right != "" {
				return saw(p.name).insteadOf("Call it " + right)
			}
		}
	}
	return nothing()
}

func wrongGrant(l *look) sight {
	grant := l.grant()
	if grant == "" || strings.HasPrefix(grant, "urn:") || strings.HasPrefix(grant, "https://") { // of some extension (RFC 6749 §4.5)
		return nothing()
	}
	for _, served := range l.config.Grants {
		if served == grant {
			return nothing()
		}
	}
	switch grant {
	case fixtures.GrantAuthorizationCode, fixtures.GrantRefreshToken, fixtures.GrantPassword, fixtures.GrantClientCredentials:
		return nothing() // it is one; the profile does without
	}
	s := saw("grant_type=" + grant)
	if near := fixtures.Suggest(strings.ToLower(grant), l.config.Grants); near != "" {
		return s.insteadOf("Send grant_type=" + near)
	}
	return s
}

func wrongResource(l *look) sight {
	for _, list := range [...]params{l.body, l.query} {
		for _, p := range list {
			if p.name == "resource" && p.value != "" && (!isAbsolute(p.value) || strings.Contains(p.value, "#")) {
				return saw("resource=" + p.value)
			}
		}
	}
	return nothing()
}
