package check_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

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
