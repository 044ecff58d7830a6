package lint_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

const (
	formType = "application/x-www-form-urlencoded"
	back     = "https://app.example/callback"
	state    = "Zk3mQx81Lr0pWn5vTy7cUg"
	nonce    = "b8YtRe2Kq9Jd4Hs6Lw1Xzp"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	// challenge is verifier's (RFC 7636 App. B).
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	access    = "an-access-token-which-is-opaque-0001"
	refresh   = "a-refresh-token-which-is-opaque-0001"
	idToken   = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
)

// known are a client of each kind, one with a secret that has to be encoded, and a user.
func known() *lint.Known {
	set, err := fixtures.Set{
		Users: []fixtures.User{{Username: "alice", Password: "wonder+land"}, {Username: "bob", Password: "bob's password"}},
		Clients: []fixtures.Client{
			{ID: "web", Secret: "web-secret-0001", RedirectURIs: []string{back}, PostLogoutRedirectURIs: []string{"https://app.example/bye"}},
			{ID: "odd id", Secret: "p%41w+d:x/=é", RedirectURIs: []string{back}},
			{ID: "twin", Secret: "web-secret-0001"},
			{ID: "basic", Secret: "basic-secret-1", AuthMethod: fixtures.AuthBasic},
			{ID: "post", Secret: "post-secret-01", AuthMethod: fixtures.AuthPost},
			{ID: "app", AuthMethod: fixtures.AuthNone, RedirectURIs: []string{back, "http://localhost:3000/callback"}},
		},
	}.WithDefaults().Complete(strings.NewReader(strings.Repeat("0123456789abcdef", 64)))
	if err != nil {
		panic(err)
	}
	return lint.NewKnown(set)
}

// now is when the first exchange of each test is.
func now() time.Time { return time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) }

// A change makes an exchange another.
type change func(*record.Exchange)

// sent is a well-behaved request to an endpoint, and a change of it.
func sent(endpoint, method, uri string, changes ...change) record.Exchange {
	path, _, _ := strings.Cut(uri, "?")
	x := record.Exchange{
		At: now(), Took: time.Millisecond, Issuer: "https://id.example", BrowserURL: "https://id.example", Endpoint: endpoint, Method: method, Path: path, Status: 200,
		Request: record.Request{
			Proto: "HTTP/1.1", Host: "id.example", Remote: "127.0.0.1:4711", URI: uri, TLS: "TLS 1.3",
			Header: http.Header{"User-Agent": {"client/1.0"}, "Accept": {"application/json"}},
		},
		Response: record.Response{Header: http.Header{}},
	}
	for _, c := range changes {
		c(&x)
	}
	return x
}

// post is a form to an endpoint that takes one.
func post(endpoint, form string, changes ...change) record.Exchange {
	return sent(endpoint, "POST", "/"+endpoint, append([]change{func(x *record.Exchange) {
		x.Request.Header.Set("Content-Type", formType)
		x.Request.Body = []byte(form)
	}}, changes...)...)
}

// token is a form to the token endpoint, of the client web by HTTP Basic.
func token(form string, changes ...change) record.Exchange {
	return post("token", form, append([]change{basic("web", "web-secret-0001")}, changes...)...)
}

// authorize is an authorization request of the client web, with all that is good.
func authorize(more string, changes ...change) record.Exchange {
	query := url.Values{
		"response_type": {"code"}, "client_id": {"web"}, "redirect_uri": {back}, "scope": {"openid"}, "state": {state}, "nonce": {nonce},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	other, err := url.ParseQuery(more)
	if err != nil {
		panic(err)
	}
	for name, values := range other {
		query[name] = values
		if values[0] == "" {
			delete(query, name)
		}
	}
	return sent("authorization", "GET", "/authorize?"+query.Encode(), append([]change{client(query.Get("client_id"))}, changes...)...)
}

// flow is an authorization request that was answered a code, with state as it was sent.
func flow(code, more string, changes ...change) record.Exchange {
	x := authorize(more)
	_, query, _ := strings.Cut(x.Request.URI, "?")
	asked, _ := url.ParseQuery(query)
	x.Status = 303
	location := asked.Get("redirect_uri")
	separator := "?"
	if strings.Contains(location, "?") {
		separator = "&"
	}
	x.Response.Header.Set("Location", location+separator+url.Values{"code": {code}, "state": {asked.Get("state")}, "iss": {"https://id.example"}}.Encode())
	for _, c := range changes {
		c(&x)
	}
	return x
}

// redeem is the exchange of a code, with all that belongs to it.
func redeem(code, more string, changes ...change) record.Exchange {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "code_verifier": {verifier}}
	other, _ := url.ParseQuery(more)
	for name, values := range other {
		form[name] = values
		if values[0] == "" {
			delete(form, name)
		}
	}
	return token(form.Encode(), append([]change{granted}, changes...)...)
}

// call is a request to a resource.
func call(authorization string, changes ...change) record.Exchange {
	return sent("resource", "GET", "/_mock/resource", append([]change{header("Authorization", authorization)}, changes...)...)
}

func client(id string) change { return func(x *record.Exchange) { x.Client = id } }

func basic(id, secret string) change {
	return raw(url.QueryEscape(id)+":"+url.QueryEscape(secret), id)
}

// raw is HTTP Basic of whatever text, by a client.
func raw(pair, id string) change {
	return func(x *record.Exchange) {
		x.Client = id
		x.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
}

// by is a client that authenticates in the body, or not at all.
func by(id string) change {
	return func(x *record.Exchange) {
		x.Client = id
		x.Request.Header.Del("Authorization")
	}
}

func header(name, value string) change {
	return func(x *record.Exchange) {
		if value == "" {
			x.Request.Header.Del(name)
			return
		}
		x.Request.Header.Set(name, value)
	}
}

func answered(name, value string) change {
	return func(x *record.Exchange) { x.Response.Header.Set(name, value) }
}

func method(name string) change { return func(x *record.Exchange) { x.Method = name } }

func at(after time.Duration) change { return func(x *record.Exchange) { x.At = now().Add(after) } }

func took(d time.Duration) change { return func(x *record.Exchange) { x.Took = d } }

func port(n int) change {
	return func(x *record.Exchange) { x.Request.Remote = fmt.Sprintf("127.0.0.1:%d", n) }
}

func refused(code string) change {
	return func(x *record.Exchange) {
		x.Status, x.Error = 400, code
		if code == "invalid_client" || code == "invalid_token" {
			x.Status = 401
		}
		x.Response.Body = nil
	}
}

func failing(x *record.Exchange) { x.Status, x.Response.Body = 503, nil }

func dropped(x *record.Exchange) { x.Dropped = true }

// gives has the answer bring tokens.
func gives(accessToken, refreshToken, scope string) change {
	return func(x *record.Exchange) {
		x.Scope = scope
		x.Response.Body = fmt.Appendf(nil, `{"access_token":%q,"token_type":"Bearer","expires_in":3600,"refresh_token":%q,"id_token":%q,"scope":%q}`, accessToken, refreshToken, idToken, scope)
		if refreshToken == "" {
			x.Response.Body = fmt.Appendf(nil, `{"access_token":%q,"token_type":"Bearer","expires_in":3600,"scope":%q}`, accessToken, scope)
		}
	}
}

func granted(x *record.Exchange) { gives(access, refresh, "openid")(x) }

// many is an exchange so often, each with a change of its own.
func many(n int, make func(i int) record.Exchange) []record.Exchange {
	var xs []record.Exchange
	for i := range n {
		xs = append(xs, make(i))
	}
	return xs
}
