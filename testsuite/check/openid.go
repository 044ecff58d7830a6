package check

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// openIDConnect is OpenID Connect Core: what is asked for at the authorization
// endpoint, and the ID token that comes of it. UserInfo has a section of its own.
func openIDConnect() Section {
	return Section{Letter: "AC", Title: "OpenID Connect", Checks: slices.Concat(idTokens(), openIDRequests(), openIDRules())}
}

func idTokens() []Check {
	return []Check{
		Must("OC-01", "answers a code of a request with openid with an ID token", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §3.1.3.3", answersIDToken).
			If(AuthorizationCode, OpenID).Breaks(&fault.IDTokenOmitted, &fault.HMACWithClientSecret),
		Must("OC-02", "puts iss, sub, aud, exp and iat in an ID token, and signs it", "OpenID Connect Core §2; OpenID Connect Core §3.1.3.7", putsIDTokenClaims).
			If(AuthorizationCode, OpenID).Breaks(&fault.IDTokenForResource, &fault.AuthorizedPartyOther, &fault.WrongIssuer, &fault.ForeignKey, &fault.TimesAsStrings).Breaks(oddIDTokens()...),
		Must("OC-03", "returns the nonce as it came", "OpenID Connect Core §2; OpenID Connect Core §3.1.3.7", returnsNonce).
			If(AuthorizationCode, OpenID).Breaks(&fault.NonceOmitted, &fault.NonceFolded, &fault.WrongNonce),
		Must("OC-04", "serves a request without a nonce, and makes none up", "OpenID Connect Core §3.1.2.1", makesNoNonceUp).
			If(AuthorizationCode, OpenID).Breaks(&fault.NonceInvented, &fault.NonceRequired),
		Must("OC-05", "forbids caches to keep an ID token", "OpenID Connect Core §3.1.3.3", forbidsCachingIDToken).
			If(AuthorizationCode, OpenID).Breaks(&fault.Cacheable),
		Must("OC-06", "signs by RS256 where the client registered nothing else, and names its key among several", "OpenID Connect Core §15.1; OpenID Connect Core §10.1", signsByDefault).
			If(AuthorizationCode, OpenID, PublishedKeys).Breaks(&fault.IDTokenWithoutKeyID, &fault.UnknownKeyID, &fault.UnsignedTokens, &fault.SignatureInDER),
		May("OC-07", "puts the left half of the right hash in at_hash, if it puts any", "OpenID Connect Core §3.1.3.6", hashesAccessToken).
			If(AuthorizationCode, OpenID).Breaks(&fault.AccessTokenHashShort, &fault.AccessTokenHashOther),
	}
}

func openIDRequests() []Check {
	return []Check{
		Must("OC-08", "sends prompt=none back with login_required where nobody is logged in", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §3.1.2.6", refusesSilentLogin).
			If(AuthorizationCode, OpenID).Breaks(&fault.PromptIgnored, &fault.PromptNoneMiscoded),
		Must("OC-09", "serves prompt=none without a page to who is logged in and has consented", "OpenID Connect Core §3.1.2.1", servesSilently).
			If(AuthorizationCode, OpenID).Breaks(&fault.PromptNoneRefused),
		Must("OC-11", "asks for the login again by prompt=login", "OpenID Connect Core §3.1.2.1", asksLoginAgain).
			If(AuthorizationCode, OpenID).Breaks(&fault.PromptIgnored),
		Must("OC-12", "asks the user by prompt=consent and prompt=select_account, or says that it cannot", "OpenID Connect Core §3.1.2.1", asksAsPrompted).
			If(AuthorizationCode, OpenID).Breaks(&fault.PromptIgnored),
		Must("OC-13", "tells auth_time to max_age, and asks for no login that is young enough", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §2", keepsYoungLogin).
			If(AuthorizationCode, OpenID).Breaks(&fault.LoginTimeOmitted, &fault.MaxAgeAlwaysOver, &fault.IDTokenFromYesterday, &fault.LoginTimeLongPast),
		Must("OC-14", "asks for a login again that is older than max_age", "OpenID Connect Core §3.1.2.1", renewsOldLogin).
			If(AuthorizationCode, OpenID).Breaks(&fault.MaxAgeIgnored),
		Must("OC-15", "takes max_age=0 for prompt=login", "OpenID Connect Core §3.1.2.1", takesZeroAgeForLogin).
			If(AuthorizationCode, OpenID).Breaks(&fault.MaxAgeZeroIgnored),
		Should("OC-16", "refuses a max_age that is no number of seconds with invalid_request", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §3.1.2.6", refusesOddAge).
			If(AuthorizationCode, OpenID).Breaks(&fault.MaxAgeIgnored),
		Must("OC-17", "makes no error of display, ui_locales and claims_locales, whatever they say", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §15.1", toleratesPreferences).
			If(AuthorizationCode, OpenID).Breaks(&fault.PreferencesRefused),
		Must("OC-18", "makes no error of login_hint", "OpenID Connect Core §3.1.2.1", toleratesLoginHint).
			If(AuthorizationCode, OpenID).Breaks(&fault.PreferencesRefused),
		Should("OC-19", "makes no error of acr_values, and claims no acr that the login was not", "OpenID Connect Core §3.1.2.1; OpenID Connect Core §2", tellsTrueAuthenticationClass).
			If(AuthorizationCode, OpenID).Breaks(&fault.PreferencesRefused, &fault.AuthenticationClassOverstated),
		Should("OC-20", "sends prompt=none back where another user is logged in than id_token_hint says", "OpenID Connect Core §3.1.2.1", heedsIDTokenHint).
			If(AuthorizationCode, OpenID).Breaks(&fault.IDTokenHintIgnored, &fault.IDTokenForSeveralNamed, &fault.IDTokenSubjectLong, &fault.IDTokenTypedAccessToken, &fault.CriticalHeader),
		Must("OC-21", "stops a request with openid and without redirect_uri at a page", "OpenID Connect Core §3.1.2.1", demandsRedirectURI).
			If(AuthorizationCode, OpenID).Breaks(&fault.RedirectURIGuessed),
	}
}

func openIDRules() []Check {
	return []Check{
		Must("OC-22", "tells at userinfo what the scopes profile, email, address and phone ask for", "OpenID Connect Core §5.4", tellsScopeClaims).
			If(AuthorizationCode, OpenID, UserInfo).Breaks(&fault.ScopeClaimsUntold, &fault.ScopeClaimsInIDToken, &fault.EmailVerifiedAsString),
		Must("OC-23", "tells the claims that the claims parameter asks for", "OpenID Connect Core §5.5", tellsRequestedClaims).
			If(AuthorizationCode, OpenID, UserInfo, ClaimsParameter).Breaks(&fault.ClaimsParameterIgnored, &fault.PreferencesRefused),
		Must("OC-24", "refuses a malformed claims parameter with invalid_request", "OpenID Connect Core §5.5; OpenID Connect Core §3.1.2.6", refusesMalformedClaims).
			If(AuthorizationCode, OpenID, ClaimsParameter).Breaks(&fault.ClaimsParameterIgnored),
		Must("OC-25", "refuses a request for an ID token in the front channel that has no nonce", "OpenID Connect Core §3.2.2.1; OpenID Connect Core §3.3.2.11", demandsFrontChannelNonce).
			If(OpenID, IDTokenInFront).Because(noFrontChannel),
		Must("OC-26", "binds the access token of response_type=id_token token by at_hash", "OpenID Connect Core §3.2.2.9; OpenID Connect Core §3.2.2.10", bindsImplicitToken).
			If(OpenID, Implicit).Because(noFrontChannel),
		Must("OC-28", "names one issuer and one subject in both ID tokens of the hybrid flow", "OpenID Connect Core §3.3.3.6", agreesWithItselfInHybrid).
			If(OpenID, Hybrid).Because(noFrontChannel),
		Must("OC-29", "ignores offline_access in a request that asks for no code", "OpenID Connect Core §11", ignoresOfflineAccessWithoutCode).
			If(OpenID, Implicit, OfflineAccess).Because(noFrontChannel),
		Must("OC-30", "ignores offline_access that nobody is asked about", "OpenID Connect Core §11", ignoresOfflineAccessUnasked).
			If(AuthorizationCode, OpenID, OfflineAccess, Refresh).Breaks(&fault.OfflineAccessUnasked, &fault.OfflineAccessRefused),
		Must("OC-31", "tells the first login's iss, sub, aud and auth_time in a refreshed ID token, and a new iat", "OpenID Connect Core §12.2", tellsFirstLoginAtRefresh).
			If(AuthorizationCode, OpenID, Refresh).Breaks(&fault.LoginTimeWalks, &fault.IssueTimeStands, &fault.RefreshSubjectChanged, &fault.RefreshIssuerChanged),
		Should("OC-32", "puts no nonce in a refreshed ID token, or the first one", "OpenID Connect Core §12.2", putsNoNonceAtRefresh).
			If(AuthorizationCode, OpenID, Refresh).Breaks(&fault.NonceInvented),
		Must("OC-33", "knows a user by another sub in each sector, always the same there", "OpenID Connect Core §8.1", tellsPairwiseSubjects).
			If(AuthorizationCode, OpenID, Pairwise).Breaks(&fault.OneSubjectForAll, &fault.SubjectPerLogin),
		Must("OC-34", "sends request, request_uri and registration back as not supported where they are not", "OpenID Connect Core §3.1.2.6; OpenID Connect Core §6.1", refusesUnsupportedParameters).
			If(AuthorizationCode, OpenID).Breaks(&fault.RequestObjectIgnored),
		Must("OC-36", "brings the errors of the code flow in the query", "OpenID Connect Core §3.1.2.6", bringsErrorsInQuery).
			If(AuthorizationCode, OpenID).Breaks(&fault.ErrorsInFragment),
		Must("OC-37", "redeems no code over plain HTTP", "OpenID Connect Core §3.1.3; OpenID Connect Core §16.17", redeemsNothingOverPlainHTTP).
			If(AuthorizationCode, OpenID, TLS).Because("a plain connection to a TLS port ends before the provider's handler, where no fault acts; proven by TestRareChecksBite"),
		Should("OC-38", "lets an ID token live for minutes to hours", "OpenID Connect Core §2", limitsIDTokenLife).
			If(AuthorizationCode, OpenID).Breaks(&fault.IDTokenLivesOn, &fault.IDTokenBornDead),
		Must("OC-39", "knows each user by a sub of its own, of 255 ASCII characters at most", "OpenID Connect Core §2; OpenID Connect Core §5.7", tellsSubjects).
			If(AuthorizationCode, OpenID).Breaks(&fault.SubjectPerLogin, &fault.OneSubjectForAll, &fault.SubjectIsNumber),
	}
}

// noFrontChannel is why no fault breaks the checks of tokens in the front channel.
const noFrontChannel = "mockoauth has only codes in the front channel (RFC 9700 §2.1.2); proven by TestFrontChannelChecksBite"

// An authentication is a finished login by code.
type authentication struct {
	redirect Redirect
	tokens   Answer
	id       JWT // its signature is good
}

// authenticate logs a browser's user in for a client, by code. params are added
// to those of [T.AuthorizationURL], with the scope openid unless they have another.
func (t *T) authenticate(b *Browser, c Client, params url.Values) authentication {
	return t.authenticated(c, b.Authorize(c, openIDParams(params)))
}

// authenticated is the login that an authorization response of a client finishes.
func (t *T) authenticated(c Client, r Redirect) authentication {
	t.Expect(r).To(BeGranted())
	tokens := t.Redeem(c, r)
	t.Expect(tokens).To(BeToken())
	return authentication{r, tokens, t.idToken(tokens)}
}

// authenticateMain logs the main user in at a new browser, for the main client.
func (t *T) authenticateMain(params url.Values) authentication {
	return t.authenticate(t.Browser(t.User(Main)), t.Client(Main), params)
}

// openIDParams are the parameters of a request for authentication.
func openIDParams(params url.Values) url.Values {
	all := url.Values{"scope": {"openid"}}
	maps.Copy(all, params)
	return all
}

// idToken is the ID token of an answer, taken apart and verified.
func (t *T) idToken(tokens Answer) JWT {
	return verified(t, tokens.Text("id_token"), "the ID token", "the answer must have an ID token, a JWT in compact form:\n%s", tokens)
}

// asked counts the pages at which a user was asked something.
func (r Redirect) asked() int {
	pages := 0
	for _, page := range r.Pages {
		if page.Status == http.StatusOK {
			pages++
		}
	}
	return pages
}

// isLoggedIn tells whether the provider knows the user of a browser, without asking them.
func (t *T) isLoggedIn(b *Browser, c Client) bool {
	r := b.Authorize(c, openIDParams(url.Values{"prompt": {"none"}}))
	if r.Code() != "" {
		t.Expect(r).To(BeGranted())
		return true
	}
	t.Expect(r).To(BeSentBack("login_required", "interaction_required", "consent_required"))
	return r.Params.Get("error") == "consent_required"
}
