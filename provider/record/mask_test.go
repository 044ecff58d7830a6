package record_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

func basic(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }

// What says itself that it is secret is hidden wherever it is, and what is beside
// it stays as it came.
func TestMaskedByName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("q", 43)
	for name, c := range map[string]struct{ body, want string }{
		"form":                           {"grant_type=password&username=u&password=hunter22&scope=a+b", "grant_type=password&username=u&password=…(8)&scope=a+b"},
		"name that is escaped":           {"pass%77ord=hunter22&a=1", "pass%77ord=…(8)&a=1"},
		"name in capitals":               {"Password=hunter22", "Password=…(8)"},
		"twice":                          {"code=first1&code=second2", "code=…(6)&code=…(7)"},
		"length is that of the value":    {"client_secret=p%2541w%2Bd", "client_secret=…(7)"},
		"long one keeps its beginning":   {"refresh_token=" + long, "refresh_token=qqqqqq…(43)"},
		"short one":                      {"code=abc&state=abc", "code=…(3)&state=abc"},
		"empty one":                      {"password=&a=1", "password=&a=1"},
		"no value":                       {"password&a=1", "password&a=1"},
		"spaces and semicolons":          {"password=one two;three", "password=…(13)"},
		"what is no secret":              {"code_challenge=" + long + "&token_type_hint=access_token", "code_challenge=" + long + "&token_type_hint=access_token"},
		"URL in a form":                  {"redirect_uri=http://a/?code=abcdef", "redirect_uri=http://a/?code=…(6)"},
		"broken escape":                  {"password=100%&x=%zz", "password=…(4)&x=%zz"},
		"JSON":                           {`{"access_token" : "abcdefgh", "expires_in": 3600}`, `{"access_token" : "…(8)", "expires_in": 3600}`},
		"JSON name that is escaped":      {`{"passw\u006frd":"x\"y"}`, `{"passw\u006frd":"…(3)"}`},
		"JSON number":                    {`{"code": 123456, "n": 1}`, `{"code": "…(6)", "n": 1}`},
		"JSON true and null":             {`{"password":true,"secret":null}`, `{"password":true,"secret":null}`},
		"JSON array and object":          {`{"token":["aaaaaaaa",{"k":"bbbbbbbb","n":12345}],"x":"y"}`, `{"token":["…(8)",{"k":"…(8)","n":"…(5)"}],"x":"y"}`},
		"JSON in JSON's depth":           {`{"a":[{"client_secret":"abcdefgh"}]}`, `{"a":[{"client_secret":"…(8)"}]}`},
		"JSON that is cut":               {`{"access_token":"abcdefgh`, `{"access_token":"…(8)"`},
		"JSON twice the same member":     {`{"code":"aaaaaaaa","code":"bbbbbbbb"}`, `{"code":"…(8)","code":"…(8)"}`},
		"JSON behind a quote too many":   {`","code":"aaaaaaaa"`, `","code":"…(8)"`},
		"JSON after a byte order mark":   {"\ufeff" + `{"code":"aaaaaaaa"}`, "\ufeff" + `{"code":"…(8)"}`},
		"URL in JSON":                    {`{"uri":"http://a/?user_code=ABCD-EFGH\u0026state=1"}`, `{"uri":"http://a/?user_code=…(9)\u0026state=1"}`},
		"second parameter of one":        {`{"uri":"http://a/?state=1\u0026code=ABCDEFGH"}`, `{"uri":"http://a/?state=1\u0026code=…(8)"}`},
		"page of form_post":              {`<form><input type="hidden" name="code" value="a&#43;bcd"><input name=state value=x>`, `<form><input type="hidden" name="code" value="…(5)"><input name=state value=x>`},
		"input with the value first":     {`<INPUT value='abcdef' name='id_token'/>`, `<INPUT value='…(6)' name='id_token'/>`},
		"input without quotes":           {`<input name=code value=abcdef>`, `<input name=code value=…(6)>`},
		"link in a page":                 {`<a href="/cb?state=1&amp;code=abcdef&amp;x=1">`, `<a href="/cb?state=1&amp;code=…(6)&amp;x=1">`},
		"JSON Web Token under any name":  {"request=" + someToken, fmt.Sprintf("request=eyJhbG…(%d)", len(someToken))},
		"lines":                          {"password=abcd\r\nefgh&x=\r\n", "password=…(10)&x=\r\n"},
		"not UTF-8":                      {"password=\xff\xfe\xfd\xfc&x=\xff", "password=…(4)&x=\xff"},
		"JSON under a form's type":       {`{"password":"hunter22"}`, `{"password":"…(8)"}`},
		"nothing":                        {"", ""},
		"a bare assignment of something": {"=password", "=password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := posted(c.body)
			masked := x.Masked()
			g.Expect(string(masked.Request.Body)).To(Equal(c.want))
			g.Expect(string(x.Request.Body)).To(Equal(c.body), "the original stays")
			again := masked.Masked()
			g.Expect(again).To(Equal(masked), "masked twice is masked once")
		})
	}
}

func TestMaskedMultipart(t *testing.T) {
	t.Parallel()
	x := posted("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter22\r\n--b\r\nContent-Disposition: form-data; name=\"scope\"\r\n\r\nread\r\n--b--\r\n")
	x.Request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	NewWithT(t).Expect(string(x.Masked().Request.Body)).To(Equal(
		"--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n…(8)\r\n--b\r\nContent-Disposition: form-data; name=\"scope\"\r\n\r\nread\r\n--b--\r\n"))
}

func TestMaskedHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ header, value, want string }{
		"Basic keeps the client_id":        {"Authorization", basic("demo:demo-secret"), "Basic demo:…(11)"},
		"Basic without padding":            {"Authorization", "basic ZGVtbzpkZW1vLXNlY3JldA", "basic demo:…(11)"},
		"Basic with an empty secret":       {"Authorization", basic("demo:"), "Basic demo:"},
		"Basic that is no Base64":          {"Authorization", "Basic demo:demo-secret", "Basic …(16)"},
		"Basic without a colon":            {"Authorization", basic("demo-secret"), "Basic …(16)"},
		"Bearer keeps the scheme":          {"Authorization", "Bearer " + someToken, fmt.Sprintf("Bearer eyJhbG…(%d)", len(someToken))},
		"scheme alone":                     {"Authorization", "Bearer", "Bearer"},
		"secret alone":                     {"Authorization", "hunter22", "…(8)"},
		"proxy's":                          {"Proxy-Authorization", "Digest username=x", "Digest …(10)"},
		"written by hand":                  {"authorization", "Bearer abcdefgh", "Bearer …(8)"},
		"cookies keep their names":         {"Cookie", "theme=dark; session=0123456789abcdef", "theme=…(4); session=…(16)"},
		"cookie without a name":            {"Cookie", "0123456789abcdef", "…(16)"},
		"set cookie keeps attributes":      {"Set-Cookie", "session=0123456789abcdef; Path=/; HttpOnly", "session=…(16); Path=/; HttpOnly"},
		"cookie that is taken away":        {"Set-Cookie", "session=; Max-Age=0", "session=; Max-Age=0"},
		"location's query":                 {"Location", "http://a/cb?code=abcdefgh&state=xyz", "http://a/cb?code=…(8)&state=xyz"},
		"location's fragment":              {"Location", "http://a/cb#access_token=abcdefgh&token_type=bearer", "http://a/cb#access_token=…(8)&token_type=bearer"},
		"referer":                          {"Referer", "http://a/cb?x=1&code=abcdefgh", "http://a/cb?x=1&code=…(8)"},
		"any with a JSON Web Token":        {"DPoP", someToken, fmt.Sprintf("eyJhbG…(%d)", len(someToken))},
		"challenge is no secret":           {"WWW-Authenticate", `Bearer error="invalid_token"`, `Bearer error="invalid_token"`},
		"two codes, separated by a comma":  {"Link", "<http://a/?code=abcdef>, <http://b/?code=ghijkl>", "<http://a/?code=…(6)>, <http://b/?code=…(6)>"},
		"URL that is the value of another": {"Location", "/login?next=/authorize?code=abcdefgh", "/login?next=/authorize?code=…(8)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := posted("")
			x.Request.Header = http.Header{c.header: {c.value}}
			x.Response.Header = http.Header{c.header: {c.value, c.value}}
			masked := x.Masked()
			g.Expect(masked.Request.Header[c.header]).To(Equal([]string{c.want}))
			g.Expect(masked.Response.Header[c.header]).To(Equal([]string{c.want, c.want}))
			g.Expect(masked.Masked()).To(Equal(masked), "masked twice is masked once")
		})
	}
}

// A value that was hidden once is hidden everywhere, however it is written there.
func TestMaskedByValue(t *testing.T) {
	t.Parallel()
	const secret = `p%41w+d:x/=é"\<&`
	quoted, _ := json.Marshal(secret)
	for name, written := range map[string]string{
		"as it is":                  secret,
		"in a form":                 "p%2541w%2Bd%3Ax%2F%3D%C3%A9%22%5C%3C%26",
		"in a form in small digits": "p%2541w%2bd%3ax%2f%3d%c3%a9%22%5c%3c%26",
		"in a form with all of it":  "%70%25%34%31%77%2B%64%3A%78%2F%3D%C3%A9%22%5C%3C%26",
		"in a form in a form":       "p%252541w%252Bd%253Ax%252F%253D%25C3%25A9%2522%255C%253C%2526",
		"in JSON":                   string(quoted),
		"in JSON as it need not be": `\u0070%41w+d:x\/=\u00e9\u0022\\\u003C\u0026`,
		"in a page":                 "p%41w&#43;d:x/=é&#34;\\&lt;&amp;",
		"in ISO 8859-1":             "p%41w+d:x/=\xe9\"\\<&",
		"in Base64":                 base64.StdEncoding.EncodeToString([]byte(secret)),
		"in Base64 of a URL":        base64.RawURLEncoding.EncodeToString([]byte("a:" + secret)),
		"in Base64 of a form":       base64.StdEncoding.EncodeToString([]byte("id:p%2541w%2Bd%3Ax%2F%3D%C3%A9%22%5C%3C%26")),
		"in Base64 of JSON":         base64.RawURLEncoding.EncodeToString([]byte(`{"a":` + string(quoted) + `}`)),
		"overlapping itself":        secret + secret,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := posted("note=" + written + "&scope=read")
			x.Reason, x.Request.URI, x.User = "saw "+written+" there", "/token?"+written, written
			x.Error = "invalid_grant"
			x.Request.Header.Set("X-Note", "a "+written+" b")
			x.Response.Body = []byte("note=" + written)
			masked := x.Masked(secret)
			for _, hidden := range []string{
				masked.Reason, masked.Request.URI, masked.User, masked.Request.Header.Get("X-Note"), string(masked.Request.Body), string(masked.Response.Body),
			} {
				g.Expect(hidden).NotTo(ContainSubstring(written))
				g.Expect(hidden).To(ContainSubstring("…("))
			}
			g.Expect(string(masked.Request.Body)).To(And(HavePrefix("note="), HaveSuffix("&scope=read")))
		})
	}
}

// Nobody has to escape as we would, nor to leave alone what need not be escaped.
func TestMaskedSpellings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ secret, text, want string }{
		"spaces in two ways":                   {"a b c", "a+b%20c", "…(5)"},
		"escaped twice, and more than need be": {"demo-x", "%2564emo-x", "…(6)"},
		"behind a stray escape":                {"de/mo", "%de%2Fmo", "%…(5)"},
		"that, in small digits":                {"de/mo", "%de%2fmo", "%…(5)"},
		"that, in a path":                      {"de mo+", "%de%20mo+", "%…(6)"},
		"that, in JSON":                        {"nde/\"", `\nde/\"`, `\…(5)`},
		"a pair of surrogates":                 {"word😀", `word\ud83d\ude00`, "…(8)"},
		"a surrogate alone is nothing":         {"word😀", `word\ud83d`, `word\ud83d`},
		"a part of what an entity stands for":  {"\xe2\x89\x82\xcc", "&nesim;", "…(4)"},
		"in Base64 of a form in small digits":  {"de/mo", base64.StdEncoding.EncodeToString([]byte("de%2fmo")), "…(9)w=="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := record.Exchange{Reason: c.text}
			NewWithT(t).Expect(x.Masked(c.secret).Reason).To(Equal(c.want))
		})
	}
}

// What the exchange says itself is secret need not be told.
func TestMaskedValueFoundInTheExchange(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := posted("grant_type=authorization_code&code=Xy12345678&redirect_uri=http%3A%2F%2Fa%2FXy12345678")
	x.Request.Header.Set("Authorization", basic("demo:p%2Bss-word"))
	x.Reason, x.Path = `the code "Xy12345678" was spent`, "/token/p+ss-word"
	x.Response.Body = []byte(`{"error":"invalid_grant","error_description":"no Xy12345678"}`)
	masked := x.Masked()
	g.Expect(masked.Reason).To(Equal(`the code "…(10)" was spent`))
	g.Expect(masked.Path).To(Equal("/token/…(9)"))
	g.Expect(string(masked.Request.Body)).To(Equal("grant_type=authorization_code&code=…(10)&redirect_uri=http%3A%2F%2Fa%2F…(10)"))
	g.Expect(string(masked.Response.Body)).To(Equal(`{"error":"invalid_grant","error_description":"no …(10)"}`))
}

// The demo user's password is her name.
func TestMaskedLeavesNames(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	masked := granted().Masked()
	g.Expect(masked.User).To(Equal("apitester"))
	g.Expect(string(masked.Request.Body)).To(HavePrefix("grant_type=password&username=apitester&password=…(9)&scope="))
	g.Expect(masked.Request.Header.Get("Authorization")).To(Equal("Basic demo:…(11)"))

	masked = granted().Masked("apitester", "demo-secret")
	g.Expect(masked.User).To(Equal("apitester"), "a name that was let in")

	wrong := granted()
	wrong.User, wrong.Error, wrong.Status = "demo-secret", "invalid_grant", http.StatusBadRequest
	wrong.Request.Body = []byte("grant_type=password&username=demo-secret&password=password")
	masked = wrong.Masked("demo-secret")
	g.Expect(masked.User).To(Equal("…(11)"), "a secret in the wrong place")
	g.Expect(string(masked.Request.Body)).To(Equal("grant_type=password&username=…(11)&password=…(8)"), "a word of the protocol is no secret")
}

// A wrong password that is a name or a word of the protocol hides neither.
func TestMaskedLeavesNamesOfARefusedRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ authorization, body, want string }{
		"username":                {"", "username=carol&password=carol&x=carol", "username=carol&password=…(5)&x=carol"},
		"login_hint":              {"", "login_hint=carol&password=carol", "login_hint=carol&password=…(5)"},
		"client_id":               {"", "client_id=a+client&client_secret=a+client&x=a+client", "client_id=a+client&client_secret=…(8)&x=a+client"},
		"client_id of Basic":      {basic("a%20client:a%20client"), "x=a+client", "x=a+client"},
		"client_id of Basic, raw": {basic("client:client"), "x=client", "x=client"},
		"username in JSON":        {"", `{"username":"carol","password":"carol","x":"carol"}`, `{"username":"carol","password":"…(5)","x":"carol"}`},
		"none: it is hidden":      {"", "password=carol&x=carol", "password=…(5)&x=…(5)"},
		"word of the protocol":    {"", "client_secret=secret&password=username", "client_secret=…(6)&password=…(8)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := posted(c.body)
			x.Status, x.Error = http.StatusBadRequest, "invalid_grant"
			x.Request.Header.Set("Authorization", c.authorization)
			NewWithT(t).Expect(string(x.Masked().Request.Body)).To(Equal(c.want))
		})
	}
}

// A mask is legible also where it is beside bytes that are not.
func TestMaskedWordsThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := record.Exchange{Path: "/\xff/hunter22", User: "é\xff", Request: record.Request{Header: http.Header{"X\xe9": {"\xe9 code=abcdef é"}}}}
	masked := x.Masked("hunter22", "cé d")
	g.Expect(masked.Path).To(Equal("/ÿ/…(8)"))
	g.Expect(masked.Request.Header).To(Equal(http.Header{"Xé": {"é code=…(6) Ã©"}}))
	x.Reason = "\xff cé d"
	g.Expect(x.Masked("cé d").Reason).To(Equal("ÿ …(5)"))
}

// A session's cookie is hidden where it is repeated, and a setting's is not.
func TestMaskedCookiesByValue(t *testing.T) {
	t.Parallel()
	x := posted("a=0123456789abcdef&b=dark")
	x.Request.Header.Set("Cookie", "session=0123456789abcdef; theme=dark")
	NewWithT(t).Expect(string(x.Masked().Request.Body)).To(Equal("a=…(16)&b=dark"))
}

// A request of nothing but secrets must not take forever, so that it is searched
// by value for the first of them only.
func TestMaskedByValueIsBounded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var body strings.Builder
	for i := range 100 {
		fmt.Fprintf(&body, "code=code-%04d&", i)
	}
	x := posted(body.String())
	x.Response.Body = []byte("code-0000 code-0063 code-0064 given-one")
	masked := x.Masked("given-one")
	g.Expect(string(masked.Response.Body)).To(Equal("…(9) …(9) code-0064 …(9)"))
	g.Expect(string(masked.Request.Body)).To(Equal(strings.Repeat("code=…(9)&", 100)), "by name it is all")
}

func TestMaskedShortSecretsByNameOnly(t *testing.T) {
	t.Parallel()
	x := posted("password=abc&state=abc")
	NewWithT(t).Expect(string(x.Masked("abc", "").Request.Body)).To(Equal("password=…(3)&state=abc"))
}

// Of two secrets that share bytes neither shows what the other hides.
func TestMaskedOverlaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secrets    []string
		text, want string
	}{
		"one in another":           {[]string{"abcd", "abcdefgh"}, "x abcdefgh abcd", "x …(8) …(4)"},
		"one into another":         {[]string{"abcdef", "efghij"}, "x abcdefghij", "x …(6)"},
		"one beside another":       {[]string{"abcd", "efgh"}, "abcdefgh", "…(4)…(4)"},
		"in another's beginning":   {[]string{"abcd", "abcdef" + strings.Repeat("z", 40)}, "abcdef" + strings.Repeat("z", 40), "…(4)ef…(46)"},
		"made of what is left":     {[]string{"abcdef", "(6)x"}, "abcdefx", "……(4)"},
		"that is what masks are":   {[]string{"…(6)", "abcdef"}, "abcdef", "…"},
		"in a header's name":       {[]string{"Abcdef"}, "a", "a"},
		"the same as another's":    {[]string{"abcd", "abcd"}, "abcd", "…(4)"},
		"in the end of a long one": {[]string{"zzzzz"}, "abzzzzzz", "ab…(5)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := record.Exchange{Reason: c.text, Request: record.Request{Header: http.Header{"Abcdef": {"1"}}}}
			masked := x.Masked(c.secrets...)
			g.Expect(masked.Reason).To(Equal(c.want))
		})
	}
}

// A copy to show around is nobody else's.
func TestMaskedSharesNothing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	x := granted()
	x.Faults = []string{"a"}
	masked := x.Masked()
	masked.Faults[0], masked.Request.Body[0], masked.Response.Body[0] = "b", 'X', 'X'
	masked.Request.Header.Set("Content-Type", "changed")
	want := granted()
	want.Faults = []string{"a"}
	g.Expect(x).To(Equal(want))
}

// Bytes that mean trouble to a scanner neither stop it nor take it long.
func TestMaskedHostileBytes(t *testing.T) {
	t.Parallel()
	const n = 1 << 16
	for name, body := range map[string]string{
		"equals":       strings.Repeat("=", n),
		"pairs":        strings.Repeat("a=", n/2),
		"codes":        strings.Repeat("code=", n/5),
		"many codes":   strings.Repeat("code=aaaaaaaaZ&", n/15),
		"usernames":    strings.Repeat(" username=", n/10),
		"quotes":       strings.Repeat(`"`, n),
		"escaped":      strings.Repeat(`\"`, n/2),
		"names":        strings.Repeat(`"code":`, n/7),
		"brackets":     `"code":` + strings.Repeat(`[`, n),
		"inputs":       strings.Repeat("<input ", n/7),
		"attributes":   "<input " + strings.Repeat("/=", n/2),
		"percent":      strings.Repeat("%25", n/3),
		"backslashes":  strings.Repeat(`\`, n),
		"surrogates":   strings.Repeat(`\ud800`, n/6),
		"entities":     strings.Repeat("&amp;", n/5),
		"ampersands":   strings.Repeat("&", n),
		"all escapes":  strings.Repeat(`%5C&quot;\u0025`, n/15),
		"token begins": strings.Repeat("eyJ", n/3),
		"zero bytes":   strings.Repeat("\x00", n),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			x := posted(body)
			x.Response.Body = x.Request.Body
			x.Request.Header.Set("X-Huge", body)
			g.Expect(x.Masked("hunter22").Masked("hunter22").Status).To(Equal(http.StatusOK))
		})
	}
}
