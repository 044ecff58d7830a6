package lint

import (
	"hash/maphash"
	"time"
)

// How many of each are remembered of one issuer.
const (
	tokensAtMost  = 1024
	flowsAtMost   = 256
	onceAtMost    = 1024
	clientsAtMost = 128
	othersAtMost  = 256
	issuedAtMost  = 32 // access tokens as they were issued
	statesAtMost  = 8  // of a client
)

// memory is what is remembered of the exchanges so far. What is secret is in it by its
// hash only, but for the last access tokens, states and verifiers.
type memory struct {
	seed maphash.Seed

	tokens   table[token]        // by the token
	flows    table[flow]         // by the code
	once     table[use]          // by a state, nonce, challenge or verifier
	logins   table[loginDone]    // by client, username and password
	asked    table[string]       // the scope of the first password request, by client and username
	failures table[failure]      // by the whole request
	secrets  table[string]       // the client that first presented a secret
	loops    table[burst]        // by session and client
	clients  table[clientMemory] // by the client_id
	callers  table[callerMemory] // by address and User-Agent
	issued   ring[[]byte]        // the last access tokens

	stranger clientMemory // of a client that has not been seen
	nobody   callerMemory
}

func newMemory() *memory {
	m := &memory{seed: maphash.MakeSeed()}
	m.tokens.limit, m.flows.limit, m.once.limit = tokensAtMost, flowsAtMost, onceAtMost
	m.logins.limit, m.asked.limit, m.failures.limit = othersAtMost, othersAtMost, othersAtMost
	m.secrets.limit, m.loops.limit = othersAtMost, othersAtMost
	m.clients.limit, m.callers.limit = clientsAtMost, clientsAtMost
	return m
}

// hash tells texts apart, by kind.
func (m *memory) hash(kind, text string) uint64 {
	return maphash.String(m.seed, text)*31 + maphash.String(m.seed, kind)
}

// hashOf is hash of bytes.
func (m *memory) hashOf(kind string, text []byte) uint64 {
	return maphash.Bytes(m.seed, text)*31 + maphash.String(m.seed, kind)
}

// A token is one that the provider issued.
type token struct {
	kind      tokenKind
	client    string
	scope     string
	issued    int64 // as look.now
	expires   int64 // 0 when nobody said; of a refresh token, that of the access token beside it
	used      bool
	late      int // how often it was used after it expired
	presented span
	spent     bool // a refresh token that was exchanged for another
	lost      bool // the answer to that did not arrive whole
	refused   bool // with invalid_grant
}

type tokenKind byte

const (
	accessToken tokenKind = iota
	refreshToken
	idToken
)

// A span is a time, from its beginning until its end.
type span struct{ from, until int64 }

// meets tells spans that overlap. Of a frozen clock, all begin at the same time, which
// says nothing.
func (s span) meets(other span) bool {
	return s.from != 0 && s.from != other.from && s.from < other.until && other.from < s.until
}

// A flow is an authorization request and its response.
type flow struct {
	client            string
	redirectURI       string // as it was sent; empty when it was not
	challenge, method string
	state, nonce      uint64 // hashes; 0 when they were not sent
	issued            int64
	broken            string // what is wrong with the response; a client has to stop there
	sent              int    // how often the code was presented, where that counts
}

// A use is in which flow something was used that is to be used once.
type use struct {
	whole uint64 // the request
	code  uint64 // that was the answer to it
}

// A loginDone is what became of a username and a password.
type loginDone struct{ granted, refreshable, failed bool }

// A failure is a request that failed.
type failure struct {
	code string // the error
	burst
}

// A burst counts what happens within a time. What happens at one instant counts once:
// of a frozen clock all does, which says nothing of how fast it came.
type burst struct {
	count       int
	since, last int64
}

// goes tells whether one more counts into the same time.
func (b *burst) goes(now int64, window time.Duration) bool {
	return now != b.last && within(now, b.since, window)
}

// tick counts one more, or the first of a new time.
func (b *burst) tick(now int64, window time.Duration) {
	switch {
	case b.count == 0 || !within(now, b.since, window):
		*b = burst{count: 1, since: now, last: now}
	case now != b.last:
		b.count++
		b.last = now
	}
}

// A clientMemory is what is remembered of a client.
type clientMemory struct {
	name      string
	states    ring[string]
	verifiers ring[string]
	redirects ring[string] // those that were sent, with query

	failed    tried // the last token request, when it failed
	said      int64 // when Retry-After was
	until     int64 // when the client may come again
	untilAt   place
	refreshes int // with more than half of the token's life left
}

// tried is a token request that failed.
type tried struct {
	print uint64
	style authStyle
	grant string
	code  string
	at    int64
	lost  bool // no answer came, or one of a server that fails
}

// A callerMemory is what is remembered of a program that calls, whoever its client is.
type callerMemory struct {
	port     string
	strange  int // requests in a row that came by a new connection
	fetched  bool
	rounds   burst // a document fetched, a token, a document fetched, …
	keyFetch burst
}

// within tells whether a time is no more than d after another.
func within(now, since int64, d time.Duration) bool { return now >= since && now-since <= int64(d) }
