package engine

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/record"
)

// The response modes (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
const (
	ModeQuery    = "query"
	ModeFragment = "fragment"
	ModeFormPost = "form_post"
)

// ResponseModes lists the response modes in the order in which they are advertised.
func ResponseModes() []string { return []string{ModeQuery, ModeFragment, ModeFormPost} }

// ResponseTypes lists the response types that are served.
func ResponseTypes() []string { return []string{"code"} }

// The values of prompt (OpenID Connect Core §3.1.2.1).
const (
	PromptNone          = "none"
	PromptLogin         = "login"
	PromptConsent       = "consent"
	PromptSelectAccount = "select_account"
)

// Prompts lists the values of prompt in the order in which they are advertised.
func Prompts() []string { return []string{PromptNone, PromptLogin, PromptConsent, PromptSelectAccount} }

// An Authorization is an authorization request (RFC 6749 §4.1.1; OpenID Connect
// Core §3.1.2.1), read and judged.
type Authorization struct {
	Client       *Client
	RedirectURI  string // where the answer goes
	ResponseMode string
	State        string // as it came; empty when there was none
	Scope        []string
	Prompt       []string
	MaxAge       *time.Duration // nil when it was not sent
	LoginHint    string
	HintSubject  string // the sub of the id_token_hint; empty without one
	Form         url.Values

	audience []string
	detail   detail
}

// Asks tells whether prompt has a value.
func (a *Authorization) Asks(prompt string) bool { return slices.Contains(a.Prompt, prompt) }

// ReadAuthorization reads an authorization request. A refusal without an
// Authorization must be told to the user, since nobody knows yet where else an
// answer may go; one with an Authorization goes to its RedirectURI (RFC 6749
// §4.1.2.1).
func (e *Engine) ReadAuthorization(ctx context.Context, form url.Values) (*Authorization, *Error) {
	x := record.From(ctx)
	x.Client = clip(form.Get("client_id"))
	for _, name := range []string{"client_id", "redirect_uri"} {
		if len(form[name]) > 1 {
			refused := Refuse(InvalidRequest, "The parameter "+Quote(name)+" is sent more than once.")
			refused.Clause, refused.Fix = "RFC 6749 §3.1", "Send each parameter once."
			return nil, refused
		}
	}
	if err := failing(ctx); err != nil {
		return nil, unavailable(err)
	}
	client, refused := e.ClientAt(form.Get("client_id"))
	if refused != nil {
		return nil, refused
	}
	scope := strings.Fields(form.Get("scope"))
	redirect, refused := matchRedirect(client, form.Get("redirect_uri"), slices.Contains(scope, "openid"))
	if refused != nil {
		return nil, refused
	}
	a := &Authorization{Client: client, RedirectURI: redirect, ResponseMode: ModeQuery, State: form.Get("state"), Form: form}
	a.detail.RedirectURI = form.Get("redirect_uri")
	if mode := form.Get("response_mode"); slices.Contains(ResponseModes(), mode) && (mode != ModeFormPost || canPost(redirect)) {
		a.ResponseMode = mode
	}
	return a, e.judge(ctx, a)
}

// ClientAt is the client that a browser names: known, but not authenticated.
func (e *Engine) ClientAt(id string) (*Client, *Error) {
	if id == "" {
		refused := Refuse(InvalidRequest, "The request has no client_id.")
		refused.Clause = "RFC 6749 §4.1.1"
		refused.Fix = "Send client_id: in the query of a GET, or in the body of a POST."
		return nil, refused
	}
	client, known := e.directory.Load().clients[id]
	switch {
	case !known:
		refused := Refuse(InvalidClient, "There is no client "+Quote(id)+" here.")
		refused.Title, refused.Clause = "The client is not known", "RFC 6749 §4.1.2.1"
		refused.Fix = "Check the client_id against the clients that the start banner lists."
		if near := fixtures.Suggest(id, e.directory.Load().clientIDs); near != "" {
			refused.Description += " Did you mean " + Quote(near) + "?"
		}
		return nil, refused
	case client.fixture.Disabled:
		return nil, Refuse(InvalidClient, "The client "+Quote(id)+" is disabled.")
	}
	return client, nil
}

// judge checks what may be answered to the client.
func (e *Engine) judge(ctx context.Context, a *Authorization) (refused *Error) {
	for _, step := range []func(context.Context, *Authorization) *Error{
		repeated, unsupportedParameters, e.judgeResponse, e.judgeScope, e.judgeChallenge, judgePrompt, e.judgeHints,
	} {
		if refused = step(ctx, a); refused != nil {
			return refused
		}
	}
	return nil
}

// repeated refuses parameters that are sent more than once (RFC 6749 §3.1).
func repeated(_ context.Context, a *Authorization) *Error {
	for name, values := range a.Form {
		if len(values) > 1 && name != "resource" && name != "audience" {
			if name == "state" { // which of them to return?
				a.State = ""
			}
			return Refuse(InvalidRequest, "The parameter "+Quote(name)+" is sent more than once (RFC 6749 section 3.1).")
		}
	}
	return nil
}

// unsupportedParameters refuses what the client would believe to be honoured
// (OpenID Connect Core §3.1.2.6).
func unsupportedParameters(_ context.Context, a *Authorization) *Error {
	for name, code := range map[string]string{
		"request": "request_not_supported", "request_uri": "request_uri_not_supported", "registration": "registration_not_supported",
	} {
		if a.Form.Has(name) {
			return Refuse(code, "The parameter "+Quote(name)+" is not supported here.")
		}
	}
	return nil
}

// judgeResponse checks response_type and response_mode, and that the client is
// registered for them.
func (e *Engine) judgeResponse(_ context.Context, a *Authorization) *Error {
	responseType, mode := a.Form.Get("response_type"), a.Form.Get("response_mode")
	switch {
	case responseType == "":
		return Refuse(InvalidRequest, "The parameter 'response_type' is missing.")
	case !slices.Contains(ResponseTypes(), responseType):
		return Refuse("unsupported_response_type", "The response_type "+Quote(responseType)+" is not served here; served: "+list(ResponseTypes())+".")
	case !slices.Contains(a.Client.fixture.ResponseTypes, responseType) || !a.Client.has(fixtures.GrantAuthorizationCode):
		return Refuse(UnauthorizedClient, "The client "+Quote(a.Client.GetID())+" is not registered for the response_type "+Quote(responseType)+".")
	case mode == ModeFormPost && !canPost(a.RedirectURI):
		return Refuse(InvalidRequest, "The response_mode form_post needs a redirect_uri of http or https, to which a browser can post.")
	case mode != "" && !slices.Contains(ResponseModes(), mode):
		return Refuse(InvalidRequest, "The response_mode "+Quote(mode)+" is unknown; there are "+list(ResponseModes())+".")
	}
	return nil
}

// canPost tells a redirect URI to which a browser can send a form: none of a private scheme (RFC 8252 §7.1).
func canPost(redirectURI string) bool { return strings.HasPrefix(redirectURI, "http") }

// judgeScope reads scope and audience.
func (e *Engine) judgeScope(ctx context.Context, a *Authorization) (refused *Error) {
	if a.Scope, refused = parseScope(a.Form.Get("scope")); refused != nil {
		return refused
	}
	if refused = checkScope(a.Client, fixtures.GrantAuthorizationCode, a.Scope); refused != nil {
		return refused
	}
	if len(a.Scope) == 0 {
		a.Scope = defaultScope(a.Client, fixtures.GrantAuthorizationCode)
	}
	if a.audience, refused = requestedAudience(a.Form); refused != nil {
		return refused
	}
	return checkAudience(a.Client, a.audience, record.From(ctx).Issuer)
}

func (e *Engine) judgeChallenge(_ context.Context, a *Authorization) (refused *Error) {
	a.detail.Challenge, a.detail.Method, refused = readChallenge(a.Client, a.Form, e.requirePKCE)
	return refused
}

// judgePrompt reads prompt and max_age.
func judgePrompt(_ context.Context, a *Authorization) *Error {
	known := Prompts()
	a.Prompt = strings.Fields(a.Form.Get("prompt"))
	for _, prompt := range a.Prompt {
		if !slices.Contains(known, prompt) {
			return Refuse(InvalidRequest, "The prompt "+Quote(prompt)+" is unknown; there are "+list(known)+".")
		}
	}
	if a.Asks(PromptNone) && len(a.Prompt) > 1 {
		return Refuse(InvalidRequest, "The prompt none stands with others, which contradicts it (OpenID Connect Core section 3.1.2.1).")
	}
	if value := a.Form.Get("max_age"); value != "" {
		seconds, err := strconv.ParseInt(value, 10, 32)
		if err != nil || seconds < 0 {
			return Refuse(InvalidRequest, "The max_age "+Quote(value)+" is no number of seconds from 0 on.")
		}
		age := time.Duration(seconds) * time.Second
		a.MaxAge = &age
	}
	return nil
}

// judgeHints reads what is asked for and hinted at of the user.
func (e *Engine) judgeHints(ctx context.Context, a *Authorization) (refused *Error) {
	a.LoginHint, a.detail.Nonce = a.Form.Get("login_hint"), a.Form.Get("nonce")
	if a.detail.Claims, refused = parseClaims(a.Form.Get("claims")); refused != nil {
		return refused
	}
	if hint := a.Form.Get("id_token_hint"); hint != "" {
		claims, refused := e.ReadIDTokenHint(ctx, hint)
		if refused != nil {
			return refused
		}
		a.HintSubject = claims.Subject
	}
	switch subject := a.detail.Claims.Subject; { // OpenID Connect Core §3.1.2.2: nobody else will do
	case subject != "" && a.HintSubject != "" && subject != a.HintSubject:
		return Refuse("login_required", "The claims parameter and the id_token_hint ask for different users.")
	case subject != "":
		a.HintSubject = subject
	}
	return nil
}
