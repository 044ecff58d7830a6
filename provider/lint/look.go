package lint

import (
	"net"
	"net/url"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A look is one exchange, read, with what is known and remembered about what it names.
// Rules look at it and change nothing.
type look struct {
	x      *record.Exchange
	at     place
	now    int64 // in nanoseconds, by the provider's clock
	config *Config
	known  *Known
	memory *memory

	query, body params
	auth        authorization
	answer      answer

	grantType string           // as it was sent
	id        string           // the client_id, as it is presented or otherwise known
	client    *fixtures.Client // the registered client of that id; nil when there is none
	of        *clientMemory    // what is remembered of it; never nil
	caller    *callerMemory    // of the program that calls; never nil
	print     uint64           // tells requests that are the same but for the client's authentication
	whole     uint64           // tells requests that are the same

	flow    *flow      // of the code that is presented, or of the authorization request that is answered; may be nil
	refresh *token     // that is presented to the token endpoint; may be nil
	bearer  *token     // that is presented to a resource; may be nil
	login   *loginDone // what is remembered of the username and password that are presented; may be nil
}

// read reads an exchange; false when no rule has anything to say about it.
func (l *look) read(x *record.Exchange) bool {
	l.at = placeOf(x.Endpoint)
	if l.at == 0 || x.Method == "OPTIONS" { // which a browser sends by itself
		return false
	}
	l.x, l.now = x, x.At.UnixNano()
	_, query, _ := strings.Cut(x.Request.URI, "?")
	l.query, l.body = l.query.read(query), l.body.read("")
	if len(x.Request.Body) > 0 && l.formed() {
		l.body = l.body.read(string(x.Request.Body))
	}
	l.grantType = l.body.get("grant_type")
	l.auth = readAuthorization(x.Request.Header["Authorization"])
	l.answer = readAnswer(l)
	return true
}

// formed tells whether the body is a form, or looks like one whatever its type says.
func (l *look) formed() bool {
	contentType := l.header("Content-Type")
	return strings.HasPrefix(contentType, formType) || contentType == "" || strings.HasPrefix(contentType, "text/plain")
}

const formType = "application/x-www-form-urlencoded"

// header is a header's first value.
func (l *look) header(canonical string) string {
	if values := l.x.Request.Header[canonical]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// recall finds what is remembered about the exchange.
func (l *look) recall() {
	m := l.memory
	l.id = l.named()
	l.client = l.known.clients[l.id]
	l.of = m.clients.find(m.hash("client", l.id))
	host, _, err := net.SplitHostPort(l.x.Request.Remote)
	if err != nil {
		host = l.x.Request.Remote
	}
	l.caller = m.callers.find(m.hash(host, l.header("User-Agent")))
	if l.of == nil {
		l.of = &m.stranger
	}
	if l.caller == nil {
		l.caller = &m.nobody
	}
	l.flow, l.refresh, l.bearer, l.login = nil, nil, nil, nil
	switch {
	case l.at&atForms != 0:
		l.prints()
		if l.at == atToken {
			l.recallGrant()
		}
	case l.at&atResources != 0:
		if token := l.presented(); token != "" {
			l.bearer = m.tokens.find(m.hash("token", token))
			l.whole = m.hash(l.x.Method+l.x.Request.URI, token)
		} else {
			l.whole = m.hash(l.x.Method, l.x.Request.URI)
		}
		if l.id == "" && l.bearer != nil {
			l.id = l.bearer.client
		}
	case l.at == atAuthorization:
		l.whole = m.hash("of", l.id)
		for _, p := range l.asked() {
			if !isOwnField(p.name) {
				l.whole += m.hash(p.name, p.value) // in any order: a login page sends them back in its own
			}
		}
	}
}

// recallGrant finds the code, the refresh token or the login that is presented.
func (l *look) recallGrant() {
	m := l.memory
	switch l.grantType {
	case fixtures.GrantAuthorizationCode:
		if code := l.body.get("code"); code != "" {
			l.flow = m.flows.find(m.hash("code", code))
		}
	case fixtures.GrantRefreshToken:
		if token := l.body.get("refresh_token"); token != "" {
			l.refresh = m.tokens.find(m.hash("token", token))
		}
	case fixtures.GrantPassword:
		l.login = m.logins.find(l.loginKey())
	}
}

func (l *look) loginKey() uint64 {
	return l.memory.hash("login", l.id) ^ l.memory.hash(l.body.get("username"), l.body.get("password"))
}

// prints tells requests apart, by what they ask for and by how they authenticate.
func (l *look) prints() {
	m := l.memory
	l.print = m.hash("request", l.x.Endpoint)
	for i := range l.body {
		if name := l.body[i].name; name != "client_id" && name != "client_secret" {
			l.print += m.hash(name, l.body[i].raw) // in any order
		}
	}
	l.whole = l.print + m.hash(l.auth.header, l.body.get("client_secret")) + m.hash("of", l.id)
}

// named is the client that the request names, or that the token belongs to.
func (l *look) named() string {
	switch {
	case l.x.Client != "":
		return l.x.Client
	case l.body.has("client_id"):
		return l.body.get("client_id")
	case l.auth.user != "":
		return l.auth.user
	case l.at&atDocuments == 0:
		return l.query.get("client_id")
	}
	return ""
}

// presented is the access token that a resource is shown.
func (l *look) presented() string {
	switch {
	case l.auth.token != "":
		return l.auth.token
	case l.body.has("access_token"):
		return l.body.get("access_token")
	case l.query.has("access_token"):
		return l.query.get("access_token")
	case l.at == atVerify && l.body.has("token"):
		return l.body.get("token")
	case l.at == atVerify:
		return l.query.get("token")
	}
	return ""
}

// asked are the parameters of an authorization or logout request, wherever they are.
func (l *look) asked() params {
	if len(l.body) > 0 {
		return l.body
	}
	return l.query
}

// ownPage tells what a page of the provider's own sends back, which says nothing about
// the client.
func (l *look) ownPage() bool { return l.x.Method == "POST" && l.body.has("action") }

// isOwnField tells the fields of the provider's own pages.
func isOwnField(name string) bool {
	return name == "action" || name == "username" || name == "password" || name == "since"
}

// grant is the grant_type.
func (l *look) grant() string { return l.grantType }

// is tells a token request for a grant.
func (l *look) is(grant string) bool { return l.at == atToken && l.grant() == grant }

// secret is the secret by which the client authenticates, wherever it is.
func (l *look) secret() string {
	if l.auth.basic {
		return l.auth.password
	}
	return l.body.get("client_secret")
}

// public tells a client that is registered without a secret.
func (l *look) public() bool { return l.client != nil && l.client.AuthMethod == fixtures.AuthNone }

// confidential tells a client that is registered with a secret.
func (l *look) confidential() bool {
	return l.client != nil && l.client.AuthMethod != fixtures.AuthNone
}

// isOurs tells a URL of the provider itself.
func (l *look) isOurs(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	for _, base := range []string{l.x.Issuer, l.x.BrowserURL} {
		if b, err := url.Parse(base); err == nil && b.Host != "" && b.Host == u.Host {
			return true
		}
	}
	return u.Host == l.x.Request.Host
}
