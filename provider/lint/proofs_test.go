package lint_test

import (
	"fmt"
	"maps"
	"net/url"
	"time"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

const (
	second = time.Second
	minute = time.Minute
	cc     = "grant_type=client_credentials"
	pw     = "grant_type=password&username=alice&password=wonder%2Bland"
	fresh  = "grant_type=refresh_token&refresh_token=" + refresh
	code   = "code-000000000000001"
)

// proofs are by rule.
func proofs() map[string]proof {
	all := map[string]proof{}
	for _, some := range []map[string]proof{
		formProofs(), hygieneProofs(), clientProofs(), passwordProofs(), machineProofs(), authorizationProofs(), pkceProofs(), codeProofs(), refreshProofs(), bearerProofs(), reactionProofs(),
	} {
		maps.Copy(all, some)
	}
	return all
}

// one is a proof of an exchange each.
func one(trigger, miss record.Exchange) proof {
	return proof{triggers: exchanges{trigger}, misses: exchanges{miss}}
}

func (p proof) as(s lint.Severity) proof {
	p.severity = s
	return p
}

func formProofs() map[string]proof {
	inURL := func(query string) change { return func(x *record.Exchange) { x.Request.URI += "?" + query } }
	return map[string]proof{
		"RL-01": one(sent("token", "GET", "/token?grant_type=client_credentials&client_id=web"), token(cc)),
		"RL-02": one(token(cc, inURL("client_secret=web-secret-0001")), token(cc, inURL("trace=1"))),
		"RL-03": one(token(`{"grant_type":"client_credentials"}`, header("Content-Type", "application/json")), token(cc, header("Content-Type", formType+"; charset=UTF-8"))),
		"RL-04": one(token(cc, header("Content-Type", formType+"; charset=ISO-8859-1")), token(cc, header("Content-Type", formType+"; charset=utf-8"))),
		"RL-06": one(token(cc+"&scope="), token(cc+"&scope=read&x=")),
		"RL-07": one(token(cc+"&scope=%zz"), token(cc+"&scope=%2Fa")),
		"RL-08": one(token("grant_type=password&username=alice&password=wonder%252Bland"), token(pw)),
		"RL-09": one(token("grant_type=password&username=alice&password=wonder+land"), token(pw)),
		"RL-11": one(token(cc+"&audience=api"), token(cc+"&resource=https%3A%2F%2Fapi.example")),
		"RL-12": one(token(cc+"&scope=read,write"), token(cc+"&scope=read+write")),
		"RL-13": one(token("grantType=client_credentials"), token(cc+"&my_grant=x")),
		"RL-14": one(token("grant_type=Client_Credentials"), token("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code")),
		"RL-15": one(token(cc+"&resource=api"), token(cc+"&resource=urn%3Aexample%3Aapi")),
	}
}

func hygieneProofs() map[string]proof {
	tls := func(version string) change { return func(x *record.Exchange) { x.Request.TLS = version } }
	proto := func(version string) change { return func(x *record.Exchange) { x.Request.Proto = version } }
	rounds := func(n int) exchanges {
		var xs exchanges
		for i := range n {
			xs = append(xs, sent("openid-configuration", "GET", "/.well-known/openid-configuration", at(time.Duration(2*i)*second)), token(cc, at(time.Duration(2*i+1)*second)))
		}
		return xs
	}
	return map[string]proof{
		"RL-21": one(token(cc, tls("TLS 1.1")), token(cc, tls("TLS 1.2"))),
		"RL-23": one(token(cc, proto("HTTP/1.0")), token(cc, proto("HTTP/2.0"))),
		"RL-24": one(token(cc, header("Accept", "")), token(cc, header("Accept", "text/html, */*;q=0.8"))),
		"RL-25": one(token(cc, header("User-Agent", "")), token(cc, header("User-Agent", "x"))),
		"RL-26": one(token(cc, header("X-Debug", "secret=web-secret-0001")), token(cc, header("X-Debug", "secret=web-secret"))),
		"RL-27": one(authorize("", header("Referer", "https://app.example/callback?code=abc&state=x")), authorize("", header("Referer", "https://id.example/authorize?state=x&code=y"))),
		"RL-28": one(token(cc, header("Cookie", "session=0123456789")), authorize("", header("Cookie", "session=0123456789"))),
		"RL-29": one(token(cc, header("Expect", "100-continue")), token(cc, header("Expect", ""))),
		"RL-30": one(token(cc, header("Origin", "https://app.example")), post("token", "grant_type=authorization_code&client_id=app", by("app"), header("Origin", "https://app.example"))),
		"RL-32": {
			triggers: many(11, func(i int) record.Exchange { return token(cc, port(4711+i)) }),
			misses:   many(11, func(i int) record.Exchange { return token(cc, port(4711+i/2)) }),
		},
		"RL-34": {triggers: rounds(10), misses: append(rounds(9), token(cc, at(30*second)))},
	}
}

func clientProofs() map[string]proof {
	inBody := func(id, secret string) record.Exchange {
		return post("token", cc+"&client_id="+id+"&client_secret="+secret, by(id))
	}
	return map[string]proof{
		"RL-40": one(token(cc+"&client_secret=web-secret-0001"), token(cc)),
		"RL-41": one(token(cc+"&client_id=other"), token(cc+"&client_id=web")),
		"RL-42": one(post("token", cc, raw("odd id:p%41w+d:x/=é", "odd id")), post("token", cc, basic("odd id", "p%41w+d:x/=é"))),
		"RL-43": one(post("token", cc, raw("web:p\xe9", "web")), post("token", cc, raw("web:p%C3%A9", "web"))),
		"RL-44": one(inBody("web", "web-secret-0001"), inBody("post", "post-secret-01")),
		"RL-45": {
			triggers: exchanges{token(cc, refused("invalid_client")), inBody("web", "web-secret-0001")},
			misses:   exchanges{token(cc, refused("invalid_client")), token(cc)},
		},
		"RL-46": one(inBody("app", "x"), post("token", "grant_type=authorization_code&client_id=app", by("app"))),
		"RL-48": one(post("token", cc), post("token", cc+"&client_id=app", by("app"))),
		"RL-49": one(token(cc, header("Authorization", "Bearer abc")), post("introspection", "token=abc", header("Authorization", "Bearer abc"))),
		"RL-59": {
			triggers: exchanges{token(cc), post("token", cc, basic("twin", "web-secret-0001"))},
			misses:   exchanges{token(cc), token(cc), post("token", cc, basic("basic", "basic-secret-1"))},
		},
	}
}

func passwordProofs() map[string]proof {
	return map[string]proof{
		"RL-60": one(token(pw), token(cc)),
		"RL-61": {
			triggers: exchanges{token(pw, gives(access, "", "read")), token(pw)},
			misses:   exchanges{token(pw, refused("invalid_scope")), token(pw, gives(access, "", "read"))},
		},
		"RL-62": {
			triggers: exchanges{token(pw, granted), token(pw)},
			misses:   exchanges{token(pw, granted), token("grant_type=password&username=bob&password=x")},
		},
		"RL-63": {
			triggers: exchanges{token(pw+"x", refused("invalid_grant")), token(pw+"x", refused("invalid_grant"))},
			misses:   exchanges{token(pw+"x", refused("invalid_grant")), token(pw+"y", refused("invalid_grant"))},
		},
		"RL-64": one(token(fresh+"&password=x"), token(pw)),
		"RL-65": one(token("grant_type=password&username=alice&password=web-secret-0001"), token(pw)),
		"RL-66": one(post("token", pw+"&client_id=app", by("app")), token(pw)),
		"RL-67": {
			triggers: exchanges{token(pw+"&scope=read", granted), token(pw + "&scope=read+write")},
			misses:   exchanges{token(pw+"&scope=read+write", granted), token(pw + "&scope=read")},
		},
	}
}

func machineProofs() map[string]proof {
	got := token(cc, gives(access, "", "read"))
	return map[string]proof{
		"RL-72": one(post("token", cc+"&client_id=app", by("app")), token(cc)),
		"RL-73": one(token(cc+"&redirect_uri=x"), token(cc+"&scope=read")),
		"RL-74": one(token(cc+"&scope=openid+read"), token(cc+"&scope=read")),
		"RL-75": {
			triggers: exchanges{got, call("Bearer "+access, at(61*minute))},
			misses:   exchanges{got, call("Bearer "+access, at(59*minute))},
		},
		"RL-76": {triggers: exchanges{got}, misses: exchanges{got, call("Bearer " + access)}},
	}
}

func authorizationProofs() map[string]proof {
	other := "&nonce=other-nonce-0123456789&code_challenge=" + challenge[1:] + "A"
	cookie := header("Cookie", "mockoauth_session=abc")
	return map[string]proof{
		"RL-80": one(authorize("response_type=cod"), authorize("")),
		"RL-81": one(authorize("redirect_uri=http://app.example/callback"), authorize("redirect_uri=http://127.0.0.1:7000/callback")),
		"RL-83": {
			triggers: exchanges{flow("c1", "redirect_uri="+url.QueryEscape(back+"?next=1")), flow("c2", "redirect_uri="+url.QueryEscape(back+"?next=2"))},
			misses:   exchanges{flow("c1", "redirect_uri="+url.QueryEscape(back+"?kind=web")), flow("c2", "redirect_uri="+url.QueryEscape(back+"?kind=web"))},
		},
		"RL-84": one(authorize("state=&code_challenge=&nonce="), authorize("")),
		"RL-85": proof{
			triggers: exchanges{flow("c1", ""), flow("c2", "state="+state+other)},
			misses:   exchanges{flow("c1", ""), flow("c1", "")}, // a reload
		}.as(lint.Error),
		"RL-86": one(authorize("state="+url.QueryEscape("https://app.example/next")), authorize("state=aHR0-0123456789abcd")),
		"RL-87": {
			triggers: exchanges{flow("c1", ""), flow("c2", "state=another-state-0123456789")},
			misses:   exchanges{flow("c1", ""), flow("c2", "state=another-state-0123456789"+other)},
		},
		"RL-88":  one(authorize("client_id=app&code_challenge="), authorize("client_id=app")),
		"RL-102": one(authorize("scope=read"), authorize("scope=read&nonce=")),
		"RL-103": one(authorize("scope=openid+offline_access"), authorize("scope=openid+offline_access&prompt=consent")),
		"RL-104": one(authorize("prompt=none+login"), authorize("prompt=login+consent")),
		"RL-105": {
			triggers: many(6, func(i int) record.Exchange {
				return flow(fmt.Sprint("c", i), fmt.Sprint("state=state-0123456789-", i), cookie, at(time.Duration(i)*second))
			}),
			misses: many(6, func(i int) record.Exchange {
				return flow(fmt.Sprint("c", i), fmt.Sprint("state=state-0123456789-", i), cookie, at(time.Duration(i)*3*second))
			}),
		},
		"RL-109": one(authorize("", header("User-Agent", "Mozilla/5.0 (Linux; Android 10; wv) Chrome/90 Mobile Safari/537.36")), authorize("", header("User-Agent", "Mozilla/5.0 (iPhone) AppleWebKit/605 Version/17 Mobile Safari/604.1"))),
		"RL-155": one(sent("end_session", "GET", "/end_session?post_logout_redirect_uri=https://app.example/bye"), sent("end_session", "GET", "/end_session?client_id=web&post_logout_redirect_uri=https://app.example/bye")),
	}
}

func pkceProofs() map[string]proof {
	plain := "code_challenge=" + verifier + "&code_challenge_method=plain"
	otherVerifier := "Qz7-xT3mB1kV9wLr5PqYd2HsJ8uNfC0aGeXi4Ob6ZvWl"
	return map[string]proof{
		"RL-89": one(authorize(plain), authorize("")),
		"RL-90": one(authorize("code_challenge="+challenge+"%3D"), authorize("")),
		"RL-92": one(redeem(code, "code_verifier=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), redeem(code, "")),
		"RL-93": {
			triggers: exchanges{flow(code, ""), redeem(code, ""), flow("code-2", "state=another-state-0123456789"), redeem("code-2", "")},
			misses:   exchanges{flow(code, ""), redeem(code, ""), redeem(code, ""), redeem("code-2", "code_verifier="+otherVerifier)},
		},
		"RL-94": {
			triggers: exchanges{flow(code, "code_challenge="+verifier), redeem(code, "")},
			misses:   exchanges{flow(code, ""), redeem(code, "")},
		},
		"RL-95": {
			triggers: exchanges{flow(code, "code_challenge="), redeem(code, "")},
			misses:   exchanges{flow(code, ""), redeem(code, "")},
		},
	}
}

func codeProofs() map[string]proof {
	wrongState := answered("Location", back+"?code="+code+"&state=other&iss=https%3A%2F%2Fid.example")
	return map[string]proof{
		"RL-96": {
			triggers: exchanges{flow(code, ""), redeem(code, ""), redeem(code, "", refused("invalid_grant"))},
			misses:   exchanges{flow(code, ""), redeem(code, "", failing), redeem(code, "")},
		},
		"RL-97": {
			triggers: exchanges{flow(code, ""), redeem(code, "", at(11*minute))},
			misses:   exchanges{flow(code, ""), redeem(code, "", at(9*minute))},
		},
		"RL-98": {
			triggers: exchanges{flow(code, ""), redeem(code, "redirect_uri=https://app.example/other")},
			misses:   exchanges{flow(code, ""), redeem(code, "")},
		},
		"RL-100": {elsewhere: exchanges{flow(code, "")}, triggers: exchanges{redeem(code, "")}, misses: exchanges{flow(code, ""), redeem(code, "")}},
		"RL-101": {
			triggers: exchanges{flow(code, "", wrongState), redeem(code, "")},
			misses:   exchanges{flow(code, "", wrongState), flow("code-2", "state=another-state-0123456789"), redeem("code-2", "")},
		},
	}
}

func refreshProofs() map[string]proof {
	first := token(pw, gives(access, refresh, "read"))
	next := gives("another-access-token-0002", "another-refresh-token-02", "read")
	return map[string]proof{
		"RL-110": {
			triggers: exchanges{first, token(fresh, at(minute), next), token(fresh, at(2*minute), refused("invalid_grant"))},
			misses:   exchanges{first, token(fresh, at(minute), failing), token(fresh, at(2*minute), next)},
		},
		"RL-111": {
			triggers: exchanges{first, token(fresh, at(minute), took(2*second), next), token(fresh, at(minute+second), refused("invalid_grant"))},
			misses:   exchanges{first, token(fresh, at(minute), took(second), next), token(fresh, at(minute+2*second), refused("invalid_grant"))},
		},
		"RL-112": {
			triggers: exchanges{first, token(fresh + "&scope=read+write")},
			misses:   exchanges{first, token(fresh + "&scope=read")},
		},
		"RL-113": {
			triggers: exchanges{first, token(fresh, at(minute), refused("invalid_grant")), token(fresh, at(2*minute), refused("invalid_grant"))},
			misses:   exchanges{first, token(fresh, at(minute), refused("temporarily_unavailable"), failing), token(fresh, at(2*minute), next)},
		},
		"RL-114": {
			triggers: exchanges{first, token(fresh, at(minute), gives("another-access-token-0002", refresh, "read")), token(fresh, at(2*minute), next)},
			misses:   exchanges{first, token(fresh, at(minute), gives("another-access-token-0002", refresh, "read")), token(fresh, at(40*minute), next)},
		},
		"RL-115": {
			triggers: exchanges{first, post("token", fresh, basic("basic", "basic-secret-1"))},
			misses:   exchanges{first, token(fresh)},
		},
	}
}

func bearerProofs() map[string]proof {
	got := redeem(code, "")
	return map[string]proof{
		"RL-116": one(sent("resource", "GET", "/_mock/resource?access_token="+access), sent("verify", "GET", "/api/verify?token="+access)),
		"RL-117": one(post("userinfo", "access_token="+access), post("verify", "token="+access)),
		"RL-119": one(call("Bearer: "+access), call("Bearer "+access)),
		"RL-120": {
			triggers: exchanges{got, call("Bearer "+access[:30], refused("invalid_token"))},
			misses:   exchanges{got, call("Bearer some-other-token-that-is-none", refused("invalid_token"))},
		},
		"RL-121": one(sent("jwks", "GET", "/jwks", header("Authorization", "Bearer "+access)), call("Bearer "+access)),
		"RL-122": {triggers: exchanges{got, call("Bearer " + idToken)}, misses: exchanges{got, call("Bearer " + access)}},
		"RL-123": {triggers: exchanges{got, call("Bearer " + refresh)}, misses: exchanges{got, call("Bearer " + access)}},
		"RL-124": one(call("Bearer undefined", refused("invalid_token")), call("Bearer "+access)),
	}
}

func reactionProofs() map[string]proof {
	wait := answered("Retry-After", "10")
	return map[string]proof{
		"RL-130": {
			triggers: exchanges{token(cc, failing, wait), token(cc, at(5*second))},
			misses:   exchanges{token(cc, failing, wait), token(cc, at(11*second))},
		},
		"RL-131": {
			triggers: many(4, func(i int) record.Exchange { return token(cc, failing, at(time.Duration(i)*second/5)) }),
			misses:   many(4, func(i int) record.Exchange { return token(cc, failing, at(time.Duration(i)*second)) }),
		},
		"RL-132": {
			triggers: exchanges{token(cc, refused("invalid_scope")), token(cc, at(minute), refused("invalid_scope"))},
			misses:   exchanges{token(cc+"&scope=x", refused("invalid_scope")), token(cc, at(minute), refused("invalid_scope"))},
		},
		"RL-133": {
			triggers: exchanges{token(cc, refused("unauthorized_client")), token(pw, at(second))},
			misses:   exchanges{token(cc, refused("unauthorized_client")), token(pw, at(minute))},
		},
		"RL-137": {
			triggers: many(6, func(i int) record.Exchange { return sent("jwks", "GET", "/jwks", at(time.Duration(i)*second)) }),
			misses:   many(6, func(i int) record.Exchange { return sent("jwks", "GET", "/jwks", at(time.Duration(i)*3*second)) }),
		},
	}
}
