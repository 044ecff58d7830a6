package check

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/cryptosigner"
)

// assertionLife is how long an assertion is good: enough for clocks that differ.
const assertionLife = 2 * time.Minute

// An assertion is a JWT to be signed.
type assertion struct {
	key    crypto.Signer
	alg    string
	kid    string // empty for none
	claims map[string]any
}

// signed is the assertion in compact form.
func (a assertion) signed() string {
	options := &jose.SignerOptions{}
	if a.kid != "" {
		options = options.WithHeader("kid", a.kid)
	}
	return signJWT(a.key, a.alg, options.WithType("JWT"), a.claims)
}

// signJWT signs claims. A key that cannot sign by the algorithm is an error of the target's description.
func signJWT(key crypto.Signer, alg string, options *jose.SignerOptions, claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: cryptosigner.Opaque(exactSalt{key})}, options)
	if err != nil {
		panic(stop{Broken, "a key of the target's clients cannot sign by " + alg + ": " + err.Error()})
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		panic(stop{Broken, "a key of the target's clients does not sign by " + alg + ": " + err.Error()})
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return compact
}

// exactSalt signs by PSS with a salt as long as the hash, which RFC 7518 §3.5
// demands and cryptosigner does not ask for.
type exactSalt struct{ crypto.Signer }

// Sign is [crypto.Signer]'s.
func (s exactSalt) Sign(random io.Reader, digest []byte, options crypto.SignerOpts) ([]byte, error) {
	if pss, ok := options.(*rsa.PSSOptions); ok {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: pss.Hash}
	}
	return s.Signer.Sign(random, digest, options)
}

// unsecured is the assertion with an alg that needs no key, and the signature
// that sign makes of the rest.
func (a assertion) unsecured(alg string, sign func(rest []byte) []byte) string {
	header, _ := json.Marshal(map[string]any{"alg": alg, "kid": a.kid, "typ": "JWT"})
	payload, err := json.Marshal(a.claims)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	rest := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	return rest + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(rest)))
}

// withPublicKey is HS256 keyed with what everybody knows, as PEM (RFC 8725 §2.1).
func (a assertion) withPublicKey() func(rest []byte) []byte {
	return func(rest []byte) []byte {
		der, err := x509.MarshalPKIXPublicKey(a.key.Public())
		if err != nil {
			panic(stop{Broken, err.Error()})
		}
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write(rest)
		return mac.Sum(nil)
	}
}

// algorithmsOf are the JWS algorithms that a key can sign by, the commonest first.
func algorithmsOf(key crypto.Signer) []string {
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		return []string{"RS256", "PS256", "RS384", "PS384", "RS512", "PS512"}
	case *ecdsa.PublicKey:
		return []string{ecdsaAlgorithm(public)}
	case ed25519.PublicKey:
		return []string{"EdDSA"}
	}
	panic(stop{Broken, "a key of the target's clients is neither RSA nor ECDSA nor Ed25519"})
}

// freshKey is a new key of the kind that an algorithm needs, which nobody knows.
func freshKey(alg string) crypto.Signer {
	var key crypto.Signer
	var err error
	switch alg {
	case "EdDSA":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "ES256", "ES384", "ES512":
		key, err = ecdsa.GenerateKey(map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}[alg], rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return key
}

// A signer sends assertions of one issuer about one subject.
type signer struct {
	t               *T
	key             crypto.Signer
	kid             string
	alg             string
	issuer, subject string
	audience        string // with which the target takes them
	send            func(jwt string, more ...Ingredient) Answer
}

// signer is a client that authenticates by assertions, one of which was served:
// that is the control of all that a check does with it.
func (t *T) signer(role Role) signer { return t.signerFor(t.Client(role)) }

func (t *T) signerFor(c Client) signer {
	s := t.newSigner(c)
	s.issuer, s.subject = c.ID, c.ID
	s.send = func(jwt string, more ...Ingredient) Answer {
		return t.ClientCredentials(append([]Ingredient{func(a *Ask) { a.asker = c }, asserting(jwt)}, more...)...)
	}
	s.findAudience()
	return s
}

// exchanger is a client that asks for tokens by others' assertions, one of which was served.
func (t *T) exchanger() signer {
	c := t.Client(Exchanger)
	s := t.newSigner(c)
	s.issuer, s.subject = c.Issuer, c.Subject
	s.send = func(jwt string, more ...Ingredient) Answer {
		all := []Ingredient{As(c), Param("grant_type", string(JWTBearerGrant)), Param("assertion", jwt)}
		return t.Ask("token", append(all, more...)...)
	}
	s.findAudience()
	return s
}

func (t *T) newSigner(c Client) signer {
	if c.Key == nil {
		panic(stop{Untestable, "the target names no key of the client " + c.ID})
	}
	s := signer{t: t, key: c.Key, kid: c.KeyID, alg: c.Alg}
	if s.alg == "" {
		s.alg = t.advertisedAlgorithm(algorithmsOf(c.Key))
	}
	return s
}

// advertisedAlgorithm is the first of some that the target says it takes; just the
// first where it says nothing.
func (t *T) advertisedAlgorithm(algs []string) string {
	advertised := texts(t.advertised("token_endpoint_auth_signing_alg_values_supported"))
	for _, alg := range algs {
		if slices.Contains(advertised, alg) {
			return alg
		}
	}
	return algs[0]
}

// findAudience tries by which name the target knows itself: by its issuer, which
// is what clients should write (OpenID Connect Core §9), or by its token endpoint
// only, which RFC 7523 §3 allows. Which of them it takes is for JA-05 to judge.
func (s *signer) findAudience() {
	var answer Answer
	for _, s.audience = range []string{s.t.Issuer, s.t.URL("token")} {
		if answer = s.with(); answer.Status == 200 {
			break
		}
	}
	s.t.Expect(answer).To(BeToken(), "a good assertion about %s, by %s, whose aud is the issuer, or else the token endpoint", s.subject, s.alg)
}

// A claim changes an assertion's claims.
type claim func(claims map[string]any)

// saying is a claim with another value; nil leaves it out.
func saying(name string, value any) claim {
	return func(claims map[string]any) {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
}

// at is a claim with a time, so much from now by the target's clock.
func (s signer) at(name string, d time.Duration) claim {
	return saying(name, s.t.now().Add(d).Unix())
}

// now is the time at the target, so far as it was the checks that moved its clock.
func (t *T) now() time.Time { return time.Now().Add(time.Duration(t.moved.Load())) }

// assertion is a new one, good but for the changes.
func (s signer) assertion(changes ...claim) assertion {
	now := s.t.now()
	claims := map[string]any{
		"iss": s.issuer, "sub": s.subject, "aud": s.audience, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}
	for _, change := range changes {
		change(claims)
	}
	return assertion{key: s.key, alg: s.alg, kid: s.kid, claims: claims}
}

// with sends a new assertion, good but for the changes.
func (s signer) with(changes ...claim) Answer { return s.send(s.assertion(changes...).signed()) }

// tampered is a JWT whose claims were changed after it was signed.
func tampered(a assertion, change claim) string {
	jwt := a.signed()
	altered := a
	altered.claims = maps.Clone(a.claims)
	change(altered.claims)
	signature, ok := ParseJWT(jwt)
	if !ok {
		panic(stop{Broken, "the assertion is no JWT"})
	}
	return altered.unsecured(a.alg, func([]byte) []byte { return signature.Signature })
}

// assertionType is the client_assertion_type of a JWT (RFC 7523 §2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// asserting authenticates by an assertion.
func asserting(jwt string) Ingredient {
	return func(a *Ask) {
		a.form.Set("client_assertion_type", assertionType)
		a.form.Set("client_assertion", jwt)
	}
}
