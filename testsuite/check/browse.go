package check

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
)

// A Browser keeps cookies from page to page: one for each person at a computer.
// It follows redirects within the target, and fills in and sends the forms that
// it meets, until it is sent away or meets a page that it cannot pass.
type Browser struct {
	User   User // who sits at it
	Denies bool // they say no wherever they are asked

	// Withholds is a scope whose checkbox they leave empty.
	Withholds string
	withheld  bool // there was such a checkbox

	t      *T
	jar    http.CookieJar
	handed bool // a command has its session
}

// Browser is a new browser, without cookies, at which a user sits.
func (t *T) Browser(user User) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(stop{Broken, err.Error()})
	}
	return &Browser{User: user, t: t, jar: jar}
}

// A Redirect is where a browser ended. Back at the client, Mode tells how what it
// brought there travelled; else Mode is empty and the last answer is what it shows.
type Redirect struct {
	Answer            // the last one
	Mode   string     // ModeQuery, ModeFragment, ModeFormPost, or empty
	To     string     // the URI that the browser is sent to, as the target wrote it
	Params url.Values // what it brings there; never nil
	Pages  []Answer   // what came before the last answer

	sent     url.Values // the parameters of the request
	verifier string     // that belongs to its challenge
	handed   bool       // Login.Hand got it: there is no last answer
}

// The response modes.
const (
	ModeQuery    = "query"
	ModeFragment = "fragment"
	ModeFormPost = "form_post"
)

// Code is the authorization code; empty when there is none.
func (r Redirect) Code() string { return r.Params.Get("code") }

// String shows the reader of a failure where the browser ended.
func (r Redirect) String() string {
	if r.handed {
		return "the user is sent to " + r.To + ", says the command that logs in"
	}
	if r.Mode == "" {
		return "the browser stays at\n" + inWords(r.Answer).String()
	}
	return "the browser is sent to " + r.To + " with " + r.Params.Encode() + ", by\n" + inWords(r.Answer).String()
}

// Verifier is the code_verifier of the requests that [T.AuthorizationURL] makes.
const Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

// S256 is a verifier's code_challenge by S256 (RFC 7636 §4.2).
func S256(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// AuthorizationURL is where a client sends a browser (RFC 6749 §4.1.1). What
// params lacks is filled in: response_type code, client_id, the first redirect
// URI, the first scope, a state, and a challenge of [Verifier] where the target
// has PKCE. A parameter with a nil list stays out.
func (t *T) AuthorizationURL(client Client, params url.Values) string {
	return withQuery(t.URL("authorization"), t.authorizationParams(client, params).Encode())
}

func (t *T) authorizationParams(client Client, params url.Values) url.Values {
	all := url.Values{"response_type": {"code"}, "client_id": {client.ID}, "state": {"a state of 29 bytes, & opaque"}}
	if len(client.RedirectURIs) == 0 {
		panic(stop{Untestable, "the target names no redirect URI of the client " + client.ID})
	}
	all.Set("redirect_uri", client.RedirectURIs[0])
	if len(client.Scopes) > 0 {
		all.Set("scope", client.Scopes[0])
	}
	if t.claims(PKCE) {
		all.Set("code_challenge", S256(Verifier))
		all.Set("code_challenge_method", "S256")
	}
	for name, values := range params {
		all[name] = values
	}
	all["scope"] = slices.Clone(all["scope"])
	for i, scope := range all["scope"] {
		if scope != "" {
			all["scope"][i] = t.withRequired(scope)
		}
	}
	return all
}

// Authorize sends the main user with a new browser to the authorization endpoint,
// as a client would; see [T.AuthorizationURL] for params.
func (t *T) Authorize(client Client, params url.Values) Redirect {
	return t.Browser(t.User(Main)).Authorize(client, params)
}

// Browse has a user open an address with a new browser.
func (t *T) Browse(address string, as User) Redirect { return t.Browser(as).Open(address) }

// Authorize goes to the authorization endpoint, as a client sends it there.
func (b *Browser) Authorize(client Client, params url.Values) Redirect {
	return b.Open(b.t.AuthorizationURL(client, params))
}

// Open opens an address and goes on as far as it can.
func (b *Browser) Open(address string) Redirect {
	return b.visit(b.request(http.MethodGet, address, ""))
}

// Post sends a form to an address, as a page of the client's would, and goes on.
func (b *Browser) Post(address string, form url.Values) Redirect {
	return b.visit(b.request(http.MethodPost, address, form.Encode()))
}

// stepsAtMost bounds how many requests a browser makes on its way.
const stepsAtMost = 20

// visit makes a request and those that follow from the answers.
func (b *Browser) visit(request *http.Request) Redirect {
	if b.handed {
		b.t.Skip(commandLogsIn)
	}
	journey := b.travel(request)
	if b.t.Login.Hand != nil {
		return b.handOver(journey, request)
	}
	return journey
}

// travel goes on until the browser is sent away or meets a page that it cannot pass.
func (b *Browser) travel(request *http.Request) Redirect {
	sent := request.URL.Query()
	if request.Method == http.MethodPost {
		sent = formOf(request)
	}
	journey := Redirect{Params: url.Values{}, sent: sent}
	if sent.Get("code_challenge") == S256(Verifier) {
		journey.verifier = Verifier
	}
	home := []string{sent.Get("redirect_uri"), sent.Get("post_logout_redirect_uri")}
	person := &person{User: b.User, login: b.t.Login, denies: b.Denies, withholds: b.Withholds}
	for range stepsAtMost {
		journey.Answer = b.send(request)
		if location := journey.Header.Get("Location"); journey.Status/100 == 3 && location != "" {
			to, err := request.URL.Parse(location)
			if err != nil || b.leaves(to, home) {
				return journey.away(location)
			}
			request = b.request(http.MethodGet, to.String(), "")
		} else {
			sheet, found := person.fillIn(journey.Answer)
			b.withheld = b.withheld || person.withheld
			if !found {
				return journey
			}
			to, err := request.URL.Parse(sheet.action)
			if err != nil || b.leaves(to, home) {
				journey.Mode, journey.To, journey.Params = ModeFormPost, sheet.action, sheet.values
				return journey
			}
			if b.t.Login.Hand != nil { // whose the pages are
				return journey
			}
			request = b.sendForm(sheet, to)
		}
		journey.Pages = append(journey.Pages, journey.Answer)
	}
	b.t.Fatalf("the browser is sent on and on; the last answer:\n%s", journey.Answer)
	return journey
}

// away is the journey that ends with a redirect out of the target.
func (r Redirect) away(location string) Redirect {
	r.Mode, r.To = ModeQuery, location
	rest, fragment, fragmented := strings.Cut(location, "#")
	_, query, _ := strings.Cut(rest, "?")
	if fragmented && fragment != "_=_" && fragment != "" {
		r.Mode, query = ModeFragment, fragment
	}
	r.Params, _ = url.ParseQuery(query) // what cannot be decoded did not arrive
	return r
}

// leaves tells that an address is not the target's: on another origin than its
// pages, or one of those to which the request wants the browser back.
func (b *Browser) leaves(to *url.URL, home []string) bool {
	if !slices.Contains(b.origins(), to.Scheme+"://"+to.Host) {
		return true
	}
	bare := *to
	bare.RawQuery, bare.Fragment, bare.RawFragment = "", "", ""
	return slices.ContainsFunc(home, func(uri string) bool {
		before, _, _ := strings.Cut(uri, "?")
		return before != "" && before == bare.String()
	})
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// sendForm is the request that sends a form.
func (b *Browser) sendForm(s sheet, to *url.URL) *http.Request {
	if s.method == http.MethodGet {
		with := *to
		with.RawQuery = s.values.Encode()
		return b.request(http.MethodGet, with.String(), "")
	}
	request := b.request(http.MethodPost, to.String(), s.values.Encode())
	request.Header.Set("Origin", to.Scheme+"://"+to.Host)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return request
}

func (b *Browser) request(method, address, body string) *http.Request {
	request, err := http.NewRequestWithContext(b.t.ctx, method, address, strings.NewReader(body))
	if err != nil {
		b.t.Fatalf("the browser is sent to %q, which is no URL: %v", address, err)
	}
	request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	b.identify(request)
	return request
}

// send makes one request, with the browser's cookies.
func (b *Browser) send(request *http.Request) Answer {
	client := *b.t.http()
	client.Jar = b.jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b.t.sendBy(&client, request)
}
