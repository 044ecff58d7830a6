package check_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// rareProvider is a provider with login and consent pages, of the manner that a
// test wants it to have: a mistake, or what is lawful and ours does not do.
type rareProvider struct {
	url, manner string
	key         ed25519.PrivateKey
	moved       atomic.Int64

	mu     sync.Mutex
	issued int
	logins map[string]rareLogin // by cookie
	grants map[string]rareGrant // by code, and by token
	silent bool                 // hung up for good
}

type rareLogin struct {
	user string
	at   time.Time
}

type rareGrant struct {
	rareLogin
	scope         string
	nonce, claims string
}

func newRareProvider(manner string) *rareProvider {
	return &rareProvider{
		manner: manner, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		logins: map[string]rareLogin{}, grants: map[string]rareGrant{},
	}
}

func (p *rareProvider) now() time.Time { return time.Now().Add(time.Duration(p.moved.Load())) }

func (p *rareProvider) advance(d time.Duration) { p.moved.Add(int64(d)) }

// next is an id that nothing else has.
func (p *rareProvider) next(kind string) string {
	p.issued++
	return fmt.Sprintf("%s-%d", kind, p.issued)
}

// ServeHTTP answers like a provider.
func (p *rareProvider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		panic(http.ErrAbortHandler)
	}
	switch {
	case r.TLS == nil && p.manner == "plain HTTP redirected":
		http.Redirect(w, r, p.url+r.URL.Path, http.StatusMovedPermanently)
	case r.URL.Path == metadataPath:
		p.metadata(w)
	case r.URL.Path == "/jwks":
		p.json(w, map[string]any{"keys": []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(p.key.Public().(ed25519.PublicKey))}}})
	case r.URL.Path == "/authorize":
		p.authorize(w, r)
	case r.URL.Path == "/token":
		p.token(w, r)
	case r.URL.Path == "/introspect":
		p.introspect(w, r)
	case r.URL.Path == "/userinfo":
		p.userInfo(w, r)
	case p.manner == "start page everywhere":
		p.page(w, "<h1>Welcome</h1>")
	default:
		http.NotFound(w, r)
	}
}

func (p *rareProvider) metadata(w http.ResponseWriter) {
	p.json(w, map[string]any{
		"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token", "jwks_uri": p.url + "/jwks",
		"introspection_endpoint": p.url + "/introspect", "userinfo_endpoint": p.url + "/userinfo",
		"grant_types_supported":    []string{"authorization_code", "client_credentials", "password"},
		"response_types_supported": []string{"code"}, "scopes_supported": []string{"openid", "read", "write"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}, "claims_parameter_supported": true,
	})
}

// framing is what the policy of pages says of who may frame them.
func (p *rareProvider) framing() string {
	policy, told := map[string]string{
		"frames at named origins":    "default-src 'self'; frame-ancestors https://portal.example 'self'",
		"frames at none, by silence": "frame-ancestors",
		"frames in a second policy":  "default-src 'self', frame-ancestors 'none'",
		"frames anywhere":            "frame-ancestors *; frame-ancestors 'none'",
		"frames at any https":        "frame-ancestors 'self' https:",
		"frames at any host":         "frame-ancestors https://*:443",
		"frames unsaid":              "default-src 'self'",
	}[p.manner]
	if !told {
		return "frame-ancestors 'none'"
	}
	return policy
}

func (p *rareProvider) page(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", p.framing())
	_, _ = w.Write([]byte("<!doctype html>" + body))
}

// authorize shows the login page, then the page of consent where it is asked for, each of which posts to the same URL.
func (p *rareProvider) authorize(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	query := r.URL.Query()
	each := strings.HasPrefix(p.manner, "consent")
	silent, prompt := query.Get("prompt") == "none", query.Get("prompt")
	var login rareLogin
	if cookie, err := r.Cookie("login"); err == nil {
		login = p.logins[cookie.Value]
	}
	if r.PostForm.Get("password") == "wonder" {
		login = rareLogin{r.PostForm.Get("username"), p.now()}
		id := p.next("login")
		p.logins[id] = login
		http.SetCookie(w, &http.Cookie{Name: "login", Value: id, Path: "/"})
	}
	scopes := strings.Fields(query.Get("scope"))
	switch {
	case login.user == "" && silent, silent && p.manner == "consent, silence miscoded":
		p.sendBack(w, query, url.Values{"error": {"login_required"}})
	case login.user == "":
		p.page(w, `<form method="post"><input name="username"><input type="password" name="password"></form>`)
	case each && silent:
		p.sendBack(w, query, url.Values{"error": {"consent_required"}})
	case prompt == "select_account":
		p.sendBack(w, query, url.Values{"error": {"account_selection_required"}})
	case (each || prompt == "consent") && !r.PostForm.Has("consented"):
		p.askConsent(w, scopes)
	default:
		if r.PostForm.Has("consented") {
			scopes = r.PostForm["scope"]
		}
		code := p.next("code")
		p.grants[code] = rareGrant{login, strings.Join(scopes, " "), query.Get("nonce"), query.Get("claims")}
		p.sendBack(w, query, url.Values{"code": {code}})
	}
}

func (p *rareProvider) askConsent(w http.ResponseWriter, scopes []string) {
	form := `<form method="post"><input type="hidden" name="consented" value="yes">`
	for _, scope := range scopes {
		form += `<input type="checkbox" checked name="scope" value="` + scope + `">`
	}
	p.page(w, form+`<button>Allow</button></form>`)
}

func (p *rareProvider) sendBack(w http.ResponseWriter, query, answer url.Values) {
	answer["state"] = query["state"]
	w.Header().Set("Location", query.Get("redirect_uri")+"?"+answer.Encode())
	w.WriteHeader(http.StatusSeeOther)
}

// knows tells whether the client has authenticated, and refuses it if not.
func (p *rareProvider) knows(w http.ResponseWriter, r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	if basic && id == "main" && secret == "secret" {
		return true
	}
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	w.Header().Set("WWW-Authenticate", `Basic realm="clients"`)
	switch p.manner {
	case "challenges by the scheme":
		w.Header().Set("WWW-Authenticate", scheme+` realm="clients"`)
	case "challenges by another":
		w.Header().Set("WWW-Authenticate", `Negotiate`)
	}
	say(w, http.StatusUnauthorized, `{"error":"invalid_client"}`)
	return false
}

func (p *rareProvider) token(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > 1<<20 && strings.HasPrefix(p.manner, "hangs up") {
		p.silent = p.manner == "hangs up for good"
		panic(http.ErrAbortHandler)
	}
	_ = r.ParseForm()
	if !(r.TLS == nil && p.manner == "plain HTTP trusted") && !p.knows(w, r) {
		return
	}
	form := r.PostForm
	grant := rareGrant{rareLogin: rareLogin{"main", p.now()}, scope: form.Get("scope")}
	switch form.Get("grant_type") {
	case "password":
		grant.user = form.Get("username")
	case "authorization_code":
		code := form.Get("code")
		grant = p.grants[code]
		delete(p.grants, code)
	}
	token := p.next("token")
	answer := map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 60, "scope": grant.scope}
	if p.manner == "scope untold" {
		delete(answer, "scope")
	}
	if p.manner == "scope withheld in words only" {
		grant.scope = "read write"
	}
	if slices.Contains(strings.Fields(grant.scope), "openid") {
		answer["id_token"] = p.idToken(grant)
	}
	p.grants[token] = grant
	p.json(w, answer)
}

func (p *rareProvider) idToken(grant rareGrant) string {
	claims := map[string]any{
		"iss": p.url, "sub": grant.user, "aud": "main", "iat": p.now().Unix(), "exp": p.now().Unix() + 60, "auth_time": grant.at.Unix(),
	}
	if grant.nonce != "" {
		claims["nonce"] = grant.nonce
	}
	p.addClaims(claims, grant)
	return signEdDSA(p.key, claims)
}

// addClaims adds those for which the claims parameter asks.
func (p *rareProvider) addClaims(claims map[string]any, grant rareGrant) {
	switch {
	case grant.claims == "", p.manner == "claims withheld":
	case p.manner == "claims of another":
		claims["email"] = "bob@example.com"
	default:
		claims["email"], claims["name"] = "alice@example.com", "Alice"
	}
}

func (p *rareProvider) introspect(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	if p.manner == "a bare 401" && r.Header.Get("Authorization") == "" {
		w.Header().Set("WWW-Authenticate", "Basic realm=\"clients\"")
		http.Error(w, "who is it?", http.StatusUnauthorized)
		return
	}
	if !p.knows(w, r) {
		return
	}
	grant, known := p.grants[r.PostForm.Get("token")]
	if !known {
		p.json(w, map[string]any{"active": false})
		return
	}
	answer := map[string]any{"active": true, "scope": grant.scope, "acr": "password", "auth_time": grant.at.Unix()}
	switch p.manner {
	case "acr untold":
		delete(answer, "acr")
	case "auth_time untold":
		delete(answer, "auth_time")
	case "auth_time as text":
		answer["auth_time"] = grant.at.Format(time.RFC3339)
	}
	p.json(w, answer)
}

func (p *rareProvider) userInfo(w http.ResponseWriter, r *http.Request) {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	grant, known := p.grants[token]
	if !known {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	claims := map[string]any{"sub": grant.user}
	p.addClaims(claims, grant)
	p.json(w, claims)
}

func (p *rareProvider) json(w http.ResponseWriter, object map[string]any) {
	body, _ := json.Marshal(object)
	say(w, http.StatusOK, string(body))
}
