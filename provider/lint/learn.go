package lint

import (
	"net"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
)

// learn remembers what rules over several exchanges need. It comes after the rules.
func (l *look) learn() {
	m := l.memory
	l.learnCaller()
	if l.id != "" {
		if l.of = m.clients.keep(m.hash("client", l.id)); l.of.name == "" {
			l.of.name = strings.Clone(l.id)
		}
	}
	switch {
	case l.at == atToken:
		l.learnGrant()
		l.learnTokens()
		l.learnTried()
	case l.at == atAuthorization:
		l.learnFlow()
	case l.bearer != nil:
		l.bearer.used = true
		if l.bearer.expires != 0 && l.now > l.bearer.expires {
			l.bearer.late++
		}
	}
	if l.at&(atForms|atResources) != 0 {
		l.learnFailure()
	}
	if l.answer.retryAfter > 0 && l.id != "" {
		l.of.said, l.of.until, l.of.untilAt = l.now, l.now+l.answer.retryAfter*int64(time.Second), l.at
	}
	m.stranger = clientMemory{} // requests that name nobody have nothing to do with one another
}

// learnCaller counts connections and fetched documents.
func (l *look) learnCaller() {
	host, port, err := net.SplitHostPort(l.x.Request.Remote)
	if err != nil || l.at&atBackend == 0 {
		return
	}
	c := l.memory.callers.keep(l.memory.hash(host, l.header("User-Agent")))
	if c.port != "" && c.port != port {
		c.strange++
	} else if c.port == port {
		c.strange = 0
	}
	c.port = port
	switch {
	case l.at == atKeys:
		c.keyFetch.tick(l.now, keyFetchWindow)
		fallthrough
	case l.at == atDiscovery:
		c.fetched = true
	case l.at == atToken && l.x.Status == 200:
		c.keyFetch = burst{}
		if c.fetched {
			c.rounds.tick(l.now, roundsWindow)
		} else {
			c.rounds = burst{}
		}
		c.fetched = false
	}
}

// learnGrant remembers what was presented, and what became of it.
func (l *look) learnGrant() {
	m, x := l.memory, l.x
	granted := x.Status == 200
	if secret := l.secret(); secret != "" && granted {
		if owner := m.secrets.keep(m.hash("secret", secret)); *owner == "" {
			*owner = l.of.name
		}
	}
	if l.flow != nil && !l.unanswered() {
		l.flow.sent++
	}
	if l.refresh != nil {
		l.learnRefresh()
	}
	if verifier := l.body.get("code_verifier"); verifier != "" && l.flow != nil && len(verifier) <= verifierAtMost {
		l.of.verifiers.add(strings.Clone(verifier), statesAtMost)
		u := m.once.keep(m.hash("verifier", verifier))
		u.code = m.hash("code", l.body.get("code"))
	}
	if !l.is(fixtures.GrantPassword) {
		return
	}
	done := m.logins.keep(l.loginKey())
	switch {
	case granted:
		*done = loginDone{granted: true, refreshable: len(l.answer.refresh) > 0}
	case x.Error == "invalid_grant":
		*done = loginDone{failed: true}
	}
	if granted {
		if scope := m.asked.keep(l.userKey()); *scope == "" {
			*scope = strings.Clone(l.body.get("scope"))
		}
	}
}

const verifierAtMost = 128 // bytes (RFC 7636 §4.1)

func (l *look) userKey() uint64 {
	return l.memory.hash("asked", l.id) ^ l.memory.hash("by", l.body.get("username"))
}

func (l *look) learnRefresh() {
	l.refresh.presented = l.span()
	switch {
	case l.x.Status == 200 && len(l.answer.refresh) > 0 && string(l.answer.refresh) != l.body.get("refresh_token"):
		l.refresh.spent, l.refresh.lost = true, l.x.Dropped
	case l.x.Error == "invalid_grant":
		l.refresh.refused = true
	case l.unanswered() && !l.refresh.spent:
		l.refresh.lost = true
	}
	l.refresh.used = true
	if l.x.Status == 200 && l.early() {
		l.of.refreshes++
	}
}

// early tells a refresh while more than half of the access token's life is left.
func (l *look) early() bool {
	if l.refresh == nil {
		return false
	}
	life := l.refresh.expires - l.refresh.issued
	return life > 0 && l.now >= l.refresh.issued && l.refresh.expires-l.now > life/2
}

// unanswered tells a request whose sender may repeat it: nobody has decided about it.
func (l *look) unanswered() bool { return l.x.Dropped || l.x.Status >= 500 || l.x.Status == 429 }

// learnTokens remembers what was issued.
func (l *look) learnTokens() {
	a := &l.answer
	if len(a.access) == 0 {
		return
	}
	m, scope := l.memory, a.scope
	if l.refresh != nil {
		scope = l.refresh.scope // a refresh for less leaves what was granted (RFC 6749 §6)
	}
	expires := int64(0)
	if a.expiresIn > 0 {
		expires = l.now + a.expiresIn*int64(time.Second)
	}
	*m.tokens.keep(m.hashOf("token", a.access)) = token{kind: accessToken, client: l.of.name, scope: a.scope, issued: l.now, expires: expires}
	if len(l.x.Response.Body) <= bodyKeptAtMost {
		m.issued.add(a.access, issuedAtMost)
	}
	l.config.Neighbours.tell(a.access, l.config.Issuer)
	if len(a.refresh) > 0 {
		t := m.tokens.keep(m.hashOf("token", a.refresh))
		t.kind, t.client, t.scope, t.issued, t.expires = refreshToken, l.of.name, scope, l.now, expires
		l.config.Neighbours.tell(a.refresh, l.config.Issuer)
	}
	if len(a.id) > 0 {
		*m.tokens.keep(m.hashOf("token", a.id)) = token{kind: idToken, client: l.of.name, issued: l.now}
	}
}

const bodyKeptAtMost = 8 << 10 // bytes of an answer of which the access token is kept

// learnTried remembers the last token request, if it failed.
func (l *look) learnTried() {
	if !l.x.Failed() {
		l.of.failed = tried{}
		return
	}
	l.of.failed = tried{
		print: l.print, style: l.style(), grant: strings.Clone(l.grant()), code: l.x.Error, at: l.now, lost: l.unanswered(),
	}
}

// learnFailure counts how often the same request failed.
func (l *look) learnFailure() {
	if !l.x.Failed() {
		return
	}
	f := l.memory.failures.keep(l.whole)
	f.tick(l.now, stormWindow)
	f.code = l.x.Error
}

// learnFlow remembers an authorization request that the client was answered.
func (l *look) learnFlow() {
	if !l.answer.sent {
		return
	}
	m, asked, a := l.memory, l.asked(), &l.answer
	if cookie := l.header("Cookie"); cookie != "" {
		m.loops.keep(m.hash(l.id, cookie)).tick(l.now, loopWindow)
	}
	code := m.hash("code", a.code)
	use := use{whole: l.whole, code: code}
	f := flow{
		client: l.of.name, redirectURI: strings.Clone(asked.get("redirect_uri")), challenge: strings.Clone(asked.get("code_challenge")),
		method: strings.Clone(asked.get("code_challenge_method")), issued: l.now, broken: l.brokenAnswer(),
	}
	if state := asked.get("state"); state != "" {
		f.state = m.hash("value", state)
		*m.once.keep(m.hash("state", state)) = use
		if len(state) <= stateKeptAtMost {
			l.of.states.add(strings.Clone(state), statesAtMost)
		}
	}
	if nonce := asked.get("nonce"); nonce != "" {
		f.nonce = m.hash("value", nonce)
		*m.once.keep(m.hash("nonce", nonce)) = use
	}
	if f.challenge != "" {
		*m.once.keep(m.hash("challenge", f.challenge)) = use
	}
	if f.redirectURI != "" {
		l.of.redirects.add(f.redirectURI, statesAtMost)
	}
	if a.code != "" {
		*m.flows.keep(code) = f
		l.config.Neighbours.tell([]byte(a.code), l.config.Issuer)
	}
}

const stateKeptAtMost = 256 // bytes

// brokenAnswer is why a client must not go on after the authorization response; empty
// when it may.
func (l *look) brokenAnswer() string {
	a := &l.answer
	switch {
	case a.fail != "":
		return "error=" + a.fail
	case a.state != l.asked().get("state"):
		return "another state than was sent"
	case a.iss != "" && a.iss != l.x.Issuer:
		return "iss=" + a.iss
	}
	return ""
}
