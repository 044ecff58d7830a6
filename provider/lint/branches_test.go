package lint_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A branch is one way in which a rule sees something, or lets it be.
type branch struct {
	rule     string
	sent     exchanges
	severity lint.Severity // none when the rule has nothing to say
	says     string        // a part of what was sent
}

const none lint.Severity = ""

// Where a rule tells cases apart, each is seen and rated as its own.
func TestBranches(t *testing.T) {
	t.Parallel()
	for _, some := range [][]branch{formBranches(), clientBranches(), grantBranches(), hygieneBranches(), browserBranches(), codeBranches(), bearerBranches(), reactionBranches()} {
		for i, b := range some {
			t.Run(fmt.Sprint(b.rule, " ", b.says, i), func(t *testing.T) {
				t.Parallel()
				g := NewWithT(t)
				found := read(b.sent).Findings().Select(lint.Filter{Rule: b.rule})
				if b.severity == none {
					g.Expect(found).To(BeEmpty(), b.says)
					return
				}
				g.Expect(found).To(HaveLen(1), b.says)
				g.Expect(found[0].Severity).To(Equal(b.severity), b.says)
				g.Expect(found[0].Sent).To(ContainSubstring(b.says))
			})
		}
	}
}

func formBranches() []branch {
	inURL := func(query string) exchanges {
		return exchanges{token(cc, func(x *record.Exchange) { x.Request.URI += "?" + query })}
	}
	typed := func(contentType string) exchanges { return exchanges{token(cc, header("Content-Type", contentType))} }
	return []branch{
		{"RL-02", inURL("client_secret=web-secret-0001"), lint.Error, "client_secret"},
		{"RL-02", inURL("scope=read"), lint.Warn, "scope=read"},
		{"RL-02", inURL("scope=read&code=abc"), lint.Error, "?code="},
		{"RL-02", inURL("client_secret="), lint.Warn, "?client_secret="},
		{"RL-03", typed("application/json"), lint.Error, "json"},
		{"RL-03", typed("multipart/form-data; boundary=x"), lint.Error, "multipart"},
		{"RL-03", typed("text/plain;charset=UTF-8"), lint.Error, "text/plain"},
		{"RL-03", typed("image/png"), lint.Error, "image/png"},
		{"RL-03", typed(""), lint.Error, "no Content-Type"},
		{"RL-03", exchanges{token("", header("Content-Type", ""))}, lint.Error, "no body"},
		{"RL-03", typed("APPLICATION/x-www-form-urlencoded"), none, "in other case"},
		{"RL-04", typed(formType + `; charset="utf8"`), none, "quoted"},
		{"RL-06", exchanges{post("token", cc+"&client_id=app&client_secret=", by("app"))}, lint.Info, "client_secret="},
		{"RL-06", exchanges{post("token", cc+"&client_id=web&client_secret=", by("web"))}, lint.Warn, "client_secret="},
		{"RL-06", exchanges{sent("authorization", "GET", "/authorize?nonce=")}, lint.Warn, "nonce="},
		{"RL-06", exchanges{post("authorization", "action=login&nonce=")}, none, "the provider's own page"},
		{"RL-07", exchanges{token(cc + "&x=%zz")}, none, "no parameter of OAuth"},
		{"RL-07", exchanges{token(cc + "&scope=%E9")}, lint.Error, "scope"},
		{"RL-08", exchanges{authorize("redirect_uri=" + url.QueryEscape(url.QueryEscape(back)))}, lint.Error, "redirect_uri"},
		{"RL-08", exchanges{post("token", cc, raw("odd id:"+url.QueryEscape(url.QueryEscape("p%41w+d:x/=é")), "odd id"))}, lint.Error, "client_secret"},
		{"RL-12", exchanges{token(cc + "&scope=read++write")}, lint.Error, "read  write"},
		{"RL-12", exchanges{token(cc + "&scope=+read")}, lint.Error, " read"},
		{"RL-12", exchanges{token(cc + "&scope=read+")}, lint.Error, "read "},
		{"RL-12", exchanges{token(cc + "&scope=re%22ad")}, lint.Error, "re"},
		{"RL-12", exchanges{token(cc + "&scope=r%C3%A9")}, lint.Error, "r"},
		{"RL-12", exchanges{token(cc + "&scope=read+write+read")}, lint.Warn, "read write read"},
		{"RL-12", exchanges{token(cc + "&scope=a,b")}, none, "commas in unknown words"},
		{"RL-12", exchanges{authorize("scope=openid,profile")}, lint.Error, "openid,profile"},
		{"RL-14", exchanges{token("grant_type=https%3A%2F%2Fa.example%2Fgrant")}, none, "an extension"},
		{"RL-14", exchanges{token("grant_type=nonsense")}, lint.Error, "nonsense"},
		{"RL-15", exchanges{token(cc + "&resource=https%3A%2F%2Fapi.example%2F%23x")}, lint.Error, "#x"},
	}
}

func clientBranches() []branch {
	probe := func(form string, then ...change) exchanges {
		return exchanges{token(form, refused("invalid_client")), post("token", form+"&client_id=web&client_secret=web-secret-0001", append([]change{by("web")}, then...)...)}
	}
	inBody := func(id, secret string, changes ...change) exchanges {
		return exchanges{post("token", cc+"&client_id="+id+"&client_secret="+secret, append([]change{by(id)}, changes...)...)}
	}
	return []branch{
		{"RL-40", exchanges{token(cc + "&client_id=web")}, lint.Info, "client_id=web"},
		{"RL-40", exchanges{token(cc + "&client_id=other")}, none, "another client is RL-41"},
		{"RL-40", exchanges{post("introspection", "token=x&client_id=web", header("Authorization", "Bearer abc"))}, none, "a bearer token"},
		{"RL-40", inBody("web", "web-secret-0001"), none, "the body only"},
		{"RL-42", exchanges{token(cc, raw("web:web-secret-0001", "web"))}, none, "the same either way"},
		{"RL-42", exchanges{token(cc, raw("odd id:wrong+secret", "odd id"))}, none, "a wrong secret"},
		{"RL-44", inBody("basic", "basic-secret-1"), lint.Error, "client_secret"},
		{"RL-44", inBody("web", "web-secret-0001"), lint.Warn, "client_secret"},
		{"RL-44", inBody("app", "x"), none, "a public client is RL-46"},
		{"RL-44", inBody("nobody", "x"), none, "an unknown client"},
		{"RL-44", exchanges{token(cc + "&client_secret=web-secret-0001")}, none, "both is RL-40"},
		{"RL-45", probe(cc), lint.Warn, "client_credentials"},
		{"RL-45", probe("grant_type=authorization_code&code=abc"), lint.Error, "authorization_code"},
		{"RL-45", probe("grant_type=refresh_token&refresh_token=abc"), lint.Error, "refresh_token"},
		{"RL-45", probe(pw), lint.Error, "password"},
		{"RL-45", exchanges{token(cc), inBody("web", "web-secret-0001")[0]}, none, "the first was granted"},
		{"RL-45", exchanges{token(cc+"&scope=x", refused("invalid_client")), inBody("web", "web-secret-0001")[0]}, none, "another request"},
		{"RL-46", exchanges{post("token", cc, basic("app", ""))}, lint.Warn, "Basic app:"},
		{"RL-48", exchanges{post("token", cc+"&client_assertion=x")}, none, "an assertion"},
		{"RL-48", exchanges{post("token", "")}, none, "no body"},
		{"RL-49", exchanges{post("revocation", "token=x", header("Authorization", "Bearer abc"))}, lint.Error, "Bearer"},
		{"RL-59", exchanges{token(cc), post("token", cc, basic("basic", "web-secret-0001"))}, none, "not its registered secret"},
	}
}

func grantBranches() []branch {
	first := token(pw, gives(access, refresh, "read"))
	next := gives("another-access-token-0002", "another-refresh-token-02", "read")
	got := token(cc, gives(access, "", "read"))
	late := func(after time.Duration) record.Exchange { return call("Bearer "+access, at(after)) }
	return []branch{
		{"RL-64", exchanges{token(cc + "&username=alice")}, none, "a username with client credentials is RL-73"},
		{"RL-64", exchanges{token(cc + "&password=x")}, lint.Error, "password="},
		{"RL-64", exchanges{token(fresh + "&username=alice")}, lint.Error, "username=alice"},
		{"RL-64", exchanges{post("authorization", "action=login&username=alice&password=x")}, none, "the login page"},
		{"RL-65", exchanges{post("token", "grant_type=password&username=alice&password=x", basic("alice", "wonder+land"))}, lint.Error, "Basic alice"},
		{"RL-72", exchanges{post("token", cc+"&client_id=web", by("web"))}, lint.Error, "without a secret"},
		{"RL-72", exchanges{post("token", cc+"&client_id=web&client_secret=x", by("web"))}, none, "a secret in the body"},
		{"RL-72", exchanges{post("token", cc+"&client_assertion=x", by("web"))}, none, "an assertion"},
		{"RL-72", exchanges{post("token", fresh+"&client_id=app", by("app"))}, none, "another grant"},
		{"RL-73", exchanges{token(cc + "&code=abcdefghijkl")}, lint.Warn, "code="},
		{"RL-73", exchanges{token(cc + "&username=alice")}, lint.Warn, "username=alice"},
		{"RL-73", exchanges{token(cc + "&refresh_token=abcdefghijkl")}, lint.Warn, "refresh_token="},
		{"RL-73", exchanges{token(cc + "&code_verifier=abcdefghijkl")}, lint.Warn, "code_verifier="},
		{"RL-74", exchanges{token(cc + "&scope=offline_access")}, lint.Warn, "offline_access"},
		{"RL-74", exchanges{token(pw + "&scope=openid")}, none, "another grant"},
		{"RL-75", exchanges{got, late(61 * minute)}, lint.Warn, "expired at 2026-11-24T19:00:00Z"},
		{"RL-75", exchanges{got, late(61 * minute), late(62 * minute)}, lint.Error, "expired"},
		{"RL-75", exchanges{got, late(60 * minute)}, none, "in the last instant"},
		{"RL-110", exchanges{first, token(fresh, at(minute), next, dropped), token(fresh, at(2*minute), refused("invalid_grant"))}, lint.Warn, "was replaced"},
		{"RL-110", exchanges{first, token(fresh, at(minute), next), token(fresh, at(2*minute), refused("invalid_grant"))}, lint.Error, "was replaced"},
		{"RL-110", exchanges{first, token(fresh, at(minute), next, took(2*second)), token(fresh, at(minute+second), refused("invalid_grant"))}, none, "at a time is RL-111"},
		{"RL-110", exchanges{first, token(fresh, at(minute), gives(access+"2", refresh, "read")), token(fresh, at(2*minute), next)}, none, "the token stayed the same"},
		{"RL-115", exchanges{token("grant_type=refresh_token&refresh_token=never-seen-before-0001")}, none, "an unknown token"},
	}
}

func hygieneBranches() []branch {
	accepts := func(accept string) exchanges { return exchanges{token(cc, header("Accept", accept))} }
	origin := header("Origin", "https://app.example")
	tls := func(version string) exchanges {
		return exchanges{token(cc, func(x *record.Exchange) { x.Request.TLS = version })}
	}
	referer := func(query string) exchanges {
		return exchanges{authorize("", header("Referer", "https://app.example/callback?"+query))}
	}
	return []branch{
		{"RL-21", tls("TLS 1.0"), lint.Error, "TLS 1.0"},
		{"RL-21", tls("SSLv3"), lint.Error, "SSLv3"},
		{"RL-23", exchanges{token(cc, func(x *record.Exchange) { x.Request.Host = "" })}, lint.Warn, "HTTP/1.1"},
		{"RL-24", accepts(""), lint.Info, "no Accept"},
		{"RL-24", accepts("text/html"), lint.Warn, "text/html"},
		{"RL-24", accepts("Application/JSON; q=0.5"), none, "in other case"},
		{"RL-24", accepts("application/*"), none, "any application type"},
		{"RL-27", referer("access_token=abc"), lint.Error, "access_token="},
		{"RL-27", referer("state=abc&iss=x"), lint.Error, "state="},
		{"RL-27", referer("state=abc"), none, "a state of its own"},
		{"RL-29", exchanges{token(cc, header("Expect", "100-continue"), func(x *record.Exchange) { x.Request.Cut = true })}, none, "a large body"},
		{"RL-30", exchanges{token(cc, origin)}, lint.Error, "with the secret"},
		{"RL-30", exchanges{post("token", cc+"&client_id=web", by("web"), origin)}, lint.Info, "https://app.example"},
		{"RL-30", exchanges{post("token", cc+"&client_id=nobody", by("nobody"), origin)}, none, "an unknown client"},
		{"RL-26", exchanges{sent("authorization", "GET", "/authorize?client_secret=x")}, lint.Error, "client_secret"},
		{"RL-26", exchanges{sent("authorization", "GET", "/authorize?note=web-secret-0001")}, lint.Error, "note"},
		{"RL-26", exchanges{authorize("", header("Cookie", "web-secret-0001"))}, none, "a browser's cookie"},
		{"RL-26", exchanges{redeem(code, ""), token(cc, header("X-Token", access))}, lint.Error, "X-Token"},
	}
}
