package lint_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// states are flows of a client, each with a state that is made for it.
func states(n int, state func(i int) string) exchanges {
	return many(n, func(i int) record.Exchange {
		return flow(fmt.Sprint("c", i), fmt.Sprint("nonce=nonce-0123456789-", i, "&state=", state(i)))
	})
}

func browserBranches() []branch {
	asked := func(more string) exchanges { return exchanges{authorize(more)} }
	to := func(address string) exchanges { return asked("redirect_uri=" + url.QueryEscape(address)) }
	agent := func(name string) exchanges { return exchanges{authorize("", header("User-Agent", name))} }
	digest := func(i int) []byte { sum := sha256.Sum256(fmt.Append(nil, i)); return sum[:] }
	branches := []branch{
		{"RL-80", asked("response_type="), lint.Error, "no response_type"},
		{"RL-80", asked("response_type=none"), none, "none"},
		{"RL-80", asked("response_type=token"), lint.Warn, "token"},
		{"RL-80", asked("response_type=code+id_token+token"), lint.Warn, "code id_token token"},
		{"RL-81", asked("redirect_uri="), lint.Warn, "no redirect_uri"},
		{"RL-81", to("/callback"), lint.Error, "/callback"},
		{"RL-81", to(back + "#x"), lint.Error, "#x"},
		{"RL-81", to("com.example.app:/callback"), none, "a scheme with a dot"},
		{"RL-81", to("myapp:/callback"), lint.Error, "myapp"},
		{"RL-81", to("http://[::1]:3000/callback"), none, "loopback"},
		{"RL-81", to("http://10.0.0.1/callback"), lint.Error, "10.0.0.1"},
		{"RL-81", to("http://localhost:3000/callback"), none, "a confidential client at localhost"},
		{"RL-81", asked("client_id=app&redirect_uri=" + url.QueryEscape("http://localhost:3000/callback")), lint.Info, "localhost"},
		{"RL-81", asked("client_id=app&redirect_uri=" + url.QueryEscape("http://app.localhost/callback")), lint.Info, "app.localhost"},
		{"RL-84", asked("state="), lint.Info, "no state"},
		{"RL-84", asked("state=&nonce="), lint.Info, "no state"},
		{"RL-84", asked("state=&code_challenge="), lint.Info, "no state"},
		{"RL-85", asked("state=0123456789abcde"), lint.Warn, "15 characters"},
		{"RL-85", asked("state=0123456789abcdef"), none, "long enough"},
		{"RL-85", states(5, func(i int) string { return fmt.Sprint("a-constant-prefix-and-", i) }), lint.Warn, "bits differ"},
		{"RL-85", states(4, func(i int) string { return fmt.Sprint("a-constant-prefix-and-", i) }), none, "too few to tell"},
		{"RL-85", states(6, func(i int) string { return fmt.Sprint(1764000000000000+i*1000, "0000000") }), lint.Warn, "bits differ"},
		{"RL-85", states(6, func(i int) string { return hex.EncodeToString(digest(i)[:16]) }), none, "128 bits in hexadecimal"},
		{"RL-85", states(6, func(i int) string { return hex.EncodeToString(digest(i)[:8]) }), none, "64 bits in hexadecimal"},
		{"RL-85", states(6, func(i int) string { return base64.RawURLEncoding.EncodeToString(digest(i)[:16]) }), none, "128 bits in base64url"},
		{"RL-86", asked("state=" + url.QueryEscape(`{"next":"/home","x":1}`)), lint.Warn, "next"},
		{"RL-86", asked("state=" + base64.RawURLEncoding.EncodeToString([]byte(`{"next":"/home"}`))), lint.Warn, "state="},
		{"RL-86", asked("state=" + url.QueryEscape("/home/of/somebody")), lint.Warn, "/home"},
		{"RL-86", asked("state=somebody%40example.org"), lint.Warn, "@"},
		{"RL-86", asked("state=%7Bnot-json-at-all"), none, "a brace only"},
		{"RL-87", asked("response_type=code+id_token&nonce="), lint.Error, "no nonce"},
		{"RL-87", asked("nonce="), none, "no nonce with a code"},
		{"RL-87", asked("nonce=" + state), lint.Warn, "which is the state"},
		{"RL-87", asked("nonce=short"), lint.Warn, "5 characters"},
		{"RL-88", asked("code_challenge="), lint.Warn, "no code_challenge"},
		{"RL-88", asked("client_id=nobody&code_challenge="), none, "an unknown client"},
		{"RL-88", asked("response_type=token&code_challenge="), none, "no code"},
		{"RL-89", asked("code_challenge_method="), lint.Warn, "which means plain"},
		{"RL-89", asked("code_challenge_method=plain"), lint.Warn, "=plain"},
		{"RL-90", asked("code_challenge=" + hex.EncodeToString(digest(0))), lint.Error, "64 characters"},
		{"RL-90", asked("code_challenge=" + url.QueryEscape("+/"+challenge[2:])), lint.Error, "+/"},
		{"RL-90", asked("code_challenge=" + challenge[1:]), lint.Error, "42 characters"},
		{"RL-102", asked("scope=read&nonce=&max_age=1"), lint.Warn, "max_age"},
		{"RL-104", asked("prompt=nonsense"), lint.Info, "nonsense"},
		{"RL-104", asked("display=wide"), lint.Info, "wide"},
		{"RL-104", asked("display=popup"), none, "popup"},
		{"RL-109", agent("Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile/15E148"), lint.Warn, "iPhone"},
		{"RL-109", agent("Mozilla/5.0 (iPad) AppleWebKit/605 Mobile/15E148"), lint.Warn, "iPad"},
		{"RL-109", agent("Mozilla/5.0 (Linux) [FBAN/FB4A]"), lint.Warn, "FBAN"},
		{"RL-109", agent("Mozilla/5.0 (X11) AppleWebKit/605"), none, "no telephone"},
		{"RL-122", exchanges{redeem(code, ""), sent("end_session", "GET", "/end_session?id_token_hint="+access)}, lint.Error, "id_token_hint"},
		{"RL-122", exchanges{redeem(code, ""), sent("end_session", "GET", "/end_session?id_token_hint="+idToken)}, none, "the ID token"},
		{"RL-155", exchanges{sent("end_session", "GET", "/end_session?client_id=web&post_logout_redirect_uri=https://app.example/other", client("web"))}, lint.Warn, "not registered"},
		{"RL-155", exchanges{sent("end_session", "GET", "/end_session?id_token_hint=x&post_logout_redirect_uri=https://app.example/other")}, none, "nobody knows whose"},
	}
	for _, kind := range []string{"id_token", "id_token token", "token id_token", "code token", "code id_token", "code token id_token"} {
		branches = append(branches, branch{"RL-80", asked("response_type=" + url.QueryEscape(kind)), lint.Warn, kind})
	}
	for _, prompt := range []string{"none", "login", "consent", "select_account", "create"} {
		branches = append(branches, branch{"RL-104", asked("prompt=" + prompt), none, prompt})
	}
	for _, display := range []string{"page", "touch", "wap"} {
		branches = append(branches, branch{"RL-104", asked("display=" + display), none, display})
	}
	own := post("authorization", "action=login&redirect_uri=x&prompt=nonsense&scope=read+offline_access&nonce=n")
	for _, rule := range []string{"RL-80", "RL-81", "RL-84", "RL-88", "RL-102", "RL-103", "RL-104"} {
		branches = append(branches, branch{rule, exchanges{own}, none, "the provider's own page"})
	}
	return branches
}

func codeBranches() []branch {
	made := func(challenge string) exchanges {
		return exchanges{flow(code, "code_challenge="+url.QueryEscape(challenge)), redeem(code, "")}
	}
	sum := sha256.Sum256([]byte(verifier))
	again := sha256.Sum256([]byte(challenge))
	redeems := func(verifier func(i int) string) exchanges {
		var xs exchanges
		for i := range 2 {
			c := fmt.Sprint("code-000000000000000", i)
			xs = append(xs, flow(c, fmt.Sprint("state=state-0123456789-", i)), redeem(c, "code_verifier="+verifier(i)))
		}
		return xs
	}
	return []branch{
		{"RL-92", exchanges{redeem(code, "code_verifier=6fa459ea-ee8a-3ca4-894e-db77e160355e6fa459e")}, lint.Warn, "hexadecimal"},
		{"RL-92", exchanges{redeem(code, "code_verifier="+hex.EncodeToString(sum[:]))}, none, "32 bytes in hexadecimal"},
		{"RL-92", redeems(func(i int) string { return fmt.Sprint("prefix-", i, verifier) }), lint.Warn, "first 7 characters"},
		{"RL-92", redeems(func(i int) string { return fmt.Sprint("short", i, verifier) }), none, "5 characters by chance"},
		{"RL-93", exchanges{flow(code, "state="+verifier), redeem(code, "")}, lint.Error, "which is the state"},
		{"RL-93", exchanges{flow(code, "nonce="+verifier), redeem(code, "")}, lint.Error, "which is the nonce"},
		{"RL-93", exchanges{flow(code, ""), flow("code-2", "state=another-state-0123456789")}, lint.Error, "in two requests"},
		{"RL-94", made(verifier), lint.Error, "the verifier itself"},
		{"RL-94", made(hex.EncodeToString(sum[:])), lint.Error, "SHA-256 in hexadecimal"},
		{"RL-94", made(base64.RawURLEncoding.EncodeToString([]byte(hex.EncodeToString(sum[:])))), lint.Error, "base64url of its SHA-256 in hexadecimal"},
		{"RL-94", made(challenge + "="), lint.Error, "with padding"},
		{"RL-94", made(base64.RawStdEncoding.EncodeToString(sum[:])), lint.Error, "standard Base64"},
		{"RL-94", made(base64.RawURLEncoding.EncodeToString(again[:])), lint.Error, "of its SHA-256"},
		{"RL-94", exchanges{flow(code, "code_challenge="+verifier+"&code_challenge_method=plain"), redeem(code, "")}, none, "plain is RL-89"},
		{"RL-97", exchanges{flow(code, ""), redeem(code, "", basic("basic", "basic-secret-1"))}, lint.Error, "of the client web"},
		{"RL-97", exchanges{flow(code, ""), redeem(code, "", at(10*minute))}, none, "in the last instant"},
		{"RL-98", exchanges{flow(code, ""), redeem(code, "redirect_uri=")}, lint.Error, "no redirect_uri, after"},
		{"RL-98", exchanges{flow(code, "redirect_uri=", answered("Location", back+"?code="+code)), redeem(code, "")}, none, "none was sent before"},
		{"RL-101", exchanges{flow(code, "", answered("Location", back+"?code="+code+"&state="+state+"&iss=https%3A%2F%2Fother.example")), redeem(code, "")}, lint.Error, "iss=https://other.example"},
		{"RL-101", exchanges{flow(code, "", answered("Location", back+"?code="+code+"&error=access_denied&state="+state)), redeem(code, "")}, lint.Error, "access_denied"},
		{"RL-101", exchanges{posted(`<input name="code" value="` + code + `"><input name="state" value="other">`), redeem(code, "")}, lint.Error, "another state"},
		{"RL-101", exchanges{posted(`<input name="code" value="` + code + `"><input name="state" value="` + state + `">`), redeem(code, "")}, none, "all is well"},
		{"RL-96", exchanges{flow(code, "", answered("Location", back+"#code="+code+"&state="+state)), redeem(code, ""), redeem(code, "")}, lint.Error, "again"},
	}
}

// posted is an authorization response that a page posts (OAuth 2.0 Form Post Response Mode §2).
func posted(page string) record.Exchange {
	x := authorize("response_mode=form_post")
	x.Response.Body = []byte(page)
	return x
}

func reactionBranches() []branch {
	storm := func(changes ...change) exchanges {
		return many(4, func(i int) record.Exchange {
			return token(cc, append(changes, at(minute+time.Duration(i)*second/5))...)
		})
	}
	return []branch{
		{"RL-131", storm(failing), lint.Error, "status 503"},
		{"RL-131", storm(refused("invalid_grant")), lint.Error, "invalid_grant"},
		{"RL-131", storm(dropped), lint.Error, "no answer"},
		{"RL-131", storm(), none, "no failure"},
		{"RL-132", exchanges{token(cc, refused("invalid_scope")), token(cc, refused("invalid_client"))}, none, "another error"},
		{"RL-132", exchanges{token(cc, refused("invalid_grant")), token(cc, at(minute), refused("invalid_grant"))}, none, "an error that may pass"},
		{"RL-133", exchanges{token(cc, refused("invalid_client")), token(pw, at(second))}, none, "the client was refused, not the grant"},
		{"RL-133", exchanges{token(pw, refused("invalid_grant")), token(cc, at(second))}, none, "no password"},
		{"RL-133", exchanges{token(cc, failing), token(pw, at(second))}, none, "a failure of the server"},
		{"RL-133", exchanges{token(fresh, refused("invalid_grant")), token(pw, at(second))}, lint.Error, "refresh_token"},
		{"RL-130", exchanges{token(cc, failing, answered("Retry-After", "10")), call("Bearer "+access, client("web"), at(second))}, none, "elsewhere"},
	}
}

func bearerBranches() []branch {
	got := redeem(code, "")
	shown := func(token string) exchanges { return exchanges{got, call(token, refused("invalid_token"))} }
	branches := []branch{
		{"RL-117", exchanges{post("userinfo", "access_token="+access)}, lint.Warn, "access_token="},
		{"RL-117", exchanges{post("userinfo", "access_token="+access, method("GET"))}, lint.Error, "access_token="},
		{"RL-117", exchanges{post("userinfo", "access_token="+access, header("Content-Type", "text/plain"))}, lint.Error, "access_token="},
		{"RL-119", shown("bearer " + access), lint.Info, "bearer"},
		{"RL-119", shown("Bearer  " + access), lint.Error, "Bearer"},
		{"RL-119", shown(access), lint.Error, "without Bearer"},
		{"RL-119", shown("Token " + access), lint.Error, "Token"},
		{"RL-119", shown("Token some-other"), none, "another scheme"},
		{"RL-119", shown("short"), none, "nothing like a token"},
		{"RL-120", shown("Bearer " + access + "x"), lint.Error, "1 more"},
		{"RL-120", shown("Bearer AN" + access[2:]), lint.Error, "other case"},
		{"RL-120", shown("Bearer " + access[:12]), none, "a beginning that tokens share"},
		{"RL-120", exchanges{got, call("Bearer " + access[:30])}, none, "it was good enough"},
		{"RL-123", exchanges{flow(code, ""), call("Bearer "+code, refused("invalid_token"))}, lint.Error, "the code"},
	}
	for _, word := range []string{"", "null", "[object Object]", "<nil>", "nil", "none", "false", "NaN", "{}"} {
		branches = append(branches, branch{"RL-124", shown("Bearer " + word), lint.Error, word})
	}
	return branches
}

// In the profile of OAuth 2.1 the token request has no redirect_uri any more (draft §10.2).
func TestRedirectURIInOAuth21(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	c, who := config(), known()
	c.OAuth21 = true
	l := lint.NewLinter(c)
	for _, x := range (exchanges{flow(code, ""), redeem(code, "redirect_uri=")}) {
		l.Read(&x, who)
	}
	found := l.Findings().Select(lint.Filter{Rule: "RL-98"})
	g.Expect(found).To(HaveLen(1))
	g.Expect(found[0].Severity).To(Equal(lint.Info))
}
