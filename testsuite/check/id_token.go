package check

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// answersIDToken says nothing of a request without openid, whose answer OpenID
// Connect Core §3.1.2.1 leaves unspecified.
func answersIDToken(t *T) { t.authenticateMain(nil) }

// plainScope is a scope of the client's that is none of OpenID Connect's.
func plainScope(t *T, c Client) string {
	scopes := slices.DeleteFunc(plainScopes(c), func(scope string) bool { return scopeClaims()[scope] != nil })
	if len(scopes) == 0 {
		t.Skip("the client %s has no scope but OpenID Connect's", c.ID)
	}
	return scopes[0]
}

func putsIDTokenClaims(t *T) {
	main, other := t.Client(Main), t.Client(Other)
	for _, c := range []Client{main, other} {
		id := t.authenticate(t.Browser(t.User(Main)), c, nil).id
		t.Expect(claimText(id, "iss")).To(Equal(t.Issuer), "iss")
		t.Expect(claimText(id, "sub") != "").To(BeTrue(), "sub must be there: %v", id.Claims)
		audience, ok := audienceList(id.Claims["aud"])
		t.Expect(ok).To(BeTrue(), "aud must be a string or an array of strings: %v", id.Claims)
		t.Expect(audience).To(ContainElement(c.ID), "aud")
		azp, told := id.Claims["azp"]
		t.Expect(!told || azp == any(c.ID)).To(BeTrue(), "azp must be the client to which the token was issued: %v", id.Claims)
		t.expectPartyAmongSeveral(id, told || len(audience) == 1)
		for _, name := range []string{"exp", "iat"} {
			_, isNumber := id.Claims[name].(json.Number)
			t.Expect(isNumber).To(BeTrue(), "%s must be a number, not %#v", name, id.Claims[name])
		}
		t.Expect(seconds(id.Claims["exp"]) > seconds(id.Claims["iat"])).To(BeTrue(), "exp must be after iat: %v", id.Claims)
		t.Expect(seconds(id.Claims["nbf"]) <= seconds(id.Claims["iat"])).To(BeTrue(), "the ID token must be good when it is issued: %v", id.Claims)
	}
}

// expectPartyAmongSeveral warns of an ID token for several that names no azp: errata
// set 2 of OpenID Connect Core demands it no more, and clients look for it still.
func (t *T) expectPartyAmongSeveral(id JWT, clear bool) {
	broken := t.broken
	t.broken = Warned
	t.Expect(clear).To(BeTrue(), "a token for several should say in azp to whom it was issued: %v", id.Claims)
	t.broken = broken
}

func returnsNonce(t *T) {
	for _, nonce := range []string{"n-0S6_WzA2Mj", "N", `A/b+c=d & "é" %41 ` + strings.Repeat("x", 200)} {
		id := t.authenticateMain(url.Values{"nonce": {nonce}}).id
		t.Expect(claimText(id, "nonce")).To(Equal(nonce), "the nonce of the request")
	}
}

func makesNoNonceUp(t *T) {
	id := t.authenticateMain(nil).id
	nonce, told := id.Claims["nonce"]
	t.Expect(told).NotTo(BeTrue(), "there was no nonce to return, but the ID token has %#v", nonce)
}

func forbidsCachingIDToken(t *T) {
	tokens := t.authenticateMain(nil).tokens
	t.Expect(directives(tokens, "Cache-Control")).To(ContainElement("no-store"), "Cache-Control")
}

func signsByDefault(t *T) {
	id := t.authenticateMain(nil).id
	t.Expect(id.Header["alg"]).To(Equal(any("RS256")), "alg of an ID token for a client that registered none")
	_, keys := publishedKeys(t)
	if kid, _ := id.Header["kid"].(string); kid == "" {
		t.Expect(len(keys)).To(Equal(1), "how many keys there are to choose from where the ID token names none")
	}
	if c, ok := t.Clients[StrongIDToken]; ok {
		t.authenticate(t.Browser(t.User(Main)), c, nil)
	}
}

// hashesAccessToken: the hash is that of the signature's algorithm, so that one
// client with another one tells those apart who always take SHA-256.
func hashesAccessToken(t *T) {
	clients := []Client{t.Client(Main)}
	if c, ok := t.Clients[StrongIDToken]; ok {
		clients = append(clients, c)
	}
	told := false
	for _, c := range clients {
		login := t.authenticate(t.Browser(t.User(Main)), c, nil)
		hash, has := login.id.Claims["at_hash"]
		if !has {
			continue
		}
		told = true
		alg, _ := login.id.Header["alg"].(string)
		t.Expect(hash).To(Equal(any(halfHash(t, alg, login.tokens.Text("access_token")))), "at_hash of an ID token signed by %s", alg)
	}
	if !told {
		t.Skip("the ID tokens of the code flow have no at_hash")
	}
}

// halfHash is the left half of a text's hash (OpenID Connect Core §3.1.3.6); by
// SHA-512 with Ed25519, which hashes so itself.
func halfHash(t *T, alg, text string) string {
	size := strings.TrimLeft(alg, "RSPEH")
	if alg == "EdDSA" || alg == "Ed25519" {
		size = "512"
	}
	hash, known := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[size]
	t.Expect(known).To(BeTrue(), "the algorithm %q has no hash", alg)
	h := hash.New()
	h.Write([]byte(text))
	sum := h.Sum(nil)
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// signInByCode is a login by code that gives a refresh token.
func (t *T) signInByCode(b *Browser, c Client, params url.Values) (login authentication, refreshToken string) {
	login = t.authenticate(b, c, params)
	if login.tokens.Text("refresh_token") == "" && t.claims(OfflineAccess) {
		offline := url.Values{"scope": {"openid offline_access"}, "prompt": {"consent"}}
		maps.Copy(offline, params)
		login = t.authenticate(b, c, offline)
	}
	refreshToken = login.tokens.Text("refresh_token")
	if refreshToken == "" { // which RFC 6749 §4.1.4 leaves to the provider
		panic(stop{Untestable, "a code gives the client " + c.ID + " no refresh token"})
	}
	return login, refreshToken
}

// refreshedIDToken is the ID token of a login, and that of a refresh some time later.
func refreshedIDToken(t *T, params url.Values) (first, second JWT) {
	main := t.Client(Main)
	login, refreshToken := t.signInByCode(t.Browser(t.User(Main)), main, params)
	t.Wait(2 * time.Second)
	answer := t.Refresh(refreshToken, As(main))
	t.Expect(answer).To(BeToken())
	if answer.Object()["id_token"] == nil {
		t.Skip("a refresh gives no ID token, which OpenID Connect Core §12.2 allows")
	}
	return login.id, t.idToken(answer)
}

func tellsFirstLoginAtRefresh(t *T) {
	first, second := refreshedIDToken(t, url.Values{"max_age": {"10000"}})
	for _, name := range []string{"iss", "sub", "auth_time"} {
		t.Expect(second.Claims[name]).To(Equal(first.Claims[name]), "%s of the refreshed ID token, by the first one's", name)
	}
	audience, _ := audienceList(first.Claims["aud"])
	refreshed, _ := audienceList(second.Claims["aud"])
	for _, name := range audience {
		t.Expect(refreshed).To(ContainElement(name), "aud of the refreshed ID token")
	}
	azp, told := first.Claims["azp"]
	t.Expect(!told || second.Claims["azp"] == azp).To(BeTrue(), "azp of the refreshed ID token: %v", second.Claims)
	t.Expect(seconds(second.Claims["iat"]) > seconds(first.Claims["iat"])).To(BeTrue(),
		"iat must be when the refreshed ID token was issued, not %v", second.Claims["iat"])
}

func putsNoNonceAtRefresh(t *T) {
	const nonce = "the-first-nonce"
	first, second := refreshedIDToken(t, url.Values{"nonce": {nonce}})
	t.Expect(claimText(first, "nonce")).To(Equal(nonce), "the nonce of the first ID token")
	if value, told := second.Claims["nonce"]; told {
		t.Expect(value).To(Equal(any(nonce)), "the nonce of the refreshed ID token")
	}
}

func limitsIDTokenLife(t *T) {
	id := t.authenticateMain(nil).id
	life := time.Duration(seconds(id.Claims["exp"])-seconds(id.Claims["iat"])) * time.Second
	t.Expect(life >= time.Minute && life <= 24*time.Hour).To(BeTrue(), "the ID token lives for %s; minutes to hours is what it should", life)
}

// subjectOf is the sub by which a client knows a user.
func subjectOf(t *T, c Client, user User) string {
	id := t.authenticate(t.Browser(user), c, nil).id
	sub := claimText(id, "sub")
	t.Expect(sub != "").To(BeTrue(), "sub must be a string that is not empty: %v", id.Claims)
	return sub
}

func tellsPairwiseSubjects(t *T) {
	user, other := t.User(Main), t.User(OddUser)
	a, b := t.Client(PairwiseA), t.Client(PairwiseB)
	atA := subjectOf(t, a, user)
	t.Expect(subjectOf(t, b, user) == atA).NotTo(BeTrue(), "the user has the sub %q in both sectors", atA)
	t.Expect(subjectOf(t, a, user)).To(Equal(atA), "sub at the second login")
	t.Expect(subjectOf(t, a, other) == atA).NotTo(BeTrue(), "two users have the sub %q", atA)
}

func tellsSubjects(t *T) {
	main := t.Client(Main)
	sub := subjectOf(t, main, t.User(Main))
	ascii := only(sub, func(r rune) bool { return r < 0x80 })
	t.Expect(ascii && len(sub) <= 255).To(BeTrue(), "sub must be 255 ASCII characters at most: %q", sub)
	t.Expect(subjectOf(t, main, t.User(Main))).To(Equal(sub), "sub at the second login")
	odd := subjectOf(t, main, t.User(OddUser))
	t.Expect(strings.EqualFold(odd, sub)).NotTo(BeTrue(), "two users have the sub %q", sub)
}
