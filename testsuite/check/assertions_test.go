package check_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Our provider takes no JWT assertions, binds no tokens and registers nobody, so
// that the checks of those are skipped there. They are proven here, against a
// small provider that does all that, and by mistakes of it for each.
func TestAssertionChecksBite(t *testing.T) {
	t.Parallel()
	proofs := assertionMistakes()
	for _, c := range assertionChecks() {
		mistakes := proofs[c.ID]
		delete(proofs, c.ID)
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			if len(mistakes) == 0 {
				t.Error("no mistake proves the check")
			}
			if v := assertionVerdict(t, c, ""); v.State != check.Passed {
				t.Fatalf("without a mistake: %s: %s", v.State, v.Reason)
			}
			for _, mistake := range mistakes {
				v := assertionVerdict(t, c, mistake)
				if v.State != check.Failed && v.State != check.Warned {
					t.Errorf("with %s: %s %s", mistake, v.State, v.Reason)
				}
				t.Logf("with %s: %s %s", mistake, v.State, v.Reason)
			}
		})
	}
	for id := range proofs {
		t.Errorf("there is no check %s to prove", id)
	}
}

// assertionMistakes are what makes each check fail. [assertionProvider] has them.
func assertionMistakes() map[string][]string {
	return map[string][]string{
		"CC-19": {"assertions refused", "assertion optional"},
		"IN-19": {"cnf untold", "cnf of another"},
		"JA-01": {"assertions refused", "iat demanded", "client_id refused", "one assertion only", "introspection by secret only"},
		"JA-02": {"exp ignored", "nbf ignored", "expired crashes"},
		"JA-03": {"exp optional"},
		"JA-04": {"aud ignored", "aud optional", "aud by prefix"},
		"JA-05": {"token endpoint only"},
		"JA-06": {"aud shared"},
		"JA-07": {"iss ignored", "sub ignored", "keys of all"},
		"JA-08": {"client_id ignored", "client_id miscoded"},
		"JA-09": {"replay served", "replay miscoded"},
		"JA-10": {"jti optional"},
		"JA-11": {"jti burnt"},
		"JA-12": {"no skew", "iat ignored", "nbf ignored"},
		"JA-13": {"signature ignored", "signature optional", "no JWT crashes"},
		"JA-14": {"kid ignored", "kid miscoded"},
		"JA-15": {"alg none", "alg nOnE", "HS256 by public key"},
		"JA-17": {"any alg"},
		"JA-18": {"use demanded"},
		"JA-19": {"secret ignored", "two methods miscoded"},
		"JA-20": {"type optional", "any type", "assertion optional", "first assertion"},
		"JA-21": {"no EdDSA", "no PS256", "no algorithms"},
		"JA-23": {"any exp"},
		"JA-24": {"keys cached"},
		"JA-25": {
			"grant aud ignored", "grant exp ignored", "grant nbf ignored", "grant iss ignored", "grant sub optional",
			"grant signature ignored", "grant alg none", "grant miscoded", "grant replay served", "grant refused",
		},
		"JA-27": {"any scope", "scope miscoded"},
		"BC-09": {"client_id chosen"},
	}
}

// assertionChecks are those that [TestAssertionChecksBite] proves: the section M, and the others that say so.
func assertionChecks() []check.Check {
	var all []check.Check
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if section.Letter == "M" || slices.Contains([]string{"CC-19", "IN-19", "BC-09"}, c.ID) {
				all = append(all, c)
			}
		}
	}
	return all
}

// A provider that knows itself by its token endpoint only, or registered no
// algorithm, or has no OpenID Connect, fails the rows about that and no others.
func TestAssertionChecksForgiveWhatTheyMay(t *testing.T) {
	t.Parallel()
	for mistake, want := range map[string]map[string]check.State{
		"token endpoint only": {"JA-05": check.Warned},
		"issuer only":         {},
		"no OpenID Connect":   {"JA-10": check.Skipped},
		"replay served":       {"JA-09": check.Failed},
		"kid ignored":         {"JA-14": check.Warned},
		"clock ahead":         {},
	} {
		for _, c := range assertionChecks() {
			t.Run(mistake+" "+c.ID, func(t *testing.T) {
				t.Parallel()
				state, told := want[c.ID]
				if !told {
					state = check.Passed
				}
				if v := assertionVerdict(t, c, mistake); v.State != state {
					t.Errorf("%s, not %s: %s", v.State, state, v.Reason)
				}
			})
		}
	}
}

// Without clients that have a key, or keys of another kind, nothing can be said.
func TestAssertionChecksSayWhatTheyLack(t *testing.T) {
	t.Parallel()
	byID := map[string]check.Check{}
	for _, c := range assertionChecks() {
		byID[c.ID] = c
	}
	for name, c := range map[string]struct {
		id     string
		change func(*check.Target)
		state  check.State
		reason string
	}{
		"a client without a key":          {"JA-01", func(x *check.Target) { strip(x, check.Signer) }, check.Untestable, "the target names no key of the client signer"},
		"no client that signs":            {"JA-01", func(x *check.Target) { delete(x.Clients, check.Signer) }, check.Skipped, `no client in the role "signer"`},
		"a key of one algorithm":          {"JA-17", func(*check.Target) {}, check.Skipped, "fits no other algorithm that the target advertises than ES256"},
		"no algorithm registered":         {"JA-17", func(x *check.Target) { x.Clients[check.Signer] = x.Clients["signer-eddsa"] }, check.Skipped, "registered no token_endpoint_auth_signing_alg"},
		"an algorithm that nobody has":    {"JA-21", func(x *check.Target) { delete(x.Clients, "signer-eddsa") }, check.Skipped, "signs by EdDSA"},
		"an algorithm that does not fit":  {"JA-01", func(x *check.Target) { misfit(x, check.Signer) }, check.Broken, "cannot sign by ES512"},
		"a client key that stays":         {"JA-24", func(x *check.Target) { x.RotateClientKey = nil }, check.Skipped, "client_key_rotation"},
		"a token by certificate, untold":  {"IN-19", func(x *check.Target) {}, check.Passed, ""},
		"a profile that nobody mentioned": {"JA-12", func(x *check.Target) { x.Features = nil }, check.Skipped, "fapi2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, target := startAssertions(t, "")
			c.change(target)
			v := byID[c.id].Verdict(context.Background(), target)
			g := NewWithT(t)
			g.Expect(v.State).To(Equal(c.state), v.Reason)
			g.Expect(v.Reason).To(ContainSubstring(c.reason))
		})
	}
}

// strip takes a client its key.
func strip(target *check.Target, role check.Role) {
	c := target.Clients[role]
	c.Key = nil
	target.Clients[role] = c
}

// misfit tells an algorithm that the client's key cannot sign by.
func misfit(target *check.Target, role check.Role) {
	c := target.Clients[role]
	c.Alg = "ES512"
	target.Clients[role] = c
}

// A token that is bound to a certificate says so itself, and introspection the same.
func TestConfirmationByCertificate(t *testing.T) {
	t.Parallel()
	for mistake, want := range map[string]check.State{
		"certificates": check.Passed, "certificates, cnf untold": check.Failed, "certificates, opaque": check.Skipped,
	} {
		for _, c := range assertionChecks() {
			if c.ID != "IN-19" {
				continue
			}
			if v := assertionVerdict(t, c, mistake); v.State != want {
				t.Errorf("%s: %s, not %s: %s", mistake, v.State, want, v.Reason)
			}
		}
	}
}

// Whoever was registered to see what the provider does is removed again.
func TestRegistrationsAreRemoved(t *testing.T) {
	t.Parallel()
	for _, c := range assertionChecks() {
		if c.ID != "BC-09" {
			continue
		}
		p, target := startAssertions(t, "")
		if v := c.Verdict(context.Background(), target); v.State != check.Passed {
			t.Fatalf("%s %s", v.State, v.Reason)
		}
		if p.registered != 3 || len(p.registrations) != 0 {
			t.Errorf("of %d registrations %d are left", p.registered, len(p.registrations))
		}
	}
}

func assertionVerdict(t *testing.T, c check.Check, mistake string) check.Verdict {
	t.Helper()
	_, target := startAssertions(t, mistake)
	if c.ID == "JA-17" { // which needs a key that fits two algorithms; those of the others are made faster
		target.Clients[check.Signer] = target.Clients["signer-rs256"]
	}
	return c.Verdict(context.Background(), target)
}

// rsaKeys are two keys, made once: that takes its time.
var rsaKeys = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for i := range keys {
		keys[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return keys
})

// startAssertions starts the provider, and makes the target that it is.
func startAssertions(t *testing.T, mistake string) (*assertionProvider, *check.Target) {
	t.Helper()
	p := newAssertionProvider(mistake)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	target := &check.Target{
		Issuer: server.URL, Features: []check.Feature{check.FAPI2, check.RFC9700},
		Advance: func(d time.Duration) { p.moved.Add(int64(d)) },
		Clients: map[check.Role]check.Client{
			check.Main:         {ID: "main", Secret: "secret", Scopes: []string{"read", "write"}},
			check.Signer:       p.enroll(check.Client{ID: "signer", Key: ellipticKey(), KeyID: "s", Alg: "ES256", Scopes: []string{"read", "write"}}, "sig"),
			"signer-rs256":     p.enroll(check.Client{ID: "signer-rs256", Key: rsaKeys()[0], KeyID: "1", Alg: "RS256"}, "sig"),
			check.OtherSigner:  p.enroll(check.Client{ID: "other-signer", Key: ellipticKey(), KeyID: "o"}, ""),
			"signer-rsa":       p.enroll(check.Client{ID: "signer-rsa", Key: rsaKeys()[1], KeyID: "r"}, "sig"),
			"signer-eddsa":     p.enroll(check.Client{ID: "signer-eddsa", Key: edwardsKey()}, "sig"),
			check.Exchanger:    p.trust(check.Client{ID: "exchanger", Secret: "secret", Scopes: []string{"read", "write"}, Key: edwardsKey(), KeyID: "t", Issuer: "https://trusted.example", Subject: "alice"}),
			check.Role("idle"): {ID: "idle", Secret: "secret"},
		},
	}
	rotations := 0
	target.RotateClientKey = func() check.Client {
		rotations++
		return p.enroll(check.Client{ID: "rotating", Key: ellipticKey(), KeyID: fmt.Sprint("k", rotations)}, "sig")
	}
	if mistake == "clock ahead" {
		wait := check.Must("XX-01", "waits", "RFC 6749 §1", func(t *check.T) { t.Wait(48 * time.Hour) })
		wait.Verdict(context.Background(), target)
	}
	return p, target
}

func ellipticKey() crypto.Signer {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return key
}

func edwardsKey() crypto.Signer {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return key
}
