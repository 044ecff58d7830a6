package check_test

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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

// A judgement is what differs between the two kinds of assertions.
type judgement struct {
	prefix  string // of the mistakes
	invalid string // the error code
	client  bool
}

// judge is RFC 7523 §3, and answers whose assertion it is.
func (p *assertionProvider) judge(assertion string, j judgement) (id, code string) {
	wrong := func(mistake string) bool { return p.wrong(j.prefix + mistake) }
	jwt, ok := check.ParseJWT(assertion)
	if !ok {
		if wrong("no JWT crashes") {
			return "", "error"
		}
		return "", j.invalid
	}
	claims := jwt.Claims
	iss, _ := claims["iss"].(string)
	sub, _ := claims["sub"].(string)
	jti, _ := claims["jti"].(string)
	id = iss
	if j.client && !wrong("sub ignored") {
		id = sub
	}
	if wrong("jti burnt") && p.spend(iss, jti) {
		return "", j.invalid
	}
	switch {
	case sub == "" && !wrong("sub optional") && !wrong("sub ignored"),
		j.client && iss != sub && !wrong("iss ignored") && !wrong("sub ignored"):
		return "", j.invalid
	}
	if !j.client && wrong("iss ignored") {
		id = "https://trusted.example"
	}
	for _, judge := range []func() string{
		func() string { return p.judgeSignature(assertion, jwt, id, j) },
		func() string { return p.judgeTime(claims, j) },
		func() string { return p.judgeAudience(claims["aud"], j) },
	} {
		if code = judge(); code != "" {
			return "", code
		}
	}
	switch {
	case jti == "" && !wrong("jti optional"):
		return "", j.invalid
	case !wrong("jti burnt") && p.spend(iss, jti) && !wrong("replay served"):
		if wrong("replay miscoded") {
			return "", "jti_known"
		}
		return "", j.invalid
	case wrong("one assertion only") && len(p.used) > 1:
		return "", j.invalid
	}
	return id, ""
}

// spend tells whether a jti was used, which it is from now on.
func (p *assertionProvider) spend(iss, jti string) bool {
	known := p.used[iss+" "+jti]
	p.used[iss+" "+jti] = true
	return known
}

// keyOf is what somebody registered, or with "keys cached" did so at first.
func (p *assertionProvider) keyOf(id string) (enrolled, bool) {
	current, ok := p.enrolled[id]
	if first, read := p.read[id]; read && p.wrong("keys cached") {
		return first, true
	}
	p.read[id] = current
	return current, ok
}

func (p *assertionProvider) judgeSignature(assertion string, jwt check.JWT, id string, j judgement) (code string) {
	wrong := func(mistake string) bool { return p.wrong(j.prefix + mistake) }
	alg, _ := jwt.Header["alg"].(string)
	known, ok := p.keyOf(id)
	switch {
	case !ok && !wrong("keys of all"), wrong("use demanded") && known.jwk["use"] == nil:
		return j.invalid
	case alg == "none" && wrong("alg none"), strings.EqualFold(alg, "none") && wrong("alg nOnE"):
		return ""
	case alg == "HS256" && wrong("HS256 by public key"):
		return p.judgeMAC(assertion, jwt, known.key, j)
	case wrong("signature optional") && len(jwt.Signature) == 0:
		return ""
	case known.alg != "" && alg != known.alg && !wrong("any alg"), wrong("no EdDSA") && alg == "EdDSA", wrong("no PS256") && alg == "PS256":
		return j.invalid
	}
	keys := []map[string]any{known.jwk}
	if wrong("keys of all") {
		keys = nil
		for _, each := range p.enrolled {
			keys = append(keys, each.jwk)
		}
	}
	if kid := jwt.Header["kid"]; kid != nil && kid != known.jwk["kid"] && ok {
		switch {
		case wrong("kid miscoded"):
			return "invalid_request"
		case wrong("kid ignored"):
			renamed := jwkOf(known.key, kid.(string), "sig")
			keys = []map[string]any{renamed}
		}
	}
	if _, err := check.VerifyJWS(assertion, keys); err != nil && !wrong("signature ignored") {
		return j.invalid
	}
	return ""
}

// judgeMAC takes the PEM of a public key for a secret.
func (p *assertionProvider) judgeMAC(assertion string, jwt check.JWT, key crypto.PublicKey, j judgement) (code string) {
	der, _ := x509.MarshalPKIXPublicKey(key)
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(assertion[:strings.LastIndexByte(assertion, '.')]))
	if !hmac.Equal(mac.Sum(nil), jwt.Signature) {
		return j.invalid
	}
	return ""
}

// judgeTime bears clocks that differ by some seconds, as the FAPI 2.0 Security
// Profile demands, and takes nothing that is good for more than a day.
func (p *assertionProvider) judgeTime(claims map[string]any, j judgement) (code string) {
	wrong := func(mistake string) bool { return p.wrong(j.prefix + mistake) }
	ahead := func(name string) (d time.Duration, told bool) {
		number, told := claims[name].(json.Number)
		seconds, _ := number.Int64()
		return time.Unix(seconds, 0).Sub(p.now()), told
	}
	exp, hasExp := ahead("exp")
	iat, hasIat := ahead("iat")
	nbf, _ := ahead("nbf")
	bears := 10 * time.Second
	if wrong("no skew") {
		bears = time.Second
	}
	switch {
	case !hasExp && !wrong("exp optional"),
		!hasIat && wrong("iat demanded"),
		hasExp && exp > 24*time.Hour && !wrong("any exp"),
		nbf > bears && !wrong("nbf ignored"),
		iat > bears && !wrong("iat ignored"):
		return j.invalid
	case hasExp && exp < 0 && wrong("expired crashes"):
		return "error"
	case hasExp && exp < 0 && !wrong("exp ignored"):
		return j.invalid
	}
	return ""
}

func (p *assertionProvider) judgeAudience(claim any, j judgement) (code string) {
	wrong := func(mistake string) bool { return p.wrong(j.prefix + mistake) }
	mine := []string{p.url, p.url + "/token"}
	switch {
	case p.wrong("token endpoint only"):
		mine = mine[1:]
	case p.wrong("issuer only"):
		mine = mine[:1]
	}
	audience := []string{}
	switch aud := claim.(type) {
	case nil:
		if wrong("aud optional") {
			return ""
		}
	case string:
		audience = append(audience, aud)
	case []any:
		for _, each := range aud {
			audience = append(audience, fmt.Sprint(each))
		}
	}
	fits := func(aud string) bool {
		return slices.ContainsFunc(mine, func(name string) bool {
			return aud == name || wrong("aud by prefix") && strings.HasPrefix(aud, name)
		})
	}
	one := len(audience) == 1 || wrong("aud shared") && len(audience) > 1
	if !(one && slices.ContainsFunc(audience, fits)) && !wrong("aud ignored") {
		return j.invalid
	}
	return ""
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
