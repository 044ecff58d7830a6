package check_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v3"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

const (
	jwtAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	jwtBearerGrant   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// assertionProvider is a provider that takes JWT assertions (RFC 7523) for clients
// and as grants, DPoP proofs, and registrations, with one mistake at a time.
type assertionProvider struct {
	url, mistake string
	moved        atomic.Int64

	mu            sync.Mutex
	enrolled      map[string]enrolled // by client, or by issuer of grants
	read          map[string]enrolled // what "keys cached" has read
	used          map[string]bool     // by issuer and jti
	bound         map[string]string   // thumbprints by access token
	registrations map[string]bool
	registered    int
	issued        int
}

// enrolled is what a signer registered.
type enrolled struct {
	key crypto.PublicKey
	jwk map[string]any
	alg string
}

func newAssertionProvider(mistake string) *assertionProvider {
	return &assertionProvider{
		mistake: mistake, enrolled: map[string]enrolled{}, read: map[string]enrolled{}, used: map[string]bool{},
		bound: map[string]string{}, registrations: map[string]bool{},
	}
}

// enroll registers a client's key, in place of the one that it had.
func (p *assertionProvider) enroll(c check.Client, use string) check.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.enrolled[c.ID] = enrolled{c.Key.Public(), jwkOf(c.Key.Public(), c.KeyID, use), c.Alg}
	return c
}

// trust takes a client's key for that of an issuer of grants.
func (p *assertionProvider) trust(c check.Client) check.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.enrolled[c.Issuer] = enrolled{c.Key.Public(), jwkOf(c.Key.Public(), c.KeyID, "sig"), c.Alg}
	return c
}

func jwkOf(key crypto.PublicKey, kid, use string) (jwk map[string]any) {
	raw, _ := json.Marshal(jose.JSONWebKey{Key: key, KeyID: kid, Use: use})
	_ = json.Unmarshal(raw, &jwk)
	return jwk
}

func (p *assertionProvider) now() time.Time { return time.Now().Add(time.Duration(p.moved.Load())) }

// wrong tells whether the provider makes a mistake.
func (p *assertionProvider) wrong(mistake string) bool { return p.mistake == mistake }

// ServeHTTP answers like a provider.
func (p *assertionProvider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.URL.Path {
	case metadataPath:
		p.metadata(w)
	case "/token":
		p.token(w, r)
	case "/introspect":
		p.introspect(w, r)
	case "/register":
		p.register(w, r)
	default:
		if r.Method == http.MethodDelete && r.Header.Get("Authorization") == "Bearer manage" {
			delete(p.registrations, r.URL.Path)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.NotFound(w, r)
	}
}

func (p *assertionProvider) metadata(w http.ResponseWriter) {
	document := map[string]any{
		"issuer": p.url, "token_endpoint": p.url + "/token", "introspection_endpoint": p.url + "/introspect",
		"registration_endpoint": p.url + "/register",
		"grant_types_supported": []string{"client_credentials", jwtBearerGrant}, "scopes_supported": []string{"openid", "read", "write"},
		"token_endpoint_auth_methods_supported":            []string{"client_secret_basic", "private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"RS256", "PS256", "ES256", "EdDSA", "HS256"},
		"introspection_endpoint_auth_methods_supported":    []string{"client_secret_basic", "private_key_jwt"},
		"dpop_signing_alg_values_supported":                []string{"ES256"},
	}
	switch {
	case p.wrong("no algorithms"):
		delete(document, "token_endpoint_auth_signing_alg_values_supported")
	case p.wrong("no OpenID Connect"):
		delete(document, "scopes_supported")
	case strings.HasPrefix(p.mistake, "certificates"):
		delete(document, "dpop_signing_alg_values_supported")
		document["tls_client_certificate_bound_access_tokens"] = true
	}
	body, _ := json.Marshal(document)
	say(w, http.StatusOK, string(body))
}

func refuseWith(w http.ResponseWriter, code string) {
	status := http.StatusBadRequest
	switch code {
	case "invalid_client":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Basic realm="clients"`)
	case "error":
		status = http.StatusInternalServerError
	}
	say(w, status, `{"error":"`+code+`"}`)
}

func (p *assertionProvider) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	form := r.PostForm
	grants := form.Get("grant_type") == jwtBearerGrant
	code := ""
	if grants {
		if code = p.secret(r); code == "" {
			code = p.grant(form)
		}
	} else {
		code = p.client(r, form)
	}
	if code != "" {
		refuseWith(w, code)
		return
	}
	if scope := form.Get("scope"); strings.Contains(scope, "unheard-of") && !p.wrong("any scope") {
		if p.wrong("scope miscoded") {
			refuseWith(w, "invalid_grant")
			return
		}
		refuseWith(w, "invalid_scope")
		return
	}
	p.issue(w, r)
}

// secret judges the secret of the clients that have one.
func (p *assertionProvider) secret(r *http.Request) (code string) {
	id, secret, ok := r.BasicAuth()
	if !ok || secret != "secret" || id != "main" && id != "exchanger" {
		return "invalid_client"
	}
	return ""
}

// client judges how a client authenticates (RFC 6749 §2.3, RFC 7521 §4.2).
func (p *assertionProvider) client(r *http.Request, form url.Values) (code string) {
	asserted := form.Has("client_assertion") || form.Has("client_assertion_type")
	secret := r.Header.Get("Authorization") != "" || form.Has("client_secret")
	jwt, kind := form.Get("client_assertion"), form.Get("client_assertion_type")
	switch {
	case p.wrong("assertion optional") && jwt == "" && form.Has("client_id"):
		return ""
	case !asserted:
		return p.secret(r)
	case secret && p.wrong("two methods miscoded"):
		return "invalid_client"
	case secret && !p.wrong("secret ignored"), len(form["client_assertion"]) > 1 && !p.wrong("first assertion"):
		return "invalid_request"
	case jwt == "", kind == "" && !p.wrong("type optional"):
		return "invalid_request"
	case kind != jwtAssertionType && !p.wrong("type optional") && !p.wrong("any type"):
		return "invalid_client"
	case p.wrong("assertions refused"):
		return "invalid_client"
	case p.wrong("client_id refused") && form.Has("client_id"):
		return "invalid_request"
	}
	id, code := p.judge(jwt, judgement{invalid: "invalid_client", client: true})
	if named := form.Get("client_id"); code == "" && named != "" && named != id {
		switch {
		case p.wrong("client_id miscoded"):
			return "invalid_request"
		case !p.wrong("client_id ignored"):
			return "invalid_client"
		}
	}
	return code
}

// grant judges an assertion that is a grant (RFC 7523 §3.1).
func (p *assertionProvider) grant(form url.Values) (code string) {
	if p.wrong("grant refused") {
		return "invalid_grant"
	}
	invalid := "invalid_grant"
	if p.wrong("grant miscoded") {
		invalid = "invalid_client"
	}
	_, code = p.judge(form.Get("assertion"), judgement{prefix: "grant ", invalid: invalid})
	return code
}

// issue answers a token, bound to the key of a DPoP proof (RFC 9449 §5, §8) or to a certificate.
func (p *assertionProvider) issue(w http.ResponseWriter, r *http.Request) {
	p.issued++
	token, kind := "token-"+strconv.Itoa(p.issued), "Bearer"
	if proof := r.Header.Get("DPoP"); proof != "" {
		jwt, _ := check.ParseJWT(proof)
		jwk, _ := jwt.Header["jwk"].(map[string]any)
		_, err := check.VerifyJWS(proof, []map[string]any{jwk})
		if err != nil || jwt.Header["typ"] != "dpop+jwt" || jwt.Claims["htm"] != "POST" || jwt.Claims["htu"] != p.url+"/token" || jwt.Claims["jti"] == nil {
			refuseWith(w, "invalid_dpop_proof")
			return
		}
		if jwt.Claims["nonce"] != "a-nonce" {
			w.Header().Set("DPoP-Nonce", "a-nonce")
			refuseWith(w, "use_dpop_nonce")
			return
		}
		var key jose.JSONWebKey
		raw, _ := json.Marshal(jwk)
		_ = key.UnmarshalJSON(raw)
		thumbprint, _ := key.Thumbprint(crypto.SHA256)
		p.bound[token], kind = base64.RawURLEncoding.EncodeToString(thumbprint), "DPoP"
	}
	if p.wrong("certificates") || p.wrong("certificates, cnf untold") {
		token = b64([]byte(`{"alg":"ES256"}`)) + "." + b64([]byte(`{"cnf":{"x5t#S256":"a-certificate"}}`)) + "." + b64([]byte("signature"))
	}
	say(w, http.StatusOK, `{"access_token":"`+token+`","token_type":"`+kind+`","expires_in":60}`)
}

func (p *assertionProvider) introspect(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	code := p.secret(r)
	if code != "" && !p.wrong("introspection by secret only") {
		code = p.client(r, r.PostForm)
	}
	if code != "" {
		refuseWith(w, code)
		return
	}
	answer := map[string]any{"active": true}
	thumbprint, bound := p.bound[r.PostFormValue("token")]
	switch {
	case p.wrong("certificates"):
		answer["cnf"] = map[string]any{"x5t#S256": "a-certificate"}
	case p.wrong("cnf of another"):
		answer["cnf"] = map[string]any{"jkt": "another"}
	case bound && !p.wrong("cnf untold"):
		answer["cnf"] = map[string]any{"jkt": thumbprint}
	}
	body, _ := json.Marshal(answer)
	say(w, http.StatusOK, string(body))
}

// register is RFC 7591 §3.
func (p *assertionProvider) register(w http.ResponseWriter, r *http.Request) {
	var asked map[string]any
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	if json.Unmarshal(body.Bytes(), &asked) != nil {
		refuseWith(w, "invalid_client_metadata")
		return
	}
	p.registered++
	id := fmt.Sprint("registered-", p.registered)
	if wish, ok := asked["client_id"].(string); ok && p.wrong("client_id chosen") {
		id = wish
	}
	p.registrations["/clients/"+id] = true
	say(w, http.StatusCreated, `{"client_id":"`+id+`","registration_client_uri":"`+p.url+"/clients/"+id+`","registration_access_token":"manage"}`)
}
